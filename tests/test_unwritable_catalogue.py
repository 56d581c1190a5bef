"""Work where the catalogue's file cannot be written: waited for, unless it never could be."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from radio_archive.archive import open_archive
from radio_archive.errors import CatalogueUnwritable
from radio_archive.model import Job
from radio_archive.worker import run_worker
from tests.support.archives import settings_for

#: more than any of these needs, in seconds
PATIENCE_S = 60.0


def test_a_worker_that_runs_waits_for_a_catalogue_that_can_no_longer_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    with open_archive(settings_for(tmp_path)) as archive:
        claim = archive.claim

        def not_writable_for_a_while() -> Job | None:
            asked.append(True)
            if len(asked) in (2, 3):
                raise CatalogueUnwritable("The catalogue cannot be written.")
            return claim()

        monkeypatch.setattr(archive, "claim", not_writable_for_a_while)
        run_worker(archive, until_idle=False, stop=lambda: len(asked) > 3)
    assert len(asked) == 4


def test_a_worker_does_not_begin_where_the_catalogue_can_only_be_read(tmp_path: Path) -> None:
    with open_archive(settings_for(tmp_path)) as archive:
        address = archive.settings.catalogue_url.replace("sqlite:///", "sqlite:///file:")
    over = threading.Event()
    with open_archive(settings_for(tmp_path, f"{address}?mode=ro&uri=true")) as archive:
        too_long = threading.Timer(PATIENCE_S, over.set)
        too_long.start()
        with pytest.raises(CatalogueUnwritable, match="cannot be written"):
            run_worker(archive, until_idle=False, stop=over.is_set)
        too_long.cancel()
