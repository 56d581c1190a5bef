"""Clips and copies that are made while listeners wait: they hold up nobody who reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from radio_archive.audio import Audio
from radio_archive.errors import AudioError
from radio_archive.web import create_app
from radio_archive.web.bench import AT_ONCE, MOST_WAITING
from tests.web.stocking import Stock, stock_archive

#: more than the threads that all pages share
ASKED = 45
SERVED = AT_ONCE + MOST_WAITING


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


@contextmanager
def slow(monkeypatch: pytest.MonkeyPatch, step: str) -> Iterator[threading.Event]:
    """ffmpeg that begins a step only when it is let go."""
    let_go, begin = threading.Event(), getattr(Audio, step)

    def begin_late(*asked: Any, **options: Any) -> None:
        let_go.wait(60)
        begin(*asked, **options)

    monkeypatch.setattr(Audio, step, begin_late)
    try:
        yield let_go
    finally:
        let_go.set()


def ask_at_once(
    client: TestClient, addresses: list[str], let_go: threading.Event, served: int
) -> list[httpx2.Response]:
    """What is answered to all of these; a page is asked for while so many wait."""
    asked: list[Future[httpx2.Response]] = []
    with ThreadPoolExecutor(ASKED + 1) as listeners:
        try:
            asked = [listeners.submit(client.get, each) for each in addresses]
            refused = len(addresses) - served
            assert len(list(islice(as_completed(asked, timeout=30), refused))) == refused
            assert listeners.submit(client.get, "/").result(timeout=30).status_code == 200
        finally:
            let_go.set()
    return [each.result() for each in asked]


def require_served_or_told_to_wait(answers: list[httpx2.Response]) -> None:
    refused = [each for each in answers if each.status_code != 200]
    assert len(refused) == ASKED - SERVED
    for each in refused:
        assert each.status_code == 503
        assert int(each.headers["retry-after"]) > 0
        assert "archive-degraded" not in each.headers, "nothing is away"
        assert "Beaucoup de monde à la fois" in each.text
        assert "réessayez dans une minute" in each.text


def test_pages_are_read_while_many_clips_are_cut_and_who_comes_too_late_is_told_to_wait(
    stock: Stock, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"/clips/{stock.debate}?start={each}&end={each + 2}" for each in range(ASKED)]
    with slow(monkeypatch, "render") as let_go:
        require_served_or_told_to_wait(ask_at_once(client, addresses, let_go, SERVED))
    late = [client.get(each).status_code for each in addresses]
    assert late == [200] * ASKED, "their turn comes when the others are served"


@pytest.mark.parametrize("step", ["render", "rewrap"])
def test_what_many_want_at_once_is_made_once_and_given_to_all(
    stock: Stock, client: TestClient, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made: list[int] = []
    begin = getattr(Audio, step)

    def counted(*asked: Any, **options: Any) -> None:
        made.append(1)
        begin(*asked, **options)

    monkeypatch.setattr(Audio, step, counted)
    address = {
        "render": f"/clips/{stock.debate}?start=1&end=3",
        "rewrap": f"/media/{stock.debate}.webm",
    }[step]
    with slow(monkeypatch, step) as let_go:
        answers = ask_at_once(client, [address] * ASKED, let_go, ASKED)
    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 1
    assert made == [1]


def test_what_cannot_be_made_is_told_to_all_who_wait_and_tried_again_by_the_next(
    stock: Stock, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def fail(*_asked: Any, **_options: Any) -> None:
        tried.append(1)
        raise AudioError("ffmpeg failed.")

    address = f"/clips/{stock.debate}?start=1&end=3"
    with monkeypatch.context() as patch:
        patch.setattr(Audio, "render", fail)
        with slow(patch, "render") as let_go:
            answers = ask_at_once(client, [address] * 5, let_go, 5)
    assert {each.status_code for each in answers} == {500}
    assert len(tried) < 5, "not by each of them"
    assert client.get(address).status_code == 200


def test_what_was_made_before_is_heard_while_all_others_wait(
    stock: Stock, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [f"/clips/{stock.debate}?start=1&end=3", f"/media/{stock.debate}.webm"]
    assert [client.get(each).status_code for each in known] == [200, 200]
    for step in ("render", "rewrap"):
        with ThreadPoolExecutor(AT_ONCE) as others, slow(monkeypatch, step):
            wanted = (
                [f"/clips/{stock.debate}?start={each}&end={each + 2}" for each in (5, 6)]
                if step == "render"
                else [f"/media/{each}.webm" for each in (stock.bulletin, stock.kibaruw)]
            )
            waiting = [others.submit(client.get, each) for each in wanted]
            assert [client.get(each).status_code for each in known] == [200, 200]
            assert not any(each.done() for each in waiting)
