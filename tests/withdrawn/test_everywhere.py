"""What is withdrawn is gone from all that was made of it before: dossiers, searches, letters."""

from __future__ import annotations

from pathlib import Path

import feedparser
from starlette.testclient import TestClient
from tests.support.making import make_new_broadcast, ms
from tests.support.sounds import levels
from tests.web.editing import Hand, hashed
from tests.web.stocking import (
    Stock,
    add_transcript,
    debate_transcript,
    run_jobs,
)
from tests.withdrawn.looking import (
    CRIME,
    KEPT,
    NOTE,
    QUOTED,
    SCOPES,
    SECRET,
    TITLE,
    told,
    undo,
    withdraw,
)

from radio_archive.archive import SearchOptions
from radio_archive.languages.tags import LanguageTag
from radio_archive.model import (
    Excerpt,
    Programme,
    ProgrammeId,
    QuoteRequest,
)

# dossiers


def gather(stock: Stock) -> list[str]:
    """Put the crime and the price of rice into a public dossier; where it is shown."""
    dossiers = stock.archive.dossiers
    slug = dossiers.make("Crime", "Awa").slug
    dossiers.add_passage(slug, stock.debate, QUOTED, NOTE, "Awa")
    rice = QuoteRequest(excerpt=Excerpt(start_ms=ms(12_000), end_ms=ms(16_000)))
    dossiers.add_passage(slug, stock.debate, rice, "", "Awa")
    dossiers.change(slug, "Crime", "", True, "Awa")
    files = [f"/dossiers/{slug}/dossier.{name}" for name in ("html", "docx", "csv")]
    return [f"/dossiers/{slug}", *files]


def test_a_dossier_shows_nothing_of_a_withdrawn_stretch(stock: Stock, client: TestClient) -> None:
    shown = gather(stock)
    list_of_sound = f"{shown[0]}/dossier.m3u"
    assert all(SECRET in told(client.get(each)) for each in shown)
    assert all(NOTE in told(client.get(each)) for each in shown)
    assert told(client.get(list_of_sound)).count("/clips/") == 2
    withdrawal = withdraw(stock.archive, stock.debate, CRIME)
    for address in shown:
        text = told(client.get(address))
        assert SECRET not in text, address
        assert NOTE not in text, address
        assert KEPT in text, address
        assert "Retiré" in text, address
    assert told(client.get(list_of_sound)).count("/clips/") == 1
    undo(stock, withdrawal)
    assert all(NOTE in told(client.get(each)) for each in shown)


def test_a_dossier_shows_nothing_of_a_withdrawn_broadcast(stock: Stock, client: TestClient) -> None:
    shown = gather(stock)
    slug = shown[0].rpartition("/")[2]
    stock.archive.dossiers.add_broadcast(slug, stock.debate, NOTE, "Awa")
    shown.append(f"{shown[0]}/dossier.m3u")
    assert all(TITLE in told(client.get(each)) for each in shown)
    withdraw(stock.archive, stock.debate)
    for address in shown:
        text = told(client.get(address))
        for gone in (SECRET, KEPT, NOTE, TITLE, stock.debate):
            assert gone not in text, (address, gone)


@SCOPES
def test_the_page_to_edit_a_dossier_hides_it_too(
    stock: Stock, client: TestClient, excerpt: Excerpt | None
) -> None:
    [page, *_] = gather(stock)
    stock.catalogue.editors.add("Awa", hashed())
    assert Hand(client=client, identity=stock.debate).sign_in("Awa").status_code == 303
    edited = f"{page}/edit"
    assert NOTE in told(client.get(edited))
    withdrawal = withdraw(stock.archive, stock.debate, excerpt)
    text = told(client.get(edited))
    assert "Retiré" in text
    assert SECRET not in text
    assert NOTE not in text
    undo(stock, withdrawal)
    assert NOTE in told(client.get(edited))


# search, players and feeds


def test_a_sentence_beside_a_hit_is_not_shown_once_withdrawn(
    stock: Stock, client: TestClient
) -> None:
    address = "/search?q=trafic"
    assert SECRET in told(client.get(address))
    withdraw(stock.archive, stock.debate, CRIME)
    text = told(client.get(address))
    assert "trafic" in text
    assert SECRET not in text


def test_words_withdrawn_are_not_found_in_their_broadcast(stock: Stock, client: TestClient) -> None:
    address = f"/broadcasts/{stock.debate}?q=menace"
    assert "<mark>menace" in told(client.get(address))
    withdraw(stock.archive, stock.debate, CRIME)
    assert "<mark>" not in told(client.get(address))


