"""What a machine translated: labelled wherever it is shown, and left out by one click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import BroadcastId, LanguageTag, TranscriptId, TranscriptKind, Trust
from radio_archive.search.passages import split_passages
from radio_archive.web import create_app
from tests.support.making import make_segment, make_transcript, put_broadcast
from tests.web.stocking import bare_archive, run_jobs

Web = tuple[TestClient, BroadcastId]

LABEL = "traduction automatique approximative, ne pas citer"
NOTE = "Rough machine translation, do not quote."
TRACK = "language=en&kind=translation"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A broadcast in French that people checked, with a machine's English beside it."""
    with bare_archive(tmp_path_factory.mktemp("translated")) as (archive, catalogue):
        found = put_broadcast(catalogue)
        segment = make_segment("Le prix du riz recule à Bamako.", 9_000)
        checked = make_transcript(kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
        said = replace(checked, segments=(segment,))
        cut = split_passages(said, catalogue.broadcasts.get(found))
        number: TranscriptId = catalogue.transcripts.add(found, said, cut)
        sentence = replace(make_segment("The price of rice falls in Bamako.", 9_200), words=())
        english = replace(
            said,
            language=LanguageTag("en"),
            kind=TranscriptKind.TRANSLATION,
            trust=Trust.MACHINE_WEAK,
            made_from=number,
            segments=(sentence,),
        )
        cut = split_passages(english, catalogue.broadcasts.get(found))
        catalogue.transcripts.add_track(found, english, cut)
        run_jobs(archive)
        with TestClient(create_app(archive)) as client:
            yield client, found


def read(client: TestClient, url: str) -> lxml.html.HtmlElement:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text[:300]
    tree: lxml.html.HtmlElement = lxml.html.fromstring(answer.text)
    return tree


def text(tree: lxml.html.HtmlElement) -> str:
    return " ".join(str(tree.text_content()).split())


def test_its_page_says_that_it_is_not_to_be_quoted_and_offers_no_quotation(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}?{TRACK}")
    assert "The price of rice" in text(tree.get_element_by_id("lines"))
    assert text(tree.get_element_by_id("said-title")) == "Traduction automatique"
    [note] = tree.xpath("//article//p[contains(@class, 'trust')]")
    assert text(note).startswith(f"{LABEL.capitalize()}. Une machine a traduit")
    assert {text(badge) for badge in tree.xpath("//header[@class='head']//*[@title]")} >= {LABEL}
    assert not tree.xpath("//*[@id='copy-quote']")
    english = client.get(f"/broadcasts/{found}?{TRACK}", headers={"accept-language": "en"})
    assert NOTE in english.text


def test_what_was_said_carries_no_such_label(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}")
    assert LABEL not in text(tree)
    links = tree.xpath("//ul[contains(@class, 'tracks')]//a")
    assert [text(link) for link in links] == [
        "français · Transcription corrigée",
        "anglais · Traduction automatique",
        "côte à côte (anglais)",
    ]


def test_a_hit_in_it_is_labelled_and_opens_it_at_the_sentence(web: Web) -> None:
    client, found = web
    tree = read(client, "/search?q=falls&language=en")
    [row] = tree.xpath("//ol[@class='hits']/li")
    assert text(row.xpath(".//*[@class='how']")[0]) == LABEL
    [url] = row.xpath("./a[@class='time']/@href")
    assert url == f"/broadcasts/{found}?t=9.2&q=falls&{TRACK}#t=9.2"
    assert "The price of rice falls" in text(read(client, url).get_element_by_id("lines"))


def test_the_api_says_so_too(web: Web) -> None:
    client, found = web
    answer = client.get("/api/v1/search?q=Bamako").json()
    [group] = answer["broadcasts"]
    assert [(hit["match"], hit["trust"], hit["note"]) for hit in group["hits"]] == [
        ("exact", "checked", None),
        ("translated", "machine-weak", NOTE),
    ]
    assert group["trust"] == "checked"
    track = client.get(f"/api/v1/broadcasts/{found}/transcript?{TRACK}").json()
    assert (track["kind"], track["note"]) == ("translation", NOTE)
    said = client.get(f"/api/v1/broadcasts/{found}").json()
    assert said["transcript"]["note"] is None


def test_one_click_leaves_translations_out_and_one_lets_them_in_again(web: Web) -> None:
    client, _ = web
    tree = read(client, "/search?q=Bamako")
    assert len(tree.xpath("//ol[@class='hits']/li")) == 2
    [chip] = tree.xpath("//p[@class='chips added']/a[contains(., 'dans les traductions')]")
    assert chip.get("title") == "Sans les traductions"

    left = read(client, chip.get("href"))

    assert chip.get("href") == "/search?q=Bamako&without=translations"
    [row] = left.xpath("//ol[@class='hits']/li")
    assert "Le prix du riz" in text(row)
    assert "dans les traductions" not in text(left)
    assert left.xpath("//p[@class='chips added']/a[@href='/search?q=Bamako']")


def test_a_switch_stands_only_where_there_is_something_to_switch_off(web: Web) -> None:
    client, _ = web
    assert "dans les traductions" not in text(read(client, "/search?q=recule"))
    assert "dans les traductions" not in text(read(client, "/search?q=Bamako&language=fr"))


def test_the_api_names_the_switch(web: Web) -> None:
    client, _ = web
    expansions = client.get("/api/v1/search?q=Bamako").json()["expansions"]
    assert expansions[-1] == {
        "id": "translations",
        "typed": "",
        "added": [],
        "origin": "translated_text",
        "aired": None,
    }
    for without in ("translations", "all"):
        answer = client.get(f"/api/v1/search?q=Bamako&without={without}").json()
        assert answer["total"] == 1
        assert "translations" not in [each["id"] for each in answer["expansions"]]


def test_its_files_carry_the_label(web: Web) -> None:
    client, found = web
    for name in ("txt", "vtt"):
        written = client.get(f"/broadcasts/{found}/transcript.{name}?{TRACK}").text
        assert LABEL.capitalize() in written
