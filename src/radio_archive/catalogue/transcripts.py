"""Transcripts and the passages cut from them, in the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import and_, or_, select, update

from radio_archive.catalogue.rows import (
    AnyRow,
    pack_marks,
    pack_transcript,
    to_datetime,
    to_seconds,
    transcript_from,
    unpack_marks,
)
from radio_archive.db import Database, Guard, unguarded
from radio_archive.db.schema import broadcasts, indexed, passages, transcripts
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Milliseconds,
    Passage,
    ProgrammeId,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)

#: passages read per statement while rebuilding, so that memory does not grow with the archive
BLOCK = 2_000

SELECT_PASSAGE = select(passages, broadcasts.c.programme_id, broadcasts.c.aired_at).select_from(
    passages.join(broadcasts)
)


class Transcripts:
    """Versions of what was said. A new one never removes an old one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        broadcast_id: BroadcastId,
        transcript: Transcript,
        cut: Sequence[Passage],
        guard: Guard = unguarded,
    ) -> TranscriptId:
        """Store a transcript, make it the current one, and replace the passages: all or nothing.

        Args:
            broadcast_id: whose transcript it is.
            transcript: what was said.
            cut: its passages, numbered from 0.
            guard: run first in the same transaction; raises when the caller lost its lease.
        """
        with self._database.write() as connection:
            guard(connection)
            connection.execute(
                update(transcripts)
                .where(transcripts.c.broadcast_id == broadcast_id)
                .values(is_current=False)
            )
            transcript_id = connection.execute(
                transcripts.insert()
                .values(
                    broadcast_id=broadcast_id,
                    kind=transcript.kind,
                    language=transcript.language,
                    engine=transcript.engine,
                    parameters=json.dumps(dict(transcript.parameters), sort_keys=True),
                    trust=transcript.trust,
                    created_at=to_seconds(transcript.created_at),
                    is_current=True,
                    payload=pack_transcript(transcript),
                )
                .returning(transcripts.c.id)
            ).scalar_one()
            connection.execute(passages.delete().where(passages.c.broadcast_id == broadcast_id))
            if cut:
                connection.execute(passages.insert(), [_passage_values(passage) for passage in cut])
            connection.execute(
                update(broadcasts)
                .where(broadcasts.c.id == broadcast_id)
                .values(problem=None, problem_reason="")
            )
            return TranscriptId(transcript_id)

    def find(
        self,
        broadcast_id: str,
        *,
        kind: TranscriptKind | None = None,
        language: LanguageTag | None = None,
    ) -> Transcript | None:
        """The current transcript, or the newest of that kind and language; None without one."""
        statement = select(transcripts).where(transcripts.c.broadcast_id == broadcast_id)
        if kind is None and language is None:
            statement = statement.where(transcripts.c.is_current)
        if kind is not None:
            statement = statement.where(transcripts.c.kind == kind)
        if language is not None:
            statement = statement.where(transcripts.c.language == language)
        with self._database.read() as connection:
            row = connection.execute(
                statement.order_by(transcripts.c.id.desc()).limit(1)
            ).one_or_none()
        return None if row is None else transcript_from(row)

    def passages_of(self, broadcast_id: BroadcastId) -> tuple[Passage, ...]:
        """The passages of the current transcript, in order."""
        with self._database.read() as connection:
            rows = connection.execute(
                SELECT_PASSAGE.where(passages.c.broadcast_id == broadcast_id).order_by(
                    passages.c.number
                )
            ).all()
        return tuple(_passage_from(row) for row in rows)

    def get_passages(
        self, keys: Iterable[tuple[BroadcastId, int]]
    ) -> dict[tuple[BroadcastId, int], Passage]:
        """The passages that exist among (broadcast, number) pairs."""
        conditions = [
            and_(passages.c.broadcast_id == broadcast_id, passages.c.number == number)
            for broadcast_id, number in keys
        ]
        if not conditions:
            return {}
        with self._database.read() as connection:
            rows = connection.execute(SELECT_PASSAGE.where(or_(*conditions))).all()
        found = (_passage_from(row) for row in rows)
        return {(passage.broadcast_id, passage.number): passage for passage in found}

    def all_passages(self) -> Iterator[Passage]:
        """Every passage of the archive, broadcast by broadcast, in blocks."""
        last: tuple[str, int] = ("", -1)
        while True:
            after = or_(
                passages.c.broadcast_id > last[0],
                and_(passages.c.broadcast_id == last[0], passages.c.number > last[1]),
            )
            with self._database.read() as connection:
                rows = connection.execute(
                    SELECT_PASSAGE.where(after)
                    .order_by(passages.c.broadcast_id, passages.c.number)
                    .limit(BLOCK)
                ).all()
            if not rows:
                return
            yield from (_passage_from(row) for row in rows)
            last = (rows[-1].broadcast_id, rows[-1].number)

    def current_versions(self) -> dict[BroadcastId, tuple[TranscriptId, int]]:
        """For each transcribed broadcast: its current transcript and its revision."""
        statement = (
            select(broadcasts.c.id, transcripts.c.id.label("transcript_id"), broadcasts.c.revision)
            .select_from(broadcasts.join(transcripts))
            .where(transcripts.c.is_current)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return {
            BroadcastId(row.id): (TranscriptId(row.transcript_id), row.revision) for row in rows
        }

    def version_of(self, broadcast_id: BroadcastId) -> tuple[TranscriptId, int] | None:
        """The broadcast's current transcript and its revision; None without a transcript."""
        statement = (
            select(transcripts.c.id, broadcasts.c.revision)
            .select_from(broadcasts.join(transcripts))
            .where(transcripts.c.is_current, broadcasts.c.id == broadcast_id)
        )
        with self._database.read() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else (TranscriptId(row.id), row.revision)

    def set_indexed(
        self, versions: dict[BroadcastId, tuple[TranscriptId, int]], fingerprint: str
    ) -> None:
        """Remember which versions lie in the index of this fingerprint."""
        if not versions:
            return
        with self._database.write() as connection:
            for broadcast_id, (transcript_id, revision) in versions.items():
                connection.execute(indexed.delete().where(indexed.c.broadcast_id == broadcast_id))
                connection.execute(
                    indexed.insert().values(
                        broadcast_id=broadcast_id,
                        transcript_id=transcript_id,
                        revision=revision,
                        fingerprint=fingerprint,
                    )
                )


def _passage_values(passage: Passage) -> dict[str, object]:
    return {
        "broadcast_id": passage.broadcast_id,
        "number": passage.number,
        "language": passage.language,
        "start_ms": passage.start_ms,
        "end_ms": passage.end_ms,
        "trust": passage.trust,
        "text": passage.text,
        "marks": pack_marks(passage.marks),
    }


def _passage_from(row: AnyRow) -> Passage:
    return Passage(
        broadcast_id=BroadcastId(row.broadcast_id),
        number=row.number,
        language=LanguageTag(row.language),
        start_ms=Milliseconds(row.start_ms),
        end_ms=Milliseconds(row.end_ms),
        text=row.text,
        marks=unpack_marks(row.marks),
        programme_id=None if row.programme_id is None else ProgrammeId(row.programme_id),
        aired_at=to_datetime(row.aired_at),
        trust=Trust(row.trust),
    )
