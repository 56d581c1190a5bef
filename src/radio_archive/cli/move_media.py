"""``radio-archive move-media``: recordings from the folder to a store, or back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, counted
from radio_archive.model import Kept, KeptFile

NAME = "move-media"
EXAMPLE = example(
    "radio-archive move-media --to s3://recordings/studio",
    "radio-archive move-media --to s3://recordings/studio --delete",
    "radio-archive move-media --to folder",
)


def run(
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="s3://BUCKET/PREFIX, or folder: media/.")
    ],
    delete: Annotated[
        bool,
        typer.Option("--delete", help="Read back what was copied, then remove it where it was."),
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Copy recordings and renditions to another place, reading each one back there.

    Changes no setting and deletes nothing unless asked. Stopped or killed, it goes on where it was
    when it is run again. The archive can be used meanwhile; run it once more after media_url was
    changed, for what came in since. Exits with 1 when a file is damaged where it comes from.
    """
    screen = Screen(is_quiet=quiet)
    target = "" if to == "folder" else to
    with open_home(home) as archive:
        is_fine = report(screen, archive.move_media(target, is_deleting=delete))
    if not is_fine:
        raise typer.Exit(1)


def report(screen: Screen, files: Iterable[KeptFile]) -> bool:
    """One line for each file of which there is something to say; returns whether all are fine."""
    counts: Counter[str] = Counter()
    is_fine = True
    for each in files:
        counts[each.outcome] += 1
        is_fine = is_fine and each.is_fine
        if each.outcome is not Kept.HELD:
            screen.line(f"{each.outcome:8}  {each.name}  {each.size_bytes:,} bytes")
    screen.note(f"{counted(counts)}.")
    return is_fine
