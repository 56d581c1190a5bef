"""JSON and files for scripts."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from radio_archive.answers import SoundFacts, broadcast_answer, transcript_answer
from radio_archive.archive import Archive
from tests.web.stocking import CRIME_MS, Stock


def test_a_search_answers_as_the_command_does(client: TestClient, stock: Stock) -> None:
    answer = client.get("/api/v1/search?q=crime+organisé").json()
    assert answer["query"] == "crime organisé"
    assert answer["total"] >= 1
    found = answer["broadcasts"][0]
    assert found["id"] == stock.debate
    assert found["trust"] == "machine"
    hit = found["hits"][0]
    assert abs(hit["start_ms"] - (CRIME_MS + 400)) <= 100
    assert [hit["text"][start:end].lower() for start, end in hit["highlights"]][:2] == [
        "crime",
        "organisé",
    ]
    assert client.get(hit["url"].split("#")[0]).status_code == 200
    assert client.get(hit["audio_url"].split("#")[0]).status_code == 200


def test_filters_alone_list_passages(client: TestClient) -> None:
    answer = client.get("/api/v1/search?programme=journal&language=fr").json()
    assert answer["total"] >= 1
    assert {found["programme"]["id"] for found in answer["broadcasts"]} == {"journal"}


def test_a_broadcast_and_its_transcript(client: TestClient, stock: Stock) -> None:
    archive: Archive = stock.archive
    broadcast = archive.get_broadcast(stock.debate)
    transcript = archive.get_transcript(stock.debate)
    told = client.get(f"/api/v1/broadcasts/{stock.debate}").json()
    renditions = archive.renditions(stock.debate)
    sound_map = archive.find_sound_map(stock.debate)
    assert told == broadcast_answer(
        broadcast,
        transcript=transcript,
        sound=SoundFacts(renditions=renditions, sound_map=sound_map),
    )
    assert told["sound_map"] == [{"start_ms": 0, "end_ms": 60_000, "kind": "noise"}]
    assert client.get(f"/api/v1/broadcasts/{stock.silent}").json()["sound_map"] is None
    assert {audio["name"] for audio in told["audio"]} == {"mp3", "opus", "low"}
    said = client.get(f"/api/v1/broadcasts/{stock.debate}/transcript").json()
    assert said == transcript_answer(broadcast, transcript)


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("vtt", "text/vtt"),
        ("srt", "application/x-subrip"),
        ("txt", "text/plain"),
        ("json", "application/json"),
    ],
)
def test_a_transcript_can_be_taken_away(
    client: TestClient, stock: Stock, extension: str, media_type: str
) -> None:
    answer = client.get(f"/broadcasts/{stock.debate}/transcript.{extension}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "crime organisé" in answer.text
    assert answer.content == stock.archive.export(stock.debate, extension).content


def test_the_version_of_a_transcript_can_be_chosen(client: TestClient, stock: Stock) -> None:
    url = f"/broadcasts/{stock.bulletin}/transcript.json"
    assert client.get(url + "?kind=corrected&language=fr").status_code == 200
    assert client.get(url + "?kind=translation").status_code == 404
    refused = client.get(url + "?kind=nonsense")
    assert refused.status_code == 400
    assert "corrected" in refused.json()["error"]["hint"]


def test_the_glossary_is_told_by_language(client: TestClient) -> None:
    (entry,) = client.get("/api/v1/glossary").json()["glossary"]
    assert (entry["wrong"], entry["right"], entry["state"]) == ("seigneux", "Ségou", "refused")
    assert client.get("/api/v1/glossary?language=bm").json() == {"glossary": []}


def test_probes_say_little(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "parts": {"catalogue": "ok", "search": "ok", "sound": "ok"},
    }


def test_other_sites_may_read_the_answers(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=riz")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert json.loads(answer.text)["total"] >= 2
