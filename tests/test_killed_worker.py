"""A worker killed again and again leaves the same archive as one nobody disturbed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, open_archive
from radio_archive.settings import Settings
from radio_archive.worker import run_worker
from tests.support.archives import SAMPLES, fingerprint_of, settings_for

pytestmark = pytest.mark.weights

KILLS = 10
#: seconds a process takes to begin with the work, about
STARTING_S = 4
QUERIES = ("crime organisé", "the", "mali", '"la santé"', "prix OR riz")


def translating(home: Path) -> Settings:
    return replace(settings_for(home), translate_into_english="always")


def take_in(home: Path) -> None:
    (home / "radio-archive.toml").write_text('translate_into_english = "always"\n')
    with open_archive(translating(home)) as archive:
        [result] = archive.add([str(SAMPLES / "2016-11-02-journal.mp3")], AddOptions())
        assert result.broadcast_id


def test_ten_kills_at_random_moments_change_nothing(tmp_path: Path, whisper_base: None) -> None:
    calm, troubled = tmp_path / "calm", tmp_path / "troubled"
    for home in (calm, troubled):
        home.mkdir()
        take_in(home)
    started = time.monotonic()
    with open_archive(translating(calm)) as archive:
        run_worker(archive, until_idle=True)
    undisturbed_s = time.monotonic() - started

    command = [sys.executable, "-m", "radio_archive", "work", "--until-idle", "--quiet"]
    command += ["--home", str(troubled), "--retry-failed"]
    chance = random.Random(20141016)
    ends = []
    for _ in range(KILLS):
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        time.sleep(chance.uniform(1.0, STARTING_S + undisturbed_s / 4))
        worker.send_signal(signal.SIGKILL)
        ends.append(worker.wait())
    assert ends.count(-signal.SIGKILL) >= 2, "a faster machine has done the work by then"
    with open_archive(translating(troubled)) as archive:
        run_worker(archive, until_idle=True)  # it notices the last death
        archive.retry_failed()  # what its workers died of three times waits for a person
        run_worker(archive, until_idle=True)

        [broadcast] = archive.recent_broadcasts()
        assert [track.language for track in archive.tracks(broadcast.id)] == ["fr", "en"]

    assert fingerprint_of(troubled, QUERIES) == fingerprint_of(calm, QUERIES)
