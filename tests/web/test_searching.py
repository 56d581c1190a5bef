"""What a page of results says of spelling, added words, coverage and other scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import SearchOptions
from radio_archive.model import AirDate, Expansion, LanguageTag, Match, Origin
from radio_archive.web import create_app
from radio_archive.web.i18n import load_catalogues
from radio_archive.web.marking import marked
from radio_archive.web.parameters import SearchState
from radio_archive.web.wording import MATCHES, ORIGINS, Wording
from tests.support.making import make_new_broadcast, make_recording, make_transcript
from tests.web.stocking import Stock, add_transcript, bare_archive
from tests.web.test_pages import one, page, text

TEXTS = {
    "bm": "Sɛnɛkɛlaw ye malo sɛnɛ kɛ ɲinan Bamako.",
    "ffm": "Ɓe nganndi haaju Bamako oo.",
    "taq": "ⵜⴰⵎⴰⵌⴰⵇ ⴷ ⵜⵓⵎⴰⵙⵜ ⵏ ⵎⴰⵍⵉ Bamako.",
    "ar": "قال الرئيس في Bamako إن السلام ضروري اليوم.",
    "nko": "ߒߞߏ ߞߊ߲ ߦߋ߫ ߡߊ߲߬ߘߋ߲߫ ߞߊ߲ Bamako ߟߋ߬ ߘߌ߫.",
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An archive with one hour in each of several scripts; only Arabic lies untranscribed too."""
    with bare_archive(tmp_path_factory.mktemp("scripts")) as (archive, catalogue):
        for number, (key, said) in enumerate(TEXTS.items(), 1):
            tag = LanguageTag("bm" if key == "nko" else key)
            new = make_new_broadcast(key, language=tag, guests=("Awa Traoré",))
            broadcast_id, _ = catalogue.broadcasts.put(new)
            catalogue.recordings.attach(broadcast_id, make_recording(number, 3_600_000))
            add_transcript(catalogue, broadcast_id, replace(make_transcript(said), language=tag))
        waiting, _ = catalogue.broadcasts.put(make_new_broadcast("x", language=LanguageTag("ar")))
        catalogue.recordings.attach(waiting, make_recording(9, 7_200_000))
        archive.reindex()
        with TestClient(create_app(archive)) as client:
            yield client


def test_each_script_runs_its_own_way_in_one_list(scripts: TestClient) -> None:
    results = page(scripts, "/search?q=bamako")
    ways = {
        snippet.get("lang"): snippet.getparent().get("dir", "ltr")
        for snippet in results.xpath("//ol[@class='hits']//bdi[@lang]")
    }
    assert ways == {"bm": "ltr", "ffm": "ltr", "taq-Tfng": "ltr", "ar": "rtl", "bm-Nkoo": "rtl"}


@pytest.mark.parametrize("word", ["ߡߊ߲߬ߘߋ߲߫", "ⵜⵓⵎⴰⵙⵜ", "السلام", "sɛnɛ"])
def test_words_of_every_script_are_marked_whole(scripts: TestClient, word: str) -> None:
    results = page(scripts, f"/search?q={word}&spelling=exact")
    assert {mark.text for mark in results.xpath("//article//mark")} == {word}


def test_a_count_is_read_against_what_is_transcribed(scripts: TestClient) -> None:
    results = page(scripts, "/search?q=bamako&language=ar")
    covered = text(one(results, "//p[@class='covered']"))
    assert covered == "1,0 h sur 3,0 h transcrites en arabe"
    everything = text(one(page(scripts, "/search?q=bamako"), "//details[@class='covered']"))
    assert "5,0 h sur 7,0 h transcrites" in everything
    assert "2,0 h sur 2,0 h transcrites en bambara" in everything
    nothing = page(scripts, "/search?q=xylophone&language=ar")
    assert "1,0 h sur 3,0 h" in text(one(nothing, "//p[@class='covered']"))


def test_other_languages_that_match_are_named(scripts: TestClient) -> None:
    nothing = page(scripts, "/search?q=malo&language=ar&without=all")
    assert nothing.xpath("//a[@href='/search?q=malo&language=bm&without=all']")


def test_a_language_page_tells_its_months(scripts: TestClient) -> None:
    months = one(page(scripts, "/languages/ar"), "//section[@id='months']")
    assert [text(cell) for cell in months.xpath(".//tbody/tr/*")] == [
        "octobre 2014",
        "2",
        "3,0 h",
        "1,0 h",
        "0",
    ]


def test_the_api_tells_coverage_by_language_and_month(scripts: TestClient) -> None:
    answer = scripts.get("/api/v1/coverage?language=arabe&from=2014&to=2014-10-20").json()
    assert [row["language"] for row in answer["coverage"]] == ["ar"]
    assert answer["months"] == [
        {
            "language": "ar",
            "month": "2014-10",
            "broadcasts": 2,
            "aired_hours": None,
            "hours": 3.0,
            "transcribed_hours": 1.0,
            "checked_hours": 0.0,
        }
    ]
    assert scripts.get("/api/v1/coverage?from=2015").json()["months"] == []
    for bad in ("from=hier", "to=2014-13", "language=klingon"):
        assert scripts.get(f"/api/v1/coverage?{bad}").status_code == 400


