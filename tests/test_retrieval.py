"""What a search answers when nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from radio_archive.archive import Archive, SearchOptions
from radio_archive.catalogue.titles import Titles
from radio_archive.model import Broadcast, Query
from radio_archive.search.query import MAX_CHARACTERS
from tests.support.making import make_new_broadcast, make_transcript
from tests.web.stocking import add_transcript, bare_archive, run_jobs


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home: Path = tmp_path_factory.mktemp("retrieval")
    with bare_archive(home) as (archive, catalogue):
        for guid, text in (("one", "Le contrebandier de Gao."), ("two", "La sécheresse à Kayes.")):
            found, _ = catalogue.broadcasts.put(make_new_broadcast(guid))
            add_transcript(catalogue, found, make_transcript(text))
        run_jobs(archive)
        yield archive


def suggestions(archive: Archive, text: str, **options: str) -> tuple[str, ...]:
    return archive.search(text, SearchOptions(**options)).suggestions  # type: ignore[arg-type]


def test_a_spelling_that_finds_something_is_suggested(archive: Archive) -> None:
    assert suggestions(archive, "contrabandiste Gao") == ("contrebandier Gao",)


def test_spellings_that_are_never_said_together_are_not(archive: Archive) -> None:
    assert suggestions(archive, "contrabandiste Kayes") == ()


def test_a_spelling_too_long_to_be_typed_is_not_suggested_and_no_error(archive: Archive) -> None:
    near, exactly = "contrebadier", SearchOptions(is_exact_only=True)
    assert archive.search(f"{near} Gao", exactly).suggestions == ("contrebandier Gao",)
    full = f"{near}{' ' * (MAX_CHARACTERS - len(near) - len('Gao'))}Gao"
    assert archive.search(full, exactly).suggestions == ()


def test_a_name_that_must_be_mentioned_holds_for_suggestions_too(archive: Archive) -> None:
    search = SearchOptions(names=("Kayes",))
    assert archive.search("contrabandiste", search).suggestions == ()
    assert archive.search("contrabandiste", SearchOptions(names=("Gao",))).suggestions


def test_nor_are_those_that_the_filters_leave_out(archive: Archive) -> None:
    assert suggestions(archive, "contrabandiste", aired_to="2001") == ()


def test_titles_are_looked_up_once_though_close_spellings_are_tried_after(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Query] = []
    find = Titles.find

    def counted(titles: Titles, query: Query, limit: int = 10) -> tuple[Broadcast, ...]:
        asked.append(query)
        return find(titles, query, limit)

    monkeypatch.setattr(Titles, "find", counted)
    page = archive.search("contrebandjer", SearchOptions())
    assert page.is_close
    assert page.broadcasts
    assert len(asked) == 1
