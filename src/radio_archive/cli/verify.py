"""``radio-archive verify``: is every stored byte still what it was?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.move_media import report
from radio_archive.cli.screen import Screen
from radio_archive.model import Kept, KeptFile

NAME = "verify"
EXAMPLE = example("radio-archive verify")

_AGAIN = "Renditions are made again by `radio-archive work`."
_ADD = "A recording is mended by adding its file again, or from a backup; then verify once more."


def run(home: Home = None, quiet: Quiet = False) -> None:
    """Read back every recording and rendition and compare it with its SHA-256.

    Reads from the folder or the store itself, never from copies, and prints one line for each file
    that is damaged or missing. Exits with 1 when there is one. A recording is mended by adding its
    file again. Renditions that are damaged or missing are made again by radio-archive work, where
    their recording is whole: the line `again` says so.
    """
    screen = Screen(is_quiet=quiet)
    advice: list[str] = []
    with open_home(home) as archive:
        is_fine = report(screen, _noting(archive.verify_media(), advice))
    for each in dict.fromkeys(advice):
        screen.note(each)
    if not is_fine:
        raise typer.Exit(1)


def _noting(files: Iterable[KeptFile], advice: list[str]) -> Iterator[KeptFile]:
    """The same files; what is to be done about them is added to ``advice``."""
    for each in files:
        if each.outcome is Kept.AGAIN:
            advice.append(_AGAIN)
        elif not each.is_fine and each.name.startswith("recordings/"):
            advice.append(_ADD)
        yield each
