"""``radio-archive glossary``: what corrections taught, and what people do with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from radio_archive.archive import open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.model import BroadcastId
from radio_archive.search.passages import split_passages
from tests.cli.running import Run
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast

SAID = "WEBVTT\n\n00:00.000 --> 00:02.400\nLa route de Niono est coupée.\n"


@pytest.fixture
def heard(tmp_path: Path) -> tuple[BroadcastId, BroadcastId]:
    """Two broadcasts that a machine transcribed: one is to be corrected, one is not."""
    with open_archive(settings_for(tmp_path)) as archive:
        database = Database(f"sqlite:///{tmp_path / 'media' / 'catalogue.sqlite'}")
        catalogue = Catalogue(database)
        texts = {"one": "La route de Nionau est coupée.", "two": "On va vers Nionau."}
        ids = []
        for guid, text in texts.items():
            ids.append(put_broadcast(catalogue, guid))
            transcript = make_transcript(text)
            passages = split_passages(transcript, catalogue.broadcasts.get(ids[-1]))
            catalogue.transcripts.add(ids[-1], transcript, passages)
        database.close()
        archive.reindex()
    return ids[0], ids[1]


def correct(run: Run, tmp_path: Path, broadcast: BroadcastId) -> str:
    path = tmp_path / "said.vtt"
    path.write_text(SAID, encoding="utf-8")
    status, _, err = run("import-transcript", broadcast, str(path))
    assert status == 0, err
    return err


def test_the_whole_way_from_a_correction_to_the_rest_of_the_archive(
    run: Run, tmp_path: Path, heard: tuple[BroadcastId, BroadcastId]
) -> None:
    one, two = heard
    said = correct(run, tmp_path, one)
    assert "1 name learnt: Niono (was: Nionau). See `radio-archive glossary list`." in said

    status, out, _ = run("glossary", "list", "--language", "fr")
    assert (status, out.split()) == (
        0,
        ["1", "proposed", "fr", "1", "in", "1", "Nionau", "->", "Niono"],
    )
    status, out, _ = run("glossary", "accept", "1")
    assert (status, out.split()[1]) == (0, "accepted")
    status, out, _ = run("search", "Niono", "--json")
    found = {group["id"] for group in json.loads(out)["broadcasts"]}
    assert found == {one, two}

    status, out, err = run("glossary", "proposals", "1")
    assert (status, out) == (0, f"{two}  1.2  On va vers Nionau.  On va vers Niono.\n")
    assert "glossary apply 1" in err
    status, out, _ = run("glossary", "apply", "1", two, "--at", "1.2")
    assert (status, out) == (0, f"{two}  1 sentence  Débat two\n")
    status, out, err = run("glossary", "proposals", "1")
    assert (status, out) == (0, "")
    assert err.startswith("No machine's transcript")
    status, out, _ = run("glossary", "undo", two)
    assert (status, out) == (0, f"{two}  1 sentence  Débat two\n")


def test_everything_is_told_as_json(
    run: Run, tmp_path: Path, heard: tuple[BroadcastId, BroadcastId]
) -> None:
    one, two = heard
    correct(run, tmp_path, one)
    _, out, _ = run("glossary", "list", "--json")
    (entry,) = json.loads(out)
    assert (entry["wrong"], entry["right"], entry["state"]) == ("Nionau", "Niono", "proposed")
    assert (entry["times"], entry["broadcasts"], entry["is_decided"]) == (1, [one], False)
    _, out, _ = run("glossary", "learn", one, "--json")
    assert json.loads(out) == [entry]
    _, out, _ = run("glossary", "proposals", "1", "--json")
    (proposal,) = json.loads(out)
    assert (proposal["broadcast_id"], proposal["start_ms"]) == (two, 1_200)
    assert proposal["becomes"] == "On va vers Niono."
    assert proposal["url"] == f"/broadcasts/{two}?t=1.2#t=1.2"
    _, out, _ = run("glossary", "apply", "1", "--json")
    assert json.loads(out)["sentences"] == 1
    _, out, _ = run("glossary", "undo", two, "--json")
    assert json.loads(out)["broadcast_id"] == two
    _, out, _ = run("glossary", "refuse", "1", "--json")
    assert (json.loads(out)["state"], json.loads(out)["is_decided"]) == ("refused", True)


def test_the_import_tells_what_it_taught_as_json(
    run: Run, tmp_path: Path, heard: tuple[BroadcastId, BroadcastId]
) -> None:
    path = tmp_path / "said.vtt"
    path.write_text(SAID, encoding="utf-8")
    _, out, _ = run("import-transcript", heard[0], str(path), "--json")
    assert [each["right"] for each in json.loads(out)["learnt"]] == ["Niono"]


def test_an_empty_glossary_says_how_it_is_filled(run: Run) -> None:
    status, out, err = run("glossary", "list")
    assert (status, out) == (0, "")
    assert "import a corrected transcript" in err


def test_a_person_adds_what_they_know(run: Run) -> None:
    status, out, _ = run("glossary", "add", "seigneux", "Ségou", "--language", "fr")
    assert status == 0
    assert out.split() == ["1", "accepted", "fr", "0", "in", "0", "seigneux", "->", "Ségou"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["accept", "7"], "Run `radio-archive glossary list`."),
        (["proposals", "7"], "The glossary has no entry 7."),
        (["learn", "0f3a9c1d2b4e5f60"], "0f3a9c1d2b4e5f60"),
        (["undo", "0f3a9c1d2b4e5f60"], "0f3a9c1d2b4e5f60"),
        (["add", "Ségou", "ségou", "--language", "fr"], "differ in case"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_next_step(
    run: Run, arguments: list[str], says: str
) -> None:
    status, out, err = run("glossary", *arguments)
    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert says in err


@pytest.mark.parametrize("command", ["accept", "refuse", "proposals", "apply"])
@pytest.mark.parametrize("number", ["0", str(2**31), "99999999999999999999999999"])
def test_a_number_that_no_entry_can_have_is_not_found(run: Run, command: str, number: str) -> None:
    status, _, err = run("glossary", command, number)
    assert status == 1
    assert f"The glossary has no entry {number}." in err
