"""Transcripts and the passages cut from them, in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, and_, bindparam, func, null, or_, select, tuple_, update

from radio_archive.catalogue.freshness import note_fresh
from radio_archive.catalogue.hidden import hidden_in
from radio_archive.catalogue.rows import (
    AnyRow,
    PackedMarks,
    to_datetime,
    transcript_from,
)
from radio_archive.catalogue.versions import (
    IS_SEARCHED,
    Then,
    Version,
    bring_back,
    require_current,
    store,
)
from radio_archive.catalogue.voices import with_names
from radio_archive.db import Database, Guard, unguarded
from radio_archive.db.schema import broadcasts, indexed, passages, transcripts
from radio_archive.errors import NotFound
from radio_archive.model import (
    Band,
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
from radio_archive.model.withdrawals import shown

#: passages read per statement while rebuilding, so that memory does not grow with the archive
BLOCK = 2_000

_BESIDE = (
    transcripts.c.kind,
    transcripts.c.is_track,
    broadcasts.c.programme_id,
    broadcasts.c.aired_at,
)
_TOGETHER = passages.join(broadcasts, broadcasts.c.id == passages.c.broadcast_id).join(
    transcripts, transcripts.c.id == passages.c.transcript_id
)
SELECT_PASSAGE = select(passages, *_BESIDE).select_from(_TOGETHER)
SELECT_UNMARKED = select(
    *(column for column in passages.c if column is not passages.c.marks),
    null().label("marks"),
    *_BESIDE,
).select_from(_TOGETHER)

#: a new version of anything searched has a higher id than all before it
SELECT_VERSION = (
    select(
        broadcasts.c.id,
        func.max(transcripts.c.id).label("transcript_id"),
        broadcasts.c.revision,
    )
    .select_from(broadcasts.join(transcripts))
    .where(IS_SEARCHED)
    .group_by(broadcasts.c.id, broadcasts.c.revision)
)

BEST_FIRST = (
    transcripts.c.is_current.desc(),
    transcripts.c.is_track.desc(),
    transcripts.c.id.desc(),
)


class Transcripts:
    """Versions of what was said, and tracks in other languages. A new one removes no old one.

    A broadcast has at most one current transcript, and beside it at most one current track per
    language and sort of text (what was said, or a translation). The passages of all of them are
    searched, numbered one after another: those of the current transcript first. What was withdrawn
    stands in none that is given out, and in none of the passages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        broadcast_id: BroadcastId,
        transcript: Transcript,
        cut: Sequence[Passage],
        guard: Guard = unguarded,
    ) -> TranscriptId:
        """Store a transcript, make it the current one, and replace its passages: all or nothing.

        What a machine wrote is stored and does not become current where the current transcript
        came from people.

        Args:
            broadcast_id: whose transcript it is.
            transcript: what was said.
            cut: its passages, numbered from 0.
            guard: run first in the same transaction; raises when the caller lost its lease.
        """
        return self.add_together(
            broadcast_id, [Version(transcript=transcript, passages=cut)], guard=guard
        )[0]

    def add_track(
        self,
        broadcast_id: BroadcastId,
        transcript: Transcript,
        cut: Sequence[Passage],
        guard: Guard = unguarded,
    ) -> TranscriptId:
        """Store a transcript in another language beside the current one; arguments as for `add`.

        It takes the place of the track of the same language and sort, if there is one. What a
        machine translated is stored and does not become a track where people's translation is one,
        or where the transcript it was made from is no longer current.
        """
        version = Version(transcript=transcript, passages=cut, is_track=True)
        return self.add_together(broadcast_id, [version], guard=guard)[0]

    def add_together(
        self,
        broadcast_id: BroadcastId,
        versions: Sequence[Version],
        *,
        language: LanguageTag | None = None,
        guard: Guard = unguarded,
    ) -> tuple[TranscriptId, ...]:
        """Store several transcripts of one broadcast: all or nothing.

        Args:
            broadcast_id: whose transcripts they are.
            versions: in the order they are stored.
            language: what the broadcast is now known to be spoken in; None changes nothing.
            guard: run first in the same transaction; raises when the caller lost its lease.
        """
        with self._database.write() as connection:
            guard(connection)
            if language is not None:
                connection.execute(
                    update(broadcasts)
                    .where(broadcasts.c.id == broadcast_id)
                    .values(language=language, revision=broadcasts.c.revision + 1)
                )
            return tuple(store(connection, broadcast_id, version) for version in versions)

    def revise(
        self,
        broadcast_id: BroadcastId,
        transcript: Transcript,
        cut: Sequence[Passage],
        *,
        instead_of: TranscriptId,
        then: Then = lambda _connection, _transcript_id: None,
    ) -> TranscriptId:
        """Store another wording of the current transcript in its place; arguments as for `add`.

        What a machine translated from it stays beside the new one.

        Args:
            broadcast_id: whose transcript it is.
            transcript: what was said.
            cut: its passages, numbered from 0.
            instead_of: the current one.
            then: run in the same transaction with the new one's number.

        Raises:
            Conflict: ``instead_of`` is not the current transcript any more.
        """
        version = Version(transcript=transcript, passages=cut, revises=instead_of)
        with self._database.write() as connection:
            require_current(connection, broadcast_id, instead_of)
            stored = store(connection, broadcast_id, version)
            then(connection, stored)
            return stored

    def bring_back(
        self,
        broadcast_id: BroadcastId,
        earlier: TranscriptId,
        cut: Sequence[Passage],
        *,
        instead_of: TranscriptId,
    ) -> None:
        """Make an earlier version current again instead of another wording of it.

        Raises:
            Conflict: ``instead_of`` is not the current transcript any more.
        """
        with self._database.write() as connection:
            bring_back(connection, broadcast_id, earlier, cut, instead_of=instead_of)

    def get(self, transcript_id: TranscriptId) -> Transcript:
        """One version, current or not.

        Raises:
            NotFound: the catalogue has no such number.
        """
        with self._database.read() as connection:
            row = connection.execute(
                select(transcripts).where(transcripts.c.id == transcript_id)
            ).one_or_none()
            if row is None:
                raise NotFound(f"There is no transcript {transcript_id}.")
            return _shown_from(connection, row)

    def find_version(
        self, broadcast_id: BroadcastId, transcript_id: TranscriptId | None
    ) -> Transcript | None:
        """One version of a broadcast's text, current or not; None where it has no such one."""
        wanted = and_(transcripts.c.id == transcript_id, transcripts.c.broadcast_id == broadcast_id)
        with self._database.read() as connection:
            row = connection.execute(select(transcripts).where(wanted)).one_or_none()
            return None if row is None else with_names(connection, _shown_from(connection, row))

    def find(
        self,
        broadcast_id: str,
        *,
        kind: TranscriptKind | None = None,
        language: LanguageTag | None = None,
    ) -> Transcript | None:
        """The current transcript, or the best of that kind and language; None without one.

        The best is the current transcript, else a current track, else the newest. Voices that
        people named have these names as speakers.
        """
        statement = select(transcripts).where(transcripts.c.broadcast_id == broadcast_id)
        if kind is None and language is None:
            statement = statement.where(transcripts.c.is_current)
        if kind is not None:
            statement = statement.where(transcripts.c.kind == kind)
        if language is not None:
            statement = statement.where(transcripts.c.language == language)
        with self._database.read() as connection:
            row = connection.execute(statement.order_by(*BEST_FIRST).limit(1)).one_or_none()
            return None if row is None else with_names(connection, _shown_from(connection, row))

    def find_unnamed(self, broadcast_id: str) -> Transcript | None:
        """The current transcript as it is kept: without the names that people gave to voices."""
        statement = select(transcripts).where(
            transcripts.c.broadcast_id == broadcast_id, transcripts.c.is_current
        )
        with self._database.read() as connection:
            row = connection.execute(statement).one_or_none()
            return None if row is None else _shown_from(connection, row)

    def passages_of(self, broadcast_id: BroadcastId) -> tuple[Passage, ...]:
        """The passages of the current transcript and of the tracks, in order."""
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
        wanted = list(keys)
        if not wanted:
            return {}
        is_wanted = tuple_(passages.c.broadcast_id, passages.c.number).in_(wanted)
        with self._database.read() as connection:
            rows = connection.execute(SELECT_PASSAGE.where(is_wanted)).all()
        found = (_passage_from(row) for row in rows)
        return {(passage.broadcast_id, passage.number): passage for passage in found}

    def all_passages(self) -> Iterator[Passage]:
        """Every passage of the archive, broadcast by broadcast, in blocks.

        Without its marks: no index keeps them, and unpacking them takes longer than all the rest.
        """
        last: tuple[str, int] = ("", -1)
        while True:
            after = or_(
                passages.c.broadcast_id > last[0],
                and_(passages.c.broadcast_id == last[0], passages.c.number > last[1]),
            )
            with self._database.read() as connection:
                rows = connection.execute(
                    SELECT_UNMARKED.where(after)
                    .order_by(passages.c.broadcast_id, passages.c.number)
                    .limit(BLOCK)
                ).all()
            if not rows:
                return
            yield from (_passage_from(row) for row in rows)
            last = (rows[-1].broadcast_id, rows[-1].number)

    def current_versions(self) -> dict[BroadcastId, tuple[TranscriptId, int]]:
        """For each broadcast with text: the newest of what is current, and its revision."""
        with self._database.read() as connection:
            rows = connection.execute(SELECT_VERSION).all()
        return {
            BroadcastId(row.id): (TranscriptId(row.transcript_id), row.revision) for row in rows
        }

    def version_of(self, broadcast_id: BroadcastId) -> tuple[TranscriptId, int] | None:
        """The newest of what is current of the broadcast, and its revision; None without text."""
        with self._database.read() as connection:
            row = connection.execute(
                SELECT_VERSION.where(broadcasts.c.id == broadcast_id)
            ).one_or_none()
        return None if row is None else (TranscriptId(row.transcript_id), row.revision)

    def tracks(self, broadcast_id: str) -> tuple[Transcript, ...]:
        """What is current beside the current transcript, by language."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(transcripts)
                .where(transcripts.c.broadcast_id == broadcast_id, transcripts.c.is_track)
                .order_by(transcripts.c.language, transcripts.c.id)
            ).all()
            return tuple(_shown_from(connection, row) for row in rows)

    def set_indexed(
        self, versions: dict[BroadcastId, tuple[TranscriptId, int]], fingerprint: str
    ) -> None:
        """Remember which versions lie in the index of this fingerprint."""
        if not versions:
            return
        rows = [
            {
                "broadcast_id": broadcast_id,
                "transcript_id": transcript_id,
                "revision": revision,
                "fingerprint": fingerprint,
            }
            for broadcast_id, (transcript_id, revision) in versions.items()
        ]
        known = indexed.delete().where(indexed.c.broadcast_id == bindparam("known"))
        with self._database.write() as connection:
            note_fresh(connection, versions)
            connection.execute(known, [{"known": row["broadcast_id"]} for row in rows])
            connection.execute(indexed.insert(), rows)

    def is_indexed(
        self, broadcast_id: BroadcastId, version: tuple[TranscriptId, int], fingerprint: str
    ) -> bool:
        """Whether just this version lies in the index of this fingerprint."""
        with self._database.read() as connection:
            row = connection.execute(
                select(indexed).where(indexed.c.broadcast_id == broadcast_id)
            ).one_or_none()
        known = row and (row.transcript_id, row.revision, row.fingerprint)
        return known == (*version, fingerprint)

    def count_passages(self) -> int:
        """Passages that are searched."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(passages)).scalar_one())


def _shown_from(connection: Connection, row: AnyRow) -> Transcript:
    """A version as it may be read: whichever it is, without what was withdrawn since."""
    return shown(transcript_from(row), hidden_in(connection, row.broadcast_id))


def _passage_from(row: AnyRow) -> Passage:
    return Passage(
        broadcast_id=BroadcastId(row.broadcast_id),
        number=row.number,
        language=LanguageTag(row.language),
        start_ms=Milliseconds(row.start_ms),
        end_ms=Milliseconds(row.end_ms),
        text=row.text,
        marks=() if row.marks is None else PackedMarks(row.marks),
        programme_id=None if row.programme_id is None else ProgrammeId(row.programme_id),
        aired_at=to_datetime(row.aired_at),
        trust=Trust(row.trust),
        band=None if row.band is None else Band(row.band),
        kind=TranscriptKind(row.kind),
        is_track=bool(row.is_track),
    )
