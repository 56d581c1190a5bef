"""``radio-archive dossiers``: collections on a theme, listed and taken away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from radio_archive.cli.command import ArchiveCommand, AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain

app = typer.Typer(
    help="Collections on a theme, made by editors on the web site.",
    epilog=example(
        "radio-archive dossiers list",
        "radio-archive dossiers export le-crime-organise-au-mali --format docx -o dossier.docx",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

_SITE = "http://127.0.0.1:8000"
"""Where ``radio-archive serve`` listens as it comes."""


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive dossiers list"))
def list_dossiers(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show every dossier, private ones included: what changed last first."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home, may_lag=True) as archive:
        found = archive.dossiers.all(is_editor=True)
    if as_json:
        rows = [
            {
                "slug": each.slug,
                "title": each.title,
                "is_public": each.is_public,
                "entries": each.entries,
                "changed_at": f"{each.changed_at:%Y-%m-%dT%H:%M:%SZ}",
                "changed_by": each.changed_by,
            }
            for each in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in found:
        state = "public" if each.is_public else "private"
        facts = (each.slug, state, f"{each.entries} entries", each.title)
        screen.line("  ".join(plain(fact) for fact in facts))
    if not found:
        screen.note("There is no dossier yet: editors make them at /dossiers.")


@app.command(
    "export",
    cls=ArchiveCommand,
    epilog=example(
        "radio-archive dossiers export le-crime-organise-au-mali --format html -o dossier.html"
    ),
)
def export(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The end of its address.")],
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="html, docx, csv or m3u.")
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Default: standard output."),
    ] = None,
    site: Annotated[
        str,
        typer.Option(metavar="URL", help="Address of the web site, which links begin with."),
    ] = _SITE,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Write a dossier as a page, a document, a table or a play list.

    Sound and documents stay on the web site: the file links to them.
    """
    with open_home(home, may_lag=True) as archive:
        written = archive.dossiers.export(slug, format_name, site, is_editor=True)
    if output is None:
        typer.echo(written.content, nl=False)
        return
    output.write_bytes(written.content)
    Screen(is_quiet=quiet).note(f"{output}: {len(written.content)} bytes")
