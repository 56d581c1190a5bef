"""The tables of a search index in PostgreSQL, and how a passage becomes a row.

::

    radio_archive_search.state             one row: number and name of the index in use, its version
    radio_archive_search.passages_000001   filters as columns, words as a tsvector
    radio_archive_search.words_000001      index terms and their numbers
    radio_archive_search.names_000001      ids, tags and floors, and their numbers
    radio_archive_search.counts_000001     passages by what the whole index must be asked for

A lexeme is the number of an index term: short, without anything to escape, and the same in the
``tokens`` beside it, which hold what our own scores are computed from. ``facts`` repeats the
columns in one value: a search reads thousands of rows, and ten columns of each take longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

import numpy as np

from radio_archive.languages.analysis import analyze, analyzer_name
from radio_archive.model import Passage, TranscriptKind, Trust
from radio_archive.model.bands import floor_of
from radio_archive.search.ranking import NO_DATE
from radio_archive.search.vocabulary import term_of

#: changes with the tables: older indexes are then built anew
LAYOUT = 2
SCHEMA = "radio_archive_search"

#: places of words that a tsvector keeps apart (PostgreSQL's manual, 12.11)
_POSITIONS = 16_383

#: a token in ``tokens``: the number of its term and its position
TOKEN = np.dtype([("word", ">i4"), ("position", ">i4")])

#: a passage as it is read: its id, and the column ``facts``
FACT = np.dtype(
    [
        *[("id", ">i8"), ("aired", ">i8")],
        *[(name, ">i4") for name in ("broadcast", "number", "language", "programme", "floor")],
        *[("length", ">i4"), ("tokens", ">i4"), ("traits", ">i4")],
    ]
)
IS_WEAK, IS_TRANSLATION = 1, 2
_FACTS = Struct(">q8i")

#: a table of layout 1 has no ``build``; it is only altered then, for that waits for every search
MAKE_STATE = f"""
create schema if not exists {SCHEMA};
create table if not exists {SCHEMA}.state (
    is_only boolean primary key default true check (is_only),
    number integer not null,
    fingerprint text not null,
    commits bigint not null,
    build text not null default ''
);
do $$ begin
    if not exists (
        select from information_schema.columns
        where table_schema = '{SCHEMA}' and table_name = 'state' and column_name = 'build'
    ) then
        alter table {SCHEMA}.state add column build text not null default '';
    end if;
end $$"""


class Tables(NamedTuple):
    """The tables of one index, by its number."""

    number: int

    @property
    def passages(self) -> str:
        """Passages."""
        return f"{SCHEMA}.passages_{self.number:06d}"

    @property
    def words(self) -> str:
        """Index terms."""
        return f"{SCHEMA}.words_{self.number:06d}"

    @property
    def names(self) -> str:
        """Ids of broadcasts and programmes, language tags, floors."""
        return f"{SCHEMA}.names_{self.number:06d}"

    @property
    def counts(self) -> str:
        """How many passages there are of each kind and length."""
        return f"{SCHEMA}.counts_{self.number:06d}"

    def create(self) -> str:
        """What makes them, without what is made faster once they are filled."""
        return f"""
            create table {self.passages} (
                id bigint generated always as identity,
                broadcast integer not null, number integer not null, language integer not null,
                programme integer not null, floor integer not null, aired bigint not null,
                length integer not null, is_weak boolean not null,
                is_translation boolean not null, words tsvector not null,
                facts bytea not null, tokens bytea not null
            );
            create table {self.words} (number integer primary key, analyzer text, term text);
            create table {self.names} (number integer primary key, name text);
            create table {self.counts} (
                language integer, is_weak boolean, is_translation boolean, length integer,
                passages bigint not null,
                primary key (language, is_weak, is_translation, length)
            )"""

    def finish(self) -> str:
        """What makes their indexes; those of words and names serve the writer alone."""
        return f"""
            alter table {self.passages} add primary key (id);
            create index on {self.passages} using gin (words);
            create index on {self.passages} (broadcast);
            create index on {self.passages} (aired);
            create index on {self.words} using hash (term);
            create index on {self.names} using hash (name);
            analyze {self.passages}"""

    def drop(self) -> str:
        """What removes them."""
        return f"drop table if exists {self.passages}, {self.words}, {self.names}, {self.counts}"


class Kind(NamedTuple):
    """What passages are counted by: their key in ``counts``, without the language's number."""

    language: str
    is_weak: bool
    is_translation: bool
    length: int


class NewPassage(NamedTuple):
    """A passage, read for the tables; its terms and names have no numbers yet."""

    passage: Passage
    analyzer: str
    terms: tuple[str, ...]
    positions: tuple[int, ...]  #: in step with ``terms``

    @classmethod
    def read(cls, passage: Passage) -> NewPassage:
        """Analyse a passage; the end of one that is too long, as older ones may be, is left out."""
        every = analyze(passage.text, passage.language)
        tokens = [token for token in every if token.position < _POSITIONS]
        return cls(
            passage,
            analyzer_name(passage.language),
            tuple(term_of(token) for token in tokens),
            tuple(token.position for token in tokens),
        )

    @property
    def kind(self) -> Kind:
        """What it is counted by."""
        is_translation = self.passage.kind is TranscriptKind.TRANSLATION
        is_weak = self.passage.trust is Trust.MACHINE_WEAK and not is_translation
        length = max(self.positions, default=-1) + 1
        return Kind(self.passage.language, is_weak, is_translation, length)

    @property
    def names(self) -> tuple[str, str, str, str]:
        """Broadcast, language, programme and floor; empty where there is none."""
        passage = self.passage
        programme, floor = passage.programme_id or "", floor_of(passage) or ""
        return passage.broadcast_id, passage.language, programme, floor

    def row(self, words: Iterable[int], names: Iterable[int]) -> tuple[object, ...]:
        """The row of ``COLUMNS``, from the numbers of its terms and names."""
        numbers = list(words)
        broadcast, language, programme, floor = names
        aired = self.passage.aired_at
        moment = NO_DATE if aired is None else int(aired.timestamp())
        named = (broadcast, self.passage.number, language, programme, floor)
        _, is_weak, is_translation, length = self.kind
        traits = IS_WEAK * is_weak + IS_TRANSLATION * is_translation
        tokens = np.empty(len(numbers), TOKEN)
        tokens["word"], tokens["position"] = numbers, self.positions
        return (
            *(*named, moment, length, is_weak, is_translation),
            _vector(numbers, self.positions),
            _FACTS.pack(moment, *named, length, len(numbers), traits),
            tokens.tobytes(),
        )


COLUMNS = (
    "broadcast, number, language, programme, floor, aired, length, is_weak, is_translation,"
    " words, facts, tokens"
)


def _vector(numbers: list[int], positions: Iterable[int]) -> str:
    """A tsvector as PostgreSQL reads it; it counts positions from 1."""
    places: dict[int, list[str]] = {}
    for number, position in zip(numbers, positions, strict=True):
        places.setdefault(number, []).append(str(position + 1))
    return " ".join(f"{number}:{','.join(found)}" for number, found in places.items())
