"""Listening in the list of results, searching while one types, two texts at once, in Chromium."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from radio_archive.model import LanguageTag, TranscriptKind
from radio_archive.search.passages import split_passages
from radio_archive.web import create_app
from tests.support.making import make_segment, make_transcript
from tests.web.stocking import Stock, run_jobs, stock_archive

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]

#: where the sound that is played in the list is, in seconds of the broadcast
HEARD = """(() => {
    const sound = document.querySelector('#sound');
    return Number(new URL(sound.src).searchParams.get('start')) + sound.currentTime;
})()"""

#: from when to when the sentence marked in the list is said, in seconds
SAID = """(() => {
    const said = document.querySelector('.hits [aria-current]');
    return said && said.dataset.s.split(' ').map((ms) => ms / 1000);
})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Stock]]:
    """A served archive; the debate has a translation beside its text."""
    with stock_archive(tmp_path_factory.mktemp("listening")) as stock:
        english = replace(
            make_transcript(kind=TranscriptKind.TRANSLATION),
            language=LanguageTag("en"),
            segments=tuple(
                make_segment(text, start)
                for text, start in (("Good evening.", 1_500), ("Does crime threaten Mali?", 30_100))
            ),
        )
        cut = split_passages(english, stock.catalogue.broadcasts.get(stock.debate))
        stock.catalogue.transcripts.add_track(stock.debate, english, cut)
        run_jobs(stock.archive)
        config = uvicorn.Config(create_app(stock.archive), port=0, log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", stock
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must not complain: no script error, no refused content."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert [text for text in complaints if "status of 400" not in text] == []


def wait_until(page: Page, expression: str, seconds: float = 60) -> None:
    """Ask the page again and again; its own security policy forbids it to poll by itself."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def play_first(page: Page, url: str) -> None:
    page.goto(f"{url}/search?q=crime")
    page.locator("button.play").first.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.3")


def test_a_hit_plays_in_the_list_and_opens_at_the_same_moment(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, stock = site
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/search?q=crime")
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if re.search("/media/|/clips/", address)]
    button = page.locator("button.play").first
    expect(button).to_contain_text("Écouter")
    expect(button).to_contain_text(re.compile(r"· \d+\sko$"))
    button.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.3")
    page.evaluate("document.querySelector('#sound').playbackRate = 0.1")  # time to look at it
    expect(button).to_contain_text("Pause")
    heard, (start, end) = page.evaluate(HEARD), page.evaluate(SAID)
    assert 30.4 <= heard < 33
    assert start - 0.3 <= heard <= end + 0.3
    expect(page.locator(".hits [aria-current]")).to_contain_text("crime organisé")
    shown = page.locator(".clock").inner_text().split(" / ")[0]
    minutes, seconds = map(int, shown.split(":"))
    assert abs(minutes * 60 + seconds - int(page.evaluate(HEARD))) <= 1
    button.click()
    page.locator("article .hits a.time").first.click()
    page.wait_for_url(f"{url}/broadcasts/{stock.debate}?t=30.4*")
    wait_until(page, "Math.abs(document.querySelector('#audio').currentTime - 30.4) < 0.3")
    expect(page.locator("#lines [aria-current]")).to_contain_text("crime organisé")


def test_one_sound_plays_at_a_time(page: Page, site: tuple[str, Stock]) -> None:
    url, _ = site
    page.goto(f"{url}/search?q=riz")
    first, second = page.locator("button.play").all()[:2]
    first.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.1")
    second.click()
    expect(second).to_contain_text("Pause")
    expect(first).to_contain_text("Écouter")
    assert page.locator("audio").count() == 1
    expect(page.locator(".clock")).to_have_count(1)


def test_it_stops_at_the_end_of_the_passage_and_goes_on_when_asked(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, _ = site
    play_first(page, url)
    wait_until(page, "document.querySelector('#sound').ended")
    expect(page.get_by_text("Fin du passage")).to_have_count(1)
    expect(page.locator(".hits [aria-current]")).to_have_count(0)
    more = page.get_by_role("button", name=re.compile(r"Continuer une minute · \d+\sko"))
    stopped = page.evaluate(HEARD)
    assert abs(stopped - 32.9) < 0.3
    more.focus()
    page.keyboard.press("Enter")
    wait_until(page, f"{HEARD} > {stopped} + 0.2")
    assert page.evaluate(HEARD) < stopped + 3
    expect(page.locator("button.play").first).to_be_focused()
    page.keyboard.press("Escape")
    wait_until(page, "document.querySelector('#sound').paused")


def test_everything_is_done_by_keyboard(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(url)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("crime organisé")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/search?q=crime*")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('play')"):
            break
    page.keyboard.press("Space")
    wait_until(page, "document.querySelector('#sound').currentTime > 0.2")
    expect(page.locator("button.play").first).to_be_focused()
    page.keyboard.press("Enter")
    wait_until(page, "document.querySelector('#sound').paused")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") == "time"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/broadcasts/{stock.debate}?t=30.4*")
    wait_until(page, "Math.abs(document.querySelector('#audio').currentTime - 30.4) < 0.3")
    page.keyboard.press("k")
    wait_until(page, "!document.querySelector('#audio').paused")


def test_without_scripts_listening_is_a_link_to_the_moment(
    browser: Browser, site: tuple[str, Stock]
) -> None:
    url, stock = site
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{url}/search?q=crime")
    assert page.get_by_role("button", name=re.compile("Écouter")).count() == 0
    page.locator("article .hits a.time").first.click()
    expect(page).to_have_url(f"{url}/broadcasts/{stock.debate}?t=30.4&q=crime#t=30.4")
    sound = page.locator("audio source").first.get_attribute("src")
    assert sound == f"/media/{stock.debate}.webm#t=30.4"
    expect(page.locator("#lines [aria-current]")).to_contain_text("crime organisé")
    page.locator("a", has_text="côte à côte").click()
    expect(page.locator("p.beside").first).to_contain_text("Good evening.")
    context.close()


def test_from_the_first_page_a_sound_is_two_clicks_away(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, _ = site
    page.goto(url)
    page.get_by_role("link", name='"crime organisé"').click()
    page.locator("button.play").first.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.1")


def test_results_come_while_one_types(page: Page, site: tuple[str, Stock]) -> None:
    url, _ = site
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/search?language=fr")
    box = page.get_by_role("searchbox", name="Chercher dans ce qui a été dit")
    box.press_sequentially("cr", delay=30)
    page.wait_for_timeout(900)
    assert not [address for address in asked if "part=results" in address]
    box.press_sequentially("ime organisé", delay=30)
    expect(page.locator("#found article")).to_have_count(1, timeout=60_000)
    expect(page.locator("#found article h2")).to_contain_text("Grand Dialogue")
    expect(box).to_be_focused()
    expect(box).to_have_value("crime organisé")
    assert page.url == f"{url}/search?q=crime+organis%C3%A9&language=fr"
    assert page.title().startswith("crime organisé – ")
    assert len([address for address in asked if "part=results" in address]) < 10
    expect(page.locator("[role=status]")).to_contain_text("passage")
    expect(page.locator("[role=status]")).to_have_count(1)
    page.locator("button.play").first.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.1")
    page.reload()
    expect(box).to_have_value("crime organisé")


def test_what_nobody_understands_leaves_the_results_while_one_types(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, _ = site
    page.goto(f"{url}/search?q=crime")
    with page.expect_response(lambda answer: "part=results" in answer.url) as refused:
        page.get_by_role("searchbox").first.press_sequentially(" ab*", delay=20)
    assert refused.value.status == 400
    expect(page.locator("#found article")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_on_a_slow_line_nothing_is_asked_while_one_types(
    page: Page, site: tuple[str, Stock]
) -> None:
    url, _ = site
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/search?q=riz&data=low")
    page.get_by_role("searchbox").first.press_sequentially(" Bamako", delay=20)
    page.wait_for_timeout(1_200)
    assert not [address for address in asked if "part=results" in address]
    page.locator("button.play").first.click()
    wait_until(page, "document.querySelector('#sound').currentTime > 0.1")
    assert "format=webm-low" in page.evaluate("document.querySelector('#sound').src")
    page.keyboard.press("Escape")
    page.locator(".hits a.time").first.click()
    page.wait_for_url("**data=low**")
    expect(page.locator("#audio")).to_have_attribute("preload", "none")


def test_a_sentence_is_repeated_until_told_otherwise(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}?t=39#t=39.0")
    wait_until(page, "document.querySelector('#audio').readyState >= 1")
    wait_until(page, "Math.abs(document.querySelector('#audio').currentTime - 39) < 0.3")
    button = page.get_by_role("button", name="Répéter la phrase")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    wait_until(page, "document.querySelector('#audio').currentTime < 35")
    assert page.evaluate("document.querySelector('#audio').currentTime") >= 29.9
    expect(page.locator("#lines [aria-current]")).to_contain_text("crime organisé")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_sentence_found_in_the_broadcast_is_played(page: Page, site: tuple[str, Stock]) -> None:
    url, stock = site
    page.goto(f"{url}/broadcasts/{stock.debate}")
    box = page.get_by_role("searchbox", name="Chercher dans cette émission")
    box.fill("routes")
    box.press("Enter")
    page.wait_for_url("**q=routes*")
    wait_until(page, "document.querySelector('#audio').readyState >= 1")
    page.get_by_role("navigation", name="Phrases trouvées").get_by_role("link").click()
    wait_until(page, "document.querySelector('#audio').currentTime > 40")
    expect(page.locator("#lines [aria-current]")).to_contain_text("routes")
    expect(page.locator("#lines [aria-current]")).to_be_in_viewport()
    assert page.url.endswith("q=routes&t=40.0#t=40.0")


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (1280, 2)])
def test_two_texts_stand_side_by_side_or_below_each_other(
    page: Page, site: tuple[str, Stock], width: int, columns: int
) -> None:
    url, stock = site
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{url}/broadcasts/{stock.debate}?beside=translation.en")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beside = page.locator("p.beside", has_text="Does crime")
    said = page.locator("#lines p", has_text="Le crime organisé")
    boxes = said.bounding_box(), beside.bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    is_beside = boxes[1]["x"] >= boxes[0]["x"] + boxes[0]["width"]
    assert is_beside == (columns == 2)
    is_level = abs(boxes[0]["y"] - boxes[1]["y"]) < 2
    assert is_level == (columns == 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_pass_the_accessibility_rules(
    page: Page, site: tuple[str, Stock], scheme: str, width: int
) -> None:
    url, stock = site
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    play_first(page, url)
    violations(page)
    for path in (
        f"/broadcasts/{stock.debate}?t=30&q=crime&beside=translation.en",
        "/search/trend?q=riz",
        f"/embed/{stock.debate}?start=30&end=33",
    ):
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        violations(page)


def violations(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
