"""What is made ahead arrives in order, errors too, and nothing goes on behind the caller's back."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import closing

import pytest

from radio_archive.transcription import ahead as module
from radio_archive.transcription.ahead import ahead

PATIENCE_S = 10


def nothing() -> None:
    """Wait without a word."""


def test_items_come_in_their_order() -> None:
    assert list(ahead((each for each in range(100)), nothing)) == list(range(100))


def test_they_are_made_in_another_thread_before_they_are_asked_for() -> None:
    second_is_made, threads = threading.Event(), []

    def items() -> Generator[int, None, None]:
        for number in range(3):
            threads.append(threading.current_thread())
            if number == 1:
                second_is_made.set()
            yield number

    with closing(ahead(items(), nothing)) as made:
        assert next(made) == 0
        assert second_is_made.wait(PATIENCE_S)
    assert threading.current_thread() not in threads


def test_no_more_is_made_than_fits() -> None:
    count = 0

    def items() -> Generator[int, None, None]:
        nonlocal count
        while True:
            count += 1
            yield count

    with closing(ahead(items(), nothing, size=2)) as made:
        for number in range(1, 20):
            assert next(made) == number
            assert count <= number + 3  # two lie ready, one waits for its place


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        raise ValueError("no second one")

    made = ahead(items(), nothing)
    assert next(made) == 1
    with pytest.raises(ValueError, match="no second one"):
        next(made)


def test_who_waits_long_is_called_and_may_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK_S", 0.01)
    go_on = threading.Event()

    def items() -> Generator[int, None, None]:
        go_on.wait(PATIENCE_S)
        yield 1

    def break_off() -> None:
        go_on.set()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(ahead(items(), break_off))


def test_closing_it_ends_the_other_thread_and_closes_what_it_reads() -> None:
    is_closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            is_closed.set()

    before = set(threading.enumerate())
    with closing(ahead(items(), nothing)) as made:
        next(made)
    assert is_closed.is_set()
    assert set(threading.enumerate()) <= before
