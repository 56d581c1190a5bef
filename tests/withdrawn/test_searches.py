"""What is withdrawn is gone from saved searches, and from letters that were not sent yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.support.making import ms
from tests.support.newsroom import Newsroom, open_newsroom
from tests.web.stocking import (
    Stock,
)
from tests.withdrawn.looking import (
    CRIME,
    SCOPES,
    SECRET,
    TITLE,
    save,
    told,
    undo,
    withdraw,
)

from radio_archive.model import (
    Excerpt,
    Pace,
    SearchId,
)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path) as room:
        yield room


# saved searches


@SCOPES
def test_a_saved_search_shows_no_words_that_were_withdrawn_since(
    stock: Stock, client: TestClient, excerpt: Excerpt | None
) -> None:
    saved, shown = save(stock, "crime organisé")
    file = f"/searches/{saved.id}/hits.csv"
    assert all(SECRET in told(client.get(each)) for each in shown)
    withdrawal = withdraw(stock.archive, stock.debate, excerpt)
    for address in shown:
        text = told(client.get(address))
        assert SECRET not in text, address
        assert TITLE not in text, address
    assert "Passage retiré de l'archive depuis" in told(client.get(shown[0])).replace("’", "'")
    said = client.get(f"/api/v1/searches/{saved.id}").json()
    assert [each["text"] for each in said["hits"]] == [""]
    assert len(said["since"]["gone"]) == 1
    undo(stock, withdrawal)
    assert sha256(client.get(file).content).hexdigest() == saved.digest
    assert stock.archive.searches.since(saved).is_unchanged


def test_a_search_saved_after_a_stretch_was_hidden_keeps_its_words(stock: Stock) -> None:
    withdraw(stock.archive, stock.debate, CRIME)
    searches = stock.catalogue.searches
    saved, _ = save(stock, "riz")
    hits = searches.hits(saved.id)
    later = replace(saved, id=SearchId("later"), made_at=saved.made_at + timedelta(seconds=2))
    searches.add(later, hits)
    assert any(hit.broadcast_id == stock.debate for hit in hits)
    assert not any(SECRET in hit.text for hit in hits)
    assert sha256(stock.archive.searches.table(later)).hexdigest() == saved.digest
    withdraw(stock.archive, stock.debate)
    [gone] = [hit for hit in stock.archive.searches.hits(later) if hit.broadcast_id == stock.debate]
    assert (gone.title, gone.text) == ("", "")


# alerts


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "stretch"])
def test_an_alert_not_sent_yet_says_nothing_of_what_was_withdrawn(
    room: Newsroom, is_whole: bool
) -> None:
    alert = room.follow(pace=Pace.DAILY)
    new = room.say("new", "Merci à tous.", "Le riz du Delta.")
    room.say("kept", "Le riz de Gao.")
    assert room.archive.alerts.look() == 2
    excerpt = None if is_whole else Excerpt(start_ms=ms(3_000), end_ms=ms(9_000))
    withdraw(room.archive, new, excerpt)
    room.let_be_due(alert)
    room.tell()
    [body] = room.bodies()
    assert "Le riz de Gao." in body
    assert "Delta" not in body
    assert "Débat new" not in body


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "stretch"])
def test_no_letter_goes_out_where_all_of_it_was_withdrawn(room: Newsroom, is_whole: bool) -> None:
    alert = room.follow(pace=Pace.DAILY)
    new = room.say("new", "Le riz du Delta.")
    assert room.archive.alerts.look() == 1
    withdraw(room.archive, new, None if is_whole else Excerpt(start_ms=ms(0), end_ms=ms(9_000)))
    room.let_be_due(alert)
    room.tell()
    assert room.mailbox.letters == []
    assert room.archive.alerts.waiting() == ()
