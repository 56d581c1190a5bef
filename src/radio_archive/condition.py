"""Whether what the archive stands on does its part, as far as this process knows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from radio_archive.db import Database
from radio_archive.errors import (
    CatalogueError,
    CatalogueUnavailable,
    IndexAway,
    IndexBusy,
    RadioArchiveError,
    SearchIndexError,
    StorageError,
)
from radio_archive.model import Ground, Trouble
from radio_archive.pipeline import Parts, find_media_outage

log = logging.getLogger(__name__)

#: seconds after which what is known is looked at anew
LOOK_S = 5.0
#: likewise while something is away, so that pages soon stop saying so
RECOVERY_LOOK_S = 1.0


class Condition:
    """The troubles of one archive; may be asked by many threads, and never makes one wait."""

    def __init__(self, database: Database, parts: Parts) -> None:
        self._database = database
        self._parts = parts
        self._lock = threading.Lock()
        self._known: dict[Ground, Trouble] = {}
        self._looked_at = time.monotonic()
        self._is_looking = False
        self._begun = self._taken = 0  #: looks, counted as they begin; the one that is known

    def troubles(self) -> tuple[Trouble, ...]:
        """What is known; where that is old, somebody looks anew in the background."""
        with self._lock:
            age = time.monotonic() - self._looked_at
            is_old = age > (RECOVERY_LOOK_S if self._known else LOOK_S)
            if is_old and not self._is_looking:
                self._is_looking = True
                threading.Thread(target=self.look, name="condition", daemon=True).start()
            known = dict(self._known)
        if self._database.is_lagging:
            known.setdefault(Ground.CATALOGUE, _lagging())
        return tuple(known[ground] for ground in Ground if ground in known)

    def note(self, error: RadioArchiveError) -> None:
        """Remember what somebody met while doing something else."""
        ground = _ground_of(error)
        if ground is not None:
            with self._lock:
                self._known[ground] = Trouble(ground=ground, is_down=True, error=error)

    def look(self) -> tuple[Trouble, ...]:
        """Look at everything now; takes as long as it takes.

        Of looks that overlap, what the one that began last found is known.
        """
        with self._lock:
            self._begun += 1
            number = self._begun
        looks: dict[Ground, Callable[[], Trouble | None]] = {
            Ground.CATALOGUE: self._catalogue,
            Ground.SEARCH: self._search,
            Ground.SOUND: self._sound,
        }
        try:
            found = {ground: _attempt(ground, look) for ground, look in looks.items()}
        finally:
            with self._lock:
                self._is_looking = False
                self._looked_at = time.monotonic()
        with self._lock:
            before = self._known
            if number > self._taken:
                self._taken = number
                self._known = {ground: each for ground, each in found.items() if each is not None}
            now = self._known
        for ground in Ground:
            if ground in now and ground not in before:
                log.warning("%s is away: %s", ground, now[ground].error)
            elif ground in before and ground not in now:
                log.warning("%s is back", ground)
        return self.troubles()

    def _catalogue(self) -> None:
        self._database.ping()

    def _search(self) -> Trouble | None:
        index = self._parts.index()
        index.count()
        try:
            if not index.is_stale:
                return None
        except IndexAway:  # a replica answers: only the index itself says whether it is outdated
            return None
        error = SearchIndexError(
            "The search index is damaged, or of another version.",
            hint="It is rebuilt by itself, or by: radio-archive reindex",
        )
        return Trouble(ground=Ground.SEARCH, is_down=False, error=error)

    def _sound(self) -> Trouble | None:
        try:
            error = find_media_outage(self._parts)
        except CatalogueError:
            return None  # nobody can say which sound there should be
        return None if error is None else Trouble(ground=Ground.SOUND, is_down=True, error=error)


def _attempt(ground: Ground, look: Callable[[], Trouble | None]) -> Trouble | None:
    try:
        return look()
    except RadioArchiveError as error:
        return Trouble(ground=ground, is_down=True, error=error)


def _lagging() -> Trouble:
    error = CatalogueUnavailable(
        "The catalogue is away; its replica is read, which may be some moments behind.",
        hint="Look after the database server.",
    )
    return Trouble(ground=Ground.CATALOGUE, is_down=False, error=error)


def _ground_of(error: RadioArchiveError) -> Ground | None:
    match error:
        case CatalogueUnavailable():
            return Ground.CATALOGUE
        case IndexBusy():
            return None
        case SearchIndexError():
            return Ground.SEARCH
        case StorageError():
            return Ground.SOUND
    return None
