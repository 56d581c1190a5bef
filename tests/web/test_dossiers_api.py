"""Public dossiers as JSON, and beside the broadcasts they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.archive import DocumentWish
from radio_archive.catalogue.related import MOST_DOSSIERS, MOST_NEIGHBOURS
from radio_archive.model import Excerpt, QuoteRequest
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.web import create_app
from tests.support.documents import make_pdf
from tests.support.making import ms
from tests.web.stocking import CRIME_MS, Stock, stock_archive

CRIME = Excerpt(start_ms=ms(CRIME_MS), end_ms=ms(CRIME_MS + 4_000))


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


def make(stock: Stock, title: str, *, is_public: bool = True) -> str:
    slug = stock.archive.dossiers.make(title, "Awa").slug
    stock.archive.dossiers.change(slug, title, "Ce qu'on en dit.", is_public, "Awa")
    return slug


def fill(stock: Stock, slug: str) -> None:
    """A passage, a whole broadcast, and a PDF."""
    desk = stock.archive.dossiers
    desk.add_passage(slug, stock.debate, QuoteRequest(excerpt=CRIME), "Une note.", "Awa")
    desk.add_broadcast(slug, stock.bulletin, "", "Awa")
    kept = DocumentWish(title="Rapport", language="fr", content=make_pdf("La caravane."))
    desk.add_document(slug, kept, "Awa")


def hide(stock: Stock, excerpt: Excerpt | None, identity: str) -> None:
    wish = NewWithdrawal(excerpt=excerpt, reason="demandé", by="Awa")
    stock.archive.withdrawing.withdraw(identity, wish)


def test_the_list_holds_public_dossiers_only(stock: Stock, client: TestClient) -> None:
    slug, hidden = make(stock, "Le crime"), make(stock, "À part", is_public=False)
    answer = client.get("/api/v1/dossiers")
    assert answer.headers["access-control-allow-origin"] == "*"
    found = {each["slug"]: each for each in answer.json()["dossiers"]}
    assert found[slug]["url"] == f"/dossiers/{slug}"
    assert hidden not in found
    assert client.get(f"/api/v1/dossiers/{hidden}").status_code == 404


def test_a_dossier_holds_its_words_broadcasts_and_documents(
    stock: Stock, client: TestClient
) -> None:
    slug = make(stock, "Le crime")
    fill(stock, slug)
    told = client.get(f"/api/v1/dossiers/{slug}").json()
    assert (told["title"], told["entries"], told["page"], told["pages"]) == ("Le crime", 3, 1, 1)
    passage, broadcast, document = told["items"]
    assert (passage["kind"], passage["note"]) == ("passage", "Une note.")
    assert "crime organisé" in passage["quote"]["text"]
    assert passage["quote"]["broadcast"]["id"] == stock.debate
    assert broadcast["broadcast"]["id"] == stock.bulletin
    assert (document["document"]["title"], document["document"]["pages"]) == ("Rapport", 1)
    for url in (document["document"]["url"], document["document"]["pdf_url"]):
        assert client.get(url).status_code == 200


def test_of_what_was_withdrawn_nothing_is_said(stock: Stock, client: TestClient) -> None:
    slug = make(stock, "Le crime")
    fill(stock, slug)
    hide(stock, CRIME, stock.debate)
    hide(stock, None, stock.bulletin)
    answer = client.get(f"/api/v1/dossiers/{slug}")
    for word in ("crime organisé", "Une note", stock.bulletin):
        assert word not in answer.text
    items = answer.json()["items"]
    assert [each["is_withdrawn"] for each in items] == [True, True, False]
    assert all(each["quote"] is each["broadcast"] is None for each in items[:2])


def test_long_dossiers_have_pages(stock: Stock, client: TestClient) -> None:
    slug = make(stock, "Le crime")
    for second in range(51):
        excerpt = Excerpt(start_ms=ms(second * 1_000), end_ms=ms(second * 1_000 + 500))
        request = QuoteRequest(excerpt=excerpt)
        stock.archive.dossiers.add_passage(slug, stock.debate, request, "", "Awa")
    pages = [client.get(f"/api/v1/dossiers/{slug}?page={page}").json() for page in (1, 2)]
    assert [len(page["items"]) for page in pages] == [50, 1]
    assert [page["pages"] for page in pages] == [2, 2]


# beside a broadcast


def near(client: TestClient, identity: str) -> list[tuple[str, str]]:
    """Texts and addresses of the links about dossiers on a broadcast's page."""
    page = lxml.html.fromstring(client.get(f"/broadcasts/{identity}").text)
    path = "//aside//h2[.='Dans les dossiers']"
    links = page.xpath(
        f"{path}/following-sibling::p[a[starts-with(@href, '/dossiers/')]"
        "[not(contains(@href, '/add'))]]/a"
    ) + page.xpath(f"{path}/following-sibling::ul[@class='plain near']//a")
    return [(link.text, link.get("href")) for link in links]


def test_a_broadcast_names_its_public_dossiers_and_what_else_is_in_them(
    stock: Stock, client: TestClient
) -> None:
    assert near(client, stock.debate) == []
    slug = make(stock, "Le crime")
    fill(stock, slug)
    secret = make(stock, "À part", is_public=False)
    fill(stock, secret)
    bulletin = stock.archive.get_broadcast(stock.bulletin)
    [(name, url), (other, other_url), (paper, paper_url)] = near(client, stock.debate)
    assert (name, url) == ("Le crime", f"/dossiers/{slug}")
    assert (other, other_url) == (bulletin.title, f"/broadcasts/{stock.bulletin}")
    assert paper == "Rapport"
    assert client.get(paper_url).status_code == 200
    hide(stock, None, stock.bulletin)
    assert [title for title, _ in near(client, stock.debate)] == ["Le crime", "Rapport"]


def test_few_dossiers_and_few_of_their_things_are_named(stock: Stock, client: TestClient) -> None:
    for number in range(MOST_DOSSIERS + 1):
        slug = make(stock, f"Dossier {number}")
        stock.archive.dossiers.add_broadcast(slug, stock.debate, "", "Awa")
        for each in range(MOST_NEIGHBOURS + 1):
            link = DocumentWish(title=f"Page {each}", language="fr", url="https://example.org/")
            stock.archive.dossiers.add_document(slug, link, "Awa")
    found = stock.archive.dossiers.near(stock.debate)
    assert len(found) == MOST_DOSSIERS
    assert {len(each.neighbours) for each in found} == {MOST_NEIGHBOURS}
    titles = [each.title for each in found[0].neighbours]
    assert titles == [f"Page {each}" for each in range(MOST_NEIGHBOURS)]
    assert len(near(client, stock.debate)) == MOST_DOSSIERS * (1 + MOST_NEIGHBOURS)
