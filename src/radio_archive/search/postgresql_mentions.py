"""Which passages of an index in PostgreSQL mention which names: what the facet of names counts."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

import numpy as np

from radio_archive.model import FacetCount, Query, SpokenName
from radio_archive.search.mentions import Mentions, Terms
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_query import mention_queries
from radio_archive.search.postgresql_snapshot import Snapshot
from radio_archive.search.vocabulary import Numbers


class MentionIds:
    """The ids of passages that mention names; safe between threads.

    A passage never changes and never gets the id of another, so only new ones are looked at, and
    the ids of those removed do no harm.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._index = 0  #: number of the index they are of
        self._last = 0  #: the last passage that was looked at
        self._known: dict[Terms, Numbers] = {}
        self._mentions = Mentions((), _NONE, _NONE)

    def count(
        self, session: Session, snapshot: Snapshot, names: tuple[SpokenName, ...], found: Numbers
    ) -> tuple[FacetCount, ...]:
        """The names that most of some passages mention.

        Args:
            session: a transaction, without a limit.
            snapshot: the state it sees.
            names: which ones; the same tuple again costs least.
            found: ids of the passages.
        """
        mentions, last = self._read(session, snapshot, names)
        is_found = np.zeros(max(last, int(found.max(initial=0))) + 1, np.bool_)
        is_found[found] = True
        return mentions.count(is_found)

    def _read(
        self, session: Session, snapshot: Snapshot, names: tuple[SpokenName, ...]
    ) -> tuple[Mentions, int]:
        with self._lock:
            if self._index != snapshot.stamp.number:
                self._index, self._last, self._known = snapshot.stamp.number, 0, {}
                self._mentions = Mentions((), _NONE, _NONE)
            table = snapshot.tables.passages
            last = session.rows(f"select coalesce(max(id), 0) from {table}")[0][0]
            if last > self._last:
                self._add(_look_up(session, snapshot, self._known, self._last))
                self._last = last
            elif self._mentions.names is names:
                return self._mentions, self._last
            wanted = {each.terms for each in names}
            self._known = {terms: ids for terms, ids in self._known.items() if terms in wanted}
            self._add(_look_up(session, snapshot, wanted - self._known.keys(), 0))
            ids = [self._known[each.terms] for each in names]
            numbers = np.repeat(np.arange(len(names)), [len(each) for each in ids])
            self._mentions = Mentions(names, np.concatenate([_NONE, *ids]), numbers)
            return self._mentions, self._last

    def _add(self, new: dict[Terms, Numbers]) -> None:
        for terms, ids in new.items():
            self._known[terms] = np.concatenate([self._known.get(terms, _NONE), ids])


_NONE: Numbers = np.empty(0, np.int64)


def _look_up(
    session: Session, snapshot: Snapshot, wanted: Iterable[Terms], after: int
) -> dict[Terms, Numbers]:
    """For what says each of some names, the passages after one that hold any of it."""
    found: dict[Terms, Numbers] = dict.fromkeys(wanted, _NONE)
    asked = [
        (terms, language, words)
        for terms in found
        for language, words in mention_queries(terms, snapshot, Query())
    ]
    if not asked:
        return found
    rows = session.rows(
        f"""
        select asked.number, string_agg(int8send(id), ''::bytea)
        from unnest(%s::integer[], %s::integer[], %s::text[]) as asked (number, language, words)
        join {snapshot.tables.passages} as passage
            on passage.words @@ asked.words::tsquery and passage.language = asked.language
        where id > %s group by asked.number""",
        (
            list(range(len(asked))),
            [language for _, language, _ in asked],
            [words for *_, words in asked],
            after,
        ),
    )
    for number, ids in rows:
        terms = asked[number][0]
        found[terms] = np.concatenate([found[terms], np.frombuffer(ids, ">i8")]).astype(np.int64)
    return found