def test_a_trend_counts_no_withdrawn_passage(stock: Stock) -> None:
    def count() -> int:
        trend = stock.archive.browsing.trend("crime", SearchOptions())
        return sum(each.passages for each in trend.months)

    assert count() == 1
    withdrawal = withdraw(stock.archive, stock.debate, CRIME)
    assert count() == 0
    undo(stock, withdrawal)
    withdraw(stock.archive, stock.debate)
    assert count() == 0


def test_a_withdrawn_edition_is_not_offered(stock: Stock, client: TestClient) -> None:
    french, bambara = (
        stock.catalogue.broadcasts.put(
            make_new_broadcast(
                f"journal {language}",
                language=LanguageTag(language),
                programme=Programme(id=ProgrammeId(f"journal-{name}"), title=name),
            )
        )[0]
        for language, name in (("fr", "francais"), ("bm", "bambara"))
    )
    assert bambara in told(client.get(f"/broadcasts/{french}"))
    withdraw(stock.archive, bambara)
    assert bambara not in told(client.get(f"/broadcasts/{french}"))


def test_a_withdrawn_airing_is_not_named_beside_the_other(stock: Stock, client: TestClient) -> None:
    again, _ = stock.catalogue.broadcasts.put(make_new_broadcast("again"))
    recording = stock.archive.get_broadcast(stock.debate).recording
    assert recording is not None
    stock.catalogue.recordings.attach(again, recording)
    add_transcript(stock.catalogue, again, debate_transcript())
    run_jobs(stock.archive)
    shown = ("/search?q=crime", "/api/v1/search?q=crime", f"/broadcasts/{again}")
    for address in shown:
        text = told(client.get(address))
        assert stock.debate in text, address
        assert again in text, address
    withdraw(stock.archive, stock.debate)
    for address in shown:
        text = told(client.get(address))
        assert again in text, address
        assert stock.debate not in text, address


def test_an_embedded_player_falls_silent(stock: Stock, client: TestClient, tmp_path: Path) -> None:
    part, whole = f"/embed/{stock.debate}?start=30&end=33", f"/embed/{stock.debate}"
    clip = f"/clips/{stock.debate}?start=30.5&end=32.5&exact=1&format=low"
    assert SECRET in told(client.get(part))
    assert min(levels(client.get(clip).content, tmp_path)) > 0.01
    withdrawal = withdraw(stock.archive, stock.debate, CRIME)
    assert SECRET not in told(client.get(part))
    assert "<audio" not in told(client.get(whole))
    assert client.get(clip).status_code == 404
    run_jobs(stock.archive)
    assert "<audio" in told(client.get(whole))
    assert max(levels(client.get(clip).content, tmp_path)) < 0.001
    undo(stock, withdrawal)
    assert min(levels(client.get(clip).content, tmp_path)) > 0.01
    withdraw(stock.archive, stock.debate)
    for address in (part, whole, clip):
        answer = client.get(address)
        assert answer.status_code == 410
        assert TITLE not in answer.text


def test_a_podcast_offers_only_sound_that_may_be_heard(stock: Stock, client: TestClient) -> None:
    def offered() -> list[tuple[str, str]]:
        feed = feedparser.parse(client.get("/feeds/grand-dialogue.rss").content)
        return [(each.enclosures[0].href, each.enclosures[0].length) for each in feed.entries]

    [(_, before)] = offered()
    withdrawal = withdraw(stock.archive, stock.debate, CRIME)
    assert offered() == []
    run_jobs(stock.archive)
    [(address, length)] = offered()
    sound = client.get(address.removeprefix("http://testserver"))
    assert str(len(sound.content)) == length
    undo(stock, withdrawal)
    assert [each for _, each in offered()] == [before]
    withdraw(stock.archive, stock.debate)
    assert offered() == []


def test_a_quotation_says_to_machines_that_it_was_withdrawn(
    stock: Stock, client: TestClient
) -> None:
    quoted = client.get(f"/api/v1/quotes/{stock.debate}?start=30&end=33").json()
    assert SECRET in quoted["text"]
    lasting = f"/api/v1{quoted['url']}"
    withdraw(stock.archive, stock.debate, CRIME)
    answer = client.get(lasting)
    assert (answer.json()["state"], answer.json()["text"]) == ("withdrawn", None)
    assert SECRET not in answer.text
    withdraw(stock.archive, stock.debate)
    gone = client.get(lasting)
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "withdrawn")
