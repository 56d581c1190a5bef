"""The pages of an edition, drawn from records alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from radio_archive.editions.texts import TEXTS
from radio_archive.languages.registry import get_language
from radio_archive.model import (
    Broadcast,
    GapReason,
    LanguageTag,
    Programme,
    ProgrammeId,
    Rendition,
    Transcript,
    Trust,
)
from radio_archive.model.editions import EditionItem

PAGES_VERSION = 2
"""Changes whenever the pages of the same broadcast are drawn otherwise: they are then renewed."""

STATIC = ("edition.css", "edition.js")

_MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of a page, or a stretch that nothing is written of."""

    start_ms: int
    text: str
    language: LanguageTag
    speaker: str = ""
    gap: bool = False


@dataclass(slots=True, kw_only=True)
class Row:
    """What an edition holds in one language."""

    tag: str
    name: str
    broadcasts: int = 0
    hours: float = 0.0
    transcribed: float = 0.0
    checked: float = 0.0


class Pages:
    """Draws the pages of one edition."""

    def __init__(self, *, station: str, interface: str, licence: str) -> None:
        """Say what stands on every page.

        Args:
            station: name of the station.
            interface: language of the pages, one of `TEXTS`.
            licence: on what terms it may be used; may be empty.
        """
        self._interface = interface
        self._shared = {
            "station": station,
            "interface": interface,
            "licence": licence,
            "say": TEXTS[interface],
            "day": day,
            "clock": clock,
        }

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=PackageLoader("radio_archive.editions"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )

    def static(self) -> Iterator[tuple[str, bytes]]:
        """The style and the script."""
        folder = resources.files(__package__).joinpath("static")
        for name in STATIC:
            yield name, folder.joinpath(name).read_bytes()

    def broadcast(self, item: EditionItem) -> bytes:
        """The page of one broadcast."""
        broadcast, transcript = item.broadcast, item.transcript
        return self._draw(
            "broadcast.html",
            root="../",
            broadcast=broadcast,
            transcript=transcript,
            language_name=self.language_name(broadcast.language),
            programme_page=broadcast.programme and programme_page(broadcast.programme.id),
            sound=item.sound and sound_path(item),
            size=item.sound and size_text(item.sound),
            trust=transcript and self._trust(transcript),
            lines=() if transcript is None else self._lines(transcript),
        )

    def listings(self, items: Sequence[EditionItem]) -> Iterator[tuple[str, bytes]]:
        """The first page, and a page for each month and each programme."""
        months, programmes = _by_month(items), _by_programme(items)
        yield (
            "index.html",
            self._draw(
                "index.html",
                root="",
                rows=self._rows(items),
                months=[(month_page(name), name, len(found)) for name, found in months.items()],
                programmes=[
                    (programme_page(each.id), each.title, len(found)) for each, found in programmes
                ],
            ),
        )
        for name, found in months.items():
            title = name or TEXTS[self._interface]["undated"]
            yield month_page(name), self._listing(title, found)
        for programme, found in programmes:
            yield programme_page(programme.id), self._listing(programme.title, found)

    def language_name(self, tag: LanguageTag) -> str:
        """How the pages call a language."""
        language = get_language(tag)
        return language.name_fr if self._interface == "fr" else language.name_en

    def _listing(self, title: str, broadcasts: Sequence[Broadcast]) -> bytes:
        return self._draw("listing.html", root="../", title=title, broadcasts=broadcasts)

    def _draw(self, template: str, **context: Any) -> bytes:
        drawn = self._templates.get_template(template).render(**self._shared, **context)
        return drawn.encode("utf-8", "replace")

    def _trust(self, transcript: Transcript) -> str:
        say = TEXTS[self._interface]
        if transcript.trust is Trust.CHECKED:
            return say["checked_text"]
        return say["imported" if transcript.trust is Trust.IMPORTED else "machine"]

    def _lines(self, transcript: Transcript) -> Iterable[Line]:
        say = TEXTS[self._interface]
        lines = [
            Line(
                start_ms=each.start_ms,
                text=each.text,
                language=each.language or transcript.language,
                speaker=each.speaker or "",
            )
            for each in transcript.segments
        ]
        lines += [
            Line(
                start_ms=each.start_ms,
                text=say["withdrawn" if each.reason is GapReason.WITHDRAWN else "gap"],
                language=transcript.language,
                gap=True,
            )
            for each in transcript.gaps
        ]
        return sorted(lines, key=lambda line: line.start_ms)

    def _rows(self, items: Sequence[EditionItem]) -> list[Row]:
        rows: dict[str, Row] = {}
        for item in items:
            tag = item.broadcast.language
            row = rows.setdefault(tag, Row(tag=tag, name=self.language_name(tag)))
            recording = item.broadcast.recording
            hours = recording.duration_ms / _MS_PER_HOUR if recording else 0.0
            row.broadcasts += 1
            row.hours += hours
            if item.transcript is not None:
                row.transcribed += hours
                row.checked += hours if item.transcript.trust is Trust.CHECKED else 0.0
        return sorted(rows.values(), key=lambda row: (-row.hours, row.name))


def broadcast_page(item: EditionItem) -> str:
    """Where the page of a broadcast lies."""
    return f"broadcasts/{item.id}.html"


def sound_path(item: EditionItem) -> str:
    """Where the sound of a broadcast lies; it has some."""
    assert item.sound is not None  # noqa: S101 (who asks has looked)
    return f"audio/{item.id}{item.sound.extension}"


def programme_page(programme: ProgrammeId) -> str:
    """Where the list of a programme lies."""
    return f"programmes/{programme}.html"


def month_page(month: str) -> str:
    """Where the list of a month lies; empty: of what has no date."""
    return f"months/{month or 'undated'}.html"


def day(broadcast: Broadcast) -> str:
    """The day it was aired, ``2014-10-16``; empty when nobody knows."""
    return "" if broadcast.aired_at is None else f"{broadcast.aired_at:%Y-%m-%d}"


def clock(time_ms: int) -> str:
    """A moment as people write it: ``12:34``, ``1:02:03``."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def size_text(sound: Rendition) -> str:
    """How much is to be loaded, in megabytes."""
    return f"{sound.size_bytes / 1e6:.1f} MB"


def _by_month(items: Sequence[EditionItem]) -> Mapping[str, list[Broadcast]]:
    found: dict[str, list[Broadcast]] = defaultdict(list)
    for item in items:
        found[day(item.broadcast)[:7]].append(item.broadcast)
    return found


def _by_programme(items: Sequence[EditionItem]) -> list[tuple[Programme, list[Broadcast]]]:
    """Each programme with its broadcasts, by title."""
    found: dict[ProgrammeId, tuple[Programme, list[Broadcast]]] = {}
    for item in items:
        programme = item.broadcast.programme
        if programme is not None:
            found.setdefault(programme.id, (programme, []))[1].append(item.broadcast)
    return sorted(found.values(), key=lambda each: (each[0].title, each[0].id))
