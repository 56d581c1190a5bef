"""Dossiers in the hands of editors, and before readers without an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from httpx2 import Response

from radio_archive.dossiers.texts import LONGEST_NOTE
from radio_archive.model import TranscriptKind
from radio_archive.web.uploads import MAX_UPLOAD_BYTES
from tests.support.documents import make_pdf
from tests.support.making import make_transcript
from tests.web.editing import HEARD, Hand, Office, open_office
from tests.web.stocking import add_transcript

HTML = "<script>alert(1)</script>"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def begin(hand: Hand, title: str = "Le sel") -> str:
    """Begin a dossier; the address of its page."""
    form = {"token": hand.token("/dossiers"), "title": title}
    answer = hand.client.post("/dossiers", data=form, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"].removesuffix("/edit")


def change(hand: Hand, url: str, **fields: str) -> Response:
    token = hand.token(f"{url}/edit")
    return hand.client.post(f"{url}/edit", data={"token": token, **fields}, follow_redirects=False)


def publish(hand: Hand, url: str, title: str = "Le sel", summary: str = "") -> None:
    answer = change(hand, url, action="details", title=title, summary=summary, public="yes")
    assert answer.status_code == 303


def add_passage(hand: Hand, url: str, note: str = "") -> Response:
    """As the form does that a reader of a quotation comes to."""
    page = hand.client.get(f"/quotes/{hand.identity}?start=0&end=3").text
    link = re.search(r'href="(/dossiers/add[^"]+)"', page)
    assert link is not None
    form = lxml.html.fromstring(hand.client.get(unescape(link[1])).text).xpath("//form")[-1]
    fields = {**dict(form.fields), "dossier": url.rpartition("/")[2], "note": note}
    return hand.client.post("/dossiers/add", data=fields, follow_redirects=False)


def upload(hand: Hand, at: str, content: bytes | None, **fields: str) -> Response:
    files = {} if content is None else {"file": ("a.pdf", content, "application/pdf")}
    token = hand.token(f"{at}/edit")
    given = {"token": token, "title": "Rapport", "language": "fr", "url": "", "original": ""}
    # without a file a browser sends an empty one
    sent = files or {"file": ("", b"", "application/octet-stream")}
    return hand.client.post(
        f"{at}/documents", data={**given, **fields}, files=sent, follow_redirects=False
    )


def entries(hand: Hand, url: str) -> list[str]:
    """Numbers of the entries, in order."""
    page = hand.client.get(f"{url}/edit").text
    return re.findall(r'<li id="e(\d+)">', page)


def test_readers_see_public_dossiers_and_are_told_nothing_of_others(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand() as reader:
        url = begin(awa)
        assert add_passage(awa, url).status_code == 303
        addresses = (url, f"{url}/edit", f"{url}/dossier.html", f"{url}/documents/1.pdf")
        assert [reader.client.get(each).status_code for each in addresses] == [404] * 4
        assert "Le sel" not in reader.client.get("/dossiers").text
        publish(awa, url)
        page = reader.client.get(url)
        assert page.status_code == 200
        assert HEARD[0] in page.text
        assert "no-store" not in page.headers["cache-control"]
        assert "Le sel" in reader.client.get("/dossiers").text
        assert f"{url}/edit" not in page.text


def test_a_passage_of_a_dossier_can_be_played_without_scripts(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        add_passage(awa, url)
        page = lxml.html.fromstring(awa.client.get(url).text)
        sources = page.xpath("//audio//source/@src")
        assert [each.rpartition("=")[2] for each in sources] == ["webm", "mp3"]
        assert all(each.startswith(f"/clips/{office.identity}?start=") for each in sources)


def test_the_form_of_a_new_dossier_makes_one_and_puts_the_broadcast_in(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = {"token": awa.token("/dossiers"), "broadcast": office.identity, "dossier": ""}
        answer = awa.client.post("/dossiers/add", data={**form, "title": "Neuf", "note": HTML})
        assert answer.status_code == 200
        assert HTML not in answer.text
        page = awa.client.get("/dossiers/neuf").text
        assert "Débat one" in page
        assert HTML not in page
        assert "&lt;script&gt;" in page


def test_a_dossier_without_a_title_is_not_begun_and_the_page_says_what_to_do(
    office: Office,
) -> None:
    with office.hand("Awa") as awa:
        form = {"token": awa.token("/dossiers"), "title": " "}
        answer = awa.client.post("/dossiers", data=form)
    assert answer.status_code == 400
    assert "Cette demande n’a pas été comprise. Rien n’a été changé" in answer.text


def test_entries_move_are_annotated_and_removed_without_scripts(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        for note in ("un", "deux"):
            add_passage(awa, url, note)
        first, second = entries(awa, url)
        change(awa, url, action="move", entry=second, place="0")
        assert entries(awa, url) == [second, first]
        change(awa, url, action="note", entry=first, seen="un", note="autre")
        assert "autre" in awa.client.get(url).text
        change(awa, url, action="remove", entry=second)
        assert entries(awa, url) == [first]
        assert change(awa, url, action="remove", entry=second).status_code == 404
        assert change(awa, url, action="dance", entry=first).status_code == 400
        change(awa, url, action="delete")
        assert awa.client.get(url).status_code == 404


def test_two_editors_of_one_note_lose_nothing(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand("Bakary") as bakary:
        url = begin(awa)
        add_passage(awa, url, "avant")
        (number,) = entries(awa, url)
        asked = {"action": "note", "entry": number, "seen": "avant"}
        assert change(awa, url, **asked, note="de Awa").status_code == 303
        refused = change(bakary, url, **asked, note="de Bakary")
        assert refused.status_code == 409
        assert "de Awa" in refused.text
        assert re.search(r"<textarea[^>]*>\nde Bakary</textarea>", refused.text)
        assert 'name="seen" value="de Awa"' in refused.text


def test_a_note_of_100_kb_is_refused_and_still_there(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        add_passage(awa, url, "avant")
        (number,) = entries(awa, url)
        long = "é" * 50_000
        refused = change(awa, url, action="note", entry=number, seen="avant", note=long)
        assert refused.status_code == 400
        assert long in refused.text
        assert "trop long" in refused.text
        english = change(awa, url, action="details", title="x" * 300, summary="y")
        assert english.status_code == 400
        assert change(awa, url, action="note", entry=number, seen="avant", note="é" * LONGEST_NOTE)


def test_what_was_written_when_a_session_ended_is_shown(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        add_passage(awa, url)
        (number,) = entries(awa, url)
        awa.client.cookies.clear()
        form = {"action": "note", "entry": number, "seen": "", "note": "perdue ?"}
        refused = awa.client.post(f"{url}/edit", data=form)
        assert refused.status_code == 403
        assert "perdue ?" in refused.text


def test_nobody_else_changes_anything(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand() as reader:
        url = begin(awa)
        publish(awa, url)
        posts = ("/dossiers", "/dossiers/add", f"{url}/edit")
        for each in posts:
            form = {"title": "x", "action": "delete", "broadcast": office.identity}
            assert reader.client.post(each, data=form).status_code == 403
            assert awa.client.post(each, data=form).status_code == 403, "without the token"
        sent = {"file": ("a.pdf", make_pdf("Un."), "application/pdf")}
        for hand in (reader, awa):
            answer = hand.client.post(f"{url}/documents", data={"title": "x"}, files=sent)
            assert answer.status_code == 403
        assert reader.client.get(url).status_code == 200


def test_a_document_is_uploaded_read_and_found_with_the_broadcasts(office: Office) -> None:
    content = make_pdf("Introduction.", "La route du sel passe par Taoudeni.")
    with office.hand("Awa") as awa, office.hand() as reader:
        url = begin(awa)
        assert "added=read" in upload(awa, url, content).headers["location"]
        assert "Documents" not in reader.client.get("/search?q=Taoudeni").text.partition("<main")[2]
        publish(awa, url)
        page = lxml.html.fromstring(reader.client.get("/search?q=Taoudeni").text)
        (link,) = page.xpath("//section[@aria-labelledby='documents-title']//a[@class='time']")
        assert link.get("href") == f"{url}/documents/1.pdf#page=2"
        assert page.xpath("//mark")[0].text == "Taoudeni"
        answer = reader.client.get(f"{url}/documents/1.pdf")
        assert answer.content == content
        assert answer.headers["content-type"] == "application/pdf"
        both = reader.client.get("/api/v1/search?q=route").json()
        assert both["documents"][0]["hits"][0]["page"] == 2
        assert both["total"] == 1


def test_a_document_in_two_languages_is_read_side_by_side(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        upload(awa, url, make_pdf("La route du sel."), title="Rapport")
        upload(awa, url, make_pdf("The salt road."), title="Report", language="en", original="1")
        page = lxml.html.fromstring(awa.client.get(url).text)
        titles = page.xpath("//li[@class='both']/section/h2")
        assert [(each.get("lang"), each.text_content()) for each in titles] == [
            ("fr", "Rapport"),
            ("en", "Report"),
        ]
        for number in (1, 2):
            text = lxml.html.fromstring(awa.client.get(f"{url}/documents/{number}").text)
            sides = text.xpath("//div[contains(@class, 'page')]//p[@class='noted']")
            assert [each.text for each in sides] == ["La route du sel.", "The salt road."]
            assert text.xpath("//*[@id='page-1']")


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"GIF89a", {}),
        (None, {}),
        (None, {"url": "javascript:alert(1)"}),
        (None, {"url": "https://example.org/", "title": " "}),
        (None, {"url": "https://example.org/", "language": "qqqq"}),
        (None, {"url": "https://example.org/", "original": "99"}),
    ],
)
def test_what_is_no_document_comes_back_with_the_form(
    office: Office, content: bytes | None, fields: dict[str, str]
) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        refused = upload(awa, url, content, note="ma note", **fields)
        assert refused.status_code == 400
        assert "ma note" in refused.text
        assert entries(awa, url) == []


def test_a_damaged_pdf_is_kept_and_said_to_be_damaged(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        answer = upload(awa, url, b"%PDF-1.4 and then nothing")
        assert "added=damaged" in answer.headers["location"]
        assert "abîmé" in awa.client.get(url).text


def test_a_form_beyond_all_limits_is_cut_off(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        refused = upload(awa, url, b"%PDF-" + b"0" * MAX_UPLOAD_BYTES)
        assert refused.status_code == 413
        token = awa.token("/dossiers")
        odd = awa.client.post(f"{url}/documents", content=b"x", headers={"content-type": "text/x"})
        assert odd.status_code == 400
        assert token


def test_a_withdrawn_passage_says_so_and_shows_nothing(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand() as reader:
        url = begin(awa)
        add_passage(awa, url, note=f"il a dit {HEARD[0]}")
        publish(awa, url)
        redacted = make_transcript("…", *HEARD[1:], kind=TranscriptKind.REDACTED)
        add_transcript(office.catalogue, office.identity, redacted)
        page = reader.client.get(url).text
        assert "Retiré" in page
        assert HEARD[0] not in page
        assert "/clips/" not in page
        for name in ("html", "csv", "m3u"):
            assert HEARD[0] not in reader.client.get(f"{url}/dossier.{name}").text


def test_a_dossier_is_taken_away_as_a_file_that_no_browser_opens_here(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa, "Le sel")
        add_passage(awa, url)
        for name in ("html", "docx", "csv", "m3u"):
            answer = awa.client.get(f"{url}/dossier.{name}")
            assert answer.status_code == 200
            wanted = f'attachment; filename="le-sel.{name}"'
            assert answer.headers["content-disposition"] == wanted
        assert "http://testserver/clips/" in awa.client.get(f"{url}/dossier.m3u").text


def test_a_script_gets_answers_it_can_read(office: Office) -> None:
    with office.hand("Awa") as awa:
        url = begin(awa)
        add_passage(awa, url)
        (number,) = entries(awa, url)
        form = {"token": awa.token(f"{url}/edit"), "action": "note", "entry": number}
        json = {"accept": "application/json"}
        saved = awa.client.post(f"{url}/edit", data={**form, "seen": "", "note": "a"}, headers=json)
        assert saved.json() == {"done": True}
        lost = awa.client.post(f"{url}/edit", data={**form, "seen": "", "note": "b"}, headers=json)
        assert (lost.status_code, lost.json()["error"]["code"]) == (409, "conflict")
