"""``radio-archive add``: files, folders and addresses become broadcasts."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.cli.command import AsJsonLines, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen

NAME = "add"
EXAMPLE = example(
    "radio-archive add journal-2015-03-12.mp3 --programme journal --language fr",
    "radio-archive add recordings/ --language bm",
    "radio-archive add https://example.org/debate.mp3 --guests 'Awa Traoré; Issa Keïta'",
)


def run(
    targets: Annotated[
        list[str], typer.Argument(metavar="PATH-OR-URL", help="Files, folders or addresses.")
    ],
    programme: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Programme they belong to.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Language spoken in them: fr, bm, ffm ...")
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Title.")] = None,
    aired_at: Annotated[
        str | None, typer.Option(metavar="ISO8601", help="When it was on air: 2014-10-16T17:00Z.")
    ] = None,
    guests: Annotated[
        str, typer.Option(metavar="'A; B'", help="Who was invited, separated by semicolons.")
    ] = "",
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Take broadcasts in: files, folders, sound addresses, pages and feeds.

    Prints one line per broadcast, its id first. Adding the same thing again changes nothing.
    Goes on after a failure and then exits with 1.
    """
    from radio_archive.archive import AddOptions

    screen = Screen(is_quiet=quiet, as_json=as_json)
    options = AddOptions(
        programme=programme,
        language=language,
        title=title,
        aired_at=aired_at,
        guests=tuple(guest.strip() for guest in guests.split(";") if guest.strip()),
    )
    with open_home(home) as archive:
        firsts: dict[str, str] = {}
        results = []
        for result in archive.add(targets, options):
            results.append(screen.taken_in(result))
            first = firsts.setdefault(result.broadcast_id or result.item, result.item)
            if first != result.item:
                screen.note(f"{result.item}: the same sound as {first}, held once.")
    if not results:
        screen.note("Nothing to add was found there.")
    if not all(results):
        raise typer.Exit(1)
