"""Copies for listeners: the same times, exact seeks, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.disks import small_disk
from tests.support.sounds import loudness, make, noise, offset_ms, read_all, write_wav

from radio_archive.audio import (
    PLAYED,
    RENDITIONS,
    SPEECH_RATE,
    Audio,
    RenditionSpec,
)
from radio_archive.errors import AudioError, BadAudio, NoSound, StorageError

#: the promised rate, with what the containers take
MOST_BITS_PER_SECOND = {"mp3": 48_500, "opus": 27_000, "low": 18_500}
BY_NAME = {spec.name: spec for spec in RENDITIONS}


@pytest.mark.parametrize("spec", RENDITIONS, ids=lambda spec: spec.name)
def test_times_in_a_rendition_are_those_of_the_recording(
    audio: Audio, speech: Path, tmp_path: Path, spec: RenditionSpec
) -> None:
    target = tmp_path / f"a{spec.extension}"
    audio.render(speech, target, spec, end_ms=130_000)
    original = read_all(audio, speech)[: 130 * SPEECH_RATE]
    rendition = read_all(audio, target)
    assert abs(len(original) - len(rendition)) <= 0.03 * SPEECH_RATE
    assert abs(offset_ms(original, rendition)) <= 1
    last = slice(100 * SPEECH_RATE, 129 * SPEECH_RATE)
    assert abs(offset_ms(original[last], rendition[last])) <= 1, "no drift"
    assert loudness(rendition) == pytest.approx(loudness(original), rel=0.1)
    assert target.stat().st_size * 8 / 130 < MOST_BITS_PER_SECOND[spec.name]
    for start_ms in (0, 1, 7_300, 60_000, 123_457):
        piece = next(audio.decode(target, start_ms=start_ms, block_ms=5000))
        expected = rendition[start_ms * SPEECH_RATE // 1000 :][: len(piece)]
        assert abs(offset_ms(expected, piece)) <= 1, f"seek to {start_ms}"


def test_a_place_in_the_mp3_is_a_place_in_time(audio: Audio, tmp_path: Path) -> None:
    target = tmp_path / "a.mp3"
    audio.render(write_wav(tmp_path / "a.wav", [noise(30)]), target, BY_NAME["mp3"])
    content = target.read_bytes()
    header = content.index(content[:2], 1)  # the frame with the Info tag is longer
    frames, rest = divmod(len(content) - header, 144)
    assert rest == 0
    starts = {content[at : at + 3] for at in range(header, len(content), 144)}
    assert {start[:2] for start in starts} == {b"\xff\xf3"}, "every 144 bytes a frame"
    assert frames * 24 == pytest.approx(30_000, abs=120)
    whole = read_all(audio, target)
    tail = tmp_path / "tail.mp3"
    tail.write_bytes(content[header + 144 * 500 :])
    # 1105 samples at 24 kHz are the delay of encoder and decoder, which the Info tag announces
    expected = whole[(500 * 576 - 1105) * SPEECH_RATE // 24_000 :]
    assert abs(offset_ms(expected, read_all(audio, tail))) <= 1


@pytest.mark.parametrize("spec", RENDITIONS, ids=lambda spec: spec.name)
def test_the_same_sound_gives_the_same_bytes(
    audio: Audio, tone: Path, tmp_path: Path, spec: RenditionSpec
) -> None:
    for name in ("one", "two"):
        audio.render(tone, tmp_path / name, spec)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("name", PLAYED)
def test_a_copy_for_players_holds_the_same_sound_and_says_in_front_where_it_lies(
    audio: Audio, tmp_path: Path, name: str
) -> None:
    source, target = tmp_path / "a.opus", tmp_path / "a.webm"
    audio.render(write_wav(tmp_path / "a.wav", [noise(60)]), source, BY_NAME[name])
    audio.rewrap(source, target, PLAYED[name])
    assert abs(offset_ms(read_all(audio, source), read_all(audio, target))) <= 1
    content = target.read_bytes()
    # EBML IDs of the list of moments and of the first cluster of sound: RFC 9559, section 5.1
    assert content.rindex(b"\x1c\x53\xbb\x6b", 0, content.index(b"\x1f\x43\xb6\x75")) > 100
    assert len(content) < source.stat().st_size * 1.1


def test_a_copy_that_cannot_be_written_is_said_so(audio: Audio, tmp_path: Path) -> None:
    source = tmp_path / "a.opus"
    audio.render(write_wav(tmp_path / "a.wav", [noise(60)]), source, BY_NAME["opus"])
    with small_disk(tmp_path / "disk", "64k") as disk, pytest.raises(StorageError):
        audio.rewrap(source, disk / "a.webm", PLAYED["opus"])
    source.write_bytes(b"no sound")
    with pytest.raises(AudioError):
        audio.rewrap(source, tmp_path / "a.webm", PLAYED["opus"])


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000, 96000, 192000])
def test_every_sample_rate_keeps_its_times(audio: Audio, tmp_path: Path, rate: int) -> None:
    sound = noise(5)
    plain = write_wav(tmp_path / "plain.wav", [sound])
    source = make(audio, tmp_path / "source.wav", "-i", str(plain), "-ar", str(rate))
    for spec in RENDITIONS:
        target = tmp_path / f"{spec.name}{spec.extension}"
        audio.render(source, target, spec)
        assert abs(offset_ms(sound, read_all(audio, target))) <= 1
        assert audio.probe(target).duration_ms == pytest.approx(5000, abs=30)


def test_a_part_is_cut_where_it_was_asked_for(audio: Audio, tmp_path: Path) -> None:
    sound = noise(30)
    whole, part = tmp_path / "whole.opus", tmp_path / "part.mp3"
    audio.render(write_wav(tmp_path / "a.wav", [sound]), whole, BY_NAME["opus"])
    audio.render(whole, part, BY_NAME["mp3"], start_ms=12_345, end_ms=17_345)
    assert audio.probe(part).duration_ms == pytest.approx(5000, abs=30)
    expected = sound[12_345 * SPEECH_RATE // 1000 :]
    assert abs(offset_ms(expected, read_all(audio, part))) <= 1


def test_a_part_beyond_the_end_holds_no_sound(audio: Audio, tone: Path, tmp_path: Path) -> None:
    target = tmp_path / "part.mp3"
    with pytest.raises(NoSound):
        audio.render(tone, target, BY_NAME["mp3"], start_ms=60_000, end_ms=61_000)
    assert not target.exists()


def only_file(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_failed_rendition_leaves_what_was_there(audio: Audio, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp3"
    bad.write_bytes(b"no sound at all" * 100)
    folder = tmp_path / "renditions"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(b"the one before")
    with pytest.raises(BadAudio):
        audio.render(bad, folder / "a.mp3", BY_NAME["mp3"])
    assert only_file(folder) == ["a.mp3"]
    assert (folder / "a.mp3").read_bytes() == b"the one before"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "32k") as folder:
        yield folder


def test_a_full_disk_leaves_no_half_rendition(
    audio: Audio, tmp_path: Path, full_disk: Path
) -> None:
    source = write_wav(tmp_path / "a.wav", [noise(60)])
    for spec in RENDITIONS:
        with pytest.raises(StorageError, match="No space left") as caught:
            audio.render(source, full_disk / f"a{spec.extension}", spec)
        assert "Make room" in caught.value.hint
        assert only_file(full_disk) == []


def test_an_ffmpeg_without_the_encoder_points_to_the_doctor(audio: Audio, tone: Path) -> None:
    unknown = RenditionSpec(
        name="x",
        extension=".mp3",
        media_type="audio/mpeg",
        container="mp3",
        codec="libnothing",
        sample_rate=24_000,
        bits_per_second=48_000,
    )
    with pytest.raises(AudioError, match="Unknown encoder 'libnothing'") as caught:
        audio.render(tone, tone.with_name("x.mp3"), unknown)
    assert "radio-archive doctor" in caught.value.hint
    assert only_file(tone.parent) == [tone.name]
