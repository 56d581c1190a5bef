"""``radio-archive backup``: the archive in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, load_settings
from radio_archive.cli.screen import Screen

NAME = "backup"
EXAMPLE = example(
    "radio-archive backup /mnt/usb/archive-2026-11-25.zip",
    "radio-archive backup /mnt/usb/whole.zip --with-media",
)


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; a new one.")],
    with_media: Annotated[
        bool, typer.Option("--with-media", help="Recordings and renditions too.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Write the catalogue of this moment into one file, while everything goes on.

    It holds broadcasts, every version of every transcript, corrections, editors with their hashed
    passwords, the table of names, and the settings without keys, passwords and places; with
    --with-media the sound as well. The index is made anew by `restore`. Each file is listed with
    its SHA-256, and the backup is seen only when it is whole.
    """
    from radio_archive.archive import back_up

    screen = Screen(is_quiet=quiet)
    done = back_up(load_settings(home), file, with_media=with_media, on_file=screen.note)
    screen.line(
        f"{file}: {done.broadcasts:,} broadcasts, {len(done.files):,} files, "
        f"{done.size_bytes / 1e6:,.1f} MB unpacked"
    )
    for name in done.damaged:
        screen.error(f"{name} is damaged in the archive, and not in the backup")
    if done.damaged:
        raise typer.Exit(1)
