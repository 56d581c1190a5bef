"""Which broadcasts still need a step: one question for each kind of job."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true

from radio_archive.catalogue.hidden import HAS_HIDDEN, IS_SHOWN
from radio_archive.catalogue.renewals import IS_ASKED
from radio_archive.db.schema import (
    broadcasts,
    fingerprints,
    indexed,
    jobs,
    renditions,
    sound_maps,
    transcripts,
)
from radio_archive.db.withdrawal_tables import muted_renditions
from radio_archive.model import (
    ENGLISH,
    SPOKEN_KINDS,
    TRANSLATED_KINDS,
    UNDETERMINED,
    BroadcastState,
    JobKind,
    JobState,
    TranscriptKind,
)

CURRENT = and_(transcripts.c.broadcast_id == broadcasts.c.id, transcripts.c.is_current)


def lacking(kind: JobKind, expected: str) -> Select[tuple[str, str]]:
    """The broadcasts that still need a step, with their language; see `Reports.without`.

    What is withdrawn needs nothing but to leave the index.
    """
    statement = _WITHOUT[kind](expected)
    return statement if kind is JobKind.INDEX else statement.where(IS_SHOWN)


def still_fits(kind: JobKind) -> ColumnElement[bool]:
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
    """Not all of these names, or not all of them without the stretches that are hidden."""
    names = expected.split(",")
    ready = (
        select(func.count())
        .where(
            renditions.c.recording_key == broadcasts.c.recording_key,
            renditions.c.name.in_(names),
        )
        .scalar_subquery()
    )
    muted = (
        select(func.count())
        .where(
            muted_renditions.c.broadcast_id == broadcasts.c.id,
            muted_renditions.c.recording_key == broadcasts.c.recording_key,
            muted_renditions.c.name.in_(names),
        )
        .scalar_subquery()
    )
    return _base().where(
        broadcasts.c.recording_key.is_not(None),
        or_(
            broadcasts.c.problem.is_(None),
            broadcasts.c.problem == BroadcastState.NOT_TRANSCRIBED,
        ),
        or_(ready < len(names), and_(HAS_HIDDEN, muted < len(names))),
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
    """No text yet, a machine's text in a language that has since been corrected, or another wanted.

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
        or_(~fits, IS_ASKED),
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
