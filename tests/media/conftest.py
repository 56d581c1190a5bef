"""A store for each test, behind a line that can be cut."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from radio_archive.media.object_store import ObjectMediaStore
from tests.support import object_store as support
from tests.support.object_store import Line


@pytest.fixture
def prefix() -> str:
    """A corner of the bucket for each test."""
    return secrets.token_hex(8)


@pytest.fixture
def store(line: Line, prefix: str, tmp_path: Path) -> ObjectMediaStore:
    """A store behind a line, that keeps no copies."""
    return support.object_store(line.endpoint, prefix, tmp_path / "cache", cache_bytes=0)
