"""Progress: the same numbers everywhere, none of them where they are not wanted."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from radio_archive.cli.progress import PlainDisplay, WorkReport, describe, duration
from radio_archive.cli.screen import Screen, plain
from radio_archive.errors import CatalogueUnavailable
from radio_archive.model import BroadcastId, Job, JobKind, Milliseconds, Progress, WorkResult

BROADCAST = BroadcastId("0f3a9c1d2b4e5f60")
JOB = Job(id=1, kind=JobKind.TRANSCRIBE, broadcast_id=BROADCAST, token="t", attempts=1)


def at(done_ms: int, elapsed_s: float = 10.0) -> Progress:
    return Progress(
        done_ms=Milliseconds(done_ms), total_ms=Milliseconds(720_000), elapsed_s=elapsed_s
    )


def result(*, is_done: bool, kind: JobKind = JobKind.INDEX, will_retry: bool = False) -> WorkResult:
    return WorkResult(
        kind=kind,
        broadcast_id=BROADCAST,
        title="Journal",
        is_done=is_done,
        error="" if is_done else "No disk.",
        will_retry=will_retry,
    )


def report(*, is_quiet: bool = False) -> WorkReport:
    return WorkReport(Screen(is_quiet=is_quiet), lambda _id: "Journal")


def test_progress_says_minutes_speed_and_time_left() -> None:
    assert describe(at(180_000)) == "3.0 of 12.0 min, 18.0 × real time, 30 s left"
    assert describe(at(0)) == "0.0 of 12.0 min"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (3599, "1 h 00 min"), (11_100, "3 h 05 min")],
)
def test_a_duration_reads_like_one(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_in_a_pipe_a_broadcast_speaks_now_and_then_not_all_the_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    display = PlainDisplay()
    for done in range(0, 60_000, 1000):
        display.show(JOB.broadcast_id, "Journal", at(done))
    assert len(capsys.readouterr().err.splitlines()) == 1
    display.forget(BROADCAST)
    display.show(JOB.broadcast_id, "Journal", at(60_000))
    assert capsys.readouterr().err.startswith("Journal: 1.0 of 12.0 min")


def test_quiet_shows_no_progress_but_every_error(capsys: pytest.CaptureFixture[str]) -> None:
    with report(is_quiet=True) as quiet:
        quiet.on_progress(JOB, at(1000))
        quiet.on_result(result(is_done=False))
    printed = capsys.readouterr()
    assert printed.err == "error: index 0f3a9c1d2b4e5f60: No disk.\n"


def test_a_step_that_succeeds_at_the_second_attempt_went_well() -> None:
    with report() as work:
        work.on_result(result(is_done=False, will_retry=True))
        assert not work.all_went_well
        work.on_result(result(is_done=False, kind=JobKind.PREPARE))
        work.on_result(result(is_done=True))
        assert not work.all_went_well
        work.on_result(result(is_done=True, kind=JobKind.PREPARE))
        assert work.all_went_well


def test_a_title_can_neither_steer_the_terminal_nor_break_the_line() -> None:
    assert plain("Journal\n\x1b[2J\u2028du soir") == "Journal [2J du soir"


def test_on_a_terminal_lines_of_data_stand_above_the_bars_and_whole() -> None:
    """The screen is read from a real pseudo-terminal: each line alone on its own."""
    program = (
        "import time\n"
        "from tests.cli.test_progress import JOB, at, report, result\n"
        "with report() as work:\n"
        "    work.on_progress(JOB, at(360_000))\n"
        "    time.sleep(0.5)\n"
        "    work.on_result(result(is_done=True, kind=JOB.kind))\n"
    )
    master, slave = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", program], stdout=slave, stderr=slave, check=True, timeout=60
    )
    os.close(slave)
    shown = os.read(master, 65_536).decode()
    os.close(master)
    assert "6.0 of 12.0 min" in shown
    last = shown.split("6.0 of 12.0 min")[-1]
    before, _, after = last.partition("0f3a9c1d2b4e5f60  transcribe  Journal\r\n")
    assert after
    # the bar's line is erased, and nothing else is written on it
    assert re.fullmatch(r"(\x1b\[\?25h|\r)*", before.rpartition("\x1b[2K")[2])


def test_a_title_that_cannot_be_had_now_ends_no_work_and_is_asked_for_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    away = True

    def title_of(_id: BroadcastId) -> str:
        if away:
            raise CatalogueUnavailable("The catalogue does not answer.")
        return "Journal"

    with WorkReport(Screen(), title_of) as work:
        work.on_progress(JOB, at(60_000))
        work.on_result(result(is_done=True, kind=JOB.kind))
        away = False
        work.on_progress(JOB, at(120_000))
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"transcribe {BROADCAST}: 1.0 of 12.0 min")
    assert second.startswith("transcribe Journal: 2.0 of 12.0 min")


def test_each_step_of_a_broadcast_says_which_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with report() as work:
        for kind in (JobKind.PREPARE, JobKind.TRANSCRIBE):
            work.on_progress(replace(JOB, kind=kind), at(60_000))
    prepare, transcribe = capsys.readouterr().err.splitlines()
    assert prepare.startswith("prepare Journal: 1.0 of 12.0 min")
    assert transcribe.startswith("transcribe Journal: 1.0 of 12.0 min")
