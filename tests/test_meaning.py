"""Search by meaning in a whole archive: merged in, named, switched off, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.answers import search_answer
from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadSettings
from radio_archive.meaning import fuse, serves, words_of
from radio_archive.model import Band, BroadcastId, Match, Origin, Sort, Term
from radio_archive.search import whoosh_merging
from radio_archive.search.meaning.encoder import find_encoder
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.web import create_app
from tests.relevance import texts
from tests.relevance.station import Station, open_station
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

needs_extra = pytest.mark.skipif(
    find_encoder() is None, reason="the extra `meaning` is not installed"
)
QUESTION = "is organised crime a threat for Mali"
OFF = SearchOptions(without=("meaning",))
#: names and translations off: what is left is found by meaning alone
ONLY_MEANING = SearchOptions(without=("organised-crime-translation", "organised-crime-alias"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    home = tmp_path_factory.mktemp("meaning")
    with open_station(home, list(texts.samples()), ("fr", "en")) as station:
        yield station


def stock(archive: Archive, catalogue: Catalogue) -> BroadcastId:
    """One broadcast, indexed."""
    broadcast_id = put_broadcast(catalogue)
    said = make_transcript("Le crime organisé menace-t-il le Mali ? C'est notre question.")
    add_transcript(catalogue, broadcast_id, said)
    archive.reindex()
    return broadcast_id


def check(archive: Archive) -> tuple[bool, str, str]:
    """What `doctor` says of search by meaning."""
    (found,) = [each for each in archive.doctor() if each.name == "meaning"]
    return found.is_ok, found.finding, found.remedy


def ids(*names: str) -> list[BroadcastId]:
    return [BroadcastId(name) for name in names]


def test_ranks_are_fused_by_the_sum_of_their_reciprocals() -> None:
    # b: 1/62 + 1/61 = 0.0325, a: 1/61 + 1/63 = 0.0323, d: 1/62 = 0.0161, c: 1/63
    assert fuse([ids("a", "b", "c"), ids("b", "d", "a")]) == ids("b", "a", "d", "c")
    assert fuse([ids("a", "b"), ids("c", "d")]) == ids("a", "c", "b", "d")
    assert fuse([[], ids("c", "d")]) == ids("c", "d")


@pytest.mark.parametrize("text", [QUESTION, "prix du riz language:fr", "crime organisé mali"])
def test_it_serves_plain_words(text: str) -> None:
    assert serves(parse_query(text))


@pytest.mark.parametrize(
    "text",
    ["riz", "'\"crime organisé\" mali'", "riz OR mil prix", "prix malien*", "prix riz -mil", ""],
)
def test_it_stays_away_where_somebody_says_what_must_be_there(text: str) -> None:
    assert not serves(parse_query(text.strip("'")))


def test_it_stays_away_where_a_name_must_be_mentioned() -> None:
    name = (Term(words=("Gao",)),)
    assert not serves(replace(parse_query(QUESTION), mentions=(name,)))


def test_it_stays_away_from_one_spelling_and_from_dates() -> None:
    assert not serves(parse_query(QUESTION, QueryFilters(is_exact_only=True)))
    assert not serves(parse_query(QUESTION, QueryFilters(sort=Sort.NEWEST)))


def test_only_the_words_typed_are_compared() -> None:
    assert words_of(parse_query("prix riz language:fr after:2014")) == "prix riz"


@needs_extra
def test_an_english_question_finds_the_french_debate_by_meaning_alone(station: Station) -> None:
    page = station.archive.search(QUESTION, ONLY_MEANING)
    first = page.broadcasts[0]
    assert first.broadcast.title == "2014-10-16-grand-dialogue"
    assert {hit.match for hit in first.hits} == {Match.MEANING}
    assert any("crime organisé" in hit.text for hit in first.hits)
    assert page.total == sum(len(group.hits) for group in page.broadcasts)
    assert all(hit.highlights == () and 0.3 <= hit.score <= 1 for hit in first.hits)
    (added,) = page.query.expansions
    assert (added.id, added.origin, added.typed) == ("meaning", Origin.MEANING, QUESTION)


@needs_extra
def test_it_is_switched_off_by_its_id_and_with_everything(station: Station) -> None:
    for without in (("meaning",), ("all",)):
        page = station.archive.search(QUESTION, SearchOptions(without=without))
        assert page.total == 0
        assert "meaning" not in [added.id for added in page.query.expansions]


@needs_extra
def test_what_holds_the_words_stays_a_hit_by_words(station: Station) -> None:
    with_it = station.archive.search("organised crime")
    without = station.archive.search("organised crime", OFF)
    assert "meaning" in [added.id for added in with_it.query.expansions]
    assert with_it.broadcasts[0].hits[: len(without.broadcasts[0].hits)] == (
        without.broadcasts[0].hits
    )


@needs_extra
@pytest.mark.parametrize("filters", ["language:bm", "programme:nothing", "before:2014"])
def test_filters_keep_it_out(station: Station, filters: str) -> None:
    assert station.archive.search(f"{QUESTION} {filters}").total == 0


@needs_extra
def test_a_floor_of_trust_keeps_out_what_does_not_reach_it(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path), meaning_languages=("fr",))
    with bare_archive(tmp_path) as (_, catalogue), open_archive(settings) as archive:
        broadcast_id = stock(archive, catalogue)
        said = make_transcript("Le crime organisé menace-t-il le Mali ? C'est notre question.")
        for band, total in ((Band.GOOD, 1), (Band.WEAK, 0)):
            segments = tuple(replace(segment, band=band) for segment in said.segments)
            add_transcript(catalogue, broadcast_id, replace(said, segments=segments))
            archive.reindex()
            assert archive.search(QUESTION, ONLY_MEANING).total == 1
            assert archive.search(f"{QUESTION} trust:good", ONLY_MEANING).total == total


@needs_extra
def test_other_pages_count_its_hits_and_do_not_repeat_them(station: Station) -> None:
    page = station.archive.search(QUESTION, replace(ONLY_MEANING, page=2))
    assert page.total == station.archive.search(QUESTION, ONLY_MEANING).total
    assert page.broadcasts == ()


@needs_extra
def test_the_page_and_the_answer_label_it_and_offer_the_switch(station: Station) -> None:
    page = station.archive.search(QUESTION, ONLY_MEANING)
    answer = str(search_answer(page))
    assert "'match': 'meaning'" in answer
    assert "'origin': 'meaning'" in answer
    with TestClient(create_app(station.archive)) as client:
        shown = client.get("/search", params={"q": QUESTION}).text
        assert "sens proche" in shown
        assert "without=meaning" in shown
        off = client.get("/search", params={"q": QUESTION, "without": "meaning"}).text
        assert "Aucun passage trouvé" in off
        assert client.get("/api/v1/search", params={"q": QUESTION}).json()["total"] == page.total


@needs_extra
def test_a_broken_file_leaves_the_search_by_words_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(settings_for(tmp_path), meaning_languages=("fr",))
    with bare_archive(tmp_path) as (_, catalogue), open_archive(settings) as archive:
        stock(archive, catalogue)
        assert check(archive) == (True, "1 passages of 1 broadcasts.", "")
        (path,) = (tmp_path / "index").glob("meaning-*")
        path.write_bytes(b"")
        (tmp_path / "index" / "meaning.json").touch()
        assert archive.search("crime organisé").total == 1
        assert "no search by meaning" in caplog.text
        is_ok, _, remedy = check(archive)
        assert not is_ok
        assert "radio-archive reindex" in remedy
        archive.reindex(if_needed=True)
        assert check(archive)[0]


@needs_extra
def test_what_texts_mean_is_kept_where_the_index_is_only_scattered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (tmp_path / "index").glob("meaning-*")}

    settings = replace(settings_for(tmp_path), meaning_languages=("fr",))
    with bare_archive(tmp_path) as (_, catalogue), open_archive(settings) as archive:
        stock(archive, catalogue)
        worked_out = files()
        assert archive.renew_index(lambda: False) is None
        monkeypatch.setattr(whoosh_merging, "MOST_SMALL", 0)
        assert archive.renew_index(lambda: False) == 1
        assert worked_out
        assert files() == worked_out
        assert archive.search(QUESTION, ONLY_MEANING).total == 1
        archive.reindex()
        assert files() != worked_out


@needs_extra
def test_a_text_replaced_since_is_not_shown(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path), meaning_languages=("fr",))
    with bare_archive(tmp_path) as (_, catalogue), open_archive(settings) as archive:
        broadcast_id = stock(archive, catalogue)
        assert archive.search(QUESTION, ONLY_MEANING).total == 1
        other = make_transcript("La récolte du mil a commencé dans les champs.")
        add_transcript(catalogue, broadcast_id, other)
        assert archive.search(QUESTION, ONLY_MEANING).total == 0
        assert check(archive)[1] == "1 of 1 broadcasts are missing."
        archive.plan()
        while (job := archive.claim()) is not None:
            archive.run(job, lambda job, progress: None, lambda: False)
        assert check(archive)[0]


def test_without_the_setting_nothing_is_built_or_searched(tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (archive, catalogue):
        stock(archive, catalogue)
        assert archive.search(QUESTION, ONLY_MEANING).total == 0
        assert not list((tmp_path / "index").glob("meaning*"))
        assert "meaning" not in [check.name for check in archive.doctor()]


def test_without_the_extra_words_are_searched_and_doctor_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio_archive.wiring.find_encoder", lambda: None)
    settings = replace(settings_for(tmp_path), meaning_languages=("fr",))
    with bare_archive(tmp_path) as (_, catalogue), open_archive(settings) as archive:
        stock(archive, catalogue)
        assert archive.search("crime organisé").total == 1
        assert check(archive)[2] == "pip install 'radio-archive[meaning]'"


def test_a_language_it_was_not_shown_to_serve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="bm"):
        open_archive(replace(settings_for(tmp_path), meaning_languages=("fr", "bam")))
