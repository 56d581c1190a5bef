"""What every engine promises that cannot tell languages apart, on tiny models of the real form."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from radio_archive.errors import NoEngine, WeightsMissing
from radio_archive.model import LanguageTag, TakeIn, Trust
from radio_archive.transcribers import DecodeOptions, Task, Transcriber
from radio_archive.transcribers.lookup import Ears, EngineChoice, load_writer
from radio_archive.transcribers.taking_in import take_in
from tests.support import tiny_models
from tests.support.tiny_models import pause, spoken

BAMBARA = DecodeOptions(language=LanguageTag("bm"))
MAKERS: dict[str, Callable[[Path], Path]] = {
    "omnilingual-ctc": tiny_models.save_omnilingual,
    "wav2vec2": tiny_models.save_wav2vec2,
    "whisper-fine-tune": tiny_models.save_whisper,
}


def no_network(url: str, _target: Path) -> None:
    raise AssertionError(f"{url} was asked for")


@pytest.fixture(scope="module")
def models_dir(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = MAKERS[engine](tmp_path_factory.mktemp("made"))
    models = tmp_path_factory.mktemp("models")
    take_in(f"{engine}/taught", models, no_network, TakeIn(folder=folder, whisper_code="ha"))
    shutil.rmtree(folder)
    return models


@pytest.fixture(scope="module")
def writer(engine: str, models_dir: Path) -> Transcriber:
    languages = (LanguageTag("bm"), LanguageTag("ffm"))
    choice = EngineChoice(models_dir=models_dir, engine=engine, model="taught", languages=languages)
    return load_writer(choice, Ears(listener=None))


@pytest.mark.parametrize("engine", list(MAKERS), scope="module")
class TestWriter:
    def test_its_name_is_what_the_settings_say(self, writer: Transcriber, engine: str) -> None:
        assert writer.name == f"{engine}/taught"

    def test_its_parameters_tell_all_that_shapes_the_text(self, writer: Transcriber) -> None:
        parameters = writer.parameters
        assert len(parameters["weights_sha256"]) == 64
        assert parameters["engine_version"]
        assert parameters["threads"] == "1"
        assert parameters["language_check"] == "none"

    def test_it_knows_the_languages_it_is_configured_for_and_no_other(
        self, writer: Transcriber
    ) -> None:
        assert writer.knows(LanguageTag("bm"))
        for tag in ("fr", "ses", "mey", "und"):
            assert not writer.knows(LanguageTag(tag))

    def test_its_text_is_never_fully_trusted(self, writer: Transcriber) -> None:
        assert writer.trust is Trust.MACHINE_WEAK

    def test_words_stand_in_order_inside_their_group(self, writer: Transcriber) -> None:
        (decoded,) = writer.decode([spoken()], BAMBARA)
        for word in decoded.words:
            assert 0 <= word.start_ms <= word.end_ms <= 2_440
            assert word.text == word.text.strip() != ""
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(decoded.words))

    def test_text_does_not_depend_on_the_company(self, writer: Transcriber) -> None:
        group, other = spoken(), np.concatenate([pause(1), spoken()])
        assert writer.decode([other, group], BAMBARA)[1] == writer.decode([group], BAMBARA)[0]

    def test_nothing_and_almost_nothing_can_be_decoded(self, writer: Transcriber) -> None:
        assert writer.decode([], BAMBARA) == []
        (decoded,) = writer.decode([np.zeros(100, np.float32)], BAMBARA)
        assert all(word.end_ms <= 6 for word in decoded.words)

    def test_a_language_it_is_not_configured_for_is_refused(self, writer: Transcriber) -> None:
        with pytest.raises(NoEngine, match="'ses'"):
            writer.decode([spoken()], DecodeOptions(language=LanguageTag("ses")))

    def test_it_cannot_translate_and_says_so(self, writer: Transcriber, engine: str) -> None:
        assert not writer.translates(LanguageTag("bm"))
        asked = DecodeOptions(language=LanguageTag("bm"), task=Task.TRANSLATE)
        with pytest.raises(NoEngine, match=f"{engine}/taught cannot translate 'bm'"):
            writer.decode([spoken()], asked)

    def test_without_ears_everything_passes_for_its_languages(self, writer: Transcriber) -> None:
        (heard,) = writer.identify([spoken()])
        assert heard == {"bm": 1.0, "ffm": 1.0}

    def test_a_folder_without_weights_is_refused(
        self, engine: str, models_dir: Path, tmp_path: Path
    ) -> None:
        assert models_dir.is_dir()
        choice = EngineChoice(models_dir=tmp_path, engine=engine, model="taught")
        with pytest.raises(WeightsMissing, match=f"models add {engine}/taught FOLDER"):
            load_writer(choice, Ears(listener=None))
        (tmp_path / "taught" / engine).mkdir(parents=True)
        with pytest.raises(WeightsMissing):
            load_writer(choice, Ears(listener=None))

    def test_a_folder_of_the_station_serves_where_it_lies(
        self, engine: str, models_dir: Path
    ) -> None:
        folder = models_dir / "taught" / engine
        choice = EngineChoice(
            models_dir=Path("nowhere"),
            engine=engine,
            model=str(folder),
            languages=(LanguageTag("bm"),),
        )
        writer = load_writer(choice, Ears(listener=None))
        assert len(writer.decode([spoken()], BAMBARA)) == 1
