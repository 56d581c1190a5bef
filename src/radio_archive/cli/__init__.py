"""The command line: one file per command, all over one ``Archive``.

Data goes to standard output, everything else to standard error; the exit status is 0 only when all
of it worked, 1 when something failed, 2 when the command was not understood. Nothing heavy is
imported until a command needs it.
"""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive import __version__
from radio_archive.cli import (
    add,
    alerts,
    backup,
    demo,
    doctor,
    dossiers,
    editors,
    evaluate,
    export,
    feeds,
    glossary,
    import_transcript,
    migrate,
    models,
    move_media,
    names,
    offline_edition,
    reindex,
    restore,
    search,
    serve,
    status,
    sync,
    transcribe_again,
    verify,
    voices,
    withdraw,
    work,
)
from radio_archive.cli.command import ArchiveCommand, example

__all__ = ["app", "main"]

app = typer.Typer(
    name="radio-archive",
    help="A searchable sound archive: broadcasts in, transcripts by language, "
    "hits at the exact moment.",
    epilog=example("radio-archive demo", "radio-archive search 'crime organisé'"),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_COMMANDS = (
    demo,
    add,
    sync,
    work,
    search,
    serve,
    import_transcript,
    export,
    evaluate,
    transcribe_again,
    reindex,
    names,
    voices,
    withdraw,
    migrate,
    status,
    doctor,
    verify,
    move_media,
    backup,
    restore,
    offline_edition,
)

for _module in _COMMANDS:
    app.command(_module.NAME, cls=ArchiveCommand, epilog=_module.EXAMPLE)(_module.run)
app.add_typer(feeds.app, name="feeds")
app.add_typer(models.app, name="models")
app.add_typer(glossary.app, name="glossary")
app.add_typer(editors.app, name="editors")
app.add_typer(dossiers.app, name="dossiers")
app.add_typer(alerts.app, name="alerts")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"radio-archive {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A searchable sound archive: broadcasts in, hits at the exact moment."""


def main() -> None:
    """Run the command line; the entry point ``radio-archive``."""
    app()
