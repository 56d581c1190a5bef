"""Which version of what was said is searched: decided where one is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from radio_archive.catalogue.hidden import hidden_in, is_withdrawn
from radio_archive.catalogue.renewals import record, take_wish
from radio_archive.catalogue.rows import pack_marks, pack_transcript, to_seconds, transcript_from
from radio_archive.db.schema import broadcasts, checkpoints, passages, transcripts
from radio_archive.errors import Conflict
from radio_archive.model import (
    BroadcastId,
    Passage,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)
from radio_archive.model.withdrawals import shown_passages, with_hidden, without_tombstones

#: the versions whose passages are searched: the current one and the tracks beside it
IS_SEARCHED = or_(transcripts.c.is_current, transcripts.c.is_track)


Then = Callable[[Connection, TranscriptId], None]
"""What else belongs into the transaction that stores a version: told its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A transcript to be stored, and what is searched of it."""

    transcript: Transcript
    passages: Sequence[Passage]  #: cut from it, numbered from 0
    is_track: bool = False  #: goes beside the current transcript instead of replacing it
    #: the current transcript, of which it is another wording: what was translated from it stays
    revises: TranscriptId | None = None


def store(connection: Connection, broadcast_id: BroadcastId, version: Version) -> TranscriptId:
    """Store a transcript, decide whether it is searched, and number the passages anew.

    Args:
        connection: inside a transaction.
        broadcast_id: whose transcript it is.
        version: the transcript, and what is searched of it.
    """
    take_turns(connection, broadcast_id)
    transcript = _whole(connection, broadcast_id, version)
    # the work it comes from is finished, or overtaken
    connection.execute(checkpoints.delete().where(checkpoints.c.broadcast_id == broadcast_id))
    mine = transcripts.c.broadcast_id == broadcast_id
    same_sort = _same_sort(transcript)
    stands_in = _exists(connection, mine, transcripts.c.is_current, same_sort)
    is_beside = version.is_track and not stands_in
    is_track = is_beside and _may_be_track(connection, mine, transcript)
    is_current = not is_beside and _may_be_current(connection, mine, transcript)
    asked_by = take_wish(connection, broadcast_id, transcript)
    before = _current_of(connection, mine) if asked_by is not None and is_current else None
    if is_current or is_track:
        # a machine's translation goes with the transcript it was made from
        has_lost_source = transcripts.c.made_from.is_not(None) & (version.revises is None)
        gone = or_(transcripts.c.is_current, has_lost_source, same_sort)
        replaced = gone if is_current else same_sort
        connection.execute(
            update(transcripts)
            .where(mine, IS_SEARCHED, replaced)
            .values(is_current=False, is_track=False)
        )
    transcript_id = _insert(connection, broadcast_id, transcript, (is_current, is_track))
    if asked_by is not None:
        record(connection, broadcast_id, asked_by, before, transcript_id)
    if version.revises is not None:
        _hand_over(connection, mine, version.revises, transcript_id)
    if is_current or is_track:
        searched = _searched(connection, broadcast_id, version.passages)
        added = [(is_current, transcript_id, each) for each in searched]
        replace_passages(connection, broadcast_id, added)
    if is_current:
        connection.execute(
            update(broadcasts)
            .where(broadcasts.c.id == broadcast_id)
            .values(problem=None, problem_reason="")
        )
    return transcript_id


def _insert(
    connection: Connection,
    broadcast_id: BroadcastId,
    transcript: Transcript,
    place: tuple[bool, bool],
) -> TranscriptId:
    """Store one version; ``place`` says whether it is current, and whether a track beside that."""
    is_current, is_track = place
    statement = transcripts.insert().values(
        broadcast_id=broadcast_id,
        kind=transcript.kind,
        language=transcript.language,
        engine=transcript.engine,
        parameters=json.dumps(dict(transcript.parameters), sort_keys=True),
        trust=transcript.trust,
        created_at=to_seconds(transcript.created_at),
        is_current=is_current,
        is_track=is_track,
        made_from=transcript.made_from,
        carried_from=transcript.carried_from,
        payload=pack_transcript(transcript),
    )
    return TranscriptId(connection.execute(statement.returning(transcripts.c.id)).scalar_one())


def _whole(connection: Connection, broadcast_id: BroadcastId, version: Version) -> Transcript:
    """What is kept: another wording of what is shown carries along what is hidden beside it."""
    transcript = without_tombstones(version.transcript)
    hidden = hidden_in(connection, broadcast_id) if version.revises is not None else ()
    if not hidden:
        return transcript
    row = connection.execute(select(transcripts).where(transcripts.c.id == version.revises)).one()
    return with_hidden(transcript, transcript_from(row), hidden)


def _searched(
    connection: Connection, broadcast_id: BroadcastId, cut: Sequence[Passage]
) -> Sequence[Passage]:
    """The passages that may be found: nothing of what was withdrawn."""
    if is_withdrawn(connection, broadcast_id):
        return ()
    return shown_passages(cut, hidden_in(connection, broadcast_id))


def require_current(
    connection: Connection, broadcast_id: BroadcastId, transcript_id: TranscriptId
) -> None:
    """Refuse to go on from a transcript that is no longer the current one.

    Raises:
        Conflict: another one took its place meanwhile.
    """
    take_turns(connection, broadcast_id)
    mine = transcripts.c.broadcast_id == broadcast_id
    if not _exists(connection, mine, transcripts.c.is_current, transcripts.c.id == transcript_id):
        raise Conflict(
            f"Broadcast {broadcast_id} has another transcript now: nothing was changed.",
            hint="Look at it, and try again.",
        )


def bring_back(
    connection: Connection,
    broadcast_id: BroadcastId,
    earlier: TranscriptId,
    cut: Sequence[Passage],
    *,
    instead_of: TranscriptId,
) -> None:
    """Make an earlier version current again, in the place of another wording of it.

    Args:
        connection: inside a transaction.
        broadcast_id: whose versions they are.
        earlier: the version.
        cut: its passages, numbered from 0.
        instead_of: the current one.

    Raises:
        Conflict: that one is not current any more.
    """
    mine = transcripts.c.broadcast_id == broadcast_id
    require_current(connection, broadcast_id, instead_of)
    for transcript_id, is_current in ((instead_of, False), (earlier, True)):
        connection.execute(
            update(transcripts)
            .where(mine, transcripts.c.id == transcript_id)
            .values(is_current=is_current)
        )
    _hand_over(connection, mine, instead_of, earlier)
    added = [(True, earlier, each) for each in _searched(connection, broadcast_id, cut)]
    replace_passages(connection, broadcast_id, added)
    # its number is no higher than what the index holds: the revision says that it changed
    connection.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(revision=broadcasts.c.revision + 1)
    )


def take_turns(connection: Connection, broadcast_id: BroadcastId) -> None:
    """Let one transaction after the other change the versions of a broadcast.

    SQLite has one writer anyway. Rows that refer to the broadcast are not held up.
    """
    connection.execute(
        select(broadcasts.c.id)
        .where(broadcasts.c.id == broadcast_id)
        .with_for_update(key_share=True)
    )


def _hand_over(
    connection: Connection, mine: ColumnElement[bool], giver: TranscriptId, taker: TranscriptId
) -> None:
    """Let what a machine translated from one version stand beside another wording of it."""
    connection.execute(
        update(transcripts).where(mine, transcripts.c.made_from == giver).values(made_from=taker)
    )


def _may_be_current(
    connection: Connection, mine: ColumnElement[bool], transcript: Transcript
) -> bool:
    """Whether nothing better is current.

    Decided where it is stored, so that an import is safe from a machine that began before it.
    """
    if transcript.made_from is not None:
        return False
    # what a machine wrote elsewhere may replace what a machine wrote here, and nothing of people's
    is_by_people = and_(
        transcripts.c.kind != TranscriptKind.MACHINE, transcripts.c.carried_from.is_(None)
    )
    if transcript.is_by_people and not transcript.is_machine_s:
        return True
    is_peoples = or_(
        transcripts.c.kind == TranscriptKind.CORRECTED,
        transcripts.c.trust.in_((Trust.IMPORTED, Trust.CHECKED)),
    )
    better = is_peoples if transcript.is_by_people else is_by_people
    return not _exists(connection, mine, transcripts.c.is_current, better)


def _may_be_track(
    connection: Connection, mine: ColumnElement[bool], transcript: Transcript
) -> bool:
    """Whether a machine's translation is of what is current, and people made none; as above."""
    if transcript.made_from is None:
        return True
    is_source = and_(transcripts.c.is_current, transcripts.c.id == transcript.made_from)
    is_by_people = and_(transcripts.c.is_track, transcripts.c.made_from.is_(None))
    return _exists(connection, mine, is_source) and not _exists(
        connection, mine, is_by_people, _same_sort(transcript)
    )


