"""The sample dossier: honest about what it is, complete, and made once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio_archive.archive import Archive
from radio_archive.documents import read_pdf
from radio_archive.dossiers.sample import make_sample
from radio_archive.errors import NotFound
from radio_archive.model import DocumentState, IngestResult, Outcome
from tests.support.archives import SAMPLES
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

LIST = json.loads((SAMPLES / "dossier" / "dossier.json").read_text(encoding="utf-8"))
DEBATE = "2014-10-16-grand-dialogue"


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[tuple[Archive, list[IngestResult]]]:
    """An archive whose only broadcast stands for the debate."""
    with bare_archive(tmp_path) as (archive, catalogue):
        identity = put_broadcast(catalogue, duration_ms=430_000)
        add_transcript(catalogue, identity, make_transcript("Bonsoir."))
        archive.reindex()
        taken = IngestResult(
            outcome=Outcome.ADDED, item=f"{DEBATE}.mp3", broadcast_id=identity, title=""
        )
        yield archive, [taken]


def test_it_is_made_once_and_left_alone(
    stand_in: tuple[Archive, list[IngestResult]],
) -> None:
    archive, taken = stand_in
    made = archive.make_sample_dossier(taken)
    assert made is not None
    assert made.is_public
    assert made.entries == len(LIST["entries"])
    archive.dossiers.change(made.slug, "Autre titre", "", False, "Awa")
    again = archive.make_sample_dossier(taken)
    assert again is not None
    assert (again.title, again.entries, again.is_public) == ("Autre titre", made.entries, False)


def test_one_whose_making_was_stopped_is_made_anew(
    stand_in: tuple[Archive, list[IngestResult]],
) -> None:
    archive, taken = stand_in
    with pytest.raises(NotFound, match=DEBATE):
        archive.make_sample_dossier([])
    made = archive.make_sample_dossier(taken)
    assert made is not None
    assert [each.slug for each in archive.dossiers.all(is_editor=True)] == [made.slug]
    assert made.entries == len(LIST["entries"])


def test_a_folder_without_a_list_has_no_dossier(
    stand_in: tuple[Archive, list[IngestResult]], tmp_path: Path
) -> None:
    archive, _ = stand_in
    shutil.copytree(SAMPLES / "dossier", tmp_path / "dossier")
    (tmp_path / "dossier" / "dossier.json").unlink()
    assert make_sample(archive.dossiers, tmp_path, {}) is None


def test_a_search_in_english_finds_both_documents_the_english_one_first(
    stand_in: tuple[Archive, list[IngestResult]],
) -> None:
    archive, taken = stand_in
    archive.make_sample_dossier(taken)
    found = [each for each in archive.search("organised crime").documents if each.document.is_kept]
    assert [each.document.language for each in found] == ["en", "fr"]
    assert [hit.page for hit in found[0].hits] == [1]


@pytest.mark.parametrize(
    ("name", "notice"),
    [
        ("compte-rendu.fr.pdf", "Ce colloque n'a pas eu lieu"),
        ("compte-rendu.en.pdf", "This seminar did not take place"),
    ],
)
def test_a_document_says_first_that_it_is_imaginary(name: str, notice: str) -> None:
    read = read_pdf((SAMPLES / "dossier" / name).read_bytes())
    assert read.state is DocumentState.READ
    assert len(read.pages) == 2
    assert notice in read.pages[0][:200]


def test_every_passage_is_a_sentence_of_the_debate() -> None:
    script = json.loads((SAMPLES / f"{DEBATE}.script.json").read_text(encoding="utf-8"))
    spans = {(turn["start_ms"], turn["end_ms"]) for turn in script["turns"]}
    passages = [each for each in LIST["entries"] if "start_ms" in each]
    assert passages
    assert all((each["start_ms"], each["end_ms"]) in spans for each in passages)
