"""One search of an index in PostgreSQL: it finds and filters, we score, order and count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from radio_archive.model import IndexPage, Query, SpokenName
from radio_archive.search.postgresql_candidates import Candidates, CandidateWords
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_mentions import MentionIds
from radio_archive.search.postgresql_query import EVERYTHING, NOTHING, answers, filters, wanted
from radio_archive.search.postgresql_scores import Asker, CandidateEvaluator
from radio_archive.search.postgresql_snapshot import Planned, Snapshot
from radio_archive.search.postings import TRANSLATED_WEIGHT, Deadline, Mask, Matches
from radio_archive.search.ranking import Table, rank


class Search:
    """Answers one query in one transaction."""

    def __init__(self, session: Session, snapshot: Snapshot, deadline: Deadline) -> None:
        self._session = session
        self._snapshot = snapshot
        self._deadline = deadline
        self._asker = Asker(session, snapshot, deadline)

    def page(self, query: Query, names: tuple[SpokenName, ...], mentions: MentionIds) -> IndexPage:
        """One page of what is found, and the counts of it all."""
        plans = self._snapshot.plans(query) if query.has_terms else []
        candidates = self._candidates(query, plans)
        table = candidates.table(self._snapshot)
        matches = Matches(np.arange(len(table)), np.zeros(len(table)))
        if query.has_terms:
            matches = _join([self._score(each, candidates, table, query) for each in plans])
        page = rank(table, query, matches)
        if not names:
            return page
        self._session.unlimit()
        found = candidates.column("id")[matches.docs]
        counted = mentions.count(self._session, self._snapshot, names, found)
        return replace(page, facets=MappingProxyType({**page.facets, "name": counted}))

    def _candidates(self, query: Query, plans: list[Planned]) -> Candidates:
        numbers: set[int] = set()
        for each in plans:
            words = self._snapshot.words(each.analyzer)
            if each.plan.has_close:
                with self._deadline.stopped():
                    words.speller.prepare_close()
            numbers |= wanted(words, each.plan)
            self._deadline.check()
        found = [answers(each, self._snapshot, query) for each in plans]
        condition = EVERYTHING
        if query.has_terms:
            condition = f"({' or '.join(found)})" if found else NOTHING
        self._session.limit(self._deadline)
        return Candidates.read(
            self._session,
            self._snapshot.tables,
            f"{filters(query, self._snapshot)} and {condition}",
            np.asarray(sorted(numbers), np.int64) if query.has_terms else None,
        )

    def _score(
        self, planned: Planned, candidates: Candidates, table: Table, query: Query
    ) -> Matches:
        """The candidates that answer a plan, and how well."""
        evaluator = CandidateEvaluator(
            CandidateWords(
                candidates, self._snapshot.words(planned.analyzer), table.length_factors
            ),
            self._asker,
            is_open=_open_to_close(table, planned, query),
            is_open_if=EVERYTHING if query.is_close else "is_weak",
            aired_on=lambda date: np.flatnonzero(table.aired_on(date)),
        )
        # what is excluded was not read
        found = evaluator.find(planned.plan._replace(excluded=()))
        numbers = [self._snapshot.number_of(tag) for tag in planned.languages]
        keep = np.isin(candidates.column("language")[found.docs], numbers)
        docs, scores = found.docs[keep], found.scores[keep]
        return Matches(
            docs, np.where(table.is_translation[docs], TRANSLATED_WEIGHT * scores, scores)
        )


def _open_to_close(table: Table, planned: Planned, query: Query) -> Mask | None:
    """In which passages words spelt much alike answer; None: in none."""
    if query.is_close:
        return np.ones(len(table), np.bool_)
    return table.is_weak if planned.plan.has_close else None


def _join(found: Iterable[Matches]) -> Matches:
    """A passage is of one language, so nothing is found twice."""
    known = list(found)
    docs = np.concatenate([np.empty(0, np.int64), *(each.docs for each in known)])
    return Matches(docs, np.concatenate([np.empty(0), *(each.scores for each in known)]))
