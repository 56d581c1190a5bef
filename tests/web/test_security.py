"""What strangers send stays text, and nothing comes from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import LanguageTag, NewBroadcast, Programme, ProgrammeId
from radio_archive.settings import Settings
from radio_archive.web import create_app
from tests.support.making import make_segment, make_transcript
from tests.web.payloads import PAYLOADS
from tests.web.stocking import Stock, add_transcript, bare_archive

PAGES = (
    "/",
    "/search?q=riz",
    "/search?q=xylophone",
    "/search?q=ab*",
    "/programmes/journal",
    "/none",
)


@pytest.mark.parametrize("url", PAGES)
def test_every_answer_has_the_security_headers(client: TestClient, url: str) -> None:
    headers = client.get(url).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


@pytest.mark.parametrize("url", PAGES)
def test_pages_load_nothing_from_elsewhere_and_hold_nothing_inline(
    client: TestClient, url: str
) -> None:
    html = client.get(url).text
    tree = lxml.html.fromstring(html)
    loaded = tree.xpath("//script/@src | //link[@rel!='canonical']/@href | //*[@src]/@src")
    assert all(str(address).startswith("/") and "//" not in address for address in loaded)
    assert not tree.xpath("//style | //*[@style] | //script[not(@src)]")
    assert not re.search(r"\son[a-z]+\s*=", html)


def test_only_our_own_host_names_are_answered(stock: Stock) -> None:
    settings = replace(stock.archive.settings, allowed_hosts=("archive.example.org",))
    archive = _WithSettings(stock, settings)
    with TestClient(create_app(archive)) as client:  # type: ignore[arg-type]
        assert client.get("/", headers={"host": "archive.example.org"}).status_code == 200
        for host in ("evil.example", "archive.example.org.evil.example", "", "a b", "[::1"):
            answer = client.get("/healthz", headers={"host": host})
            assert answer.status_code == 400
            assert answer.json()["error"]["code"] == "bad_input"


class _WithSettings:
    """The same archive under other settings."""

    def __init__(self, stock: Stock, settings: Settings) -> None:
        self._archive = stock.archive
        self.settings = settings

    def __getattr__(self, name: str) -> object:
        return getattr(self._archive, name)


def test_an_address_of_eleven_kilobytes_is_refused(client: TestClient) -> None:
    answer = client.get("/search?q=" + "a" * 11_000, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert "10,000" in answer.json()["error"]["message"]
    assert len(client.get("/search?q=" + "a" * 11_000).text) < 10_000


def test_what_is_searched_comes_back_as_text(client: TestClient, stock: Stock) -> None:
    for payload in PAYLOADS:
        for path in ("/search", f"/broadcasts/{stock.debate}"):
            answer = client.get(path, params={"q": payload})
            assert answer.status_code in (200, 400)
            assert_inert(answer.text)


def test_what_sources_and_engines_write_comes_back_as_text(tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        for number, payload in enumerate(PAYLOADS):
            new = NewBroadcast(
                source="test",
                guid=f"payload {number}",
                title=payload,
                programme=Programme(id=ProgrammeId("journal"), title=payload),
                language=LanguageTag("fr"),
                guests=(payload,),
                summary=payload,
                source_url=payload,
            )
            broadcast_id, _ = catalogue.broadcasts.put(new)
            segment = replace(make_segment(f"riz {payload}"), speaker=payload)
            add_transcript(catalogue, broadcast_id, replace(make_transcript(), segments=(segment,)))
            assert_inert(client.get(f"/broadcasts/{broadcast_id}?t=0&q=riz").text)
        archive.reindex()
        for url in ("/", "/search?q=riz", "/programmes/journal", "/languages/fr"):
            answer = client.get(url)
            assert answer.status_code == 200
            assert_inert(answer.text)


def assert_inert(html: str) -> None:
    """No element, handler or address on the page that our templates do not write."""
    tree = lxml.html.fromstring(html)
    assert {script.get("src", "")[:8] for script in tree.xpath("//script")} == {"/static/"}
    assert not tree.xpath("//iframe | //object | //embed | //img | //style | //base | //math")
    assert not tree.xpath("//svg[not(ancestor::*[contains(@class, 'sounds')])]")
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not str(name).startswith("on"), (element.tag, name)
            if name in ("href", "src", "action"):
                assert re.match(r"/(?!/)|\?|#|https?://", str(value)), value
