"""The pages in a real Chromium: the sound opens at the moment, and nothing strange runs."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.payloads import PAYLOADS
from tests.web.serving import open_browser, serve
from tests.web.stocking import Stock, add_hostile, stock_archive

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Stock]]:
    """A served archive, a few of whose broadcasts are full of hostile text."""
    with stock_archive(tmp_path_factory.mktemp("served")) as stock:
        for number, payload in enumerate(PAYLOADS[::4]):
            add_hostile(stock, number, payload)
        stock.archive.reindex()
        with serve(stock.archive) as url:
            yield url, stock


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="fr-FR",
        viewport={"width": 1280, "height": 800},
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that must not complain: no script error, no refused content."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    assert [text for text in complaints if "status of 400" not in text] == []


def wait_until(page: Page, expression: str, seconds: float = 60) -> None:
    """Ask the page again and again; its own security policy forbids it to poll by itself."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def current_time(page: Page) -> float:
    return float(page.evaluate("document.querySelector('#audio').currentTime"))


def wait_for_sound(page: Page) -> None:
    wait_until(page, "document.querySelector('#audio').readyState >= 1")


def test_a_result_opens_the_sound_at_the_word(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(url)
    page.get_by_role("searchbox").fill("crime organisé")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("status").first).to_contain_text("passage")
    page.locator("article .hits a.time").first.click()
    page.wait_for_url(f"{url}/broadcasts/{stock.debate}?t=30.4*")
    wait_for_sound(page)
    wait_until(page, "Math.abs(document.querySelector('#audio').currentTime - 30.4) < 0.5")
    marked = page.locator("#lines [aria-current]")
    expect(marked).to_contain_text("Le crime organisé menace")
    expect(marked).to_be_in_viewport()
    assert page.locator("#lines mark").all_inner_texts()[:2] == ["crime", "organisé"]


def test_the_sound_plays_and_the_sentence_follows(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}?t=39.0#t=39.0")
    wait_for_sound(page)
    page.evaluate("document.querySelector('#audio').play()")
    expect(page.locator("#lines [aria-current]")).to_contain_text("vit des routes")
    assert 39.9 <= current_time(page) < 45
    assert page.evaluate("document.querySelector('#audio').webkitAudioDecodedByteCount") > 0
    assert page.evaluate("document.querySelector('#audio').currentSrc").endswith(".webm#t=39.0")


def test_mp3_opens_at_the_moment_too(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}")
    got = page.evaluate(
        """url => new Promise((done, fail) => {
            const sound = new Audio(url);
            sound.onerror = () => fail(sound.error.message);
            sound.onloadeddata = () => done(sound.currentTime);
            sound.preload = 'auto';
            sound.load();
        })""",
        f"/media/{stock.debate}.mp3#t=30.4",
    )
    assert abs(got - 30.4) < 0.5


