"""Saved searches and what they found, in the catalogue."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import func, select, tuple_

from radio_archive.catalogue.hidden import WITHDRAWN_IDS, partly_hidden_since
from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.db import Database
from radio_archive.db.alert_tables import saved_hits, saved_searches
from radio_archive.db.schema import broadcasts, passages, transcripts
from radio_archive.db.withdrawal_tables import withdrawals
from radio_archive.errors import NotFound
from radio_archive.model import (
    Asked,
    BroadcastId,
    Coverage,
    LanguageTag,
    Match,
    Milliseconds,
    SavedHit,
    SavedSearch,
    SearchId,
    Sort,
    TranscriptId,
    TranscriptKind,
    Trust,
)

_COUNT = (
    select(func.count())
    .where(saved_hits.c.search_id == saved_searches.c.id)
    .scalar_subquery()
    .label("kept")
)
SELECT_SEARCH = select(saved_searches, _COUNT)


class SavedSearches:
    """What searches gave when somebody saved them. Nothing here is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, search: SavedSearch, hits: Sequence[SavedHit]) -> None:
        """Keep a search with its hits: all or nothing."""
        with self._database.write() as connection:
            connection.execute(
                saved_searches.insert().values(
                    id=search.id,
                    asked=json.dumps(asdict(search.asked), ensure_ascii=False),
                    added=json.dumps(search.added, ensure_ascii=False),
                    by=search.by,
                    made_at=to_seconds(search.made_at),
                    fingerprint=search.fingerprint,
                    coverage=json.dumps([asdict(row) for row in search.coverage]),
                    total=search.total,
                    digest=search.digest,
                )
            )
            if hits:
                rows = [_hit_values(hit, number) for number, hit in enumerate(hits)]
                connection.execute(
                    saved_hits.insert(), [{**row, "search_id": search.id} for row in rows]
                )

    def get(self, search_id: str) -> SavedSearch:
        """One saved search.

        Raises:
            NotFound: there is none of this id.
        """
        with self._database.read() as connection:
            row = connection.execute(
                SELECT_SEARCH.where(saved_searches.c.id == search_id)
            ).one_or_none()
        if row is None:
            raise NotFound(
                f"There is no saved search {search_id[:40]!r}.", hint="Check its address."
            )
        return search_from(row)

    def all(self, limit: int) -> tuple[SavedSearch, ...]:
        """Those saved last, the newest first."""
        newest = SELECT_SEARCH.order_by(saved_searches.c.made_at.desc(), saved_searches.c.id)
        with self._database.read() as connection:
            return tuple(search_from(row) for row in connection.execute(newest.limit(limit)).all())

    def hits(self, search_id: SearchId) -> tuple[SavedHit, ...]:
        """The hits of a saved search as they were, in their order."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(saved_hits)
                .where(saved_hits.c.search_id == search_id)
                .order_by(saved_hits.c.number)
            ).all()
        return tuple(_hit_from(row) for row in rows)

    def versions_of(
        self, keys: Sequence[tuple[BroadcastId, int]]
    ) -> dict[tuple[BroadcastId, int], TranscriptId]:
        """In which version of its broadcast's text each passage stands."""
        if not keys:
            return {}
        key = tuple_(passages.c.broadcast_id, passages.c.number)
        columns = (passages.c.broadcast_id, passages.c.number, passages.c.transcript_id)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(key.in_(list(keys)))).all()
        return {
            (BroadcastId(row.broadcast_id), row.number): TranscriptId(row.transcript_id)
            for row in rows
        }

    def withdrawn(self, broadcast_ids: Collection[BroadcastId]) -> frozenset[BroadcastId]:
        """Those that may not be shown, or out of whose text something was taken for good."""
        wanted = list(broadcast_ids)
        hidden = WITHDRAWN_IDS.where(withdrawals.c.broadcast_id.in_(wanted))
        redacted = select(transcripts.c.broadcast_id).where(
            transcripts.c.broadcast_id.in_(wanted), transcripts.c.kind == TranscriptKind.REDACTED
        )
        with self._database.read() as connection:
            held = connection.scalars(
                select(broadcasts.c.id).where(broadcasts.c.id.in_(wanted))
            ).all()
            taken_out = connection.scalars(redacted.union(hidden)).all()
        return frozenset({*wanted} - {*map(BroadcastId, held)} | {*map(BroadcastId, taken_out)})

    def partly_hidden(
        self, search: SavedSearch, broadcast_ids: Collection[BroadcastId]
    ) -> frozenset[BroadcastId]:
        """Those of which stretches were hidden since a search was saved."""
        statement = partly_hidden_since(list(broadcast_ids), int(search.made_at.timestamp()))
        with self._database.read() as connection:
            return frozenset(map(BroadcastId, connection.scalars(statement).all()))


def search_from(row: AnyRow) -> SavedSearch:
    """A row of ``saved_searches``, with the number of its hits as ``kept``."""
    asked = json.loads(row.asked)
    made_at = to_datetime(row.made_at)
    assert made_at is not None  # noqa: S101 (the column is not null)
    return SavedSearch(
        id=SearchId(row.id),
        asked=Asked(
            **{
                **asked,
                "sort": Sort(asked["sort"]),
                "without": tuple(asked["without"]),
                "names": tuple(asked["names"]),
            }
        ),
        added=tuple(json.loads(row.added)),
        by=row.by,
        made_at=made_at,
        fingerprint=row.fingerprint,
        coverage=tuple(_coverage(json.loads(row.coverage))),
        total=row.total,
        count=row.kept,
        digest=row.digest,
    )


def _coverage(rows: Iterable[dict[str, object]]) -> Iterable[Coverage]:
    return (Coverage(**row) for row in rows)  # type: ignore[arg-type]


def _hit_values(hit: SavedHit, number: int) -> dict[str, object]:
    return {
        "number": number,
        "broadcast_id": hit.broadcast_id,
        "title": hit.title,
        "aired_at": to_seconds(hit.aired_at),
        "language": hit.language,
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "transcript_id": hit.transcript_id,
        "trust": hit.trust,
        "match": hit.match,
        "text": hit.text,
    }


def _hit_from(row: AnyRow) -> SavedHit:
    return SavedHit(
        broadcast_id=BroadcastId(row.broadcast_id),
        title=row.title,
        aired_at=to_datetime(row.aired_at),
        language=LanguageTag(row.language),
        start_ms=Milliseconds(row.start_ms),
        end_ms=Milliseconds(row.end_ms),
        transcript_id=TranscriptId(row.transcript_id),
        trust=Trust(row.trust),
        match=Match(row.match),
        text=row.text,
    )
