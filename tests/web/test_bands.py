"""What pages and answers say of sentences the machine was not sure of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import Band, BroadcastId
from radio_archive.web import create_app
from tests.support.making import make_new_broadcast, make_segment, make_transcript
from tests.web.stocking import add_transcript, bare_archive

#: three sentences so far apart that each is a passage of its own
SENTENCES = (
    ("Le prix du riz baisse à Bamako.", Band.GOOD),
    ("Le riz de Niono arrive au marché.", Band.WEAK),
    ("Le riz un coeur d'onir mais je les pliqué.", Band.UNSURE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site with one debate."""

    client: TestClient
    debate: BroadcastId

    def page(self, url: str) -> lxml.html.HtmlElement:
        tree: lxml.html.HtmlElement = lxml.html.fromstring(self.client.get(url).text)
        return tree


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("bands")
    with bare_archive(home) as (archive, catalogue), TestClient(create_app(archive)) as client:
        debate, _ = catalogue.broadcasts.put(make_new_broadcast())
        segments = tuple(
            replace(make_segment(text, number * 60_000), band=band)
            for number, (text, band) in enumerate(SENTENCES)
        )
        add_transcript(catalogue, debate, replace(make_transcript(), segments=segments))
        archive.reindex()
        yield Site(client=client, debate=debate)


@pytest.mark.parametrize(
    ("tag", "weak", "unsure"),
    [
        ("fr", "plusieurs mots incertains", "texte incertain, à vérifier à l’oreille"),
        ("en", "several words uncertain", "uncertain text, listen before quoting"),
    ],
)
def test_a_hit_says_in_words_that_its_text_is_uncertain(
    site: Site, tag: str, weak: str, unsure: str
) -> None:
    results = site.page(f"/search?q=riz&lang={tag}")
    said = {
        hit.xpath("string(.//a[@class='time'])"): [
            str(mark.text_content()) for mark in hit.xpath(".//b[contains(@class, 'how')]")
        ]
        for hit in results.xpath("//ol[@class='hits']/li")
    }
    assert list(said.values()) == [[], [weak], [unsure]]
    legend = str(results.xpath("string(//dl[@class='legend'])"))
    assert weak in legend
    assert unsure in legend


def test_a_search_is_narrowed_to_what_is_sure_by_a_link_and_one_click_takes_it_back(
    site: Site,
) -> None:
    results = site.page("/search?q=riz&lang=fr")
    (link,) = results.xpath("//aside//a[text()='seulement ce qui est sûr']")
    assert link.get("href") == "/search?q=riz&trust=good"
    narrowed = site.page(link.get("href"))
    assert len(narrowed.xpath("//ol[@class='hits']/li")) == 1
    assert narrowed.xpath("//select[@name='trust']/option[@selected]/@value") == ["good"]
    (away,) = narrowed.xpath("//p[@class='chips added']/a[span='seulement ce qui est sûr']")
    assert away.get("href") == "/search?q=riz"
    assert not narrowed.xpath("//aside//a[text()='seulement ce qui est sûr']")
    assert all("trust=good" in url for url in narrowed.xpath("//nav[@class='sorts']/a/@href"))
    assert "un mot sur huit" in str(narrowed.xpath("string(//p[@class='note'])"))
    nothing = site.page("/search?q=onir&trust=good")
    assert not nothing.xpath("//article")
    assert "/search?q=onir" in nothing.xpath("//p[@class='chips added']/a/@href")


def test_a_floor_alone_lists_what_reaches_it_and_another_is_refused(site: Site) -> None:
    answer = site.client.get("/api/v1/search?trust=weak").json()
    assert {hit["band"] for group in answer["broadcasts"] for hit in group["hits"]} == {
        "good",
        "weak",
    }
    assert (answer["total"], answer["facets"]["language"]) == (2, [{"value": "fr", "count": 2}])
    typed = site.client.get("/api/v1/search?q=riz+trust:good").json()
    assert typed["total"] == 1
    refused = site.client.get("/api/v1/search?q=riz&trust=unsure")
    assert refused.status_code == 400
    assert "trust:good" in refused.json()["error"]["hint"]
    assert site.client.get("/search?q=riz&trust=unsure").status_code == 400


def test_an_unsure_sentence_is_underlined_named_and_explained(site: Site) -> None:
    opened = site.page(f"/broadcasts/{site.debate}?lang=fr")
    lines = opened.xpath("//div[@id='lines']/p")
    marked = [bool(line.xpath("./span[@class='unsure']")) for line in lines]
    assert marked == [False, False, True]
    assert str(lines[2].xpath("string(./b)")).strip() == "(texte incertain)"
    assert "n’était pas sûre" in str(opened.xpath("string(//p[@class='hint'][.//span])"))


def test_a_text_without_unsure_sentences_explains_nothing(site: Site, tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        debate, _ = catalogue.broadcasts.put(make_new_broadcast())
        add_transcript(catalogue, debate, make_transcript("Bonsoir."))
        assert 'class="unsure"' not in client.get(f"/broadcasts/{debate}").text


def test_the_api_gives_the_band_of_hits_and_of_sentences(site: Site) -> None:
    found = site.client.get("/api/v1/search?q=riz").json()
    bands = {hit["start_ms"] // 60_000: hit["band"] for hit in found["broadcasts"][0]["hits"]}
    assert bands == {0: "good", 1: "weak", 2: "unsure"}
    said = site.client.get(f"/api/v1/broadcasts/{site.debate}/transcript").json()
    assert [segment["band"] for segment in said["segments"]] == ["good", "weak", "unsure"]


def test_no_page_shows_a_percentage(site: Site) -> None:
    for url in ("/search?q=riz", f"/broadcasts/{site.debate}"):
        assert "%" not in str(site.page(url).xpath("string(//main)"))
