"""The steps that write down what is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from radio_archive.db import Guard
from radio_archive.errors import (
    NoEngine,
)
from radio_archive.media import Area
from radio_archive.model import (
    ENGLISH,
    TRANSLATED_KINDS,
    Broadcast,
    Job,
    LanguageTag,
    Milliseconds,
    Progress,
    Transcript,
    TranscriptKind,
)
from radio_archive.pipeline.mapping import speech_in
from radio_archive.pipeline.parts import OnProgress, Parts
from radio_archive.pipeline.progress import Tell, looking
from radio_archive.pipeline.prompting import prompt_for
from radio_archive.pipeline.recordings import recording_of
from radio_archive.pipeline.renewing import renew
from radio_archive.pipeline.repeats import Stretches, carry_over
from radio_archive.repeats import silenced
from radio_archive.search.passages import split_passages
from radio_archive.transcribers import Samples, Transcriber
from radio_archive.transcription import (
    Checkpoints,
    RecipeOptions,
    RememberingTranscriber,
    transcribe,
    translate,
)
from radio_archive.voices import tell_voices, with_voices


def transcribe_broadcast(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Write down what is said, in the language the catalogue states.

    What is aired again is carried over from the other airing. Nothing is done where people's
    transcript came in while the job waited, or where the worker that held the job before had stored
    its text and died. Single sentences that people corrected or checked meanwhile stay, and the new
    text is fitted in around them. What is to be transcribed again is heard again: nothing is
    carried over.
    """
    if not parts.catalogue.reports.lacks_transcript(job.broadcast_id):
        return
    broadcast = parts.catalogue.broadcasts.get(job.broadcast_id)
    require_engine(parts, broadcast.language)

    def write(known: Stretches = ()) -> Transcript:
        with _sound_of(parts, broadcast) as (blocks, options):
            if known:  # what is silenced holds less speech than its map says
                blocks, options = silenced(blocks, known), replace(options, speech=None)
            return transcribe(
                blocks,
                _engine_for(parts, job, broadcast.language),
                options,
                lambda progress: on_progress(job, progress),
            )

    def look(_progress: Progress | None) -> None:
        on_progress(job, None)  # numbers of what comes before and after would be taken for these

    recording = recording_of(parts, broadcast.id)
    is_again = parts.catalogue.renewals.is_asked(broadcast.id)
    carried = None if is_again else carry_over(parts, broadcast, recording, write, look)
    transcript = carried or write()
    transcript = _tell_voices(parts, broadcast, transcript, look)
    passages = split_passages(transcript, broadcast)
    guard: Guard = parts.jobs.guard(job)
    parts.catalogue.transcripts.add(job.broadcast_id, transcript, passages, guard)
    renew(parts, broadcast, transcript)


def _tell_voices(
    parts: Parts, broadcast: Broadcast, transcript: Transcript, tell: Tell
) -> Transcript:
    """The transcript with its voices, where the station wants them and the weights are here."""
    encoder = parts.voices and parts.voices()
    if encoder is None:
        return transcript
    with _sound_of(parts, broadcast) as (blocks, options):
        told = tell_voices(looking(blocks, tell), encoder, options.speech)
        return with_voices(transcript, told)


def _engine_for(parts: Parts, job: Job, language: LanguageTag) -> Transcriber:
    """The engine of a language, with what it has said before this job was broken off."""
    answers, guard = parts.catalogue.answers, parts.jobs.guard(job)
    checkpoints = Checkpoints(
        known=answers.of(job.broadcast_id),
        keep=lambda new: answers.keep(job.broadcast_id, new, guard),
    )
    return RememberingTranscriber(parts.transcriber(language), checkpoints)


def transcribe_file(
    parts: Parts,
    path: Path,
    language: LanguageTag,
    duration_ms: Milliseconds,
    on_progress: Callable[[Progress], None],
) -> Transcript:
    """Write down what is said in a sound file as if it were a broadcast; nothing is stored.

    Args:
        parts: the archive's.
        path: the sound.
        language: what is spoken.
        duration_ms: its length, for progress.
        on_progress: told how far it is.

    Raises:
        AudioError: the file cannot be decoded.
        NoEngine: no configured engine knows the language.
        TranscriptionError: the engine failed.
    """
    require_engine(parts, language)
    prompt = parts.recipe.prompt.strip() if language == "fr" else ""
    options = _recipe(parts, language, duration_ms, prompt)
    blocks = parts.audio().decode(path)
    return transcribe(blocks, parts.transcriber(language), options, on_progress)


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
            _engine_for(parts, job, broadcast.language),
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
    recording = recording_of(parts, broadcast.id)
    prompt = prompt_for(parts, broadcast)
    options = _recipe(parts, broadcast.language, recording.duration_ms, prompt)
    options = replace(options, speech=speech_in(parts, recording.key))
    with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as path:
        yield parts.audio().decode(path), options


def _recipe(
    parts: Parts, language: LanguageTag, total_ms: Milliseconds, prompt: str
) -> RecipeOptions:
    return replace(
        parts.recipe,
        language=language,
        other_languages=_other_languages(parts, language),
        total_ms=total_ms,
        prompt=prompt,
    )


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
