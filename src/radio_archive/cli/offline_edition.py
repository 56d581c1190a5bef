"""``radio-archive offline-edition``: a folder of pages and sound that needs no network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain
from radio_archive.errors import BadInput
from radio_archive.languages.registry import normalise_tag
from radio_archive.model.editions import EditionCheck, EditionWish

NAME = "offline-edition"
EXAMPLE = example(
    "radio-archive offline-edition /mnt/usb/octobre --language bm --month 2014-10",
    "radio-archive offline-edition /mnt/usb/octobre --max-size 4GB --dry-run",
    "radio-archive offline-edition /mnt/usb/octobre --check",
)

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where it is, or is to be.")]
Language = Annotated[
    str | None, typer.Option("--language", "-l", metavar="TAG", help="Only this language.")
]
Month = Annotated[
    str | None, typer.Option("--month", metavar="YYYY-MM", help="Only what was aired then.")
]
Sound = Annotated[
    str,
    typer.Option(
        "--audio",
        help="`low` (Opus, 16 kbit/s), `opus` (24 kbit/s), `mp3` (48 kbit/s), or `none`.",
    ),
]
Interface = Annotated[str, typer.Option("--interface", help="Language of the pages: `fr` or `en`.")]
Licence = Annotated[
    str, typer.Option("--licence", metavar="TEXT", help="On what terms it may be used.")
]
MaxSize = Annotated[
    str | None, typer.Option("--max-size", metavar="SIZE", help="700MB, 4GB: the newest are kept.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how large it would be.")]
IsChecking = Annotated[
    bool, typer.Option("--check", help="Make nothing; look whether it is whole and signed.")
]
Key = Annotated[
    str, typer.Option("--key", metavar="BASE64", help="With --check: the station's key.")
]


def run(
    folder: Folder,
    language: Language = None,
    month: Month = None,
    audio: Sound = "low",
    interface: Interface = "fr",
    licence: Licence = "",
    max_size: MaxSize = None,
    dry_run: DryRun = False,
    is_checking: IsChecking = False,
    key: Key = "",
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Make a folder of pages, small sound and a search, for partner radios without a network.

    It opens from a USB stick or a card in any browser: index.html. A second run adds what is new
    and takes out what was withdrawn. Prints the size before it begins, and the public key that the
    manifest is signed with; tell it to those who get the edition, for --check --key.
    """
    screen = Screen(is_quiet=quiet)
    if is_checking:
        _check(screen, folder, key)
        return
    wish = EditionWish(
        language=None if language is None else normalise_tag(language),
        month=month,
        sound=None if audio == "none" else audio,
        interface=interface,
        licence=licence,
        max_bytes=_bytes_of(max_size),
    )
    with open_home(home) as archive:
        plan = archive.offline_edition.plan(wish)
        screen.line(f"{len(plan.items):,} broadcasts, at most {plan.size_bytes / 1e6:,.1f} MB")
        if plan.left_out:
            screen.note(f"{plan.left_out:,} older broadcasts are left out: more than --max-size")
        if dry_run:
            return
        done = archive.offline_edition.make(folder, wish, plan)
    screen.line(
        f"{folder}: {done.size_bytes / 1e6:,.1f} MB, {done.added:,} new or changed, "
        f"{done.removed:,} taken out"
    )
    screen.line(f"public key: {done.public_key}")


def _check(screen: Screen, folder: Path, key: str) -> None:
    from radio_archive.archive import check_edition

    found: EditionCheck = check_edition(folder, key)
    for problem in found.problems:
        screen.error(plain(problem))
    if found.problems:
        raise typer.Exit(1)
    screen.line(f"whole: {len(found.files):,} files, signed with {found.public_key}")
    if not key:
        screen.note("compare this key with the one that the station told you, or give --key")


def _bytes_of(text: str | None) -> int | None:
    """``4GB`` in bytes.

    Raises:
        BadInput: it is no size.
    """
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text[:40]!r} is no size.", hint="Write 700MB or 4GB.")
    return int(float(found[1]) * _UNITS[found[2].lower()])
