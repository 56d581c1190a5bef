"""What is known of the parts that an archive stands on, asked by many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from radio_archive.archive import open_archive
from radio_archive.condition import Condition
from radio_archive.errors import SearchIndexError
from radio_archive.model import Ground, Trouble
from tests.support.archives import settings_for

AWAY = Trouble(ground=Ground.SEARCH, is_down=True, error=SearchIndexError("It was away."))


def test_of_looks_that_overlap_the_one_that_began_last_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def search(_condition: Condition) -> Trouble | None:
        if begun.is_set():
            return None
        begun.set()
        assert let_go.wait(30)
        return AWAY

    monkeypatch.setattr(Condition, "_search", search)
    with open_archive(settings_for(tmp_path)) as archive, ThreadPoolExecutor(1) as threads:
        older = threads.submit(archive.look)
        assert begun.wait(30)
        assert archive.look() == ()
        let_go.set()
        assert older.result() == ()
        assert archive.troubles() == ()
