"""What an archive says of itself: what it holds and lacks, what is away, what is in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from radio_archive.condition import Condition
from radio_archive.db import Database
from radio_archive.errors import IndexAway, RadioArchiveError, SearchIndexError
from radio_archive.health import Look, examine
from radio_archive.jobs.outlook import look_at
from radio_archive.layout import usable_cores
from radio_archive.model import (
    Check,
    Coverage,
    Ground,
    LanguageTag,
    ModelStatus,
    MonthCoverage,
    Status,
    TakeIn,
    Trouble,
    fill_in_aired_hours,
    read_aired_hours,
)
from radio_archive.search.chosen_index import POSTGRESQL
from radio_archive.settings import Settings
from radio_archive.speed import Measured, SpeedBook
from radio_archive.weights import Weights
from radio_archive.wiring import Wiring


class Reporting:
    """Status, coverage, checks, weights; the parts that all verbs of an archive share."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Wire the parts; use `open_archive`."""
        self.settings = settings
        self._database = database
        self._aired = read_aired_hours(settings.aired_hours)
        self._wiring = Wiring(settings, database)
        self._parts = self._wiring.parts
        self._catalogue = self._parts.catalogue
        self._condition = Condition(database, self._parts)
        self._weights = Weights(settings, self._wiring.fetcher)
        # of the whole machine, whatever share of it this process was given
        self._speed_book = SpeedBook(replace(self._wiring.engine_choice, workers=usable_cores()))

    def coverage(self) -> tuple[Coverage, ...]:
        """What can be searched in each language."""
        return self._catalogue.reports.coverage()

    def coverage_by_month(self, language: LanguageTag | None = None) -> tuple[MonthCoverage, ...]:
        """What can be searched of each month, beside the hours on air where the station says."""
        rows = self._catalogue.reports.months(language)
        return fill_in_aired_hours(rows, self._aired, language)

    def troubles(self) -> tuple[Trouble, ...]:
        """What the archive stands on and is away, as far as is known: nobody waits for it."""
        return self._condition.troubles()

    def look(self) -> tuple[Trouble, ...]:
        """The same, looked at now."""
        return self._condition.look()

    def note(self, error: RadioArchiveError) -> None:
        """Remember a failure that somebody met, for `troubles`."""
        self._condition.note(error)

    def status(self) -> Status:
        """What the archive holds and what is still to be done."""
        troubles = list(self.look())
        totals = self._catalogue.reports.totals()
        queue = look_at(self._parts.jobs)
        try:
            is_stale = self._parts.index().is_stale
        except IndexAway:  # where a replica answers, it is counted
            is_stale = False
        index = self._wiring.index.state
        if index.engine != POSTGRESQL and len(queue.index_hosts) > 1:
            troubles.append(_split_index(queue.index_hosts))
        return Status(
            broadcasts=totals.broadcasts,
            programmes=totals.programmes,
            hours=totals.hours,
            transcribed_hours=totals.transcribed_hours,
            states=totals.states,
            jobs_waiting=queue.waiting,
            jobs_failed=queue.failed,
            passages=0 if is_stale else self._parts.index().count(),
            index_is_stale=is_stale,
            index_engine=index.engine,
            index_moves_to=index.moves_to,
            index_builds=index.builds,
            coverage=self.coverage(),
            workers=queue.workers,
            unserved=queue.unserved,
            parked=queue.parked,
            troubles=tuple(troubles),
            alerts=self._catalogue.alerts.report(),
        )

    def doctor(self, *, is_measuring: bool = False) -> tuple[Check, ...]:
        """Everything that should be in order, each with its finding.

        Args:
            is_measuring: also measure how fast this machine transcribes, which takes some ten
                seconds.
        """
        look = Look(
            database=self._database.problems,
            describe=self._database.describe,
            is_lagging=lambda: self._database.is_lagging,
            replica_lag_s=self._database.replica_lag_s,
            speed=self._measure_speed if is_measuring else None,
        )
        return tuple(examine(self.settings, self._parts, look))

    def _measure_speed(self) -> Measured:
        return self._speed_book.measure(self._parts.audio())

    def models(self) -> tuple[ModelStatus, ...]:
        """The speech models we know, and which are on this machine."""
        return self._weights.all()

    def fetch_model(
        self, name: str, on_progress: Callable[[str], None], wish: TakeIn | None = None
    ) -> tuple[str, ...]:
        """Get a model's weights; returns what is there now. For what it raises see `Weights`."""
        return self._weights.fetch(name, on_progress, wish)

    def verify_model(self, name: str) -> tuple[Check, ...]:
        """Compare a model's files with what they should be."""
        return self._weights.verify(name)

    @property
    def samples_dir(self) -> Path:
        """Where the sample broadcasts lie: in the home folder, else in the project's checkout."""
        beside = Path(__file__).resolve().parents[2] / "media" / "samples"
        own = self.settings.media_dir / "samples"
        return own if own.is_dir() else beside


def _split_index(hosts: tuple[str, ...]) -> Trouble:
    """Told where each of several machines fills an index of its own with a part of what is new."""
    error = SearchIndexError(
        f"Workers on {len(hosts)} machines ({', '.join(hosts)}) do the step index, each into a "
        "folder of its own, so each finds only a part.",
        hint="Leave index out of work_kinds on all but the one that serves the site, then reindex "
        'there; or set search_engine to "postgresql", which they share.',
    )
    return Trouble(ground=Ground.SEARCH, is_down=False, error=error)