def test_a_clicked_word_is_heard(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}")
    wait_for_sound(page)
    # "routes" is the sixth of its words, 400 ms each, of the sentence at 40 s
    place = page.evaluate(
        """() => {
            const text = [...document.querySelectorAll('#lines span[data-w]')]
                .find((span) => span.textContent.includes('routes')).firstChild;
            const range = document.createRange();
            const start = text.data.indexOf('routes');
            range.setStart(text, start + 1);
            range.setEnd(text, start + 3);
            range.startContainer.parentElement.scrollIntoView({block: 'center'});
            const box = range.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
    )
    page.mouse.click(*place)
    wait_until(page, "!document.querySelector('#audio').paused")
    assert 41.9 <= current_time(page) < 43.5


def test_buttons_and_keys_move_the_sound(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}?t=30#t=30.0")
    wait_for_sound(page)
    page.get_by_role("button", name="+10 s").click()
    assert abs(current_time(page) - 40) < 0.5
    page.locator("h1").click()
    page.keyboard.press("j")
    assert abs(current_time(page) - 30) < 0.5
    page.keyboard.press("k")
    wait_until(page, "!document.querySelector('#audio').paused")
    page.keyboard.press("k")
    page.get_by_role("searchbox").first.fill("j l k")
    assert page.evaluate("document.querySelector('#audio').paused")
    page.get_by_label("Raccourcis actifs").uncheck()
    page.locator("h1").click()
    before = current_time(page)
    page.keyboard.press("l")
    assert current_time(page) == before


def test_a_link_and_a_quotation_can_be_copied(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}?t=30.4#t=30.4")
    wait_for_sound(page)
    wait_until(page, "document.querySelector('#audio').currentTime > 30")
    page.get_by_role("button", name="Copier le lien ici").click()
    expect(page.locator("#said")).to_have_text("Lien copié")
    link = f"{url}/broadcasts/{stock.debate}?t="
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{link}30.")
    page.get_by_role("button", name="Copier la citation").click()
    expect(page.locator("#said")).to_have_text("Citation copiée")
    quotation = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert quotation[0] == "« Le crime organisé menace-t-il le Mali ? »"
    assert quotation[2] == "Transcription automatique\N{NO-BREAK SPACE}: écoutez avant de citer."
    assert quotation[3:] == [f"{link}30.0#t=30.0"]
    assert quotation[1].startswith("Grand Dialogue du 16 octobre 2014, ")
    assert quotation[1].endswith("Studio Tamani, 16 octobre 2014, 0:30")


def test_everything_is_reachable_without_scripts(browser: Browser, site: tuple[str, Stock]) -> None:
    url, stock = site
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{url}/search?q=crime")
    page.locator("article .hits a.time").first.click()
    expect(page).to_have_url(f"{url}/broadcasts/{stock.debate}?t=30.4&q=crime#t=30.4")
    expect(page.locator("#lines [aria-current]")).to_be_in_viewport()
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.locator("#tools")).to_be_hidden()
    page.locator("#lines a.time", has_text="0:40").click()
    expect(page.locator("#lines [aria-current]")).to_contain_text("routes")
    page.get_by_role("link", name="VTT").wait_for()
    context.close()


def test_the_sticky_player_never_covers_the_focused_sentence(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, stock = site
    page.set_viewport_size({"width": 390, "height": 480})
    page.goto(f"{url}/broadcasts/{stock.debate}?t=52.0#t=52.0")
    wait_for_sound(page)
    page.locator("#lines a.time").last.focus()
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(400)
        wait_until(
            page,
            "document.activeElement.getBoundingClientRect().top"
            " - document.querySelector('#player').getBoundingClientRect().bottom >= 0",
        )


def test_hostile_text_runs_nothing(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    refused: list[str] = []
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security" in message.text else None
        ),
    )
    hostile, _ = stock.archive.broadcasts(programme="hostile", page_size=50)
    assert len(hostile) == len(PAYLOADS[::4])
    paths = [f"/broadcasts/{broadcast.id}?t=0&q=hostile" for broadcast in hostile]
    for path in ("/", "/search?q=hostile", "/programmes/hostile", *paths):
        page.goto(url + path, wait_until="domcontentloaded")
        assert page.evaluate("window.hit === undefined"), path
        assert page.locator("main img, main iframe, main script, main svg").count() == 0
    assert refused == []


def test_letters_are_offered_by_language_and_land_at_the_caret(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, _ = site
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{url}/search?language=bm")
    palette = page.locator("#letters")
    expect(palette.get_by_role("button")).to_have_text(list("ɛɔɲŋ"))
    palette.get_by_role("combobox").select_option("ffm")
    expect(palette.get_by_role("button")).to_have_text(list("ɓɗƴɲŋ"))
    palette.get_by_role("combobox").select_option("bm")
    box = page.get_by_role("searchbox")
    box.fill("snɛ")
    page.evaluate("document.querySelector('#q').setSelectionRange(1, 1)")
    letter = palette.get_by_role("button", name="ɛ")
    size = letter.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 44
    letter.click()
    expect(box).to_have_value("sɛnɛ")
    assert page.evaluate("document.querySelector('#q').selectionStart") == 2
    page.goto(url)
    expect(palette.get_by_role("combobox")).to_have_value("bm")


def test_the_player_says_that_the_sound_cannot_be_had(
    browser: Browser, site: tuple[str, Stock]
) -> None:
    url, stock = site
    settings = stock.archive.settings
    shutil.rmtree(settings.cache_dir, ignore_errors=True)  # or a copy for players is heard
    renditions = settings.media_dir / "renditions"
    aside = renditions.rename(renditions.with_name("away"))
    page = browser.new_page()
    try:
        page.goto(f"{url}/broadcasts/{stock.debate}?lang=en")
        said = page.locator("#said")
        expect(said).to_have_text("The sound is not available at the moment.")
        expect(page.locator("#lines")).to_contain_text("crime organisé")
    finally:
        page.close()
        aside.rename(renditions)
