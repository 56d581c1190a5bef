"""Saved searches and alerts in the browser: kept, read, followed, and ended by one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import AlertState, Asked
from radio_archive.web import create_app
from tests.support.newsroom import Newsroom, open_newsroom
from tests.web.editing import PASSWORD, hashed

_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path) as room:
        room.catalogue.editors.add("Awa", hashed())
        yield room


@contextmanager
def browser(room: Newsroom, editor: str = "") -> Iterator[TestClient]:
    with TestClient(create_app(room.archive), follow_redirects=False) as client:
        if editor:
            form = {"token": token(client, "/sign-in"), "name": editor, "password": PASSWORD}
            assert client.post("/sign-in", data=form).status_code == 303
        yield client


def token(client: TestClient, path: str) -> str:
    found = _TOKEN.search(client.get(path).text)
    assert found is not None
    return found[1]


def page_of(room: Newsroom) -> str:
    return f"/searches/{room.search.id}"


def follow(client: TestClient, room: Newsroom, **fields: str) -> int:
    form = {"token": token(client, page_of(room)), "kind": "mail", "pace": "at_once", **fields}
    return client.post(f"{page_of(room)}/alerts", data=form).status_code


def test_an_editor_saves_what_the_results_show(room: Newsroom) -> None:
    with browser(room, "Awa") as client:
        results = client.get("/search?q=riz&language=fr&trust=").text
        found = re.search(r'href="(/searches/new\?[^"]+)"', results)
        assert found is not None
        page = client.get(found[1].replace("&amp;", "&")).text
        asked = re.search(r'name="asked" value="([^"]+)"', page)
        assert asked is not None
        form = {"token": token(client, "/searches"), "asked": asked[1].replace("&amp;", "&")}
        answer = client.post("/searches", data=form)
        assert answer.status_code == 303
        saved = client.get(answer.headers["location"]).text
        assert "Le prix du riz monte à Gao." in saved
        assert "Inchangé." in saved
        assert "par Awa" in saved
        assert answer.headers["location"] in client.get("/searches").text
    with browser(room) as client:
        assert client.get(answer.headers["location"]).status_code == 200
        assert answer.headers["location"] not in client.get("/searches").text


def test_only_editors_save_and_only_from_our_pages(room: Newsroom) -> None:
    with browser(room) as client:
        form = {"token": token(client, page_of(room)), "asked": "q=riz"}
        assert client.post("/searches", data=form).status_code == 403
    with browser(room, "Awa") as client:
        assert client.post("/searches", data={"asked": "q=riz"}).status_code == 403
        form = {"token": token(client, "/searches"), "asked": "q=riz"}
        foreign = client.post("/searches", data=form, headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403
        for asked in ("", "q=ab*", "q=" + "x" * 300, "sort=none", "&" * 200):
            form = {"token": token(client, "/searches"), "asked": asked}
            assert client.post("/searches", data=form).status_code == 400
    assert len(room.archive.searches.recent()) == 1


def test_the_page_says_what_became_of_the_search(room: Newsroom) -> None:
    room.say("new", "Le riz <b>du</b> Delta.")
    room.say("old", "Le prix du riz monte à Kayes.")
    with browser(room) as client:
        page = client.get(page_of(room)).text
        assert "1 de plus, 0 de moins, 1 dont les mots ont changé" in page
        assert "Le riz &lt;b&gt;du&lt;/b&gt; Delta." in page
        assert "<del>Le prix du riz monte à Gao.</del>" in page
        assert room.search.digest in page
        english = client.get(page_of(room) + "?lang=en").text
        assert "1 more, 0 fewer, 1 corrected" in english


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", ["(autre nom de « ONU »)", "(traduction de « rice »)", "diffusé le 16 octobre"]),
        ("en", ["(other name of “ONU”)", "(translation of “rice”)", "aired on 16 October"]),
    ],
)
def test_what_was_searched_as_well_is_said_in_the_reader_s_language(
    room: Newsroom, locale: str, said: list[str]
) -> None:
    searches = [
        room.archive.searches.save(Asked(text=text), "Awa")
        for text in ("ONU", "rice", "16 octobre 2014")
    ]
    with browser(room) as client:
        for search, words in zip(searches, said, strict=True):
            page = client.get(f"/searches/{search.id}?lang={locale}").text
            [line] = lxml.html.fromstring(page).xpath("//header/p[@class='hint']")
            assert words in " ".join(line.text_content().split())
            [added, *_] = client.get(f"/api/v1/searches/{search.id}").json()["added"]
            assert re.search(r" \((alias|translation|aired)\)$", added)


def test_the_file_has_the_digest_that_the_page_shows(room: Newsroom) -> None:
    with browser(room) as client:
        answer = client.get(f"{page_of(room)}/hits.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert sha256(answer.content).hexdigest() == room.search.digest
        room.say("new", "Le riz du Delta.")
        now = client.get(f"{page_of(room)}/hits.csv?when=now")
        assert "Delta" in now.text
        assert "Delta" not in client.get(f"{page_of(room)}/hits.csv").text


def test_a_search_that_makes_no_sense_any_more_is_still_evidence(room: Newsroom) -> None:
    with room.catalogue.searches._database.write() as connection:
        connection.exec_driver_sql(
            """update saved_searches set asked = replace(asked, '"riz"', '"name:nobody"')"""
        )
    with browser(room) as client:
        page = client.get(page_of(room))
        assert page.status_code == 200
        assert "Le prix du riz monte à Gao." in page.text
        assert client.get(f"{page_of(room)}/hits.csv?when=now").status_code == 400


def test_a_feed_has_what_the_saved_search_finds(room: Newsroom) -> None:
    room.say("new", "Le riz du Delta.")
    with browser(room) as client:
        answer = client.get(f"{page_of(room)}/feed.atom")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert "Delta" in answer.text
        assert f"<id>http://testserver{page_of(room)}</id>" in answer.text


def test_anybody_follows_by_mail_says_yes_and_ends_it_without_an_account(room: Newsroom) -> None:
    with browser(room) as client:
        assert follow(client, room, address="reader@example.org") == 303
        shown = client.get(f"{page_of(room)}?asked=yes").text
        assert "reader@" not in shown
        room.tell()
        (question,) = room.bodies()
        address = re.search(r"https://archive\.example(/alerts/\S+)", question)
        assert address is not None
        # programs that look through mail open it: nothing happens
        assert "Confirmer" in client.get(address[1]).text
        ((alert, _),) = room.archive.alerts.all()
        assert alert.state is AlertState.ASKED
        path, query = urlsplit(address[1]).path, urlsplit(address[1]).query
        assert client.post(f"{path}/confirm?{query}").status_code == 303
        room.say("new", "Le riz du Delta.")
        room.tell()
        off = room.mailbox.letters[1]["List-Unsubscribe"].strip("<>")
        there = urlsplit(off)
        # as a mail program does it: no cookie, no token, another type of form (RFC 8058)
        with browser(room) as program:
            answer = program.post(
                f"{there.path}?{there.query}",
                files={"List-Unsubscribe": (None, "One-Click")},
            )
            assert answer.status_code == 200
            again = program.post(
                f"{there.path}?{there.query}", data={"List-Unsubscribe": "One-Click"}
            )
            assert again.status_code == 200
    assert room.archive.alerts.all() == ()


@pytest.mark.parametrize("address", ["", "nobody", "a@b.org\r\nBcc: c@d.org", "a@b.org,c@d.org"])
def test_what_is_no_address_is_said_in_plain_words(room: Newsroom, address: str) -> None:
    with browser(room) as client:
        form = {"token": token(client, page_of(room)), "kind": "mail", "address": address}
        answer = client.post(f"{page_of(room)}/alerts", data=form)
        assert answer.status_code == 400
        assert "Ce n’est pas une adresse où écrire." in answer.text
        [field] = lxml.html.fromstring(answer.text).xpath("//input[@id='address']")
        assert field.get("value").split() == address.split()  # to be mended, not typed again
    assert room.archive.alerts.all() == ()


def test_webhooks_are_for_editors_and_show_their_secret(room: Newsroom) -> None:
    with browser(room) as client:
        hook = {"kind": "webhook", "address": "https://hook.example.org/x"}
        assert follow(client, room, **hook) == 403
    with browser(room, "Awa") as client:
        assert follow(client, room, kind="webhook", address="http://hook.example.org/x") == 400
        form = {"token": token(client, page_of(room)), **hook}
        answer = client.post(f"{page_of(room)}/alerts", data=form)
        assert answer.status_code == 303
        page = client.get(answer.headers["location"])
        assert re.search(r"<textarea[^>]*>\s*[0-9a-f]{64}<", page.text)
        assert page.headers["cache-control"] == "private, no-store"


def test_a_foreign_page_asks_nobody(room: Newsroom) -> None:
    with browser(room) as client:
        form = {"kind": "mail", "address": "victim@example.org"}
        assert client.post(f"{page_of(room)}/alerts", data=form).status_code == 403
    assert room.archive.alerts.all() == ()


def test_the_key_is_needed(room: Newsroom) -> None:
    alert = room.follow()
    with browser(room) as client:
        for action in ("", "/confirm", "/off"):
            path = f"/alerts/{alert.id}{action}?key=wrong"
            answer = client.post(path) if action else client.get(path)
            assert answer.status_code == 403
    assert len(room.archive.alerts.all()) == 1