def _same_sort(transcript: Transcript) -> ColumnElement[bool]:
    """The versions a new one stands in for: of its language, translated or said like it."""
    is_translation = transcripts.c.kind == TranscriptKind.TRANSLATION
    return and_(
        transcripts.c.language == transcript.language,
        is_translation if transcript.kind is TranscriptKind.TRANSLATION else ~is_translation,
    )


def _current_of(connection: Connection, mine: ColumnElement[bool]) -> TranscriptId | None:
    found = connection.execute(select(transcripts.c.id).where(mine, transcripts.c.is_current))
    number = found.scalar_one_or_none()
    return None if number is None else TranscriptId(number)


def _exists(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().where(*conditions))).scalar_one())


def replace_passages(
    connection: Connection,
    broadcast_id: BroadcastId,
    added: Sequence[tuple[bool, int, Passage]],
) -> None:
    """Put new passages beside those still searched, and number all of them anew.

    Args:
        connection: inside the transaction that stored their transcript.
        broadcast_id: whose passages they are.
        added: each with whether it is of the current transcript, and the number of its transcript.
    """
    kept = connection.execute(
        select(passages, transcripts.c.is_current)
        .select_from(passages.join(transcripts, transcripts.c.id == passages.c.transcript_id))
        .where(passages.c.broadcast_id == broadcast_id, IS_SEARCHED)
        .order_by(passages.c.number)
    ).all()
    rows = [
        (row.is_current, {each.name: row._mapping[each] for each in passages.c}) for row in kept
    ]
    new = [(is_current, _passage_values(each, number)) for is_current, number, each in added]
    rows = sorted([*rows, *new], key=lambda row: not row[0])
    connection.execute(passages.delete().where(passages.c.broadcast_id == broadcast_id))
    if rows:
        connection.execute(
            passages.insert(),
            [{**values, "number": number} for number, (_, values) in enumerate(rows)],
        )


def _passage_values(passage: Passage, transcript_id: int) -> dict[str, object]:
    return {
        "broadcast_id": passage.broadcast_id,
        "number": passage.number,
        "transcript_id": transcript_id,
        "language": passage.language,
        "start_ms": passage.start_ms,
        "end_ms": passage.end_ms,
        "trust": passage.trust,
        "band": passage.band,
        "text": passage.text,
        "marks": pack_marks(passage.marks),
    }
