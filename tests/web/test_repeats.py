"""Repeats and chapters on a broadcast's page and in its JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from radio_archive.model import BroadcastId, Jingle, RecordingKey, SameSound
from radio_archive.web import create_app
from tests.support.making import ms
from tests.web.stocking import CRIME_MS, Stock, stock_archive

SHARED = SameSound(
    start_ms=ms(2_000), other_start_ms=ms(9_300), length_ms=ms(41_000), bit_error=0.05
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """An archive in which the bulletin holds most of the debate, with two jingles between."""
    with stock_archive(tmp_path_factory.mktemp("home")) as stock:
        known = stock.catalogue.fingerprints
        debate = key_of(stock, stock.debate)
        known.set_repeats(debate, {key_of(stock, stock.bulletin): [SHARED]})
        jingles = [(200, 1_100), (CRIME_MS - 6_000, CRIME_MS - 800), (55_000, 58_000)]
        known.set_jingles(debate, [Jingle(start_ms=ms(a), end_ms=ms(b)) for a, b in jingles])
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


def key_of(stock: Stock, broadcast_id: BroadcastId) -> RecordingKey:
    recording = stock.archive.get_broadcast(broadcast_id).recording
    assert recording is not None
    return recording.key


def test_the_page_links_the_other_airing_where_the_same_sound_begins(
    client: TestClient, stock: Stock
) -> None:
    page = client.get(f"/broadcasts/{stock.debate}?lang=en").text
    assert "Also aired" in page
    assert f'href="/broadcasts/{stock.bulletin}?t=9.3#t=9.3"' in page
    assert "41\N{NO-BREAK SPACE}s in common" in page
    back = client.get(f"/broadcasts/{stock.bulletin}?lang=en").text
    assert f'href="/broadcasts/{stock.debate}?t=2.0#t=2.0"' in back


def test_the_page_lists_chapters_by_the_words_that_follow_their_jingle(
    client: TestClient, stock: Stock
) -> None:
    page = client.get(f"/broadcasts/{stock.debate}?lang=en&q=riz").text
    assert page.count('<ol class="plain chapters">') == 1
    assert 'href="?q=riz&amp;t=24.0#t=24.0"' in page
    assert "Le crime organisé menace-t-il le Mali ?</span></a>" in page
    assert "no text</span></a>" in page


def test_what_has_neither_shows_neither(client: TestClient, stock: Stock) -> None:
    page = client.get(f"/broadcasts/{stock.kibaruw}?lang=en").text
    assert "Also aired" not in page
    assert "Chapters" not in page
    told = client.get(f"/api/v1/broadcasts/{stock.kibaruw}").json()
    assert (told["repeats"], told["chapters"]) == ([], [])


def test_the_json_tells_how_to_get_from_one_airing_to_the_other(
    client: TestClient, stock: Stock
) -> None:
    told = client.get(f"/api/v1/broadcasts/{stock.debate}").json()
    assert told["repeats"] == [
        {
            "id": stock.bulletin,
            "title": "Journal du 16 octobre 2014",
            "aired_at": "2014-10-16T17:00:00Z",
            "url": f"/broadcasts/{stock.bulletin}?t=9.3#t=9.3",
            "offset_ms": 7_300,
            "length_ms": 41_000,
        }
    ]
    assert [(each["start_ms"], each["title"]) for each in told["chapters"]] == [
        (CRIME_MS - 6_000, "Le crime organisé menace-t-il le Mali ?"),
        (55_000, ""),
    ]
