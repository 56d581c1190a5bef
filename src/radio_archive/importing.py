"""Taking in transcripts that others wrote: a file becomes the current transcript, or a track.

Everything is read and checked before anything is stored, and all of it is stored in one
transaction: a file that cannot be used leaves the archive as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from radio_archive.catalogue.versions import Version
from radio_archive.errors import (
    BadImport,
    BadInput,
    NotFound,
    SearchIndexError,
    UnknownLanguage,
)
from radio_archive.imports import (
    Cue,
    ReadFile,
    find_format,
    looks_bilingual,
    read_file,
    settle,
    take_apart,
)
from radio_archive.languages.registry import get_language, normalise_tag
from radio_archive.model import (
    UNDETERMINED,
    Broadcast,
    BroadcastId,
    ImportedTrack,
    LanguageTag,
    Outcome,
    Transcript,
    TranscriptImport,
    TranscriptKind,
    Trust,
)
from radio_archive.pipeline import Parts, make_searchable, renew
from radio_archive.search.passages import split_passages

#: largest file read, in bytes; a day's words with their times are a tenth of it
MAX_BYTES = 64_000_000

#: the Windows encoding of texts in a right-to-left script; of all others
_WINDOWS = {"rtl": "cp1256", "ltr": "cp1252"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the person who imports says of the file; all as typed."""

    language: str | None = None  #: a tag, or two for cues in two languages: ``bm+fr``
    format_name: str | None = None  #: None: the end of the file's name
    kind: str = TranscriptKind.IMPORTED  #: ``imported`` or ``translation``
    encoding: str | None = None  #: None: recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """One language of the file, and what it is to the broadcast."""

    language: LanguageTag
    kind: TranscriptKind
    is_track: bool
    cues: Sequence[Cue]


def import_transcript(
    parts: Parts, broadcast_id: str, path: Path, options: ImportOptions
) -> TranscriptImport:
    """Store a transcript file as the broadcast's transcript or a track, and make it searchable.

    Raises:
        NotFound: no such broadcast, or no such file.
        BadImport: the file cannot be read as a transcript of this recording.
        BadInput: the options make no sense for this broadcast or file.
        UnknownLanguage: a tag is none of the registry's.
        UnknownFormat: the format is none of those we read.
    """
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    told = _told_languages(options.language)
    kind = _kind(options.kind, told)
    chosen = find_format(path.name, options.format_name)
    spoken = told[0] if told else broadcast.language
    found = read_file(
        read_bytes(path),
        path.name,
        chosen,
        encoding=options.encoding,
        windows=windows_encoding(spoken),
    )
    texts, notes = _texts(broadcast, found, told, kind)
    transcripts, settling_notes = _transcripts(broadcast, found, texts, path.name)
    is_known = _is_known(parts, broadcast.id, transcripts)
    if not is_known:
        versions = [
            Version(
                transcript=transcript,
                passages=split_passages(transcript, broadcast),
                is_track=text.is_track,
            )
            for text, transcript in zip(texts, transcripts, strict=True)
        ]
        parts.catalogue.transcripts.add_together(
            broadcast.id, versions, language=_language_to_take(broadcast, told, kind)
        )
        for text, transcript in zip(texts, transcripts, strict=True):
            if not text.is_track and transcript.is_machine_s:
                renew(parts, broadcast, transcript)
    return TranscriptImport(
        broadcast_id=broadcast.id,
        title=broadcast.title,
        outcome=Outcome.UNCHANGED if is_known else Outcome.ADDED,
        format_name=found.format_name,
        encoding=found.encoding,
        tracks=_stored(parts, broadcast.id, transcripts),
        is_searchable=_index(parts, broadcast.id),
        notes=tuple(dict.fromkeys((*found.notes, *notes, *settling_notes))),
    )


def windows_encoding(language: str) -> str:
    """The encoding of lines in a language that are not UTF-8."""
    return _WINDOWS[get_language(language).direction]


