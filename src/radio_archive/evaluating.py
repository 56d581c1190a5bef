"""Judging a transcript by what people say was said: the use case around `evaluation`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from radio_archive.errors import BadInput
from radio_archive.evaluation import evaluate
from radio_archive.importing import read_bytes, windows_encoding
from radio_archive.imports import UNTIMED, find_format, read_file, settle
from radio_archive.imports.decoding import decode
from radio_archive.imports.provenance import find_tag
from radio_archive.imports.txt import has_times
from radio_archive.languages.comparison import ComparisonRules, compared_words
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import (
    UNDETERMINED,
    Evaluation,
    LanguageTag,
    Milliseconds,
    Progress,
    Segment,
    Transcript,
)
from radio_archive.pipeline import Parts, require_engine, transcribe_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceOptions:
    """How a reference is read and compared; all as typed."""

    language: str | None = None  #: spoken in a sound file; a broadcast knows its own
    format_name: str | None = None  #: None: the end of the file's name
    encoding: str | None = None  #: None: recognised
    counts_hesitations: bool = False  #: whether *euh* is a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What people say was said in one recording."""

    segments: tuple[Segment, ...]
    has_times: bool
    rules: ComparisonRules
    notes: tuple[str, ...]  #: one sentence each: what was mended or left out


def read_reference(
    path: Path,
    language: LanguageTag,
    duration_ms: Milliseconds | None,
    options: ReferenceOptions,
) -> Reference:
    """Read a reference in any import format; text without times will do.

    Args:
        path: the file.
        language: of the transcript it is for.
        duration_ms: of the recording; None when nobody knows.
        options: how to read and compare it.

    Raises:
        NotFound: no such file.
        BadImport: it cannot be read, or is another recording's.
        BadInput: it is in another language, or holds no words.
        UnknownFormat: the format is none of those we read.
    """
    chosen = find_format(path.name, options.format_name)
    data, windows = read_bytes(path), windows_encoding(language)
    is_timed = chosen.name != UNTIMED.name or has_times(
        decode(data, path.name, options.encoding, windows).text
    )
    found = read_file(
        data,
        path.name,
        chosen if is_timed else UNTIMED,
        encoding=options.encoding,
        windows=windows,
    )
    stated = find_tag(found.content.language)
    if stated not in (None, UNDETERMINED, language):
        raise BadInput(
            f"{path.name} says it is in {stated}, the transcript is in {language}.",
            hint=f"Choose the text in {stated} with --language, or another reference.",
        )
    settled = settle(found.content.cues, path.name, duration_ms)
    rules = ComparisonRules(language=language, drops_hesitations=not options.counts_hesitations)
    if not any(compared_words(segment.text, rules) for segment in settled.segments):
        raise BadInput(
            f"{path.name} holds no words to compare with.",
            hint="Give the file that holds what was said.",
        )
    return Reference(
        segments=settled.segments,
        has_times=is_timed,
        rules=rules,
        notes=(*found.notes, *settled.notes),
    )


def compare(transcript: Transcript, reference: Reference) -> Evaluation:
    """Compare a transcript with a reference that was read for it."""
    evaluation = evaluate(
        transcript, reference.segments, reference.rules, has_times=reference.has_times
    )
    return replace(evaluation, notes=reference.notes)


def evaluate_sound(
    parts: Parts,
    sound: Path,
    reference_path: Path,
    options: ReferenceOptions,
    on_progress: Callable[[Progress], None],
) -> Evaluation:
    """Transcribe a sound file as the archive would, and compare; nothing is stored.

    Raises:
        BadInput: nobody said the language.
        AudioError: the sound cannot be decoded.
        NoEngine: no configured engine knows the language.
        TranscriptionError: the engine failed.
    """
    if options.language is None:
        raise BadInput(
            f"Nobody said which language is spoken in {sound.name}.", hint="Give --language."
        )
    language = normalise_tag(options.language)
    require_engine(parts, language)
    duration_ms = parts.audio().probe(sound).duration_ms
    reference = read_reference(reference_path, language, duration_ms, options)
    return compare(transcribe_file(parts, sound, language, duration_ms, on_progress), reference)
