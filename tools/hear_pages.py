"""Prints what Orca, the screen reader of GNOME, says of each page in Chromium.

    apt install orca xvfb xdotool openbox dbus dbus-x11 locales   # and the locale fr_FR.UTF-8
    python -m tools.hear_pages [NAME ...] [--width 360] [--key Down|h|Tab|...] [--times 150]

The pages are those of ``tests/web/every_page.py``, in French. Orca reads a page by itself when it
opens; with ``--key`` that key is then pressed again and again: lines, headings, what can be
operated. Nothing is heard: what Orca gives to the voice is written into its log.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.web.editing import PASSWORD
from tests.web.every_page import PAGES, open_show
from tests.web.serving import serve

#: what this needs beside Chromium
PROGRAMS = ("orca", "Xvfb", "xdotool", "openbox", "dbus-run-session", "dbus-send")

#: seconds in which Orca says what a key leads to
PATIENCE_S = 2.0
#: seconds in which it reads a page by itself, and of silence after which it has done so
OPENING_S, SILENCE_S = 90.0, 2.5
STEP_S = 0.05
#: the same thing said so often means that the end is reached
_SAME = 3

_SAID = re.compile(r"SPEECH OUTPUT: '(.*?)'(?: voice=[\w-]+)? ?(?:\{|$)", re.DOTALL | re.MULTILINE)
_DISPLAY = ":77"


@dataclass(kw_only=True)
class Voice:
    """What Orca says, as its log has it."""

    log: Path
    place: int = 0

    def said(self) -> list[str]:
        """All that was said since this was asked last."""
        with self.log.open(encoding="utf-8", errors="replace") as opened:
            opened.seek(self.place)
            written = opened.read()
        whole = written[: written.rfind("\n") + 1]
        self.place += len(whole.encode())
        return [" ".join(found[1].split()) for found in _SAID.finditer(whole)]

    def wait(self, patience_s: float, silence_s: float = 6 * STEP_S) -> list[str]:
        """What is said next, until it is silent for a moment."""
        found: list[str] = []
        end = silent = time.monotonic() + patience_s
        while time.monotonic() < min(end, silent):
            time.sleep(STEP_S)
            more = self.said()
            if more:
                found += more
                silent = time.monotonic() + silence_s
        return found


def main() -> None:
    """Read the pages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of tests/web/every_page.py")
    parser.add_argument("--width", type=int, default=360)
    parser.add_argument("--key", help="pressed again and again, as xdotool calls it")
    parser.add_argument("--times", type=int, default=150, help="how often at most")
    options = parser.parse_args()
    missing = [each for each in PROGRAMS if shutil.which(each) is None]
    if missing:
        parser.error(f"not installed: {', '.join(missing)}")
    if "AT_SPI_READER" not in os.environ:
        os.environ["AT_SPI_READER"] = "inside"
        command = [
            "dbus-run-session",
            "--",
            sys.executable,
            "-m",
            "tools.hear_pages",
            *sys.argv[1:],
        ]
        raise SystemExit(subprocess.run(command, check=False).returncode)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        voice = stack.enter_context(_reader(folder))
        show = stack.enter_context(open_show(folder / "show"))
        url = stack.enter_context(serve(show.stock.archive))
        pages = stack.enter_context(_browser(options.width, url))
        for name in options.names or PAGES:
            page = pages[PAGES[name].is_for_editors]
            page.bring_to_front()
            page.goto(url + show.address(name))
            print(f"\n=== {name}", flush=True)
            for line in _listen(voice, options.key, options.times):
                print(line, flush=True)


def _listen(voice: Voice, key: str | None, times: int) -> Iterator[str]:
    """What is said when a page opens, then at each press of a key."""
    yield from voice.wait(OPENING_S, silence_s=SILENCE_S)
    before: list[str] = []
    for _ in range(times if key else 0):
        _press(str(key))
        said = "> " + " | ".join(voice.wait(PATIENCE_S))
        before = [*before[-_SAME:], said]
        if len(before) > _SAME and len(set(before)) == 1:
            return
        yield said


def _press(keys: str) -> None:
    subprocess.run(["xdotool", "key", "--clearmodifiers", keys], check=True)


@contextmanager
def _reader(folder: Path) -> Iterator[Voice]:
    """A screen, and Orca listening to what is on it."""
    os.environ |= {"DISPLAY": _DISPLAY, "HOME": str(folder), "LANG": "fr_FR.UTF-8"}
    os.environ |= {"ACCESSIBILITY_ENABLED": "1", "GTK_MODULES": "", "NO_AT_BRIDGE": "0"}
    log = folder / "orca.log"
    log.touch()
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_start("Xvfb", _DISPLAY, "-screen", "0", "1400x1000x24"))
        time.sleep(1)
        started.append(_start("openbox"))
        started.append(_start("/usr/libexec/at-spi-bus-launcher", "--launch-immediately"))
        time.sleep(1)
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            _tell_bus(name)
        started.append(_start("orca", "--replace", "--debug-file", str(log)))
        time.sleep(4)
        yield Voice(log=log)
    finally:
        for each in reversed(started):
            each.terminate()
            each.wait(10)


def _start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _tell_bus(name: str) -> None:
    subprocess.run(
        [
            *("dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus"),
            *("org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status"),
            *(f"string:{name}", "variant:boolean:true"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def _browser(width: int, url: str) -> Iterator[Mapping[bool, Page]]:
    """A page for readers, and one of somebody who signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            headless=False,
            args=["--no-sandbox", "--disable-gpu", "--force-renderer-accessibility"],
        )
        with browser.new_context(
            locale="fr-FR", viewport={"width": width, "height": 800}
        ) as context:
            reader, editor = context.new_page(), context.browser
            assert editor is not None
            signed = editor.new_context(
                locale="fr-FR", viewport={"width": width, "height": 800}
            ).new_page()
            signed.goto(f"{url}/sign-in")
            signed.locator("#name").fill("Awa")
            signed.locator("#password").fill(PASSWORD)
            signed.locator("form.stack button").click()
            yield {False: reader, True: signed}
        browser.close()


if __name__ == "__main__":
    main()
