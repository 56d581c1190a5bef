"""The player that other sites show."""

from __future__ import annotations

import lxml.html
from starlette.testclient import TestClient

from tests.web.stocking import Stock


def test_any_site_may_show_the_player_and_it_runs_nothing(client: TestClient, stock: Stock) -> None:
    answer = client.get(f"/embed/{stock.debate}?start=30&end=33")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    tree = lxml.html.fromstring(answer.text)
    assert not tree.xpath("//script")
    assert len(answer.content) < 4_000


def test_it_has_the_words_their_sound_and_the_way_back(client: TestClient, stock: Stock) -> None:
    tree = lxml.html.fromstring(client.get(f"/embed/{stock.debate}?start=30&end=33").text)
    [words] = tree.xpath("//blockquote")
    assert "Le crime organisé" in str(words.text_content())
    [audio] = tree.xpath("//audio")
    assert audio.get("preload") == "none"
    for url in audio.xpath("./source/@src"):
        assert client.get(url).status_code == 200
    [back] = tree.xpath("//a")
    assert back.get("href") == f"/broadcasts/{stock.debate}?t=30.0#t=30.0"


def test_without_times_it_plays_the_whole_broadcast(client: TestClient, stock: Stock) -> None:
    tree = lxml.html.fromstring(client.get(f"/embed/{stock.debate}").text)
    assert tree.xpath("//source/@src") == [
        f"/media/{stock.debate}.webm",
        f"/media/{stock.debate}.mp3",
    ]
    silent = client.get(f"/embed/{stock.silent}").text
    assert "Pas d’enregistrement" in silent
    assert "<audio" not in silent


def test_it_sets_no_cookie_whatever_is_asked(client: TestClient, stock: Stock) -> None:
    answer = client.get(f"/embed/{stock.debate}?start=1&end=9&lang=en")
    assert "Listen in the archive" in answer.text
    assert "set-cookie" not in answer.headers
    assert "set-cookie" in client.get("/?lang=en").headers


def test_other_pages_stay_out_of_frames(client: TestClient, stock: Stock) -> None:
    for url in ("/", f"/broadcasts/{stock.debate}", "/embed/0123456789abcdef"):
        assert "frame-ancestors 'none'" in client.get(url).headers["content-security-policy"]


def test_a_quotation_offers_the_frame_to_copy(client: TestClient, stock: Stock) -> None:
    tree = lxml.html.fromstring(client.get(f"/quotes/{stock.debate}?start=30&end=33").text)
    frame = tree.xpath("//textarea/text()")[-1]
    [made] = lxml.html.fromstring(f"<div>{frame}</div>").xpath("./iframe")
    assert made.get("title").startswith("Grand Dialogue")
    assert client.get(made.get("src")).status_code == 200
