"""What a command says, and where: data on standard output, the rest on standard error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typer

from radio_archive.answers import Answer, ingest_answer
from radio_archive.model import IngestResult, Outcome
from radio_archive.model.text import readable

# Titles and texts come from outside: they may neither steer the terminal nor break a line.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def plain(text: str) -> str:
    """Text on one line, without control characters."""
    return _CONTROLS.sub(" ", readable(text))


def json_text(answer: Answer | Sequence[Answer], indent: int | None = None) -> str:
    """Data as JSON that can be written as UTF-8; on one line unless it is indented."""
    return readable(json.dumps(answer, ensure_ascii=False, indent=indent))


def clock(time_ms: int) -> str:
    """A moment as people write it: ``12:34``, ``1:02:03``."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The two streams of one command."""

    is_quiet: bool = False  #: notes are left out; errors never are
    as_json: bool = False  #: data is JSON; lines for people go nowhere

    def line(self, text: str) -> None:
        """One line of data for people; left out when the data is JSON."""
        if not self.as_json:
            typer.echo(readable(text))

    def document(self, answer: Answer | Sequence[Answer]) -> None:
        """One JSON document, laid out to be read."""
        typer.echo(json_text(answer, indent=2))

    def json_line(self, answer: Answer) -> None:
        """One JSON object on one line; left out when the data is for people."""
        if self.as_json:
            typer.echo(json_text(answer))

    def note(self, text: str) -> None:
        """Something good to know, on standard error; nothing with ``--quiet``."""
        if not self.is_quiet:
            typer.echo(plain(text), err=True)

    def error(self, text: str) -> None:
        """Something that failed, on standard error."""
        typer.echo(f"error: {plain(text)}", err=True)

    def taken_in(self, result: IngestResult) -> bool:
        """Report one result of taking in; returns whether it went well."""
        self.json_line(ingest_answer(result))
        if result.outcome is Outcome.FAILED:
            self.error(f"{result.item}: {result.error}")
            return False
        self.line(f"{result.broadcast_id or '-':16}  {result.outcome:9}  {plain(result.title)}")
        return True


def counted(counts: Mapping[Any, int]) -> str:
    """Counts in one phrase: ``2 waiting, 1 failed``; ``none`` when there are none."""
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"
