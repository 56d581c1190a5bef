from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from radio_archive.errors import BadSettings, NoEngine, WeightsMissing
from radio_archive.model import LanguageTag
from radio_archive.settings import Settings
from radio_archive.transcribers.checking import CheckedWriter
from radio_archive.transcribers.lookup import EngineChoice
from radio_archive.transcribers.table import EngineTable


def table(models_dir: Path, **engines: str) -> EngineTable:
    return EngineTable(EngineChoice(models_dir=models_dir), ("fr", "en"), engines)


def test_a_language_may_have_its_own_engine(tiny_omnilingual: Path, tmp_path: Path) -> None:
    own = f"omnilingual-ctc/{tiny_omnilingual}"
    engines = table(tmp_path, bm=own, peulh=own)
    assert engines.languages == {"fr", "en", "bm", "ffm"}
    writer = engines.transcriber(LanguageTag("bm"))
    assert isinstance(writer, CheckedWriter)
    assert writer is engines.transcriber(LanguageTag("ffm"))  # opened once
    assert writer.knows(LanguageTag("ffm"))
    assert not writer.knows(LanguageTag("fr"))
    assert writer.parameters["language_check"] == "none"  # no Whisper here either
    with pytest.raises(WeightsMissing, match="models fetch base"):
        engines.transcriber(LanguageTag("fr"))


def test_missing_weights_name_the_command(tmp_path: Path) -> None:
    engines = table(tmp_path, bm="omnilingual-ctc/300m-int8", ses="wav2vec2/mms-1b-all")
    with pytest.raises(NoEngine, match=r"models fetch omnilingual-ctc/300m-int8\."):
        engines.transcriber(LanguageTag("bm"))
    with pytest.raises(NoEngine, match=r"mms-1b-all --accept-non-commercial\."):
        engines.transcriber(LanguageTag("ses"))


@pytest.mark.parametrize(
    ("engines", "says"),
    [
        ({"klingon": "faster-whisper/base"}, r"names 'klingon'"),
        ({"bm": "omnilingual-ctc/a", "bam": "omnilingual-ctc/b"}, "names bm twice"),
        ({"bm": "vosk/small"}, "no engine called 'vosk'.*omnilingual-ctc"),
        ({"mey": "omnilingual-ctc/300m-int8"}, "do not say that it knows mey"),
        ({"snk": "wav2vec2/mms-1b-all"}, "do not say that it knows snk"),
    ],
)
def test_a_table_that_cannot_work_is_refused_at_once(
    tmp_path: Path, engines: dict[str, str], says: str
) -> None:
    with pytest.raises(BadSettings, match=says):
        table(tmp_path, **engines)


def test_the_table_is_read_from_file_and_environment(tmp_path: Path) -> None:
    assert Settings.load({}, tmp_path).engines == {}
    (tmp_path / "radio-archive.toml").write_text('[engines]\nbm = "omnilingual-ctc/300m-int8"\n')
    assert Settings.load({}, tmp_path).engines == {"bm": "omnilingual-ctc/300m-int8"}
    environ = {"RADIO_ARCHIVE_ENGINES": "bm=omnilingual-ctc/1b-int8, fr = faster-whisper/base"}
    assert Settings.load(environ, tmp_path).engines == {
        "bm": "omnilingual-ctc/1b-int8",
        "fr": "faster-whisper/base",
    }


@pytest.mark.parametrize(
    "content",
    [
        'engines = "bm"',
        "engines = 3",
        "[engines]\nbm = 3",
        '[engines]\nbm = "omnilingual-ctc"',
        '[engines]\nbm = "/300m"',
    ],
)
def test_a_table_of_another_form_is_refused_with_an_example(tmp_path: Path, content: str) -> None:
    (tmp_path / "radio-archive.toml").write_text(content)
    with pytest.raises(BadSettings, match=r"engines.*\[engines\] bm = "):
        Settings.load({}, tmp_path)


def test_settings_with_engines_travel_to_worker_processes(tmp_path: Path) -> None:
    environ = {"RADIO_ARCHIVE_ENGINES": "bm=omnilingual-ctc/1b-int8"}
    settings = Settings.load(environ, tmp_path)
    assert pickle.loads(pickle.dumps(settings)) == settings
