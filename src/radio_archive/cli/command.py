"""What every command has in common: options, how it opens the archive, how it fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from radio_archive.answers import error_answer
from radio_archive.cli.logs import log_to_stderr
from radio_archive.cli.screen import json_text
from radio_archive.errors import BadInput, RadioArchiveError, StorageError
from radio_archive.model.text import is_readable, readable
from radio_archive.settings import Settings

if TYPE_CHECKING:
    from radio_archive.archive import Archive

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Folder that holds media/, index/ and radio-archive.toml. "
        "Default: the current directory.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
AsJsonLines = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

#: commands that run for days: when something was logged is asked later
_SERVICES = ("serve", "work")

#: the parameter of ``add`` whose texts may be names of files
_SOURCES = "targets"


def example(*lines: str) -> str:
    """The closing part of a command's help: lines shown as they are."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def load_settings(home: Path | None) -> Settings:
    """Read the settings of a home folder, the environment included.

    Raises:
        BadSettings: a key nobody knows, or a value of the wrong type.
    """
    return Settings.load(os.environ, home)


@contextmanager
def open_home(home: Path | None, *, may_lag: bool = False, **changes: Any) -> Iterator[Archive]:
    """Open the archive of a home folder while a command runs.

    Args:
        home: ``--home``; None takes the environment's, else the current directory.
        may_lag: whether the replica of the catalogue will do while that is away; for those who
            only read.
        changes: settings the command line gives itself.
    """
    from radio_archive.archive import open_archive

    with open_archive(replace(load_settings(home), **changes), may_lag=may_lag) as archive:
        yield archive


def _refuse_undecoded(params: Mapping[str, Any]) -> None:
    """Refuse texts that are not UTF-8, which nothing behind a command can keep or look for.

    Names of files, the sources of ``add`` among them, may hold any bytes.

    Raises:
        BadInput: one of the texts is not UTF-8.
    """
    for name, value in params.items():
        if name == _SOURCES:
            continue
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and not is_readable(text):
                raise BadInput(
                    f"{readable(text)} is not UTF-8.", hint="Type it in a terminal set to UTF-8."
                )


class ArchiveCommand(TyperCommand):
    """A command whose known failures are one line, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit 1 with one line when it fails in a way we know."""
        log_to_stderr(with_time=ctx.info_name in _SERVICES)
        try:
            _refuse_undecoded(ctx.params)
            return super().invoke(ctx)
        except RadioArchiveError as error:
            known = error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader has had enough: not a failure to report
                raise
            known = StorageError(f"{error.filename or 'A file'}: {error.strerror or error}.")
        if ctx.params.get("as_json"):
            typer.echo(json_text(error_answer(known)))
        typer.echo(f"error: {readable(' '.join(str(known).split()))}", err=True)
        raise typer.Exit(1)
