"""The glossary in the catalogue, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support.making import DEBATE, make_new_broadcast, ms, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.errors import NotFound
from radio_archive.model import Correction, EntryId, EntryState, LanguageTag, Programme, ProgrammeId

FRENCH, BAMBARA = LanguageTag("fr"), LanguageTag("bm")


def correction(wrong: str, right: str, start: int = 0) -> Correction:
    return Correction(wrong=wrong, right=right, start_ms=ms(start))


SEGOU = correction("seigneux", "Ségou")
MOPTI = correction("Amopti", "à Mopti")


def lines(catalogue: Catalogue) -> list[tuple[str, str, str, int, int]]:
    return [
        (each.wrong, each.right, each.state, each.times, len(each.broadcasts))
        for each in catalogue.glossary.all()
    ]


def test_corrections_become_proposed_entries(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    taught = catalogue.glossary.learn(one, FRENCH, [SEGOU, SEGOU, MOPTI])
    assert lines(catalogue) == [
        ("seigneux", "Ségou", "proposed", 2, 1),
        ("Amopti", "à Mopti", "proposed", 1, 1),
    ]
    assert taught == catalogue.glossary.all()
    assert taught[0].broadcasts == (one,)
    assert taught[0].first_seen == taught[0].last_seen


def test_learning_twice_changes_nothing(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    before = catalogue.glossary.learn(one, FRENCH, [SEGOU, MOPTI])
    assert catalogue.glossary.learn(one, FRENCH, [SEGOU, MOPTI]) == before
    assert catalogue.glossary.all() == before


def test_another_broadcast_is_more_evidence_for_the_same_entry(catalogue: Catalogue) -> None:
    catalogue.glossary.learn(put_broadcast(catalogue, "one"), FRENCH, [SEGOU])
    same = [correction("SEIGNEUX,", "Ségou"), SEGOU]
    catalogue.glossary.learn(put_broadcast(catalogue, "two"), FRENCH, same)
    assert [line[2:] for line in lines(catalogue)] == [("proposed", 3, 2)]


def test_what_a_better_correction_no_longer_shows_is_forgotten(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    catalogue.glossary.learn(one, FRENCH, [SEGOU, MOPTI])
    catalogue.glossary.learn(one, FRENCH, [MOPTI])
    assert [line[0] for line in lines(catalogue)] == ["Amopti"]


def test_what_a_person_decided_is_kept_without_evidence(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    (entry,) = catalogue.glossary.learn(one, FRENCH, [SEGOU])
    catalogue.glossary.decide(entry.id, EntryState.REFUSED)
    assert catalogue.glossary.learn(one, FRENCH, []) == ()
    assert lines(catalogue) == [("seigneux", "Ségou", "refused", 0, 0)]
    (again,) = catalogue.glossary.learn(one, FRENCH, [SEGOU])
    assert (again.id, again.state) == (entry.id, EntryState.REFUSED)


def test_evidence_decides_only_where_nobody_did(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    segou, mopti = catalogue.glossary.learn(one, FRENCH, [SEGOU, MOPTI])
    catalogue.glossary.decide(segou.id, EntryState.REFUSED)
    assert catalogue.glossary.settle(segou.id, EntryState.ACCEPTED).state is EntryState.REFUSED
    settled = catalogue.glossary.settle(mopti.id, EntryState.ACCEPTED)
    assert (settled.state, settled.is_decided) == (EntryState.ACCEPTED, False)


def test_a_capital_tells_more_than_none(catalogue: Catalogue) -> None:
    catalogue.glossary.learn(
        put_broadcast(catalogue),
        FRENCH,
        [correction("nionau", "Niono"), correction("Nionau", "Niono")],
    )
    assert [line[0] for line in lines(catalogue)] == ["Nionau"]


def test_what_a_person_adds_is_accepted_and_seen_nowhere(catalogue: Catalogue) -> None:
    added = catalogue.glossary.add(FRENCH, "seigneux", "Ségou")
    assert (added.state, added.is_decided, added.times) == (EntryState.ACCEPTED, True, 0)
    assert catalogue.glossary.add(FRENCH, "seigneux", "Ségou").id == added.id
    assert catalogue.glossary.accepted() == ((FRENCH, "seigneux", "Ségou"),)


def test_languages_are_kept_apart(catalogue: Catalogue) -> None:
    one = put_broadcast(catalogue, "one")
    catalogue.glossary.learn(one, FRENCH, [SEGOU])
    catalogue.glossary.learn(one, BAMBARA, [correction("Seguw", "Segu")])
    assert [each.wrong for each in catalogue.glossary.all(FRENCH)] == ["seigneux"]
    assert [each.wrong for each in catalogue.glossary.all(BAMBARA)] == ["Seguw"]


def test_an_entry_nobody_knows_is_named_with_the_next_step(catalogue: Catalogue) -> None:
    for ask in (
        catalogue.glossary.get,
        lambda number: catalogue.glossary.decide(number, EntryState.ACCEPTED),
    ):
        with pytest.raises(NotFound, match=r"no entry 7.*glossary list"):
            ask(7)


def put_in(catalogue: Catalogue, guid: str, programme: Programme, year: int) -> None:
    new = make_new_broadcast(guid, programme=programme, aired_at=datetime(year, 1, 1, tzinfo=UTC))
    identity, _ = catalogue.broadcasts.put(new)
    catalogue.glossary.learn(identity, FRENCH, [correction(f"faux {guid}", f"Nom {guid}")])


def test_a_programme_tells_its_accepted_names_those_said_last_first(catalogue: Catalogue) -> None:
    journal = Programme(id=ProgrammeId("journal"), title="Journal")
    for guid, programme, year in (
        ("old", DEBATE, 2014),
        ("new", DEBATE, 2016),
        ("news", journal, 2015),
        ("refused", DEBATE, 2017),
    ):
        put_in(catalogue, guid, programme, year)
    for entry in catalogue.glossary.all():
        wanted = EntryState.REFUSED if "refused" in entry.right else EntryState.ACCEPTED
        catalogue.glossary.decide(entry.id, wanted)
    assert catalogue.glossary.seen_in(DEBATE.id, FRENCH) == ("Nom new", "Nom old")
    assert catalogue.glossary.seen_in(DEBATE.id, BAMBARA) == ()


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 10**30])
def test_a_number_that_no_entry_can_have_is_not_found(catalogue: Catalogue, number: int) -> None:
    with pytest.raises(NotFound):
        catalogue.glossary.get(number)
    with pytest.raises(NotFound):
        catalogue.glossary.decide(EntryId(number), EntryState.ACCEPTED)
