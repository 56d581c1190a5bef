"""Signing in: who may correct, how the browser remembers it, and what a stranger learns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.errors import BadInput, Forbidden, NotFound, TooManyAttempts
from radio_archive.web import create_app
from tests.web.editing import PASSWORD, Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def test_the_cookie_is_for_this_site_and_no_script(office: Office) -> None:
    with office.hand() as hand:
        cookie = hand.sign_in("awa").headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "secure" not in cookie
    with office.hand(base_url="https://archive.example") as hand:
        assert "; secure" in hand.sign_in("awa").headers["set-cookie"].lower()


def test_a_stranger_learns_nothing_of_names(office: Office) -> None:
    def seconds(name: str, address: str) -> float:
        began = time.perf_counter()
        with pytest.raises(Forbidden) as refusal:
            office.archive.editors.sign_in(name, "faux", address)
        assert "Awa" not in str(refusal.value)
        return time.perf_counter() - began

    seconds("Nobody", "10.0.0.0")  # the first makes the hash that nobody has
    both = [
        (seconds("Awa", address), seconds("Nobody", address))
        for address in (f"10.0.0.{number}" for number in range(1, 8))
    ]
    known, unknown = (min(taken) for taken in zip(*both, strict=True))
    assert 0.3 < known / unknown < 3
    with office.hand() as hand:
        pages = [hand.sign_in(name, "faux") for name in ("Awa", "Nobody")]
        assert {page.status_code for page in pages} == {403}
        texts = [lxml.html.fromstring(page.text).text_content() for page in pages]
        told = {text.replace("Awa", "").replace("Nobody", "") for text in texts}
        assert len(told) == 1


def test_too_many_wrong_passwords_have_to_wait(office: Office) -> None:
    editors = office.archive.editors
    for _ in range(5):
        with pytest.raises(Forbidden):
            editors.sign_in("Awa", "faux", "10.0.0.1")
    with pytest.raises(TooManyAttempts, match="Wait 15 minutes"):
        editors.sign_in("Awa", PASSWORD, "10.0.0.1")
    assert editors.sign_in("Awa", PASSWORD, "10.0.0.2").name == "Awa"
    with office.hand() as hand:
        for _ in range(5):
            assert hand.sign_in("Bakary", "faux").status_code == 403
        assert hand.sign_in("Bakary").status_code == 429


def test_another_password_ends_the_sessions_before_it(office: Office) -> None:
    page = f"/broadcasts/{office.identity}/correct"
    with office.hand("Awa") as awa:
        assert awa.client.get(page, follow_redirects=False).status_code == 200
        office.archive.editors.set_password("awa", "un autre mot de passe")
        assert awa.client.get(page, follow_redirects=False).status_code == 303
    with office.hand("Bakary") as bakary:
        office.archive.editors.remove("Bakary")
        assert bakary.client.get(page, follow_redirects=False).status_code == 303


def test_a_forged_cookie_is_nobody_s(office: Office) -> None:
    page = f"/broadcasts/{office.identity}/correct"
    with TestClient(
        create_app(office.archive), cookies={"session": "WyJhIiwiQXdhIiwiIl0.x.y"}
    ) as one:
        assert one.get(page, follow_redirects=False).status_code == 303


def test_signing_in_leads_back_to_pages_of_this_site_only(office: Office) -> None:
    for wanted, leads in (
        ("/tasks?language=bm", "/tasks?language=bm"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("https://example.org/", "/"),
        ("/a\r\nset-cookie: x", "/"),
    ):
        with office.hand() as hand:
            form = {"token": hand.token("/sign-in"), "name": "Awa", "password": PASSWORD}
            answer = hand.client.post(
                "/sign-in", data={**form, "next": wanted}, follow_redirects=False
            )
            assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_the_secret_is_readable_by_its_owner_only(office: Office) -> None:
    secret = office.archive.editors.secret()
    path = office.archive.settings.media_dir / "editors.key"
    assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, secret)
    assert office.archive.editors.secret() == secret


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", PASSWORD),
        ("x" * 61, PASSWORD),
        ("a\x07b", PASSWORD),
        ("Fanta", "court"),
        ("AWA", PASSWORD),
    ],
)
def test_what_makes_no_editor_is_refused(office: Office, name: str, password: str) -> None:
    with pytest.raises(BadInput):
        office.archive.editors.add(name, password)
    assert [editor.name for editor in office.archive.editors.all()] == ["Awa", "Bakary"]


def test_nobody_can_be_removed_twice(office: Office) -> None:
    office.archive.editors.remove("awa")
    with pytest.raises(NotFound, match="editors list"):
        office.archive.editors.remove("awa")


def test_an_editor_s_own_password_does_not_let_them_try_others_for_ever(office: Office) -> None:
    editors = office.archive.editors
    for number in range(30):
        if number % 10 == 0:
            editors.sign_in("Awa", PASSWORD, "10.0.0.9")
        with pytest.raises(Forbidden):
            editors.sign_in(f"Name {number}", "faux", "10.0.0.9")
    with pytest.raises(TooManyAttempts):
        editors.sign_in("Awa", PASSWORD, "10.0.0.9")
