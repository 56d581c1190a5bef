"""``radio-archive verify``: is every stored byte still what it was?"""

from __future__ import annotations

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.move_media import report
from radio_archive.cli.screen import Screen

NAME = "verify"
EXAMPLE = example("radio-archive verify")


def run(home: Home = None, quiet: Quiet = False) -> None:
    """Read back every recording and rendition and compare it with its SHA-256.

    Reads from the folder or the store itself, never from copies, and prints one line for each file
    that is damaged and each recording that is missing. Exits with 1 when there is one. A recording
    is mended by adding its file again.
    """
    screen = Screen(is_quiet=quiet)
    with open_home(home) as archive:
        is_fine = report(screen, archive.verify_media())
    if not is_fine:
        raise typer.Exit(1)
