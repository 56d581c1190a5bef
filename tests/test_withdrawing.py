"""What is withdrawn is shown by nothing, at once; and comes back whole when that is undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import SearchOptions
from radio_archive.errors import BadInput, BadTime, NotFound, Withdrawn
from radio_archive.languages.tags import LanguageTag
from radio_archive.model import Excerpt, TranscriptKind, Wish
from radio_archive.model.withdrawals import NewWithdrawal, Withdrawal
from radio_archive.search.storage import writer_lock
from radio_archive.web import create_app
from tests.support.making import make_segment, make_transcript, ms
from tests.support.sounds import levels
from tests.web.stocking import CRIME_MS, Stock, add_transcript, run_jobs, stock_archive

#: the sentence about organised crime, from before its first word to behind its last
CRIME = Excerpt(start_ms=ms(CRIME_MS - 100), end_ms=ms(CRIME_MS + 5_000))
SECRET = "crime organisé"
MISSPELT = "organisee crime"


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


def withdraw(stock: Stock, excerpt: Excerpt | None = None) -> Withdrawal:
    wish = NewWithdrawal(excerpt=excerpt, reason="demandé par l'invité", by="Awa")
    return stock.archive.withdrawing.withdraw(stock.debate, wish).withdrawal


def found(stock: Stock, words: str) -> int:
    return stock.archive.search(words, SearchOptions()).total


def addresses(stock: Stock) -> list[str]:
    """Everything that shows one broadcast."""
    one = f"/broadcasts/{stock.debate}"
    return [
        one,
        f"{one}?q=crime&t=30#t=30",
        *(f"{one}/transcript.{name}" for name in ("vtt", "srt", "txt", "json", "docx", "csv")),
        f"{one}/history",
        f"/api/v1/broadcasts/{stock.debate}",
        f"/api/v1/broadcasts/{stock.debate}/transcript",
        f"/api/v1/broadcasts/{stock.debate}/corrections",
        f"/media/{stock.debate}.mp3",
        f"/media/{stock.debate}.opus",
        f"/media/{stock.debate}.opus?q=low",
        f"/media/{stock.debate}.webm",
        f"/quotes/{stock.debate}?start=30&end=33",
        f"/clips/{stock.debate}?start=30&end=33",
    ]


def lists(stock: Stock) -> list[str]:
    """Everything that shows broadcasts among others."""
    return [
        "/",
        "/search?q=crime",
        "/search?q=grand+dialogue",
        "/search.atom?q=crime",
        "/programmes/grand-dialogue",
        "/feeds/grand-dialogue.rss",
        "/languages/fr",
        "/api/v1/search?q=crime",
        f"/broadcasts/{stock.bulletin}",
        "/tasks",
    ]


def test_every_address_of_a_withdrawn_broadcast_says_that_it_is_gone(
    stock: Stock, client: TestClient
) -> None:
    for address in addresses(stock):
        assert client.get(address).status_code == 200, address
    withdraw(stock)
    for address in addresses(stock):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert SECRET not in answer.text
        assert "demandé par l'invité" not in answer.text
    page = client.get(f"/broadcasts/{stock.debate}", headers={"accept-language": "fr"}).text
    assert "Cette émission a été retirée" in page
    said = client.get(f"/api/v1/broadcasts/{stock.debate}").json()
    assert said["error"]["code"] == "withdrawn"


def test_no_list_shows_a_withdrawn_broadcast(stock: Stock, client: TestClient) -> None:
    assert any(stock.debate in client.get(address).text for address in lists(stock))
    before = stock.archive.status().broadcasts
    withdraw(stock)
    for address in lists(stock):
        answer = client.get(address)
        assert answer.status_code == 200
        assert stock.debate not in answer.text, address
        assert "menace-t-il" not in answer.text, address
    assert found(stock, SECRET) == 0
    assert stock.archive.status().broadcasts == before - 1


def test_undoing_brings_everything_back(stock: Stock, client: TestClient) -> None:
    before = {each: client.get(each).text for each in addresses(stock) if "media" not in each}
    withdrawal = withdraw(stock)
    stock.archive.withdrawing.undo(stock.debate, withdrawal.id, "Bakary", "mis d'accord")
    for address, text in before.items():
        if "docx" not in address and "clips" not in address:
            assert client.get(address).text == text, address
    assert found(stock, SECRET) == 1
    [kept] = stock.archive.withdrawing.history(stock.debate)
    assert (kept.by, kept.reason) == ("Awa", "demandé par l'invité")
    assert (kept.undone_by, kept.undone_reason) == ("Bakary", "mis d'accord")
    with pytest.raises(BadInput, match="undone already"):
        stock.archive.withdrawing.undo(stock.debate, withdrawal.id, "Bakary", "encore")


def test_the_words_of_a_stretch_are_shown_nowhere(stock: Stock, client: TestClient) -> None:
    assert found(stock, SECRET) == 1
    quote = client.get(f"/quotes/{stock.debate}?start=30&end=33").url
    withdraw(stock, CRIME)
    assert found(stock, SECRET) == 0
    assert found(stock, "prix du riz") >= 1
    sounds = ("media", "clips")
    for address in (*addresses(stock), *lists(stock)):
        if not any(each in address for each in sounds):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "menace-t-il" not in answer.text, address
    assert 'data-state="withdrawn"' in client.get(str(quote)).text
    page = client.get(f"/broadcasts/{stock.debate}", headers={"accept-language": "fr"}).text
    assert "Passage retiré par la station" in page
    assert "Nous parlons ce soir du prix du riz" in page


def test_a_stretch_is_silent_and_nothing_is_heard_before_it_is(
    stock: Stock, client: TestClient, tmp_path: Path
) -> None:
    clip = f"/clips/{stock.debate}?start=28&end=36"
    played = f"/media/{stock.debate}.webm"
    assert client.get(clip).status_code == client.get(played).status_code == 200
    withdrawal = withdraw(stock, CRIME)
    low = f"/media/{stock.debate}.opus?q=low"
    for address in (f"/media/{stock.debate}.mp3", low, played, clip):
        assert client.get(address).status_code == 404, address
    run_jobs(stock.archive)
    for extension in ("mp3", "opus", "webm"):
        heard = levels(client.get(f"/media/{stock.debate}.{extension}").content, tmp_path)
        assert max(heard[31:34]) < 0.001 < 0.05 < min(heard[1:29])
        assert min(heard[37:58]) > 0.05
    assert max(levels(client.get(clip).content, tmp_path)[4:6]) < 0.001
    stock.archive.withdrawing.undo(stock.debate, withdrawal.id, "Awa", "erreur")
    assert min(levels(client.get(clip).content, tmp_path)[4:6]) > 0.05


def test_a_new_transcript_does_not_bring_hidden_words_back(
    stock: Stock, client: TestClient
) -> None:
    withdrawal = withdraw(stock, CRIME)
    again = stock.catalogue.transcripts
    said = (make_segment("Rien."), make_segment("Le crime organisé menace-t-il ?", CRIME_MS))
    whole = replace(make_transcript(), segments=said)
    add_transcript(stock.catalogue, stock.debate, whole)
    run_jobs(stock.archive)
    assert found(stock, SECRET) == 0
    assert "menace" not in client.get(f"/broadcasts/{stock.debate}").text
    current = again.find(stock.debate)
    assert current is not None
    assert [each.text for each in current.segments] == ["Rien."]
    stock.archive.withdrawing.undo(stock.debate, withdrawal.id, "Awa", "erreur")
    assert found(stock, SECRET) == 1


def test_a_correction_made_meanwhile_keeps_what_is_hidden(stock: Stock) -> None:
    withdrawal = withdraw(stock, CRIME)
    sheet = stock.archive.desk.worksheet(stock.debate, "Awa")
    assert all("crime" not in each.segment.text for each in sheet.sentences)
    first = sheet.sentences[0]
    wish = Wish(
        broadcast_id=stock.debate, number=0, version=first.version, text="Bonsoir à toutes."
    )
    stock.archive.desk.save(wish, "Awa")
    assert found(stock, SECRET) == 0
    stock.archive.withdrawing.undo(stock.debate, withdrawal.id, "Awa", "erreur")
    text = stock.archive.get_transcript(stock.debate).text
    assert text.startswith("Bonsoir à toutes.")
    assert "Le crime organisé menace-t-il le Mali ?" in text
    assert found(stock, SECRET) == 1


def test_the_history_hides_the_words_of_a_hidden_sentence(stock: Stock, client: TestClient) -> None:
    [crime] = [
        each
        for each in stock.archive.desk.worksheet(stock.debate, "Awa").sentences
        if "crime" in each.segment.text
    ]
    wish = Wish(
        broadcast_id=stock.debate,
        number=crime.number,
        version=crime.version,
        text="Le nom du témoin est Moussa.",
    )
    saved = stock.archive.desk.save(wish, "Awa")
    assert "Moussa" in client.get(f"/broadcasts/{stock.debate}/history").text
    withdraw(stock, CRIME)
    history = f"/api/v1/broadcasts/{stock.debate}/corrections"
    for address in (f"/broadcasts/{stock.debate}/history", history):
        answer = client.get(address).text
        assert "Moussa" not in answer
        assert "menace" not in answer
    assert saved.edit is not None
    with pytest.raises(Withdrawn):
        stock.archive.desk.undo(stock.debate, saved.edit, "Awa")


def test_only_the_words_that_touch_the_stretch_are_hidden(stock: Stock) -> None:
    [crime] = [
        each for each in stock.archive.get_transcript(stock.debate).segments if "crime" in each.text
    ]
    second = crime.words[1]
    withdraw(stock, Excerpt(start_ms=second.start_ms, end_ms=second.end_ms))
    texts = [each.text for each in stock.archive.get_transcript(stock.debate).segments]
    assert second.text not in " ".join(texts)
    assert crime.words[0].text in texts
    assert any("le Mali ?" in each for each in texts)


def test_no_work_is_planned_for_what_is_withdrawn(stock: Stock) -> None:
    withdrawal = stock.archive.withdrawing.withdraw(
        stock.kibaruw, NewWithdrawal(excerpt=None, reason="embargo", by="Awa")
    ).withdrawal
    run_jobs(stock.archive)
    assert stock.archive.status().jobs_failed == 0
    with pytest.raises(Withdrawn):
        stock.archive.get_broadcast(stock.kibaruw)
    stock.archive.withdrawing.undo(stock.kibaruw, withdrawal.id, "Awa", "fin de l'embargo")
    assert stock.archive.get_broadcast(stock.kibaruw)


def test_nothing_is_found_while_the_index_is_busy(stock: Stock) -> None:
    with writer_lock(stock.archive.settings.index_dir, 1):
        wish = NewWithdrawal(excerpt=None, reason="danger", by="Awa")
        result = stock.archive.withdrawing.withdraw(stock.debate, wish)
        assert not result.is_searchable
        confirm_nothing(stock)
    run_jobs(stock.archive)
    assert found(stock, SECRET) == 0


def confirm_nothing(stock: Stock) -> None:
    """No search says that the secret is there, whatever the index still holds."""
    ways = (SearchOptions(), SearchOptions(is_for_reading=True), SearchOptions(is_exact_only=True))
    pages = (SearchOptions(page=2), SearchOptions(page=50), SearchOptions(page_size=1))
    for options in (*ways, *pages, SearchOptions(language="bm")):
        page = stock.archive.search(SECRET, options)
        assert (page.broadcasts, page.total, page.total_broadcasts) == ((), 0, 0)
        assert not any(page.facets.values())
        assert (page.suggestions, page.elsewhere) == ((), ())
    misspelt = stock.archive.search(MISSPELT, SearchOptions(is_exact_only=True))
    assert (misspelt.total, misspelt.suggestions) == (0, ())


def test_a_stretch_is_not_confirmed_either_while_the_index_is_busy(stock: Stock) -> None:
    assert stock.archive.search(SECRET, SearchOptions(language="bm")).elsewhere
    assert stock.archive.search(MISSPELT, SearchOptions(is_exact_only=True)).suggestions
    with writer_lock(stock.archive.settings.index_dir, 1):
        wish = NewWithdrawal(excerpt=CRIME, reason="danger", by="Awa")
        assert not stock.archive.withdrawing.withdraw(stock.debate, wish).is_searchable
        confirm_nothing(stock)
        assert stock.archive.search("riz", SearchOptions()).total
        assert stock.archive.search("riz", SearchOptions(page=2)).total, "a page beyond the last"


def test_a_rebuilt_index_holds_nothing_withdrawn(stock: Stock) -> None:
    withdraw(stock)
    stock.archive.reindex()
    assert found(stock, SECRET) == 0


def test_older_versions_and_other_kinds_hide_it_too(stock: Stock) -> None:
    corrected = make_transcript("Tout autre chose.", kind=TranscriptKind.CORRECTED)
    add_transcript(stock.catalogue, stock.debate, corrected)
    withdraw(stock, CRIME)
    older = stock.catalogue.transcripts.find(
        stock.debate, kind=TranscriptKind.MACHINE, language=LanguageTag("fr")
    )
    assert older is not None
    assert "crime" not in older.text
    exported = stock.archive.export(stock.debate, "json")
    assert "crime" not in json.dumps(json.loads(exported.content))


def test_a_withdrawal_needs_a_reason_a_name_and_a_real_stretch(stock: Stock) -> None:
    withdrawing = stock.archive.withdrawing
    with pytest.raises(BadInput, match="reason"):
        withdrawing.withdraw(stock.debate, NewWithdrawal(excerpt=None, reason=" ", by="Awa"))
    with pytest.raises(BadInput, match="name"):
        withdrawing.withdraw(stock.debate, NewWithdrawal(excerpt=None, reason="x", by=""))
    late = Excerpt(start_ms=ms(90_000), end_ms=ms(91_000))
    with pytest.raises(BadTime):
        withdraw(stock, late)
    with pytest.raises(NotFound):
        withdrawing.withdraw("0" * 16, NewWithdrawal(excerpt=None, reason="x", by="Awa"))
    assert withdrawing.history(stock.debate) == ()


def test_withdrawing_twice_is_withdrawing_once(stock: Stock) -> None:
    assert withdraw(stock).id == withdraw(stock).id
    assert len(stock.archive.withdrawing.history(stock.debate)) == 1
