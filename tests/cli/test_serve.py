"""What ``serve`` does before anybody asks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from radio_archive import wiring
from radio_archive.archive import Archive, open_archive
from radio_archive.cli import serve
from radio_archive.cli.screen import Screen
from radio_archive.cli.warming import warmed_up
from radio_archive.languages import lexicon, names
from radio_archive.settings import Settings


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(Settings(home=tmp_path)) as archive:
        archive.mend_index()
        yield archive


def never_again(*_: object) -> NoReturn:
    raise AssertionError("this was to be read before the first search")


def test_the_first_search_finds_names_news_words_and_index_already_read(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with warmed_up(archive):
        pass
    monkeypatch.setattr(names, "Lookup", never_again)
    monkeypatch.setattr(lexicon, "Lookup", never_again)
    monkeypatch.setattr(wiring, "open_index", never_again)

    page = archive.search("organised crime")

    assert {each.origin.value for each in page.query.expansions} == {"alias", "translation"}


def test_a_damaged_index_does_not_keep_the_server_from_starting(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    (archive.settings.index_dir / "CURRENT").write_text("nothing", encoding="utf-8")

    with warmed_up(archive):
        pass

    assert "the first search will be slow" in caplog.text
    assert "radio-archive reindex" in caplog.text


def test_an_index_deleted_under_the_server_is_rebuilt_by_itself(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_MENDING_S", 0.1)
    with serve._mending(archive, Screen(is_quiet=True)):
        for folder in archive.settings.index_dir.glob("whoosh-*"):
            shutil.rmtree(folder.rename(folder.with_name("gone")))
        end = time.monotonic() + 30
        while archive.look():
            assert time.monotonic() < end, "nobody mends it"
            time.sleep(0.05)
    assert archive.search("mali").total == 0
