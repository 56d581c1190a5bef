"""Recordings come whole or not at all."""

from __future__ import annotations

import pytest
from tests.support.station import ETAG, Handler, Route, Station, fetcher

from radio_archive.errors import FetchError, Gone, TooLarge

SOUND = bytes(range(256)) * 2000


def recording(url: str, max_bytes: int = 10_000_000) -> bytes:
    with fetcher().stream(url, max_bytes=max_bytes) as blocks:
        return b"".join(blocks)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_can_be_told_from_what_failed(station: Station, status: int) -> None:
    station.routes["/dead.mp3"] = lambda request: request.answer(status)
    with pytest.raises(Gone) as gone:
        recording(station.url("/dead.mp3"))
    assert not gone.value.retryable
    assert gone.value.url == station.url("/dead.mp3")


def test_a_recording_announced_too_large_is_not_begun(station: Station) -> None:
    station.routes["/long.mp3"] = lambda request: request.answer(200, SOUND)
    blocks: list[bytes] = []
    with (
        pytest.raises(TooLarge),
        fetcher().stream(station.url("/long.mp3"), max_bytes=1000) as sound,
    ):
        blocks.extend(sound)
    assert blocks == []


def test_a_recording_comes_whole_with_its_facts(station: Station) -> None:
    station.routes["/journal.mp3"] = lambda request: request.answer(
        200, SOUND, Content_Type="Audio/MPEG; x=y"
    )
    with fetcher().stream(station.url("/journal.mp3"), max_bytes=10**7) as sound:
        assert (sound.media_type, sound.size_bytes) == ("audio/mpeg", len(SOUND))
        assert sound.url == station.url("/journal.mp3")
        assert b"".join(sound) == SOUND


def test_a_truncated_recording_is_never_taken_for_whole(station: Station) -> None:
    def truncated(request: Handler) -> None:
        request.answer(200, SOUND[:1000], Content_Length=str(len(SOUND)))
        request.break_off()

    station.routes["/cut.mp3"] = truncated
    with pytest.raises(FetchError, match="could not be fetched"):
        recording(station.url("/cut.mp3"))
    assert len(station.asked) == 1


def breaking_server(breaks: int, step: int) -> Route:
    """Sends ``step`` bytes and breaks off, ``breaks`` times, then the rest."""
    left = [breaks]

    def serve(request: Handler) -> None:
        asked = request.headers["Range"]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        assert not asked or request.headers["If-Range"] == ETAG
        rest = SOUND[start:]
        left[0] -= 1
        body = rest[:step] if left[0] >= 0 else rest
        ranges = {"Content_Range": f"bytes {start}-{len(SOUND) - 1}/{len(SOUND)}"} if asked else {}
        request.answer(
            206 if asked else 200, body, Content_Length=str(len(rest)), ETag=ETAG, **ranges
        )
        request.break_off()

    return serve


def test_a_broken_connection_is_resumed_where_it_stopped(station: Station) -> None:
    station.routes["/journal.mp3"] = breaking_server(breaks=3, step=100_000)
    assert recording(station.url("/journal.mp3")) == SOUND
    assert len(station.asked) == 4


def test_resuming_has_an_end(station: Station) -> None:
    station.routes["/journal.mp3"] = breaking_server(breaks=9, step=1000)
    with pytest.raises(FetchError):
        recording(station.url("/journal.mp3"))
    assert len(station.asked) == 4


def test_a_recording_that_changed_meanwhile_is_not_stitched(station: Station) -> None:
    def changed(request: Handler) -> None:
        if request.headers["Range"]:
            request.answer(200, SOUND[::-1], ETag='"v2"')
            return
        request.answer(200, SOUND[:1000], Content_Length=str(len(SOUND)), ETag=ETAG)
        request.break_off()

    station.routes["/journal.mp3"] = changed
    with pytest.raises(FetchError, match="cannot be continued"):
        recording(station.url("/journal.mp3"))


def test_a_recording_may_be_left_before_its_end(station: Station) -> None:
    station.routes["/journal.mp3"] = lambda request: request.answer(200, SOUND)
    with fetcher().stream(station.url("/journal.mp3"), max_bytes=10**7) as sound:
        assert next(sound)
