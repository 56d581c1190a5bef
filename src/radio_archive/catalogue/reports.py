"""What the catalogue holds, what it lacks, and what can be searched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from radio_archive.catalogue.hidden import IS_SHOWN
from radio_archive.catalogue.lacks import CURRENT, lacking, still_fits
from radio_archive.catalogue.remembered import Remembered
from radio_archive.catalogue.versions import IS_SEARCHED
from radio_archive.db import Database
from radio_archive.db.schema import (
    broadcasts,
    jobs,
    passages,
    programmes,
    recordings,
    transcripts,
)
from radio_archive.model import (
    UNDETERMINED,
    BroadcastId,
    BroadcastState,
    Coverage,
    JobKind,
    LanguageTag,
    MonthCoverage,
    Track,
    TranscriptKind,
    Trust,
)

MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The archive in numbers."""

    broadcasts: int
    programmes: int
    hours: float
    transcribed_hours: float
    states: dict[str, int]


class Reports:
    """Questions about the whole archive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._coverage = Remembered(database, self._count_coverage)
        self._months = Remembered(database, self._count_months)
        self._totals = Remembered(database, self._count_totals)

    def without(
        self, kind: JobKind, *, expected: str = "", only: BroadcastId | None = None
    ) -> list[tuple[BroadcastId, LanguageTag]]:
        """Broadcasts that still need a step, with their language; those with a job are left out.

        Args:
            kind: the step.
            expected: for ``index``, ``map`` and ``fingerprint`` the version; for ``prepare`` the
                names of the renditions and for ``translate`` the languages it is wanted from,
                separated by commas.
            only: look at this broadcast alone; None looks at all.
        """
        statement = lacking(kind, expected)
        if only is not None:
            statement = statement.where(broadcasts.c.id == only)
        has_job = exists().where(
            jobs.c.broadcast_id == broadcasts.c.id, jobs.c.kind == kind, still_fits(kind)
        )
        with self._database.read() as connection:
            rows = connection.execute(
                statement.where(~has_job).order_by(
                    broadcasts.c.aired_at.is_(None), broadcasts.c.aired_at.desc(), broadcasts.c.id
                )
            ).all()
        return [(BroadcastId(row.id), LanguageTag(row.language)) for row in rows]

    def lacks_transcript(self, broadcast_id: BroadcastId) -> bool:
        """Whether a broadcast is still to be written down by a machine, job or none."""
        statement = lacking(JobKind.TRANSCRIBE, "").where(broadcasts.c.id == broadcast_id)
        with self._database.read() as connection:
            return connection.execute(statement).first() is not None

    def coverage(self) -> tuple[Coverage, ...]:
        """What can be searched in each language, most broadcasts first; see `Remembered`."""
        return self._coverage.get()

    def _count_coverage(self) -> tuple[Coverage, ...]:
        statement = _amounts(broadcasts.c.language).order_by(
            func.count(broadcasts.c.id).desc(), broadcasts.c.language
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            Coverage(
                language=LanguageTag(row.language),
                broadcasts=row.broadcasts,
                hours=_hours(row.held),
                transcribed_hours=_hours(row.transcribed),
                checked_hours=_hours(row.checked),
            )
            for row in rows
        )

    def tracks(self, broadcast_id: str) -> tuple[Track, ...]:
        """The texts of a broadcast that are searched: the current one, then by language.

        A translation in which nothing could be translated is left out.
        """
        table = transcripts.c
        has_text = exists().where(passages.c.transcript_id == table.id)
        statement = (
            select(table.language, table.kind, table.is_current, table.trust)
            .where(table.broadcast_id == broadcast_id, IS_SEARCHED, or_(table.is_current, has_text))
            .order_by(table.is_current.desc(), table.language, table.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            Track(
                language=LanguageTag(row.language),
                kind=TranscriptKind(row.kind),
                is_current=row.is_current,
                trust=Trust(row.trust),
            )
            for row in rows
        )

    def months(
        self, language: LanguageTag | None = None, programme_id: str | None = None
    ) -> tuple[MonthCoverage, ...]:
        """What can be searched of each month, by language and newest month first.

        Broadcasts without a date make a row without a month, the last of its language.

        Args:
            language: only this one; None for all.
            programme_id: only of this one, counted at each call; None for all.
        """
        rows = self._months.get() if programme_id is None else self._count_months(programme_id)
        return tuple(row for row in rows if language in (None, row.language))

    def _count_months(self, programme_id: str | None = None) -> tuple[MonthCoverage, ...]:
        month = func.substr(self._database.day_of(broadcasts.c.aired_at), 1, 7).label("month")
        statement = _amounts(broadcasts.c.language, month).order_by(
            broadcasts.c.language, month.is_(None), month.desc()
        )
        if programme_id is not None:
            statement = statement.where(broadcasts.c.programme_id == programme_id)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            MonthCoverage(
                language=LanguageTag(row.language),
                month=row.month,
                broadcasts=row.broadcasts,
                hours=_hours(row.held),
                transcribed_hours=_hours(row.transcribed),
                checked_hours=_hours(row.checked),
            )
            for row in rows
        )

    def totals(self) -> Totals:
        """Broadcasts, programmes, hours and states; see `Remembered`."""
        return self._totals.get()

    def _count_totals(self) -> Totals:
        covered = self.coverage()
        has_text = exists().where(CURRENT)
        statement = select(
            has_text.label("has_text"),
            broadcasts.c.problem,
            broadcasts.c.recording_key.is_(None).label("is_silent"),
            (broadcasts.c.language == UNDETERMINED).label("is_undetermined"),
            func.count().label("count"),
        ).where(IS_SHOWN)
        statement = statement.group_by(
            "has_text", broadcasts.c.problem, "is_silent", "is_undetermined"
        )
        states: Counter[str] = Counter()
        with self._database.read() as connection:
            for row in connection.execute(statement).all():
                states[
                    _state_of(row.has_text, row.problem, row.is_silent, row.is_undetermined)
                ] += row._mapping["count"]
            shelf = connection.execute(select(func.count()).select_from(programmes)).scalar_one()
        return Totals(
            broadcasts=sum(states.values()),
            programmes=shelf,
            hours=round(sum(row.hours for row in covered), 4),
            transcribed_hours=round(sum(row.transcribed_hours for row in covered), 4),
            states=dict(states),
        )


def _amounts(*keys: ColumnElement[Any]) -> Select[Any]:
    """Broadcasts and milliseconds by ``keys``; a translation beside the text counts for nothing."""
    duration = func.coalesce(recordings.c.duration_ms, 0)
    has_text = transcripts.c.id.is_not(None)
    checked = and_(has_text, transcripts.c.trust == Trust.CHECKED)
    return (
        select(
            *keys,
            func.count(broadcasts.c.id).label("broadcasts"),
            func.sum(duration).label("held"),
            func.sum(case((has_text, duration), else_=0)).label("transcribed"),
            func.sum(case((checked, duration), else_=0)).label("checked"),
        )
        .select_from(broadcasts.outerjoin(recordings).outerjoin(transcripts, CURRENT))
        .where(IS_SHOWN)
        .group_by(*keys)
    )


def _hours(milliseconds: int) -> float:
    return round(int(milliseconds) / MS_PER_HOUR, 4)


def _state_of(
    has_text: bool, problem: str | None, is_silent: bool, is_undetermined: bool
) -> BroadcastState:
    if has_text:
        return BroadcastState.TRANSCRIBED
    if problem is not None:
        return BroadcastState(problem)
    if is_silent:
        return BroadcastState.NO_RECORDING
    return BroadcastState.LANGUAGE_UNKNOWN if is_undetermined else BroadcastState.WAITING
