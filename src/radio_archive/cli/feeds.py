"""``radio-archive feeds``: the feeds the station follows."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.answers import feed_answer
from radio_archive.cli.command import ArchiveCommand, AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain

app = typer.Typer(
    help="The feeds the station follows.", no_args_is_help=True, rich_markup_mode=None
)

Address = Annotated[str, typer.Argument(metavar="URL", help="Address of the feed.")]


@app.command(
    "add",
    cls=ArchiveCommand,
    epilog=example(
        "radio-archive feeds add https://example.org/journal.xml --programme journal --language fr"
    ),
)
def add(
    url: Address,
    programme: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Programme its broadcasts belong to.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Language spoken in them.")
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Follow a feed; `radio-archive sync` reads it."""
    screen = Screen(is_quiet=quiet)
    with open_home(home) as archive:
        feed = archive.add_feed(url, programme, language)
    screen.line(plain(feed.url))
    screen.note("It is read by: radio-archive sync")


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive feeds list"))
def list_feeds(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show the feeds, when each was read last, and what went wrong with it."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        feeds = archive.feeds()
    if as_json:
        screen.document([feed_answer(feed) for feed in feeds])
    for feed in feeds:
        read = f"{feed.last_synced_at:%Y-%m-%d %H:%M}" if feed.last_synced_at else "never read"
        facts = (feed.url, feed.programme or "-", feed.language or "-", read, feed.last_error)
        screen.line("  ".join(plain(fact) for fact in facts if fact))
    if not feeds:
        screen.note("There is no feed yet. Add one: radio-archive feeds add URL")


@app.command(
    "remove",
    cls=ArchiveCommand,
    epilog=example("radio-archive feeds remove https://example.org/journal.xml"),
)
def remove(url: Address, home: Home = None, quiet: Quiet = False) -> None:
    """Stop following a feed; its broadcasts stay."""
    with open_home(home) as archive:
        archive.remove_feed(url)
    Screen(is_quiet=quiet).note(f"{url} is no longer followed; its broadcasts stay.")
