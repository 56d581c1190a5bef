"""Documents of public dossiers that answer a search, beside the broadcasts.

The catalogue gives the pages that hold the words; the plan and the highlighter that decide about
passages decide about pages. So a document is found by the same rules as what was said.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.documents import (
    FoundPage,
    WantedClause,
    WantedReading,
    WantedRow,
    WantedWord,
)
from radio_archive.model import (
    BroadcastId,
    DocumentHit,
    DocumentHits,
    DocumentId,
    LanguageTag,
    Milliseconds,
    Passage,
    Query,
    SearchPage,
    TranscriptKind,
    Trust,
)
from radio_archive.search.highlight import make_snippet
from radio_archive.search.matching import find_answers
from radio_archive.search.plan import Clause, QueryWord, Reading, plan_mention, plan_query

MOST_DOCUMENTS = 10
"""Documents shown beside the broadcasts."""
HITS_EACH = 3
"""Pages shown of each."""

#: pages of one language that are looked at, those of the newest documents: each costs a millisecond
_LOOKED_AT = 150


def with_documents(catalogue: Catalogue, page: SearchPage) -> SearchPage:
    """The answer of a search with the documents that answer it; only the first page has some."""
    started = time.perf_counter()
    found = find_documents(catalogue, page.query)
    took_ms = page.took_ms + (time.perf_counter() - started) * 1000
    return replace(page, documents=found, took_ms=round(took_ms, 1))


def find_documents(catalogue: Catalogue, query: Query) -> tuple[DocumentHits, ...]:
    """Documents that hold what is searched, the best first.

    A filter of programme or date leaves none, for a document has neither. Words that are merely
    spelt much alike do not answer: a document is written, not heard.
    """
    is_of_broadcasts = query.programme_id or query.aired_from or query.aired_before
    if query.page > 1 or is_of_broadcasts or not (query.has_terms or query.mentions):
        return ()
    asked = replace(query, is_close=False)
    known = catalogue.documents.languages()
    found = [
        (rank, each)
        for language in known
        if query.language in (None, language)
        for rank, each in _in_language(catalogue, asked, language)
    ]
    best = sorted(found, key=itemgetter(0))
    return tuple(each for _, each in best[:MOST_DOCUMENTS])


Ranked = tuple[int, int]
"""Worst rank needed, then how often it is said, the other way round: the least comes first."""


def _in_language(
    catalogue: Catalogue, query: Query, language: LanguageTag
) -> list[tuple[Ranked, DocumentHits]]:
    plan = plan_query(query, language)
    readings = [each for each in plan.readings if each.aired is None] if plan else []
    if query.has_terms and not readings:
        return []
    named = [plan_mention(terms, language) for terms in query.mentions]
    wanted = [_wanted(each, named) for each in readings or (Reading(()),)]
    grouped: dict[DocumentId, list[tuple[Ranked, FoundPage, DocumentHit]]] = {}
    for page in catalogue.documents.find_pages(language, wanted, _LOOKED_AT):
        answered = _answer(page, query)
        if answered is not None:
            grouped.setdefault(page.document.id, []).append((answered[0], page, answered[1]))
    return [_group(each) for each in grouped.values()]


def _group(
    found: Sequence[tuple[Ranked, FoundPage, DocumentHit]],
) -> tuple[Ranked, DocumentHits]:
    ordered = sorted(found, key=lambda each: (each[0][0], each[1].page))
    # the title is shown anyway: it is a hit where no page is
    shown = [hit for _, _, hit in ordered if hit.page] or [hit for _, _, hit in ordered]
    first = ordered[0][1]
    best = min(rank for rank, _, _ in found)
    return best, DocumentHits(
        document=first.document,
        slug=first.slug,
        dossier_title=first.dossier_title,
        hits=tuple(shown[:HITS_EACH]),
    )


def _answer(page: FoundPage, query: Query) -> tuple[Ranked, DocumentHit] | None:
    passage = _passage(page)
    snippet = make_snippet(passage, query)
    if snippet is None:
        return None
    answers = find_answers(passage, query)
    times = sum(len(clause) for answer in answers[:1] for clause in answer.found)
    hit = DocumentHit(
        page=page.page, text=snippet.text, highlights=snippet.highlights, match=snippet.match
    )
    return (int(answers[0].rank) if answers else 0, -times), hit


def _passage(page: FoundPage) -> Passage:
    """A page as the highlighter reads it: people wrote it, and nobody said it."""
    return Passage(
        broadcast_id=BroadcastId(""),
        number=page.page,
        language=page.document.language,
        start_ms=Milliseconds(0),
        end_ms=Milliseconds(0),
        text=page.text,
        marks=(),
        trust=Trust.IMPORTED,
        kind=TranscriptKind.IMPORTED,
    )


def _wanted(reading: Reading, named: Sequence[Clause]) -> WantedReading:
    return tuple(_clause(each) for each in (*reading.clauses, *named))


def _clause(clause: Clause) -> WantedClause:
    rows: list[WantedRow] = [tuple(_word(word) for word in row.words) for row in clause.rows]
    return tuple(rows)


def _word(word: QueryWord) -> WantedWord:
    forms = {form for form in (word.exact, word.folded, word.stem) if form}
    return WantedWord(forms=tuple(sorted(forms)), is_prefix=word.is_prefix)
