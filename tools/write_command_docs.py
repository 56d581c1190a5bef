"""Writes ``docs/commands.md`` from the commands' own help, so that the two never differ.

python -m tools.write_command_docs
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from radio_archive.cli import app

TARGET = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 88

HEADER = """# Commands

Written by `make docs` from each command's own `--help`; a test compares the two.

- Data goes to standard output, progress and notes to standard error; `--quiet` leaves those out.
- The exit status is 0 only when all of it worked, 1 when something failed, 2 when the command was
  not understood. Commands that take many things go on after a failure.
- `--home DIR` is the folder that holds `media/`, `index/` and `radio-archive.toml`.
- `--json` gives one JSON document; `add`, `sync`, `work` and `export` give one object per line.
- Every setting can also come from the environment: [settings.md](settings.md).
"""


def commands() -> Iterator[tuple[str, str]]:
    """Each command as it is typed, and its help."""
    yield from _walk(typer.main.get_command(app), "radio-archive", None)


def _walk(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    context = command.context_class(command, info_name=name, parent=parent, terminal_width=WIDTH)
    full_name = f"{parent.command_path} {name}" if parent else name
    yield full_name, command.get_help(context).rstrip()
    for child_name, child in getattr(command, "commands", {}).items():
        yield from _walk(child, child_name, context)


def render() -> str:
    """The whole page."""
    sections = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in commands()]
    return "\n".join((HEADER, *sections))


def main() -> None:
    """Write the page."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
