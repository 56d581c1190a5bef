"""The page of ten-second tasks, and who may answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import open_archive
from radio_archive.model import ReviewState
from radio_archive.web import create_app
from tests.web.editing import Hand, Office, open_office


def fields(page: str) -> dict[str, str]:
    form = page[page.index('id="task"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def answer(hand: Hand, text: str, action: str = "check") -> str:
    page = hand.client.get("/tasks").text
    return hand.client.post("/tasks", data={**fields(page), "text": text, "action": action}).text


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def test_tasks_are_for_editors_unless_the_station_opens_them(office: Office) -> None:
    with office.hand() as visitor:
        refused = visitor.client.get("/tasks?language=fr", follow_redirects=False)
        assert refused.headers["location"] == "/sign-in?next=%2Ftasks%3Flanguage%3Dfr"
        assert visitor.client.post("/tasks", data={"action": "skip"}).status_code == 403
    opened = replace(office.archive.settings, open_tasks=True)
    with open_archive(opened) as archive, TestClient(create_app(archive)) as client:
        page = client.get("/tasks")
        assert "La route de Nionau est coupée." in page.text
        thanked = client.post(
            "/tasks",
            data={**fields(page.text), "text": "La route de Niono.", "action": "save"},
        )
        assert "Une autre personne" in thanked.text
        assert "Bonsoir à tous." in thanked.text


def test_two_editors_check_a_line_and_a_third_text_is_decided(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand("Bakary") as bakary:
        assert "Une autre personne" in answer(awa, "La route de Nionau est coupée.")
        assert "maintenant vérifiée" in answer(bakary, "La route de Nionau est coupée.")
        first = office.archive.get_transcript(office.identity).segments[0]
        assert first.review is not None
        assert (first.review.state, first.review.by) == (ReviewState.CHECKED, "Awa + Bakary")
        answer(awa, "Bonsoir à toutes.")
        page = answer(bakary, "Bonsoir <b>à tous</b>.")
        assert "À départager" in page
        assert "<b>à tous" not in page
        form = next(part for part in page.split('class="opinion"') if "toutes" in part)
        decided = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))
        bakary.client.post("/tasks", data={**decided, "action": "decide"})
    assert office.archive.get_transcript(office.identity).segments[1].text == "Bonsoir à toutes."


def test_what_cannot_be_taken_is_shown_again(office: Office) -> None:
    with office.hand("Awa") as awa:
        page = awa.client.get("/tasks").text
        sent = {**fields(page), "text": "mot " * 2_000, "action": "save"}
        refused = awa.client.post("/tasks", data=sent)
        assert refused.status_code == 400
        assert "mot mot mot" in refused.text
        assert "Phrase passée" in answer(awa, "", "skip")
