"""Quotations and clips: the words, whether they still stand, and the sound they belong to."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.audio import Audio
from radio_archive.model import (
    Excerpt,
    Milliseconds,
    Programme,
    ProgrammeId,
    TranscriptKind,
    Trust,
)
from radio_archive.quoting import LONGEST_MS, words_between
from radio_archive.web import create_app
from tests.support.making import (
    make_new_broadcast,
    make_recording,
    make_segment,
    make_transcript,
    put_broadcast,
)
from tests.web.stocking import Stock, add_transcript, debate_transcript, stock_archive


def excerpt(start_ms: int, end_ms: int) -> Excerpt:
    return Excerpt(start_ms=Milliseconds(start_ms), end_ms=Milliseconds(end_ms))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """An archive of its own: these tests correct its text."""
    with stock_archive(tmp_path_factory.mktemp("home")) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    """A browser over it; the debate has its first text again afterwards."""
    with TestClient(create_app(stock.archive)) as client:
        yield client
    now = stock.catalogue.transcripts.find(stock.debate)
    if now is not None and now.kind is not TranscriptKind.MACHINE:
        again = replace(debate_transcript(), kind=TranscriptKind.CORRECTED)
        add_transcript(stock.catalogue, stock.debate, again)


@pytest.fixture
def lasting(client: TestClient, stock: Stock) -> str:
    """The lasting address of the first sentence of the debate."""
    first = debate_transcript().segments[0]
    start, end = first.start_ms / 1000, first.end_ms / 1000
    answer = client.get(f"/quotes/{stock.debate}?start={start}&end={end}", follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_quotation_leads_to_an_address_that_names_version_and_words(lasting: str) -> None:
    asked = parse_qs(urlsplit(lasting).query)
    assert set(asked) == {"start", "end", "version", "text"}
    assert len(asked["text"][0]) == 16


def test_an_unchanged_quotation_says_so_and_can_be_copied_with_its_source(
    client: TestClient, lasting: str
) -> None:
    page = client.get(lasting).text
    said = debate_transcript().segments[0].text
    assert 'data-state="unchanged"' in page
    assert page.count(said) >= 3  # the words, as text and as Markdown
    assert "Studio Tamani" in page
    assert "http://testserver/quotes/" in page


def test_a_correction_shows_both_texts(client: TestClient, stock: Stock, lasting: str) -> None:
    old = debate_transcript()
    first, *rest = old.segments
    new = replace(first, text="Tout autre chose.", words=())
    corrected = replace(
        old,
        segments=(new, *rest),
        kind=TranscriptKind.CORRECTED,
        trust=Trust.CHECKED,
        engine="",
    )
    add_transcript(stock.catalogue, stock.debate, corrected)
    page = client.get(lasting).text
    assert 'data-state="corrected"' in page
    assert first.text in page
    assert "Tout autre chose." in page


def test_scripts_learn_the_same(client: TestClient, stock: Stock, lasting: str) -> None:
    asked = client.get(f"/api/v1{lasting}").json()
    first = debate_transcript().segments[0]
    assert (asked["state"], asked["text"], asked["url"]) == ("unchanged", first.text, lasting)
    assert client.get(asked["clips"][0]["url"]).headers["content-type"] == "audio/mpeg"
    old = debate_transcript()
    rest = replace(old, segments=old.segments[1:], kind=TranscriptKind.REDACTED, engine="")
    add_transcript(stock.catalogue, stock.debate, rest)
    later = client.get(f"/api/v1{lasting}").json()
    assert (later["state"], later["text"], later["trust"]) == ("withdrawn", None, None)


def test_what_was_taken_out_is_not_shown_again(
    client: TestClient, stock: Stock, lasting: str
) -> None:
    old = debate_transcript()
    redacted = replace(old, segments=old.segments[1:], kind=TranscriptKind.REDACTED, engine="")
    add_transcript(stock.catalogue, stock.debate, redacted)
    answer = client.get(lasting)
    assert 'data-state="withdrawn"' in answer.text
    assert old.segments[0].text not in answer.text


def test_what_was_taken_out_stays_hidden_when_people_correct_the_rest(
    client: TestClient, stock: Stock, lasting: str
) -> None:
    old = debate_transcript()
    rest = replace(old, segments=old.segments[1:], kind=TranscriptKind.REDACTED, engine="")
    add_transcript(stock.catalogue, stock.debate, rest)
    add_transcript(stock.catalogue, stock.debate, replace(rest, kind=TranscriptKind.CORRECTED))
    answer = client.get(lasting)
    assert 'data-state="withdrawn"' in answer.text
    assert old.segments[0].text not in answer.text


def test_a_version_this_archive_never_had_is_not_made_up(
    client: TestClient, stock: Stock, lasting: str
) -> None:
    page = client.get(lasting.replace("text=", "text=0")).text
    assert 'data-state="unknown"' in page
    assert client.get(f"/quotes/{stock.debate}?start=1&end=2&version=x").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("start=5&end=5", 400),
        ("start=5&end=5.0004", 400),
        ("start=60&end=61", 400),
        ("start=9&end=5", 400),
        ("start=1000000&end=1000001", 400),
        ("start=1", 400),
        ("start=a&end=b", 400),
        ("start=0&end=1&format=wav", 400),
        ("start=-1&end=3", 400),
    ],
)
def test_impossible_clips_are_refused(
    client: TestClient, stock: Stock, asked: str, status: int
) -> None:
    assert client.get(f"/clips/{stock.debate}?{asked}").status_code == status
    assert client.get("/clips/0000000000000000?start=0&end=1").status_code == 404


#: a name that runs from the right, with a picture made of several characters, and markup
STRANGE = "أمينة 👩🏾\u200d🌾 <b onclick=x>*Traoré*</b>"


def test_a_quotation_of_a_hundred_kilobytes_is_shown_whole_and_escaped(
    client: TestClient, stock: Stock
) -> None:
    said = "<b>mot</b> &amp; 🍚 " * 5_000
    identity = put_broadcast(stock.catalogue, "long")
    segment = replace(make_segment("mot", 1_000, 50_000), text=said.strip(), words=())
    add_transcript(stock.catalogue, identity, replace(make_transcript(), segments=(segment,)))
    answer = client.get(f"/quotes/{identity}?start=1&end=50")
    assert answer.status_code == 200
    assert "<b>mot" not in answer.text
    [quoted] = lxml.html.fromstring(answer.text).xpath("//blockquote")
    assert quoted.text_content() == said.strip()
    assert 'data-state="unchanged"' in client.get(str(answer.url)).text
    assert client.get(f"/api/v1/quotes/{identity}?start=1&end=50").json()["text"] == said.strip()


def test_names_of_any_script_come_back_whole_and_escaped(client: TestClient, stock: Stock) -> None:
    programme = Programme(id=ProgrammeId("strange"), title=STRANGE)
    new = make_new_broadcast("strange", title=STRANGE, programme=programme, guests=(STRANGE,))
    identity, _ = stock.catalogue.broadcasts.put(new)
    stock.catalogue.recordings.attach(identity, make_recording(77))
    segments = tuple(replace(each, speaker=STRANGE) for each in debate_transcript().segments)
    text = replace(debate_transcript(), segments=segments)
    add_transcript(stock.catalogue, identity, text)
    for path in (f"/quotes/{identity}?start=1&end=4", f"/broadcasts/{identity}"):
        page = client.get(path).text
        assert "<b onclick" not in page
        assert STRANGE in lxml.html.fromstring(page).text_content()
    copies = lxml.html.fromstring(client.get(f"/quotes/{identity}?start=1&end=4").text)
    _, markdown, html, *_ = copies.xpath("//textarea/text()")
    assert "\\*Traoré\\*" in markdown
    assert "<b onclick" not in html
    assert client.get(f"/api/v1/quotes/{identity}?start=1&end=4").json()["broadcast"]["title"] == (
        STRANGE
    )


def test_a_clip_longer_than_the_broadcast_ends_with_it(
    client: TestClient, stock: Stock, tmp_path: Path
) -> None:
    answer = client.get(f"/clips/{stock.debate}?start=50&end={LONGEST_MS / 1000}")
    assert answer.status_code == 200
    path = tmp_path / "clip.mp3"
    path.write_bytes(answer.content)
    assert 9_500 <= Audio.find().probe(path).duration_ms <= 10_600


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mp3", "audio/mpeg"),
        ("opus", "audio/ogg"),
        ("low", "audio/ogg"),
        ("webm", "audio/webm"),
        ("webm-low", "audio/webm"),
    ],
)
def test_a_clip_holds_the_words_it_was_asked_for(
    client: TestClient, stock: Stock, tmp_path: Path, name: str, kind: str
) -> None:
    answer = client.get(f"/clips/{stock.debate}?start=2&end=4&format={name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    path = tmp_path / f"clip.{name}"
    path.write_bytes(answer.content)
    facts = Audio.find().probe(path)
    assert 2_000 <= facts.duration_ms <= 2_900


@pytest.mark.parametrize("name", ["webm", "webm-low"])
def test_a_clip_for_players_says_in_front_how_long_it_is(
    client: TestClient, stock: Stock, name: str
) -> None:
    """Else a browser loads its end before it plays, on a slow line all of it."""
    content = client.get(f"/clips/{stock.debate}?start=2&end=6&format={name}&exact=1").content
    duration, cluster = bytes.fromhex("448988"), bytes.fromhex("1f43b675")
    place = content.index(duration) + len(duration)
    assert place < content.index(cluster) < 1_000
    [length_ms] = struct.unpack(">d", content[place : place + 8])
    assert 4_000 <= length_ms < 4_100


def test_the_same_stretch_in_another_format_is_another_clip(
    client: TestClient, stock: Stock
) -> None:
    asked = f"/clips/{stock.debate}?start=2&end=4&format="
    found = [client.get(asked + name) for name in ("opus", "webm", "opus")]
    assert [each.content[:4] for each in found] == [b"OggS", b"\x1a\x45\xdf\xa3", b"OggS"]


def test_a_clip_answers_ranges(client: TestClient, stock: Stock) -> None:
    whole = client.get(f"/clips/{stock.debate}?start=2&end=4").content
    part = client.get(f"/clips/{stock.debate}?start=2&end=4", headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == whole[100:200]


def test_words_are_chosen_by_their_middle() -> None:
    transcript = debate_transcript()
    words = [word for segment in transcript.segments for word in segment.words]
    middle = excerpt(words[1].start_ms, words[1].end_ms)
    text, inside = words_between(transcript, middle)
    assert text == words[1].text
    assert inside == excerpt(words[1].start_ms, max(words[1].end_ms, words[1].start_ms + 1))


def test_a_clip_of_sound_that_the_store_lost_is_an_outage_that_names_no_folder(
    tmp_path: Path,
) -> None:
    with (
        stock_archive(tmp_path) as stock,
        TestClient(create_app(stock.archive)) as client,
    ):
        shutil.rmtree(tmp_path / "media" / "renditions")
        for kind in ("application/json", "text/html"):
            asked = f"/clips/{stock.debate}?start=1&end=3"
            answer = client.get(asked, headers={"accept": kind})
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert "media" not in answer.text.replace(f"/media/{stock.debate}", "")
            assert str(tmp_path) not in answer.text
