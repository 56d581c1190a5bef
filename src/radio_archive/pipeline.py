"""What happens to a broadcast, as a list on one screen.

Every step is idempotent: it reads what the catalogue holds, does its part, and records it. Killed
anywhere, it is simply done again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from radio_archive.audio import RENDITIONS, Audio, RenditionSpec
from radio_archive.catalogue import Catalogue
from radio_archive.db import Guard
from radio_archive.errors import (
    AudioError,
    BadAudio,
    LostLease,
    NoEngine,
    RadioArchiveError,
)
from radio_archive.jobs import Jobs
from radio_archive.languages.names import Names
from radio_archive.meaning import Meaning
from radio_archive.media import Area, MediaStore, StoredFile, media_type_of
from radio_archive.model import (
    ENGLISH,
    TRANSLATED_KINDS,
    Broadcast,
    BroadcastId,
    BroadcastState,
    Job,
    JobKind,
    LanguageTag,
    Progress,
    Recording,
    Rendition,
    Transcript,
    TranscriptKind,
)
from radio_archive.search import SearchIndex
from radio_archive.search.passages import split_passages
from radio_archive.transcribers import Samples, Transcriber
from radio_archive.transcription import RecipeOptions, transcribe, translate

OnProgress = Callable[[Job, Progress], None]
"""Told how far a transcription is."""

Fetch = Callable[[str], AbstractContextManager[Iterator[bytes]]]
"""Opens an address and gives its bytes in blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the steps work with. Heavy things are opened by the first step that needs them."""

    catalogue: Catalogue
    jobs: Jobs
    media: MediaStore
    audio: Callable[[], Audio]
    index: Callable[[], SearchIndex]
    transcriber: Callable[[LanguageTag], Transcriber]  #: the engine of a language
    fetch: Fetch
    recipe: RecipeOptions  #: with the language still open
    transcribed_languages: frozenset[LanguageTag]  #: tags the station trusts its engines with
    translates: Callable[[LanguageTag], bool]  #: whether a language is to be translated
    max_recording_bytes: int
    names: Callable[[], Names] | None = None  #: None where no page's names go into the prompt
    meaning: Meaning | None = None  #: None where nothing is searched by meaning


def take_recording(parts: Parts, stored: StoredFile, original_name: str) -> Recording:
    """Look into a stored file and say what it is.

    Raises:
        BadAudio: it cannot be decoded; the stored bytes are removed again.
        NoSound: it holds no sound; likewise.
    """
    with parts.media.local_path(stored.area, stored.key, stored.extension) as path:
        try:
            facts = parts.audio().probe(path)
        except AudioError as error:
            parts.media.delete(stored.area, stored.key, stored.extension)
            message = error.message.replace(path.name, original_name or path.name)
            raise type(error)(message, hint=error.hint) from error
    return Recording(
        key=stored.key,
        extension=stored.extension,
        media_type=media_type_of(stored.extension),
        size_bytes=stored.size_bytes,
        duration_ms=facts.duration_ms,
        original_name=original_name,
    )


def download(parts: Parts, job: Job, _on_progress: OnProgress) -> None:
    """Fetch the sound a page or feed names."""
    url = parts.catalogue.broadcasts.audio_url(job.broadcast_id)
    if url is None:
        return
    name = url.split("?", 1)[0].rsplit("/", 1)[-1][:200]
    extension = parts.audio().extension_for(name)
    with parts.fetch(url) as chunks:
        stored = parts.media.save(
            Area.RECORDINGS, chunks, extension, max_bytes=parts.max_recording_bytes
        )
    recording = take_recording(parts, stored, name)
    parts.catalogue.recordings.attach(job.broadcast_id, recording)


def prepare(parts: Parts, job: Job, _on_progress: OnProgress) -> None:
    """Make the renditions listeners get."""
    recording = _recording_of(parts, job.broadcast_id)
    have = {rendition.name for rendition in parts.catalogue.recordings.renditions(recording.key)}
    with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as source:
        for spec in RENDITIONS:
            if spec.name not in have:
                rendition = _render(parts, source, spec)
                parts.catalogue.recordings.add_rendition(recording.key, rendition)


def _render(parts: Parts, source: Path, spec: RenditionSpec) -> Rendition:
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        target = Path(folder) / f"rendition{spec.extension}"
        parts.audio().render(source, target, spec)
        stored = parts.media.save_file(Area.RENDITIONS, target, spec.extension)
    return Rendition(
        name=spec.name,
        key=stored.key,
        extension=spec.extension,
        media_type=spec.media_type,
        size_bytes=stored.size_bytes,
    )


def transcribe_broadcast(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Write down what is said, in the language the catalogue states.

    Nothing is done where people's transcript came in while the job waited.
    """
    current = parts.catalogue.transcripts.find(job.broadcast_id)
    if current is not None and current.kind is not TranscriptKind.MACHINE:
        return
    broadcast = parts.catalogue.broadcasts.get(job.broadcast_id)
    require_engine(parts, broadcast.language)
    with _sound_of(parts, broadcast) as (blocks, options):
        transcript = transcribe(
            blocks,
            parts.transcriber(broadcast.language),
            options,
            lambda progress: on_progress(job, progress),
        )
    passages = split_passages(transcript, broadcast)
    guard: Guard = parts.jobs.guard(job)
    parts.catalogue.transcripts.add(job.broadcast_id, transcript, passages, guard)


