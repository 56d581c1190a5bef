"""What a listener on a slow line waits for: weight, requests and time of each page and of a sound.

Serves an archive, opens it in Chromium behind a line of 50 kbit/s that takes 400 ms to answer (2G,
as Chromium's own network conditions imitate it: the time to open a connection is not in them), and
walks from the home page to a sound as a reader would. Everything is done five times, with and
without the header ``Save-Data: on``; printed are medians, and the seconds of every walk.

    radio-archive demo --home .
    python benchmarks/low_bandwidth.py [--home .] [--query "crime organisé"] [--runs 5]
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Error, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.web.serving import open_browser, serve  # noqa: E402

from radio_archive.archive import open_archive  # noqa: E402 - importable from here on
from radio_archive.settings import Settings  # noqa: E402

LATENCY_MS = 400
BITS_PER_SECOND = 50_000

#: the promises, in seconds and bytes
FIRST_RESULT_S, FIRST_SOUND_S = 5.0, 8.0
PAGE_BYTES = 50_000

#: what is looked at: step -> the longest it may take, in seconds
STEPS: Mapping[str, float] = {
    "home, first visit": FIRST_RESULT_S,
    "results, from home": FIRST_RESULT_S,
    "sound in the list": FIRST_SOUND_S,
    "broadcast at the moment": FIRST_RESULT_S,
    "its sound from there": math.inf,  # nothing was promised
    "quotation": FIRST_RESULT_S,
    "sound of the clip": FIRST_SOUND_S,
    "results, first visit": FIRST_RESULT_S,
}

#: seconds after which a step is given up
PATIENCE_S = 120.0

_PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
_RESULTS = f"{_PAINTED} && document.querySelector('.hits a.time') !== null"
_PLAYS = """[...document.querySelectorAll('audio')].some((each) =>
    !each.paused && each.readyState > 2 && [...Array(each.played.length).keys()].some(
        (place) => each.played.end(place) - each.played.start(place) > 0.05))"""


@dataclass(kw_only=True)
class Taken:
    """What one step took."""

    requests: int = 0
    page_bytes: int = 0  #: on the wire, sound left out
    sound_bytes: int = 0
    seconds: float = 0.0


@dataclass(kw_only=True)
class Line:
    """A page behind a slow line, and what went through it since the step began."""

    page: Page
    taken: Taken = field(default_factory=Taken)
    _sounds: set[str] = field(default_factory=set)

    def slow_down(self) -> None:
        """Put the page behind the line, and count."""
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.dataReceived", self._heard)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BITS_PER_SECOND / 8,
                "uploadThroughput": BITS_PER_SECOND / 8,
            },
        )

    def measure(self, act: Callable[[], object], is_there: str) -> Taken:
        """Do something, and wait until what an expression says is true."""
        self.taken = Taken()
        began = time.perf_counter()
        act()
        while not self._says(is_there):
            if time.perf_counter() - began > PATIENCE_S:
                raise SystemExit(f"{self.page.url}: not within {PATIENCE_S:.0f} s: {is_there}")
            self.page.wait_for_timeout(25)
        self.taken.seconds = time.perf_counter() - began
        return self.taken

    def _says(self, expression: str) -> bool:
        try:
            return bool(self.page.evaluate(expression))
        except Error:  # between two pages there is nothing to ask
            return False

    def _asked(self, event: dict[str, Any]) -> None:
        self.taken.requests += 1
        if "/media/" in event["request"]["url"] or "/clips/" in event["request"]["url"]:
            self._sounds.add(event["requestId"])

    def _heard(self, event: dict[str, Any]) -> None:
        """Count sound as it comes: the player ends a request when it has enough."""
        if event["requestId"] in self._sounds:
            self.taken.sound_bytes += event["dataLength"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._sounds:
            self.taken.page_bytes += event["encodedDataLength"]


@contextmanager
def slow_line(browser: Browser, *, is_saving: bool) -> Iterator[Line]:
    """A phone's browser that has kept nothing yet."""
    headers = {"Save-Data": "on"} if is_saving else {}
    size = {"width": 360, "height": 640}
    context = browser.new_context(viewport=size, locale="fr-FR", extra_http_headers=headers)  # type: ignore[arg-type]
    line = Line(page=context.new_page())
    line.slow_down()
    yield line
    context.close()


