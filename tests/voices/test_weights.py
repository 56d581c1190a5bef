"""Getting the weights of the voice encoder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from radio_archive.errors import WeightsMissing
from radio_archive.fetch import Fetcher
from radio_archive.model import TakeIn
from radio_archive.settings import Settings
from radio_archive.voices.weights import FILE, NAME, fetch_voice_weights, find_voice_weights
from radio_archive.weights import Weights


def test_they_are_taken_in_from_a_folder_and_listed_once(
    voice_weights: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shelf = Weights(Settings(models_dir=str(models)), Fetcher())
    assert find_voice_weights(models) is None
    wish = TakeIn(folder=voice_weights.parent)
    assert shelf.fetch(NAME, print, wish) == (f"{NAME} is ready.",)
    assert find_voice_weights(models) == models / "ge2e" / "resemblyzer" / FILE
    assert [status.is_here for status in shelf.all() if status.name == NAME] == [True]
    assert all(check.is_ok for check in shelf.verify(NAME))
    shutil.rmtree(models / "ge2e" / "resemblyzer")
    assert not shelf.verify(NAME)[0].is_ok


def test_other_bytes_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    folder, models = tmp_path / "stick", tmp_path / "models"
    folder.mkdir()
    with pytest.raises(WeightsMissing, match=r"holds no pretrained\.pt"):
        fetch_voice_weights(models, print, folder)
    (folder / FILE).write_bytes(b"a pickle of somebody else's")
    with pytest.raises(WeightsMissing, match="is not the one we know"):
        fetch_voice_weights(models, print, folder)
    assert list(models.iterdir()) == []
