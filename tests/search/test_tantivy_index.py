"""What only an index on disk can get wrong: kills, damage, full disks, writers and readers."""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.indexes import make_passage as make
from tests.support.disks import small_disk

from radio_archive.errors import BadQuery, IndexBusy, SearchIndexError
from radio_archive.model import (
    BroadcastId,
    FacetCount,
    IndexPage,
    Passage,
    Query,
    Sort,
    SpokenName,
    Term,
    Trust,
)
from radio_archive.search import storage, tantivy_counts, tantivy_names
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_files import PASSAGES, WORDS
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.tantivy_schema import make_document, make_schema
from radio_archive.search.tantivy_snapshot import Snapshot
from radio_archive.search.tantivy_words import FiledWords
from radio_archive.search.vocabulary import CloseAmong, Neighbour

PAIX = parse_query("paix")
KIDAL, GAO = (SpokenName(name=name, terms=(Term(words=(name,)),)) for name in ("Kidal", "Gao"))


def make_passage(broadcast: str, number: int = 0, text: str = "la paix") -> Passage:
    return make(broadcast, number, text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> TantivyIndex:
    index = TantivyIndex(folder, lock_timeout_s=0.2)
    index.rebuild([make_passage("a"), make_passage("b")])
    return index


def in_use(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()


def test_a_folder_without_an_index_is_stale_and_says_what_to_do(folder: Path) -> None:
    index = TantivyIndex(folder)
    assert index.is_stale
    for attempt in (
        lambda: index.search(PAIX),
        index.count,
        lambda: index.replace(BroadcastId("a"), [make_passage("a")]),
    ):
        with pytest.raises(SearchIndexError) as caught:
            attempt()
        assert "radio-archive reindex" in caught.value.hint


def test_a_closed_index_cannot_be_used(index: TantivyIndex) -> None:
    index.close()
    with pytest.raises(SearchIndexError, match="closed"):
        index.search(PAIX)


def test_a_search_that_meets_an_index_being_closed_is_told_so(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Snapshot._write

    def close_meanwhile(snapshot: Snapshot, *args: Any) -> Any:
        index.close()
        return write(snapshot, *args)

    monkeypatch.setattr(Snapshot, "_write", close_meanwhile)
    with pytest.raises(SearchIndexError, match="closed"):
        index.search(PAIX)


@pytest.mark.parametrize("part", [PASSAGES, WORDS])
@pytest.mark.parametrize("pattern", ["*.term", "*.fast", "*.store", "meta.json"])
@pytest.mark.parametrize("harm", ["delete", "truncate", "empty"])
def test_a_damaged_index_is_stale_and_a_rebuild_mends_it(
    folder: Path, index: TantivyIndex, part: str, pattern: str, harm: str
) -> None:
    path = next((in_use(folder) / part).glob(pattern))
    if harm == "delete":
        path.unlink()
    else:
        os.truncate(path, 0 if harm == "empty" else path.stat().st_size // 2)
    fresh = TantivyIndex(folder)
    assert fresh.is_stale
    assert index.is_stale
    with pytest.raises(SearchIndexError, match="not indexed"):
        fresh.replace(BroadcastId("c"), [make_passage("c")])
    with pytest.raises(SearchIndexError) as caught:
        fresh.search(PAIX)
    assert "radio-archive reindex" in caught.value.hint
    fresh.rebuild([make_passage("a")])
    assert not fresh.is_stale
    assert index.count() == fresh.count() == 1


def test_an_index_of_another_version_is_stale(folder: Path, index: TantivyIndex) -> None:
    (in_use(folder) / "FINGERPRINT").write_text("tantivy-0.1-of-another-time")
    assert index.is_stale


def test_a_folder_deleted_under_an_open_index_is_noticed(folder: Path, index: TantivyIndex) -> None:
    assert index.count() == 2
    shutil.rmtree(folder)
    assert index.is_stale
    with pytest.raises(SearchIndexError):
        index.search(PAIX)


def test_another_reader_sees_a_commit_at_its_next_search(folder: Path, index: TantivyIndex) -> None:
    reader = TantivyIndex(folder)
    assert reader.search(PAIX).total == 2
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert reader.search(PAIX).total == 3
    index.rebuild([make_passage("z")])
    assert reader.search(PAIX).total == 1
    assert [path.name for path in folder.glob("tantivy-*")] == [in_use(folder).name]


def test_the_old_index_answers_and_is_changed_while_a_new_one_is_built(
    folder: Path, index: TantivyIndex
) -> None:
    totals = []

    def passages() -> Iterator[Passage]:
        totals.append(index.search(PAIX).total)
        index.replace(BroadcastId("c"), [make_passage("c")])
        totals.append(index.search(PAIX).total)
        with pytest.raises(IndexBusy):
            TantivyIndex(folder).rebuild(())
        assert storage.find_build(folder) == "tantivy"
        yield make_passage("z")

    index.rebuild(passages())
    assert totals == [2, 3]
    assert index.search(PAIX).total == 1
    assert storage.find_build(folder) is None


def test_a_second_writer_waits_and_then_gives_up(folder: Path, index: TantivyIndex) -> None:
    with storage.writer_lock(folder, 0), pytest.raises(IndexBusy) as caught:
        index.replace(BroadcastId("c"), [make_passage("c")])
    assert caught.value.retryable
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert index.count() == 3


def fill_and_free(folder: Path, filler: Path) -> None:
    """Index on a disk that is full, and again when there is room."""
    index = TantivyIndex(folder)
    index.rebuild([make_passage("a"), make_passage("b")])
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    text = " ".join(f"mot{number}" for number in range(5_000))
    with pytest.raises(SearchIndexError) as caught:
        index.replace(BroadcastId("c"), [make_passage("c", 0, text)])
    assert "disk" in caught.value.hint
    assert index.search(PAIX).total == 2
    assert TantivyIndex(folder).search(PAIX).total == 2
    filler.unlink()
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert index.search(PAIX).total == 3
    assert not index.is_stale
    index.close()


def test_a_full_disk_fails_a_commit_and_the_old_state_answers_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        fill_and_free(disk / "index", disk / "filler")
        gc.collect()  # what the error remembers holds files open, and the disk in use


def test_many_commits_leave_few_segments(folder: Path, index: TantivyIndex) -> None:
    for number in range(30):
        index.replace(BroadcastId(f"c{number}"), [make_passage(f"c{number}", n) for n in range(3)])
    assert len(list((in_use(folder) / PASSAGES).glob("*.idx"))) <= 10
    assert index.count() == 92
    for number in range(30):
        index.remove(BroadcastId(f"c{number}"))
    assert index.count() == index.search(parse_query("")).total == 2


def test_a_search_that_takes_too_long_is_refused(folder: Path, index: TantivyIndex) -> None:
    with pytest.raises(BadQuery, match="costs too much"):
        TantivyIndex(folder, time_limit_s=0).search(PAIX)


def test_a_beginning_of_too_many_words_is_refused(index: TantivyIndex) -> None:
    text = " ".join(f"mot{number}" for number in range(1200))
    index.replace(BroadcastId("a"), [make_passage("a", text=text)])
    with pytest.raises(BadQuery, match="at most 1,000"):
        index.search(parse_query("mot*"))
    assert index.search(parse_query("mot11*")).total == 1


def test_of_a_phrase_that_stands_nowhere_no_more_misspellings_are_looked_up_than_tell_so(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def near(words: FiledWords, folded: str, close_among: CloseAmong) -> tuple[Neighbour, ...]:
        asked.append(folded)
        return look_up(words, folded, close_among)

    look_up = FiledWords.neighbours
    monkeypatch.setattr(FiledWords, "neighbours", near)
    weak = replace(make_passage("c", text="les accords de Kidal"), trust=Trust.MACHINE_WEAK)
    index.replace(BroadcastId("c"), [weak])
    assert not index.search(parse_query('"accords de zanzibar"')).total
    assert asked == ["zanzibar"]
    asked.clear()
    assert index.search(parse_query('"acords de kidol"')).total == 1
    assert set(asked) == {"acords", "kidol"}


def test_words_that_nobody_says_any_more_are_not_suggested(index: TantivyIndex) -> None:
    index.replace(BroadcastId("c"), [make_passage("c", text="gouvernement")])
    misspelt = parse_query("gouvernmnt")
    assert index.suggest(misspelt) == ("gouvernement",)
    index.rebuild([make_passage("a")])
    assert index.suggest(misspelt) == ()


def test_more_broadcasts_are_counted_than_tantivy_tells_apart_at_once(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_counts, "_MOST_VALUES", 8)
    index.rebuild([make_passage(f"{number:03}", part) for number in range(300) for part in (0, 1)])
    page = index.search(PAIX)
    assert (page.total, page.total_broadcasts) == (600, 300)


def test_other_pages_and_orders_have_the_counts_of_the_first_until_something_changes(
    index: TantivyIndex,
) -> None:
    index.rebuild([make_passage(f"{number:02}", text="la paix à Kidal") for number in range(30)])

    def ask(page: int, sort: Sort = Sort.RELEVANCE) -> IndexPage:
        return index.search(parse_query("paix", QueryFilters(page=page, sort=sort)), (KIDAL,))

    first, second, oldest = ask(1), ask(2), ask(1, Sort.OLDEST)
    assert len(first.hits) == len(oldest.hits) == 20
    assert len(second.hits) == 10
    assert replace(first, hits=()) == replace(second, hits=()) == replace(oldest, hits=())
    assert first.facets["name"] == (FacetCount(value="Kidal", count=30),)
    index.remove(BroadcastId("07"))
    assert ask(2).total_broadcasts == 29


def test_names_are_found_again_when_others_are_asked_for(index: TantivyIndex) -> None:
    index.replace(BroadcastId("c"), [make_passage("c", text="À Kidal.")])
    for names in ((KIDAL, GAO), (KIDAL,), (GAO, KIDAL)):
        assert index.search(Query(), names).facets["name"] == (FacetCount(value="Kidal", count=1),)
    assert index.search(Query(), (GAO,)).facets["name"] == ()


def test_in_a_large_index_names_are_looked_up_beside_the_searches(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_names, "LOOKED_UP_AT_ONCE", 0)
    names = (KIDAL,)

    def counted() -> int:
        return sum(each.count for each in index.search(Query(), names).facets["name"])

    index.replace(BroadcastId("c"), [make_passage("c", text="À Kidal.")])
    assert counted() == 1
    index.replace(BroadcastId("d"), [make_passage("d", text="Kidal encore.")])
    assert counted() == 1, "nobody waits"
    end = time.monotonic() + 60
    while counted() != 2:
        assert time.monotonic() < end, "the newest passage is never counted"
        time.sleep(0.01)


def test_a_passage_of_any_length_counts_as_its_length_and_a_constant() -> None:
    schema = make_schema()
    for words in (0, 1, 70, 3_000):
        document, terms = make_document(schema, make_passage("a", 0, "riz " * words))
        assert len(terms) == words
        assert document.num_fields >= 9


WRITER = """
import sys
from pathlib import Path
from typing import Any
from radio_archive.model import BroadcastId
from radio_archive.search.tantivy_index import TantivyIndex
from tests.contracts.indexes import make_passage
index = TantivyIndex(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10_000):
    name = f"broadcast{number}"
    index.replace(BroadcastId(name), [make_passage(name, n, f"la paix {number}") for n in range(5)])
    print(number, flush=True)
"""


def test_a_killed_writer_loses_no_commit_and_holds_no_lock(folder: Path) -> None:
    index = TantivyIndex(folder, lock_timeout_s=5)
    index.rebuild(())
    chance, acknowledged = random.Random(3), -1
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(acknowledged + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        end = time.monotonic() + chance.uniform(0.02, 0.5)
        while time.monotonic() < end:  # this process reads while that one writes
            assert index.search(PAIX).total % 5 == 0
        writer.send_signal(signal.SIGKILL)
        rest = [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        acknowledged = max([acknowledged, *rest])
        page = index.search(parse_query("", QueryFilters(page_size=100)))
        assert not index.is_stale
        assert page.total % 5 == 0
        assert page.total >= 5 * (acknowledged + 1)
        # one commit may be durable although the kill came before it was acknowledged
        assert page.total_broadcasts <= acknowledged + 2
    index.replace(BroadcastId("after"), [make_passage("after")])
    assert index.search(parse_query("language:fr paix")).total % 5 == 1
