"""The machine is less sure of worse sound: real weights on a bulletin, as it is and in noise."""

from __future__ import annotations

import numpy as np
import pytest

from radio_archive.model import Band, LanguageTag, Transcript, Word
from radio_archive.model.bands import score_of
from radio_archive.transcribers import Samples
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber
from radio_archive.transcription import RecipeOptions, transcribe
from tests.support.whisper import MODELS, journal

pytestmark = pytest.mark.weights


def written(sound: Samples) -> Transcript:
    engine = load_transcriber(EngineChoice(models_dir=MODELS))
    return transcribe([sound], engine, RecipeOptions(language=LanguageTag("fr")))


def words_of(transcript: Transcript) -> tuple[Word, ...]:
    return tuple(word for segment in transcript.segments for word in segment.words)


def share_of_good(transcript: Transcript) -> float:
    good = [segment for segment in transcript.segments if segment.band is Band.GOOD]
    return len(good) / len(transcript.segments)


def test_noise_takes_a_bulletin_out_of_the_good_band(whisper_base: None) -> None:
    sound = journal(2.8, 25)
    hiss = np.random.default_rng(1).normal(0, 0.05, len(sound)).astype(np.float32)
    clear, noisy = written(sound), written(sound + hiss)
    clear_score, noisy_score = score_of(words_of(clear)), score_of(words_of(noisy))
    assert clear_score is not None
    assert noisy_score is not None
    assert noisy_score < clear_score - 0.05
    assert all(segment.band is not None for segment in (*clear.segments, *noisy.segments))
    assert share_of_good(clear) > 0.5 > share_of_good(noisy)
