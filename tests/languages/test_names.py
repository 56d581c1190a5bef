from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive.errors import BadTable
from radio_archive.languages.name_table import COLUMNS, NameKind, protected_words
from radio_archive.languages.names import Form, Names
from radio_archive.languages.repair import fold
from radio_archive.languages.tags import LanguageTag

HEADER = "\t".join(COLUMNS)


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.load()


def table(folder: Path, *lines: str, name: str = "names.tsv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def found(names: Names, text: str) -> list[str]:
    return [name.name for name in names.find(text)]


def refusal(path: Path) -> str:
    with pytest.raises(BadTable) as raised:
        Names.load([path])
    return str(raised.value)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Tumutu", "Tombouctou"),
        ("TOMBOUCTOU", "Tombouctou"),
        ("timbuktu", "Tombouctou"),
        ("Kucala", "Koutiala"),
        ("Gawo", "Gao"),
        ("kidali", "Kidal"),
        ("menaka", "Ménaka"),
        ("taoudeni", "Taoudénit"),
        ("Dyabaly", "Diabaly"),
        ("Dogofiri", "Dogofry"),
        ("tin essako", "Tin-Essako"),
        ("Aguel'hoc", "Aguelhok"),
        ("songoi", "Sonrhaï"),
        ("Twareg", "Touareg"),
        ("tamaseq", "tamasheq"),
        ("Tǝmažǝq", "tamasheq"),
        ("minusma", "MINUSMA"),
        ("M.I.N.U.S.M.A.", "MINUSMA"),
        ("GSIM", "JNIM"),
        ("al qaida au maghreb islamique", "AQMI"),
        ("Communauté économique des Etats de l'Afrique de l'Ouest", "CEDEAO"),
        ("Iyad Ag Ghaly", "Iyad Ag Ghali"),
        ("iyad ag ghali", "Iyad Ag Ghali"),
        ("Sidi Brahim Ould Sidati", "Sidi Brahim Ould Sidatt"),
        ("Moussa Ag Acharatoune", "Moussa Ag Acharatoumane"),
        ("Acharatoune", "Acharatoumane"),
        ("Asshianga", "Assihanga"),
        ("Bah Ndaw", "Bah N'Daw"),
        ("Kulibali", "Coulibaly"),
        ("Nizɛri", "Niger"),
        ("Algeria", "Algérie"),
    ],
)
def test_a_name_is_found_in_all_its_spellings(names: Names, typed: str, name: str) -> None:
    assert found(names, typed) == [name]


def test_every_form_of_every_name_finds_its_name(names: Names) -> None:
    lost = [
        form.text for name in names.all for form in name.forms if name not in names.find(form.text)
    ]
    assert not lost


@pytest.mark.parametrize("typed", ["", "crime", "le", "Tombouctou Gao", "!?", "Ag Ghali Iyad"])
def test_what_is_no_name_finds_none(names: Names, typed: str) -> None:
    assert found(names, typed) == []


@pytest.mark.parametrize("typed", ["dire", "plateforme", "maa", "fla", "faama", "wa", "at"])
def test_an_ordinary_word_is_no_name(names: Names, typed: str) -> None:
    assert found(names, typed) == []


def test_an_ordinary_word_written_as_the_name_is_the_name(names: Names) -> None:
    assert found(names, "Diré") == ["Diré"]
    assert found(names, "MAA") == ["MAA"]


def test_an_acronym_may_be_typed_in_small_letters(names: Names) -> None:
    assert found(names, "ua") == ["Union africaine"]
    assert found(names, "att") == ["Amadou Toumani Touré"]


def test_a_form_that_is_an_ordinary_word_elsewhere_counts_in_french_only(names: Names) -> None:
    assert names.counts_in(Form(text="MAA")) == ("fr",)
    assert names.counts_in(Form(text="Diré")) == ()
    assert names.counts_in(Form(text="AQMI")) == (None,)
    assert names.counts_in(Form(text="Tumutu", language=LanguageTag("bm"))) == ("bm", "fr")
    assert names.counts_in(Form(text="San", language=LanguageTag("bm"))) == ("fr",)


