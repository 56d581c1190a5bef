"""Alerts and what was found for them, in the catalogue; `parcels` has what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update

from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.catalogue.searches import SELECT_SEARCH, search_from
from radio_archive.db import Database
from radio_archive.db.alert_tables import (
    alerts,
    findings,
    fresh,
    notices,
    saved_hits,
    saved_searches,
)
from radio_archive.db.schema import transcripts
from radio_archive.errors import NotFound
from radio_archive.model import (
    Alert,
    AlertId,
    AlertKind,
    AlertReport,
    AlertState,
    BroadcastId,
    Finding,
    LanguageTag,
    Milliseconds,
    Pace,
    ParkedAlert,
    SavedSearch,
    SearchId,
    TranscriptId,
)

ASK_AGAIN_S = 86_400
"""Seconds after which an address may be asked once more about the same search."""
MOST_ASKED = 3
"""Questions that wait for an answer of one address."""
ROOM_MS = 2_000
"""A moment may move by so much when a text is written anew, and is still the same."""
_PARKED_SHOWN = 20

_IS_LIVE = alerts.c.state == AlertState.LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshText:
    """A broadcast whose text came into the index and was not looked at yet."""

    broadcast_id: BroadcastId
    transcript_id: TranscriptId  #: the newest version of what is current


class Alerts:
    """Who is told, and of what."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, alert: Alert) -> bool:
        """Add an alert; False where this address has one of the same search and kind already.

        An address that does not answer is asked again after a day, and has `MOST_ASKED` questions
        at a time: nobody is written to again and again for others' fun.
        """
        mine = and_(
            alerts.c.search_id == alert.search_id,
            alerts.c.kind == alert.kind,
            alerts.c.address == alert.address,
        )
        is_asked = alerts.c.state == AlertState.ASKED
        long_ago = (to_seconds(alert.made_at) or 0) - ASK_AGAIN_S
        asked = select(func.count()).where(is_asked, alerts.c.address == alert.address)
        with self._database.write() as connection:
            _remove(connection, and_(mine, is_asked, alerts.c.made_at <= long_ago))
            is_known = connection.execute(select(exists().where(mine))).scalar_one()
            if is_known or connection.execute(asked).scalar_one() >= MOST_ASKED:
                return False
            connection.execute(
                alerts.insert().values(
                    id=alert.id,
                    search_id=alert.search_id,
                    kind=alert.kind,
                    address=alert.address,
                    pace=alert.pace,
                    locale=alert.locale,
                    key=alert.key,
                    state=alert.state,
                    made_at=to_seconds(alert.made_at),
                    due_at=to_seconds(alert.due_at),
                )
            )
            return True

    def get(self, alert_id: str) -> Alert:
        """One alert.

        Raises:
            NotFound: there is none of this id, or it was ended.
        """
        with self._database.read() as connection:
            row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
        if row is None:
            raise NotFound(
                f"There is no alert {alert_id[:40]!r}: nothing is sent for it.",
                hint="An alert that was ended, or never confirmed, leaves nothing behind.",
            )
        return alert_from(row)

    def all(self) -> tuple[tuple[Alert, SavedSearch], ...]:
        """Every alert with its search, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(alerts).order_by(alerts.c.made_at, alerts.c.id)).all()
            return tuple((alert_from(row), search_of(connection, row.search_id)) for row in rows)

    def confirm(self, alert_id: AlertId) -> None:
        """Let an alert live; nothing that was found before is told of."""
        with self._database.write() as connection:
            connection.execute(
                update(alerts)
                .where(alerts.c.id == alert_id, alerts.c.state == AlertState.ASKED)
                .values(state=AlertState.LIVE, due_at=None, attempts=0, problem="")
            )

    def remove(self, alert_id: AlertId) -> None:
        """End an alert: its address and all that was noted for it are gone."""
        with self._database.write() as connection:
            _remove(connection, alerts.c.id == alert_id)

    def forget_unconfirmed(self, before: datetime) -> None:
        """Forget addresses that never said yes."""
        with self._database.write() as connection:
            _remove(
                connection,
                and_(alerts.c.state == AlertState.ASKED, alerts.c.made_at < to_seconds(before)),
            )

    # finding

    def fresh(self, limit: int) -> tuple[FreshText, ...]:
        """Some of the texts that nobody looked at yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(fresh).limit(limit)).all()
        return tuple(
            FreshText(
                broadcast_id=BroadcastId(row.broadcast_id),
                transcript_id=TranscriptId(row.transcript_id),
            )
            for row in rows
        )

    def watched(self) -> tuple[SavedSearch, ...]:
        """The saved searches that some live alert follows."""
        is_followed = exists().where(alerts.c.search_id == saved_searches.c.id, _IS_LIVE)
        with self._database.read() as connection:
            rows = connection.execute(SELECT_SEARCH.where(is_followed)).all()
        return tuple(search_from(row) for row in rows)

    def record(
        self,
        text: FreshText,
        found: Sequence[tuple[SavedSearch, Sequence[Finding]]],
        now: datetime,
    ) -> int:
        """Note what a text has for each search and was not there before, for each who follows it.

        Of several workers that looked, the first notes; a text replaced meanwhile is looked at
        again.

        Returns:
            Passages noted.
        """
        with self._database.write() as connection:
            taken = connection.execute(
                fresh.delete().where(
                    fresh.c.broadcast_id == text.broadcast_id,
                    fresh.c.transcript_id == text.transcript_id,
                )
            )
            if not taken.rowcount:
                return 0
            count = 0
            for search, places in found:
                new = _unknown(connection, search, text.broadcast_id, places)
                if new:
                    _note(connection, search.id, new, now)
                    count += len(new)
            return count

    def complain(self, search_id: SearchId, problem: str) -> None:
        """Give up the alerts of a search that is not understood any more."""
        with self._database.write() as connection:
            connection.execute(
                update(alerts)
                .where(alerts.c.search_id == search_id, _IS_LIVE)
                .values(state=AlertState.PARKED, problem=problem, due_at=None)
            )

    def report(self) -> AlertReport:
        """How many there are in each state, and what was given up."""
        by_state = select(alerts.c.state, func.count()).group_by(alerts.c.state)
        parked = (
            select(alerts)
            .where(alerts.c.state == AlertState.PARKED)
            .order_by(alerts.c.made_at.desc())
            .limit(_PARKED_SHOWN)
        )
        troubled = select(alerts.c.problem).where(_IS_LIVE, alerts.c.problem != "").limit(1)
        unsent = select(func.count()).select_from(notices).where(~notices.c.is_sent)
        with self._database.read() as connection:
            states = connection.execute(by_state).all()
            rows = connection.execute(parked).all()
            return AlertReport(
                states={AlertState(state): count for state, count in states},
                waiting=connection.execute(unsent).scalar_one(),
                parked=tuple(
                    ParkedAlert(
                        id=AlertId(row.id),
                        kind=AlertKind(row.kind),
                        attempts=row.attempts,
                        problem=row.problem,
                    )
                    for row in rows
                ),
                problem=connection.execute(troubled).scalar() or "",
            )


