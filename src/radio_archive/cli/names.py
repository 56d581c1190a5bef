"""``radio-archive names``: the names search knows, and whether the station's table is in order."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from radio_archive.answers import name_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain
from radio_archive.languages.names import Form, Name

NAME = "names"
EXAMPLE = example(
    "radio-archive names",
    "radio-archive names tumutu",
    "radio-archive names --check",
)


def run(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="Only names that hold these letters in some form."),
    ] = None,
    is_check: Annotated[
        bool, typer.Option("--check", help="Only say whether names.tsv is in order.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """List every name with its other names, those of the station's names.tsv included.

    Exits with 1 and names the line when names.tsv cannot be read.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        names = archive.names()
    shown = [name for name in names if text is None or _holds(name, text)]
    if as_json:
        answers = [] if is_check else [name_answer(name) for name in shown]
        typer.echo(json.dumps(answers, ensure_ascii=False, indent=2))
    elif not is_check:
        for name in shown:
            screen.line(_line(name))
    forms = sum(len(name.forms) for name in shown)
    screen.note(f"Names: {len(shown)}, forms: {forms}.")


def _holds(name: Name, text: str) -> bool:
    return any(text.casefold() in form.text.casefold() for form in name.forms)


def _line(name: Name) -> str:
    others = ", ".join(_written(form) for form in name.forms[1:])
    return plain(f"{name.kind:20}  {name.name}{f': {others}' if others else ''}")


def _written(form: Form) -> str:
    return f"{form.text} [{form.language}]" if form.language else form.text
