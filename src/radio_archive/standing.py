"""Searches that stand: asked of single broadcasts, and of everything, as somebody once typed them.

No engine is asked about one broadcast: its passages are read by the rules all engines share, so the
answer is the same whichever of them keeps the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from radio_archive.catalogue import Catalogue
from radio_archive.model import (
    Asked,
    Broadcast,
    BroadcastId,
    Hit,
    IndexHit,
    Passage,
    Query,
    SavedHit,
    TranscriptId,
)
from radio_archive.retrieval import SearchOptions, hit_of, read_query
from radio_archive.search import SearchIndex
from radio_archive.search.expander import Expander
from radio_archive.search.matching import passes

MOST_BROADCASTS = 200
"""Broadcasts of which hits are kept: two pages of an engine, some hundred milliseconds."""
MOST_HITS = 1_000
"""Hits kept of a search: more is no list that anybody reads."""
_PAGE_SIZE = 100
#: an engine gives so many hits of a broadcast; where it does, there may be more
_HITS_SHOWN = 5

Found = tuple[Passage, Hit]


def options_of(asked: Asked, page: int = 1, page_size: int = 20) -> SearchOptions:
    """A search as it was asked, for the engine."""
    return SearchOptions(
        language=asked.language or None,
        programme=asked.programme or None,
        aired_from=asked.aired_from or None,
        aired_to=asked.aired_to or None,
        sort=asked.sort,
        page=page,
        page_size=page_size,
        is_exact_only=asked.is_exact_only,
        is_close=asked.is_close,
        without=asked.without,
        names=asked.names,
        trust=asked.trust or None,
        counts_names=False,
    )


def query_of(asked: Asked, expand: Expander) -> Query:
    """The search understood, with the names and translations known today.

    Raises:
        BadQuery: it cannot be understood, or filters by a name that no table holds any more.
        UnknownLanguage: the language filter is no language of the registry.
    """
    return read_query(asked.text, options_of(asked), expand)


def answers_in(passages: Iterable[Passage], query: Query) -> Iterator[Found]:
    """The passages that answer a query, with what is found in each."""
    for passage in passages:
        hit = hit_of(query, passage) if passes(passage, query) else None
        if hit is not None:
            yield passage, hit


def find_all(
    catalogue: Catalogue, index: SearchIndex, asked: Asked, expand: Expander
) -> tuple[Query, tuple[SavedHit, ...], int]:
    """Everything a search finds by its words, up to `MOST_HITS`, in its order.

    Returns:
        The search as understood, the hits, and how many passages there are in all.

    Raises:
        BadQuery: it cannot be understood, or costs too much.
    """
    query = query_of(asked, expand)
    hits: list[SavedHit] = []
    total, page, pages = 0, 1, 1
    while page <= pages and len(hits) < MOST_HITS:
        options = options_of(asked, page, _PAGE_SIZE)
        found = index.search(read_query(asked.text, options, expand))
        total = found.total
        pages = min(-(-found.total_broadcasts // _PAGE_SIZE), MOST_BROADCASTS // _PAGE_SIZE)
        hits += _kept(catalogue, query, found.hits)
        page += 1
    return query, tuple(hits[:MOST_HITS]), total


def save_hits(
    catalogue: Catalogue, broadcasts: dict[BroadcastId, Broadcast], found: Iterable[Found]
) -> Iterator[SavedHit]:
    """Hits as they are kept: with their broadcast's title, and the version they stand in."""
    listed = list(found)
    keys = [(passage.broadcast_id, passage.number) for passage, _ in listed]
    versions = catalogue.searches.versions_of(keys)
    for (passage, hit), key in zip(listed, keys, strict=True):
        broadcast, version = broadcasts.get(passage.broadcast_id), versions.get(key)
        if broadcast is not None and version is not None:
            yield _saved(broadcast, hit, version)


def _kept(catalogue: Catalogue, query: Query, hits: Iterable[IndexHit]) -> Iterator[SavedHit]:
    numbers: dict[BroadcastId, list[int]] = {}
    for each in hits:
        numbers.setdefault(each.broadcast_id, []).append(each.number)
    few = {key: each for key, each in numbers.items() if len(each) < _HITS_SHOWN}
    read = catalogue.transcripts.get_passages(
        [(key, number) for key, each in few.items() for number in each]
    )
    broadcasts = catalogue.broadcasts.get_many(list(numbers))
    found: list[Found] = []
    for key in numbers:
        if key in few:
            passages = [read[key, number] for number in sorted(few[key]) if (key, number) in read]
        else:
            passages = list(catalogue.transcripts.passages_of(key))
        found += answers_in(passages, query)
    yield from save_hits(catalogue, broadcasts, found)


def _saved(broadcast: Broadcast, hit: Hit, version: TranscriptId) -> SavedHit:
    return SavedHit(
        broadcast_id=hit.broadcast_id,
        title=broadcast.title,
        aired_at=broadcast.aired_at,
        language=hit.language,
        start_ms=hit.start_ms,
        end_ms=hit.end_ms,
        transcript_id=version,
        trust=hit.trust,
        match=hit.match,
        text=hit.text,
    )
