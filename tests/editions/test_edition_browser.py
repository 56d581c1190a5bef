"""An offline edition in a real browser, opened from a folder: found, and played at the moment."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.making import make_segment, make_transcript
from tests.web.stocking import CRIME_MS, Stock, add_transcript, stock_archive

from radio_archive.editions.texts import TEXTS
from radio_archive.languages.analysis import ANALYZERS, analyze_as, is_stop_word
from radio_archive.languages.spelling import load_rules
from radio_archive.model import LanguageTag
from radio_archive.model.editions import EditionWish

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]

BAMBARA = "Bamakɔ sugu la, malo sɔngɔ yɛlɛnna. Cɛbakɔrɔba dɔ ko musow b'a dɔn."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    with stock_archive(tmp_path_factory.mktemp("home")) as stock:
        said = replace(
            make_transcript(),
            language=LanguageTag("bm"),
            segments=(make_segment(BAMBARA, 5_000),),
        )
        add_transcript(stock.catalogue, stock.kibaruw, said)
        yield stock


@pytest.fixture(scope="module", params=["fr", "en"])
def edition(
    stock: Stock, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A folder, and the language of its pages."""
    folder = tmp_path_factory.mktemp(f"stick {request.param} é")
    stock.archive.offline_edition.make(folder, EditionWish(interface=request.param))
    return folder, request.param


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A small telephone without a network; its pages must not complain."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    yield page
    assert complaints == []
    context.close()


def search(page: Page, folder: Path, words: str) -> None:
    page.goto((folder / "index.html").as_uri())
    page.wait_for_selector("#search[data-ready]")
    page.fill("#q", words)
    page.press("#q", "Enter")
    wait_until(page, "document.getElementById('results').getAttribute('aria-busy') === 'false'")


def wait_until(page: Page, expression: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def clock_of(page: Page) -> float:
    return float(page.evaluate("document.getElementById('player').currentTime"))


def test_a_search_finds_and_plays_at_the_moment(page: Page, edition: tuple[Path, str]) -> None:
    folder, interface = edition
    search(page, folder, "crime organise")
    assert page.inner_text("#said") == f"1 {TEXTS[interface]['found']}"
    assert [each.inner_text() for each in page.query_selector_all("mark")] == ["crime", "organisé"]
    page.click("#results button")
    wait_until(page, "document.getElementById('player').currentTime > 0")
    assert CRIME_MS / 1000 + 0.4 - 0.3 <= clock_of(page) <= CRIME_MS / 1000 + 0.4 + 2


def test_the_link_of_a_hit_opens_the_broadcast_at_the_moment(
    page: Page, edition: tuple[Path, str]
) -> None:
    folder, _ = edition
    search(page, folder, "crime")
    page.click("#results a")
    wait_until(page, "document.getElementById('player').currentTime > 0")
    assert abs(clock_of(page) - (CRIME_MS / 1000 + 0.4)) <= 0.3
    assert "crime organisé" in page.inner_text(".now")


def test_a_sentence_opens_the_sound(page: Page, edition: tuple[Path, str], stock: Stock) -> None:
    folder, _ = edition
    page.goto((folder / f"broadcasts/{stock.debate}.html").as_uri())
    page.click(f"#s{CRIME_MS} a.time")
    wait_until(page, "document.getElementById('player').currentTime > 0")
    assert CRIME_MS / 1000 - 0.3 <= clock_of(page) <= CRIME_MS / 1000 + 2


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("prix du riz", 2),
        ("PRIX RIZ", 2),
        ("vaccinations", 1),  # another form of a word that was said
        ("Segou", 1),
        ("l'audition riz", 0),
        ("riz mangue", 0),
        ("soongo", 1),  # Bambara as a French keyboard writes it
        ("cebakoroba", 1),
        ("le de", 0),
        ('<img src=x onerror="alert(1)">', 0),
    ],
)
def test_spellings_meet_as_in_the_archive(
    page: Page, edition: tuple[Path, str], words: str, count: int
) -> None:
    folder, interface = edition
    search(page, folder, words)
    assert len(page.query_selector_all("#results li")) == count
    if not count:
        assert page.inner_text("#said") == TEXTS[interface]["none"]


def test_no_page_is_wider_than_a_small_telephone(
    page: Page, edition: tuple[Path, str], stock: Stock
) -> None:
    folder, _ = edition
    pages = ("index.html", f"broadcasts/{stock.debate}.html", "programmes/journal.html")
    for name in pages:
        page.goto((folder / name).as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, name


def test_it_serves_without_scripts(browser: Browser, edition: tuple[Path, str]) -> None:
    folder, interface = edition
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    assert page.inner_text("noscript") == TEXTS[interface]["no_script"]
    assert not page.is_visible("#search")
    page.click("text=2014-10")
    page.click("text=Grand Dialogue du 16 octobre 2014")
    assert page.is_visible("audio")
    assert "crime organisé" in page.inner_text("main")
    context.close()


def examples() -> list[tuple[str, str]]:
    """Analyzer and word: those of the spelling tables, and of French texts."""
    found = []
    for name, analyzer in ANALYZERS.items():
        table = getattr(analyzer, "table", None)
        if table is not None:
            for rule in load_rules(table):
                text = rule.example.replace("=", " ").replace(",", " ").replace(";", " ")
                found += [(name, word) for word in text.split() if word.isalpha()]
    french = "Ségou été cœur naïve Noël aujourd'hui l'eau Œuvre ça où hôpital"
    found += [("french", word) for word in french.split()]
    random.Random(1).shuffle(found)
    return found


def test_the_script_folds_as_the_archive_does(page: Page, stock: Stock, tmp_path: Path) -> None:
    """Each word of the tables, said by nobody else: typed as written, it is found."""
    words = [each for each in examples() if not is_stop_word(each[1], each[0])][:150]
    languages = {"bambara": "bm", "fulfulde": "ff", "tamasheq": "taq", "songhay": "ses"}
    wrong = []
    folder = tmp_path / "edition"
    for tag in {*languages.values()}:
        mine = [word for name, word in words if languages.get(name) == tag]
        if not mine:
            continue
        text = replace(
            make_transcript(*mine),
            language=LanguageTag(tag),
        )
        add_transcript(stock.catalogue, stock.kibaruw, text)
        stock.archive.offline_edition.make(folder, EditionWish(sound=None))
        name = next(key for key, value in languages.items() if value == tag)
        for word in mine:
            typed = word.upper() if word.upper().lower() == word else word
            search(page, folder, typed)
            if not page.query_selector_all("#results li"):
                wrong.append((name, word, [each.folded for each in analyze_as(word, name)]))
    assert wrong == []
