"""``work`` and ``serve`` as processes: several workers, signals, deaths."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from radio_archive.archive import open_archive
from radio_archive.audio import Audio
from radio_archive.catalogue import Catalogue
from radio_archive.cli.processes import GRACE_S, stop_on_signals
from radio_archive.db import Database
from radio_archive.jobs import Jobs
from radio_archive.model import Need
from tests.cli.running import Run
from tests.support.archives import settings_for
from tests.support.making import make_new_broadcast
from tests.support.sounds import make

Start = Callable[..., "subprocess.Popen[str]"]

PATIENCE_S = 60


def until(claim: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def command_of(process: psutil.Process) -> str:
    """Its command line; empty when it has just ended."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, FileNotFoundError):
        return ""


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process(process.pid).children()
        if "spawn_main" in command_of(child)
    ]


def working(start: Start, home: Path, workers: str) -> subprocess.Popen[str]:
    """A command whose workers, so many, have begun."""
    process = start("work", "--workers", workers)
    until((home / "media" / "catalogue.sqlite").exists)
    if workers != "1":  # one works in the command's own process
        until(lambda: len(workers_of(process)) == int(workers))
    return process


def end(process: subprocess.Popen[str]) -> tuple[str, str]:
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=PATIENCE_S)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_work_until_idle_does_all_there_is(
    run: Run, start: Start, clips: list[Path], workers: str
) -> None:
    run("add", str(clips[0].parent), "--language", "bm")
    process = start("work", "--until-idle", "--workers", workers, "--json")
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    results = [json.loads(line) for line in out.splitlines()]
    assert sorted(result["kind"] for result in results) == sorted(
        ["fingerprint", "map", "prepare"] * len(clips)
    )
    assert all(result["is_done"] for result in results)
    states = json.loads(run("status", "--json")[1])["states"]
    assert states == {"not_transcribed": len(clips)}


def test_work_that_fails_exits_with_1_and_says_what(
    run: Run, clips: list[Path], tmp_path: Path
) -> None:
    # another stays: where all are gone it is the disk that may be away, and work waits for it
    run("add", *map(str, clips), "--language", "bm")
    recording = next((tmp_path / "media").rglob("*.wav"))
    recording.unlink()
    status, _, err = run("work", "--until-idle")
    assert status == 1
    assert re.search("^error: prepare ", err, re.MULTILINE)
    assert "Traceback" not in err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_worker_that_is_told_to_stop_ends_well(
    start: Start, tmp_path: Path, workers: str
) -> None:
    process = working(start, tmp_path, workers)
    children = workers_of(process)
    end(process)
    assert process.returncode == 0
    assert not any(child.is_running() for child in children)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_worker_that_is_told_to_stop_breaks_off_the_renditions_of_hours_of_sound(
    run: Run,
    start: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: str,
) -> None:
    hours = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=10800")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    run("add", str(make(Audio.find(), tmp_path / "hours.flac", *hours)), "--language", "bm")
    process = start("work", "--workers", workers, "--only", "prepare")
    until(lambda: bool(list(temporary.rglob("*.part"))))
    ffmpegs = [
        each
        for each in psutil.Process(process.pid).children(recursive=True)
        if "ffmpeg" in each.name()
    ]
    told = time.monotonic()
    _, err = end(process)
    assert process.returncode == 0, err
    assert time.monotonic() - told < GRACE_S / 2
    assert ffmpegs
    assert not any(each.is_running() for each in ffmpegs)
    assert list(temporary.iterdir()) == []
    with open_archive(settings_for(tmp_path)) as archive:
        again = archive._parts.jobs.claim([Need("prepare")])
        assert again is not None
        assert again.attempts == 1


def test_a_worker_that_dies_is_replaced(start: Start) -> None:
    process = start("work", "--workers", "2")
    until(lambda: len(workers_of(process)) == 2)
    first = workers_of(process)
    first[0].kill()
    until(lambda: len([each for each in workers_of(process) if each not in first]) == 1)
    _, err = end(process)
    assert "A worker died with exit status -9" in err
    assert process.returncode == 0


def test_workers_do_not_outlive_the_one_who_started_them(start: Start) -> None:
    process = start("work", "--workers", "2")
    until(lambda: len(workers_of(process)) == 2)
    workers = workers_of(process)
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    until(lambda: not any(worker.is_running() for worker in workers))


def test_a_setting_that_makes_work_impossible_ends_all_workers_with_one_line(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_TRANSCRIBED_LANGUAGES", "klingon")
    process = start("work", "--workers", "2")
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert err.startswith("error: ")
    assert "Traceback" not in err


@pytest.mark.parametrize("options", [(), ("--with-worker",)])
def test_the_site_is_served_where_it_says(start: Start, options: tuple[str, ...]) -> None:
    process = start("serve", "--port", "0", *options)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{address}healthz", timeout=PATIENCE_S) as answer:
        assert answer.status == 200
    workers = workers_of(process)
    _, err = end(process)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not any(worker.is_running() for worker in workers)


def test_an_address_somebody_else_has_is_one_line(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start("serve", "--quiet", "--port", str(taken.getsockname()[1]))
        out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert out == ""
    assert err.startswith("error: 127.0.0.1 port ")
    assert len(err.splitlines()) == 1


def test_status_shows_who_works_and_what_nobody_can_do(
    run: Run, start: Start, clips: list[Path]
) -> None:
    run("add", str(clips[0].parent), "--language", "bm")
    process = start("work", "--only", "map")

    def status() -> dict[str, Any]:
        told: dict[str, Any] = json.loads(run("status", "--json")[1])
        return told

    until(lambda: bool(status()["workers"]) and "map" not in status()["jobs_waiting"])
    told = status()
    assert [worker["needs"] for worker in told["workers"]] == [["map"]]
    assert [(each["needs"], each["jobs"]) for each in told["unserved"]] == [("prepare", len(clips))]
    text = run("status")[1]
    assert f"worker       {told['workers'][0]['name']}: waits" in text
    assert "nobody can   prepare (3 jobs): No worker does this" in text
    end(process)
    assert status()["workers"] == []


@pytest.fixture
def terminal() -> Iterator[None]:
    """What is started heeds the end of its terminal, even where ``nohup`` started the tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_terminal_that_is_closed_ends_a_worker_well(
    start: Start, tmp_path: Path, workers: str
) -> None:
    process = working(start, tmp_path, workers)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


@pytest.mark.usefixtures("terminal")
def test_a_terminal_that_is_closed_ends_the_site(start: Start) -> None:
    process = start("serve", "--port", "0")
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with urllib.request.urlopen(f"{address}healthz", timeout=PATIENCE_S) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


def test_nohup_still_means_what_it_says() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals() as is_asked:
            signal.raise_signal(signal.SIGHUP)
            assert not is_asked()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_step_that_waits_for_its_next_attempt_is_told_and_is_no_success(
    run: Run, tmp_path: Path
) -> None:
    with open_archive(settings_for(tmp_path)) as archive:
        database = Database(archive.settings.catalogue_url)
        address = "https://radio.example/a.mp3"
        Catalogue(database).broadcasts.put(make_new_broadcast(audio_url=address))
        archive.plan()
        jobs = Jobs(database)
        job = jobs.claim([Need("download")])
        assert job is not None
        jobs.retry(job, "It does not answer.", after_s=290)
        database.close()
    status, out, err = run("work", "--until-idle", "--workers", "1")
    assert (status, out) == (1, "")
    assert "1 step is tried again in 5 min" in err
    assert "Nothing was left to do." not in err
