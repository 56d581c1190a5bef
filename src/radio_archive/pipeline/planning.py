"""What is to be done: everything the catalogue lacks, asked for as jobs."""

from __future__ import annotations

from collections.abc import Iterator

from radio_archive.audio import RENDITIONS
from radio_archive.errors import NoEngine
from radio_archive.model import (
    SPOKEN_KINDS,
    BroadcastId,
    BroadcastState,
    Job,
    JobKind,
    LanguageTag,
    need_of,
)
from radio_archive.pipeline.fingerprinting import VERSION, can_fingerprint
from radio_archive.pipeline.parts import Parts
from radio_archive.pipeline.transcripts import require_engine
from radio_archive.sound_map import VERSION as MAP_VERSION


def plan(parts: Parts) -> int:
    """Ask for everything the catalogue lacks; returns how many jobs are new."""
    return _plan(parts)


def plan_after(parts: Parts, job: Job) -> int:
    """Ask for what one broadcast lacks now that a job of it has ended.

    What has to be done elsewhere because of it is found by `plan`.
    """
    new = _plan(parts, job)
    if job.kind in SPOKEN_KINDS and JobKind.INDEX not in parts.kinds:
        # whoever keeps the index need not look for it
        new += parts.jobs.put(JobKind.INDEX, [job.broadcast_id], job)
    return new


def _plan(parts: Parts, after: Job | None = None) -> int:
    only = None if after is None else after.broadcast_id
    new = 0
    for kind, expected in _wanted(parts):
        lacking = parts.catalogue.reports.without(kind, expected=expected, only=only)
        if kind is JobKind.TRANSCRIBE:
            lacking = _writable(parts, lacking)
        new += parts.jobs.put(kind, [broadcast_id for broadcast_id, _ in lacking], after)
    return new


def _wanted(parts: Parts) -> Iterator[tuple[JobKind, str]]:
    """The steps to be asked for, and what each is expected to leave behind.

    Whether there is an index or a fingerprint to be made, only those know who make it.
    """
    yield JobKind.DOWNLOAD, ""
    yield JobKind.PREPARE, ",".join(spec.name for spec in RENDITIONS)
    yield JobKind.MAP, str(MAP_VERSION)
    if JobKind.INDEX in parts.kinds:
        yield JobKind.INDEX, parts.index().fingerprint
    if JobKind.FINGERPRINT in parts.kinds and can_fingerprint(parts):
        yield JobKind.FINGERPRINT, VERSION
    if JobKind.TRANSLATE in parts.kinds:
        translated = filter(parts.translates, map(LanguageTag, parts.transcribed_languages))
        if languages := ",".join(sorted(translated)):
            yield JobKind.TRANSLATE, languages
    yield JobKind.TRANSCRIBE, ""


Lacking = list[tuple[BroadcastId, LanguageTag]]
"""Broadcasts without something, and what is spoken in them."""


def _writable(parts: Parts, lacking: Lacking) -> Lacking:
    """Those an engine knows, here or at another worker; the others are marked with the reason."""
    reasons: dict[LanguageTag, str] = {}
    for language in {language for _, language in lacking}:
        try:
            _require_writer(parts, language)
        except NoEngine as error:
            reasons[language] = str(error)
    if reasons:
        answered = parts.jobs.workers.needs_answered()
        for language in list(reasons):
            if need_of(JobKind.TRANSCRIBE, language) in answered:
                del reasons[language]
    for language, reason in reasons.items():
        unwritten = [broadcast_id for broadcast_id, tag in lacking if tag == language]
        parts.catalogue.broadcasts.set_problems(unwritten, BroadcastState.NOT_TRANSCRIBED, reason)
    return [each for each in lacking if each[1] not in reasons]


def _require_writer(parts: Parts, language: LanguageTag) -> None:
    """Refuse what nobody can write down; who does not transcribe leaves it to those who do."""
    if JobKind.TRANSCRIBE in parts.kinds or language not in parts.transcribed_languages:
        require_engine(parts, language)
