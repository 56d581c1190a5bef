"""How fast this machine transcribes: measured on real weights, remembered, told by `doctor`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive import speed as module
from radio_archive.archive import open_archive
from radio_archive.audio import Audio
from radio_archive.errors import TranscriptionError
from radio_archive.layout import Layout, Machine
from radio_archive.model import Check
from radio_archive.speed import Measured, SpeedBook, sample
from radio_archive.transcribers.lookup import EngineChoice
from tests.support.archives import settings_for
from tests.support.whisper import MODELS

MEASURED = Measured(
    engine="faster-whisper/base", precision="int8", cores=2, together=21.5, apart=20.4, share=0.9
)


@pytest.fixture
def models(tmp_path: Path, whisper_base: None) -> Path:
    """The weights, in a folder that remembers nothing."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "base").symlink_to(MODELS / "base")
    return folder


@pytest.fixture
def book(models: Path) -> SpeedBook:
    return SpeedBook(EngineChoice(models_dir=models, engine="faster-whisper", workers=2))


def speed_of(home: Path, models: Path) -> Check:
    with open_archive(replace(settings_for(home), models_dir=str(models))) as archive:
        assert "speed" not in [check.name for check in archive.doctor()]
        checks = archive.doctor(is_measuring=True)
    [found] = [check for check in checks if check.name == "speed"]
    return found


def test_the_sample_is_less_than_the_half_minute_an_engine_hears_at_once() -> None:
    assert 20 < len(sample(Audio.find())) / 16_000 < 30


@pytest.mark.weights
def test_both_layouts_are_measured_and_remembered(
    book: SpeedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_APART_S", 1e9)
    monkeypatch.setattr(module, "BUDGET_S", 0)
    assert book.find() is None
    measured = book.measure(Audio.find())
    assert measured.engine == "faster-whisper/base"
    assert measured.cores == 2
    assert measured.together > 0
    assert (measured.apart or 0) > 0
    assert 0 < measured.share <= 1
    assert book.find() == measured


@pytest.mark.weights
def test_doctor_tells_how_long_an_hour_takes_if_asked(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(module, "measure", lambda *_: MEASURED)
    told = speed_of(home, models)
    assert told.is_ok
    assert told.finding == (
        "One hour of speech takes about 2.8 min here (faster-whisper/base, int8; "
        "1 process with 2 workers: 22 x real time; 2 processes with 1 worker: 20 x)."
    )


@pytest.mark.weights
def test_an_engine_that_fails_is_a_finding_of_the_doctor(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Measured:
        raise TranscriptionError("It could not load its weights.", hint="Fetch them again.")

    monkeypatch.setattr(module, "measure", fail)
    home = tmp_path / "home"
    home.mkdir()
    told = speed_of(home, models)
    assert (told.is_ok, told.remedy) == (False, "Fetch them again.")


@pytest.mark.weights
def test_a_layout_is_measured_only_where_there_is_something_to_choose(
    book: SpeedBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def measure(*_: object) -> Measured:
        asked.append(True)
        return replace(MEASURED, apart=99.0)

    monkeypatch.setattr(module, "measure", measure)
    two_cores = classmethod(lambda _: Machine(cores=2, memory_bytes=0))
    monkeypatch.setattr(Machine, "this", two_cores)
    assert book.choose(1, Audio.find).processes == 1
    assert not asked
    for _ in range(2):
        chosen = book.choose(99, Audio.find)
        assert chosen == Layout(processes=2, workers=1)
    assert len(asked) == 1


def test_the_best_of_several_measurements_counts() -> None:
    busy = replace(MEASURED, together=3.0, apart=None, share=0.1)
    assert busy.or_better(MEASURED) == MEASURED
    assert MEASURED.or_better(busy) == MEASURED
    assert busy.or_better(None) == busy


@pytest.mark.weights
@pytest.mark.parametrize("text", ["", "[]", "{", '{"key": 1}'])
def test_a_damaged_memory_is_no_memory(book: SpeedBook, models: Path, text: str) -> None:
    (models / module.FILE_NAME).write_text(text)
    assert book.find() is None


@pytest.mark.weights
def test_other_weights_and_other_cores_are_measured_anew(
    book: SpeedBook, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "measure", lambda *_: MEASURED)
    book.measure(Audio.find())
    choice = EngineChoice(models_dir=models, engine="faster-whisper", workers=2)
    assert SpeedBook(choice).find() == MEASURED
    for other in (replace(choice, workers=4), replace(choice, engine="openai-whisper")):
        assert SpeedBook(other).find() is None
