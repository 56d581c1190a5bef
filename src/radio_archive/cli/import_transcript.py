"""``radio-archive import-transcript``: a transcript that others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from radio_archive.answers import import_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.glossary import described
from radio_archive.cli.screen import Screen, clock, plain
from radio_archive.model import EntryState, ImportedTrack, TranscriptImport

#: names learnt that are shown; the rest is counted
_SHOWN = 5

NAME = "import-transcript"
EXAMPLE = example(
    "radio-archive import-transcript 0f3a9c1d2b4e5f60 debate.vtt",
    "radio-archive import-transcript 0f3a9c1d2b4e5f60 griots.srt --language bm+fr",
    "radio-archive import-transcript 0f3a9c1d2b4e5f60 english.srt -l en --kind translation",
)


def run(
    broadcast: Annotated[str, typer.Argument(metavar="BROADCAST", help="Id of the broadcast.")],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="WebVTT, SubRip, Whisper JSON, STM, ELAN, TextGrid, timed text."
        ),
    ],
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            "-l",
            metavar="TAG",
            help="Language of the text; bm+fr for cues with a line in each. "
            "Default: the broadcast's.",
        ),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="vtt, srt, json, stm, eaf, textgrid or txt. Default: the end of the file's name.",
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="imported (what was said) or translation.")
    ] = "imported",
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Such as cp1252 or utf-16. Default: recognised."),
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Import a transcript that others wrote.

    In the broadcast's language it becomes the current transcript, and no machine replaces it; in
    another, a track beside it. Names that it corrects in what the machine wrote before go into the
    glossary. Nothing is stored when anything is wrong. Prints one line, the broadcast's id first;
    what was mended, left out or learnt is said on standard error.
    """
    from radio_archive.archive import ImportOptions

    screen = Screen(is_quiet=quiet, as_json=as_json)
    options = ImportOptions(
        language=language, format_name=format_name, kind=kind, encoding=encoding
    )
    with open_home(home) as archive:
        result = archive.import_transcript(broadcast, file, options)
    _show(screen, result)


def _show(screen: Screen, result: TranscriptImport) -> None:
    if screen.as_json:
        screen.document(import_answer(result))
    tracks = "; ".join(_described(track) for track in result.tracks)
    screen.line(f"{result.broadcast_id}  {result.outcome:9}  {tracks}  {plain(result.title)}")
    for note in (*result.notes, *_lesson(result)):
        screen.note(note)
    if not result.is_searchable:
        screen.note("It can be searched after the next `radio-archive work`.")


def _lesson(result: TranscriptImport) -> Iterator[str]:
    """What it taught, in one sentence, if it did."""
    entries = [entry for entry in result.learnt if entry.state is not EntryState.REFUSED]
    if entries:
        shown = ", ".join(described(entry) for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
        names = f"{len(entries)} names" if len(entries) > 1 else "1 name"
        yield f"{names} learnt: {shown}{more}. See `radio-archive glossary list`."


def _described(track: ImportedTrack) -> str:
    role = "current" if track.is_current else track.kind.value
    return f"{track.language} {role}, {track.segments} segments to {clock(track.end_ms)}"
