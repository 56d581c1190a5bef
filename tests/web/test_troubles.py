"""Search, sound or catalogue away: what is left goes on, and says what is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive import condition, standby
from radio_archive.archive import Archive, open_archive
from radio_archive.moving import move_catalogue
from radio_archive.web import create_app
from tests.support.postgresql import PostgresqlServer
from tests.web.stocking import Stock, stock_archive

FRENCH = {"accept": "text/html", "accept-language": "fr"}
ENGLISH = {"accept": "text/html", "accept-language": "en"}
REPAIRED = {"fr": "La recherche est en cours de réparation", "en": "The search is being repaired"}
SILENT = {"fr": "Le son n’est pas disponible", "en": "The sound is not available"}


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    with stock_archive(tmp_path_factory.mktemp("troubled")) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client
    stock.archive.reindex()
    stock.archive.look()


def index_folder(stock: Stock) -> Path:
    [folder] = [each for each in stock.archive.settings.index_dir.iterdir() if each.is_dir()]
    return folder


def banners(text: str) -> list[str]:
    return [
        each.text_content() for each in lxml.html.fromstring(text).xpath("//*[@class='trouble']")
    ]


@contextmanager
def moved_away(path: Path) -> Iterator[None]:
    aside = path.with_name(f"{path.name}-away")
    path.rename(aside)
    path.mkdir()  # as a disk that is not mounted
    try:
        yield
    finally:
        shutil.rmtree(path)
        aside.rename(path)


def lose(folder: Path) -> None:
    shutil.rmtree(folder)


def cut(folder: Path) -> None:
    for path in folder.glob("*.seg"):
        path.write_bytes(path.read_bytes()[:100])


def scribble(folder: Path) -> None:
    """Damage that only shows when the inside is read: lengths stay as they were."""
    for path in folder.glob("*.toc"):
        path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize("harm", [lose, cut, scribble])
def test_without_its_index_the_search_says_so_and_all_else_goes_on(
    stock: Stock, harm: Callable[[Path], None]
) -> None:
    stock.archive.reindex()
    harm(index_folder(stock))
    with open_archive(stock.archive.settings) as archive, TestClient(create_app(archive)) as client:
        _go_without_search(client, stock)
        assert archive.mend_index()
        assert client.get("/readyz").status_code == 200
        answer = client.get("/search?q=riz", headers=FRENCH)
        assert answer.status_code == 200
        assert banners(answer.text) == []
        assert "archive-degraded" not in answer.headers


def test_an_index_deleted_under_a_running_server_is_missed_and_found_again(
    client: TestClient, stock: Stock
) -> None:
    lose(index_folder(stock))
    _go_without_search(client, stock)
    assert stock.archive.mend_index()
    assert client.get("/readyz").status_code == 200
    answer = client.get("/search?q=riz", headers=FRENCH)
    assert answer.status_code == 200
    assert banners(answer.text) == []


def _go_without_search(client: TestClient, stock: Stock) -> None:
    for headers, language in ((FRENCH, "fr"), (ENGLISH, "en")):
        answer = client.get("/search?q=riz", headers=headers)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert REPAIRED[language] in answer.text
        assert str(stock.archive.settings.home) not in answer.text
    answer = client.get("/api/v1/search?q=riz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["error"]["code"] == "index_failed"
    assert str(stock.archive.settings.home) not in answer.text

    page = client.get(f"/broadcasts/{stock.debate}?q=riz", headers=FRENCH)
    assert page.status_code == 200
    assert any(REPAIRED["fr"] in text for text in banners(page.text))
    assert page.headers["archive-degraded"] == "search"
    assert client.get(f"/media/{stock.debate}.mp3").status_code == 200
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["parts"] == {"catalogue": "ok", "search": "down", "sound": "ok"}


def test_an_index_of_another_version_still_answers_and_says_that_it_may_lack_something(
    client: TestClient, stock: Stock
) -> None:
    (index_folder(stock) / "FINGERPRINT").write_text("whoosh-1", "utf-8")
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["parts"]["search"] == "degraded"
    answer = client.get("/search?q=riz", headers=FRENCH)
    assert answer.status_code == 200
    assert [text for text in banners(answer.text) if "peuvent manquer" in text]


def test_without_its_sound_the_archive_is_read_and_searched(
    client: TestClient, stock: Stock
) -> None:
    media = stock.archive.settings.media_dir
    with moved_away(media / "recordings"), moved_away(media / "renditions"):
        answer = client.get(f"/media/{stock.debate}.mp3", headers={"range": "bytes=0-9"})
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        for headers, language in ((FRENCH, "fr"), (ENGLISH, "en")):
            page = client.get(f"/broadcasts/{stock.debate}", headers=headers)
            assert page.status_code == 200
            assert any(SILENT[language] in text for text in banners(page.text))
        assert client.get("/search?q=riz").status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["parts"]["sound"] == "down"
    assert client.get("/readyz").json()["parts"]["sound"] == "ok"
    assert banners(client.get(f"/broadcasts/{stock.debate}").text) == []
    assert client.get(f"/media/{stock.debate}.mp3").status_code == 200


def test_what_nobody_met_is_found_by_looking_now_and_then(
    client: TestClient, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "LOOK_S", 0.0)
    media = stock.archive.settings.media_dir
    with moved_away(media / "recordings"):
        found = (banners(client.get("/", headers=ENGLISH).text) for _ in range(200))
        assert any(SILENT["en"] in text for texts in found for text in texts)


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresqlServer]:
    with PostgresqlServer.find_or_skip() as server:
        yield server


@contextmanager
def served_from(stock: Stock, url: str, replica_url: str = "") -> Iterator[TestClient]:
    settings = replace(stock.archive.settings, database_url=url, database_replica_url=replica_url)
    with open_archive(settings, may_lag=True) as archive, TestClient(create_app(archive)) as client:
        yield client


@pytest.fixture(scope="module")
def on_postgresql(stock: Stock, primary: PostgresqlServer) -> Archive:
    """The same station, its catalogue on a server."""
    move_catalogue(stock.archive.settings, primary.url, lambda *_: None)
    return stock.archive


def test_without_its_catalogue_the_archive_asks_for_patience_and_recovers_by_itself(
    stock: Stock,
    primary: PostgresqlServer,
    on_postgresql: Archive,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with served_from(stock, primary.url) as client:
        assert client.get(f"/broadcasts/{stock.debate}").status_code == 200
        primary.stop("immediate")
        try:
            for url in ("/", "/search?q=riz", f"/broadcasts/{stock.debate}"):
                for headers, words in ((FRENCH, "pour l’instant"), (ENGLISH, "at the moment")):
                    answer = client.get(url, headers=headers)
                    assert answer.status_code == 503
                    assert answer.headers["retry-after"]
                    assert words in answer.text
                    assert "127.0.0.1" not in answer.text
            answer = client.get("/api/v1/search?q=riz")
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "catalogue_unavailable"
            assert "127.0.0.1" not in answer.text
            assert client.get(f"/media/{stock.debate}.mp3").status_code == 503
            assert client.get("/healthz").status_code == 200
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["parts"]["catalogue"] == "down"
            refused = [each for each in caplog.records if each.name == "radio_archive.web.errors"]
            assert refused
            assert all(each.exc_info is None for each in refused)  # a line each, no traceback
        finally:
            primary.start()
        assert client.get("/readyz").status_code == 200
        answer = client.get("/search?q=riz", headers=FRENCH)
        assert answer.status_code == 200
        assert banners(answer.text) == []


def test_with_a_replica_readers_go_on_and_are_told_that_it_is_the_state_of_a_moment_ago(
    stock: Stock,
    primary: PostgresqlServer,
    on_postgresql: Archive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.5)
    with (
        primary.replica() as replica,
        served_from(stock, primary.url, replica.url) as client,
    ):
        primary.wait_for(replica)
        before = client.get("/api/v1/search?q=riz").json()
        primary.stop()
        try:
            for url in ("/", "/search?q=riz", f"/broadcasts/{stock.debate}"):
                answer = client.get(url, headers=FRENCH)
                assert answer.status_code == 200
                assert any("il y a un instant" in text for text in banners(answer.text))
            answer = client.get("/api/v1/search?q=riz")
            assert answer.headers["archive-degraded"] == "catalogue"
            assert answer.json()["broadcasts"] == before["broadcasts"]
            assert client.get(f"/media/{stock.debate}.mp3").status_code == 200
            assert client.get("/readyz").json()["parts"]["catalogue"] == "degraded"
            with served_from(stock, primary.url, replica.url) as late:
                assert late.get("/search?q=riz").status_code == 200
        finally:
            primary.start()
        monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.0)
        assert client.get("/readyz").status_code == 200
        ready = [client.get("/readyz").json()["parts"]["catalogue"] for _ in range(100)]
        assert ready[-1] == "ok"