def test_how_spellings_are_compared_is_a_link_and_a_field(client: TestClient) -> None:
    results = page(client, "/search?q=riz&sort=newest")
    links = {link.get("href") for link in results.xpath("//nav[contains(@class,'spellings')]/a")}
    assert "/search?q=riz&sort=newest&spelling=exact" in links
    assert "/search?q=riz&sort=newest&spelling=close" in links
    exact = page(client, "/search?q=riz&spelling=exact")
    assert text(one(exact, "//nav[contains(@class,'spellings')]/a[@aria-current]")) == (
        "exacte seulement"
    )
    assert one(exact, "//select[@name='spelling']/option[@selected]").get("value") == "exact"
    assert client.get("/search?q=riz&spelling=wild").status_code == 400


def test_the_exact_spelling_finds_less(client: TestClient) -> None:
    assert page(client, "/search?q=organise").xpath("//article")
    assert not page(client, "/search?q=organise&spelling=exact").xpath("//article")
    assert client.get("/api/v1/search?q=organise&spelling=exact").json()["total"] == 0


def test_a_hit_says_how_it_matched_unless_it_is_as_typed(client: TestClient) -> None:
    how = "//article//*[@class='how']"
    assert not page(client, "/search?q=organisé").xpath(how)
    label = page(client, "/search?q=organise").xpath(how)[0]
    assert text(label) == "autre graphie"
    assert label.get("title")


def test_close_spellings_are_announced(client: TestClient) -> None:
    results = page(client, "/search?q=vaccinasion")
    assert "s’écrit presque ainsi" in text(results)
    assert text(results.xpath("//article//*[@class='how']")[0]) == "graphie proche"


def test_broadcasts_without_text_are_found_by_title_and_guests(
    client: TestClient, stock: Stock
) -> None:
    nothing = page(client, "/search?q=kibaruw")
    block = one(nothing, "//details[@class='titles']")
    assert block.get("open") is not None
    assert "non transcrit" in text(block)
    assert block.xpath(f".//a[@href='/broadcasts/{stock.kibaruw}']")
    told = client.get("/api/v1/search?q=issa+traore").json()["titles"]
    assert {row["id"] for row in told} == {stock.debate, stock.bulletin, stock.kibaruw}
    assert {row["state"] for row in told} == {"transcribed", "not_transcribed"}


def test_a_broadcast_among_the_hits_is_not_listed_twice(client: TestClient, stock: Stock) -> None:
    results = page(client, "/search?q=vaccination")
    shown = {link.get("href").split("?")[0] for link in results.xpath("//article//h2/a")}
    listed = {link.get("href") for link in results.xpath("//details[@class='titles']//h2/a")}
    assert shown
    assert not shown & listed


