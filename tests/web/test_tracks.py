"""Several texts of one broadcast: what was said, and tracks beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import BroadcastId, LanguageTag, Transcript, TranscriptKind, Trust
from radio_archive.search.passages import split_passages
from radio_archive.web import create_app
from radio_archive.web.side_by_side import pair
from radio_archive.web.transcript_view import Line, transcript_lines
from tests.support.making import make_new_broadcast, make_segment, make_transcript
from tests.web.stocking import add_transcript, bare_archive, run_jobs

BAMBARA, ENGLISH = LanguageTag("bm"), LanguageTag("en")

Web = tuple[TestClient, BroadcastId]


def track(language: LanguageTag, kind: TranscriptKind, text: str, start: int) -> Transcript:
    return replace(
        make_transcript(),
        language=language,
        kind=kind,
        trust=Trust.IMPORTED,
        segments=tuple(
            # words in another order than they were said have no times
            replace(segment, words=() if kind is TranscriptKind.TRANSLATION else segment.words)
            for segment in (make_segment("A.", 0), make_segment(text, start))
        ),
    )


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    home: Path = tmp_path_factory.mktemp("tracks")
    with bare_archive(home) as (archive, catalogue):
        found = catalogue.broadcasts.put(make_new_broadcast(language="fr"))[0]
        said = replace(make_transcript(), segments=(make_segment("Le prix du riz recule.", 9_000),))
        add_transcript(catalogue, found, said)
        for text in (
            track(BAMBARA, TranscriptKind.IMPORTED, "Malo sɔngɔ jiginna sugu la.", 9_500),
            track(ENGLISH, TranscriptKind.TRANSLATION, "The price of rice falls.", 9_200),
        ):
            cut = split_passages(text, catalogue.broadcasts.get(found))
            catalogue.transcripts.add_track(found, text, cut)
        run_jobs(archive)
        with TestClient(create_app(archive)) as client:
            yield client, found


def read(client: TestClient, url: str) -> lxml.html.HtmlElement:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text[:300]
    tree: lxml.html.HtmlElement = lxml.html.fromstring(answer.text)
    return tree


def shown(tree: lxml.html.HtmlElement) -> str:
    return " ".join(str(tree.get_element_by_id("lines").text_content()).split())


def choices(tree: lxml.html.HtmlElement) -> list[tuple[str, bool]]:
    links = tree.xpath("//ul[contains(@class, 'tracks')]/li/a[1]")
    return [(str(link.text_content()), "aria-current" in link.attrib) for link in links]


def test_the_page_opens_with_what_was_said_and_lists_the_other_texts(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}")
    assert "prix du riz" in shown(tree)
    assert choices(tree) == [
        ("français · Transcription automatique", True),
        ("bambara · Texte importé", False),
        ("anglais · Traduction", False),
    ]


def test_another_text_opens_at_the_same_moment_and_its_sentences_stay_in_it(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}?t=9.6")
    url = tree.xpath("//ul[contains(@class, 'tracks')]/li/a[1]/@href")[1]
    assert url == f"/broadcasts/{found}?t=9.6&language=bm&kind=imported#t=9.6"

    tree = read(client, url)

    assert "Malo sɔngɔ" in shown(tree)
    assert [each for each, is_shown in choices(tree) if is_shown] == ["bambara · Texte importé"]
    current = tree.xpath("//*[@id='lines']/p[@aria-current]")
    assert "Malo" in current[0].text_content()
    links = tree.xpath("//*[@id='lines']//a[@class='time']/@href")
    assert links[1] == "?language=bm&kind=imported&t=9.5#t=9.5"


def test_a_hit_opens_the_text_it_stands_in(web: Web) -> None:
    client, _ = web
    [hit] = client.get("/api/v1/search", params={"q": "sɔngɔ"}).json()["broadcasts"][0]["hits"]
    page = read(client, "/search?q=sɔngɔ")
    [link] = page.xpath("//*[contains(@class, 'hits')]//a[@class='time']/@href")
    assert "language=bm&kind=imported" in hit["url"]
    for url in (hit["url"], link):
        assert "Malo sɔngɔ" in shown(read(client, url))


def test_a_hit_in_what_was_said_needs_no_choice(web: Web) -> None:
    client, _ = web
    [hit] = client.get("/api/v1/search", params={"q": "recule"}).json()["broadcasts"][0]["hits"]
    assert "language" not in hit["url"]
    assert "kind" not in hit["url"]


def test_files_to_take_away_are_of_the_text_that_is_shown(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}?language=bm")
    [url] = tree.xpath("//a[@download][text()='TXT']/@href")
    assert "Malo sɔngɔ" in client.get(url).text


def test_a_translation_says_what_it_is_and_offers_no_quotation(web: Web) -> None:
    client, found = web
    tree = read(client, f"/broadcasts/{found}?language=en&kind=translation")
    assert tree.get_element_by_id("said-title").text_content() == "Traduction"
    assert "pas ce qui a été dit" in tree.text_content()
    assert not tree.xpath("//*[@id='copy-quote']")


def test_a_text_that_is_not_there_is_not_found(web: Web) -> None:
    client, found = web
    assert client.get(f"/broadcasts/{found}?language=ses").status_code == 404
    assert client.get(f"/broadcasts/{found}?kind=nonsense").status_code == 400
    assert client.get(f"/broadcasts/{found}?language=klingon").status_code == 400


def test_a_broadcast_with_one_text_has_nothing_to_choose(client: TestClient) -> None:
    [hit, *_] = client.get("/api/v1/search?q=crime+organisé").json()["broadcasts"][0]["hits"]
    assert choices(read(client, hit["url"])) == []


def test_only_texts_with_word_times_ask_for_a_click(web: Web) -> None:
    client, found = web
    assert 'id="hint"' in client.get(f"/broadcasts/{found}").text
    translation = client.get(f"/broadcasts/{found}?language=en&kind=translation").text
    assert 'id="lines"' in translation
    assert 'id="hint"' not in translation


def beside_links(tree: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    links = tree.xpath("//ul[contains(@class, 'tracks')]/li/a[2]")
    return [(str(link.text_content()), link.get("href")) for link in links]


def test_another_text_can_stand_beside_the_one_that_is_read(web: Web) -> None:
    client, found = web
    alone = read(client, f"/broadcasts/{found}?t=9.6&q=riz")
    assert beside_links(alone) == [
        ("côte à côte (bambara)", "?t=9.6&q=riz&beside=imported.bm"),
        ("côte à côte (anglais)", "?t=9.6&q=riz&beside=translation.en"),
    ]

    tree = read(client, f"/broadcasts/{found}{beside_links(alone)[1][1]}")

    [beside] = tree.xpath("//p[@class='beside']")
    assert (beside.get("lang"), beside.get("dir")) == ("en", "ltr")
    assert "A. The price of rice falls." in str(beside.text_content())
    assert "prix du riz" in str(beside.getprevious().text_content())
    links = tree.xpath("//*[@id='lines']//a[@class='time']/@href")
    assert links == ["?q=riz&beside=translation.en&t=9.0#t=9.0"]
    assert beside_links(tree)[1] == ("seulement ce texte-ci (anglais)", "?t=9.6&q=riz")
    text = str(tree.xpath("//main")[0].text_content())
    assert "À côté" in text
    assert "Traduction" in text


def test_a_text_that_is_not_there_cannot_stand_beside(web: Web) -> None:
    client, found = web
    answer = client.get(
        f"/broadcasts/{found}?beside=translation.bm", headers={"accept": "application/json"}
    )
    assert answer.status_code == 400
    assert "translation.en" in answer.json()["error"]["hint"]


def test_sentences_are_paired_by_the_moment_their_middle_is_said() -> None:
    def line(start: int) -> Line:
        segments = (make_segment("x", start),)
        said = replace(make_transcript(), segments=segments)
        [found] = transcript_lines(said, None, lambda _text, _tag: ())
        assert isinstance(found, Line)
        return found

    lines = [line(10_000), line(20_000), line(30_000)]
    others = [
        make_segment(text, start, end)
        for text, start, end in (
            ("early", 0, 4_000),
            ("first", 9_000, 14_000),
            ("second, begun before", 18_000, 26_000),
            ("third", 31_000, 33_000),
            ("late", 50_000, 51_000),
        )
    ]
    pairs = pair(lines, replace(make_transcript(), segments=tuple(others)))
    assert [[each.text for each in row] for row in pairs] == [
        ["early", "first"],
        ["second, begun before"],
        ["third", "late"],
    ]
    assert pair([], replace(make_transcript(), segments=tuple(others))) == ()