def search_of(connection: Connection, search_id: str) -> SavedSearch:
    """The search that an alert follows."""
    return search_from(
        connection.execute(SELECT_SEARCH.where(saved_searches.c.id == search_id)).one()
    )


def _unknown(
    connection: Connection,
    search: SavedSearch,
    broadcast_id: BroadcastId,
    places: Sequence[Finding],
) -> list[Finding]:
    """The passages that were neither saved with the search nor found since.

    Where not all hits were saved, nobody can tell what is new in a text older than the search.
    """
    if not places:
        return []
    if not search.is_whole:
        oldest = connection.execute(
            select(func.min(transcripts.c.created_at)).where(
                transcripts.c.broadcast_id == broadcast_id
            )
        ).scalar()
        if oldest is not None and oldest <= (to_seconds(search.made_at) or 0):
            return []
    known: list[Finding] = []
    for table in (saved_hits, findings):
        rows = connection.execute(
            select(table.c.language, table.c.start_ms, table.c.end_ms).where(
                table.c.search_id == search.id, table.c.broadcast_id == broadcast_id
            )
        ).all()
        known += [finding_from(row, broadcast_id) for row in rows]
    return [place for place in places if not any(_covers(each, place) for each in known)]


def _covers(known: Finding, place: Finding) -> bool:
    """Whether a passage begins in one that was told of: whoever listened there has heard it."""
    return (
        known.language == place.language
        and known.start_ms - ROOM_MS <= place.start_ms < known.end_ms
    )


def _note(
    connection: Connection, search_id: SearchId, places: Sequence[Finding], now: datetime
) -> None:
    followers = connection.execute(
        select(alerts).where(alerts.c.search_id == search_id, _IS_LIVE)
    ).all()
    for place in places:
        finding_id = connection.execute(
            findings.insert()
            .values(
                search_id=search_id,
                broadcast_id=place.broadcast_id,
                language=place.language,
                start_ms=place.start_ms,
                end_ms=place.end_ms,
                found_at=to_seconds(now),
            )
            .returning(findings.c.id)
        ).scalar_one()
        if followers:
            connection.execute(
                notices.insert(),
                [{"alert_id": row.id, "finding_id": finding_id} for row in followers],
            )
    for row in followers:
        connection.execute(
            update(alerts)
            .where(alerts.c.id == row.id, alerts.c.due_at.is_(None))
            .values(due_at=to_seconds(Pace(row.pace).next_after(now)))
        )


def _remove(connection: Connection, chosen: ColumnElement[bool]) -> None:
    gone = list(connection.scalars(select(alerts.c.id).where(chosen)).all())
    connection.execute(notices.delete().where(notices.c.alert_id.in_(gone)))
    connection.execute(alerts.delete().where(alerts.c.id.in_(gone)))


def finding_from(row: AnyRow, broadcast_id: BroadcastId) -> Finding:
    """A row that carries the place of a passage."""
    return Finding(
        broadcast_id=broadcast_id,
        language=LanguageTag(row.language),
        start_ms=Milliseconds(row.start_ms),
        end_ms=Milliseconds(row.end_ms),
    )


def alert_from(row: AnyRow) -> Alert:
    """A whole row of ``alerts``."""
    made_at = to_datetime(row.made_at)
    assert made_at is not None  # noqa: S101 (the column is not null)
    return Alert(
        id=AlertId(row.id),
        search_id=SearchId(row.search_id),
        kind=AlertKind(row.kind),
        address=row.address,
        pace=Pace(row.pace),
        locale=row.locale,
        key=row.key,
        state=AlertState(row.state),
        made_at=made_at,
        due_at=to_datetime(row.due_at),
        attempts=row.attempts,
        problem=row.problem,
    )
