"""``radio-archive export``: a transcript for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from radio_archive.cli.command import AsJsonLines, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen
from radio_archive.model import LanguageTag, TranscriptKind

NAME = "export"
EXAMPLE = example(
    "radio-archive export 0f3a9c1d2b4e5f60 --format srt -o debate.srt",
    "radio-archive export 0f3a9c1d2b4e5f60 --format docx -o debate.docx",
)


def run(
    broadcast: Annotated[str, typer.Argument(metavar="BROADCAST", help="Id of the broadcast.")],
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="vtt, srt, txt, json, docx, csv, xlsx, eaf or textgrid.",
        ),
    ] = "txt",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Default: standard output."),
    ] = None,
    kind: Annotated[
        TranscriptKind | None, typer.Option(help="Which version. Default: the current one.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Language of the version.")
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Write a broadcast's transcript as subtitles, text, a document, a table or JSON.

    With --json the transcript goes to a file (-o, or a name made of id and language) and one
    object that says which goes to standard output.
    """
    from radio_archive.archive import TranscriptChoice

    screen = Screen(is_quiet=quiet, as_json=as_json)
    choice = TranscriptChoice(
        kind=kind, language=None if language is None else LanguageTag(language)
    )
    with open_home(home, may_lag=True) as archive:
        written = archive.export(broadcast, format_name, choice)
    if output is None and not as_json:
        typer.echo(written.content, nl=False)
        return
    target = output or Path(written.file_name)
    target.write_bytes(written.content)
    screen.json_line(
        {
            "id": broadcast,
            "format": format_name,
            "file": str(target),
            "media_type": written.media_type,
            "size_bytes": len(written.content),
        }
    )
    screen.note(f"{target}: {len(written.content)} bytes")
