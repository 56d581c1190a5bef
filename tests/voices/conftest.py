"""The real voice encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive.voices import VoiceEncoder


@pytest.fixture(scope="session")
def voice_encoder(voice_weights: Path) -> VoiceEncoder:
    """The network with its weights."""
    return VoiceEncoder(voice_weights)
