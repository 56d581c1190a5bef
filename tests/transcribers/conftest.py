"""Tiny models of the right form, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import tiny_models


@pytest.fixture(scope="session")
def tiny_omnilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_omnilingual(tmp_path_factory.mktemp("omnilingual"))


@pytest.fixture(scope="session")
def tiny_wav2vec2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_wav2vec2(tmp_path_factory.mktemp("wav2vec2"))


@pytest.fixture(scope="session")
def tiny_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_whisper(tmp_path_factory.mktemp("whisper"))
