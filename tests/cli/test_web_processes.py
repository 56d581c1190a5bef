"""``serve`` with more than one process that answers."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.test_processes import Start, end, until, workers_of

Ask = Callable[[str], tuple[int, str]]


@contextmanager
def served(start: Start, *options: str) -> Iterator[tuple[subprocess.Popen[str], Ask]]:
    """A server, and what asks it over a connection of its own each time."""
    process = start("serve", "--port", "0", *options)
    assert process.stdout is not None
    address = urlsplit(process.stdout.readline().strip()).netloc

    def ask(path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    yield process, ask


def is_serving(process: psutil.Process) -> bool:
    """Whether a process has taken visitors in: it wrote down what it counted."""
    return any(each.path.endswith(".db") for each in process.open_files())


def counted(text: str) -> float:
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "radio_archive_request_seconds_count"
        and sample.labels["route"] == "/healthz"
    )


def test_several_processes_answer_and_count_together(start: Start) -> None:
    with served(start, "--processes", "2") as (process, ask):
        (other,) = workers_of(process)
        both = (psutil.Process(process.pid), other)
        asked = 0

        def each_answered() -> bool:
            nonlocal asked
            assert ask("/healthz")[0] == 200
            asked += 1
            return all(is_serving(each) for each in both)

        until(each_answered)
        # a request is counted after its last byte, which the visitor may have by then
        until(lambda: counted(ask("/metrics")[1]) == asked)
        for _ in range(5):  # whichever is asked
            assert counted(ask("/metrics")[1]) == asked
        _, err = end(process)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert not other.is_running()


def test_one_that_is_killed_is_replaced_and_the_site_goes_on(start: Start) -> None:
    with served(start, "--processes", "2") as (process, ask):
        (victim,) = workers_of(process)
        victim.kill()

        def is_replaced() -> bool:
            assert ask("/healthz")[0] == 200
            others = [each for each in workers_of(process) if each.pid != victim.pid]
            return len(others) == 1

        until(is_replaced)
        _, err = end(process)
    assert "ended with exit status -9; another one starts" in err


def test_none_outlives_the_first_one(start: Start) -> None:
    with served(start, "--processes", "3") as (process, ask):
        others = workers_of(process)
        assert len(others) == 2
        assert ask("/healthz")[0] == 200
        time.sleep(1)  # they are on their way up
        process.kill()
        until(lambda: not any(each.is_running() for each in others))


@pytest.mark.parametrize("options", [(), ("--processes", "1")])
def test_a_small_archive_is_served_by_one_process(start: Start, options: tuple[str, ...]) -> None:
    with served(start, *options) as (process, ask):
        assert ask("/healthz")[0] == 200
        assert workers_of(process) == []
        end(process)
