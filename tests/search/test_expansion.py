from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.errors import BadQuery, BadTable
from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.name_table import COLUMNS
from radio_archive.languages.names import Names
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Milliseconds,
    Origin,
    Passage,
    Query,
    Term,
    Trust,
)
from radio_archive.search.expander import Expander
from radio_archive.search.expansion import (
    MAX_ALTERNATIVES,
    MAX_EXPANSIONS,
    MAX_VARIANTS,
    expand,
)
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import parse_query

NAMES = Names.load()
LEXICON = Lexicon.load()


def expanded(text: str, *without: str) -> Query:
    return expand(parse_query(text), NAMES, LEXICON, without)


def added(query: Query, origin: Origin | None = None) -> set[str]:
    return {
        text
        for expansion in query.expansions
        if origin in (None, expansion.origin)
        for text in expansion.added
    }


def ids(query: Query) -> list[str]:
    return [expansion.id for expansion in query.expansions]


def answers(
    query: Query, text: str, language: str = "fr", aired_at: datetime | None = None
) -> bool:
    passage = Passage(
        broadcast_id=BroadcastId("b"),
        number=0,
        language=LanguageTag(language),
        start_ms=Milliseconds(0),
        end_ms=Milliseconds(1000),
        text=text,
        marks=(),
        programme_id=None,
        aired_at=aired_at,
        trust=Trust.CHECKED,
    )
    return make_snippet(passage, query) is not None


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("organised crime", "Le crime organisé menace le Mali.", "fr"),
        ("crime organisé", "They spoke of organized crime.", "en"),
        ("hostages", "la libération des otages", "fr"),
        ("drug trafficking", "le trafic de drogue au Nord", "fr"),
        ("peace agreement", "l'accord de paix signé à Alger", "fr"),
        ("Tumutu", "la route de Tombouctou", "fr"),
        ("Tombouctou", "an taara Tumutu", "bm"),
        ("Timbuktu", "la route de Tombouctou", "fr"),
        ("Traoré", "le docteur Tarawele", "fr"),
        ("Kucala", "la ville de Koutiala", "fr"),
        ("AQMI", "al-Qaïda au Maghreb islamique a revendiqué", "fr"),
        ("Al-Qaïda au Maghreb islamique", "l'attaque d'AQMI", "fr"),
        ("Communauté économique des États de l'Afrique de l'Ouest", "la CEDEAO siège", "fr"),
        ("GSIM", "les combattants du JNIM", "fr"),
        ("Iyad Ag Ghaly", "un message d'Iyad Ag Ghali", "fr"),
        ("Acharatoune", "Moussa Ag Acharatoumane nous répond", "fr"),
        ("guerre", "kɛlɛ wulila", "bm"),
        ("kɛlɛ", "la guerre au Nord", "fr"),
        ("octobre", "ɔkutɔburu kalo", "bm"),
        ("yimɓe", "neɗɗo e leydi", "ffm"),
        ("Aljuma", "Alzuma hane", "ses"),
        ("tamaseq", "le journal en tamasheq", "fr"),
        ("songoï", "le journal en sonrhaï", "fr"),
    ],
)
def test_other_names_and_languages_are_found(typed: str, text: str, language: str) -> None:
    assert answers(expanded(typed), text, language)
    assert not answers(parse_query(typed), text, language)
    assert not answers(expanded(typed, "all"), text, language)


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("Tumutu", "la route de Gao", "fr"),
        ("organised crime", "un crime, et un mouvement organisé", "fr"),
        ("hostage", "an otage is no English word", "en"),
        ("war", "den fila bɛ guerre la", "bm"),
        ("Tumutu -Gao", "de Gao à Tombouctou", "fr"),
        ("Mouvement arabe de l'Azawad", "ni maa nana", "bm"),
    ],
)
def test_nothing_else_is_found(typed: str, text: str, language: str) -> None:
    assert not answers(expanded(typed), text, language)


def test_what_is_added_is_listed_with_what_it_stands_for() -> None:
    (expansion,) = expanded("hostages au Mali").expansions
    assert (expansion.typed, expansion.added) == ("hostages", ("otage",))
    assert (expansion.origin, expansion.id) == (Origin.TRANSLATION, "hostages-translation")


def test_ids_are_those_of_the_words_whatever_their_case_and_accents() -> None:
    assert ids(expanded("menaka TUMUTU")) == ids(expanded("Tumutu Ménaka")) == ["tumutu-alias"]
    assert ids(expanded("Crime Organisé"))[0] == ids(expanded('"crime organise"'))[0]


def test_one_expansion_is_switched_off_and_the_others_stay() -> None:
    both = expanded("Tumutu hostages")
    assert ids(both) == ["tumutu-alias", "hostages-translation"]
    one = expanded("Tumutu hostages", "tumutu-alias")
    assert ids(one) == ["hostages-translation"]
    assert not answers(one, "des otages à Tombouctou")
    assert answers(both, "des otages à Tombouctou")