def test_names_are_found_in_running_text_longest_first(names: Names) -> None:
    text = "La MINUSMA et Iyad Ag Ghaly, à Tumutu ; Tombouctou, encore, à dire vrai."
    found_names = [name.name for name in names.found_in(text)]
    assert found_names == ["MINUSMA", "Iyad Ag Ghali", "Tombouctou"]


def test_a_prompt_lists_the_names_of_a_broadcast_once(names: Names) -> None:
    text = "Le crime organisé menace-t-il le Mali ? Gao, Kidal, Gao. Boukary Sangaré (ARGA)"
    assert names.prompt_for(text) == "Mali, Gao, Kidal, Boukary Sangaré, ARGA"
    assert names.prompt_for("rien à signaler") == ""


def test_a_prompt_begins_with_the_guests_even_those_no_table_knows(names: Names) -> None:
    prompt = names.prompt_for("Les otages de Gao", "Fanta Exemplaire", "Boukary Sangaré")
    assert prompt == "Fanta Exemplaire, Boukary Sangaré, Gao"
    assert names.prompt_for("Boukary Sangaré parle", "Boukary Sangaré") == "Boukary Sangaré"


def test_a_prompt_stays_short(names: Names) -> None:
    every = ". ".join(name.name for name in names.all if name.kind is NameKind.PERSON)
    assert 350 < len(names.prompt_for(every)) <= 400


def test_words_of_names_are_kept_from_the_stemmer_and_ordinary_ones_are_not() -> None:
    words = protected_words()
    assert {"mali", "menaka", "ghaly", "walet", "minusma", "tombouctou"} <= words
    assert not {"dire", "plateforme", "mouvement", "commission", "unies", "peulh"} & words
    assert all(word == fold(word.casefold()) for word in words)


# the station's own table


def test_a_station_adds_a_name_and_a_variant(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "place\tDiafarabé\t\tDjafarabé|Jafarabe\tour correspondents",
        "region\tTombouctou\t\tTombouktou\t",
        "place\tTimbuktu\t\tTimbouctou\t",
    )
    names = Names.load([path])
    assert found(names, "jafarabe") == ["Diafarabé"]
    assert found(names, "Tombouktou") == found(names, "Timbouctou") == ["Tombouctou"]
    assert found(names, "Tumutu") == ["Tombouctou"]


def test_a_station_removes_a_variant_and_gives_it_to_another_name(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "armed group\tJNIM\t\t-GSIM\t",
        "institution\tGSIM\t\tGroupe scolaire\t",
    )
    names = Names.load([path])
    assert found(names, "Groupe scolaire") == ["GSIM"]
    assert found(names, "gsim") == ["GSIM"]
    assert found(names, "jnim") == ["JNIM"]


def test_a_station_says_what_is_an_ordinary_word(tmp_path: Path) -> None:
    names = Names.load([table(tmp_path, "common word\tber\tses\t\tbig")])
    assert found(names, "ber") == []
    assert found(names, "Ber") == ["Ber"]


def test_a_station_repeats_what_is_known(tmp_path: Path) -> None:
    path = table(tmp_path, "region\tTumutu\t\tTombouctou|Timbuktu\t")
    assert found(Names.load([path]), "Tumutu") == ["Tombouctou"]


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing yet\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(content, encoding="utf-8")
    assert "names.tsv is empty" in refusal(path)


