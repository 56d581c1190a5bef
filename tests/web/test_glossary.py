"""A name put right across broadcasts by an editor, after a look at each place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio_archive.model import EditKind, EntryState
from tests.support.making import make_transcript, put_broadcast
from tests.web.editing import Office, open_office
from tests.web.stocking import add_transcript


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        other = put_broadcast(office.catalogue, "two")
        add_transcript(office.catalogue, other, make_transcript("On va à Nionau.", "De Nionau."))
        office.archive.reindex()
        yield office


def test_the_glossary_is_for_editors(office: Office) -> None:
    with office.hand() as visitor:
        for path in ("/glossary", "/glossary/1"):
            assert visitor.client.get(path, follow_redirects=False).status_code in (303, 404)
        assert visitor.client.post("/glossary", data={"action": "add"}).status_code == 403


def test_a_name_is_put_right_where_it_was_ticked_and_taken_back(office: Office) -> None:
    with office.hand("Awa") as awa:
        token = awa.token("/glossary")
        new = {"token": token, "action": "add", "language": "fr"}
        page = awa.client.post("/glossary", data={**new, "wrong": "Nionau", "right": "Niono"})
        assert page.url.path == "/glossary/1"
        places = re.findall(r'name="place" value="([^"]+)"', page.text)
        assert len(places) == 3
        assert "<ins>La route de Niono est coupée.</ins>" in page.text
        mine = [place for place in places if place.startswith(office.identity)]
        done = awa.client.post("/glossary/1", data={"token": token, "place": mine})
        assert "Corrigé (1)" in done.text
        assert office.text().startswith("La route de Niono est")
        assert len(re.findall(r'name="place"', done.text)) == 2
        (edit,) = office.archive.desk.history(office.identity)
        assert (edit.kind, edit.by) == (EditKind.REWORDED, "Awa")
        undo = {"token": token, "action": "undo", "entry": "1", "broadcast": office.identity}
        assert "le texte d’avant est revenu" in awa.client.post("/glossary", data=undo).text
        assert office.text().startswith("La route de Nionau est")


def test_sentences_that_people_wrote_are_not_offered(office: Office) -> None:
    with office.hand("Awa") as awa:
        awa.save(awa.sentences()[0], text="La famille Nionau est coupée du monde.")
        awa.save(awa.sentences()[1], text="Bonsoir.")
        entry = office.archive.add_entry("Nionau", "Niono", "fr")
        page = awa.client.get(f"/glossary/{entry.id}").text
        assert office.identity not in "".join(re.findall(r'name="place" value="([^"]+)"', page))
        entry = office.archive.add_entry("cher", "Cherif", "fr")
        page = awa.client.get(f"/glossary/{entry.id}").text
        (place,) = re.findall(r'name="place" value="([^"]+)"', page)
        awa.client.post(
            f"/glossary/{entry.id}", data={"token": awa.token("/glossary"), "place": place}
        )
    assert office.text().endswith("Le riz coûte Cherif.")
    assert "La famille Nionau" in office.text()


def test_entries_are_accepted_and_refused(office: Office) -> None:
    entry = office.archive.add_entry("Nionau", "Niono", "fr")
    with office.hand("Awa") as awa:
        token = awa.token("/glossary")
        form = {"token": token, "entry": str(entry.id)}
        awa.client.post("/glossary", data={**form, "action": "refuse"})
        assert office.archive.glossary()[0].state is EntryState.REFUSED
        awa.client.post("/glossary", data={**form, "action": "accept"})
        assert office.archive.glossary()[0].state is EntryState.ACCEPTED
        nothing = awa.client.post("/glossary", data={**form, "action": "dance"})
        assert nothing.status_code == 400
        bad = {"token": token, "action": "add", "wrong": "…", "right": "<b>", "language": "fr"}
        refused = awa.client.post("/glossary", data=bad)
        assert refused.status_code == 400
        assert 'value="&lt;b&gt;"' in refused.text
