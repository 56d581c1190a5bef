"""The time the database thinks it is."""

from __future__ import annotations

import pytest

from radio_archive.db import Database


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have every database think that it is so late, in seconds since 1970."""
    monkeypatch.setattr(Database, "moment", lambda database, connection: int(seconds))
