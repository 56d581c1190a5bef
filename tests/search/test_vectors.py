"""Vectors beside the index: found by likeness, kept up to date, never half written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.contracts.indexes import make_passage

from radio_archive.errors import SearchIndexError
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Passage,
    ProgrammeId,
    Query,
    TranscriptId,
    TranscriptKind,
)
from radio_archive.search.meaning.manifest import MANIFEST, TextVersion
from radio_archive.search.meaning.vectors import VectorStore
from radio_archive.testing import WordEncoder

pytest.importorskip("numkong", reason="the extra `meaning` is not installed")

FR, EN = LanguageTag("fr"), LanguageTag("en")
FIRST: TextVersion = (TranscriptId(1), 0)
SECOND: TextVersion = (TranscriptId(2), 0)
A, B = BroadcastId("a" * 16), BroadcastId("b" * 16)

TEXTS: dict[BroadcastId, Sequence[Passage]] = {
    A: (
        make_passage(A, 0, "le prix du riz baisse", where=("journal", 2014)),
        make_passage(A, 1, "la crue du fleuve arrive", where=("journal", 2014)),
    ),
    B: (make_passage(B, 0, "the price of rice falls", "en", where=("news", 2016)),),
}
VERSIONS = {A: FIRST, B: FIRST}


def open_store(folder: Path, languages: Sequence[LanguageTag] = (FR, EN)) -> VectorStore:
    return VectorStore(folder, WordEncoder(), languages)


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    store = open_store(tmp_path)
    assert store.catch_up(VERSIONS, TEXTS.__getitem__) == 2
    return store


#: a library that brings its own C++ symbols can end the process when another is loaded after it
SEARCH_THEN_SPEECH = """
import numpy
from radio_archive.search.meaning.vectors import _search

rows = numpy.eye(2, 512, dtype=numpy.float16)
assert _search(rows, rows[1], 1) == [(1, 1.0)]
import onnxruntime, torch, ctranslate2, av
"""


def test_a_process_that_has_searched_by_meaning_can_load_the_speech_engines() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", SEARCH_THEN_SPEECH], capture_output=True, text=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr


def found(store: VectorStore, text: str, query: Query | None = None) -> list[tuple[str, int]]:
    near = store.nearest(text, query or Query(), 10)
    return [(each.broadcast_id, each.number) for each in near if each.likeness > 0.4]


def test_the_closest_passage_comes_first_and_says_how_close_it_is(store: VectorStore) -> None:
    best, *others = store.nearest("la crue du fleuve", Query(), 10)
    assert (best.broadcast_id, best.number, best.version) == (A, 1, FIRST)
    assert 0.8 < best.likeness <= 1.001
    assert all(each.likeness < best.likeness for each in others)
    assert len(store.nearest("riz", Query(), 2)) == 2


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        (Query(language=EN), []),
        (Query(language=FR), [(A, 0)]),
        (Query(programme_id=ProgrammeId("news")), []),
        (Query(programme_id=ProgrammeId("journal")), [(A, 0)]),
        (Query(aired_from=datetime(2015, 1, 1, tzinfo=UTC)), []),
        (Query(aired_before=datetime(2015, 1, 1, tzinfo=UTC)), [(A, 0)]),
        (Query(language=LanguageTag("bm")), []),
    ],
)
def test_filters_leave_passages_out(
    store: VectorStore, query: Query, hits: list[tuple[str, int]]
) -> None:
    assert found(store, "le prix du riz", query) == hits


def test_a_reader_sees_what_another_writes(store: VectorStore, tmp_path: Path) -> None:
    reader = open_store(tmp_path)
    assert found(reader, "un discours du ministre") == []
    store.put(A, SECOND, [make_passage(A, 0, "un discours du ministre")])
    assert found(reader, "un discours du ministre") == [(A, 0)]
    assert found(reader, "la crue du fleuve") == []
    assert found(reader, "the price of rice") == [(B, 0)]


def test_what_is_gone_is_forgotten_and_what_is_there_is_not_made_again(store: VectorStore) -> None:
    assert store.catch_up({B: FIRST}, TEXTS.__getitem__) == 0
    assert found(store, "le prix du riz") == []
    assert store.catch_up({A: SECOND, B: FIRST}, TEXTS.__getitem__) == 1
    assert found(store, "le prix du riz") == [(A, 0)]


def test_translations_and_other_languages_stay_out(tmp_path: Path) -> None:
    store = open_store(tmp_path, (FR,))
    said = make_passage(A, 0, "malo sɔngɔ jiginna", "bm")
    translated = replace(
        make_passage(A, 1, "le prix du riz baisse"), kind=TranscriptKind.TRANSLATION
    )
    store.put(A, FIRST, [said, translated, make_passage(A, 2, "the price of rice", "en")])
    manifest = store.find_manifest()
    assert manifest is not None
    assert manifest.passages == 0
    assert manifest.versions == {A: FIRST}
    assert store.nearest("le prix du riz", Query(), 5) == ()


def test_tracks_in_two_languages_keep_their_own_numbers(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    mixed = [make_passage(A, 0, "bonjour à tous"), make_passage(A, 1, "good morning all", "en")]
    store.put(A, FIRST, [*mixed, make_passage(A, 2, "merci et au revoir")])
    assert found(store, "merci et au revoir") == [(A, 2)]
    assert found(store, "good morning all", Query(language=EN)) == [(A, 1)]


def test_a_killed_writer_leaves_no_trace(store: VectorStore, tmp_path: Path) -> None:
    (path,) = tmp_path.glob("meaning-*")
    with path.open("ab") as file:
        file.write(b"half a row")
    (tmp_path / f"{MANIFEST}.new").write_text("{")
    assert found(store, "le prix du riz") == [(A, 0)]
    store.put(A, SECOND, [make_passage(A, 0, "un discours du ministre")])
    assert found(open_store(tmp_path), "un discours du ministre") == [(A, 0)]


@pytest.mark.parametrize("damage", ["short", "no file", "no list"])
def test_damage_is_told_and_mended(store: VectorStore, tmp_path: Path, damage: str) -> None:
    (path,) = tmp_path.glob("meaning-*")
    if damage == "no list":
        (tmp_path / MANIFEST).write_text("[]")
    elif damage == "short":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()
    reader = open_store(tmp_path)
    with pytest.raises(SearchIndexError) as told:
        reader.nearest("riz", Query(), 5)
    assert "radio-archive reindex" in told.value.hint
    assert store.catch_up(VERSIONS, TEXTS.__getitem__) == 2
    assert found(reader, "le prix du riz") == [(A, 0)]
    assert len(list(tmp_path.glob("meaning-*"))) == 1


def test_vectors_of_another_version_are_not_compared(store: VectorStore, tmp_path: Path) -> None:
    other = open_store(tmp_path, (FR,))
    assert other.find_manifest() is None
    assert other.nearest("riz", Query(), 5) == ()
    assert other.catch_up(VERSIONS, TEXTS.__getitem__) == 2
    assert found(other, "le prix du riz") == [(A, 0)]
    assert store.find_manifest() is None


def test_making_all_anew_gives_back_the_room_of_replaced_texts(
    store: VectorStore, tmp_path: Path
) -> None:
    for number in range(2, 5):
        store.put(A, (TranscriptId(number), 0), TEXTS[A])
    (grown,) = tmp_path.glob("meaning-*")
    size = grown.stat().st_size
    assert store.catch_up(VERSIONS, TEXTS.__getitem__, afresh=True) == 2
    (fresh,) = tmp_path.glob("meaning-*")
    assert fresh.stat().st_size == size // 3
