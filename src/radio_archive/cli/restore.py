"""``radio-archive restore``: an archive made anew from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, load_settings, open_home
from radio_archive.cli.screen import Screen

NAME = "restore"
EXAMPLE = example("radio-archive restore /mnt/usb/archive-2026-11-25.zip --home ~/radio")


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put aside an archive that is there, under another name."),
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Make an archive from a backup, in an empty home folder.

    Everything is compared with its SHA-256 first: a damaged backup restores nothing, and one that
    is broken off leaves the home as it was. Settings that are there stay. Stop every worker and
    server of the home before. The index is then built from the catalogue.
    """
    from radio_archive.archive import restore

    screen = Screen(is_quiet=quiet)
    told = restore(load_settings(home), file, is_replacing=replace, on_file=screen.note)
    screen.line(f"{told.broadcasts:,} broadcasts as of {told.made_at}, {len(told.files):,} files")
    if not told.has_media:
        screen.note("the backup holds no sound: copy media/ back too, then `radio-archive verify`")
    screen.note("building the index")
    with open_home(home) as archive:
        screen.line(f"{archive.reindex() or 0:,} passages indexed")
