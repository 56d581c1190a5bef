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
        self._index = (0, "", 0)  #: the index they are of
        #: what says a name: the last passage that was looked at for it, and those that hold it
        self._known: dict[Terms, tuple[int, Numbers]] = {}
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
        mentions = self._read(session, snapshot, names)
        last = max(int(found.max(initial=0)), int(mentions.docs.max(initial=0)))
        is_found = np.zeros(last + 1, np.bool_)
        is_found[found] = True
        return mentions.count(is_found)

    def _read(
        self, session: Session, snapshot: Snapshot, names: tuple[SpokenName, ...]
    ) -> Mentions:
        with self._lock:
            if self._index != snapshot.stamp.of_index:
                self._index, self._known = snapshot.stamp.of_index, {}
            table = snapshot.tables.passages
            last = session.rows(f"select coalesce(max(id), 0) from {table}")[0][0]
            known = {each.terms: self._known.get(each.terms, (0, _NONE)) for each in names}
            # a search that began before another one may see less than that one saw
            behind = {terms: after for terms, (after, _) in known.items() if after < last}
            if self._mentions.names is names and not behind and self._known:
                return self._mentions
            for after in set(behind.values()):
                wanted = [terms for terms, looked in behind.items() if looked == after]
                for terms, ids in _look_up(session, snapshot, wanted, after).items():
                    known[terms] = (last, np.concatenate([known[terms][1], ids]))
            self._known = known
            held = [known[each.terms][1] for each in names]
            numbers = np.repeat(np.arange(len(names)), [len(ids) for ids in held])
            self._mentions = Mentions(names, np.concatenate([_NONE, *held]), numbers)
            return self._mentions


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
