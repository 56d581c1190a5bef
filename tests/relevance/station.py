"""A real archive filled with programmes, searched as a listener searches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.db import Database
from radio_archive.importing import ImportOptions
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import (
    Broadcast,
    Expansion,
    Hit,
    Match,
    Milliseconds,
    NewBroadcast,
    Passage,
    Segment,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages
from tests.relevance.texts import Programme
from tests.support.archives import settings_for

FIRST_DAY = datetime(2014, 1, 6, 7, tzinfo=UTC)

PassageKey = tuple[str, int]
"""Broadcast id and number of a passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage on the first page of results."""

    passage: Passage
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first page of results of one search."""

    found: tuple[Found, ...]
    expansions: tuple[Expansion, ...]

    @property
    def keys(self) -> list[PassageKey]:
        """The passages found, best first."""
        return [key_of(found.passage) for found in self.found]


@dataclass(slots=True)
class Station:
    """An archive whose every passage is known."""

    archive: Archive
    passages: tuple[Passage, ...]
    names: Mapping[str, str]  #: programme name of each broadcast id
    _by_end: dict[tuple[str, str, int], Passage] = field(init=False)

    def __post_init__(self) -> None:
        self._by_end = {
            (passage.broadcast_id, passage.language, passage.end_ms): passage
            for passage in self.passages
        }
        assert len(self._by_end) == len(self.passages), "two passages end at one moment"

    def in_language(self, language: str) -> list[Passage]:
        """The passages of one language."""
        return [passage for passage in self.passages if passage.language == language]

    def search(self, text: str, options: SearchOptions | None = None) -> Answer:
        """What the first page shows, broadcast by broadcast, as a page shows it."""
        page = self.archive.search(text, options)
        return Answer(
            found=tuple(
                Found(passage=self._passage_of(hit), match=hit.match)
                for group in page.broadcasts
                for hit in group.hits
            ),
            expansions=page.query.expansions,
        )

    def _passage_of(self, hit: Hit) -> Passage:
        return self._by_end[hit.broadcast_id, hit.language, hit.end_ms]


def key_of(passage: Passage) -> PassageKey:
    """What names a passage."""
    return passage.broadcast_id, passage.number


@contextmanager
def open_station(
    home: Path, programmes: Iterable[Programme], meaning_languages: tuple[str, ...] = ()
) -> Iterator[Station]:
    """Fill an archive: catalogue, passages, index; then hold it open."""
    settings = replace(settings_for(home), meaning_languages=meaning_languages)
    with open_archive(settings) as archive:
        database = Database(f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}")
        catalogue = Catalogue(database)
        passages: list[Passage] = []
        names: dict[str, str] = {}
        for number, programme in enumerate(programmes):
            broadcast = _put(catalogue, programme, FIRST_DAY + timedelta(days=number))
            if programme.source is not None:
                options = ImportOptions(language=f"{programme.language}+fr")
                archive.import_transcript(broadcast.id, programme.source, options)
            else:
                said = _transcript(programme)
                catalogue.transcripts.add(broadcast.id, said, split_passages(said, broadcast))
            names[broadcast.id] = programme.name
            passages += catalogue.transcripts.passages_of(broadcast.id)
        database.close()
        archive.reindex()
        yield Station(archive=archive, passages=tuple(passages), names=names)


def _put(catalogue: Catalogue, programme: Programme, aired_at: datetime) -> Broadcast:
    broadcast_id, _ = catalogue.broadcasts.put(
        NewBroadcast(
            source="relevance",
            guid=programme.name,
            title=programme.name,
            programme=programme_of(programme.name),
            language=normalise_tag(programme.language),
            aired_at=aired_at,
        )
    )
    return catalogue.broadcasts.get(broadcast_id)


def _transcript(programme: Programme) -> Transcript:
    return Transcript(
        language=normalise_tag(programme.language),
        segments=tuple(
            Segment(
                start_ms=Milliseconds(cue.start_ms),
                end_ms=Milliseconds(max(cue.start_ms, cue.end_ms)),
                text=cue.text,
            )
            for cue in programme.cues
        ),
        kind=TranscriptKind.IMPORTED,
        trust=Trust.IMPORTED,
    )
