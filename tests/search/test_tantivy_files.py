"""Files of a Tantivy index that do not hold what they should, and those nobody needs any more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import tantivy
from tests.contracts.indexes import make_passage

from radio_archive.errors import SearchIndexError
from radio_archive.model import BroadcastId
from radio_archive.search import storage
from radio_archive.search.query import parse_query
from radio_archive.search.tantivy_files import PASSAGES, WORDS, require_sound
from radio_archive.search.tantivy_index import TantivyIndex, _Build
from radio_archive.search.tantivy_snapshot import Snapshot

PAIX = parse_query("paix")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> TantivyIndex:
    index = TantivyIndex(folder, lock_timeout_s=0.2)
    index.rebuild([make_passage("a", 0, "la paix"), make_passage("b", 0, "la paix")])
    return index


def in_use(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text().strip()


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "zeros": lambda data: bytes(len(data)),
    "ones": lambda data: b"\xff" * len(data),
    "backwards": lambda data: data[::-1],
}


@pytest.mark.parametrize("part", [PASSAGES, WORDS])
@pytest.mark.parametrize("pattern", ["*.term", "*.idx", "*.fast"])
@pytest.mark.parametrize("harm", HARMS)
def test_an_index_whose_disk_lost_what_lies_inside_its_files_is_stale_once_a_search_meets_it(
    folder: Path, part: str, pattern: str, harm: str
) -> None:
    TantivyIndex(folder).rebuild(
        [make_passage(f"b{n}", 0, f"riz mil mot{n} gouvernement") for n in range(50)]
    )
    for file in (in_use(folder) / part).glob(pattern):
        data = file.read_bytes()
        first, last = len(data) // 4, len(data) * 3 // 4
        file.write_bytes(data[:first] + HARMS[harm](data[first:last]) + data[last:])
    index = TantivyIndex(folder)
    for typed in ("riz", '"riz mil"', "gouvernmant", ""):
        with suppress(SearchIndexError):
            index.search(parse_query(typed))
            index.suggest(parse_query(typed))
    assert index.is_stale
    with pytest.raises(ValueError, match=r"does not hold what was written"):
        require_sound(in_use(folder))


def test_a_fault_of_ours_while_searching_condemns_no_sound_index(
    folder: Path, index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.remove(BroadcastId("b"))
    require_sound(in_use(folder))

    def fail(*_: object) -> None:
        raise TypeError

    with monkeypatch.context() as patched:
        patched.setattr(Snapshot, "find", fail)
        with pytest.raises(TypeError):
            index.search(PAIX)
    assert not index.is_stale
    assert index.search(PAIX).total == 1


def test_what_a_killed_commit_left_of_its_deletions_stands_in_nobodys_way(
    folder: Path, index: TantivyIndex
) -> None:
    with storage.writer_lock(folder, 1):  # both in one segment, which is kept where one goes
        build = _Build(in_use(folder), index._schema, index._words_schema)
        build.commit([make_passage("c", 0, "la paix"), make_passage("d", 0, "la paix")])
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    TantivyIndex(copy).replace(BroadcastId("c"), [make_passage("c", 0, "riz")])
    [left] = (in_use(copy) / PASSAGES).glob("*.del")
    shutil.copy(left, in_use(folder) / PASSAGES)  # written before the list of segments is
    for name in "cd":
        index.replace(BroadcastId(name), [make_passage(name, 0, "gao")])
    assert index.search(parse_query("gao")).total == 2
    assert index.count() == 4


def test_a_new_index_for_which_the_disk_has_no_room_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(tantivy, "Index", fail)
        with pytest.raises(SearchIndexError, match="could not be built") as caught:
            TantivyIndex(folder).rebuild([make_passage("a", 0, "la paix")])
    assert "disk" in caught.value.hint