def test_a_file_without_names_is_refused(tmp_path: Path) -> None:
    assert "names.tsv, line 1: no name follows" in refusal(table(tmp_path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "names.tsv cannot be read" in refusal(tmp_path / "names.tsv")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("name\tvariants\nGao\tGawo\n")
    message = refusal(path)
    assert "names.tsv, line 1: the first line must name the columns." in message
    assert "kind  name  language  variants  source" in message


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("place\tHere", "2 columns, and 5 are needed"),
        ("place\tHere\t\tThere\tme\tmore", "6 columns"),
        ("place Here", "1 column, and 5"),
        ("city\tHere\t\tThere\t", "'city' is no kind of name. Known kinds: region,"),
        ("place\tHere\tklingon\tThere\t", "No language is known as 'klingon'"),
        ("place\t\t\tThere\t", "there is no name"),
        ("place\tHere\t\tHERE\t", "'HERE' is given as another name of itself"),
        ("place\tHere\t\t-There\t", "'Here' has no variant 'There' that could be removed"),
        (
            "place\tHere\t\tTumutu\t",
            "'Tumutu' is already a name of 'Tombouctou' (built-in names.tsv, line",
        ),
    ],
)
def test_a_bad_line_is_named_with_its_file(tmp_path: Path, line: str, problem: str) -> None:
    message = refusal(table(tmp_path, "# remark", line))
    assert message.startswith("names.tsv, line 3: ")
    assert problem in message


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("place\tHere\t\tThere\t", "place\tThere\t\tHere\t"), "line 2: 'There' is a variant here"),
        (
            ("place\tA1\t\tB1\t", "place\tB1\t\tC1\t", "place\tC1\t\tA1\t"),
            "line 2: 'B1' is a variant here and a name of its own on line 3",
        ),
        (("place\tHere\t\tThis\t", "place\tThere\t\tThis\t"), "'This' is already a name of 'Here'"),
        (("place\tHere\t\tThis\t", "place\there\t\tThat\t"), "'here' is on line 2 as well"),
        (
            ("place\tHere\t\t\t", "person\tHere\tbm\tThat\t"),
            "'Here' is a person here and a place on line 2",
        ),
    ],
)
def test_names_that_contradict_one_another_are_refused(
    tmp_path: Path, lines: tuple[str, ...], problem: str
) -> None:
    assert problem in refusal(table(tmp_path, *lines))


# encodings


LINES = f"{HEADER}\nplace\tDiafarabé\t\tDjafarabé\t\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "names.tsv"
    path.write_bytes(LINES.replace("\n", end).encode(encoding))
    assert found(Names.load([path]), "djafarabé") == ["Diafarabé"]


def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_bytes(LINES.encode() + "place\tDébo\t\tDébo lac\t\n".encode("cp1252"))
    assert "names.tsv, line 3: letters in another encoding" in refusal(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"kind\x81\x9d\n"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "names.tsv"
    path.write_bytes(content)
    assert "names.tsv, line 1: " in refusal(path)


def test_a_long_form_finds_its_acronym(names: Names) -> None:
    long_form = (
        "Mission multidimensionnelle intégrée des Nations unies pour la stabilisation au Mali"
    )
    assert found(names, long_form) == ["MINUSMA"]


FRENCH = LanguageTag("fr")


def test_what_machines_write_for_a_name_is_a_form_of_it(names: Names) -> None:
    heard = names.with_misheard([(FRENCH, "seigneux", "Ségou"), (FRENCH, "amopti", "à Mopti")])
    assert found(heard, "Seigneux") == ["Ségou"]
    assert found(heard, "amopti") == ["Mopti"]
    (segou,) = heard.find("Ségou")
    assert (segou.kind, Form(text="seigneux", language=FRENCH) in segou.forms) == ("region", True)
    assert found(names, "seigneux") == []


def test_a_corrected_name_in_no_table_becomes_one(names: Names) -> None:
    pairs = [(FRENCH, "Kosoumai", "Kossoumé"), (FRENCH, "qu'au sous mais", "Kossoumé")]
    (name,) = names.with_misheard(pairs).find("kossoumé")
    assert (name.kind, name.name) == (NameKind.CORRECTED, "Kossoumé")
    assert [form.text for form in name.forms] == ["Kossoumé", "Kosoumai", "qu'au sous mais"]


def test_a_wrong_form_that_is_a_name_stays_with_that_one(names: Names) -> None:
    heard = names.with_misheard([(FRENCH, "Gao", "Kaho"), (FRENCH, "Tumutu", "Ségou")])
    assert found(heard, "Gao") == ["Gao"]
    assert found(heard, "Tumutu") == ["Tombouctou"]
    assert found(heard, "Kaho") == []
