"""What a recording is, found by decoding it; and what is no recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support.sounds import make, noise, offset_ms, read_all, write_wav

from radio_archive.audio import (
    SPEECH_RATE,
    Audio,
    extension_for,
)
from radio_archive.errors import BadAudio, NoSound


def test_facts_come_from_the_sound(audio: Audio, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", [noise(3), noise(3, seed=2)], rate=SPEECH_RATE)
    facts = audio.probe(path)
    assert (facts.duration_ms, facts.channels, facts.sample_rate) == (3000, 2, SPEECH_RATE)
    assert (facts.container, facts.codec) == ("wav", "pcm_s16le")
    assert not facts.is_damaged
    assert not facts.is_truncated


def test_silence_is_sound(audio: Audio, shared_data: Path) -> None:
    facts = audio.probe(shared_data / "audio/long/45-minutes-of-silence.mp3")
    assert facts.duration_ms == pytest.approx(2_700_300, abs=200)


@pytest.mark.parametrize("seconds", [1 / SPEECH_RATE, 0.01, 0.999])
def test_very_short_recordings_are_recordings(audio: Audio, tmp_path: Path, seconds: float) -> None:
    path = write_wav(tmp_path / "short.wav", [noise(seconds)])
    assert audio.probe(path).duration_ms == round(seconds * 1000)


def test_a_header_that_promises_more_is_believed_as_little_as_it_deserves(
    audio: Audio, tmp_path: Path
) -> None:
    whole = make(
        audio, tmp_path / "whole.flac", "-i", str(write_wav(tmp_path / "a.wav", [noise(20)]))
    )
    cut = tmp_path / "cut.flac"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    facts = audio.probe(cut)
    assert facts.header_duration_ms == 20_000
    assert 8_000 < facts.duration_ms < 12_000
    assert facts.is_truncated


def test_what_remains_of_a_cut_file_is_told_at_every_length(audio: Audio, tmp_path: Path) -> None:
    whole = make(
        audio,
        tmp_path / "whole.mp3",
        "-i",
        str(write_wav(tmp_path / "a.wav", [noise(20)])),
        "-b:a",
        "64k",
    )
    content = whole.read_bytes()
    for percent in range(5, 100, 10):
        cut = tmp_path / "cut.mp3"
        cut.write_bytes(content[: len(content) * percent // 100])
        facts = audio.probe(cut)
        assert facts.duration_ms == pytest.approx(20_000 * percent / 100, abs=200)
        assert facts.is_truncated


def test_damage_in_the_middle_costs_the_middle_only(audio: Audio, tmp_path: Path) -> None:
    sound = noise(20)
    whole = make(audio, tmp_path / "w.mp3", "-i", str(write_wav(tmp_path / "a.wav", [sound])))
    content = bytearray(whole.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = np.random.default_rng(5).bytes(2000)
    whole.write_bytes(content)
    decoded = read_all(audio, whole)
    assert len(decoded) == pytest.approx(20 * SPEECH_RATE, rel=0.05)
    assert abs(offset_ms(sound[: 8 * SPEECH_RATE], decoded[: 8 * SPEECH_RATE])) <= 1


def test_a_picture_beside_the_sound_is_left_alone(audio: Audio, shared_data: Path) -> None:
    facts = audio.probe(shared_data / "audio/broken/huge_cover_3MB.mp3")
    assert facts.codec == "mp3"
    assert facts.duration_ms == pytest.approx(177_700, abs=100)


def test_the_first_of_several_sound_streams_is_taken(audio: Audio, tmp_path: Path) -> None:
    first = write_wav(tmp_path / "first.wav", [noise(4)])
    second = write_wav(tmp_path / "second.wav", [noise(9, seed=2)])
    both = make(
        audio, tmp_path / "both.mka", "-i", str(first), "-i", str(second), "-map", "0", "-map", "1"
    )
    assert audio.probe(both).duration_ms == 4000


def test_a_film_without_sound_holds_no_sound(audio: Audio, tmp_path: Path) -> None:
    film = make(
        audio,
        tmp_path / "film.mp4",
        "-f",
        "lavfi",
        "-i",
        "color=size=32x32:duration=1",
        "-c:v",
        "mpeg4",
    )
    with pytest.raises(NoSound, match=r"film\.mp4 is a valid file without any sound"):
        audio.probe(film)


@pytest.mark.parametrize(
    "content",
    [b"", b"Bonjour, ici Bamako.\n" * 500, bytes(100_000), b"\x89PNG\r\n\x1a\n" + bytes(500)],
    ids=["empty", "text", "zeros", "picture"],
)
@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.m4a", "a"])
def test_what_is_not_sound_is_refused_with_its_name_and_a_remedy(
    audio: Audio, tmp_path: Path, content: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadAudio, match=name) as caught:
        audio.probe(path)
    assert caught.value.hint
    assert str(tmp_path) not in str(caught.value)
    with pytest.raises(BadAudio):
        next(audio.decode(path))


def test_absent_files_and_folders_are_refused(audio: Audio, tmp_path: Path) -> None:
    with pytest.raises(BadAudio, match=r"absent\.mp3 cannot be opened"):
        audio.probe(tmp_path / "absent.mp3")
    with pytest.raises(BadAudio, match="is not a file"):
        audio.probe(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "-x.wav",
        "-i",
        "http:evil.wav",
        "http___127.0.0.1:1_x.wav",
        "concat:a|b.wav",
        "pipe:0",
        "%03d.wav",
        "Émission ɛɔŋ ߒߞߏ.wav",
        "line\nbreak.wav",
        "'; rm -rf x; '.wav",
        "CON.wav",
        "a" * 240 + ".wav",
    ],
)
def test_a_name_is_only_a_name(
    audio: Audio, tone: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tone.rename(tmp_path / name)
    assert audio.probe(tmp_path / name).duration_ms == 2000
    monkeypatch.chdir(tmp_path)
    assert audio.probe(Path(name)).duration_ms == 2000


def test_headerless_telephone_sound_is_known_by_its_extension(
    audio: Audio, shared_data: Path
) -> None:
    for path in (shared_data / "audio/fr/asterisk_armelle").glob("*.gsm"):
        facts = audio.probe(path)
        assert facts.codec == "gsm"
        assert facts.duration_ms == pytest.approx(path.stat().st_size / 33 * 20, abs=30)


@pytest.mark.parametrize(
    ("name", "container", "expected"),
    [
        ("Journal du soir.MP3", "", ".mp3"),
        ("journal.mp3", "mp3", ".mp3"),
        ("wrongly-named.wav", "mp3", ".mp3"),
        ("a.opus", "ogg", ".opus"),
        ("a", "ogg", ".ogg"),
        ("download.php", "mov", ".m4a"),
        ("playlist.m3u8", "", ".bin"),
        ("", "", ".bin"),
        ("a.mp3/../../x", "", ".bin"),
        ("x.mp3", "never-heard-of", ".bin"),
    ],
)
def test_the_content_decides_the_extension_before_the_name(
    name: str, container: str, expected: str
) -> None:
    assert extension_for(name, container) == expected
