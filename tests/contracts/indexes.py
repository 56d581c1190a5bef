"""A small archive for the tests of every ``SearchIndex``, and what they look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.model import (
    AirDate,
    BroadcastId,
    IndexPage,
    LanguageTag,
    Mark,
    Milliseconds,
    Origin,
    Passage,
    ProgrammeId,
    Term,
    TranscriptKind,
    Trust,
    Variant,
)
from radio_archive.search import SearchIndex


def make_passage(
    broadcast: str,
    number: int,
    text: str,
    language: str = "fr",
    where: tuple[str | None, int | None] = (None, None),
) -> Passage:
    """A passage of a broadcast; ``where`` is its programme and the year it was aired."""
    programme, year = where
    start = Milliseconds(number * 30_000)
    return Passage(
        broadcast_id=BroadcastId(broadcast),
        number=number,
        language=LanguageTag(language),
        start_ms=start,
        end_ms=Milliseconds(start + 30_000),
        text=text,
        marks=(Mark(char_start=0, start_ms=start, end_ms=start),),
        programme_id=ProgrammeId(programme) if programme else None,
        aired_at=datetime(year, 10, 16, 17, tzinfo=UTC) if year else None,
    )


def weak(passage: Passage) -> Passage:
    """The same passage, likely misheard."""
    return replace(passage, trust=Trust.MACHINE_WEAK)


def translated(passage: Passage) -> Passage:
    """The same passage, not said but translated."""
    return replace(passage, kind=TranscriptKind.TRANSLATION)


def added(word: str, origin: Origin = Origin.ALIAS, language: str | None = None) -> Term:
    """A word that nobody typed."""
    return Term(
        words=tuple(word.split()),
        origin=origin,
        language=None if language is None else LanguageTag(language),
    )


def dated(date: AirDate, typed: str = "") -> Variant:
    """A reading in which a date stands for some words; ``typed`` are those beside them."""
    required = tuple((Term(words=(word,)),) for word in typed.split())
    return Variant(required=required, origin=Origin.TYPED, aired=date)


ARCHIVE = [
    make_passage("debat", 0, "Bonjour à tous, nous parlons du Mali.", where=("dialogue", 2014)),
    make_passage("debat", 1, "Le crime organisé menace-t-il le Mali ?", where=("dialogue", 2014)),
    make_passage("debat", 2, "La plate-forme du 14 juin à Ménaka.", where=("dialogue", 2014)),
    make_passage("journal", 0, "À l'école de Gao, dix mille élèves.", where=("journal", 2015)),
    make_passage("journal", 1, "Le prix du riz baisse, 10 000 francs.", where=("journal", 2015)),
    make_passage("sante", 0, "Une ecole sans eau, un crime.", where=(None, 2015)),
    make_passage("kunnafoni", 0, "Mali kɔnɔ, mɔgɔ caman bɛ sɔrɔ.", "bm", ("journal", 2016)),
    make_passage("maana", 0, "soro la, togo fɔra.", "bm"),
]


class OpenedIndex:
    """An index with nothing in it, and one with a small archive; a subclass makes it."""

    @pytest.fixture
    def empty(self, tmp_path: Path) -> Iterator[SearchIndex]:
        index = self.make(tmp_path)
        index.rebuild(())
        yield index
        index.close()

    @pytest.fixture
    def index(self, empty: SearchIndex) -> SearchIndex:
        empty.rebuild(iter(ARCHIVE))
        return empty

    def make(self, folder: Path) -> SearchIndex:
        raise NotImplementedError


def broadcasts(page: IndexPage) -> list[str]:
    """Broadcasts of a page in order, each once."""
    return list(dict.fromkeys(hit.broadcast_id for hit in page.hits))
