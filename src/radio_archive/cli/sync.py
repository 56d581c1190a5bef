"""``radio-archive sync``: read feeds and watched folders."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.cli.command import AsJsonLines, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen

NAME = "sync"
EXAMPLE = example("radio-archive sync --dry-run", "radio-archive sync")


def run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be taken in; change nothing.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Read the feeds and watched folders into the catalogue.

    Prints one line per broadcast, its id first. Goes on after a failure and then exits with 1.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        if not archive.feeds() and not archive.settings.watched_folders:
            screen.note(
                "There is no feed and no watched folder yet. Add one: radio-archive feeds add URL"
            )
        results = [screen.taken_in(result) for result in archive.sync(dry_run=dry_run)]
    if not all(results):
        raise typer.Exit(1)
