"""Which engine answers, and the move from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contracts.indexes import make_passage

from radio_archive.errors import BadInput, SearchIndexError
from radio_archive.model import BroadcastId, Passage
from radio_archive.search import chosen_index
from radio_archive.search.chosen_index import ChosenIndex, IndexState
from radio_archive.search.engines import open_index
from radio_archive.search.query import parse_query

PAIX = parse_query("paix")


@pytest.fixture(autouse=True)
def low_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_index, "MOVE_AT", 6)
    monkeypatch.setattr(chosen_index, "BACK_AT", 3)


def passages(count: int) -> Iterator[Passage]:
    return (make_passage(f"b{number}", 0, "la paix") for number in range(count))


def grow(index: ChosenIndex, first: int, last: int) -> None:
    for number in range(first, last):
        index.replace(BroadcastId(f"b{number}"), [make_passage(f"b{number}", 0, "la paix")])


def test_there_are_no_engines_of_other_names(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lucene"):
        open_index(tmp_path, "lucene")


def test_a_folder_without_an_index_is_stale_and_says_what_to_do(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert index.is_stale
    assert not index.is_to_move
    with pytest.raises(SearchIndexError) as caught:
        index.search(PAIX)
    assert "radio-archive reindex" in caught.value.hint


@pytest.mark.parametrize(("size", "engine"), [(0, "whoosh"), (5, "whoosh"), (6, "tantivy")])
def test_the_size_of_the_archive_chooses_the_engine(tmp_path: Path, size: int, engine: str) -> None:
    index = open_index(tmp_path, size=lambda: size)
    index.rebuild(passages(size))
    assert index.state == IndexState(engine=engine, moves_to="", builds="")
    assert index.fingerprint.startswith(engine)
    assert index.count() == size


def test_an_archive_that_outgrows_whoosh_is_to_move_and_answers_until_it_has(
    tmp_path: Path,
) -> None:
    index, other_process = open_index(tmp_path), open_index(tmp_path)
    index.rebuild(passages(5))
    assert not index.is_to_move
    grow(index, 5, 7)
    assert index.state == IndexState(engine="whoosh", moves_to="tantivy", builds="")
    assert not index.is_stale

    def watched() -> Iterator[Passage]:
        grow(other_process, 7, 8)
        assert other_process.search(PAIX).total == 8
        assert other_process.state.builds == "tantivy"
        yield from passages(8)

    assert index.rebuild(watched()) == 8
    for each in (index, other_process):
        assert each.state == IndexState(engine="tantivy", moves_to="", builds="")
        assert each.search(PAIX).total == 8
        assert each.fingerprint.startswith("tantivy")
    grow(other_process, 8, 9)
    assert index.count() == 9


def test_an_archive_near_the_border_stays_where_it_is(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.rebuild(passages(5))
    grow(index, 5, 6)
    index.rebuild(passages(6))
    for number in range(2):
        index.remove(BroadcastId(f"b{number}"))
    assert index.state == IndexState(engine="tantivy", moves_to="", builds="")
    index.rebuild(passages(4))
    assert index.state.engine == "tantivy"
    index.remove(BroadcastId("b0"))
    index.remove(BroadcastId("b1"))
    assert not index.is_to_move
    index.rebuild(passages(2))
    assert index.state == IndexState(engine="whoosh", moves_to="", builds="")


def test_an_engine_that_the_station_names_is_moved_to_at_any_size(tmp_path: Path) -> None:
    open_index(tmp_path).rebuild(passages(2))
    index = open_index(tmp_path, "tantivy")
    assert index.state == IndexState(engine="whoosh", moves_to="tantivy", builds="")
    assert index.search(PAIX).total == 2
    index.rebuild(passages(2))
    assert index.state == IndexState(engine="tantivy", moves_to="", builds="")


def test_a_closed_index_cannot_be_used(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.rebuild(passages(1))
    index.count()
    index.close()
    with pytest.raises(SearchIndexError, match="closed"):
        index.search(PAIX)
