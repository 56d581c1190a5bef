"""What workers ask an archive for: planning, claiming, doing, and keeping the index."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from radio_archive.db import Database
from radio_archive.errors import CatalogueError, IndexBusy, StorageError, StoreRefuses
from radio_archive.indexing import rebuild_index
from radio_archive.layout import Layout, forced_layout, usable_cores
from radio_archive.model import (
    Abilities,
    Job,
    JobKind,
    WorkResult,
    kind_of,
)
from radio_archive.pipeline import SILENT, abilities_of, plan
from radio_archive.reading import Reading
from radio_archive.running import ShowProgress, run
from radio_archive.settings import Settings

log = logging.getLogger(__name__)

#: seconds that another one gets to make the index of a new archive, and between two looks at it
_BEGIN_S, _LOOK_S = 10.0, 0.1


class Working(Reading):
    """The verbs of one worker."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Wire the parts; use `open_archive`."""
        super().__init__(settings, database)
        self._is_enlisted = False

    def sweep(self) -> int:
        """Remove what saves that died left beside the recordings; answers how many.

        A store that is away is swept another time.

        Raises:
            StoreRefuses: no work makes sense before somebody mends the settings.
        """
        try:
            return self._parts.media.sweep()
        except StoreRefuses:
            raise
        except StorageError as error:
            log.warning("media not swept", extra={"code": error.code, "error": str(error)})
            return 0

    def plan(self, *, reopen: bool = False) -> int:
        """Ask for what the catalogue lacks; returns new jobs.

        This looks at the whole catalogue; what a broadcast lacks after a step, `run` asks for.

        Args:
            reopen: also try again what was parked with nothing in the way: steps whose failure
                is not said of their broadcast, and those of an engine that is there. At every look
                these would fail again and again. What was said of a broadcast and is taken back
                (its page names another address) is tried again at any look.
        """
        if reopen:
            self._parts.jobs.reopen(self._abilities.needs)
        else:
            self._parts.jobs.reopen(but=SILENT)
        new = plan(self._parts)
        self._look_at_abilities()
        return new

    @contextmanager
    def enlisted(self) -> Iterator[None]:
        """Count this process among the workers meanwhile, with what it can do."""
        self._parts.jobs.workers.enlist(self._abilities)
        self._is_enlisted = True
        try:
            yield
        finally:
            self._is_enlisted = False
            try:
                self._parts.jobs.workers.leave()
            except CatalogueError as error:  # it is forgotten when it gives no sign
                log.warning("could not take leave", extra={"error": str(error)})

    @cached_property
    def _abilities(self) -> Abilities:
        return abilities_of(self._parts)

    def _look_at_abilities(self) -> None:
        """Weights may have come, or gone, since we looked last."""
        found = abilities_of(self._parts)
        if found != self._abilities:
            self.__dict__["_abilities"] = found
            if self._is_enlisted:
                self._parts.jobs.workers.enlist(found)

    def retry_failed(self) -> int:
        """Try everything again that was given up; returns how many jobs were parked."""
        self._catalogue.broadcasts.clear_failures()
        return self._parts.jobs.reopen(everything=True)

    def layout(self, processes: int | None = None) -> Layout:
        """How the cores are shared out for the work that waits.

        Where several recordings wait and nobody has measured how fast this machine is, it is
        measured now.

        Args:
            processes: so many, whatever is faster; None: what is fastest.
        """
        if processes is not None:
            return forced_layout(processes, usable_cores())
        self.plan()
        kinds = (JobKind.TRANSCRIBE, JobKind.DOWNLOAD)
        jobs, _ = self._parts.jobs.counts()
        waiting = sum(count for need, count in jobs.items() if kind_of(need) in kinds)
        return self._speed_book.choose(waiting, self._parts.audio)

    def claim(self) -> Job | None:
        """Take a job for this process; None when nothing is due."""
        return self._parts.jobs.claim(self._abilities.needs)

    def run(
        self, job: Job, on_progress: ShowProgress, stop: Callable[[], bool]
    ) -> WorkResult | None:
        """Do a claimed job; None when it was given back or taken over."""
        return run(self._parts, job, on_progress, stop)

    def next_due_s(self) -> float | None:
        """Seconds until `claim` may find a job; None when none is there that we can do."""
        return self._parts.jobs.next_due_s(self._abilities.needs)

    def put_back(self) -> tuple[int, float]:
        """How many steps that we can do wait to be tried again, and seconds until the first is."""
        return self._parts.jobs.put_back(self._abilities.needs)

    def begin_index(self) -> None:
        """Give a new archive an empty index, so that a search finds nothing instead of failing.

        An archive that holds transcripts is left to `mend_index`: that may take a while. Who opens
        a new archive at the same moment as others waits for the one who makes it, and goes on where
        that takes long.
        """
        if self._catalogue.transcripts.current_versions():
            return
        end = time.monotonic() + _BEGIN_S
        while time.monotonic() < end:
            try:
                self.reindex(if_needed=True)
            except IndexBusy:
                time.sleep(_LOOK_S)
            else:
                return

    def mend_index(self) -> int | None:
        """Rebuild the index when it is missing, damaged or of another version.

        Nothing happens on a machine that leaves the index to another.
        """
        if JobKind.INDEX not in self._parts.kinds:
            return None
        return rebuild_index(self._parts, if_needed=True)

    def reindex(self, *, engine: str | None = None, if_needed: bool = False) -> int | None:
        """Rebuild the index from the catalogue and swap it in.

        Args:
            engine: ``auto``, ``whoosh`` or ``tantivy``; None: as the settings say.
            if_needed: only when it is missing, damaged, outdated, or of another engine than wanted.

        Returns:
            The passages indexed; None when it was asked ``if_needed`` and was not.
        """
        if engine is not None:
            self._wiring.choose_index(engine)
        only_stale = if_needed and not self.is_index_to_move
        return rebuild_index(self._parts, if_needed=only_stale)

    @property
    def is_index_to_move(self) -> bool:
        """Whether another search engine is to take over; until it has, the present one answers.

        Never on a machine that leaves the index to another.
        """
        return JobKind.INDEX in self._parts.kinds and self._wiring.index.is_to_move

    @property
    def is_index_to_renew(self) -> bool:
        """Whether the index is to move, or has grown into many parts; likewise."""
        is_scattered = JobKind.INDEX in self._parts.kinds and self._wiring.index.is_scattered
        return is_scattered or self.is_index_to_move

    def renew_index(self, stop: Callable[[], bool]) -> int | None:
        """Build the index anew, with the engine that is wanted, and swap it in.

        Returns:
            The passages indexed; None when it is good as it is, or building was stopped.

        Raises:
            IndexBusy: another process is at it.
        """
        if not self.is_index_to_renew:
            return None
        return rebuild_index(self._parts, stop=stop, with_meaning=False)
