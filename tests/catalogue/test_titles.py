"""Broadcasts are found by what pages say of them, transcribed or not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from tests.support.making import make_new_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, title_words
from radio_archive.languages.analysis import VERSION
from radio_archive.model import AirDate, LanguageTag, Origin, ProgrammeId, Query, Term, Variant


def put(catalogue: Catalogue, guid: str, **facts: object) -> str:
    return catalogue.broadcasts.put(make_new_broadcast(guid, **facts))[0]


def words(*typed: str, **changes: object) -> Query:
    """A query of single words."""
    required = tuple((Term(words=tuple(each.split())),) for each in typed)
    return Query(required=required, **changes)  # type: ignore[arg-type]


def titles(catalogue: Catalogue, query: Query, limit: int = 10) -> list[str]:
    return [broadcast.title for broadcast in catalogue.titles.find(query, limit)]


def test_title_guests_and_summary_are_searched_the_summary_last(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Journal", summary="Un reportage à Tombouctou.")
    put(catalogue, "2", title="Débat", guests=("Awa Traoré, maire de Tombouctou",))
    put(catalogue, "3", title="Tombouctou en fête", aired_at=None)
    put(catalogue, "4", title="Autre chose")
    assert titles(catalogue, words("tombouctou")) == ["Débat", "Tombouctou en fête", "Journal"]


def test_all_words_must_stand_somewhere_and_little_words_do_not_matter(
    catalogue: Catalogue,
) -> None:
    put(catalogue, "1", title="Le prix du riz", guests=("Issa Traoré",))
    put(catalogue, "2", title="Le prix du mil")
    assert titles(catalogue, words("le", "prix", "du", "riz", "traore")) == ["Le prix du riz"]
    assert titles(catalogue, words("le", "du")) == []
    assert titles(catalogue, Query()) == []


def test_a_phrase_may_hold_a_little_word_of_one_language(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Vers la paix")
    put(catalogue, "2", title="La route de la paix", language=LanguageTag("bm"))
    put(catalogue, "3", title="Paix, la nouvelle revue")
    found = titles(catalogue, words("la paix"))
    assert sorted(found) == ["La route de la paix", "Vers la paix"]


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("fr", "Vaccinations à Ségou", "vaccination"),
        ("fr", "Élections à Ségou", "segou"),
        ("bm", "Sɛnɛkɛlaw ka kunnafoniw", "senekelaw"),
        ("bm", "Sènè", "sɛnɛ"),
        ("ses", "Soŋay čiini", "songay"),
        ("bm", "Élections à Kayes", "elections"),
        ("bm", "ߒߞߏ", "ߒߞߏ"),
        ("taq", "ⵜⴰⵎⴰⵌⴰⵇ", "ⵜⴰⵎⴰⵌⴰⵇ"),
    ],
)
def test_a_title_is_found_by_the_rules_of_its_language_and_of_french(
    catalogue: Catalogue, language: str, title: str, typed: str
) -> None:
    put(catalogue, "1", title=title, language=LanguageTag(language))
    assert titles(catalogue, words(typed)) == [title]
    assert titles(catalogue, words(typed, language=LanguageTag(language))) == [title]


def test_names_and_translations_count(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Tombouctou")
    put(catalogue, "2", title="Le crime organisé au Sahel")
    put(catalogue, "3", title="Malo", language=LanguageTag("fr"))
    name = Term(words=("Tombouctou",), origin=Origin.ALIAS)
    assert titles(catalogue, Query(required=((Term(words=("Tumutu",)), name),))) == ["Tombouctou"]
    french = Term(words=("crime", "organisé"), language=LanguageTag("fr"))
    reading = Variant(required=((french,),), origin=Origin.TRANSLATION)
    crime = words("organised", "crime", variants=(reading,))
    assert titles(catalogue, crime) == ["Le crime organisé au Sahel"]
    bambara = Term(words=("malo",), origin=Origin.TRANSLATION, language=LanguageTag("bm"))
    assert titles(catalogue, Query(required=((Term(words=("riz",)), bambara),))) == []


def test_a_phrase_wants_its_order_and_an_exact_search_its_spelling(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Crime organisé")
    put(catalogue, "2", title="Un crime, une fête organisée")
    assert titles(catalogue, words("crime organisé")) == ["Crime organisé"]
    assert len(titles(catalogue, words("crime", "organisé"))) == 2
    assert titles(catalogue, words("organisé", is_exact_only=True)) == ["Crime organisé"]
    assert titles(catalogue, words("organise", is_exact_only=True)) == []


def test_the_beginning_of_a_word_and_words_left_out(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Vaccination à Kayes")
    put(catalogue, "2", title="Vaccin à Mopti")
    start = Term(words=("vaccinat",), is_prefix=True)
    assert titles(catalogue, Query(required=((start,),))) == ["Vaccination à Kayes"]
    without = words("vaccin", excluded=(Term(words=("Kayes",)),))
    assert titles(catalogue, without) == ["Vaccin à Mopti"]


def test_filters_hold_here_too(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Paix un", aired_at=datetime(2014, 1, 1, tzinfo=UTC))
    put(catalogue, "2", title="Paix deux", language=LanguageTag("bm"), programme=None)
    year = datetime(2014, 6, 1, tzinfo=UTC)
    assert titles(catalogue, words("paix", language=LanguageTag("bm"))) == ["Paix deux"]
    assert titles(catalogue, words("paix", aired_before=year)) == ["Paix un"]
    assert titles(catalogue, words("paix", aired_from=year)) == ["Paix deux"]
    programme = ProgrammeId("grand-dialogue")
    assert titles(catalogue, words("paix", programme_id=programme)) == ["Paix un"]


def test_a_date_finds_what_was_aired_then(catalogue: Catalogue) -> None:
    put(
        catalogue,
        "1",
        title="Débat : paix durable",
        aired_at=datetime(2014, 10, 16, 17, tzinfo=UTC),
    )
    put(catalogue, "2", title="Journal", aired_at=datetime(2015, 10, 16, 23, 59, tzinfo=UTC))
    put(catalogue, "3", title="Paix", aired_at=datetime(2014, 10, 17, tzinfo=UTC))
    put(catalogue, "4", title="Paix", aired_at=None)
    the_day = AirDate(year=2014, month=10, day=16)

    def found(date: AirDate, *typed: str, **changes: object) -> list[str]:
        beside = words(*typed).required
        variant = Variant(required=beside, origin=Origin.TYPED, aired=date)
        return titles(catalogue, words("absent", variants=(variant,), **changes))

    assert found(the_day) == ["Débat : paix durable"]
    assert found(AirDate(month=10, day=16)) == ["Journal", "Débat : paix durable"]
    assert found(AirDate(year=2014, month=10)) == ["Paix", "Débat : paix durable"]
    assert found(the_day, "paix") == ["Débat : paix durable"]
    assert found(the_day, "paix durable") == ["Débat : paix durable"]
    assert found(AirDate(month=10, day=17), "paix durable") == []
    assert found(the_day, "journal") == []
    assert found(the_day, excluded=(Term(words=("paix",)),)) == []
    assert found(the_day, language=LanguageTag("bm")) == []


def test_a_name_filtered_by_must_stand_there_too(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Paix à Tombouctou")
    put(catalogue, "2", title="Paix à Gao", guests=("Issa Touré",))
    put(catalogue, "3", title="Timbuktu")
    town = tuple(Term(words=(word,), origin=Origin.ALIAS) for word in ("Tombouctou", "Timbuktu"))
    assert titles(catalogue, words("paix", mentions=(town,))) == ["Paix à Tombouctou"]
    assert set(titles(catalogue, Query(mentions=(town,)))) == {"Paix à Tombouctou", "Timbuktu"}


def test_a_corrected_title_is_found_and_the_old_one_is_not(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="Gao")
    put(catalogue, "1", title="Kidal")
    assert titles(catalogue, words("gao")) == []
    assert titles(catalogue, words("kidal")) == ["Kidal"]


def test_words_made_by_older_rules_are_made_anew(catalogue: Catalogue, database: Database) -> None:
    for number in range(5):
        put(catalogue, str(number), title=f"Kidal {number}")
    with database.write() as connection:
        connection.execute(title_words.delete())
        connection.execute(update(broadcasts).values(words_version=VERSION - 1))
    assert titles(catalogue, words("kidal")) == []
    assert catalogue.titles.refresh() == 5
    assert len(titles(catalogue, words("kidal"))) == 5
    assert catalogue.titles.refresh() == 0


def test_hostile_words_are_only_words(catalogue: Catalogue) -> None:
    put(catalogue, "1", title="100 % d'espoir")
    for typed in ("%", "' OR 1=1 --", "_", "\\", "\x00"):
        assert titles(catalogue, words(typed)) == []
    for start in ("esp%", "%%%", "e_p"):
        prefix = Term(words=(start,), is_prefix=True)
        assert titles(catalogue, Query(required=((prefix,),))) == []


def test_of_a_thousand_broadcasts_that_answer_the_newest_come_first(catalogue: Catalogue) -> None:
    places = ("Kayes", "Mopti", "Ségou", "Gao", "Kidal", "Ménaka", "Sikasso")
    with catalogue.titles._database.write() as connection:
        connection.execute(
            broadcasts.insert(),
            [
                {
                    "id": f"{number:016x}",
                    "source": "test",
                    "guid": str(number),
                    "title": f"Mali {places[number % 7]} journal numéro {number}",
                    "language": ("fr", "bm", "ffm")[number % 3],
                    "aired_at": 1_400_000_000 + number,
                    "summary": "Le prix du riz, la paix, et la campagne de vaccination.",
                }
                for number in range(1_000)
            ],
        )
    assert catalogue.titles.refresh() == 1_000
    kayes = [number for number in range(999, -1, -1) if number % 7 == 0]
    for typed, numbers in (
        (("mali",), range(999, -1, -1)),
        (("kayes",), kayes),
        (("riz", "kayes"), kayes),
        (("absent",), []),
    ):
        found = [int(each.id, 16) for each in catalogue.titles.find(words(*typed))]
        assert found == list(numbers)[:10], typed
