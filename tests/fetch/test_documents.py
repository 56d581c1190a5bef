"""Feeds and pages, fetched from a real server on this machine."""

from __future__ import annotations

import gzip
import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tests.support.station import ETAG, Handler, Station, fetcher

from radio_archive.errors import FetchError, TooLarge
from radio_archive.fetch import Fetcher, FetchLimits
from radio_archive.fetch.network import TooSlow


def test_a_document_comes_with_its_type_and_validators(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(
        200, b"<rss/>", Content_Type="text/xml; charset=utf-8", ETag=ETAG
    )
    document = fetcher().read(station.url("/feed"))
    assert document.body == b"<rss/>"
    assert document.content_type == "text/xml; charset=utf-8"
    assert (document.etag, document.last_modified) == (ETAG, None)


def test_an_unchanged_document_is_not_sent_again(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(
        304 if request.headers["If-None-Match"] == ETAG else 200
    )
    known = fetcher().read_if_changed(station.url("/feed"), etag=ETAG, last_modified="yesterday")
    assert known is None
    assert station.asked[0][1]["If-Modified-Since"] == "yesterday"


def test_a_changed_document_is_sent_with_its_new_validators(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(200, b"new", ETag='"v2"')
    document = fetcher().read_if_changed(station.url("/feed"), etag=ETAG, last_modified="odd\n")
    assert document is not None
    assert (document.body, document.etag) == (b"new", '"v2"')
    assert "If-Modified-Since" not in station.asked[0][1]


def test_not_modified_without_a_validator_is_an_error(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(304)
    with pytest.raises(FetchError, match="304"):
        fetcher().read(station.url("/feed"))


@pytest.mark.parametrize("status", [403, 500, 503])
def test_other_refusals_may_pass(station: Station, status: int) -> None:
    station.routes["/feed"] = lambda request: request.answer(status)
    with pytest.raises(FetchError, match=str(status)) as failed:
        fetcher().read(station.url("/feed"))
    assert failed.value.retryable
    assert failed.value.retry_after_s is None


def test_the_wait_a_server_asks_for_is_told(station: Station) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=90)
    station.routes["/busy"] = lambda request: request.answer(429, Retry_After="120")
    station.routes["/down"] = lambda request: request.answer(
        503, Retry_After=format_datetime(soon, usegmt=True)
    )
    with pytest.raises(FetchError, match="in 120 seconds") as busy:
        fetcher().read(station.url("/busy"))
    assert busy.value.retry_after_s == 120
    with pytest.raises(FetchError) as down:
        fetcher().read(station.url("/down"))
    assert down.value.retry_after_s == pytest.approx(90, abs=30)


def test_a_packed_page_is_unpacked(station: Station) -> None:
    text = b"bonjour " * 50
    station.routes["/page"] = lambda request: request.answer(
        200, gzip.compress(text), Content_Encoding="gzip"
    )
    assert fetcher().read(station.url("/page")).body == text


def test_a_decompression_bomb_is_stopped_early(station: Station) -> None:
    bomb = gzip.compress(b"\0" * 15_000_000)
    station.routes["/bomb"] = lambda request: request.answer(200, bomb, Content_Encoding="gzip")
    with pytest.raises(TooLarge, match="100 times its size"):
        fetcher().read(station.url("/bomb"))


def test_an_endless_document_is_stopped_at_the_limit(station: Station) -> None:
    def endless(request: Handler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(os.urandom(10_000))

    station.routes["/endless"] = endless
    with pytest.raises(TooLarge, match="100000 bytes"):
        fetcher().read(station.url("/endless"), max_bytes=100_000)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_dropped(station: Station, part: str) -> None:
    def drip(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            request.wfile.write(b"Content-Length: 1000000\r\n\r\n")
        while True:
            request.wfile.write(b"x")
            time.sleep(0.05)

    station.routes["/drip"] = drip
    began = time.monotonic()
    with pytest.raises(TooSlow, match="slower than 500 bytes a second"):
        fetcher(speed_window_seconds=0.5).read(station.url("/drip"))
    assert time.monotonic() - began < 30


def test_a_document_has_a_time_limit_however_fast_it_comes(station: Station) -> None:
    def steady(request: Handler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(os.urandom(1000))
            time.sleep(0.01)

    station.routes["/steady"] = steady
    limits = FetchLimits(document_seconds=0.5)
    hurried = Fetcher(allowed_private_hosts=("127.0.0.1",), limits=limits)
    with pytest.raises(TooSlow, match=r"longer than 0\.5 seconds"):
        hurried.read(station.url("/steady"))
