"""A broadcast aired again, the whole way: fingerprints, one decoding, the text where it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.audio import SPEECH_RATE, Audio
from radio_archive.catalogue import Catalogue
from radio_archive.jobs.queue import every_need
from radio_archive.model import (
    BroadcastId,
    Chapter,
    JobKind,
    LanguageTag,
    Transcript,
    TranscriptKind,
    Trust,
    WorkResult,
)
from radio_archive.search.passages import split_passages
from radio_archive.worker import run_worker
from tests.support.archives import SAMPLES, settings_for
from tests.support.making import make_segment, make_transcript
from tests.support.sounds import make, noise, read_all, write_wav
from tests.transcription.making import ScriptedEngine

JINGLE_S = 7.3
ITEM_S = 45
LATE_MS = JINGLE_S * 1000

Samples = np.ndarray[tuple[int], np.dtype[np.float32]]


@pytest.fixture(scope="module")
def audio() -> Audio:
    return Audio.find()


@pytest.fixture(scope="module")
def speech(audio: Audio) -> Samples:
    return read_all(audio, SAMPLES / "2015-03-12-journal.mp3")


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def archive(tmp_path: Path, engine: ScriptedEngine) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path / "home")) as archive:
        archive._parts = replace(archive._parts, transcriber=lambda _tag: engine)
        yield archive


Air = Callable[..., BroadcastId]


@pytest.fixture
def air(archive: Archive, audio: Audio, tmp_path: Path) -> Air:
    """Takes in sound as a broadcast, encoded as ffmpeg is told."""

    def air(
        hour: int, sound: Samples, *arguments: str, kind: str = ".mp3", language: str = "fr"
    ) -> BroadcastId:
        plain = write_wav(tmp_path / f"{hour}.wav", [sound])
        target = tmp_path / f"journal-{hour}{kind}"
        path = make(audio, target, "-i", str(plain), *(arguments or ("-b:a", "48k")))
        options = AddOptions(
            programme="journal",
            language=language,
            title=f"Journal de {hour} h",
            aired_at=f"2015-03-12T{hour:02d}:00:00Z",
        )
        [result] = archive.add([str(path)], options)
        assert result.broadcast_id is not None, result.error
        return result.broadcast_id

    return air


def work(archive: Archive) -> list[JobKind]:
    done: list[WorkResult] = []
    run_worker(archive, until_idle=True, on_result=done.append)
    assert [result.error for result in done if not result.is_done] == []
    return [result.kind for result in done]


def item(speech: Samples, start_s: int = 0, seconds: int = ITEM_S) -> Samples:
    return speech[start_s * SPEECH_RATE : (start_s + seconds) * SPEECH_RATE]


def jingle(seed: int = 1) -> Samples:
    return noise(JINGLE_S, seed)


def melody() -> Samples:
    """Three voices that change every quarter of a second, as a station's jingle may."""
    chance = np.random.default_rng(3)
    times = np.arange(SPEECH_RATE // 4) / SPEECH_RATE
    chords = 220 * 2 ** (chance.integers(0, 36, (round(JINGLE_S * 4), 3)) / 12)
    notes = [np.sin(2 * np.pi * chord[:, None] * times).sum(axis=0) for chord in chords]
    return (0.15 * np.concatenate(notes)).astype(np.float32)


def words_of(transcript: Transcript) -> list[tuple[str, int]]:
    return [(each.text, each.start_ms) for part in transcript.segments for each in part.words]


def people_write(archive: Archive, broadcast_id: BroadcastId, *texts: str) -> Transcript:
    """People's text of a broadcast, one sentence every ten seconds, as an editor's."""
    catalogue: Catalogue = archive._parts.catalogue
    written = make_transcript(kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
    segments = [make_segment(text, 2_000 + 10_000 * place) for place, text in enumerate(texts)]
    written = replace(written, segments=tuple(segments))
    cut = split_passages(written, catalogue.broadcasts.get(broadcast_id))
    catalogue.transcripts.add(broadcast_id, written, cut)
    return archive.get_transcript(broadcast_id)


def test_a_repeat_is_decoded_once_and_its_words_stand_where_they_are_said(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    morning = air(7, item(speech))
    work(archive)
    first, decoded = archive.get_transcript(morning), sum(engine.decoded_ms)
    assert decoded > ITEM_S * 500
    evening = air(19, np.concatenate([jingle(), item(speech)]), "-b:a", "24k", kind=".opus")
    work(archive)
    again = archive.get_transcript(evening)
    assert sum(engine.decoded_ms) == decoded
    assert [text for text, _ in words_of(again)] == [text for text, _ in words_of(first)]
    late = [
        there - here for (_, here), (_, there) in zip(words_of(first), words_of(again), strict=True)
    ]
    assert min(late) > LATE_MS - 100
    assert max(late) < LATE_MS + 100
    assert again.carried_from == first.id
    assert again.parameters["repeat_of"] == morning
    assert again.engine == first.engine


def test_the_two_airings_name_each_other_with_the_moment(
    archive: Archive, air: Air, speech: Samples
) -> None:
    morning = air(7, item(speech))
    evening = air(19, np.concatenate([jingle(), item(speech)]), "-ar", "8000", "-b:a", "16k")
    other = air(12, item(speech, start_s=80))
    work(archive)
    [repeat] = archive.repeats_of(morning)
    [back] = archive.repeats_of(evening)
    assert (repeat.broadcast.id, back.broadcast.id) == (evening, morning)
    assert abs(repeat.longest.offset_ms - LATE_MS) < 200  # the encoder itself adds some
    assert back.longest.offset_ms == -repeat.longest.offset_ms
    assert repeat.length_ms > 0.95 * ITEM_S * 1000
    assert archive.repeats_of(other) == ()


def test_what_is_said_beside_a_repeat_is_written_down_as_well(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    air(7, item(speech))
    work(archive)
    decoded = sum(engine.decoded_ms)
    weather = item(speech, start_s=100, seconds=20)
    evening = air(19, np.concatenate([item(speech), jingle(), weather]))
    work(archive)
    again = archive.get_transcript(evening)
    heard = sum(engine.decoded_ms) - decoded
    assert 8_000 < heard < 25_000
    weather_ms = ITEM_S * 1000 + LATE_MS
    assert [each for each in again.segments if each.start_ms > weather_ms]
    assert [each for each in again.segments if each.end_ms < ITEM_S * 1000]
    assert [each.start_ms for each in again.segments] == sorted(
        each.start_ms for each in again.segments
    )


def test_people_s_text_is_carried_over_as_not_checked_here(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    morning = air(7, item(speech))
    people_write(archive, morning, "Bonsoir à tous.", "Voici le journal.")
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    work(archive)
    again = archive.get_transcript(evening)
    assert engine.decoded_ms == []
    assert (again.kind, again.trust) == (TranscriptKind.IMPORTED, Trust.IMPORTED)
    assert again.text == "Bonsoir à tous.\nVoici le journal."
    assert abs(again.segments[0].start_ms - 2_000 - LATE_MS) < 100


def test_people_s_text_is_not_mixed_with_what_a_machine_hears_beside_it(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    morning = air(7, item(speech))
    people_write(archive, morning, "Bonsoir à tous.")
    weather = item(speech, start_s=100, seconds=20)
    evening = air(19, np.concatenate([item(speech), jingle(), weather]))
    work(archive)
    again = archive.get_transcript(evening)
    assert again.carried_from is None
    assert again.kind is TranscriptKind.MACHINE
    assert "Bonsoir" not in again.text
    assert len(archive.repeats_of(evening)) == 1


def test_a_repeat_follows_when_the_other_airing_is_corrected(
    archive: Archive, air: Air, speech: Samples
) -> None:
    morning = air(7, item(speech))
    work(archive)
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    work(archive)
    corrected = people_write(archive, morning, "Bonsoir à tous, corrigé.")
    work(archive)
    again = archive.get_transcript(evening)
    assert again.carried_from == corrected.id
    assert again.text == "Bonsoir à tous, corrigé."
    assert work(archive) == []


def test_people_s_text_of_the_repeat_itself_stays(
    archive: Archive, air: Air, speech: Samples
) -> None:
    morning = air(7, item(speech))
    work(archive)
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    work(archive)
    own = people_write(archive, evening, "Le journal du soir.")
    people_write(archive, morning, "Bonsoir à tous, corrigé.")
    work(archive)
    assert archive.get_transcript(evening).id == own.id


def test_nothing_is_carried_between_languages(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    morning = air(7, item(speech), language="bm")
    people_write(archive, morning, "I ni ce.")
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    work(archive)
    assert len(archive.repeats_of(evening)) == 1
    assert archive.get_transcript(evening).carried_from is None
    assert engine.decoded_ms


def test_a_machine_s_text_of_another_engine_is_not_carried_over(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    air(7, item(speech))
    work(archive)
    engine.name = "scripted/large"
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    work(archive)
    assert archive.get_transcript(evening).engine == "scripted/large"


def test_transcription_that_comes_first_looks_for_a_repeat_itself(
    archive: Archive, air: Air, engine: ScriptedEngine, speech: Samples
) -> None:
    air(7, item(speech))
    work(archive)
    decoded = list(engine.decoded_ms)
    evening = air(19, np.concatenate([jingle(), item(speech)]))
    archive.plan()
    job = archive._parts.jobs.claim(every_need([JobKind.TRANSCRIBE]))
    assert job is not None
    assert archive.run(job, lambda job, progress: None, lambda: False)
    assert archive.get_transcript(evening).carried_from is not None
    assert engine.decoded_ms == decoded


def test_the_same_file_in_two_broadcasts_is_a_repeat_from_its_first_moment(
    archive: Archive, air: Air, speech: Samples
) -> None:
    morning = air(7, item(speech))
    catalogue = archive._parts.catalogue
    recording = archive.get_broadcast(morning).recording
    assert recording is not None
    evening = air(19, item(speech, start_s=70))
    catalogue.recordings.attach(evening, recording)
    work(archive)
    [repeat] = archive.repeats_of(evening)
    assert repeat.longest.offset_ms == 0
    assert repeat.length_ms == recording.duration_ms
    transcripts = [archive.get_transcript(each) for each in (morning, evening)]
    assert sum(each.carried_from is not None for each in transcripts) == 1
    assert words_of(transcripts[0]) == words_of(transcripts[1])


def test_without_chromaprint_everything_else_goes_on(
    archive: Archive, air: Air, speech: Samples
) -> None:
    archive._parts.audio().__dict__["can_fingerprint"] = False
    morning = air(7, item(speech))
    assert JobKind.FINGERPRINT not in work(archive)
    assert archive.get_transcript(morning).segments
    [check] = [each for each in archive.doctor() if each.name == "repeats"]
    assert not check.is_ok
    assert "chromaprint" in check.finding.lower()


def test_an_unreadable_recording_says_nothing_of_its_broadcast_here(
    archive: Archive, air: Air, speech: Samples
) -> None:
    morning = air(7, item(speech))
    archive.plan()
    job = archive._parts.jobs.claim(every_need([JobKind.FINGERPRINT]))
    assert job is not None
    recording = archive.get_broadcast(morning).recording
    assert recording is not None
    lost = archive.settings.media_dir / "recordings"
    for path in lost.rglob("*.mp3"):
        path.write_bytes(b"nothing")
    result = archive.run(job, lambda job, progress: None, lambda: False)
    assert result is not None
    assert not result.is_done
    assert archive.get_broadcast(morning).state == "waiting"


def test_a_jingle_of_three_broadcasts_begins_chapters_in_all_of_them(
    archive: Archive, air: Air, speech: Samples
) -> None:
    sound = melody()
    starts = {}
    for hour, begin, place in ((6, 0, 10), (7, 12, 25), (8, 40, 15)):
        before, after = item(speech, begin, place), item(speech, hour * 20 - 60, 20)
        broadcast_id = air(hour, np.concatenate([sound, before, sound, after]))
        starts[broadcast_id] = round((JINGLE_S + place) * 1000)
        if len(starts) == 2:
            work(archive)
            assert chapters(archive, broadcast_id) == ()
    work(archive)
    for broadcast_id, start_ms in starts.items():
        [chapter] = chapters(archive, broadcast_id)
        assert abs(chapter.start_ms - start_ms) < 1_000
        transcript = archive.get_transcript(broadcast_id)
        first = next(each for each in transcript.segments if each.start_ms > start_ms + 6_000)
        assert chapter.title == first.text


def chapters(archive: Archive, broadcast_id: BroadcastId) -> Sequence[Chapter]:
    broadcast = archive.get_broadcast(broadcast_id)
    return archive.chapters_of(broadcast, archive.find_transcript(broadcast_id))


def test_silence_and_steady_tones_are_no_jingles(
    archive: Archive, air: Air, speech: Samples
) -> None:
    times = np.arange(8 * SPEECH_RATE) / SPEECH_RATE
    tone = (0.4 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    quiet = np.zeros_like(tone)
    made = [
        air(hour, np.concatenate([item(speech, hour * 20 - 120, 15), between, tone, quiet]))
        for hour, between in ((6, quiet), (7, tone), (8, quiet))
    ]
    work(archive)
    assert [chapters(archive, each) for each in made] == [(), (), ()]
    assert LanguageTag("fr") == archive.get_broadcast(made[0]).language
