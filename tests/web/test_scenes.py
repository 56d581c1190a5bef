"""From a word to its sound, a quotation and a clip: with scripts, without, and by keyboard only.

On a sample broadcast, whose sentences were put where the reference says: what a clip holds is told
by where it lies in the recording.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, expect

from radio_archive.archive import AddOptions, Archive
from radio_archive.audio import SPEECH_RATE, Audio
from radio_archive.catalogue import Catalogue
from radio_archive.links import quote_url
from radio_archive.model import BroadcastId, Excerpt, LanguageTag, QuoteRequest, Transcript, Wish
from radio_archive.pipeline import renew
from radio_archive.quoting import MARGIN_MS
from tests.support.making import make_segment, ms
from tests.web.serving import open_browser, serve
from tests.web.stocking import add_transcript, bare_archive, run_jobs

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "media" / "samples" / "2016-11-02-journal.mp3"
TURNS = json.loads(SAMPLE.with_suffix(".script.json").read_text(encoding="utf-8"))["turns"]

#: the sentence that is looked for, by words that stand in no other
WANTED = next(turn for turn in TURNS if "oiseaux" in turn["text"])
QUERY = "paysans oiseaux"

#: how far clock and marked sentence may lie apart, in seconds
AGREES_S = 0.3


class Desk:
    """A served archive with one broadcast, and what happens to its text."""

    def __init__(self, url: str, archive: Archive, catalogue: Catalogue) -> None:
        self.url, self.archive, self.catalogue = url, archive, catalogue
        [broadcast], _ = archive.broadcasts()
        self.identity: BroadcastId = broadcast.id

    def correct(self, turn: dict[str, Any], text: str) -> None:
        number = TURNS.index(turn)
        sentence = self.archive.desk.worksheet(self.identity, "Awa").sentences[number]
        wish = Wish(broadcast_id=self.identity, number=number, version=sentence.version, text=text)
        self.archive.desk.save(wish, "Awa")

    def transcribe_anew(self, text: str) -> None:
        """As a worker does with another engine, which hears the same words in every sentence."""
        machine = heard(text)
        add_transcript(self.catalogue, self.identity, machine)
        renew(self.archive._parts, self.archive.get_broadcast(self.identity), machine)

    def quote(self, turn: dict[str, Any]) -> str:
        """The lasting address of a sentence as it is now."""
        stretch = Excerpt(
            start_ms=ms(int(str(turn["start_ms"]))), end_ms=ms(int(str(turn["end_ms"])))
        )
        found = self.archive.quotes.get(self.identity, QuoteRequest(excerpt=stretch))
        return self.url + quote_url(self.identity, found.excerpt, found.version, found.digest)


def heard(text: str = "") -> Transcript:
    segments = tuple(
        make_segment(text or turn["text"], turn["start_ms"], turn["end_ms"]) for turn in TURNS
    )
    return Transcript(language=LanguageTag("fr"), segments=segments, engine="test/none")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with bare_archive(tmp_path_factory.mktemp("scenes")) as (archive, catalogue):
        options = AddOptions(programme="journal", language="fr", title="Journal du soir")
        [result] = archive.add([str(SAMPLE)], options)
        assert result.broadcast_id is not None, result.error
        add_transcript(catalogue, result.broadcast_id, heard())
        run_jobs(archive)
        with serve(archive) as url:
            yield Desk(url, archive, catalogue)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=["scripts", "no scripts"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    scripts = request.param == "scripts"
    with browser.new_context(java_script_enabled=scripts, locale="fr-FR") as context:
        yield context


def wait_for_clock(page: Page, seconds: float) -> None:
    """Until the player stands at a moment, give or take `AGREES_S`."""
    deadline = time.monotonic() + 60
    while True:
        stands = page.evaluate("document.querySelector('#audio').currentTime")
        if abs(stands - seconds) <= AGREES_S:
            return
        assert time.monotonic() < deadline, f"the clock stands at {stands}, not at {seconds}"
        page.wait_for_timeout(50)


def word_time(word: str) -> float:
    """When a word of the wanted sentence is said, in seconds, as the transcript has it."""
    segment = make_segment(WANTED["text"], WANTED["start_ms"], WANTED["end_ms"])
    return next(each.start_ms for each in segment.words if word in each.text) / 1000


def decoded(path: Path) -> NDArray[np.float32]:
    return np.concatenate(list(Audio.find().decode(path)))


def place_of(clip: Path) -> tuple[float, float]:
    """Where in the recording a clip lies, in seconds, and how alike they are there, up to 1."""
    whole, part = decoded(SAMPLE), decoded(clip)
    size = 1 << (len(whole) + len(part)).bit_length()
    spectrum = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    products = np.fft.irfft(spectrum, size)[: len(whole) - len(part)]
    best = int(products.argmax())
    there = whole[best : best + len(part)]
    alike = products[best] / (np.linalg.norm(there) * np.linalg.norm(part))
    return best / SPEECH_RATE, float(alike)


def assert_holds_the_words(clip: Path) -> None:
    """It begins in the pause before the first word, and ends in the one after the last."""
    place, alike = place_of(clip)
    length = len(decoded(clip)) / SPEECH_RATE
    start, end = WANTED["start_ms"] / 1000, WANTED["end_ms"] / 1000
    assert alike > 0.9
    assert start - MARGIN_MS / 1000 - 0.05 <= place <= start
    assert end <= place + length <= end + MARGIN_MS / 1000 + 0.15


def save_clip(page: Page, folder: Path, act: str = "click") -> Path:
    with page.expect_download() as waiting:
        link = page.get_by_role("link", name="MP3")
        link.click() if act == "click" else page.keyboard.press(act)
    target = folder / "clip.mp3"
    waiting.value.save_as(target)
    return target


def test_from_a_word_to_its_clip(context: BrowserContext, desk: Desk, tmp_path: Path) -> None:
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("searchbox").fill(QUERY)
    page.get_by_role("button", name="Chercher").click()
    page.locator(".hits a.time").first.click()
    expect(page.locator("#lines [aria-current]")).to_contain_text(WANTED["text"])
    wait_for_clock(page, word_time("paysans"))
    page.get_by_role("link", name="Citer ou couper ce passage").click()
    expect(page.locator("blockquote")).to_have_text(WANTED["text"])
    assert_holds_the_words(save_clip(page, tmp_path))


def test_the_same_by_keyboard_only(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(desk.url)
        tab_to(page, "#q")
        page.keyboard.type(QUERY)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        tab_to(page, ".hits a.time")
        page.keyboard.press("Enter")
        page.wait_for_url("**/broadcasts/**")
        wait_for_clock(page, word_time("paysans"))
        tab_to(page, "#to-quote")
        page.keyboard.press("Enter")
        page.wait_for_url("**/quotes/**")
        expect(page.locator("blockquote")).to_have_text(WANTED["text"])
        tab_to(page, "a[download][href*='format=mp3']")
        assert_holds_the_words(save_clip(page, tmp_path, "Enter"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element that matches has the focus, and shows it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            focused = page.locator(selector).and_(page.locator("*:focus"))
            expect(focused).to_be_in_viewport()
            assert focused.evaluate("(each) => getComputedStyle(each).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_a_quotation_shows_both_texts_after_a_correction_and_after_transcribing_anew(
    context: BrowserContext, desk: Desk
) -> None:
    other = TURNS[TURNS.index(WANTED) + 1]
    desk.transcribe_anew("")
    page, quoted, untouched = context.new_page(), desk.quote(WANTED), desk.quote(other)
    page.goto(quoted)
    expect(page.locator("#state")).to_have_attribute("data-state", "unchanged")
    desk.correct(WANTED, "Les paysans craignent les sauterelles.")
    page.reload()
    assert texts(page) == ("corrected", WANTED["text"], "Les paysans craignent les sauterelles.")
    page.goto(untouched)
    expect(page.locator("#state")).to_have_attribute("data-state", "unchanged")
    desk.transcribe_anew("Autre chose.")
    page.reload()
    assert texts(page) == ("corrected", other["text"], "Autre chose.")
    page.goto(quoted)
    assert texts(page) == ("corrected", WANTED["text"], "Les paysans craignent les sauterelles.")
    desk.correct(WANTED, WANTED["text"])


def texts(page: Page) -> tuple[str | None, str, str]:
    """The state of a quotation, what was quoted, and what stands there today."""
    quoted, today = page.locator("blockquote").all_inner_texts()
    return page.locator("#state").get_attribute("data-state"), quoted, today
