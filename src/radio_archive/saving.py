"""Saved searches: kept as evidence, and set beside what the same search gives today."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadQuery
from radio_archive.exports import hits as hit_table
from radio_archive.model import (
    Asked,
    SavedHit,
    SavedSearch,
    SearchId,
    Since,
    Transcript,
    compare_hits,
    write_added,
)
from radio_archive.model.withdrawals import touches
from radio_archive.search import SearchIndex
from radio_archive.search.expander import Expander
from radio_archive.standing import find_all

_LISTED = 100
"""Saved searches on the list of editors, the newest."""
_ID_BYTES = 10


class Searches:
    """What editors save of searches, and what became of it."""

    def __init__(
        self, catalogue: Catalogue, index: Callable[[], SearchIndex], expand: Expander
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._expand = expand

    def save(self, asked: Asked, by: str) -> SavedSearch:
        """Keep a search as it is answered now.

        Words spelt much alike are let in only where the search says so, and hits by meaning never:
        what is kept can be found again by its words.

        Raises:
            BadQuery: nothing is searched, or it cannot be understood.
            SearchIndexError: the index does not answer.
        """
        if not (asked.text.strip() or asked.names or _has_filters(asked)):
            raise BadQuery("A saved search needs something to search for.", hint="Type words.")
        index = self._index()
        query, hits, total = find_all(self._catalogue, index, asked, self._expand)
        saved = SavedSearch(
            id=SearchId(secrets.token_hex(_ID_BYTES)),
            asked=asked,
            added=tuple(map(write_added, query.expansions)),
            by=by,
            made_at=datetime.now(UTC).replace(microsecond=0),
            fingerprint=index.fingerprint,
            coverage=self._catalogue.reports.coverage(),
            total=total,
            count=len(hits),
            digest=sha256(hit_table.write(hits)).hexdigest(),
        )
        self._catalogue.searches.add(saved, hits)
        return saved

    def get(self, search_id: str) -> SavedSearch:
        """A saved search.

        Raises:
            NotFound: there is none of this id.
        """
        return self._catalogue.searches.get(search_id)

    def recent(self) -> tuple[SavedSearch, ...]:
        """Those saved last, the newest first."""
        return self._catalogue.searches.all(_LISTED)

    def hits(self, search: SavedSearch) -> tuple[SavedHit, ...]:
        """Its hits as they were, without the words of what was taken out of the archive since."""
        hits = self._catalogue.searches.hits(search.id)
        named = {hit.broadcast_id for hit in hits}
        withdrawn = self._catalogue.searches.withdrawn(named)
        in_part = self._catalogue.searches.partly_hidden(search, named) - withdrawn
        left = {each: self._catalogue.edits.left_by_hidden(each) for each in in_part}
        versions = {
            each: self._catalogue.transcripts.get(each)
            for each in {hit.transcript_id for hit in hits if hit.broadcast_id in in_part}
        }

        def is_shown(hit: SavedHit) -> bool:
            if hit.broadcast_id not in in_part:
                return hit.broadcast_id not in withdrawn
            is_moved = touches(hit.start_ms, hit.end_ms, left[hit.broadcast_id])
            return not is_moved and _still_says(versions[hit.transcript_id], hit)

        return tuple(hit if is_shown(hit) else replace(hit, title="", text="") for hit in hits)

    def since(self, search: SavedSearch) -> Since:
        """What the same search gives today, beside what it gave.

        Raises:
            BadQuery: it is not understood any more: a name it wants was taken out of the tables.
            SearchIndexError: the index does not answer.
        """
        then = self.hits(search)
        _, now, total = find_all(self._catalogue, self._index(), search.asked, self._expand)
        # words that were withheld cannot be compared: what stands there today is the same
        withheld = {(hit.broadcast_id, hit.start_ms) for hit in then if is_withheld(hit)}
        shown = [hit for hit in then if not is_withheld(hit)]
        others = [hit for hit in now if (hit.broadcast_id, hit.start_ms) not in withheld]
        since = compare_hits(shown, others, total)
        lost = [hit for hit in then if is_withheld(hit)]
        still = {(hit.broadcast_id, hit.start_ms) for hit in now}
        gone = [hit for hit in lost if (hit.broadcast_id, hit.start_ms) not in still]
        return replace(since, now=now, gone=(*since.gone, *gone))

    def table(self, search: SavedSearch) -> bytes:
        """The hits as they were, as a table: its digest is that of the search.

        It is not where words were taken out of the archive since.
        """
        return hit_table.write(self.hits(search))

    def table_now(self, search: SavedSearch) -> bytes:
        """What the same search gives today, as such a table; for what it raises see `since`."""
        _, now, _ = find_all(self._catalogue, self._index(), search.asked, self._expand)
        return hit_table.write(now)


def is_withheld(hit: SavedHit) -> bool:
    """Whether its words are not shown, because they were taken out of the archive."""
    return not hit.text


def _still_says(shown: Transcript, hit: SavedHit) -> bool:
    """Whether what readers get of a version still holds the words of a hit where they were found.

    Args:
        shown: the version it stood in, without what is hidden.
        hit: with the words around the place.
    """
    text, places = "", []
    for segment in shown.segments:
        start = len(text)
        text += segment.text.strip() + " "
        if segment.start_ms <= hit.start_ms <= segment.end_ms:
            places.append((start, len(text)))
    found = text.find(hit.text)
    while found >= 0:
        if any(found < end and start < found + len(hit.text) for start, end in places):
            return True
        found = text.find(hit.text, found + 1)
    return False


def _has_filters(asked: Asked) -> bool:
    return any((asked.language, asked.programme, asked.aired_from, asked.aired_to, asked.trust))
