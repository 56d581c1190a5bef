"""What only an index on disk can get wrong: kills, damage, two writers, many readers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.errors import BadInput, BadQuery, IndexBusy, SearchIndexError
from radio_archive.model import (
    BroadcastId,
    FacetCount,
    LanguageTag,
    Milliseconds,
    Passage,
    Query,
    SpokenName,
    Term,
)
from radio_archive.search import storage, vocabulary, whoosh_snapshot, whoosh_storage
from radio_archive.search.engines import open_index
from radio_archive.search.mentions import Terms
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.vocabulary import Numbers
from radio_archive.search.whoosh_codec import describe_schema, make_schema
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.search.whoosh_merging import MERGE_FACTOR
from radio_archive.search.whoosh_segment import SegmentArrays

PAIX = parse_query("paix")
KIDAL, GAO = (SpokenName(name=name, terms=(Term(words=(name,)),)) for name in ("Kidal", "Gao"))


def make_passage(broadcast: str, number: int = 0, text: str = "la paix") -> Passage:
    return Passage(
        broadcast_id=BroadcastId(broadcast),
        number=number,
        language=LanguageTag("fr"),
        start_ms=Milliseconds(0),
        end_ms=Milliseconds(1000),
        text=text,
        marks=(),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> WhooshIndex:
    index = WhooshIndex(folder, lock_timeout_s=0.2)
    index.rebuild([make_passage("a"), make_passage("b")])
    return index


def in_use(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()


def test_a_folder_without_an_index_is_stale_and_says_what_to_do(folder: Path) -> None:
    index = WhooshIndex(folder)
    assert index.is_stale
    for attempt in (
        lambda: index.search(PAIX),
        index.count,
        lambda: index.replace(BroadcastId("a"), [make_passage("a")]),
    ):
        with pytest.raises(SearchIndexError) as caught:
            attempt()
        assert "radio-archive reindex" in caught.value.hint


def test_an_index_is_still_there_when_opened_again(folder: Path, index: WhooshIndex) -> None:
    index.close()
    again = open_index(folder)
    assert again.count() == 2
    assert not again.is_stale


def test_a_closed_index_cannot_be_used(index: WhooshIndex) -> None:
    index.close()
    with pytest.raises(SearchIndexError, match="closed"):
        index.search(PAIX)


def test_there_are_no_engines_of_other_names(folder: Path) -> None:
    with pytest.raises(BadInput, match="lucene"):
        open_index(folder, "lucene")


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "FINGERPRINT"])
@pytest.mark.parametrize("harm", ["delete", "truncate", "empty"])
def test_a_damaged_index_is_stale_and_a_rebuild_mends_it(
    folder: Path, index: WhooshIndex, pattern: str, harm: str
) -> None:
    (path,) = in_use(folder).glob(pattern)
    if harm == "delete":
        path.unlink()
    else:
        os.truncate(path, 0 if harm == "empty" else path.stat().st_size // 2)
    fresh = WhooshIndex(folder)
    assert fresh.is_stale
    assert index.is_stale
    with pytest.raises(SearchIndexError, match=r"not indexed|damaged"):
        fresh.replace(BroadcastId("c"), [make_passage("c")])
    if pattern != "FINGERPRINT":
        with pytest.raises(SearchIndexError) as caught:
            fresh.search(PAIX)
        assert "radio-archive reindex" in caught.value.hint
    fresh.rebuild([make_passage("a")])
    assert not fresh.is_stale
    assert index.count() == fresh.count() == 1


def test_an_index_of_another_version_is_stale(folder: Path, index: WhooshIndex) -> None:
    (in_use(folder) / "FINGERPRINT").write_text("whoosh-2.7.4-of-another-time")
    assert index.is_stale


def test_an_index_without_one_of_the_columns_is_of_another_version() -> None:
    older = make_schema()
    older.remove("floor")
    assert describe_schema(older) != describe_schema(make_schema())


def test_a_folder_deleted_under_an_open_index_is_noticed(folder: Path, index: WhooshIndex) -> None:
    assert index.count() == 2
    shutil.rmtree(folder)
    assert index.is_stale
    with pytest.raises(SearchIndexError):
        index.search(PAIX)


def test_another_reader_sees_a_commit_at_its_next_search(folder: Path, index: WhooshIndex) -> None:
    reader = WhooshIndex(folder)
    assert reader.search(PAIX).total == 2
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert reader.search(PAIX).total == 3
    index.rebuild([make_passage("z")])
    assert reader.search(PAIX).total == 1
    assert [path.name for path in folder.glob("whoosh-*")] == [in_use(folder).name]


def test_the_old_index_answers_while_a_new_one_is_built(folder: Path, index: WhooshIndex) -> None:
    totals = []

    def passages() -> list[Passage]:
        totals.append(index.search(PAIX).total)
        return [make_passage("z")]

    index.rebuild(passage for made in [passages] for passage in made())
    assert totals == [2]
    assert index.search(PAIX).total == 1


def test_a_second_writer_waits_and_then_gives_up(folder: Path, index: WhooshIndex) -> None:
    with storage.writer_lock(folder, 0), pytest.raises(IndexBusy) as caught:
        index.replace(BroadcastId("c"), [make_passage("c")])
    assert caught.value.retryable
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert index.count() == 3


def test_code_that_seeds_chance_the_same_twice_does_no_harm(index: WhooshIndex) -> None:
    for number in range(3):
        random.seed(7)
        index.replace(BroadcastId(f"c{number}"), [make_passage(f"c{number}")])
    assert index.search(PAIX).total == 5


def test_a_commit_that_fails_changes_nothing_and_locks_nothing(
    folder: Path, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(whoosh_storage, "sync_file", full)
        with pytest.raises(SearchIndexError, match="No space left"):
            index.replace(BroadcastId("a"), [make_passage("a", text="autre chose")])
    assert index.search(PAIX).total == 2
    assert not index.is_stale
    index.replace(BroadcastId("c"), [make_passage("c")])
    assert WhooshIndex(folder).search(PAIX).total == 3
    assert not list(in_use(folder).glob("*.toc.*"))
    assert not list(in_use(folder).glob("*.tmp"))


def test_many_commits_leave_few_segments_and_no_deleted_passages(
    folder: Path, index: WhooshIndex
) -> None:
    for number in range(MERGE_FACTOR * 3):
        index.replace(BroadcastId(f"c{number}"), [make_passage(f"c{number}", n) for n in range(3)])
    assert len(list(in_use(folder).glob("*.seg"))) <= 2 * MERGE_FACTOR
    assert index.count() == 2 + MERGE_FACTOR * 9
    for number in range(MERGE_FACTOR * 3):
        index.remove(BroadcastId(f"c{number}"))
    assert index.count() == 2
    assert index.search(parse_query("")).total == 2


def test_a_search_that_takes_too_long_is_refused(folder: Path, index: WhooshIndex) -> None:
    hasty = WhooshIndex(folder, time_limit_s=0)
    with pytest.raises(BadQuery, match="costs too much"):
        hasty.search(PAIX)


def test_what_is_read_once_for_all_searches_is_not_counted_against_the_first(
    folder: Path, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.replace(BroadcastId("c"), [make_passage("c", text="une organisation")])
    limit_s = 1.0
    prepare = vocabulary.Vocabulary.prepare_close

    def prepare_slowly(self: vocabulary.Vocabulary) -> None:
        time.sleep(1.5 * limit_s)
        prepare(self)

    monkeypatch.setattr(vocabulary.Vocabulary, "prepare_close", prepare_slowly)
    patient = WhooshIndex(folder, time_limit_s=limit_s)
    misspelt = replace(parse_query("orgenisation"), is_close=True)
    assert patient.search(misspelt).total == 1


def test_looking_names_up_is_not_counted_against_a_search(folder: Path, index: WhooshIndex) -> None:
    index.replace(BroadcastId("c"), [make_passage("c", text="À Kidal.")])
    hasty = WhooshIndex(folder, time_limit_s=0)
    page = hasty.search(Query(), (KIDAL, GAO))
    assert page.facets["name"] == (FacetCount(value="Kidal", count=1),)
    assert hasty.search(Query(mentions=(KIDAL.terms,))).total == 1


def test_names_are_looked_up_again_only_where_something_changed(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[tuple[int, int]] = []
    find = whoosh_snapshot._find_holders

    def find_noisily(arrays: SegmentArrays, wanted: Sequence[Terms]) -> Mapping[Terms, Numbers]:
        looked_up.append((arrays.size, len(wanted)))
        return find(arrays, wanted)

    monkeypatch.setattr(whoosh_snapshot, "_find_holders", find_noisily)
    both, one, other = (KIDAL, GAO), (KIDAL,), (GAO, KIDAL)
    index.rebuild([make_passage("a", number, "À Kidal.") for number in range(3)])
    for names in (both, both, one, one, other):
        index.search(Query(), names)
    assert looked_up == [(3, 2), (3, 1)]
    index.replace(BroadcastId("b"), [make_passage("b", text="À Gao.")])
    assert index.search(Query(), other).facets["name"][0] == FacetCount(value="Kidal", count=3)
    assert looked_up[2:] == [(1, 2)]


def test_a_beginning_of_too_many_words_is_refused(index: WhooshIndex) -> None:
    text = " ".join(f"mot{number}" for number in range(1200))
    index.replace(BroadcastId("a"), [make_passage("a", text=text)])
    with pytest.raises(BadQuery, match="at most 1,000"):
        index.search(parse_query("mot*"))
    assert index.search(parse_query("mot11*")).total == 1


def test_words_beyond_the_last_position_are_still_found(index: WhooshIndex) -> None:
    index.replace(BroadcastId("a"), [make_passage("a", text="mot " * 70_000 + "enfin")])
    assert index.search(parse_query("enfin")).total == 1
    assert index.search(parse_query("mot")).total == 1


def test_threads_search_while_one_writes(index: WhooshIndex) -> None:
    errors: list[BaseException] = []
    totals: list[int] = []
    is_over = threading.Event()

    def search() -> None:
        try:
            while not is_over.is_set():
                found = index.search(parse_query("paix pai*", QueryFilters(page_size=50)))
                totals.append(found.total)
                assert found.total == found.facets["language"][0].count
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        index.replace(BroadcastId(f"c{number}"), [make_passage(f"c{number}")])
    is_over.set()
    for thread in threads:
        thread.join()
    assert not errors
    assert index.search(PAIX).total == 22
    assert set(totals) <= set(range(2, 23))


WRITER = """
import sys
from pathlib import Path
from radio_archive.model import BroadcastId, LanguageTag, Milliseconds, Passage
from radio_archive.search.whoosh_index import WhooshIndex

index = WhooshIndex(Path(sys.argv[1]), lock_timeout_s=5)
for number in range(int(sys.argv[2]), 10_000):
    name = BroadcastId(f"b{number:05d}")
    index.replace(name, [
        Passage(broadcast_id=name, number=n, language=LanguageTag("fr"), text=f"la paix {number}",
                start_ms=Milliseconds(0), end_ms=Milliseconds(1), marks=())
        for n in range(5)
    ])
    print(number, flush=True)
"""


def test_a_killed_writer_loses_no_commit_and_holds_no_lock(folder: Path) -> None:
    index = WhooshIndex(folder, lock_timeout_s=5)
    index.rebuild(())
    chance, acknowledged = random.Random(3), -1
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(acknowledged + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.02, 0.3))
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


def test_a_killed_rebuild_leaves_the_old_index_and_is_cleared_away(
    folder: Path, index: WhooshIndex
) -> None:
    (folder / "whoosh-000009").mkdir()
    (folder / "whoosh-000009" / "MAIN_half.seg").write_bytes(b"half")
    assert index.count() == 2
    index.rebuild([make_passage("z")])
    assert in_use(folder).name == "whoosh-000010"
    assert [path.name for path in folder.glob("whoosh-*")] == ["whoosh-000010"]
