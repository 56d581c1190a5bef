"""``radio-archive names`` and what searching does with names."""

from __future__ import annotations

import json
from pathlib import Path

from radio_archive.languages.name_table import COLUMNS
from tests.cli.running import Run


def write_table(home: Path, line: str) -> None:
    (home / "names.tsv").write_text("\t".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")


def test_names_are_listed_with_their_other_names(run: Run, library: Path) -> None:
    status, out, err = run("names", "tumutu", home=library)
    assert status == 0
    assert out.startswith("region                Tombouctou: Timbuktu, ")
    assert "Tumutu [bm]" in out
    assert err == "Names: 1, forms: 6.\n"


def test_names_are_listed_as_json(run: Run, library: Path) -> None:
    status, out, _ = run("names", "MINUSMA", "--json", home=library)
    assert status == 0
    (name,) = json.loads(out)
    assert (name["kind"], name["name"]) == ("institution", "MINUSMA")
    assert {"text": "Mission des Nations unies au Mali", "language": None} in name["forms"]


def test_the_stations_own_names_are_among_them(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path, "place\tDiafarabé\t\tJafarabe\tour correspondents")
    status, out, _ = run("names", "jafarabe", home=tmp_path)
    assert (status, out) == (0, "place                 Diafarabé: Jafarabe\n")


def test_a_bad_table_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path, "place\tHere\t\tHere\t")
    status, out, err = run("names", "--check", home=tmp_path)
    assert (status, out) == (1, "")
    assert err.startswith("error: names.tsv, line 2: 'Here' is given as another name of itself.")


def test_checking_says_how_many_names_there_are(run: Run, library: Path) -> None:
    status, out, err = run("names", "--check", home=library)
    assert (status, out) == (0, "")
    assert int(err.split()[1].strip(",")) > 300


def test_an_english_query_finds_the_french_debate_and_says_so(run: Run, library: Path) -> None:
    status, out, err = run("search", "organised crime", home=library)
    assert status == 0
    assert "Le Grand Dialogue" in out
    assert "Also searched for organised crime: crime organisé, criminalité organisée." in err


def test_translations_are_switched_off(run: Run, library: Path) -> None:
    status, out, err = run("search", "organised crime", "--no-expansions", "--json", home=library)
    assert status == 0, err
    answer = json.loads(out)
    assert answer["expansions"] == []
    assert {hit["match"] for group in answer["broadcasts"] for hit in group["hits"]} <= {"close"}


def test_a_bambara_name_finds_the_french_one(run: Run, library: Path) -> None:
    status, out, _ = run("search", "Tumutu", "--json", home=library)
    assert status == 0
    answer = json.loads(out)
    (expansion,) = answer["expansions"]
    assert (expansion["id"], expansion["origin"]) == ("tumutu-alias", "alias")
    assert "Tombouctou" in expansion["added"]
    hits = [hit for group in answer["broadcasts"] for hit in group["hits"]]
    assert hits
    assert {hit["match"] for hit in hits} == {"alias"}
    assert all("Tombouctou" in hit["text"] for hit in hits)


def test_an_exact_search_finds_one_spelling_only(run: Run, library: Path) -> None:
    status, out, _ = run("search", "crime organise", "--exact", "--json", home=library)
    assert status == 0
    answer = json.loads(out)
    assert (answer["total"], answer["expansions"]) == (0, [])


def test_a_close_search_forgives_misspellings(run: Run, library: Path) -> None:
    _, out, _ = run("search", "orgasiné", "--close", "--json", home=library)
    answer = json.loads(out)
    assert answer["is_close"] is True
    assert any("organisé" in hit["text"] for group in answer["broadcasts"] for hit in group["hits"])
