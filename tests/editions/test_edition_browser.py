"""An offline edition in a real browser, opened from a folder: found, and played at the moment."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.making import make_segment, make_transcript
from tests.web.stocking import CRIME_MS, Stock, add_transcript, stock_archive

from radio_archive.editions.search_data import fold_rules, shared_rules
from radio_archive.editions.texts import TEXTS
from radio_archive.languages.analysis import ANALYZERS, analyze_as
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


def wait_until(page: Page, expression: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def clock_of(page: Page) -> float:
    return float(page.evaluate("document.getElementById('player').currentTime"))


def test_a_search_finds_and_plays_at_the_moment(page: Page, edition: tuple[Path, str]) -> None:
    folder, interface = edition
    search(page, folder, "crime organise")
    assert page.inner_text("#said") == f"1 {TEXTS[interface]['found_one']}"
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
    if count == 1:
        assert page.inner_text("#said").endswith(f"1 {TEXTS[interface]['found_one']}")
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


def test_an_arabic_word_is_found_with_and_without_its_article(
    page: Page, stock: Stock, tmp_path: Path
) -> None:
    said = make_transcript("أعلنت الحكومة عن إغلاق المدارس في تمبكتو", "نقص الماء في غاو")
    arabic = replace(said, language=LanguageTag("ar"))
    add_transcript(stock.catalogue, stock.kibaruw, arabic)
    stock.archive.offline_edition.make(tmp_path / "edition", EditionWish(sound=None))
    for words, marked in (
        ("اعلنت", "أعلنت"),
        ("حكومه", "الحكومة"),
        ("والماء", "الماء"),
        ("المـدارس", "المدارس"),
    ):
        search(page, tmp_path / "edition", words)
        assert page.inner_text("#results mark") == marked, words


def test_words_of_letters_of_two_code_units_are_found(
    page: Page, stock: Stock, tmp_path: Path
) -> None:
    said = replace(make_transcript("𞤆𞤵𞤤𞤢𞤪 𞤬𞤵𞤤𞤬𞤵𞤤𞤣𞤫"), language=LanguageTag("ff"))
    add_transcript(stock.catalogue, stock.kibaruw, said)
    stock.archive.offline_edition.make(tmp_path / "edition", EditionWish(sound=None))
    search(page, tmp_path / "edition", "𞤊𞤵𞤤𞤬𞤵𞤤𞤣𞤫")
    assert page.inner_text("#results mark") == "𞤬𞤵𞤤𞤬𞤵𞤤𞤣𞤫"


def units(text: str) -> int:
    """Length of a text as scripts count it."""
    return len(text.encode("utf-16-le")) // 2


def real_words() -> list[str]:
    """Words of every table of the languages, and what writers of several scripts do to words."""
    folder = resources.files("radio_archive.languages").joinpath("data")
    texts = [
        each.read_text("utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith((".tsv", ".txt"))
    ]
    texts.append(Path(__file__).with_name("words.txt").read_text("utf-8"))
    return sorted({word for text in texts for word in re.split(r"[\s|=,;/]+", text) if word})


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_the_script_folds_as_the_archive_does(
    page: Page, edition: tuple[Path, str], analyzer: str
) -> None:
    """Thousands of words in every spelling, and where each word stands."""
    page.goto((edition[0] / "index.html").as_uri())
    rules = {**shared_rules(), "rules": {analyzer: fold_rules(analyzer)}}
    page.evaluate("(rules) => { Edition.rules(rules); }", rules)
    words = real_words()
    texts = [*words, *map(str.upper, words), *(f"« {' '.join(words[:400])} », 10 000 M.O.C.",)]
    told = page.evaluate(
        """([texts, analyzer]) => texts.map((text) => Edition.words(text, analyzer).map(
            (word) => [word.folded, word.start, word.end]))""",
        [texts, analyzer],
    )
    wrong = []
    for text, found in zip(texts, told, strict=True):
        expected = [
            [each.folded, units(text[: each.char_start]), units(text[: each.char_end])]
            for each in analyze_as(text, analyzer)
        ]
        if found != expected:
            wrong.append((text[:80], found[:5], expected[:5]))
    assert len(texts) > 7_000
    assert wrong == []
