"""What stands in the queue, who is at it, and what nobody can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from radio_archive.jobs.queue import Jobs
from radio_archive.model import (
    JobKind,
    LanguageTag,
    Need,
    ParkedJob,
    Unserved,
    Worker,
    kind_of,
)

PARKED_SHOWN = 20
"""Of what was given up, so many are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The queue in figures, and what a person should know of it."""

    waiting: Mapping[str, int]  #: jobs not done yet by kind
    failed: int
    workers: tuple[Worker, ...]
    unserved: tuple[Unserved, ...]
    parked: tuple[ParkedJob, ...]

    @property
    def index_hosts(self) -> tuple[str, ...]:
        """The machines whose workers put passages into the search index."""
        able = (each for each in self.workers if Need(JobKind.INDEX) in each.abilities.needs)
        return tuple(sorted({each.host for each in able}))


def look_at(jobs: Jobs) -> Outlook:
    """Look at the queue and the workers now."""
    waiting, failed = jobs.counts()
    workers = jobs.workers.all()
    kinds: Counter[str] = Counter()
    for need, count in waiting.items():
        kinds[kind_of(need)] += count
    return Outlook(
        waiting=dict(kinds),
        failed=failed,
        workers=workers,
        unserved=tuple(_unserved(waiting, workers)),
        parked=jobs.parked(PARKED_SHOWN) if failed else (),
    )


def _unserved(waiting: Mapping[Need, int], workers: Iterable[Worker]) -> Iterator[Unserved]:
    """What waits and no worker can do; where nobody works at all, that says enough."""
    abilities = [worker.abilities for worker in workers]
    if not abilities:
        return
    lacks = {tag: reason for each in abilities for tag, reason in each.lacks.items()}
    for need, count in sorted(waiting.items()):
        if not any(need in each.needs for each in abilities):
            kind, _, language = need.partition(" ")
            reason = lacks.get(LanguageTag(language)) or (
                f"No worker does this; start one: radio-archive work --only {kind}."
            )
            yield Unserved(need=need, jobs=count, reason=reason)
