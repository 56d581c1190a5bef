"""What an engine is told to expect: bounded, in the broadcast's language, of its programme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.archives import settings_for
from tests.support.making import make_new_broadcast, ms

from radio_archive.archive import Archive, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.model import (
    BroadcastId,
    Correction,
    EntryState,
    LanguageTag,
    Programme,
    ProgrammeId,
)
from radio_archive.pipeline.prompting import (
    MAX_LEARNT_NAMES,
    MAX_PROMPT_CHARACTERS,
    prompt_for,
)

NEWS = Programme(id=ProgrammeId("journal"), title="Journal")


class Home:
    """An archive whose programmes taught names."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self.archive = archive
        self.catalogue = catalogue

    def put(self, guid: str, year: int = 2015, **changes: object) -> BroadcastId:
        changes = {"programme": NEWS, "title": "Journal", **changes}
        new = make_new_broadcast(guid, aired_at=datetime(year, 1, 1, tzinfo=UTC), **changes)
        return self.catalogue.broadcasts.put(new)[0]

    def teach(self, broadcast: BroadcastId, *rights: str, language: str = "fr") -> None:
        corrections = [
            Correction(wrong=f"Faux {right}", right=right, start_ms=ms(0)) for right in rights
        ]
        taught = self.catalogue.glossary.learn(broadcast, LanguageTag(language), corrections)
        for entry in taught:
            self.catalogue.glossary.decide(entry.id, EntryState.ACCEPTED)

    def prompt(self, broadcast: BroadcastId) -> str:
        return prompt_for(self.archive._parts, self.catalogue.broadcasts.get(broadcast))


@pytest.fixture
def vocabulary() -> str:
    return ""


@pytest.fixture
def home(tmp_path: Path, vocabulary: str) -> Iterator[Home]:
    with open_archive(replace(settings_for(tmp_path), vocabulary=vocabulary)) as archive:
        database = Database(f"sqlite:///{tmp_path / 'media' / 'catalogue.sqlite'}")
        yield Home(archive, Catalogue(database))
        database.close()


def test_names_corrected_in_the_same_programme_are_expected(home: Home) -> None:
    home.teach(home.put("one"), "Sékou Diamité", "à Mopti")
    assert home.prompt(home.put("two")) == "Mopti, Sékou Diamité"


def test_those_said_last_come_first_and_a_few_are_enough(home: Home) -> None:
    home.teach(home.put("old", 2013), *(f"Vieux{n} Koné" for n in "abcdefgh"))
    home.teach(home.put("new", 2016), "Aminata Kossoumé")
    expected = home.prompt(home.put("two")).split(", ")
    assert expected[0] == "Aminata Kossoumé"
    assert len(expected) == MAX_LEARNT_NAMES


def test_names_of_other_programmes_and_languages_are_not(home: Home) -> None:
    other = Programme(id=ProgrammeId("debat"), title="Débat")
    home.teach(home.put("one", programme=other), "Sékou Diamité")
    home.teach(home.put("bambara", language=LanguageTag("bm")), "Sekou Jamite", language="bm")
    assert home.prompt(home.put("two")) == ""
    assert home.prompt(home.put("alone", programme=None)) == ""


def test_what_is_only_proposed_or_refused_is_not(home: Home) -> None:
    one = home.put("one")
    home.teach(one, "Sékou Diamité")
    (entry,) = home.archive.glossary()
    home.archive.decide(entry.id, EntryState.REFUSED)
    assert home.prompt(home.put("two")) == ""


def test_what_the_page_announces_is_said_once_and_last(home: Home) -> None:
    home.teach(home.put("one"), "à Mopti", "Niono")
    two = home.put("two", title="Inondations à Mopti", guests=("Oumou Koné",))
    assert home.prompt(two) == "Niono, Oumou Koné, Mopti"


@pytest.mark.parametrize("vocabulary", ["mot " * 110])
def test_a_full_prompt_takes_no_more_names(home: Home, vocabulary: str) -> None:
    home.teach(home.put("one"), "Aminata Kossoumé Traoré Diallo", "Niono")
    prompt = home.prompt(home.put("two"))
    assert prompt == f"Niono, {vocabulary.strip()}"
    assert len(prompt) <= MAX_PROMPT_CHARACTERS


def test_a_station_that_wants_no_names_in_prompts_gets_none(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path), prompt_with_names=False, vocabulary="MINUSMA")
    with open_archive(settings) as archive:
        database = Database(f"sqlite:///{tmp_path / 'media' / 'catalogue.sqlite'}")
        home = Home(archive, Catalogue(database))
        home.teach(home.put("one"), "Niono")
        assert home.prompt(home.put("two")) == "MINUSMA"
        database.close()
