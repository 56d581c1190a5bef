"""``radio-archive transcribe-again``: have a machine write down again what has a text."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen
from radio_archive.cli.withdraw import who
from radio_archive.errors import BadInput

NAME = "transcribe-again"
EXAMPLE = example(
    "radio-archive transcribe-again 0f3a9c1d2b4e5f60",
    "radio-archive transcribe-again --older-recipe --dry-run",
    "radio-archive transcribe-again --engine faster-whisper/base",
)


def run(
    broadcasts: Annotated[
        list[str] | None, typer.Argument(metavar="[BROADCAST]...", help="Ids of broadcasts.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="NAME", help="All that this engine wrote."),
    ] = None,
    older_recipe: Annotated[
        bool, typer.Option("--older-recipe", help="All that an earlier recipe wrote.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print the ids; ask for nothing.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Have broadcasts transcribed again, with the engine and the recipe of today.

    `radio-archive work` does it. What people wrote or checked is never overwritten: their text
    stays, single sentences of theirs are kept in the new one, and the machine's new text is kept
    beside it with its differences in the history. --engine and --older-recipe leave out what people
    imported or went through as a whole. Prints the ids.
    """
    screen = Screen(is_quiet=quiet)
    if bool(broadcasts) == bool(engine or older_recipe):
        raise BadInput(
            "Either ids are needed, or --engine or --older-recipe.",
            hint="`radio-archive transcribe-again --help` shows examples.",
        )
    with open_home(home) as archive:
        again = archive.transcribing_again
        ids = broadcasts or again.outdated(engine=engine, older_recipe=older_recipe)
        new = 0 if dry_run else again.ask(ids, who())
    for each in ids:
        screen.line(each)
    if not dry_run:
        screen.note(f"{new:,} are to be transcribed again; `radio-archive work` does it")
