"""Editors correct sentences with plain forms: nothing is lost, nothing overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from radio_archive.archive import SearchOptions
from radio_archive.model import TranscriptKind, Trust
from tests.support.making import make_transcript
from tests.web.editing import HEARD, Hand, Office, hashed, open_office
from tests.web.stocking import add_transcript


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def test_correcting_needs_an_editor_and_reading_does_not(office: Office) -> None:
    with office.hand() as visitor:
        page = f"/broadcasts/{office.identity}"
        assert visitor.client.get(page).status_code == 200
        assert visitor.client.get(f"{page}/history").status_code == 200
        answer = visitor.client.get(f"{page}/correct?t=3", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=%2Fbroadcasts%2F")


def test_a_saved_sentence_is_shown_and_searched_at_once(office: Office) -> None:
    with office.hand("Awa") as awa:
        first = awa.sentences()[0]
        answer = awa.save(first, text="La route de Niono est coupée.")
        place = f"/broadcasts/{office.identity}/correct?page=1&saved=0#s0"
        assert (answer.status_code, answer.headers["location"]) == (303, place)
        page = awa.client.get(place).text
        assert "La route de Niono est coupée." in page
        assert "par Awa" in page
        found = office.archive.search("Niono", SearchOptions()).broadcasts
        assert found[0].hits[0].text.startswith("La route de Niono")
        assert office.archive.get_transcript(office.identity).kind is TranscriptKind.CORRECTED


def test_the_text_is_checked_when_all_its_sentences_are(office: Office) -> None:
    with office.hand("Awa") as awa:
        for number in range(3):
            assert office.archive.get_transcript(office.identity).trust is Trust.MACHINE
            assert awa.save(awa.sentences()[number]).status_code == 303
    assert office.archive.get_transcript(office.identity).trust is Trust.CHECKED
    assert office.text() == "\n".join(HEARD)


def test_two_editors_on_one_sentence_both_keep_their_words(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand("Bakary") as bakary:
        seen, seen_too = awa.sentences()[0], bakary.sentences()[0]
        assert awa.save(seen, text="La route de Niono est coupée.").status_code == 303
        answer = bakary.save(seen_too, text="La piste de Niono est coupée.")
        assert answer.status_code == 409
        assert "La route de Niono est coupée." in answer.text
        assert "La piste de Niono est coupée." in answer.text
        assert office.text().startswith("La route de Niono")
        strays = bakary.client.get(f"/broadcasts/{office.identity}/correct").text
        assert "La piste de Niono est coupée." in strays
        chosen = {**bakary.sentences()[0], "text": "La piste de Niono est coupée."}
        assert bakary.save(chosen).status_code == 303
        assert office.text().startswith("La piste de Niono")


def test_a_sentence_written_while_signed_out_is_shown_again(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = awa.sentences()[0]
        awa.client.post("/sign-out", data={"token": form["token"]})
        answer = awa.save(form, text="Ce que j'ai écrit.")
        assert answer.status_code == 403
        assert "Ce que j&#39;ai écrit." in answer.text
    assert office.text() == "\n".join(HEARD)


@pytest.mark.parametrize(
    ("text", "status", "becomes"),
    [
        ("<script>alert(1)</script> & <b>gras</b>", 303, "<script>alert(1)</script> & <b>gras</b>"),
        ("Le riz 🍚 coûte cher 👩🏾‍🌾", 303, "Le riz 🍚 coûte cher 👩🏾‍🌾"),
        ("سعر الأرز مرتفع", 303, "سعر الأرز مرتفع"),
        ("a\u202eb\u200bc\ufeff", 303, "abc"),
        ("  deux\r\n\tlignes\x00\x07 ", 303, "deux lignes"),
        ("می\u200cخواهم", 303, "می\u200cخواهم"),
        ("", 400, None),
        (" \u200b\u200d\ufeff\u2060 ", 400, None),
        ("mot " * 25_000, 400, None),
        ("x" * 1_000_001, 413, None),
    ],
)
def test_bad_input_gets_the_right_status_and_harms_nothing(
    office: Office, text: str, status: int, becomes: str | None
) -> None:
    with office.hand("Awa") as awa:
        answer = awa.save(awa.sentences()[2], text=text)
        assert answer.status_code == status
        segments = office.archive.get_transcript(office.identity).segments
        assert segments[2].text == (HEARD[2] if becomes is None else becomes)
        page = awa.client.get(f"/broadcasts/{office.identity}/correct").text
        assert "<script>alert" not in page
        if status == 400 and text.strip(" \u200b\u200d\ufeff\u2060"):
            assert text.strip()[:1_000] in answer.text
        assert "<script>alert" not in awa.client.get(f"/broadcasts/{office.identity}").text
        assert awa.sentences()[2]["text"] == segments[2].text


def test_an_editor_s_name_may_be_of_any_script(office: Office) -> None:
    name = "أمينة 👩🏾\u200d🌾 <b>Traoré</b>"
    office.catalogue.editors.add(name, hashed())
    with office.hand(name) as hand:
        assert (
            hand.save(hand.sentences()[0], text="La route de Niono est coupée.").status_code == 303
        )
        page = hand.client.get(f"/broadcasts/{office.identity}/history").text
    assert "<b>Traoré" not in page
    assert name in unescape(page)
    assert office.archive.desk.history(office.identity)[0].by == name


def test_a_form_from_elsewhere_changes_nothing(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = awa.sentences()[0]
        stolen = awa.save(form, text="Volé.", token="0" * 32)
        assert stolen.status_code == 403
        url = f"/broadcasts/{office.identity}/correct"
        for origin in ("https://example.org", "null", "http://[::1", "http://[x]/"):
            foreign = awa.client.post(
                url, data={**form, "text": "Volé."}, headers={"origin": origin}
            )
            assert foreign.status_code == 403, origin
        for path in ("/sign-out", "/glossary", "/tasks", f"/broadcasts/{office.identity}/history"):
            assert awa.client.post(path, data={"edit": "1"}).status_code == 403
    assert office.text() == "\n".join(HEARD)


def test_a_draft_is_found_again_and_dropped_when_saved(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = awa.sentences()[1]
        draft = {**form, "text": "Bonsoir à toutes"}
        url = f"/broadcasts/{office.identity}/correct/draft"
        assert awa.client.post(url, data=draft).status_code == 204
        assert awa.sentences()[1]["text"] == "Bonsoir à toutes"
        with office.hand("Bakary") as bakary:
            assert bakary.sentences()[1]["text"] == HEARD[1]
        awa.save(awa.sentences()[1])
        assert awa.sentences()[1]["text"] == "Bonsoir à toutes"
        assert office.catalogue.drafts.of("awa", office.identity) == []


def test_history_says_who_and_takes_back(office: Office) -> None:
    page = f"/broadcasts/{office.identity}/history"
    with office.hand("Awa") as awa:
        awa.save(awa.sentences()[0], text="La route de Niono est coupée.")
        told = awa.client.get(page).text
        assert "<del>La route de Nionau est coupée.</del>" in told
        assert "<b>corrigé</b> <span>Awa</span>" in told
        with office.hand() as visitor:
            assert "Annuler" not in visitor.client.get(page).text
            assert visitor.client.post(page, data={"edit": "1"}).status_code == 403
        token = awa.token(page)
        assert awa.client.post(page, data={"token": token, "edit": "1"}).status_code == 200
        assert office.text() == "\n".join(HEARD)
        again = awa.client.post(page, data={"token": token, "edit": "1"})
        assert again.status_code == 400
        oldest = office.archive.desk.history(office.identity)[-1].before_id
        awa.save(awa.sentences()[1], text="Bonne nuit.")
        awa.client.post(page, data={"token": token, "version": str(oldest)})
        assert office.text() == "\n".join(HEARD)


def test_the_api_tells_the_history_and_undoes(office: Office) -> None:
    url = f"/api/v1/broadcasts/{office.identity}/corrections"
    with office.hand("Awa") as awa:
        awa.save(awa.sentences()[0], text="La route de Niono est coupée.")
        awa.save(awa.sentences()[2])
        rows = awa.client.get(url).json()["corrections"]
        assert [(row["kind"], row["by"]) for row in rows] == [
            ("checked", "Awa"),
            ("corrected", "Awa"),
        ]
        (only,) = awa.client.get(f"{url}?t=0.5").json()["corrections"]
        assert (only["before"], only["after"]) == (HEARD[0], "La route de Niono est coupée.")
        token = awa.sentences()[0]["token"]
        undo = f"{url}/{only['id']}/undo"
        assert awa.client.post(undo).status_code == 403
        answer = awa.client.post(undo, headers={"x-csrf-token": token})
        assert answer.status_code == 200
        assert answer.json()["corrections"][0]["undoes"] == only["id"]
        assert awa.client.post(f"{url}/99/undo", headers={"x-csrf-token": token}).status_code == 404
    assert office.text() == "\n".join(HEARD)


def test_a_text_replaced_by_an_import_can_be_brought_back(office: Office) -> None:
    page = f"/broadcasts/{office.identity}/history"
    with office.hand("Awa") as awa:
        awa.save(awa.sentences()[0], text="La route de Niono est coupée.")
        assert "Rétablir le texte d’alors" not in awa.client.get(page).text
        imported = make_transcript("Tout autre chose.", kind=TranscriptKind.IMPORTED)
        people = replace(imported, trust=Trust.IMPORTED)
        add_transcript(office.catalogue, office.identity, people)
        assert office.text() == "Tout autre chose."
        assert "Rétablir le texte d’alors" in awa.client.get(page).text
        version = office.archive.desk.history(office.identity)[0].transcript_id
        awa.client.post(page, data={"token": awa.token(page), "version": str(version)})
    assert office.text().startswith("La route de Niono est coupée.")


# times, cutting, joining


def typed(hand: Hand, number: int) -> tuple[str, str]:
    """The times that the form of a sentence shows."""
    page = hand.client.get(f"/broadcasts/{hand.identity}/correct").text
    fields = [re.search(rf'id="{each}{number}" name="\w+" value="([^"]+)"', page) for each in "fe"]
    assert None not in fields
    return tuple(each[1] for each in fields if each)  # type: ignore[return-value]


def test_times_are_shown_as_they_may_be_typed_and_saved(office: Office) -> None:
    with office.hand("Awa") as awa:
        assert typed(awa, 1) == ("0:04.400", "0:05.600")
        times = {"from": "4.9", "to": "0:06.250"}
        assert awa.save(awa.sentences()[1], **times).status_code == 303
        assert typed(awa, 1) == ("0:04.900", "0:06.250")
        history = awa.client.get(f"/broadcasts/{office.identity}/history").text
        assert "minutage corrigé" in history
        assert "<del>0:04.400 – 0:05.600</del> <ins>0:04.900 – 0:06.250</ins>" in history
        rows = awa.client.get(f"/api/v1/broadcasts/{office.identity}/corrections").json()
        (row,) = rows["corrections"]
        assert (row["kind"], row["start_ms"], row["was_start_ms"]) == ("retimed", 4_900, 4_400)


def test_times_that_stay_are_no_change(office: Office) -> None:
    with office.hand("Awa") as awa:
        start, end = typed(awa, 1)
        awa.save(awa.sentences()[1], **{"from": start, "to": end})
    assert [each.kind for each in office.archive.desk.history(office.identity)] == ["checked"]


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (("bientôt", "6"), "pas un moment"),
        (("6", "5"), "ne peut pas être changée ainsi"),
        (("0:59", "1:30"), "ne peut pas être changée ainsi"),
    ],
)
def test_impossible_times_are_shown_again_with_the_words(
    office: Office, times: tuple[str, str], says: str
) -> None:
    before = office.text()
    with office.hand("Awa") as awa:
        fields = {"text": "Bonsoir à toutes.", "from": times[0], "to": times[1]}
        answer = awa.save(awa.sentences()[1], **fields)
        assert answer.status_code == 400
        assert says in unescape(answer.text)
        assert "Bonsoir à toutes." in answer.text
        assert f'value="{times[0]}"' in answer.text
        assert f'value="{times[1]}"' in answer.text
    assert office.text() == before


def test_a_sentence_is_cut_at_the_line_breaks_and_joined_again(office: Office) -> None:
    with office.hand("Awa") as awa:
        cut = {"text": "La route de Niono\r\nest coupée.", "action": "split"}
        answer = awa.save(awa.sentences()[0], **cut)
        assert answer.headers["location"].endswith("?page=1&saved=0#s0")
        assert [each["text"] for each in awa.sentences()][:2] == [
            "La route de Niono",
            "est coupée.",
        ]
        assert awa.save(awa.sentences()[0], action="join").status_code == 303
        assert office.text().splitlines()[0] == "La route de Niono est coupée."
        history = awa.client.get(f"/broadcasts/{office.identity}/history").text
        assert "phrase coupée" in history
        assert "phrases jointes" in history
        assert "<ins>La route de Niono\nest coupée.</ins>" in history


def test_what_cannot_be_cut_is_shown_again(office: Office) -> None:
    with office.hand("Awa") as awa:
        answer = awa.save(awa.sentences()[0], text="Une seule ligne.", action="split")
        assert answer.status_code == 400
        assert "Une seule ligne." in answer.text
        last = awa.sentences()[2]
        assert last["following"] == ""
        assert awa.save(last, action="join").status_code == 409
    assert office.text() == "\n".join(HEARD)


def test_who_cuts_while_another_corrects_loses_nothing(office: Office) -> None:
    with office.hand("Awa") as awa, office.hand("Bakary") as bakary:
        seen = bakary.sentences()[0]
        awa.save(awa.sentences()[0], text="La route de Niono est coupée.")
        mine = "La piste de Niono\nest coupée."
        answer = bakary.save(seen, text=mine, action="split", **{"from": "0.2", "to": "2.4"})
        assert answer.status_code == 409
        assert "La route de Niono est coupée." in answer.text
        assert mine in answer.text
        assert 'name="from" value="0.2"' in answer.text
        assert '<input type="hidden" name="action" value="split">' in answer.text
        again = {**bakary.sentences()[0], "text": mine, "action": "split"}
        assert bakary.save(again).status_code == 303
    assert office.text().splitlines()[:2] == ["La piste de Niono", "est coupée."]


def test_a_script_is_told_the_times_and_where_to_go_on(office: Office) -> None:
    with office.hand("Awa") as awa:
        form = {**awa.sentences()[0], "text": "La route\nest coupée.", "action": "split"}
        url = f"/broadcasts/{office.identity}/correct"
        answer = awa.client.post(url, data=form, headers={"accept": "application/json"}).json()
    assert (answer["start_ms"], answer["text"]) == (0, "La route")
    assert answer["url"] == f"{url}?page=1&saved=0#s0"
