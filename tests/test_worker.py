"""What a worker tells whoever reads its log."""

from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive import worker
from radio_archive.archive import open_archive
from radio_archive.errors import CatalogueUnavailable
from radio_archive.worker import run_worker
from tests.support.archives import settings_for


def test_why_work_waits_is_logged_once_and_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "IDLE_S", 0.01)
    away = [CatalogueUnavailable("No answer."), CatalogueUnavailable("No answer.")]
    away += [CatalogueUnavailable("It starts.")]
    with open_archive(settings_for(tmp_path)) as archive:
        plan = archive.plan

        def plan_or_fail(*, reopen: bool = False) -> int:
            if away:
                raise away.pop(0)
            return plan(reopen=reopen)

        monkeypatch.setattr(archive, "plan", plan_or_fail)
        run_worker(archive, until_idle=True)
    told = [
        (record.message, getattr(record, "error", ""))
        for record in caplog.records
        if record.name == "radio_archive.worker"
    ]
    assert told == [
        ("work waits", "No answer."),
        ("work waits", "It starts."),
        ("work goes on", ""),
    ]
