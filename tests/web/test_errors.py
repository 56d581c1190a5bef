"""One shape for every error, on every address."""

from __future__ import annotations

import logging

import lxml.html
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from radio_archive import errors
from radio_archive.archive import Archive
from radio_archive.web import create_app
from radio_archive.web.app import ROUTES
from radio_archive.web.errors import STATUS, FormTooLarge, Stopping, TooBusy, status_of
from tests.web.stocking import Stock

ABSENT = "0000000000000000"

#: every address of the table -> a request that works, one that fails, and its status
VISITS = {
    "/": ("/", "/?" + "x" * 11_000, 400),
    "/search": ("/search?q=riz", "/search?q=riz&page=0", 400),
    "/search/trend": ("/search/trend?q=riz", "/search/trend?q=", 400),
    "/api/v1/trend": ("/api/v1/trend?q=riz", "/api/v1/trend?q=ab*", 400),
    "/embed/{id}": ("/embed/{debate}?start=1&end=9", "/embed/{debate}?start=9&end=1", 400),
    "/broadcasts/{id}": ("/broadcasts/{debate}", f"/broadcasts/{ABSENT}", 404),
    "/broadcasts/{id}/transcript.{extension}": (
        "/broadcasts/{debate}/transcript.vtt",
        "/broadcasts/{debate}/transcript.exe",
        400,
    ),
    "/programmes/{id}": ("/programmes/journal", "/programmes/none", 404),
    "/languages/{tag}": ("/languages/fr", "/languages/dts", 404),
    "/media/{broadcast}.{extension}": ("/media/{debate}.mp3", "/media/{silent}.mp3", 404),
    "/static/{name}": (None, "/static/none.css", 404),
    "/api/v1/search": ("/api/v1/search?q=riz", "/api/v1/search?q=ab*", 400),
    "/api/v1/coverage": ("/api/v1/coverage?language=fr", "/api/v1/coverage?from=hier", 400),
    "/api/v1/broadcasts/{id}": ("/api/v1/broadcasts/{debate}", f"/api/v1/broadcasts/{ABSENT}", 404),
    "/api/v1/broadcasts/{id}/transcript": (
        "/api/v1/broadcasts/{debate}/transcript",
        "/api/v1/broadcasts/{kibaruw}/transcript",
        404,
    ),
    "/api/v1/glossary": ("/api/v1/glossary", "/api/v1/glossary?language=qqqq", 400),
    "/api/v1/quotes/{id}": (
        "/api/v1/quotes/{debate}?start=1.2&end=4",
        "/api/v1/quotes/{debate}?start=4&end=1.2",
        400,
    ),
    "/api/v1/openapi.json": ("/api/v1/openapi.json", "/api/v1/openapi.json?" + "x" * 11_000, 400),
    "/api/v1/broadcasts/{id}/corrections": (
        "/api/v1/broadcasts/{debate}/corrections",
        f"/api/v1/broadcasts/{ABSENT}/corrections",
        404,
    ),
    "/api/v1/broadcasts/{id}/corrections/{edit}/undo": (
        None,
        "/api/v1/broadcasts/{debate}/corrections/1/undo",
        405,
    ),
    "/broadcasts/{id}/correct": (
        "/broadcasts/{debate}/correct",
        f"/broadcasts/{ABSENT}/correct",
        404,
    ),
    "/broadcasts/{id}/correct/draft": (None, "/broadcasts/{debate}/correct/draft", 405),
    "/broadcasts/{id}/history": (
        "/broadcasts/{debate}/history",
        f"/broadcasts/{ABSENT}/history",
        404,
    ),
    "/broadcasts/{id}/versions/{version:int}": (
        None,
        "/broadcasts/{debate}/versions/1",
        404,
    ),
    "/broadcasts/{id}/withdraw": (
        "/broadcasts/{debate}/withdraw",
        f"/broadcasts/{ABSENT}/withdraw",
        404,
    ),
    "/sign-in": ("/sign-in", "/sign-in?" + "x" * 11_000, 400),
    "/sign-out": (None, "/sign-out", 405),
    "/tasks": ("/tasks", "/tasks?" + "x" * 11_000, 400),
    "/glossary": ("/glossary", "/glossary?" + "x" * 11_000, 400),
    "/glossary/{entry:int}": ("/glossary/1", "/glossary/999", 404),
    "/quotes/{id}": (
        "/quotes/{debate}?start=1.2&end=4",
        "/quotes/{silent}?start=1&end=2",
        404,
    ),
    "/clips/{broadcast}": (
        "/clips/{debate}?start=1&end=3",
        "/clips/{debate}?start=3&end=1",
        400,
    ),
    "/searches": ("/searches", "/searches?" + "x" * 11_000, 400),
    "/searches/new": ("/searches/new?q=riz", "/searches/new", 400),
    "/searches/{id}": ("/searches/{saved}", f"/searches/{ABSENT}", 404),
    "/searches/{id}/hits.csv": (
        "/searches/{saved}/hits.csv",
        f"/searches/{ABSENT}/hits.csv",
        404,
    ),
    "/searches/{id}/feed.atom": (
        "/searches/{saved}/feed.atom",
        f"/searches/{ABSENT}/feed.atom",
        404,
    ),
    "/searches/{id}/alerts": (None, "/searches/{saved}/alerts", 405),
    "/alerts/{id}": (None, f"/alerts/{ABSENT}?key=x", 404),
    "/alerts/{id}/confirm": (None, f"/alerts/{ABSENT}/confirm", 405),
    "/alerts/{id}/off": (None, f"/alerts/{ABSENT}/off", 405),
    "/api/v1/searches/{id}": ("/api/v1/searches/{saved}", f"/api/v1/searches/{ABSENT}", 404),
    "/search.atom": ("/search.atom?q=riz", "/search.atom", 400),
    "/feeds/{programme}.rss": ("/feeds/grand-dialogue.rss", "/feeds/nothing.rss", 404),
    "/opensearch.xml": ("/opensearch.xml", "/opensearch.xml?" + "x" * 11_000, 400),
    "/metrics": ("/metrics", "/metrics?" + "x" * 11_000, 400),
    "/dossiers": ("/dossiers", "/dossiers?" + "x" * 11_000, 400),
    "/api/v1/dossiers": ("/api/v1/dossiers", "/api/v1/dossiers?" + "x" * 11_000, 400),
    "/api/v1/dossiers/{slug}": ("/api/v1/dossiers/{dossier}", "/api/v1/dossiers/none", 404),
    "/dossiers/add": ("/dossiers/add?broadcast={debate}", "/dossiers/add?" + "x" * 11_000, 400),
    "/dossiers/{slug}": ("/dossiers/{dossier}", "/dossiers/none", 404),
    "/dossiers/{slug}/dossier.{extension}": (
        "/dossiers/{dossier}/dossier.csv",
        "/dossiers/{dossier}/dossier.exe",
        400,
    ),
    "/dossiers/{slug}/edit": ("/dossiers/{dossier}/edit", "/dossiers/none/edit", 404),
    "/dossiers/{slug}/documents": (None, "/dossiers/{dossier}/documents", 405),
    "/dossiers/{slug}/documents/{document:int}": (
        "/dossiers/{dossier}/documents/1",
        "/dossiers/{dossier}/documents/999",
        404,
    ),
    "/dossiers/{slug}/documents/{document:int}.pdf": (
        "/dossiers/{dossier}/documents/2.pdf",
        "/dossiers/{dossier}/documents/1.pdf",
        404,
    ),
    "/healthz": ("/healthz", "/healthz?" + "x" * 11_000, 400),
    "/readyz": ("/readyz", "/readyz?" + "x" * 11_000, 400),
}

