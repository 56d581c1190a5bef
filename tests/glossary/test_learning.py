"""What corrections teach, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.glossary.making import written
from tests.support.making import make_transcript

from radio_archive.glossary.learning import learn
from radio_archive.languages.names import Names
from radio_archive.model import LanguageTag, Transcript

NAMES = Names.load()


def is_name(text: str) -> bool:
    return bool(NAMES.find(text))


def taught(machine: Transcript, people: Transcript) -> list[tuple[str, str]]:
    return [(each.wrong, each.right) for each in learn(machine, people, is_name)]


def lesson(heard: str, said: str) -> list[tuple[str, str]]:
    return taught(make_transcript(heard), written(said))


@pytest.mark.parametrize(
    ("heard", "said", "expected"),
    [
        (
            "les axes de tes salés ont changé",
            "les axes de Tessalit ont changé",
            ("tes salés", "Tessalit"),
        ),
        (
            "selon ses coups d'hymité du service",
            "selon Sékou Diamité du service",
            ("ses coups d'hymité", "Sékou Diamité"),
        ),
        (
            "au micro de Aminatta Kosoumé ce soir",
            "au micro de Aminata Kossoumé ce soir",
            ("Aminatta Kosoumé", "Aminata Kossoumé"),
        ),
        (
            "le chef d'Ausongaud est venu",
            "le chef d'Ansongo est venu",
            ("Ausongaud", "Ansongo"),
        ),
        (
            "la route mène Amopti depuis hier",
            "la route mène à Mopti depuis hier",
            ("Amopti", "à Mopti"),
        ),
        (
            "il vient de bohème avec son frère",
            "il vient de Bourem avec son frère",
            ("bohème", "Bourem"),
        ),
    ],
)
def test_a_name_put_right_is_learnt(heard: str, said: str, expected: tuple[str, str]) -> None:
    assert lesson(heard, said) == [expected]


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("bonsoir a tous, ici bamako", "Bonsoir à tous. Ici Bamako !"),
        ("les maliens de Ségou", "Les Maliens de Segou"),
        ("le prix du mille monte", "le prix du mil monte"),
        ("elles était fermé hier", "elles étaient fermées hier"),
        ("il parle de la paix au pays", "Madame Koné évoque un accord"),
        ("le 16 octobre", "le Seize octobre"),
        ("il va de Gao vers le nord", "il va de Kati vers le nord"),
        ("Ndaw est venu voir Tumutu", "N'Daw est venu voir Tombouctou"),
        ("les gens de Tombuktu le savent", "les gens de Tombouctou le savent"),
        ("on entend et à Rome", "on entend À Rome"),
    ],
)
def test_no_other_change_teaches_anything(heard: str, said: str) -> None:
    assert lesson(heard, said) == []


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    assert lesson("on y va. Douro est chaude", "on y va. Duroc est chaude") == []
    assert lesson("on y va. oui, Douro est là", "on y va. oui, Duroc est là") == [
        ("Douro", "Duroc")
    ]


def test_capitals_say_nothing_where_all_is_in_capitals() -> None:
    heard = "la ruote de bohème est longue"
    assert lesson(heard, "LA ROUTE DE BOUREM EST LONGUE") == [("bohème", "BOUREM")]


def test_words_that_people_write_themselves_are_not_taken_for_a_name() -> None:
    machine = make_transcript("il vient de bohème ce soir", "elle chante la bohème")
    people = written("il vient de Bourem ce soir", "elle chante la bohème")
    assert taught(machine, people) == []


def test_every_place_counts() -> None:
    machine = make_transcript("Nionau est loin", "on va vers Nionau", "de Nionau au fleuve")
    people = written("Niono est loin", "on va vers Niono", "de Niono au fleuve")
    found = learn(machine, people, is_name)
    assert [(each.wrong, each.right) for each in found].count(("Nionau", "Niono")) == 2
    assert [each.start_ms for each in found] == sorted(each.start_ms for each in found)
    assert len({each.start_ms for each in found}) == 3


def test_cues_may_be_cut_otherwise_than_sentences() -> None:
    machine = make_transcript("la route de tes salés est longue et rude")
    people = written("la route de", "Tessalit est longue et rude")
    assert taught(machine, people) == [("tes salés", "Tessalit")]


def test_what_is_said_elsewhere_is_not_compared() -> None:
    machine = make_transcript(*["rien de neuf par ici"] * 20, "on va vers Nionau")
    people = written("on va vers Niono")
    assert taught(machine, people) == []


def test_words_in_another_language_are_left_out() -> None:
    people = written("le marché de Niono")
    english = replace(people.segments[0], language=LanguageTag("en"))
    heard = make_transcript("le marché de Nionau")
    assert taught(heard, replace(people, segments=(english,))) == []


def test_an_empty_transcript_teaches_nothing() -> None:
    nothing = replace(make_transcript(), segments=())
    assert taught(nothing, written("le marché de Niono")) == []
    assert taught(make_transcript("le marché de Nionau"), nothing) == []


SENTENCE = st.text("abcdeilnorsué ABDKMNST'.,-", min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=8))
def test_identical_texts_teach_nothing(texts: list[str]) -> None:
    assert taught(make_transcript(*texts), written(*texts)) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=5), st.lists(SENTENCE, min_size=1, max_size=5))
def test_whatever_is_learnt_differs_and_was_written(one: list[str], other: list[str]) -> None:
    machine, people = make_transcript(*one), written(*other)
    for each in learn(machine, people, is_name):
        assert each.wrong.casefold() != each.right.casefold()
        assert each.wrong.split()[-1].casefold() in machine.text.casefold()
        assert each.right.split()[-1] in people.text
