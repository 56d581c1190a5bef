"""Addresses: what other people's scripts and bookmarks rely on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.links import (
    audio_url,
    broadcast_url,
    language_url,
    programme_url,
    seconds_text,
    transcript_url,
)
from radio_archive.model import BroadcastId, LanguageTag, Milliseconds, ProgrammeId

BROADCAST = BroadcastId("0f3a9c1d2b4e5f60")


def test_a_moment_stands_in_the_query_and_in_the_fragment() -> None:
    assert (
        broadcast_url(BROADCAST, Milliseconds(754_200))
        == "/broadcasts/0f3a9c1d2b4e5f60?t=754.2#t=754.2"
    )


def test_the_searched_words_are_percent_encoded_between_the_two_times() -> None:
    url = broadcast_url(BROADCAST, Milliseconds(754_200), "crime organisé & #1")
    assert url == (
        "/broadcasts/0f3a9c1d2b4e5f60?t=754.2&q=crime%20organis%C3%A9%20%26%20%231#t=754.2"
    )


def test_without_a_moment_there_is_no_time_anywhere() -> None:
    assert broadcast_url(BROADCAST) == "/broadcasts/0f3a9c1d2b4e5f60"
    assert broadcast_url(BROADCAST, query="mɔgɔ") == "/broadcasts/0f3a9c1d2b4e5f60?q=m%C9%94g%C9%94"


def test_the_very_beginning_is_a_moment_too() -> None:
    assert broadcast_url(BROADCAST, Milliseconds(0)).endswith("?t=0.0#t=0.0")


@given(st.integers(min_value=0, max_value=10**9))
def test_a_time_is_never_later_than_the_word_and_less_than_a_tenth_early(time_ms: int) -> None:
    text = seconds_text(time_ms)
    whole, tenth = text.split(".")
    assert 0 <= time_ms - (int(whole) * 1000 + int(tenth) * 100) < 100


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_query_comes_back_from_the_address_as_it_was_typed(query: str) -> None:
    parts = urlsplit(broadcast_url(BROADCAST, Milliseconds(1000), query))
    assert parse_qs(parts.query, keep_blank_values=True)["q"] == [query]
    assert parts.fragment == "t=1.0"


@pytest.mark.parametrize(
    ("rendition", "expected"),
    [
        ("mp3", "/media/0f3a9c1d2b4e5f60.mp3#t=754.2"),
        ("opus", "/media/0f3a9c1d2b4e5f60.opus#t=754.2"),
        ("low", "/media/0f3a9c1d2b4e5f60.opus?q=low#t=754.2"),
        ("webm", "/media/0f3a9c1d2b4e5f60.webm#t=754.2"),
        ("webm-low", "/media/0f3a9c1d2b4e5f60.webm?q=low#t=754.2"),
    ],
)
def test_each_rendition_has_its_address(rendition: str, expected: str) -> None:
    assert audio_url(BROADCAST, rendition, Milliseconds(754_200)) == expected


def test_sound_from_the_beginning_has_no_fragment() -> None:
    assert audio_url(BROADCAST) == "/media/0f3a9c1d2b4e5f60.mp3"


def test_pages_for_transcripts_programmes_and_languages() -> None:
    assert transcript_url(BROADCAST, "vtt") == "/broadcasts/0f3a9c1d2b4e5f60/transcript.vtt"
    assert programme_url(ProgrammeId("journal")) == "/programmes/journal"
    assert language_url(LanguageTag("ffm")) == "/languages/ffm"