def read_bytes(path: Path) -> bytes:
    """All of a transcript file.

    Raises:
        NotFound: there is none.
        BadImport: it is larger than any transcript.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", hint="Check the spelling.")
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadImport(
            f"{path.name} is larger than {MAX_BYTES:,} bytes, more than any transcript.",
            hint="Check that it is the transcript and not the sound.",
        )
    return data


def _told_languages(stated: str | None) -> tuple[LanguageTag, ...]:
    if stated is None:
        return ()
    tags = tuple(normalise_tag(tag) for tag in stated.split("+"))
    if len(tags) > 2 or len(set(tags)) < len(tags) or UNDETERMINED in tags:
        raise BadInput(
            f"{stated[:40]!r} does not say one language, or two different ones.",
            hint="Write one tag, or two for cues with a line in each: bm+fr.",
        )
    return tags


def _kind(stated: str, told: Sequence[LanguageTag]) -> TranscriptKind:
    if stated not in (TranscriptKind.IMPORTED, TranscriptKind.TRANSLATION):
        raise BadInput(
            f"A file cannot be imported as {stated[:40]!r}.",
            hint="Choose imported (what was said) or translation.",
        )
    if len(told) == 2 and stated == TranscriptKind.TRANSLATION:
        raise BadInput(
            "Of two languages in a file only the second can be a translation.",
            hint="Leave --kind out: the first is taken as what was said.",
        )
    return TranscriptKind(stated)


def _texts(
    broadcast: Broadcast, found: ReadFile, told: Sequence[LanguageTag], kind: TranscriptKind
) -> tuple[list[_Text], tuple[str, ...]]:
    """What the file holds, by language, and what people should know of that."""
    content = found.content
    if len(told) == 2:
        return _two_texts(broadcast, found, told)
    language = told[0] if told else _language_of(broadcast, _find_stated(found), kind)
    notes = []
    if looks_bilingual(content.cues):
        notes.append(
            "Every cue has two lines: where the second is a translation, import the file again "
            f"with --language {language}+TAG."
        )
    if content.translation:
        notes.append(
            f"{len(content.translation):,} annotations that may be a translation left out: "
            f"keep them with --language {language}+TAG."
        )
    return [_text(broadcast, language, kind, content.cues)], tuple(notes)


def _two_texts(
    broadcast: Broadcast, found: ReadFile, told: Sequence[LanguageTag]
) -> tuple[list[_Text], tuple[str, ...]]:
    first, second = found.content.cues, found.content.translation
    notes: tuple[str, ...] = ()
    if not second:
        halves = take_apart(first)
        first, second, notes = halves.first, halves.second, halves.notes
    if not any(cue.lines for cue in second):
        raise BadImport(
            "No cue of the file has a line in a second language.",
            hint=f"Import it with --language {told[0]} alone.",
        )
    return [
        _text(broadcast, told[0], TranscriptKind.IMPORTED, first),
        _text(broadcast, told[1], TranscriptKind.TRANSLATION, second),
    ], notes


def _text(
    broadcast: Broadcast, language: LanguageTag, kind: TranscriptKind, cues: Sequence[Cue]
) -> _Text:
    is_translation = kind is TranscriptKind.TRANSLATION
    if is_translation and language == broadcast.language:
        raise BadInput(
            f"Broadcast {broadcast.id} is spoken in {language}: a text in {language} is no "
            "translation of it.",
            hint="Leave --kind out, or correct the broadcast's language.",
        )
    is_other = broadcast.language not in (UNDETERMINED, language)
    return _Text(language=language, kind=kind, is_track=is_translation or is_other, cues=cues)


def _find_stated(found: ReadFile) -> LanguageTag | None:
    """The language the file says, where it is one we know."""
    if found.content.language is None:
        return None
    try:
        return normalise_tag(found.content.language)
    except UnknownLanguage:
        return None


def _language_of(
    broadcast: Broadcast, stated: LanguageTag | None, kind: TranscriptKind
) -> LanguageTag:
    """The language of a file when nobody says it: the broadcast's, unless the file disagrees."""
    if kind is TranscriptKind.TRANSLATION:
        if stated is None:
            raise BadInput(
                "Nobody said which language the translation is in.", hint="Give --language."
            )
        return stated
    if broadcast.language == UNDETERMINED:
        return stated or UNDETERMINED
    if stated not in (None, UNDETERMINED, broadcast.language):
        raise BadInput(
            f"The file says it is in {stated}, broadcast {broadcast.id} is spoken in "
            f"{broadcast.language}.",
            hint=f"Say which with --language {stated} or --language {broadcast.language}.",
        )
    return broadcast.language


