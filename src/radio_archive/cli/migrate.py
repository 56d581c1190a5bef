"""``radio-archive migrate``: the catalogue, moved to another database."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

from radio_archive.answers import move_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, load_settings
from radio_archive.cli.screen import Screen
from radio_archive.model import CatalogueMove
from radio_archive.settings import ENVIRONMENT_PREFIX, FILE_NAME, Settings, write_setting

NAME = "migrate"
EXAMPLE = example(
    "radio-archive migrate --to postgresql://archive@localhost/archive --switch",
    "radio-archive migrate --to sqlite:///media/catalogue.sqlite",
)

#: seconds between two lines about one table
_INTERVAL_S = 5.0

_VARIABLE = f"{ENVIRONMENT_PREFIX}DATABASE_URL"


def run(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="ADDRESS",
            help="postgresql://USER@HOST/NAME of an empty database, or sqlite:///PATH.",
        ),
    ],
    verify_only: Annotated[
        bool, typer.Option("--verify-only", help="Copy nothing; compare the two, row by row.")
    ] = False,
    switch: Annotated[
        bool, typer.Option("--switch", help=f"Write the new address into {FILE_NAME}.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Move the whole catalogue to another database, from SQLite to PostgreSQL or back.

    Stop every worker and every serve first: one that runs keeps to the old catalogue. All of it
    arrives, or nothing: broken off anywhere, start it again. The old catalogue stays as it is.
    Sound and index stay where they are. Prints each table with its rows, and the line to write
    into radio-archive.toml.
    """
    from radio_archive.archive import compare_catalogues, move_catalogue

    screen = Screen(is_quiet=quiet, as_json=as_json)
    settings = load_settings(home)
    if verify_only:
        done = compare_catalogues(settings, to)
    else:
        done = move_catalogue(settings, to, _Progress(screen))
    if as_json:
        screen.document(move_answer(done))
    _show(screen, done)
    if done.differences:
        raise typer.Exit(1)
    if not verify_only:
        _switch(screen, settings, done.address if to.startswith("sqlite") else to, switch)


class _Progress:
    """A line when a table begins, and now and then while it is copied."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._said: float = 0.0

    def __call__(self, table: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done and now - self._said < _INTERVAL_S:
            return
        self._said = now
        if total:
            self._screen.note(f"{table}: {done:,} of {total:,} rows")


def _show(screen: Screen, done: CatalogueMove) -> None:
    for ours, other in zip(done.here, done.there, strict=True):
        same = "same" if ours == other else f"DIFFERENT: {other.rows:,} rows there"
        screen.line(f"{ours.name:18}  {ours.rows:>12,} rows  {same}")
    if done.replaced:
        screen.note(
            f"{done.replaced} texts held the character U+0000, which PostgreSQL does not take; "
            "U+FFFD stands in its place."
        )


def _switch(screen: Screen, settings: Settings, address: str, is_wanted: bool) -> None:
    if is_wanted:
        write_setting(settings.home, "database_url", address)
        screen.note(f"{FILE_NAME} names the new catalogue now.")
        screen.note("Restart serve and every worker now: a running one keeps to the old catalogue.")
        if os.environ.get(_VARIABLE):
            screen.error(
                f"{_VARIABLE} still wins over {FILE_NAME}: nothing uses the new catalogue yet. "
                "Write the new address there, or remove it."
            )
            raise typer.Exit(1)
        return
    from radio_archive.databases import with_placeholder

    screen.note(f"To use it, write into {FILE_NAME}, before the first line in brackets:")
    screen.line(f'database_url = "{with_placeholder(address)}"')