def _other_languages(parts: Parts, language: LanguageTag) -> frozenset[LanguageTag]:
    """What else the engine of a language may write, where guests speak it."""
    mine = parts.transcriber(language)
    others = parts.transcribed_languages - {language}
    return frozenset(each for each in others if _engine_of(parts, each) is mine)


def _engine_of(parts: Parts, language: LanguageTag) -> Transcriber | None:
    try:
        return parts.transcriber(language)
    except NoEngine:
        return None


def translate_broadcast(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Say in English what is said, as a track beside the current transcript.

    Nothing is done where it is not wanted any more, or people's translation came in meanwhile.
    """
    broadcast = parts.catalogue.broadcasts.get(job.broadcast_id)
    current = parts.catalogue.transcripts.find(job.broadcast_id)
    if current is None or not _awaits_translation(parts, broadcast, current):
        return
    with _sound_of(parts, broadcast) as (blocks, options):
        translation = translate(
            blocks,
            parts.transcriber(broadcast.language),
            options,
            current,
            lambda progress: on_progress(job, progress),
        )
    passages = split_passages(translation, broadcast)
    guard: Guard = parts.jobs.guard(job)
    parts.catalogue.transcripts.add_track(job.broadcast_id, translation, passages, guard)


def _awaits_translation(parts: Parts, broadcast: Broadcast, current: Transcript) -> bool:
    tracks = parts.catalogue.transcripts.tracks(broadcast.id)
    return (
        parts.translates(broadcast.language)
        and current.kind in TRANSLATED_KINDS
        and current.language == broadcast.language
        and not any(
            track.kind is TranscriptKind.TRANSLATION
            and track.language == ENGLISH
            and track.made_from in (None, current.id)
            for track in tracks
        )
    )


@contextmanager
def _sound_of(
    parts: Parts, broadcast: Broadcast
) -> Iterator[tuple[Iterator[Samples], RecipeOptions]]:
    """The sound of a broadcast in blocks, and how it is to be transcribed."""
    recording = _recording_of(parts, broadcast.id)
    options = replace(
        parts.recipe,
        language=broadcast.language,
        other_languages=_other_languages(parts, broadcast.language),
        total_ms=recording.duration_ms,
        prompt=_prompt(parts, broadcast),
    )
    with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as path:
        yield parts.audio().decode(path), options


def require_engine(parts: Parts, language: LanguageTag) -> None:
    """Refuse a language nobody can write down.

    Raises:
        NoEngine: the station does not trust an engine with it, the engine does not know it, or its
            own engine is not ready; the hint is the remedy.
        WeightsMissing: the weights of the default engine are not on this machine.
    """
    is_trusted = language in parts.transcribed_languages
    if not is_trusted or not parts.transcriber(language).knows(language):
        raise NoEngine(
            f"No configured engine knows the language {language!r}.",
            hint="The sound can be played; a transcript by people can be imported.",
        )


def _prompt(parts: Parts, broadcast: Broadcast) -> str:
    """The station's words, then the names of the broadcast's page, in the French of both."""
    if broadcast.language != "fr":
        return ""
    names = parts.names and parts.names().prompt_for(
        f"{broadcast.title}\n{broadcast.summary}", *broadcast.guests
    )
    return ", ".join(filter(None, (parts.recipe.prompt.strip(), names)))


def index(parts: Parts, job: Job, _on_progress: OnProgress) -> None:
    """Make the current transcript and its tracks searchable."""
    make_searchable(parts, job.broadcast_id)


def make_searchable(parts: Parts, broadcast_id: BroadcastId) -> None:
    """Put all that is current of a broadcast into the index; nothing happens without text.

    Raises:
        IndexBusy: another process is writing the index.
        SearchIndexError: there is no index, or it is damaged or of another version.
    """
    # the version is read first: a transcript that comes in between is then indexed again
    version = parts.catalogue.transcripts.version_of(broadcast_id)
    if version is None:
        return
    engine = parts.index()
    engine.replace(broadcast_id, parts.catalogue.transcripts.passages_of(broadcast_id))
    parts.catalogue.transcripts.set_indexed({broadcast_id: version}, engine.fingerprint)
    if parts.meaning is not None:
        parts.meaning.update(broadcast_id)


STEPS: Mapping[JobKind, Callable[[Parts, Job, OnProgress], None]] = {
    JobKind.DOWNLOAD: download,
    JobKind.PREPARE: prepare,
    JobKind.TRANSCRIBE: transcribe_broadcast,
    JobKind.INDEX: index,
    JobKind.TRANSLATE: translate_broadcast,
}
"""What happens to a broadcast, in order."""


def plan(parts: Parts) -> int:
    """Ask for everything the catalogue lacks; returns how many jobs are new."""
    reports, jobs = parts.catalogue.reports, parts.jobs
    names = ",".join(spec.name for spec in RENDITIONS)
    wanted = [(JobKind.DOWNLOAD, ""), (JobKind.PREPARE, names)]
    wanted.append((JobKind.INDEX, parts.index().fingerprint))
    translated = sorted(filter(parts.translates, map(LanguageTag, parts.transcribed_languages)))
    if translated:
        wanted.append((JobKind.TRANSLATE, ",".join(translated)))
    new = 0
    for kind, expected in wanted:
        new += jobs.put(kind, [found for found, _ in reports.without(kind, expected=expected)])
    return new + jobs.put(JobKind.TRANSCRIBE, _transcribable(parts))


def _transcribable(parts: Parts) -> list[BroadcastId]:
    """Those an engine knows; the others are marked with the reason."""
    able, unable = [], {}
    for broadcast_id, language in parts.catalogue.reports.without(JobKind.TRANSCRIBE):
        try:
            require_engine(parts, language)
            able.append(broadcast_id)
        except NoEngine as error:
            unable[broadcast_id] = str(error)
    for broadcast_id, reason in unable.items():
        parts.catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NOT_TRANSCRIBED, reason)
    return able


def give_up(parts: Parts, job: Job, error: RadioArchiveError) -> None:
    """Say in the catalogue why a broadcast goes no further.

    A parked ``index`` or ``translate`` job says nothing about the broadcast: the index can be
    rebuilt, and what was said is there without its translation.
    """
    if isinstance(error, LostLease) or job.kind in (JobKind.INDEX, JobKind.TRANSLATE):
        return
    if isinstance(error, NoEngine):
        state = BroadcastState.NOT_TRANSCRIBED
    elif isinstance(error, AudioError):
        state = BroadcastState.BAD_RECORDING
    elif job.kind is JobKind.DOWNLOAD:
        state = BroadcastState.NO_RECORDING
    else:
        state = BroadcastState.FAILED
    parts.catalogue.broadcasts.set_problem(job.broadcast_id, state, str(error))


def _recording_of(parts: Parts, broadcast_id: BroadcastId) -> Recording:
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    if broadcast.recording is None:
        raise BadAudio(
            f"Broadcast {broadcast_id} has no recording any more.", hint="Add its file again."
        )
    return broadcast.recording
