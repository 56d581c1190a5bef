"""Finds what is new for the alerts and tells it, in a thread beside the work.

Mail servers and webhooks may be slow, and a transcription takes long: neither waits for the other.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from radio_archive.answers import Answer, news_answer
from radio_archive.archive import Archive
from radio_archive.errors import RadioArchiveError
from radio_archive.model import Letter, News

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""Seconds between two looks, each a few small questions to the catalogue where nothing is new."""


class Messenger:
    """Looks and tells now and then, where this machine keeps the index."""

    def __init__(self, archive: Archive, stop: Callable[[], bool]) -> None:
        self._archive = archive
        self._stop = stop
        self._over = threading.Event()
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="messenger", daemon=True)

    def __enter__(self) -> Messenger:
        if self._archive.alerts.is_here:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def finish(self) -> None:
        """Look and tell once more: nothing that is due now is left when the work ends."""
        if self._archive.alerts.is_here:
            self._round()

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            self._round()

    def _round(self) -> None:
        with self._turn:
            try:
                tell(self._archive, lambda: self._over.is_set() or self._stop())
            except RadioArchiveError as error:  # the catalogue is away: another time
                log.warning("alerts wait", extra={"code": error.code, "error": str(error)})


def tell(archive: Archive, stop: Callable[[], bool]) -> int:
    """Find what is new and tell all that is due; returns how many letters and webhooks were tried.

    Raises:
        CatalogueUnavailable: the catalogue is away.
    """
    alerts, settings = archive.alerts, archive.settings

    def write(news: News) -> Letter:
        # templates and words: only where there is something to tell
        from radio_archive.web.letters import write_letter

        return write_letter(news, settings.station, settings.base_url)

    def render(news: News) -> Answer:
        return news_answer(news, settings.base_url)

    alerts.look()
    count = 0
    while not stop() and alerts.send_one(write, render):
        count += 1
    return count
