"""A broadcast in a language Whisper does not know, with French in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from radio_archive.model import GapReason, LanguageTag, Trust
from radio_archive.transcribers import Samples
from radio_archive.transcribers.checking import CheckedWriter
from radio_archive.transcribers.ctc import OmnilingualCtc
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber
from radio_archive.transcription import RecipeOptions, transcribe
from tests.support import tiny_models
from tests.support.whisper import MODELS, journal, silence, sound_of

BAMBARA, FRENCH = LanguageTag("bm"), LanguageTag("fr")
MANINKA = Path(__file__).resolve().parents[3] / "shared/data/audio/man/nicolingua_agent_joined.mp3"


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> OmnilingualCtc:
    """The real engine on a model that writes letters for any speech."""
    folder = tiny_models.save_omnilingual(tmp_path_factory.mktemp("babbler"), threshold=0.02)
    return OmnilingualCtc(folder, languages=[BAMBARA])


def blocks_of(sounds: Sequence[Samples]) -> list[Samples]:
    whole = np.concatenate(sounds)
    return [whole[start : start + 16_000] for start in range(0, len(whole), 16_000)]


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
@pytest.mark.skipif(not MANINKA.exists(), reason="the recordings in Maninka are not here")
def test_french_between_is_left_out_and_the_rest_is_written(babbler: OmnilingualCtc) -> None:
    listener = load_transcriber(EngineChoice(models_dir=MODELS))
    writer = CheckedWriter(babbler, [BAMBARA], listener, [FRENCH, LanguageTag("en")])
    own = sound_of(MANINKA)[: 25 * 16_000]
    sounds = [own, silence(10), journal(2.8, 30), silence(10), own]
    start_ms, end_ms = 35_000, 62_200
    transcript = transcribe(blocks_of(sounds), writer, RecipeOptions(language=BAMBARA))
    left_out = [gap for gap in transcript.gaps if gap.reason is GapReason.OTHER_LANGUAGE]
    assert sum(gap.end_ms - gap.start_ms for gap in left_out) > 15_000
    assert all(start_ms - 500 <= gap.start_ms and gap.end_ms <= end_ms + 500 for gap in left_out)
    times = [segment.start_ms for segment in transcript.segments]
    assert any(time < 25_000 for time in times)
    assert any(time > end_ms for time in times)
    assert not [time for time in times if start_ms <= time < end_ms]
    assert transcript.trust is Trust.MACHINE_WEAK
    assert transcript.parameters["language_check"] == "faster-whisper/base"
    assert transcript.parameters["language_check_others"] == "en, fr"


@pytest.mark.skipif(not MANINKA.exists(), reason="the recordings in Maninka are not here")
def test_without_ears_everything_is_written_and_the_record_says_so(babbler: OmnilingualCtc) -> None:
    writer = CheckedWriter(babbler, [BAMBARA], None, [FRENCH])
    sounds = [sound_of(MANINKA)[: 10 * 16_000], silence(3)]
    transcript = transcribe(blocks_of(sounds), writer, RecipeOptions(language=BAMBARA))
    assert transcript.segments
    assert transcript.parameters["language_check"] == "none"
    assert not [gap for gap in transcript.gaps if gap.reason is GapReason.OTHER_LANGUAGE]


class Ear:
    """Hears what it is told; only its ears are used."""

    def __init__(self, heard: Mapping[LanguageTag, float]) -> None:
        self._heard = heard

    name = "ear/none"
    parameters: Mapping[str, str] = {}

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        return [self._heard for _ in groups]


@pytest.mark.parametrize(
    ("heard", "left"), [({"fr": 0.9, "en": 0.05}, 0.05), ({"ko": 0.6, "fr": 0.1}, 0.9), ({}, 1.0)]
)
def test_what_is_in_no_other_language_is_the_broadcasts_own(
    babbler: OmnilingualCtc, heard: Mapping[LanguageTag, float], left: float
) -> None:
    ear = Ear(heard)
    writer = CheckedWriter(babbler, [BAMBARA], ear, [FRENCH, LanguageTag("en")])  # type: ignore[arg-type]
    (found,) = writer.identify([silence(1)])
    assert found[BAMBARA] == pytest.approx(left)
