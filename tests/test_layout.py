"""How the cores are shared out, from made-up measurements."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from radio_archive import layout as module
from radio_archive.layout import (
    Layout,
    Machine,
    Speeds,
    choose_layout,
    forced_layout,
    usable_cores,
    web_processes,
)

GIGABYTE = 1_000_000_000
TWO_CORES = Machine(cores=2, memory_bytes=24 * GIGABYTE)
ONE_FOR_ALL = Layout(processes=1, workers=2)


@pytest.mark.parametrize("waiting", [0, 1, 2, 50])
@pytest.mark.parametrize(
    "speeds",
    [None, Speeds(together=22), Speeds(together=22, apart=22.9), Speeds(together=22, apart=18)],
)
def test_one_process_takes_all_cores_unless_several_were_measured_to_be_faster(
    waiting: int, speeds: Speeds | None
) -> None:
    assert choose_layout(speeds, waiting, TWO_CORES) == ONE_FOR_ALL


def test_processes_that_are_faster_are_taken_where_each_has_a_recording() -> None:
    speeds = Speeds(together=22, apart=25)
    assert choose_layout(speeds, 2, TWO_CORES) == Layout(processes=2, workers=1)
    assert choose_layout(speeds, 1, TWO_CORES) == ONE_FOR_ALL


def test_processes_that_do_not_fit_into_half_the_memory_are_not_taken() -> None:
    speeds, small = Speeds(together=22, apart=25), Machine(cores=2, memory_bytes=4 * GIGABYTE)
    assert choose_layout(speeds, 2, small) == ONE_FOR_ALL


def test_an_engine_without_workers_gets_a_process_per_core_and_recording() -> None:
    four = Machine(cores=4, memory_bytes=0)
    for waiting, processes in ((0, 1), (1, 1), (3, 3), (9, 4)):
        chosen = choose_layout(None, waiting, four, has_workers=False)
        assert chosen == Layout(processes=processes, workers=1)


def test_many_cores_are_shared_out_among_a_few_processes() -> None:
    many = Machine(cores=20, memory_bytes=0)
    assert choose_layout(None, 1, many) == Layout(processes=1, workers=8)
    assert choose_layout(None, 9, many) == Layout(processes=3, workers=6)


@pytest.mark.parametrize(("processes", "workers"), [(1, 4), (2, 2), (3, 1), (4, 1), (9, 1)])
def test_a_number_of_processes_that_was_asked_for_shares_the_cores(
    processes: int, workers: int
) -> None:
    assert forced_layout(processes, 4) == Layout(processes=processes, workers=workers)


def test_a_layout_reads_as_a_sentence_would() -> None:
    assert str(Layout(processes=1, workers=2)) == "1 process with 2 workers"
    assert str(Layout(processes=2, workers=1)) == "2 processes with 1 worker"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="a matter of Linux")
def test_only_the_cores_a_process_is_bound_to_count() -> None:
    script = (
        "import os; from radio_archive.layout import usable_cores;"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(usable_cores())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "1\n"
    assert usable_cores() >= 1


@pytest.mark.parametrize(
    ("text", "cores"), [("200000 100000\n", 2), ("150000 100000\n", 2), ("max 100000\n", None)]
)
def test_a_containers_share_of_time_counts_as_cores(
    tmp_path: Path, text: str, cores: int | None
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(text)
    assert module._quota(file) == cores
    assert module._quota(tmp_path / "none") is None


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="a matter of POSIX")
def test_work_lets_everything_else_go_first_and_a_patient_one_stays_so() -> None:
    script = (
        "import os; from radio_archive.layout import lower_priority; lower_priority();"
        "print(os.getpriority(os.PRIO_PROCESS, 0)); os.nice(5); lower_priority();"
        "print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    first, second = map(int, run.stdout.split())
    assert first >= 10
    assert second == min(19, first + 5)


@pytest.mark.parametrize(
    ("wanted", "cores", "passages", "processes"),
    [(0, 8, 99_999, 1), (0, 2, 100_000, 2), (0, 64, 2_000_000, 4), (3, 2, 0, 3), (1, 8, 10**7, 1)],
)
def test_a_large_archive_is_served_by_a_process_for_each_core(
    wanted: int, cores: int, passages: int, processes: int
) -> None:
    assert web_processes(wanted, cores, passages) == processes