def _language_to_take(
    broadcast: Broadcast, told: Sequence[LanguageTag], kind: TranscriptKind
) -> LanguageTag | None:
    """What a broadcast whose language nobody knew is spoken in: only what somebody said."""
    if broadcast.language != UNDETERMINED or kind is TranscriptKind.TRANSLATION or not told:
        return None
    return told[0]


def _transcripts(
    broadcast: Broadcast, found: ReadFile, texts: Sequence[_Text], name: str
) -> tuple[list[Transcript], list[str]]:
    recording = broadcast.recording
    duration_ms = None if recording is None else recording.duration_ms
    parameters = {"file": name, "format": found.format_name, "encoding": found.encoding}
    transcripts: list[Transcript] = []
    notes: list[str] = []
    for text in texts:
        settled = settle(text.cues, name, duration_ms)
        notes += settled.notes
        transcripts.append(
            Transcript(
                language=text.language,
                segments=settled.segments,
                kind=text.kind,
                gaps=() if text.kind is TranscriptKind.TRANSLATION else found.content.gaps,
                engine=found.content.engine,
                parameters=MappingProxyType(parameters),
                trust=_trust(found.content.trust, text.language),
            )
        )
    return transcripts, notes


def _trust(stated: Trust | None, language: LanguageTag) -> Trust:
    """How far to believe it: never further than the file says, nor as if it were checked here."""
    if stated in (None, Trust.CHECKED):
        return Trust.IMPORTED
    if stated is Trust.MACHINE and get_language(language).whisper_code is None:
        return Trust.MACHINE_WEAK
    return stated or Trust.IMPORTED


def _is_known(parts: Parts, broadcast_id: BroadcastId, transcripts: Sequence[Transcript]) -> bool:
    """Whether all of it is current already, word for word."""
    held = _held(parts, broadcast_id)
    return all(
        any(
            (known.language, known.kind, known.trust) == (new.language, new.kind, new.trust)
            and known.segments == new.segments
            for known in held
        )
        for new in transcripts
    )


def _held(parts: Parts, broadcast_id: BroadcastId) -> list[Transcript]:
    """The current transcript, if there is one, then the tracks."""
    current = parts.catalogue.transcripts.find(broadcast_id)
    tracks = parts.catalogue.transcripts.tracks(broadcast_id)
    return [*(() if current is None else (current,)), *tracks]


def _stored(
    parts: Parts, broadcast_id: BroadcastId, transcripts: Sequence[Transcript]
) -> tuple[ImportedTrack, ...]:
    current = parts.catalogue.transcripts.find(broadcast_id)
    return tuple(
        ImportedTrack(
            language=transcript.language,
            kind=transcript.kind,
            trust=transcript.trust,
            is_current=current is not None
            and (current.language, current.kind) == (transcript.language, transcript.kind),
            segments=len(transcript.segments),
            end_ms=max(segment.end_ms for segment in transcript.segments),
        )
        for transcript in transcripts
    )


def _index(parts: Parts, broadcast_id: BroadcastId) -> bool:
    """Make it searchable at once; False when another process writes, or the index is to be rebuilt.

    Either way the catalogue shows what is missing, and the next `work` does it.
    """
    try:
        make_searchable(parts, broadcast_id)
    except SearchIndexError:
        return False
    return True
