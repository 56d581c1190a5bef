"""Which broadcasts' pages hold some words: sets of rows that the database intersects.

Fast for two reasons. Forms that no page holds are left out beforehand, and most are: a word is
looked for by the rules of every language. Then the rarest word leads, and of the others only what
it holds is looked at; a common word alone is looked for in the newest broadcasts first, where ten
that hold it are soon found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)

from radio_archive.db.schema import broadcasts, title_words
from radio_archive.model import Term

#: broadcasts that are looked up one by one; of more, it is quicker to go through the newest
FEW = 2_000

#: for conditions that are looked at broadcast by broadcast, the newest first: no plain column, so
#: that no index is taken for it
_NEWEST = func.coalesce(broadcasts.c.id, "")

#: the rows that lead; others are looked up for each of them
_LEAD = title_words.alias("lead")

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to read a term."""

    analyzers: tuple[str, ...]  #: by whose rules
    words: tuple[tuple[str, ...], ...]  #: for each of its words, the forms pages may have kept
    is_prefix: bool  #: whether the one word is a beginning


class WordSets:
    """Conditions on broadcasts, for the terms of one search."""

    def __init__(self, connection: Connection, ways: Mapping[Term, Sequence[Way]]) -> None:
        """Look up how often each form is held.

        Args:
            connection: to the catalogue.
            ways: how each term may be read.
        """
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._counts = self._count(connection, [way for each in ways.values() for way in each])
        self._ways = {term: [way for way in each if self._size(way)] for term, each in ways.items()}

    def can_hold_all(self, groups: Sequence[tuple[Term, ...]]) -> bool:
        """Whether the words of every group occur somewhere: mostly they do not."""
        return all(self._size_of(group) for group in groups)

    def hold_all(self, groups: Sequence[tuple[Term, ...]], last_place: int) -> ColumnElement[bool]:
        """Every group is answered by one of its terms, no further than a place.

        Args:
            groups: at least one.
            last_place: no further than here.
        """
        rarest, *others = sorted(groups, key=self._size_of)
        rest = [self._is_held(each, _LEAD.c.broadcast_id, last_place) for each in others]
        sets = [each.where(*rest) for each in self._leading(rarest, last_place)]
        if not sets:
            return false()
        is_common = not others and self._size_of(rarest) > FEW
        return (_NEWEST if is_common else broadcasts.c.id).in_(union_all(*sets))

    def hold(self, term: Term, last_place: int) -> ColumnElement[bool]:
        """The page of a broadcast holds all words of a term, in any order, no further than here."""
        return self._is_held((term,), broadcasts.c.id, last_place)

    def _leading(self, group: Sequence[Term], last_place: int) -> list[Select[tuple[str]]]:
        """Broadcasts that answer one of the terms; together they are all."""
        return [
            select(_LEAD.c.broadcast_id).where(
                rows,
                _LEAD.c.place <= last_place,
                *(
                    self._has_word(way, at, _LEAD.c.broadcast_id, last_place)
                    for at in range(1, len(way.words))
                ),
            )
            for term in group
            for way in self._ways[term]
            for rows in self._rows(way, 0, _LEAD)
        ]

    def _is_held(
        self, group: Sequence[Term], key: ColumnElement[str], last_place: int
    ) -> ColumnElement[bool]:
        """Whether one broadcast answers one of the terms."""
        if self._is_sqlite:  # there, a set that is made once is quicker than looking up each
            sets = [each.correlate(None) for each in self._leading(group, last_place)]
            return func.coalesce(key, "").in_(union_all(*sets)) if sets else false()
        ways = (way for term in group for way in self._ways[term])
        return or_(
            false(),
            *(
                and_(*(self._has_word(way, at, key, last_place) for at in range(len(way.words))))
                for way in ways
            ),
        )

    def _has_word(
        self, way: Way, at: int, key: ColumnElement[str], last_place: int
    ) -> ColumnElement[bool]:
        stands, holder = title_words.c.place <= last_place, title_words.c.broadcast_id
        rows = self._rows(way, at, title_words)
        if self._is_sqlite:
            return key.in_(union_all(*(select(holder).where(each, stands) for each in rows)))
        return or_(false(), *(exists().where(each, stands, holder == key) for each in rows))

    def _rows(self, way: Way, at: int, table: FromClause) -> list[ColumnElement[bool]]:
        """Which rows hold one word of a way."""
        if way.is_prefix:
            return [and_(table.c.analyzer.in_(way.analyzers), self._begins(way, table))]
        held: dict[tuple[str, ...], list[str]] = {}
        for name in way.analyzers:
            forms = tuple(form for form in way.words[at] if (name, form) in self._counts)
            if forms:
                held.setdefault(forms, []).append(name)
        return [
            and_(table.c.analyzer.in_(names), table.c.word.in_(forms))
            for forms, names in held.items()
        ]

    def _begins(self, way: Way, table: FromClause) -> ColumnElement[bool]:
        start = way.words[0][0]
        if self._is_sqlite:  # there, only a range uses the index
            return table.c.word.between(start, start + _LAST)
        return table.c.word.startswith(start, autoescape=True)

    def _size_of(self, group: Sequence[Term]) -> int:
        return sum(self._size(way) for term in group for way in self._ways[term])

    def _size(self, way: Way) -> int:
        """Rows of the rarest word, about; 0: no page answers."""
        if way.is_prefix:
            return self._counts.get((way.words[0][0], "*"), 0)
        return min(
            sum(self._counts.get((name, form), 0) for name in way.analyzers for form in forms)
            for forms in way.words
        )

    def _count(self, connection: Connection, ways: Sequence[Way]) -> dict[tuple[str, str], int]:
        names = {name for way in ways if not way.is_prefix for name in way.analyzers}
        forms = {form for way in ways if not way.is_prefix for word in way.words for form in word}
        counts: dict[tuple[str, str], int] = {}
        if forms:
            statement = (
                select(title_words.c.analyzer, title_words.c.word, func.count().label("rows"))
                .where(
                    title_words.c.analyzer.in_(sorted(names)), title_words.c.word.in_(sorted(forms))
                )
                .group_by(title_words.c.analyzer, title_words.c.word)
            )
            counts = {
                (row.analyzer, row.word): row.rows for row in connection.execute(statement).all()
            }
        for way in ways:
            if way.is_prefix:
                begun = (
                    select(title_words.c.word)
                    .where(*self._rows(way, 0, title_words))
                    .limit(FEW + 1)
                )
                some = select(func.count()).select_from(begun.subquery())
                known = counts.get((way.words[0][0], "*"), 0)
                counts[way.words[0][0], "*"] = known + connection.execute(some).scalar_one()
        return counts
