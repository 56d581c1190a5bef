"""The pages as a browser without scripts sees them."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

import radio_archive.web
from radio_archive.model import Transcript
from radio_archive.web import create_app
from tests.support.making import make_new_broadcast, make_segment, make_transcript, put_broadcast
from tests.web.stocking import CRIME_MS, Stock, add_transcript, bare_archive

#: "crime" is the second word, a tenth of a second's rounding aside
CRIME_URL_TIME = "30.4"


def page(
    client: TestClient, url: str, status: int = 200, headers: dict[str, str] | None = None
) -> lxml.html.HtmlElement:
    answer = client.get(url, headers=headers)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    tree: lxml.html.HtmlElement = lxml.html.fromstring(answer.text)
    return tree


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def one(tree: lxml.html.HtmlElement, path: str) -> lxml.html.HtmlElement:
    found: list[lxml.html.HtmlElement] = tree.xpath(path)
    assert len(found) == 1, f"{len(found)} of {path}"
    return found[0]


def test_home_has_a_box_examples_and_what_the_archive_holds(client: TestClient) -> None:
    home = page(client, "/")
    one(home, "//form[@action='/search']//input[@name='q']")
    assert len(home.xpath("//p[@class='examples']/a[starts-with(@href, '/search?q=')]")) == 3
    rows = {text(row.find("th")): text(row.find("td")) for row in home.xpath("//tbody/tr")}
    assert rows == {"français": "3", "bambara": "1"}
    assert home.xpath("//a[contains(@href, '/broadcasts/')]")


def test_results_are_grouped_by_broadcast_and_open_at_the_moment(
    client: TestClient, stock: Stock
) -> None:
    results = page(client, "/search?q=crime+organisé")
    assert "passage" in text(one(results, "//*[@role='status']"))
    article = one(results, "//article")
    assert "Grand Dialogue du 16 octobre 2014" in text(one(article, ".//h2"))
    meta = text(one(article, ".//p[@class='meta']"))
    assert "16 octobre 2014" in meta
    assert "français" in meta
    assert "automatique" in meta
    hit = article.xpath(".//ol/li/a")[0]
    url = f"/broadcasts/{stock.debate}?t={CRIME_URL_TIME}&q=crime%20organis%C3%A9"
    assert hit.get("href") == f"{url}#t={CRIME_URL_TIME}"
    assert [mark.text.lower() for mark in article.xpath(".//mark")][:2] == ["crime", "organisé"]


def test_nothing_is_loaded_of_the_sound_before_it_is_asked_for(client: TestClient) -> None:
    audio = one(page(client, "/search?q=crime"), "//audio")
    assert (audio.get("preload"), audio.get("data-sound"), len(audio)) == ("none", "webm", 0)
    low = client.get("/search?q=crime", headers={"save-data": "on"})
    assert 'data-sound="webm-low"' in low.text
    assert "Save-Data" in low.headers["vary"]
    chosen = page(client, "/search?q=crime&data=low")
    assert one(chosen, "//audio").get("data-sound") == "webm-low"
    hit = chosen.xpath("//ol[@class='hits']//a[@class='time']")[0]
    assert "&data=low#t=" in hit.get("href")
    assert chosen.xpath("//a[@href='/search?q=crime&data=full']")


def test_what_stands_under_the_box_can_be_had_alone(client: TestClient) -> None:
    whole, part = (client.get(f"/search?q=crime{end}") for end in ("", "&part=results"))
    assert part.text.strip() in whole.text
    assert "<form" not in part.text
    assert "part=" not in part.text
    assert client.get("/search?q=ab*&part=results").status_code == 400


def test_a_hit_shows_the_sentence_before_and_after(client: TestClient) -> None:
    hit = page(client, "/search?q=crime").xpath("//ol[@class='hits']/li")[0]
    said = [(text(each), each.get("class")) for each in hit.xpath(".//*[@data-s]")]
    assert said == [
        ("Nous parlons ce soir du prix du riz à Bamako.", "near"),
        ("Le crime organisé menace-t-il le Mali ?", None),
        ("Ce grand trafic vit des routes coupées.", "near"),
    ]
    assert hit.xpath(".//*[@data-s]/@data-s")[1] == f"{CRIME_MS} {CRIME_MS + 7 * 400}"


def test_a_strip_shows_where_in_a_broadcast_the_hits_lie(client: TestClient) -> None:
    article = page(client, "/search?q=crime").xpath("//article")[0]
    place = CRIME_MS + 400
    assert one(article, ".//*[local-name()='path']").get("d") == f"M{place * 1000 // 60_000} 0v9"


def test_chips_and_facets_are_links_that_keep_the_rest(client: TestClient) -> None:
    results = page(client, "/search?q=riz&sort=newest")
    chips = {text(chip): chip.get("href") for chip in results.xpath("//nav[@class='chips']/a")}
    assert any(url == "/search?q=riz&language=fr&sort=newest" for url in chips.values())
    facets = [link.get("href") for link in results.xpath("//aside//a")]
    assert "/search?q=riz&programme=journal&sort=newest" in facets
    assert "/search?q=riz&from=2014&to=2014&sort=newest" in facets
    for url in [*chips.values(), *facets]:
        assert client.get(url).status_code == 200


def test_a_checked_text_and_an_automatic_one_are_told_apart(client: TestClient) -> None:
    results = page(client, "/search?q=riz")
    badges = {text(badge) for badge in results.xpath("//article//span[contains(@class,'badge')]")}
    assert {"automatique", "vérifié"} <= badges
    assert all(badge.get("title") for badge in results.xpath("//article//span[@title]"))


def test_no_result_shows_what_can_be_found_and_what_to_try(client: TestClient) -> None:
    nothing = page(client, "/search?q=xylophone&language=fr")
    assert text(one(nothing, "//*[@role='status']")) == "Aucun passage trouvé"
    assert one(nothing, "//section[contains(@class,'note')]//a").get("href") == (
        "/search?q=xylophone"
    )
    assert "bambara" in text(one(nothing, "//table"))


@pytest.mark.parametrize("url", ["/search?q=ab*", "/search?q=a*", "/search?q=" + "mot+" * 60])
def test_a_query_nobody_understands_is_explained_in_the_page(client: TestClient, url: str) -> None:
    refused = page(client, url, 400)
    assert "n’a pas été comprise" in text(one(refused, "//*[@role='alert']"))
    one(refused, "//form[@action='/search']//input[@name='q']")


@pytest.mark.parametrize(
    "url", ["/search?q=riz&language=klingon", "/search?q=riz&from=hier", "/search?language=zzz"]
)
def test_a_filter_that_makes_no_sense_is_explained_in_the_page(
    client: TestClient, url: str
) -> None:
    one(page(client, url, 400), "//*[@role='alert']")


def test_an_empty_search_shows_the_box_and_what_can_be_searched(client: TestClient) -> None:
    empty = page(client, "/search?q=")
    one(empty, "//input[@name='q']")
    one(empty, "//table")


def test_a_broadcast_opens_at_the_moment_without_scripts(client: TestClient, stock: Stock) -> None:
    opened = page(client, f"/broadcasts/{stock.debate}?t=30.4&q=crime")
    sources = [source.get("src") for source in opened.xpath("//audio[@controls]//source")]
    assert sources == [f"/media/{stock.debate}.webm#t=30.4", f"/media/{stock.debate}.mp3#t=30.4"]
    assert one(opened, "//audio").get("preload") == "metadata"
    current = one(opened, "//p[@aria-current]")
    assert "crime organisé menace" in text(current)
    assert current.get("data-s") == str(CRIME_MS)
    one(current, ".//*[@id='t=30.4']")
    assert {mark.text for mark in opened.xpath("//div[@id='lines']//mark")} == {"crime"}
    link = current.xpath("./a[@class='time']")[0]
    assert link.get("href") == "?q=crime&t=30.0#t=30.0"


def test_each_sentence_has_its_anchor_and_the_transcript_its_language(
    client: TestClient, stock: Stock
) -> None:
    opened = page(client, f"/broadcasts/{stock.debate}")
    lines = one(opened, "//div[@id='lines']")
    assert (lines.get("lang"), lines.get("dir")) == ("fr", "ltr")
    anchors = [line.get("id") for line in lines.xpath("./p[not(@class)]")]
    assert anchors == ["t=1.2", "t=12.0", "t=30.0", "t=40.0", "t=52.0"]
    gap = text(one(lines, "./p[@class='gap']"))
    assert "0:20" in gap
    assert "on y parle une autre langue" in gap
    assert [text(name) for name in lines.xpath(".//b")] == ["Awa Diallo", "Issa Traoré"]


def test_an_automatic_transcript_asks_to_listen_before_quoting(
    client: TestClient, stock: Stock
) -> None:
    note = "//p[contains(@class,'trust')]"
    assert "écoutez avant de citer" in text(one(page(client, f"/broadcasts/{stock.debate}"), note))
    assert not page(client, f"/broadcasts/{stock.bulletin}").xpath(note)


def test_words_are_found_in_one_broadcast_and_each_sentence_is_a_link(
    client: TestClient, stock: Stock
) -> None:
    opened = page(client, f"/broadcasts/{stock.debate}?q=crime&data=low")
    form = one(opened, f"//main//form[@action='/broadcasts/{stock.debate}']")
    assert one(form, ".//input[@name='q']").get("value") == "crime"
    assert one(form, ".//input[@name='data']").get("value") == "low"
    found = one(opened, "//nav[@id='matches']")
    assert text(found) == "1 phrase avec ces mots : 0:30"
    assert one(found, ".//a").get("href") == "?q=crime&data=low&t=30.0#t=30.0"
    nothing = page(client, f"/broadcasts/{stock.debate}?q=xylophone")
    assert "Aucune phrase" in text(one(nothing, "//nav[@id='matches']"))
    assert not page(client, f"/broadcasts/{stock.debate}").xpath("//nav[@id='matches']")


def test_the_whole_broadcast_can_be_kept_the_lightest_first(
    client: TestClient, stock: Stock
) -> None:
    opened = page(client, f"/broadcasts/{stock.debate}")
    links = opened.xpath("//aside//a[starts-with(@href, '/media/')]")
    assert [link.get("href") for link in links] == [
        f"/media/{stock.debate}.opus?q=low",
        f"/media/{stock.debate}.opus",
        f"/media/{stock.debate}.mp3",
    ]
    assert links[0].get("download") == f"{stock.debate}-leger.opus"
    assert all("o" in text(link.getparent()) for link in links)


def test_little_data_is_a_header_or_a_choice(client: TestClient, stock: Stock) -> None:
    url = f"/broadcasts/{stock.debate}"
    low = f"/media/{stock.debate}.webm?q=low"
    for answer in (client.get(url, headers={"save-data": "on"}), client.get(url + "?data=low")):
        tree = lxml.html.fromstring(answer.text)
        assert tree.xpath("//audio/source")[0].get("src") == low
        assert one(tree, "//audio").get("preload") == "none"
    full = page(client, url + "?data=full", headers={"save-data": "on"})
    assert low not in full.xpath("//audio/source/@src")


def test_every_state_without_text_is_explained(client: TestClient, stock: Stock) -> None:
    assert "aucun moteur configuré ne connaît cette langue" in text(
        page(client, f"/broadcasts/{stock.kibaruw}")
    )
    silent = page(client, f"/broadcasts/{stock.silent}")
    assert "Pas d’enregistrement" in text(silent)
    assert "échantillon synthétique" in text(silent)
    assert not silent.xpath("//audio")
    assert silent.xpath("//a[@href='https://example.org/debat']")


def test_a_moment_beyond_the_end_becomes_the_end(client: TestClient, stock: Stock) -> None:
    opened = page(client, f"/broadcasts/{stock.debate}?t=99999")
    fragment = str(opened.xpath("//audio/source")[0].get("src")).rsplit("=", 1)[1]
    assert 59 < float(fragment) < 62


@pytest.mark.parametrize("time", ["abc", "-5", "1e3", "nan", "inf", "1,5", "5:", "٣"])
def test_what_is_no_time_is_refused(client: TestClient, stock: Stock, time: str) -> None:
    answer = client.get(f"/broadcasts/{stock.debate}", params={"t": time})
    assert answer.status_code == 400
    assert "Ce n’est pas un moment" in answer.text


def test_a_moment_may_be_written_like_a_clock(client: TestClient, stock: Stock) -> None:
    assert "#t=30.0" in client.get(f"/broadcasts/{stock.debate}?t=0:30").text


def test_programmes_and_languages_list_their_broadcasts(client: TestClient, stock: Stock) -> None:
    programme = page(client, "/programmes/grand-dialogue")
    assert {f"/broadcasts/{stock.debate}", f"/broadcasts/{stock.silent}"} == {
        link.get("href") for link in programme.xpath("//ul[@class='list']//h3/a")
    }
    language = page(client, "/languages/bm")
    assert "bamanankan" in text(language)
    assert "non transcrit" in text(language)


@pytest.mark.parametrize(
    "url",
    ["/programmes/none", "/languages/xx", "/programmes/journal?page=9", "/languages/fr?page=2"],
)
def test_a_list_that_does_not_exist_is_not_found(client: TestClient, url: str) -> None:
    assert client.get(url).status_code in (400, 404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "999999"])
def test_what_is_no_page_number_is_refused(client: TestClient, number: str) -> None:
    assert client.get(f"/programmes/journal?page={number}").status_code == 400
    assert client.get(f"/search?q=riz&page={number}").status_code == 400


def test_the_interface_speaks_english_when_asked_and_remembers(client: TestClient) -> None:
    first = client.get("/?lang=en")
    assert first.headers["content-language"] == "en"
    assert "Find what was said on the radio" in first.text
    assert '<html lang="en">' in first.text
    again = client.get("/search?q=riz")
    assert again.headers["content-language"] == "en"
    assert 'href="?q=riz&amp;lang=fr"' in again.text
    assert {"Cookie", "Accept-Language"} <= set(re.split(", ?", again.headers["vary"]))


PRICE = "Le prix du riz reste haut cette année sur tous les marchés de la capitale."
AROUND = "Voici ce que disent les commerçants que nous avons rencontrés hier matin."


def test_a_full_page_of_results_is_light_raw_and_packed(tmp_path: Path) -> None:
    """Nine broadcasts, five passages of three sentences: 50 kB raw, 30 packed with the rest."""
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        for number in range(20):
            title = f"débat {number} : le prix du riz à Bamako et à Ségou"
            broadcast_id = put_broadcast(catalogue, title, duration_ms=2_700_000)
            texts = [f"{number} {line}. {AROUND} {PRICE} {AROUND}" for line in range(5)]
            add_transcript(catalogue, broadcast_id, spaced_transcript(*texts))
        archive.reindex()
        answer = client.get("/search?q=prix+riz")
        tree = lxml.html.fromstring(answer.text)
        assert len(tree.xpath("//article")) == 9
        assert len(tree.xpath("//ol[@class='hits']/li")) >= 45
        assert len(tree.xpath("//article[@data-ms]")) == 9
        assert len(tree.xpath("//*[@data-s]")) == 3 * 45
        urls = tree.xpath("//link[@rel='stylesheet']/@href | //script/@src")
        files = [client.get(url) for url in urls]
        sizes = [int(each.headers["content-length"]) for each in files]
        packed = len(gzip.compress(answer.content, 6))
    assert len(answer.content) < 50_000
    assert packed + sum(sizes) < 30_000


def test_names_of_any_script_keep_to_themselves(tmp_path: Path) -> None:
    """A title, a guest and a speaker from the right, with emoji, turn nothing around them."""
    name, guest = "\N{STUDIO MICROPHONE} نقاش", "آوا ديالو \N{WAVING HAND SIGN}"
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        new = make_new_broadcast(title=name, guests=(guest, "Issa"))
        found, _ = catalogue.broadcasts.put(new)
        said = replace(make_segment("Le prix du riz."), speaker=guest)
        add_transcript(catalogue, found, replace(make_transcript(), segments=(said,)))
        archive.reindex()
        opened = page(client, f"/broadcasts/{found}")
        assert one(opened, "//h1").get("dir") == "auto"
        assert [text(each) for each in opened.xpath("//p[@class='guests']/bdi")] == [guest, "Issa"]
        speaker = opened.xpath("//div[@id='lines']//b")[0]
        assert (text(speaker), speaker.get("dir")) == (guest, "auto")
        [title] = page(client, "/search?q=riz").xpath("//article//h2/a")
        assert (text(title), title.get("dir")) == (name, "auto")


def spaced_transcript(*texts: str) -> Transcript:
    """Each sentence so far from the next that it is a passage of its own."""
    segments = tuple(make_segment(text, number * 60_000) for number, text in enumerate(texts))
    return replace(make_transcript(), segments=segments)


def test_the_page_of_a_long_debate_stays_light(tmp_path: Path) -> None:
    """45 minutes at 150 words a minute: 500 sentences of 14 words."""
    with bare_archive(tmp_path) as (archive, catalogue), TestClient(create_app(archive)) as client:
        debate, _ = catalogue.broadcasts.put(make_new_broadcast())
        words = [f"mot{number % 900}" for number in range(7_000)]
        sentences = [" ".join(words[start : start + 14]) + "." for start in range(0, 7_000, 14)]
        add_transcript(catalogue, debate, make_transcript(*sentences))
        html = client.get(f"/broadcasts/{debate}?t=2000.5&q=mot7").content
    assert html.count(b"data-w=") == 500
    assert len(html) < 200_000
    assert len(gzip.compress(html)) < 50_000


def test_style_and_script_are_small(client: TestClient) -> None:
    static = Path(radio_archive.web.__file__).parent / "static"
    assert (static / "site.css").stat().st_size < 18_000
    assert (static / "site.js").stat().st_size < 12_000


def test_style_and_script_may_be_kept_for_ever(client: TestClient) -> None:
    home = page(client, "/")
    urls = [*home.xpath("//link[@rel='stylesheet']/@href"), *home.xpath("//script/@src")]
    assert len(urls) == 2
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/site.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_pages_are_packed_and_sound_is_not(client: TestClient, stock: Stock) -> None:
    assert client.get("/").headers["content-encoding"] == "gzip"
    sound = client.get(f"/media/{stock.debate}.mp3")
    assert "content-encoding" not in sound.headers
