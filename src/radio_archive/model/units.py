"""Ids, units and the words for states: what every other record is made of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

from radio_archive.errors import BadInput
from radio_archive.languages.tags import UNDETERMINED as UNDETERMINED
from radio_archive.languages.tags import LanguageTag as LanguageTag

Milliseconds = NewType("Milliseconds", int)
"""Whole milliseconds from the start of a recording, or a length in milliseconds."""

ProgrammeId = NewType("ProgrammeId", str)
"""Slug of a programme: lower-case ASCII letters, digits and hyphens."""

BroadcastId = NewType("BroadcastId", str)
"""Stable id of a broadcast: 16 lower-case hexadecimal digits."""

TranscriptId = NewType("TranscriptId", int)
"""Number of a transcript in the catalogue."""

RecordingKey = NewType("RecordingKey", str)
"""SHA-256 of the recording's bytes, 64 lower-case hexadecimal digits."""


def require_aware(moment: datetime | None, name: str) -> None:
    """Refuse a datetime without a time zone.

    Raises:
        BadInput: ``moment`` is naive.
    """
    if moment is not None and moment.tzinfo is None:
        raise BadInput(f"{name} {moment.isoformat()} has no time zone.", hint="Add Z or +00:00.")


UNSURE = "unsure"
"""Written where a language is asked for and nobody can say which one is spoken."""


class BroadcastState(StrEnum):
    """Where a broadcast stands; shown to people, derived work follows from it."""

    NO_RECORDING = "no_recording"  #: the page names it, the sound is gone or was never there
    BAD_RECORDING = "bad_recording"  #: there is a file, and it cannot be used
    LANGUAGE_UNKNOWN = "language_unknown"  #: language ``und``: waits for a person
    WAITING = "waiting"  #: to be transcribed
    TRANSCRIBED = "transcribed"  #: has a current transcript
    NOT_TRANSCRIBED = "not_transcribed"  #: no configured engine knows the language
    FAILED = "failed"  #: transcription was tried and given up; a person should look


class TranscriptKind(StrEnum):
    """Where a transcript comes from."""

    MACHINE = "machine"
    IMPORTED = "imported"
    CORRECTED = "corrected"
    TRANSLATION = "translation"
    REDACTED = "redacted"


class Trust(StrEnum):
    """How far a transcript may be believed; printed beside every hit."""

    CHECKED = "checked"  #: a person listened and corrected
    IMPORTED = "imported"  #: came from people outside, not checked here
    MACHINE = "machine"  #: an engine that knows the language well
    MACHINE_WEAK = "machine-weak"  #: an engine that often errs in this language or on this sound


class Band(StrEnum):
    """How sure a machine was of a sentence or a passage: three bands, for no percentage holds.

    What they are worth is measured: ``docs/transcription.md``.
    """

    GOOD = "good"  #: about every eighth word is wrong
    WEAK = "weak"  #: about every third word is wrong
    UNSURE = "unsure"  #: to be listened to before it is believed


class Match(StrEnum):
    """Which spelling of a word was found, best first."""

    EXACT = "exact"  #: the very spelling, case aside
    FOLDED = "folded"  #: the same word by the language's spelling rules
    ALIAS = "alias"  #: another name of the same thing
    CLOSE = "close"  #: shares most letters
    TRANSLATED = "translated"  #: said in another language
    MEANING = "meaning"  #: holds none of the words, and may say the same


class GapReason(StrEnum):
    """Why a stretch of a recording has no text."""

    OTHER_LANGUAGE = "other_language"  #: somebody speaks, in no language the engine was asked for
    NO_WORDS = "no_words"  #: sounded like speech, the engine heard no words
    NOT_BELIEVED = "not_believed"  #: the engine wrote something that nobody can have said
    WITHDRAWN = "withdrawn"  #: the station took out what is said there, and the sound
    NOT_TRANSLATED = "not_translated"  #: in a translation: the engine repeated what was said