def test_all_are_switched_off_together() -> None:
    assert expanded("Tumutu hostages", "all") == parse_query("Tumutu hostages")


@pytest.mark.parametrize("typed", ["Tumut*", "rien de tel", "le la les", "programme:journal"])
def test_what_has_no_other_name_stays_as_it_is(typed: str) -> None:
    assert expanded(typed) == parse_query(typed)


def test_an_exact_search_stays_as_it_is() -> None:
    query = replace(parse_query("Tumutu"), is_exact_only=True)
    assert expand(query, NAMES, LEXICON) == query


def test_excluded_words_stay_as_they_are() -> None:
    query = expanded("Mali -Tumutu")
    assert query.excluded == (Term(words=("Tumutu",)),)
    assert not added(query)


def test_a_name_of_several_words_is_taken_whole() -> None:
    query = expanded("Iyad Ag Ghaly à Kidal")
    assert query.required[:4] == parse_query("Iyad Ag Ghaly à Kidal").required[:4]
    assert "Iyad Ag Ghali" in added(query)
    assert not {"Ghali", "Oualet"} & added(query)


def test_a_phrase_is_expanded_where_it_stands() -> None:
    query = expanded('"trafic de drogue" Gao')
    assert not query.variants
    assert (
        Term(words=("drug", "trafficking"), origin=Origin.TRANSLATION, language=LanguageTag("en"))
        in (query.required[0])
    )


def test_every_word_of_a_choice_is_expanded() -> None:
    query = expanded("hostage OR ransom")
    assert added(query) == {"otage", "rançon"}
    assert len(query.required) == 1


def test_two_rows_of_words_are_replaced_one_by_one_and_together() -> None:
    query = expanded("organised crime peace agreement", "organised-crime-alias")
    assert answers(query, "le crime organisé après l'accord de paix")
    assert answers(query, "organised crime after the peace agreement", "en")
    assert len(query.variants) >= 3


def test_a_language_filter_leaves_the_other_languages_out() -> None:
    query = expanded("guerre language:bm")
    assert {"kɛlɛ"} <= added(query)
    assert not {"war", "konu"} & added(query)


def test_a_translation_counts_in_its_language_only() -> None:
    terms = expanded("hostages").required[0]
    assert [(term.words, term.language) for term in terms[1:]] == [(("otage",), "fr")]


def test_what_the_typed_words_find_anyway_is_not_added() -> None:
    assert not added(expanded("Segou language:bm"))
    assert not added(expanded("menaka"))
    assert "Plateforme du 14 juin" not in added(expanded("Plateforme"))


def test_the_words_typed_are_searched_as_they_were() -> None:
    for typed in ("Tumutu", "organised crime", "otage OR rançon", '"crime organisé" Gao'):
        bare, full = parse_query(typed), expanded(typed)
        assert [group[: len(bare.required[place])] for place, group in enumerate(full.required)] \
            == [*bare.required]  # fmt: skip


def test_the_bounds_hold_for_the_worst_of_queries() -> None:
    query = expanded("JNIM tamasheq Sonrhaï octobre guerre école femme paix")
    assert len(query.expansions) == MAX_EXPANSIONS
    assert all(len(expansion.added) <= MAX_ALTERNATIVES for expansion in query.expansions)
    several = expanded("organised crime coup d'état drug trafficking human rights")
    assert 0 < len(several.variants) <= MAX_VARIANTS


@given(st.text(alphabet="Tumutɛ ɔ'-\"*ghali-OR:ߣߞߏ", max_size=60))
def test_no_query_breaks_it(text: str) -> None:
    try:
        query = parse_query(text)
    except Exception:  # noqa: BLE001 - what cannot be parsed is tested elsewhere
        return
    again = expand(query, NAMES, LEXICON)
    assert again == expand(query, NAMES, LEXICON)
    assert len(again.required) == len(query.required)


# dates

OCTOBER_16 = datetime(2014, 10, 16, 17, tzinfo=UTC)
MARCH_12 = datetime(2015, 3, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "crime organisé 16 octobre",
        "16 octobre 2014 crime organisé",
        "crime octobre 2014",
        "crime 16/10/2014 organisé",
        "crime du jeudi 16 octobre 2014",
        "organised crime October 16, 2014",
        "crime 16 ɔkutɔburu",
        "riz OR crime 16 octobre",
        "16 octobre 2014",
        "le 16 octobre",
        "gouvernement 16 octobre -gao",
    ],
)
def test_words_that_are_a_date_find_what_was_aired_then(typed: str) -> None:
    said = "Le crime organisé, dit le gouvernement."
    query = expanded(typed)
    assert answers(query, said, aired_at=OCTOBER_16)
    assert not answers(query, said, aired_at=MARCH_12)
    assert not answers(query, said)
    assert not answers(parse_query(typed), said, aired_at=OCTOBER_16)
    assert not answers(expanded(typed, "all"), said, aired_at=OCTOBER_16)
    assert not answers(query, "Rien de tel à Gao.", aired_at=MARCH_12)


