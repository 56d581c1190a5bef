"""``radio-archive reindex``: rebuild the search index from the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen

NAME = "reindex"
EXAMPLE = example("radio-archive reindex", "radio-archive reindex --if-needed")


def run(
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="auto, whoosh, tantivy or postgresql. Default: as the settings say.",
        ),
    ] = None,
    if_needed: Annotated[
        bool,
        typer.Option("--if-needed", help="Only when it is missing, damaged, outdated or to move."),
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Rebuild the search index from the catalogue and swap it in.

    Everything under index/ can be deleted at any time; this brings it back. Searching goes on
    meanwhile.
    """
    screen = Screen(is_quiet=quiet)
    with open_home(home) as archive:
        count = archive.reindex(engine=engine, if_needed=if_needed)
    if count is None:
        screen.note("The index is as it should be.")
    else:
        screen.line(f"{count} passages indexed")
