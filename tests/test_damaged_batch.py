"""Every damaged or odd file ends in a right result or a sentence; the others are not harmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.model import BroadcastState, Outcome, WorkResult
from radio_archive.worker import run_worker
from tests.support.archives import settings_for

pytestmark = pytest.mark.weights


@pytest.fixture
def damaged(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "audio" / "broken").iterdir())


def take_in(archive: Archive, files: list[Path]) -> dict[str, tuple[Outcome, str]]:
    results = archive.add([str(file) for file in files], AddOptions(language="fr"))
    return {Path(result.item).name: (result.outcome, result.error) for result in results}


def files_in(home: Path) -> list[Path]:
    return sorted(path for path in (home / "media").rglob("*") if path.is_file())


def test_a_batch_of_damaged_files_is_dealt_with_file_by_file(
    damaged: list[Path], tmp_path: Path, whisper_base: None
) -> None:
    with open_archive(settings_for(tmp_path)) as archive:
        first = take_in(archive, damaged)
        assert set(first) == {file.name for file in damaged}
        for name, (outcome, error) in first.items():
            assert outcome in {Outcome.ADDED, Outcome.UNCHANGED, Outcome.FAILED}
            if outcome is Outcome.FAILED:
                assert name in error
                assert "Traceback" not in error
        assert sum(outcome is Outcome.ADDED for outcome, _ in first.values()) >= 20
        failures: list[WorkResult] = []
        run_worker(
            archive,
            until_idle=True,
            on_result=lambda result: None if result.is_done else failures.append(result),
        )
        assert failures == []
        states = {broadcast.state for broadcast in archive.broadcasts(page_size=500)[0]}
        assert states == {BroadcastState.TRANSCRIBED}
        kept = files_in(tmp_path)
        assert not [path for path in kept if ".tmp" in path.name or ".part" in path.name]

        second = take_in(archive, damaged)
        assert {outcome for outcome, _ in second.values()} <= {Outcome.UNCHANGED, Outcome.FAILED}
        assert archive.plan() == 0
        assert files_in(tmp_path) == kept