def test_the_words_of_a_date_are_still_looked_for_in_other_languages_as_well() -> None:
    query = expanded("riz 16 octobre 2014")
    assert answers(query, "Le prix du riz le 16 octobre 2014.", aired_at=MARCH_12)
    assert answers(query, "malo 16 ɔkutɔburu 2014", "bm")


def test_a_date_is_listed_and_switched_off_like_a_name() -> None:
    query = expanded("Tumutu du 16 octobre 2014")
    dated = next(each for each in query.expansions if each.origin is Origin.AIRED)
    assert (dated.typed, dated.added) == ("16 octobre 2014", ())
    assert (dated.id, str(dated.aired)) == ("16-octobre-2014-aired", "2014-10-16")
    without = expanded("Tumutu du 16 octobre 2014", dated.id)
    assert not without.variants
    assert "tumutu-alias" in ids(without)


def test_a_date_goes_with_other_names_and_languages() -> None:
    query = expanded("organised crime Tumutu 16 octobre")
    said = "Le crime organisé à Tombouctou."
    assert answers(query, said, aired_at=OCTOBER_16)
    assert not answers(query, said, aired_at=MARCH_12)


def test_nothing_is_aired_on_two_dates() -> None:
    query = expanded("riz 16 octobre 12 mars")
    assert {str(variant.aired) for variant in query.variants} == {"--10-16", "--03-12"}
    assert all(len(variant.required) == 3 for variant in query.variants)
    assert not answers(query, "Le riz.", aired_at=OCTOBER_16)


@pytest.mark.parametrize(
    "typed",
    [
        *("2014", "octobre", "jeudi", "31 février", "31 février 2014", "riz 45 mars 2012"),
        *('"16 octobre 2014"', "riz -2014-10-16", "16 octob*", "16 OR 17 octobre", "10 000"),
    ],
)
def test_what_is_no_date_is_not_read_as_one(typed: str) -> None:
    assert not [each for each in expanded(typed).expansions if each.origin is Origin.AIRED]


def test_a_date_inside_a_name_is_part_of_the_name(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    write_table(path, "armed group\tMouvement du 7 août\t\tM7A\t")
    query = Expander(path)(parse_query("Mouvement du 7 août"))
    assert [each.origin for each in query.expansions] == [Origin.ALIAS]


# the station's table


DIAFARABE = "place\tDiafarabé\t\tJafarabe\t"
#: a name that French texts cannot tell from a word
ORDINARY = "place\tVerre\t\t\t\ncommon word\tverre\tfr\t\t"


def write_table(path: Path, line: str) -> None:
    path.write_text("\t".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")


def test_the_stations_table_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    expander = Expander(path)
    query = parse_query("Jafarabe")
    assert expander(query) == query
    write_table(path, "place\tDiafarabé\t\tJafarabe\t")
    assert added(expander(query)) == {"Diafarabé"}
    write_table(path, "place\tDiafarabé Ville\t\tJafarabe\t")
    assert added(expander(query)) == {"Diafarabé Ville"}
    path.unlink()
    assert expander(query) == query


def test_names_are_counted_by_what_the_tables_say_now(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    expander = Expander(path)
    built_in = expander.spoken_names
    assert expander.spoken_names is built_in
    counted = {each.name: each for each in built_in}
    assert {"Tombouctou", "MINUSMA", "Iyad Ag Ghali", "Niger"} <= counted.keys()
    assert not {"Traoré", "bambara", "Bambara"} & counted.keys()
    assert Term(words=("Timbuktu",), origin=Origin.ALIAS) in counted["Tombouctou"].terms
    write_table(path, f"{DIAFARABE}\n{ORDINARY}")
    assert {each.name for each in expander.spoken_names} == {*counted, "Diafarabé"}


def test_a_name_filtered_by_is_known_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    expander = Expander(path)
    counted = {each.name: each.terms for each in expander.spoken_names}
    for typed in ("Tombouctou", "tumutu"):
        assert expander(parse_query(f"name:{typed}")).mentions == (counted["Tombouctou"],)
    with pytest.raises(BadQuery, match="no table"):
        expander(parse_query("name:Jafarabe"))
    write_table(path, f"{DIAFARABE}\n{ORDINARY}")
    assert expander(parse_query("name:Jafarabe")).mentions
    with pytest.raises(BadQuery, match="ordinary word"):
        expander(parse_query("name:Verre"))


def test_a_table_that_cannot_be_read_stops_no_search(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    write_table(path, "place\tHere\t\tHere\t")
    expander = Expander(path)
    assert "Tombouctou" in added(expander(parse_query("Tumutu")))
    with pytest.raises(BadTable):
        expander.load_names()


def test_a_station_takes_a_variant_away(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    write_table(path, "region\tTombouctou\t\t-Tumutu\t")
    assert not added(Expander(path)(parse_query("Tumutu")))
