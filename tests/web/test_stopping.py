"""What readers and listeners are told who wait for an answer when the server is stopped."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from radio_archive.audio import Audio
from radio_archive.web import create_app
from radio_archive.web.bench import AT_ONCE, Bench
from radio_archive.web.middleware import SafetyNet
from tests.web.serving import serve_app
from tests.web.stocking import Stock, stock_archive

GRACE_S = 1


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.mark.parametrize(
    ("accept", "said"),
    [("application/json", "server_stopping"), ("text/html", "Réessayez dans un instant")],
)
def test_whoever_waits_for_a_clip_is_told_to_come_back(
    stock: Stock, monkeypatch: pytest.MonkeyPatch, accept: str, said: str
) -> None:
    come, give, cut, let_go = threading.Semaphore(0), Bench.give, Audio.render, threading.Event()

    async def noted(*asked: Any) -> Any:
        come.release()
        return await give(*asked)

    def cut_late(*asked: Any, **options: Any) -> None:
        let_go.wait(60)
        cut(*asked, **options)

    monkeypatch.setattr(Bench, "give", noted)
    monkeypatch.setattr(Audio, "render", cut_late)
    clip, headers = f"/clips/{stock.debate}", {"accept": accept}
    with ThreadPoolExecutor(AT_ONCE + 1) as listeners:
        with serve_app(create_app(stock.archive), GRACE_S) as address:
            asked = [
                listeners.submit(
                    httpx2.get, f"{address}{clip}?start={each}&end=9", headers=headers, timeout=60
                )
                for each in range(AT_ONCE + 1)
            ]
            for each in asked:
                assert come.acquire(timeout=30)
                each.add_done_callback(lambda _: let_go.set())  # what is made is waited for
        for answer in (each.result() for each in asked):
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert "content-security-policy" in answer.headers
            assert said in answer.text


def test_sound_that_is_being_sent_ends_with_a_line_in_the_log_and_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await asyncio.Event().wait()

    with httpx2.Client(timeout=30) as listener, caplog.at_level(logging.WARNING):
        with serve_app(SafetyNet(endless), GRACE_S) as address:
            request = listener.build_request("GET", f"{address}/media/a.mp3")
            answer = listener.send(request, stream=True)
            parts = answer.iter_bytes()
            assert next(parts) == b"begun"
        with pytest.raises(httpx2.RemoteProtocolError):
            next(parts)
    assert [each.message for each in caplog.records if each.exc_info] == []
    assert "request cut off by the stop" in caplog.text
