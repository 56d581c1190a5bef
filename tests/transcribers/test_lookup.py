from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from radio_archive.errors import NoEngine, WeightsMissing
from radio_archive.model import LanguageTag
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber
from radio_archive.transcribers.whisper_codes import WHISPER_CODES, find_whisper_code, tag_of
from tests.support.whisper import MODELS


def test_an_engine_nobody_knows_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(NoEngine, match="auto, faster-whisper, omnilingual-ctc"):
        load_transcriber(EngineChoice(models_dir=tmp_path, engine="vosk"))


@pytest.mark.parametrize("engine", ["auto", "faster-whisper", "openai-whisper"])
def test_without_weights_the_command_is_named(tmp_path: Path, engine: str) -> None:
    with pytest.raises(WeightsMissing, match="radio-archive models fetch base"):
        load_transcriber(EngineChoice(models_dir=tmp_path, engine=engine))


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_auto_takes_the_fastest_engine() -> None:
    assert load_transcriber(EngineChoice(models_dir=MODELS)).name == "faster-whisper/base"


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_auto_takes_the_reference_engine_where_the_fast_one_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == "faster_whisper" else find_spec(name),
    )
    assert load_transcriber(EngineChoice(models_dir=MODELS)).name == "openai-whisper/base"
    with pytest.raises(NoEngine, match="pip install faster-whisper"):
        load_transcriber(EngineChoice(models_dir=MODELS, engine="faster-whisper"))


def test_the_codes_are_those_of_both_libraries_but_cantonese() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from whisper.tokenizer import LANGUAGES

    assert WHISPER_CODES == set(LANGUAGES) - {"yue"} == set(_LANGUAGE_CODES) - {"yue"}


@pytest.mark.parametrize(
    ("tag", "code"),
    [("fr", "fr"), ("fr-ML", "fr"), ("jv", "jw"), ("nb", "no"), ("bm", None), ("dje", None)],
)
def test_a_tag_becomes_whispers_code(tag: str, code: str | None) -> None:
    assert find_whisper_code(LanguageTag(tag)) == code


def test_whispers_javanese_comes_back_as_the_registered_tag() -> None:
    assert tag_of("jw") == "jv"
