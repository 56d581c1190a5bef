"""The sample broadcasts: complete, honest about what they are, and timed truly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from tools.samples.script import Script, Turn, read_script

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "media" / "samples"
SLUGS = sorted(path.stem for path in SAMPLES.glob("*.mp3"))
DEBATE = "2014-10-16-grand-dialogue"
RATE = 24_000

each_sample = pytest.mark.parametrize("slug", SLUGS)


def read_json(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return content


def sidecar(slug: str) -> dict[str, Any]:
    return read_json(f"{slug}.json")


def turns(slug: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_json(f"{slug}.script.json")["turns"]
    return found


def script(slug: str) -> Script:
    return read_script(ROOT / "tools" / "samples" / f"{slug}.toml")


@cache
def sound(slug: str) -> NDArray[np.float64]:
    """The decoded sound, full scale 1, at `RATE`."""
    ffmpeg = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    target = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "pipe:1"]
    command = [ffmpeg, "-v", "error", "-i", str(SAMPLES / f"{slug}.mp3"), *target]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(decoded, dtype="<i2") / 32768


def rms(slug: str, start_ms: int, end_ms: int) -> float:
    part = sound(slug)[start_ms * RATE // 1000 : end_ms * RATE // 1000]
    return float(np.sqrt(np.mean(np.square(part))))


def duration_ms(slug: str) -> float:
    return len(sound(slug)) * 1000 / RATE


def test_a_debate_a_bulletin_and_a_magazine_are_there() -> None:
    programmes = {sidecar(slug)["programme"]["id"] for slug in SLUGS}
    assert {"grand-dialogue", "journal", "magazine-sante"} <= programmes


def test_nothing_lies_beside_the_samples_without_a_sound_file() -> None:
    stems = {
        path.name.removesuffix(".json").removesuffix(".script") for path in SAMPLES.glob("*.json")
    }
    assert stems == set(SLUGS)


def test_all_samples_together_stay_small_enough_for_the_repository() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) < 10_000_000


@each_sample
def test_the_sidecar_holds_every_field_and_an_aware_time(slug: str) -> None:
    fields = sidecar(slug)
    assert set(fields) == {
        "programme",
        "title",
        "language",
        "aired_at",
        "guests",
        "summary",
        "source_url",
        "synthetic",
        "licence",
    }
    assert set(fields["programme"]) == {"id", "title", "description"}
    assert all(fields["programme"].values())
    assert re.fullmatch(r"[a-z0-9-]+", fields["programme"]["id"])
    aired_at = datetime.fromisoformat(fields["aired_at"])
    assert aired_at.tzinfo is not None
    assert slug.startswith(aired_at.astimezone(UTC).date().isoformat())
    assert fields["language"] == "fr"


@each_sample
def test_a_sample_says_that_it_is_synthetic_in_writing_and_aloud(slug: str) -> None:
    fields = sidecar(slug)
    assert fields["synthetic"] is True
    assert fields["summary"].startswith("Échantillon synthétique : voix de synthèse")
    assert "intervenants fictifs" in fields["summary"]
    first_minute = " ".join(turn["text"] for turn in turns(slug) if turn["start_ms"] < 60_000)
    assert "échantillon de démonstration" in first_minute
    assert "Échantillon synthétique".encode() in (SAMPLES / f"{slug}.mp3").read_bytes()[:2000]


@each_sample
def test_guests_speak(slug: str) -> None:
    speakers = {turn["speaker"] for turn in turns(slug) if turn["role"].startswith("invité")}
    assert set(sidecar(slug)["guests"]) == speakers


@each_sample
def test_sidecar_and_reference_follow_the_written_script(slug: str) -> None:
    written = script(slug)
    items = [item for item in written.items if isinstance(item, Turn)]
    expected = [(item.speaker.name, line) for item in items for line in item.sentences]
    assert [(turn["speaker"], turn["text"]) for turn in turns(slug)] == expected
    assert sidecar(slug)["title"] == written.title
    assert sidecar(slug)["summary"] == written.summary


@each_sample
def test_the_reference_is_written_as_it_is_spoken(slug: str) -> None:
    for turn in turns(slug):
        assert re.search(r"[.?!]$", turn["text"]), turn["text"]
        assert not re.search(r"[0-9%°]|\b[A-Z]{2,}\b", turn["text"]), turn["text"]


@each_sample
def test_sentences_follow_one_another_inside_the_recording(slug: str) -> None:
    times = [edge for turn in turns(slug) for edge in (turn["start_ms"], turn["end_ms"])]
    assert times == sorted(set(times))
    assert times[0] > 1_000  # the jingle comes first
    assert times[-1] < duration_ms(slug)


@each_sample
def test_the_recording_lasts_as_long_as_the_reference_says(slug: str) -> None:
    # an MP3 frame at 24 kHz lasts 24 ms, the encoder's padding may add a few
    assert duration_ms(slug) == pytest.approx(
        read_json(f"{slug}.script.json")["duration_ms"], abs=100
    )


@each_sample
def test_speech_is_heard_at_the_stated_times_and_silence_between_them(slug: str) -> None:
    sentences = turns(slug)
    for turn in sentences:
        assert 0.03 < rms(slug, turn["start_ms"], turn["end_ms"]) < 0.2, turn["text"]
    for before, after in pairwise(sentences):
        pause = after["start_ms"] - before["end_ms"]
        assert 295 <= pause <= 3_000
        if pause <= 705:  # longer ones hold music
            assert rms(slug, before["end_ms"] + 30, after["start_ms"] - 30) < 0.001, after["text"]


@each_sample
def test_nobody_speaks_faster_or_slower_than_people_do(slug: str) -> None:
    for turn in turns(slug):
        rate = len(turn["text"]) * 1000 / (turn["end_ms"] - turn["start_ms"])
        assert 7 <= rate <= 23, (rate, turn["text"])


@each_sample
def test_the_sound_does_not_clip(slug: str) -> None:
    assert float(np.abs(sound(slug)).max()) < 0.99


def test_the_debate_lasts_as_long_as_a_debate() -> None:
    assert 5 * 60_000 <= duration_ms(DEBATE) <= 8 * 60_000


def test_the_debate_names_its_subject_several_times_well_inside() -> None:
    times = [turn["start_ms"] for turn in turns(DEBATE) if "crime organisé" in turn["text"]]
    assert len(times) >= 5
    assert min(times) > 30_000
    assert {turn["speaker"] for turn in turns(DEBATE) if "crime organisé" in turn["text"]} == {
        turn["speaker"] for turn in turns(DEBATE)
    }


def test_the_debate_goes_through_its_three_axes_in_order() -> None:
    text = " ".join(turn["text"] for turn in turns(DEBATE))
    places = [
        text.index(words)
        for words in ("Commençons par les formes", "deuxième axe", "troisième axe")
    ]
    assert places == sorted(places)
    for word in ("cigarettes", "carburant", "armes", "drogue", "otages"):
        assert word in text


def test_the_debate_was_aired_when_it_says() -> None:
    fields = sidecar(DEBATE)
    assert fields["aired_at"] == "2014-10-16T17:00:00Z"
    assert fields["programme"]["id"] == "grand-dialogue"
    assert fields["programme"]["title"] == "Le Grand Dialogue"
