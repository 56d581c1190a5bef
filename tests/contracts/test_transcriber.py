"""What every speech engine promises, on the same real weights."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from radio_archive.errors import NoEngine
from radio_archive.model import LanguageTag, Milliseconds
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Task, Transcriber
from radio_archive.transcribers.faster_whisper import FasterWhisper, Search
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber
from radio_archive.transcribers.weights import find_weights, get_weights
from tests.support.whisper import MODELS, journal

FRENCH = DecodeOptions(language=LanguageTag("fr"))
INTO_ENGLISH = replace(FRENCH, task=Task.TRANSLATE)


def words(decoded: DecodedGroup) -> list[str]:
    return [word.text for word in decoded.words]


@pytest.fixture(scope="module")
def transcriber(engine: str, whisper_base: None) -> Transcriber:
    return load_transcriber(EngineChoice(models_dir=MODELS, engine=engine))


@pytest.mark.weights
@pytest.mark.parametrize("engine", ["faster-whisper", "openai-whisper"], scope="module")
class TestTranscriber:
    def test_its_name_says_engine_and_weights(self, transcriber: Transcriber, engine: str) -> None:
        assert transcriber.name == f"{engine}/base"

    def test_its_parameters_tell_all_that_shapes_the_text(self, transcriber: Transcriber) -> None:
        parameters = transcriber.parameters
        assert len(parameters["weights_sha256"]) == 64
        for name in ("engine_version", "compute_type", "beam_size", "threads", "device"):
            assert parameters[name]

    def test_it_knows_french_and_not_bambara(self, transcriber: Transcriber) -> None:
        assert transcriber.knows(LanguageTag("fr"))
        assert transcriber.knows(LanguageTag("fr-ML"))
        for tag in ("bm", "ffm", "ses", "taq", "und"):
            assert not transcriber.knows(LanguageTag(tag))

    def test_it_hears_that_french_is_spoken(self, transcriber: Transcriber) -> None:
        (found,) = transcriber.identify([journal(2.8, 14.8)])
        assert max(found, key=lambda tag: found[tag]) == "fr"
        assert 0.8 < found[LanguageTag("fr")] <= 1
        assert sum(found.values()) == pytest.approx(1, abs=0.01)

    def test_it_hears_parts_of_a_group_in_company(self, transcriber: Transcriber) -> None:
        group = journal(2.8, 14.8)
        spans = [
            (Milliseconds(0), Milliseconds(5_000)),
            (Milliseconds(5_200), Milliseconds(12_000)),
        ]
        (parts,) = transcriber.identify_parts([group], [spans])
        assert len(parts) == 2
        for found in parts:
            assert max(found, key=lambda tag: found[tag]) == "fr"
            assert sum(found.values()) == pytest.approx(1, abs=0.01)

    def test_hearing_parts_first_changes_no_word(self, transcriber: Transcriber) -> None:
        group = journal(2.8, 7.9)
        transcriber.identify_parts([group], [[(Milliseconds(0), Milliseconds(5_100))]])
        assert transcriber.decode([group], FRENCH) == transcriber.decode([group.copy()], FRENCH)

    def test_it_writes_what_is_said_in_the_order_given(self, transcriber: Transcriber) -> None:
        first, second = transcriber.decode([journal(2.8, 7.9), journal(8.1, 14.9)], FRENCH)
        assert "journal" in " ".join(words(first))
        assert "démonstration" in " ".join(words(second))

    def test_words_stand_in_order_inside_their_group(self, transcriber: Transcriber) -> None:
        (decoded,) = transcriber.decode([journal(8.1, 14.9)], FRENCH)
        for word in decoded.words:
            assert 0 <= word.start_ms <= word.end_ms <= 6_800
            assert word.text == word.text.strip() != ""
            assert 0 <= (word.probability or 0) <= 1
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(decoded.words))

    def test_it_says_how_sure_it_is(self, transcriber: Transcriber) -> None:
        (decoded,) = transcriber.decode([journal(8.1, 14.9)], FRENCH)
        assert -0.6 < (decoded.avg_logprob or -9) < 0
        assert 0 <= (decoded.no_speech_prob or 0) < 0.5
        assert 0.5 < (decoded.compression_ratio or 0) < 2.4

    def test_text_does_not_depend_on_the_company(self, transcriber: Transcriber) -> None:
        group, others = journal(8.1, 14.9), [journal(2.8, 7.9), journal(15.2, 22)]
        (alone,) = transcriber.decode([group], FRENCH)
        together = transcriber.decode([others[0], group, others[1]], FRENCH)[1]
        assert words(alone) == words(together)
        assert [w.start_ms for w in alone.words] == [w.start_ms for w in together.words]

    def test_asking_for_the_language_first_changes_nothing(self, transcriber: Transcriber) -> None:
        group = journal(2.8, 7.9)
        transcriber.identify([group])
        assert transcriber.decode([group], FRENCH) == transcriber.decode([group.copy()], FRENCH)

    def test_nothing_and_almost_nothing_can_be_decoded(self, transcriber: Transcriber) -> None:
        assert transcriber.decode([], FRENCH) == []
        assert transcriber.identify([]) == []
        (decoded,) = transcriber.decode([np.zeros(100, np.float32)], FRENCH)
        assert all(word.end_ms <= 6 for word in decoded.words)

    def test_a_prompt_may_be_given_and_is_not_repeated(self, transcriber: Transcriber) -> None:
        prompted = replace(FRENCH, prompt="Ségou, Mopti, Sévaré, Gao")
        (decoded,) = transcriber.decode([journal(2.8, 7.9)], prompted)
        assert "journal" in " ".join(words(decoded))
        assert "Sévaré" not in " ".join(words(decoded))

    def test_it_says_in_english_what_is_said_in_french(self, transcriber: Transcriber) -> None:
        groups = [journal(2.8, 7.9), journal(84.8, 102)]
        first, second = (" ".join(words(each)) for each in transcriber.decode(groups, INTO_ENGLISH))
        assert "March 2015" in first
        for word in ("vaccination", "children", "parents"):
            assert word in second
        assert not {"enfants", "mois", "gratuite"} & set(second.split())

    def test_a_translation_is_placed_inside_its_group(self, transcriber: Transcriber) -> None:
        (decoded,) = transcriber.decode([journal(84.8, 102)], INTO_ENGLISH)
        assert decoded.words
        assert all(0 <= word.start_ms <= word.end_ms <= 17_200 for word in decoded.words)
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(decoded.words))

    def test_translating_changes_no_word_of_the_transcript(self, transcriber: Transcriber) -> None:
        group = journal(2.8, 7.9)
        before = transcriber.decode([group], FRENCH)
        transcriber.decode([group], INTO_ENGLISH)
        assert transcriber.decode([group], FRENCH) == before

    def test_it_translates_what_it_knows_but_english(self, transcriber: Transcriber) -> None:
        assert transcriber.translates(LanguageTag("fr"))
        assert transcriber.translates(LanguageTag("ar"))
        for tag in ("en", "bm", "und"):
            assert not transcriber.translates(LanguageTag(tag))
            asked = replace(INTO_ENGLISH, language=LanguageTag(tag))
            with pytest.raises(NoEngine, match=f"cannot translate '{tag}' into English"):
                transcriber.decode([journal(2.8, 4)], asked)

    @pytest.mark.parametrize("model", ["base.en", "turbo"])
    def test_models_that_were_not_taught_to_translate_refuse(
        self, engine: str, model: str, tmp_path: Path
    ) -> None:
        where = find_weights("base", engine, MODELS)
        assert where is not None
        same = tmp_path / model / where.relative_to(MODELS / "base").parent
        same.mkdir(parents=True)
        (same / (where.name if where.is_dir() else f"{model}.pt")).symlink_to(where)
        choice = EngineChoice(models_dir=tmp_path, engine=engine, model=model)
        transcriber = load_transcriber(choice)
        assert not transcriber.translates(LanguageTag("fr"))
        with pytest.raises(NoEngine, match=f"{engine}/{model} cannot translate 'fr'"):
            transcriber.decode([journal(2.8, 4)], INTO_ENGLISH)

    def test_a_language_it_does_not_know_is_refused(self, transcriber: Transcriber) -> None:
        with pytest.raises(NoEngine, match="'bm'"):
            transcriber.decode([journal(2.8, 4)], DecodeOptions(language=LanguageTag("bm")))


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
@pytest.mark.parametrize("options", [FRENCH, INTO_ENGLISH], ids=["french", "into english"])
def test_both_engines_are_twins_in_the_same_precision(options: DecodeOptions) -> None:
    """Greedy, single precision, same tensors: not a word and not a time may differ."""
    groups = [journal(2.8, 14.9), journal(15.2, 30)]
    reference = load_transcriber(EngineChoice(models_dir=MODELS, engine="openai-whisper"))
    fast = FasterWhisper(
        get_weights("base", "faster-whisper", MODELS),
        search=Search(compute_type="float32", beam_size=1),
    )
    for ours, theirs in zip(
        fast.decode(groups, options), reference.decode(groups, options), strict=True
    ):
        assert timed(ours) == timed(theirs)
        assert ours.avg_logprob == pytest.approx(theirs.avg_logprob, abs=1e-3)
        assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, abs=1e-3)
        assert ours.compression_ratio == theirs.compression_ratio


def timed(decoded: DecodedGroup) -> Sequence[tuple[int, int, str]]:
    return [(word.start_ms, word.end_ms, word.text) for word in decoded.words]


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_an_engine_is_made_without_loading_its_weights() -> None:
    """The worker opens engines to ask what they know: that must not cost 150 MB."""
    before = threading.active_count()
    transcriber = load_transcriber(EngineChoice(models_dir=MODELS))
    assert transcriber.knows(LanguageTag("fr"))
    assert "_model" not in vars(transcriber)
    assert threading.active_count() == before
