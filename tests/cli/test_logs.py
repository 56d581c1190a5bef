"""What the parts log: with its reason, and one line each."""

from __future__ import annotations

import logging
import sys

import pytest

from radio_archive.cli.logs import LogLines


def line(message: str, *, with_time: bool = False, **extra: object) -> str:
    record = logging.getLogger("radio_archive").makeRecord(
        "radio_archive", logging.WARNING, "a file", 1, message, (), None, extra=extra
    )
    return LogLines(with_time=with_time).format(record)


def test_the_reason_stands_beside_what_happened() -> None:
    assert line("work waits", error="No answer.", code="index_away") == (
        "work waits (error: No answer.; code: index_away)"
    )
    assert line("search is back") == "search is back"


def test_what_runs_for_days_says_when_it_was() -> None:
    timed = line("search is back", with_time=True)
    assert timed.endswith(" WARNING search is back")
    assert timed[:4].isdecimal()


def test_what_comes_from_outside_makes_no_second_line() -> None:
    assert line("request refused", path="/a\n2026 ERROR all is lost\x1b[2J") == (
        "request refused (path: /a 2026 ERROR all is lost [2J)"
    )


def test_a_traceback_follows_its_line() -> None:
    try:
        raise ValueError("a wrong\n2026 ERROR number\x1b[2J")
    except ValueError:
        caught = sys.exc_info()
    record = logging.makeLogRecord({"msg": "step crashed", "exc_info": caught, "kind": "map"})
    first, *rest = LogLines(with_time=False).format(record).splitlines()
    assert first == "step crashed (kind: map)"
    assert rest[0] == "    Traceback (most recent call last):"
    assert rest[-2:] == ["    ValueError: a wrong", "    2026 ERROR number [2J"]


@pytest.mark.parametrize("name", ["message", "asctime"])
def test_what_logging_itself_adds_is_no_reason(name: str) -> None:
    record = logging.makeLogRecord({"msg": "work goes on", name: "again"})
    assert LogLines(with_time=False).format(record) == "work goes on"
