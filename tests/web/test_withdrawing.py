"""Editors withdraw on a page, with a second look; nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.editing import HEARD, Hand, Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def page_of(hand: Hand) -> str:
    return f"/broadcasts/{hand.identity}/withdraw"


def send(hand: Hand, **fields: str) -> int:
    form = {"token": hand.token(page_of(hand)), **fields}
    return hand.client.post(page_of(hand), data=form, follow_redirects=False).status_code


def test_only_editors_can_withdraw(office: Office) -> None:
    with office.hand() as visitor:
        answer = visitor.client.get(page_of(visitor), follow_redirects=False)
        assert answer.headers["location"].startswith("/sign-in?next=")
        form = {"what": "whole", "reason": "x", "confirmed": "yes"}
        assert visitor.client.post(page_of(visitor), data=form).status_code == 403
        assert visitor.client.get(f"/broadcasts/{office.identity}").status_code == 200


def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = {"what": "whole", "reason": "x", "confirmed": "yes", "token": "0" * 32}
        assert awa.client.post(page_of(awa), data=form).status_code == 403
    assert office.text()


def test_nothing_is_hidden_before_the_second_look(office: Office) -> None:
    with office.hand("Awa") as awa:
        assert send(awa, what="whole", reason="demandé") == 200
        assert office.text()
        assert send(awa, what="whole", reason="demandé", confirmed="yes") == 303
        assert awa.client.get(f"/broadcasts/{office.identity}").status_code == 410
        page = awa.client.get(page_of(awa)).text
        assert "demandé" in page
        assert "Awa" in page
        [withdrawal] = office.archive.withdrawing.history(office.identity)
        assert send(awa, undo=str(withdrawal.id), reason="erreur") == 303
        assert awa.client.get(f"/broadcasts/{office.identity}").status_code == 200
        assert "erreur" in awa.client.get(page_of(awa)).text


def test_a_stretch_is_written_as_a_clock_shows_it(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = {"what": "stretch", "start": "0:00", "end": "0:01.5", "reason": "nom"}
        assert send(awa, **form, confirmed="yes") == 303
        text = awa.client.get(f"/broadcasts/{office.identity}").text
        assert HEARD[0] not in text
        assert HEARD[2] in text


@pytest.mark.parametrize(
    "form",
    [
        {"what": "whole", "reason": "  "},
        {"what": "stretch", "reason": "x"},
        {"what": "stretch", "reason": "x", "start": "2:00", "end": "1:00"},
        {"what": "stretch", "reason": "x", "start": "hier"},
        {"what": "whole", "reason": "x" * 3_000, "confirmed": "yes"},
        {"undo": "999", "reason": "x"},
    ],
)
def test_what_makes_no_sense_is_shown_again(office: Office, form: dict[str, str]) -> None:
    with office.hand("Awa") as awa:
        assert send(awa, **form) in (400, 404)
        assert office.text()


def test_reasons_stay_text(office: Office) -> None:
    with office.hand("Awa") as awa:
        hostile = "<script>alert(1)</script>\"'"
        assert send(awa, what="whole", reason=hostile) == 200
        assert send(awa, what="whole", reason=hostile, confirmed="yes") == 303
        assert "<script>alert" not in awa.client.get(page_of(awa)).text