def walk(line: Line, url: str, query: str) -> dict[str, Taken]:
    """From the home page to a sound in the list, a broadcast, a quotation, and its clip."""
    found: dict[str, Taken] = {}
    page = line.page
    shown = f"{_PAINTED} && document.querySelector('#q') !== null"
    found["home, first visit"] = line.measure(lambda: _go(page, url), shown)
    page.wait_for_load_state()
    page.locator("#q").fill(query)
    found["results, from home"] = line.measure(
        lambda: page.locator("#q").press("Enter", no_wait_after=True), _RESULTS
    )
    page.wait_for_load_state()
    play = page.locator(".hits button.play").first
    found["sound in the list"] = line.measure(play.click, _PLAYS)
    there = f"{_PAINTED} && document.querySelector('#lines [aria-current]') !== null"
    moment = page.locator(".hits a.time").first
    found["broadcast at the moment"] = line.measure(lambda: moment.click(no_wait_after=True), there)
    page.wait_for_load_state("domcontentloaded")
    found["its sound from there"] = line.measure(
        lambda: page.evaluate("void document.querySelector('#audio').play()"), _PLAYS
    )
    address = page.locator("#to-quote").get_attribute("href")
    words = f"{_PAINTED} && document.querySelector('blockquote') !== null"
    found["quotation"] = line.measure(lambda: _go(page, f"{url}{address}"), words)
    page.wait_for_load_state()
    found["sound of the clip"] = line.measure(
        lambda: page.evaluate("void document.querySelector('audio').play()"), _PLAYS
    )
    return found


def measure_once(
    browser: Browser, url: str, options: argparse.Namespace, *, is_saving: bool
) -> dict[str, Taken]:
    """One walk, and the results for somebody who comes straight to them."""
    with slow_line(browser, is_saving=is_saving) as line:
        found = walk(line, url, options.query)
    with slow_line(browser, is_saving=is_saving) as line:
        address = f"{url}/search?{urlencode({'q': options.query})}"
        found["results, first visit"] = line.measure(lambda: _go(line.page, address), _RESULTS)
    return found


def _go(page: Page, address: str) -> None:
    page.goto(address, wait_until="commit", timeout=PATIENCE_S * 1000)


def show(walks: list[dict[str, Taken]]) -> bool:
    """Print the medians and every walk; whether the medians kept every promise."""
    is_kept = True
    print(
        f"  {'':26}{'requests':>9}{'page kB':>9}{'sound kB':>10}{'seconds':>9}{'promise':>9}"
        "   each walk"
    )
    for step, promise in STEPS.items():
        middle = {
            name: statistics.median(getattr(walk[step], name) for walk in walks)
            for name in ("requests", "page_bytes", "sound_bytes", "seconds")
        }
        is_good = middle["seconds"] <= promise and middle["page_bytes"] <= PAGE_BYTES
        is_kept &= is_good
        print(
            f"  {step:26}{middle['requests']:9.0f}{middle['page_bytes'] / 1000:9.1f}"
            f"{middle['sound_bytes'] / 1000:10.1f}{middle['seconds']:9.1f}"
            f"{promise:9.0f}   {' '.join(f'{walk[step].seconds:.1f}' for walk in walks)}"
            f"{'' if is_good else '  MISSED'}"
        )
    return is_kept


def main() -> int:
    """Walk, and print; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(), help="the archive's folder")
    parser.add_argument("--query", default="crime organisé")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    is_kept = True
    with (
        open_archive(Settings.load(os.environ, options.home)) as archive,
        serve(archive) as url,
        open_browser() as browser,
    ):
        browser.new_page().goto(url)  # what a browser does once is not the line's
        print(f"{LATENCY_MS} ms, {BITS_PER_SECOND // 1000} kbit/s, median of {options.runs}")
        for is_saving in (False, True):
            print("Save-Data: on" if is_saving else "as usual")
            walks = [
                measure_once(browser, url, options, is_saving=is_saving)
                for _ in range(options.runs)
            ]
            is_kept &= show(walks)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
