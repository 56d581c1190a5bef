"""Search by meaning, beside the search by words: kept up to date, merged in, never in the way.

Whatever goes wrong here is logged, and the search by words answers alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from radio_archive.catalogue import Catalogue
from radio_archive.errors import SearchIndexError
from radio_archive.model import (
    BroadcastHits,
    BroadcastId,
    Check,
    Expansion,
    Hit,
    Match,
    Origin,
    Passage,
    Query,
    SearchPage,
    Sort,
    Term,
    Trust,
)
from radio_archive.model.bands import floor_of, floors_from
from radio_archive.search.expansion import ALL
from radio_archive.search.highlight import make_snippet
from radio_archive.search.meaning.encoder import EXTRA
from radio_archive.search.meaning.manifest import REINDEX
from radio_archive.search.meaning.vectors import Near, VectorStore

log = logging.getLogger(__name__)

#: switches it off in an address, as the ids of added words do
ID = "meaning"
#: passages that may join a page of results
MOST_HITS = 5
#: nearest passages looked at where a floor of trust may leave some out: the vectors know no bands
LOOKED_AT = 50
#: least likeness of a passage: below, most of what comes is about something else
#: (docs/relevance.md)
LEAST_LIKENESS = 0.3
#: least number of words: what comes for a single one is mostly about something else (likewise)
LEAST_WORDS = 2
#: what keeps the first ranks from deciding alone: Cormack, Clarke and Büttcher, "Reciprocal rank
#: fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009
RRF_K = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A passage close in meaning, and whether it holds the words searched as well."""

    passage: Passage
    likeness: float
    is_text_hit: bool


class Meaning:
    """Search by meaning in one archive."""

    def __init__(self, catalogue: Catalogue, store: Callable[[], VectorStore | None]) -> None:
        """Say where texts and vectors are.

        Args:
            catalogue: what may be shown.
            store: gives the vectors; None where the extra is not installed.
        """
        self._catalogue = catalogue
        self._store = store

    # keeping up

    def update(self, broadcast_id: BroadcastId) -> None:
        """Encode a broadcast's current text."""
        store = self._store()
        version = self._catalogue.transcripts.version_of(broadcast_id)
        if store is None or version is None:
            return
        passages = self._catalogue.transcripts.passages_of(broadcast_id)
        try:
            store.put(broadcast_id, version, passages)
        except (SearchIndexError, OSError) as error:
            log.warning(
                "not made searchable by meaning",
                extra={"broadcast": broadcast_id, "error": str(error)},
            )

    def catch_up(self, *, afresh: bool = False) -> None:
        """Make what is missing and forget what is gone; ``afresh``: everything anew."""
        store = self._store()
        if store is None:
            return
        transcripts = self._catalogue.transcripts
        try:
            made = store.catch_up(
                transcripts.current_versions(), transcripts.passages_of, afresh=afresh
            )
        except (SearchIndexError, OSError) as error:
            log.warning("not made searchable by meaning", extra={"error": str(error)})
        else:
            log.info("searchable by meaning", extra={"made": made})

    def check(self) -> Check:
        """What `doctor` says of it."""
        store = self._store()
        if store is None:
            return _check(f"{EXTRA} is not installed.", remedy=f"pip install '{EXTRA}'")
        try:
            manifest = store.find_manifest()
        except SearchIndexError as error:
            return _check(error.message, remedy=error.hint)
        if manifest is None:
            return _check("Nothing is built, or by another version.", remedy=REINDEX)
        wanted = self._catalogue.transcripts.current_versions()
        missing = sum(manifest.versions.get(key) != version for key, version in wanted.items())
        if missing:
            return _check(f"{missing} of {len(wanted)} broadcasts are missing.", remedy=REINDEX)
        return _check(f"{manifest.passages:,} passages of {len(wanted):,} broadcasts.")

    # searching

    def add_to(self, page: SearchPage, without: Sequence[str] = ()) -> SearchPage:
        """Merge what is close in meaning into a page of results.

        The hits join the first page; the total counts them on every page. The query's expansions
        then name it, with the id that switches it off.

        Args:
            page: what the words found.
            without: ids that are switched off.
        """
        if ID in without or ALL in without or not serves(page.query):
            return page
        started = time.perf_counter()
        try:
            found = self._find(page.query)
        except (SearchIndexError, OSError) as error:
            log.warning("no search by meaning", extra={"error": str(error)})
            return page
        if not found:
            return page
        extra = [each for each in found if not each.is_text_hit]
        added = Expansion(typed=words_of(page.query), added=(), origin=Origin.MEANING, id=ID)
        query = replace(page.query, expansions=(*page.query.expansions, added))
        groups = self._merged(page, found) if query.page == 1 else page.broadcasts
        return replace(
            page,
            query=query,
            total=page.total + len(extra),
            total_broadcasts=max(page.total_broadcasts, len(groups)),
            broadcasts=groups,
            took_ms=round(page.took_ms + (time.perf_counter() - started) * 1000, 1),
        )

    def _find(self, query: Query) -> list[_Found]:
        """Passages close in meaning, best first; those of texts since replaced are left out."""
        store = self._store()
        if store is None:
            return []
        limit = MOST_HITS if query.floor is None else LOOKED_AT
        near = store.nearest(words_of(query), query, limit)
        near = tuple(each for each in near if each.likeness >= LEAST_LIKENESS)
        current = {
            each.broadcast_id: self._catalogue.transcripts.version_of(each.broadcast_id)
            for each in near
        }
        shown = [each for each in near if current[each.broadcast_id] == each.version]
        return self._look_up(query, shown)[:MOST_HITS]

    def _look_up(self, query: Query, near: Sequence[Near]) -> list[_Found]:
        keys = [(each.broadcast_id, each.number) for each in near]
        passages = self._catalogue.transcripts.get_passages(keys)
        return [
            _Found(
                passage=passages[key],
                likeness=each.likeness,
                is_text_hit=make_snippet(passages[key], query) is not None,
            )
            for key, each in zip(keys, near, strict=True)
            if key in passages and _reaches_floor(passages[key], query)
        ]

    def _merged(self, page: SearchPage, found: Sequence[_Found]) -> tuple[BroadcastHits, ...]:
        by_words = {group.broadcast.id: group for group in page.broadcasts}
        ranked = list(dict.fromkeys(each.passage.broadcast_id for each in found))
        known = self._catalogue.broadcasts.get_many([key for key in ranked if key not in by_words])
        groups: dict[BroadcastId, BroadcastHits] = dict(by_words)
        for each in found:
            if each.is_text_hit:
                continue
            key = each.passage.broadcast_id
            group = groups.get(key)
            if group is None and key in known:
                group = BroadcastHits(broadcast=known[key], trust=each.passage.trust, hits=())
            if group is not None:
                groups[key] = _with_hit(group, each)
        order = fuse([list(by_words), [key for key in ranked if key in groups]])
        return tuple(groups[key] for key in order)


