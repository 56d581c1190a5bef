"""What the catalogue holds, what it lacks, and what can be searched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, true

from radio_archive.catalogue.remembered import Remembered
from radio_archive.catalogue.versions import IS_SEARCHED
from radio_archive.db import Database
from radio_archive.db.schema import (
    broadcasts,
    fingerprints,
    indexed,
    jobs,
    passages,
    programmes,
    recordings,
    renditions,
    sound_maps,
    transcripts,
)
from radio_archive.model import (
    ENGLISH,
    SPOKEN_KINDS,
    TRANSLATED_KINDS,
    UNDETERMINED,
    BroadcastId,
    BroadcastState,
    Coverage,
    JobKind,
    JobState,
    LanguageTag,
    MonthCoverage,
    Track,
    TranscriptKind,
    Trust,
)

MS_PER_HOUR = 3_600_000

CURRENT = and_(transcripts.c.broadcast_id == broadcasts.c.id, transcripts.c.is_current)


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
        statement = _WITHOUT[kind](expected)
        if only is not None:
            statement = statement.where(broadcasts.c.id == only)
        has_job = exists().where(
            jobs.c.broadcast_id == broadcasts.c.id, jobs.c.kind == kind, _still_fits(kind)
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
        statement = _without_transcript("").where(broadcasts.c.id == broadcast_id)
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
        ).group_by("has_text", broadcasts.c.problem, "is_silent", "is_undetermined")
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


def _still_fits(kind: JobKind) -> ColumnElement[bool]:
    """Whether a job asks for an engine of the language its broadcast has now.

    One that a worker holds is left to it, and one that was given up to a person.
    """
    if kind not in SPOKEN_KINDS:
        return true()
    is_asked = jobs.c.needs == literal(f"{kind} ") + broadcasts.c.language
    return or_(is_asked, jobs.c.state.in_((JobState.HELD, JobState.PARKED)))


def _base() -> Select[tuple[str, str]]:
    return select(broadcasts.c.id, broadcasts.c.language)


def _without_recording(_expected: str) -> Select[tuple[str, str]]:
    return _base().where(
        broadcasts.c.recording_key.is_(None),
        broadcasts.c.audio_url.is_not(None),
        broadcasts.c.problem.is_(None),
    )


def _without_renditions(expected: str) -> Select[tuple[str, str]]:
    names = expected.split(",")
    ready = (
        select(func.count())
        .where(
            renditions.c.recording_key == broadcasts.c.recording_key,
            renditions.c.name.in_(names),
        )
        .scalar_subquery()
    )
    return _base().where(
        broadcasts.c.recording_key.is_not(None),
        or_(
            broadcasts.c.problem.is_(None),
            broadcasts.c.problem == BroadcastState.NOT_TRANSCRIBED,
        ),
        ready < len(names),
    )


def _without_fingerprint(expected: str) -> Select[tuple[str, str]]:
    """No fingerprint of this version, or one that was not compared with the others yet."""
    is_there = exists().where(
        fingerprints.c.recording_key == broadcasts.c.recording_key,
        fingerprints.c.version == expected,
        fingerprints.c.is_compared,
    )
    return _of_sound(~is_there)


def _without_sound_map(expected: str) -> Select[tuple[str, str]]:
    """No map of this version; whoever speaks which language, and whatever became of the text."""
    is_mapped = exists().where(
        sound_maps.c.recording_key == broadcasts.c.recording_key,
        sound_maps.c.version == int(expected),
    )
    return _of_sound(~is_mapped)


def _of_sound(is_wanted: ColumnElement[bool]) -> Select[tuple[str, str]]:
    """Broadcasts with a recording that can be decoded."""
    return _base().where(
        broadcasts.c.recording_key.is_not(None),
        broadcasts.c.problem.is_distinct_from(BroadcastState.BAD_RECORDING),
        is_wanted,
    )


def _without_transcript(_expected: str) -> Select[tuple[str, str]]:
    """No text yet, or a machine's text in a language that has since been corrected.

    What was carried over counts as a machine's, and only while its source is current.
    """
    carried_from, source = transcripts.c.carried_from, transcripts.alias("source")
    fits = exists().where(
        CURRENT,
        or_(
            and_(transcripts.c.kind != TranscriptKind.MACHINE, carried_from.is_(None)),
            transcripts.c.language == broadcasts.c.language,
        ),
        or_(
            carried_from.is_(None),
            exists().where(source.c.id == carried_from, source.c.is_current),
        ),
    )
    return _base().where(
        broadcasts.c.recording_key.is_not(None),
        broadcasts.c.language != UNDETERMINED,
        or_(
            broadcasts.c.problem.is_(None),
            broadcasts.c.problem == BroadcastState.NOT_TRANSCRIBED,
        ),
        ~fits,
    )


def _without_index(expected: str) -> Select[tuple[str, str]]:
    """What is current has changed since: see `transcripts.SELECT_VERSION`."""
    newest = (
        select(func.max(transcripts.c.id))
        .where(
            transcripts.c.broadcast_id == broadcasts.c.id,
            or_(transcripts.c.is_current, transcripts.c.is_track),
        )
        .correlate(broadcasts)
        .scalar_subquery()
    )
    is_indexed = exists().where(
        indexed.c.broadcast_id == broadcasts.c.id,
        indexed.c.transcript_id == newest,
        indexed.c.revision == broadcasts.c.revision,
        indexed.c.fingerprint == expected,
    )
    return _base().where(newest.is_not(None), ~is_indexed)


def _without_translation(expected: str) -> Select[tuple[str, str]]:
    """No English beside what was said, or a machine's that was made from an earlier transcript."""
    said, english = transcripts.alias("said"), transcripts.alias("english")
    has_english = exists().where(
        english.c.broadcast_id == said.c.broadcast_id,
        english.c.is_track,
        english.c.kind == TranscriptKind.TRANSLATION,
        english.c.language == ENGLISH,
        or_(english.c.made_from.is_(None), english.c.made_from == said.c.id),
    )
    lacks_english = exists().where(
        said.c.broadcast_id == broadcasts.c.id,
        said.c.is_current,
        said.c.kind.in_(TRANSLATED_KINDS),
        said.c.language == broadcasts.c.language,
        ~has_english,
    )
    return _base().where(
        broadcasts.c.recording_key.is_not(None),
        broadcasts.c.language.in_(expected.split(",")),
        lacks_english,
    )


_WITHOUT = {
    JobKind.DOWNLOAD: _without_recording,
    JobKind.PREPARE: _without_renditions,
    JobKind.MAP: _without_sound_map,
    JobKind.FINGERPRINT: _without_fingerprint,
    JobKind.TRANSCRIBE: _without_transcript,
    JobKind.INDEX: _without_index,
    JobKind.TRANSLATE: _without_translation,
}