def test_each_added_word_is_a_link_that_takes_it_out(
    client: TestClient, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = stock.archive.search("riz", SearchOptions())
    added = (
        Expansion(typed="Tumutu", added=("Tombouctou",), origin=Origin.ALIAS, id="tumutu-alias"),
        Expansion(typed="rice", added=("riz",), origin=Origin.TRANSLATION, id="rice-translation"),
    )
    widened = replace(found, query=replace(found.query, expansions=added))
    monkeypatch.setattr(stock.archive, "search", lambda text, options: widened)
    results = page(client, "/search?q=Tumutu+rice")
    folded = one(results, "//details[@class='also'][not(@open)]/summary")
    assert text(folded) == "Aussi cherché : Tombouctou, riz"
    chips = {
        link.get("href"): text(link)
        for link in results.xpath("//details[@class='also']/p[@class='chips added']/a")
    }
    assert list(chips) == [
        "/search?q=Tumutu+rice&without=tumutu-alias",
        "/search?q=Tumutu+rice&without=rice-translation",
        "/search?q=Tumutu+rice&without=all",
    ]
    first = chips["/search?q=Tumutu+rice&without=tumutu-alias"]
    assert first.startswith("Tombouctou autre nom")
    assert first.endswith("✕")
    again = page(client, "/search?q=Tumutu+rice&without=all")
    assert again.xpath("//details[@open]/p[@class='chips added']/a[@href='/search?q=Tumutu+rice']")


def test_the_day_a_broadcast_was_aired_finds_it(client: TestClient, stock: Stock) -> None:
    results = page(client, "/search?q=crime+organisé+16+octobre")
    assert results.xpath(f"//article//h2/a[starts-with(@href, '/broadcasts/{stock.debate}')]")
    assert {mark.text for mark in results.xpath("//article//mark")} == {"crime", "organisé"}
    chip = one(results, "//p[@class='chips added']/a[contains(@href, '16-octobre-aired')]")
    assert text(chip).startswith("diffusé un 16 octobre autre lecture de « 16 octobre »")
    assert not page(client, str(chip.get("href"))).xpath("//article")
    answer = client.get("/api/v1/search?q=16/10/2014+riz").json()
    assert [each["aired"] for each in answer["expansions"] if each["origin"] == "aired"] == [
        "2014-10-16"
    ]
    assert answer["total"]


@pytest.mark.parametrize(
    ("tag", "date", "said"),
    [
        ("fr", AirDate(year=2014, month=10, day=16), "diffusé le 16 octobre 2014"),
        ("fr", AirDate(year=2014, month=10, day=1), "diffusé le 1er octobre 2014"),
        ("fr", AirDate(month=10, day=1), "diffusé un 1er octobre"),
        ("fr", AirDate(year=2014, month=10), "diffusé en octobre 2014"),
        ("en", AirDate(year=2014, month=10, day=16), "aired on 16 October 2014"),
        ("en", AirDate(month=2, day=29), "aired on any 29 February"),
    ],
)
def test_a_date_is_said_in_the_language_of_the_page(tag: str, date: AirDate, said: str) -> None:
    assert Wording(load_catalogues()[tag]).aired(date) == said


def test_names_mentioned_narrow_a_search_and_go_with_one_click(client: TestClient) -> None:
    results = page(client, "/search?q=riz")
    names = results.xpath("//aside//li[a[contains(@href, 'name=')]]")
    assert [text(each) for each in names] == ["Bamako 2", "Mali 1", "Ségou 1"]
    narrowed = page(client, str(names[0].find("a").get("href")))
    assert len(narrowed.xpath("//article//ol[@class='hits']/li")) == 2
    assert {"riz", "Bamako"} == {mark.text for mark in narrowed.xpath("//article//mark")}
    assert one(narrowed, "//form//input[@type='hidden'][@name='name']").get("value") == "Bamako"
    away = {link.get("href") for link in narrowed.xpath("//a[bdi='Bamako']")}
    assert away == {"/search?q=riz"}
    nothing = page(client, "/search?q=riz&name=Kidal")
    assert not nothing.xpath("//article")
    assert nothing.xpath("//p[@class='chips added']/a[@href='/search?q=riz'][bdi='Kidal']")
    assert nothing.xpath("//section[@class='note']//a[@href='/search?q=riz']")


def test_the_api_counts_names_and_narrows_by_them(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=mali+OR+riz+OR+vaccination").json()
    assert answer["facets"]["name"] == [
        {"value": "Bamako", "count": 2},
        {"value": "Mali", "count": 1},
        {"value": "Ségou", "count": 1},
    ]
    narrowed = client.get("/api/v1/search?name=Bamako&name=Mali").json()
    assert narrowed["total"] == 1
    assert client.get("/api/v1/search?q=name:Segou").json()["total"] == 1
    refused = client.get("/api/v1/search?q=riz&name=Nulle+part")
    assert refused.status_code == 400
    assert "Nulle part" in refused.json()["error"]["message"]


def test_addresses_carry_spelling_and_what_is_left_out() -> None:
    state = SearchState(q="Tumutu", spelling="close", without=("tumutu-alias",))
    assert state.url() == "/search?q=Tumutu&spelling=close&without=tumutu-alias"
    named = replace(state, names=("Gao", "Kidal"))
    assert "&name=Gao&name=Kidal&without=" in named.url()
    assert named.not_mentioning("Gao") == state.mentioning("Kidal")
    assert state.but("b").endswith("without=tumutu-alias&without=b")
    assert state.but() == "/search?q=Tumutu&spelling=close"
    assert state.for_words("Gao") == "/search?q=Gao&spelling=close"
    assert replace(state, without=("all",)).for_words("Gao").endswith("without=all")


def test_letters_are_offered_by_language(client: TestClient) -> None:
    letters = one(page(client, "/"), "//*[@id='letters']")
    assert letters.get("hidden") is not None
    rows = {
        tag: offered
        for tag, _, offered in (
            row.split(":") for row in str(letters.get("data-letters")).split("|")
        )
    }
    assert {"ɛ", "ɔ", "ŋ", "ɲ"} <= set(rows["bm"])
    assert {"ɓ", "ɗ", "ƴ"} <= set(rows["ffm"])
    assert {"ə", "š", "ž"} <= set(rows["taq"])
    assert list(rows)[-1] == "fr"


def test_a_mark_never_parts_a_letter_from_its_accents() -> None:
    said = "sɛ̀nɛ̀ ߡߊ߲߬"
    assert str(marked(said, [(0, 2)])) == f"<mark>sɛ̀</mark>{said[3:]}"
    assert str(marked(said, [(2, 4)])) == f"s<mark>ɛ̀n</mark>{said[4:]}"
    assert str(marked(said, [(8, 9)])).endswith("<mark>ߊ߲߬</mark>")


@pytest.mark.parametrize("tag", ["fr", "en"])
def test_every_way_to_match_has_words(tag: str) -> None:
    words = Wording(load_catalogues()[tag])
    assert set(MATCHES) == set(Match) - {Match.EXACT}
    assert set(ORIGINS) == set(Origin)
    assert words.match(Match.EXACT) is None
    assert all(words.match(match) for match in MATCHES)
    assert len({words.origin(origin) for origin in Origin}) == len(Origin)