def serves(query: Query) -> bool:
    """Whether a search by meaning was shown to help with such a query.

    Not where somebody says exactly what must be there: one spelling, phrases, beginnings of words,
    exclusions, alternatives, names that must be mentioned; nor for a single word, nor where results
    are in the order of their dates.
    """
    return (
        len(query.required) >= LEAST_WORDS
        and not query.is_exact_only
        and not query.excluded
        and not query.mentions
        and query.sort is Sort.RELEVANCE
        and all(_is_plain_word(group) for group in query.required)
    )


def words_of(query: Query) -> str:
    """The words typed, without filters and what was added."""
    typed = (term for group in query.required for term in group if term.origin is Origin.TYPED)
    return " ".join(word for term in typed for word in term.words)


def fuse(rankings: Sequence[Sequence[BroadcastId]]) -> list[BroadcastId]:
    """Merge rankings by the sum of 1 / (60 + rank); of equals, those of the first ranking lead."""
    scores: dict[BroadcastId, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda key: -scores[key])


def _reaches_floor(passage: Passage, query: Query) -> bool:
    return query.floor is None or floor_of(passage) in floors_from(query.floor)


def _is_plain_word(group: Sequence[Term]) -> bool:
    typed = [term for term in group if term.origin is Origin.TYPED]
    return len(typed) == 1 and len(typed[0].words) == 1 and not typed[0].is_prefix


def _with_hit(group: BroadcastHits, found: _Found) -> BroadcastHits:
    """The broadcast with one hit more, after those that hold the words."""
    passage = found.passage
    snippet = make_snippet(passage, Query())
    if snippet is None:
        return group
    hit = Hit(
        broadcast_id=passage.broadcast_id,
        language=passage.language,
        start_ms=passage.start_ms,
        end_ms=passage.end_ms,
        text=snippet.text,
        highlights=(),
        match=Match.MEANING,
        score=round(found.likeness, 3),
        trust=passage.trust,
        band=passage.band,
        choice=passage.choice,
    )
    worst_last = list(Trust)
    trust = max(group.trust, passage.trust, key=worst_last.index)
    return replace(group, hits=(*group.hits, hit), trust=trust)


def _check(finding: str, remedy: str = "") -> Check:
    return Check(name=ID, is_ok=not remedy, finding=finding, remedy=remedy)
