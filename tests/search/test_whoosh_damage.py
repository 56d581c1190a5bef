"""An index that is deleted, damaged, or on a disk that is full, while it is in use."""

from __future__ import annotations

import contextlib
import gc
import shutil
import zlib
from pathlib import Path

import pytest
from tests.search.test_whoosh_index import PAIX, make_passage
from tests.support.disks import small_disk

from radio_archive.errors import NotIndexable, SearchIndexError
from radio_archive.model import BroadcastId
from radio_archive.search import whoosh_index
from radio_archive.search.storage import get_current
from radio_archive.search.whoosh_index import WhooshIndex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> WhooshIndex:
    """Two passages about peace."""
    index = WhooshIndex(folder)
    index.rebuild([make_passage("a"), make_passage("b")])
    return index


def test_an_index_deleted_under_an_open_reader_and_rebuilt_is_read_anew(
    folder: Path, index: WhooshIndex
) -> None:
    assert index.count() == 2
    shutil.rmtree(get_current(folder, "whoosh"))
    WhooshIndex(folder).rebuild([make_passage("a")])
    assert not index.is_stale
    assert index.count() == 1


def test_damage_met_while_searching_has_the_index_rebuilt(
    folder: Path, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_arguments: object) -> None:
        raise zlib.error("incorrect data check")

    with monkeypatch.context() as patch:
        patch.setattr(whoosh_index, "_find", damaged)
        with pytest.raises(SearchIndexError, match="damaged"):
            index.search(PAIX)
    assert index.is_stale
    assert WhooshIndex(folder).is_stale


def test_a_disk_that_is_full_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        index = WhooshIndex(disk / "index")
        index.rebuild([make_passage("a")])
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 1024)
        for attempt in (
            lambda: index.rebuild([make_passage("a"), make_passage("b")]),
            lambda: index.replace(BroadcastId("b"), [make_passage("b")]),
        ):
            with pytest.raises(SearchIndexError, match=r"No space left.*Make room"):
                attempt()
            gc.collect()  # files that the failed commit held open
        assert index.search(PAIX).total == 1
        filler.unlink()
        index.replace(BroadcastId("b"), [make_passage("b")])
        assert index.search(PAIX).total == 2
        index.close()


def test_a_passage_that_cannot_be_indexed_is_no_outage(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("a passage nobody foresaw")

    with monkeypatch.context() as patch:
        patch.setattr(whoosh_index, "_document", broken)
        with pytest.raises(NotIndexable, match="nobody foresaw") as caught:
            index.replace(BroadcastId("c"), [make_passage("c")])
    assert not caught.value.is_outage
    assert not index.is_stale
