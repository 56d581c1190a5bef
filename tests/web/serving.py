"""A served archive, and a real Chromium to look at it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp

from radio_archive.archive import Archive
from radio_archive.web import create_app

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serve(archive: Archive) -> Iterator[str]:
    """The address of the archive's site, served by a thread until the end."""
    with serve_app(create_app(archive)) as address:
        yield address


@contextmanager
def serve_app(app: ASGIApp, grace_s: int | None = None) -> Iterator[str]:
    """The address of an application, served by a thread until the end.

    Args:
        app: it is left open.
        grace_s: seconds that requests get at the end; None for as long as they take.
    """
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=grace_s)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
