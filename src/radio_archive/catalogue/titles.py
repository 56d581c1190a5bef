"""Broadcasts found by title, guests and summary, with text or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from radio_archive.catalogue.broadcasts import NEWEST_FIRST, SELECT_BROADCAST
from radio_archive.catalogue.hidden import IS_SHOWN
from radio_archive.catalogue.rows import AnyRow, broadcast_from, to_datetime, to_seconds
from radio_archive.catalogue.title_words import GUESTS, PAGES, SUMMARY, replace_words, texts_of
from radio_archive.catalogue.word_sets import Way, WordSets
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts
from radio_archive.languages.analysis import (
    ANALYZERS,
    VERSION,
    AnalyzedToken,
    Piece,
    analyze_as,
    analyze_prefix,
    analyzer_name,
    bare_words_of,
    is_stop_word,
)
from radio_archive.model import AirDate, Broadcast, BroadcastId, Query, Term

#: broadcasts whose words are renewed in one transaction, so that others may write in between
_BATCH = 200

#: broadcasts looked at for one that is shown, where the words alone do not decide
_SPARE = 5

#: terms of searches whose words are remembered, each by some rules
_ASKED = 200

Groups = Sequence[tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to understand a query."""

    groups: Groups  #: words that all must stand there
    aired: AirDate | None  #: only what was aired then


class Titles:
    """A search in what pages say of broadcasts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def refresh(self) -> int:
        """Renew the words that older spelling rules made; returns of how many broadcasts."""
        stale = select(broadcasts.c.id).where(broadcasts.c.words_version != VERSION).limit(_BATCH)
        renewed = 0
        while True:
            with self._database.read() as connection:
                if connection.execute(stale.limit(1)).first() is None:
                    return renewed
            with self._database.write() as connection:
                for row in connection.execute(stale).all():
                    replace_words(connection, BroadcastId(row.id))
                    renewed += 1

    def find(self, query: Query, limit: int = 10) -> tuple[Broadcast, ...]:
        """Broadcasts whose title, guests or summary hold what is searched.

        All words must stand there, in any of the three; an exact spelling and the order of a
        phrase are looked up in the text itself. Close spellings are not tried. Names that are
        filtered by must stand there too. Where a date is all that is searched, the broadcasts of
        that date answer.

        Args:
            query: as the engine gets it, other names and translations included.
            limit: how many at most.

        Returns:
            Those whose title or guests answer first, then by date, newest first; what answers by
            its date alone comes last.
        """
        asked = [_Reading((*query.required, *query.mentions), None)]
        asked += [
            _Reading((*each.required, *query.mentions), each.aired) for each in query.variants
        ]
        kept = [replace(each, groups=_without_little(each.groups, query)) for each in asked]
        by_words = self._by_words([each for each in kept if each.groups], query, limit)
        dates = [each.aired for each in kept if each.aired and not each.groups]
        found = {each.id: each for each in (*by_words, *self._by_date(dates, query, limit))}
        return tuple(found.values())[:limit]

    def _by_words(
        self, readings: Sequence[_Reading], query: Query, limit: int
    ) -> tuple[Broadcast, ...]:
        if not readings:
            return ()
        is_strict = query.is_exact_only or any(_has_phrase(each.groups) for each in readings)
        wanted = limit * _SPARE if is_strict else limit
        with self._database.read() as connection:
            ids = self._ids(connection, readings, query, wanted)
            if not ids:
                return ()
            rows = connection.execute(SELECT_BROADCAST.where(broadcasts.c.id.in_(ids))).all()
        rows = sorted(rows, key=lambda row: ids.index(row.id))
        answered = (row for row in rows if not is_strict or _is_answered(readings, row, query))
        return tuple(broadcast_from(row) for row in islice(answered, limit))

    def _ids(
        self, connection: Connection, readings: Sequence[_Reading], query: Query, limit: int
    ) -> list[str]:
        """The broadcasts that answer, best first: only if titles and guests are too few, others."""
        excluded = [term for term in query.excluded if _is_kept(term, query)]
        terms = {term for each in readings for group in each.groups for term in group}
        ways = {term: _ways(term, query) for term in {*terms, *excluded}}
        sets = WordSets(connection, ways)
        readings = [each for each in readings if sets.can_hold_all(each.groups)]
        ids: list[str] = []
        for last_place in (GUESTS, SUMMARY):
            conditions = [*_filters(query)]
            conditions += [not_(sets.hold(term, SUMMARY)) for term in excluded]
            found = {}
            for each in readings:
                aired = () if each.aired is None else (self._is_aired_on(each.aired),)
                holds = sets.hold_all(each.groups, last_place)
                statement = select(broadcasts.c.id, broadcasts.c.aired_at).where(
                    *conditions, *aired, holds
                )
                best = statement.order_by(*NEWEST_FIRST).limit(limit + len(ids))
                found.update({row.id: row.aired_at for row in connection.execute(best).all()})
            newest = sorted(
                found, key=lambda each: (found[each] is None, -(found[each] or 0), each)
            )
            ids += [each for each in newest if each not in ids]
            if len(ids) >= limit:
                break
        return ids[:limit]

    def _by_date(self, dates: Sequence[AirDate], query: Query, limit: int) -> tuple[Broadcast, ...]:
        if not dates:
            return ()
        statement = (
            SELECT_BROADCAST.where(or_(*map(self._is_aired_on, dates)), *_filters(query))
            .order_by(*NEWEST_FIRST)
            .limit(limit)
        )
        with self._database.read() as connection:
            sets = WordSets(connection, {each: _ways(each, query) for each in query.excluded})
            statement = statement.where(*(not_(sets.hold(t, SUMMARY)) for t in query.excluded))
            return tuple(broadcast_from(row) for row in connection.execute(statement).all())

    def _is_aired_on(self, date: AirDate) -> ColumnElement[bool]:
        if date.span is None:
            day = self._database.day_of(broadcasts.c.aired_at)
            return func.substr(day, 6) == f"{date.month:02d}-{date.day:02d}"
        first, last = map(to_seconds, date.span)
        return and_(broadcasts.c.aired_at >= first, broadcasts.c.aired_at < last)


def _filters(query: Query) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [IS_SHOWN]
    if query.language is not None:
        conditions.append(broadcasts.c.language == query.language)
    if query.programme_id is not None:
        conditions.append(broadcasts.c.programme_id == query.programme_id)
    if query.aired_from is not None:
        conditions.append(broadcasts.c.aired_at >= to_seconds(query.aired_from))
    if query.aired_before is not None:
        conditions.append(broadcasts.c.aired_at < to_seconds(query.aired_before))
    return conditions


def _analyzers(term: Term, query: Query) -> tuple[str, ...]:
    """By whose rules a term is read: its own language's, else those any page may follow."""
    if term.language is not None:
        return (analyzer_name(term.language),)
    if query.language is not None:
        return tuple({PAGES, analyzer_name(query.language)})
    return tuple(ANALYZERS)


