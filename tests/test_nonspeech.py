"""Music, laughter, noise and silence give no text, and quickly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from radio_archive.audio import Audio
from radio_archive.model import LanguageTag, Transcript
from radio_archive.settings import Settings
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber
from radio_archive.transcription import RecipeOptions, transcribe
from radio_archive.weights import models_dir

pytestmark = pytest.mark.weights

SILENT = [
    "nonspeech/empty.mp3",
    "nonspeech/laugh1.mp3",
    "nonspeech/moh_macroform-cold_day.mp3",
    "nonspeech/moh_manolo_camp-morning_coffee.mp3",
    "nonspeech/silence2sec.wav",
    "long/45-minutes-of-silence.mp3",
]


def write_down(path: Path) -> Transcript:
    choice = EngineChoice(models_dir=models_dir(Settings.load(os.environ)))
    options = RecipeOptions(language=LanguageTag("fr"))
    return transcribe(Audio.find().decode(path), load_transcriber(choice), options)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", SILENT)
def test_where_nobody_speaks_nothing_is_written(
    name: str, shared_data: Path, whisper_base: None
) -> None:
    assert write_down(shared_data / "audio" / name).text == ""


def test_an_english_reader_in_a_french_broadcast_is_left_out_and_shown(
    shared_data: Path, whisper_base: None
) -> None:
    transcript = write_down(shared_data / "audio" / "nonspeech" / "musanmix.wav")
    assert transcript.text == ""
    assert {gap.reason for gap in transcript.gaps} == {"other_language"}
