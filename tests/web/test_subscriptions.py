"""Searches as Atom, programmes as podcasts: read by the library that reads feeds for us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from radio_archive.model import RecordingKey, Rendition
from radio_archive.web import create_app
from tests.support.making import DEBATE, put_broadcast
from tests.web.stocking import CRIME_MS, Stock, bare_archive

RENDITION = Rendition(
    name="mp3", key=RecordingKey("0" * 64), extension=".mp3", media_type="audio/mpeg", size_bytes=9
)


def path_of(address: str) -> str:
    parts = urlsplit(address)
    assert parts.scheme == "http"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def test_a_search_can_be_followed_and_says_why_each_broadcast_is_there(
    client: TestClient, stock: Stock
) -> None:
    answer = client.get("/search.atom?q=crime")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.feed.title == "crime – Studio Tamani"
    [entry] = feed.entries
    assert entry.title.startswith("Grand Dialogue")
    assert "0:30" in entry.summary
    assert "crime organisé" in entry.summary
    assert f"t={CRIME_MS // 1000}." in entry.link
    assert client.get(path_of(entry.link)).status_code == 200
    assert entry.published.startswith("2014-10-16")


def test_a_feed_stays_the_same_entry_when_the_words_move(client: TestClient, stock: Stock) -> None:
    [entry] = feedparser.parse(client.get("/search.atom?q=crime").content).entries
    [other] = feedparser.parse(client.get("/search.atom?q=trafic").content).entries
    assert entry.id == other.id
    assert entry.id.endswith(stock.debate)


@pytest.mark.parametrize("asked", ["", "?q="])
def test_a_feed_of_nothing_is_refused(client: TestClient, asked: str) -> None:
    assert client.get(f"/search.atom{asked}").status_code == 400


def test_strange_words_stay_well_formed(client: TestClient) -> None:
    answer = client.get("/search.atom", params={"q": "<b>&\x01 \U0001f600 ߒߞߏ"})
    assert answer.status_code == 200
    assert not feedparser.parse(answer.content).bozo


def test_a_programme_is_a_podcast_whose_sound_can_be_fetched(
    client: TestClient, stock: Stock
) -> None:
    answer = client.get("/feeds/grand-dialogue.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    [entry] = feed.entries
    assert entry.id == stock.debate
    [enclosure] = entry.enclosures
    sound = client.head(path_of(enclosure.href))
    assert sound.headers["content-type"] == enclosure.type == "audio/mpeg"
    assert sound.headers["content-length"] == enclosure.length
    assert client.get("/feeds/nothing.rss").status_code == 404


@contextmanager
def questions() -> Iterator[list[str]]:
    """What any database is asked meanwhile."""
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_podcast_of_many_broadcasts_takes_no_more_questions(tmp_path: Path) -> None:
    counts = []
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        for number in range(5):
            recording = catalogue.broadcasts.get(put_broadcast(catalogue, str(number))).recording
            assert recording is not None
            catalogue.recordings.add_rendition(recording.key, RENDITION)
            with questions() as asked:
                feed = feedparser.parse(client.get(f"/feeds/{DEBATE.id}.rss").content)
            assert len(feed.entries) == number + 1
            counts.append(len(asked))
    assert counts[1:] == counts[:-1]


def test_a_browser_can_search_from_its_address_bar(client: TestClient) -> None:
    page = client.get("/").text
    assert 'href="/opensearch.xml"' in page
    root = etree.fromstring(client.get("/opensearch.xml").content)
    [template] = [each.get("template") for each in root if each.get("type") == "text/html"]
    assert template is not None
    address = template.replace("{searchTerms}", "crime")
    assert "Grand Dialogue" in client.get(path_of(address)).text
