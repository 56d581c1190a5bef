"""How jobs come into the queue, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Function,
    case,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from radio_archive.catalogue.hidden import HAS_HIDDEN
from radio_archive.catalogue.rows import AnyRow
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, jobs, transcripts
from radio_archive.jobs.places import (
    STEPS,
    URGENCY_SHIFT,
    Place,
    Urgency,
    lane_of,
    span_of,
    urgency_of,
)
from radio_archive.model import (
    BroadcastId,
    Job,
    JobKind,
    JobState,
    LanguageTag,
    TranscriptKind,
    need_of,
)

#: broadcasts looked up in one statement; SQLite takes 32,766 values in one
BLOCK = 1_000


@dataclass(slots=True)
class _Turns:
    """The next turn of each programme, as far as it was asked for."""

    connection: Connection
    _next: dict[tuple[str, Urgency], int] = field(default_factory=dict)
    _current: dict[Urgency, int] = field(default_factory=dict)

    def take(self, origin: str, urgency: Urgency) -> int:
        """A turn after all that the programme has, and not before the one that is being done."""
        key = (origin, urgency)
        turn = self._next.get(key)
        if turn is None:
            turn = max(self._last(origin, urgency) + 1, self._now(urgency))
        self._next[key] = turn + 1
        return turn

    def _last(self, origin: str, urgency: Urgency) -> int:
        first, beyond = span_of(urgency)
        last = self.connection.execute(
            select(func.max(jobs.c.place)).where(
                jobs.c.origin == origin,
                jobs.c.place >= first,
                jobs.c.place < beyond,
                # its turn has been: it does not hold up what comes after it
                jobs.c.state != JobState.PARKED,
            )
        ).scalar_one()
        return -1 if last is None else Place.read(last).turn

    def _now(self, urgency: Urgency) -> int:
        """The turn that is being done; while nothing is, the first that waits."""
        if urgency not in self._current:
            at_work = self._place(func.max(jobs.c.place), JobState.HELD, urgency)
            waiting = self._place(func.min(jobs.c.place), JobState.WAITING, urgency)
            place = waiting if at_work is None else at_work
            self._current[urgency] = 0 if place is None else Place.read(place).turn
        return self._current[urgency]

    def _place(self, which: Function[Any], state: JobState, urgency: Urgency) -> int | None:
        first, beyond = span_of(urgency)
        found: int | None = self.connection.execute(
            select(which).where(jobs.c.state == state, jobs.c.place >= first, jobs.c.place < beyond)
        ).scalar_one()
        return found


def put_rows(
    database: Database,
    connection: Connection,
    kind: JobKind,
    ids: Sequence[BroadcastId],
    after: Job | None,
) -> int:
    """Put one job for each broadcast into the queue; returns how many are new."""
    now = database.moment(connection)
    turns = _Turns(connection)
    rows = [
        _row(kind, broadcast, _urgency(kind, broadcast, now), place, turns)
        for broadcast, place in _broadcasts(connection, ids, after)
    ]
    # in one order for everybody: two who put the same do not wait for each other in a circle
    rows.sort(key=lambda row: str(row["broadcast_id"]))
    insert = (sqlite if database.is_sqlite else postgresql).insert(jobs)
    # a language that was corrected since asks for another engine, and what is urgent by now (sound
    # to be muted) does not wait where it stood
    new = insert.excluded
    is_more_urgent = _urgency_in(new.place) < _urgency_in(jobs.c.place)
    statement = insert.on_conflict_do_update(
        index_elements=["broadcast_id", "kind"],
        set_={"needs": new.needs, "place": case((is_more_urgent, new.place), else_=jobs.c.place)},
        where=((jobs.c.needs != new.needs) | is_more_urgent)
        & ((jobs.c.state == JobState.WAITING) | (jobs.c.state == JobState.LATER)),
    ).returning(jobs.c.id)
    return len(connection.execute(statement, rows).all()) if rows else 0


def _urgency_in(place: ColumnElement[int]) -> ColumnElement[int]:
    # spelt out: PostgreSQL shifts by no number of 64 bits
    return place.bitwise_rshift(literal_column(str(URGENCY_SHIFT)))


def _urgency(kind: JobKind, broadcast: AnyRow, now: int) -> Urgency:
    """How urgent a step is: without its muted sound nothing of a broadcast is heard."""
    is_muting = kind is JobKind.PREPARE and bool(broadcast.has_hidden)
    return urgency_of(kind, broadcast.aired_at, now, is_changed=is_muting)


def _row(
    kind: JobKind, broadcast: AnyRow, urgency: Urgency, place: Place | None, turns: _Turns
) -> dict[str, object]:
    origin = broadcast.programme_id or broadcast.source
    if place is None:
        place = Place(
            urgency=urgency,
            turn=turns.take(origin, urgency),
            lane=lane_of(origin),
            step=STEPS.index(kind),
        )
    place = place.of(kind, urgency)
    if kind is JobKind.FINGERPRINT and broadcast.is_by_people:
        place = place.first
    return {
        "kind": kind,
        "broadcast_id": broadcast.id,
        "needs": need_of(kind, LanguageTag(broadcast.language)),
        "origin": origin,
        "place": int(place),
    }


def _broadcasts(
    connection: Connection, ids: Sequence[BroadcastId], after: Job | None
) -> Iterator[tuple[AnyRow, Place | None]]:
    """The broadcasts in the order given, each with the place it has in the queue already."""
    for start in range(0, len(ids), BLOCK):
        block = ids[start : start + BLOCK]
        rows = connection.execute(_BROADCASTS.where(broadcasts.c.id.in_(block))).all()
        found = {row.id: row for row in rows}
        for row in (found[each] for each in block if each in found):
            place = row.place
            if place is None and after is not None and after.broadcast_id == row.id:
                place = after.place
            yield row, None if place is None else Place.read(place)


# "+ 0" keeps PostgreSQL from looking through the places of all jobs, from the greatest down, until
# one is this broadcast's
_PLACE = (
    select(func.max(jobs.c.place + 0))
    .where(jobs.c.broadcast_id == broadcasts.c.id)
    .correlate(broadcasts)
    .scalar_subquery()
)
_IS_BY_PEOPLE = exists().where(
    transcripts.c.broadcast_id == broadcasts.c.id,
    transcripts.c.is_current,
    transcripts.c.kind != TranscriptKind.MACHINE,
)
_BROADCASTS = select(
    broadcasts.c.id,
    broadcasts.c.programme_id,
    broadcasts.c.source,
    broadcasts.c.language,
    broadcasts.c.aired_at,
    _PLACE.label("place"),
    _IS_BY_PEOPLE.label("is_by_people"),
    HAS_HIDDEN.label("has_hidden"),
)