def _ways(term: Term, query: Query) -> list[Way]:
    """For each way a term is read, and in it for each word, how pages may have kept it.

    By some rules a term has fewer words than by others: "la" is a little word in French only.
    """
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for name in _analyzers(term, query):
        if forms := _forms(term, name):
            alike.setdefault(tuple(forms), []).append(name)
    return [
        Way(analyzers=tuple(names), words=forms, is_prefix=term.is_prefix)
        for forms, names in alike.items()
    ]


def _forms(term: Term, analyzer: str) -> list[tuple[str, ...]]:
    """For each word of a term that pages keep, the forms under which it may be kept."""
    if term.is_prefix:
        folded = analyze_prefix(term.words[0], analyzer)[1]
        return [(folded,)] if folded else []
    return [
        tuple(sorted({token.folded, token.stem}))
        for token in _words(" ".join(term.words), analyzer)
        if not is_stop_word(token.exact, analyzer)
    ]


def _words(text: str, analyzer: str) -> list[AnalyzedToken]:
    """The words of a text, each as a whole."""
    tokens = analyze_as(text, analyzer)
    return [next(same) for _, same in groupby(tokens, key=lambda token: token.position)]


def _is_kept(term: Term, query: Query) -> bool:
    """Whether pages keep a word of a term."""
    return any(_forms(term, name) for name in _analyzers(term, query))


def _without_little(groups: Groups, query: Query) -> Groups:
    """The groups that hold a word which pages keep."""
    return [
        group
        for group in groups
        if any(_is_kept(term, query) for term in group)
        and not any(is_stop_word(term.words[0], PAGES) for term in group if len(term.words) == 1)
    ]


def _has_phrase(groups: Groups) -> bool:
    return any(len(term.words) > 1 for group in groups for term in group)


def _is_answered(readings: Sequence[_Reading], row: AnyRow, query: Query) -> bool:
    """Whether the texts themselves answer one reading: order of phrases, spelling if exact."""
    page = _Page(row)
    return any(
        (each.aired is None or each.aired.holds(to_datetime(row.aired_at)))
        and all(
            any(page.holds(term, is_exact=query.is_exact_only) for term in group)
            for group in each.groups
        )
        for each in readings
    )


class _Page:
    """What is said of one broadcast; a text is read when it comes to it, the shortest first."""

    def __init__(self, row: AnyRow) -> None:
        self._analyzers = {PAGES, analyzer_name(row.language)}
        self._texts = sorted(texts_of(row), key=len)
        self._read: dict[tuple[str, str], list[Piece]] = {}

    def holds(self, term: Term, *, is_exact: bool) -> bool:
        """Whether the words of a term stand in one of the texts, one after the other."""
        if term.is_prefix:
            return True  # the words alone have decided
        wanted = {name: _asked(term, name) for name in self._analyzers}
        return any(
            _stands_in(words, self._words(text, name), is_exact=is_exact)
            for text in self._texts
            for name, words in wanted.items()
        )

    def _words(self, text: str, analyzer: str) -> list[Piece]:
        key = text, analyzer
        if key not in self._read:
            self._read[key] = [word.pieces[0] for word in bare_words_of(text, analyzer)]
        return self._read[key]


@lru_cache(maxsize=_ASKED)
def _asked(term: Term, analyzer: str) -> list[AnalyzedToken]:
    """The words of a term, as a page is compared with them."""
    return _words(" ".join(term.words), analyzer)


def _stands_in(wanted: Sequence[AnalyzedToken], said: Sequence[Piece], *, is_exact: bool) -> bool:
    if not wanted:
        return False
    first, *rest = wanted
    starts = said[: max(0, len(said) - len(rest))]
    return any(
        _is_same(first, word, is_exact)
        and all(_is_same(each, said[place + step], is_exact) for step, each in enumerate(rest))
        for place, word in enumerate(starts, 1)
    )


def _is_same(one: AnalyzedToken, other: Piece, is_exact: bool) -> bool:
    if is_exact:
        return one.exact == other.exact
    return one.folded == other.folded or one.stem == other.stem