POSTED = {
    route.path
    for route in ROUTES
    if isinstance(route, Route) and route.methods and "POST" in route.methods
}
#: what was asked for makes sense, and not now, or not from anybody
STATES = {
    errors.Conflict: 409,
    errors.Forbidden: 403,
    errors.TooManyAttempts: 429,
    FormTooLarge: 413,
    TooBusy: 503,
    Stopping: 503,
}


def filled(url: str, stock: Stock) -> str:
    for name in ("debate", "silent", "kibaruw", "dossier", "saved"):
        url = url.replace("{" + name + "}", getattr(stock, name))
    return url


def test_every_route_is_visited() -> None:
    assert {route.path for route in ROUTES if isinstance(route, Route)} == set(VISITS)


@pytest.mark.parametrize("path", VISITS)
def test_every_route_works(client: TestClient, stock: Stock, path: str) -> None:
    url = VISITS[path][0]
    if url is not None:
        assert client.get(filled(url, stock)).status_code == 200
        assert client.head(filled(url, stock)).status_code == 200


@pytest.mark.parametrize("path", VISITS)
def test_every_route_fails_in_the_one_shape(client: TestClient, stock: Stock, path: str) -> None:
    _, url, status = VISITS[path]
    answer = client.get(filled(url, stock), headers={"accept": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message", "hint"}
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", [path for path in VISITS if not path.startswith(("/api", "/h", "/r"))]
)
def test_people_get_a_page(client: TestClient, stock: Stock, path: str) -> None:
    _, url, status = VISITS[path]
    answer = client.get(filled(url, stock), headers={"accept": "text/html"})
    assert answer.status_code == status
    tree = lxml.html.fromstring(answer.text)
    assert tree.xpath("//form[@action='/search']")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (path, method)
        for path in VISITS
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
        if (path in POSTED) <= (method != "POST")
    ],
)
def test_nothing_takes_another_method(
    client: TestClient, stock: Stock, path: str, method: str
) -> None:
    url = filled(VISITS[path][1].split("?")[0], stock)
    answer = client.request(method, url, headers={"accept": "application/json"})
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "url", ["/nowhere", "/api/v1/nowhere", "/broadcasts", "/nowhere.json", "/wp-login.php"]
)
def test_an_unknown_address_fails_in_the_one_shape(client: TestClient, url: str) -> None:
    answer = client.get(url, headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_every_error_has_a_status() -> None:
    def tree(kind: type[errors.RadioArchiveError]) -> list[type[errors.RadioArchiveError]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in tree(child))]

    for kind in tree(errors.RadioArchiveError):
        status = status_of(kind("x"))
        assert 400 <= status < 600
        if issubclass(kind, errors.BadInput):
            assert status == STATES.get(kind, 400)
    assert STATUS[errors.NotFound] == 404


def test_what_nobody_foresaw_is_logged_and_not_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("the secret of the cellar")

    monkeypatch.setattr(archive, "coverage", broken)
    with TestClient(create_app(archive)) as client, caplog.at_level(logging.ERROR):
        for accept in ("application/json", "text/html"):
            answer = client.get("/", headers={"accept": accept})
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert "Zero" not in answer.text
            assert "content-security-policy" in answer.headers
    assert "the secret of the cellar" in caplog.text
