"""The root object: one method per use case. Commands, pages and workers hold one, nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.correcting import add_entry, apply_to, learn_from, undo
from radio_archive.db import Database
from radio_archive.errors import BadInput, StorageError, StoreRefuses
from radio_archive.evaluating import ReferenceOptions
from radio_archive.importing import ImportOptions, import_transcript
from radio_archive.indexing import rebuild_index
from radio_archive.ingest import AddOptions, Ingest
from radio_archive.languages.registry import normalise_tag
from radio_archive.layout import Layout, forced_layout, usable_cores
from radio_archive.model import (
    Entry,
    EntryId,
    EntryState,
    Feed,
    IngestResult,
    Job,
    JobKind,
    KeptFile,
    Outcome,
    Reworded,
    Transcript,
    TranscriptChoice,
    TranscriptImport,
    WorkResult,
)
from radio_archive.moving import move_media, verify_all
from radio_archive.naming import name_voices
from radio_archive.pipeline import OnProgress, plan
from radio_archive.quoting import estimate_bytes
from radio_archive.reading import Reading
from radio_archive.retrieval import SearchOptions
from radio_archive.running import run
from radio_archive.settings import Settings
from radio_archive.syncing import Sync

__all__ = [
    "AddOptions",
    "Archive",
    "ImportOptions",
    "ReferenceOptions",
    "SearchOptions",
    "TranscriptChoice",
    "estimate_bytes",
    "open_archive",
]

log = logging.getLogger(__name__)


def open_archive(settings: Settings) -> Archive:
    """Open the archive in the home folder, making it when it is new.

    Raises:
        CatalogueError: the database refuses.
        StorageError: the folders cannot be made.
    """
    settings.media_dir.mkdir(parents=True, exist_ok=True)
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    url = settings.database_url or f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}"
    database = Database(url)
    database.migrate()
    Catalogue(database).titles.refresh()
    archive = Archive(settings, database)
    if not any(path.is_dir() for path in settings.index_dir.iterdir()):
        archive.begin_index()
    return archive


class Archive(Reading):
    """A station's archive: everything commands, pages and workers may ask for."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Wire the parts; use `open_archive`."""
        super().__init__(settings, database)
        self._ingest = Ingest(self._parts, self._wiring.fetcher)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and connections."""
        self._wiring.close()
        self._database.close()

    # taking in

    def add(self, targets: Sequence[str], options: AddOptions) -> Iterator[IngestResult]:
        """Take in files, folders and addresses; a failure is a result, not an exception."""
        return self._ingest.add(targets, options)

    def import_transcript(
        self, broadcast_id: str, path: Path, options: ImportOptions | None = None
    ) -> TranscriptImport:
        """Take in a transcript that others wrote, as the current one or a track beside it.

        Names that it corrects in the machine's transcript before it go into the glossary.

        Raises:
            NotFound: no such broadcast, or no such file.
            BadInput: the file or the options cannot be used; nothing was stored.
        """
        taken = import_transcript(self._parts, broadcast_id, path, options or ImportOptions())
        is_new = taken.outcome is Outcome.ADDED and any(each.is_current for each in taken.tracks)
        learnt = (
            learn_from(self._parts, self._wiring.expander.table_names, broadcast_id)
            if is_new
            else ()
        )
        return replace(taken, learnt=learnt or ())

    def name_voices(self, broadcast_id: str, names: Mapping[str, str | None]) -> Transcript:
        """Name voices of the current transcript, by letter, or take names away (None).

        Returns:
            The transcript as it is now; with no names given, as it is.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
            BadInput: the transcript has no such voice, or a name is none.
        """
        name_voices(self._catalogue, self.get_transcript(broadcast_id), names)
        return self.get_transcript(broadcast_id)

    def add_feed(self, url: str, programme: str | None, language: str | None) -> Feed:
        """Follow a feed; `sync` reads it."""
        feed = Feed(
            url=url,
            programme=programme_of(programme).id if programme else None,
            language=normalise_tag(language) if language else None,
        )
        self._catalogue.feeds.put(feed)
        return feed

    def feeds(self) -> tuple[Feed, ...]:
        """The feeds the station follows."""
        return self._catalogue.feeds.all()

    def remove_feed(self, url: str) -> None:
        """Stop following a feed; its broadcasts stay.

        Raises:
            NotFound: nobody follows this address.
        """
        self._catalogue.feeds.remove(url)

    def sync(self, *, dry_run: bool = False) -> Iterator[IngestResult]:
        """Read feeds and watched folders into the catalogue."""
        reading = Sync(self._parts, self._wiring.fetcher, self._ingest)
        return reading.run(self.settings.watched_folders, is_dry=dry_run)

    # keeping

    def move_media(self, target: str, *, is_deleting: bool = False) -> Iterator[KeptFile]:
        """Copy recordings and renditions to another place; again, it goes on where it was.

        Args:
            target: ``s3://bucket/prefix``, or empty for the folder ``media/``.
            is_deleting: also remove from the place they come from what was read back in the other.

        Raises:
            BadSettings: ``target`` is no such place, or there is no other to copy from.
            BadInput: what the settings name would be emptied.
            StorageError: one of the places is away or refuses.
        """
        return move_media(self.settings, target, is_deleting=is_deleting)

    def verify_media(self) -> Iterator[KeptFile]:
        """Read back every recording and rendition, and find those that are missing.

        Raises:
            StorageError: the place is away or refuses.
        """
        return verify_all(self._parts.media, self._catalogue.recordings.all())

    # correcting

    def learn(self, broadcast_id: str) -> tuple[Entry, ...]:
        """Learn names from a people's transcript beside the machine's; twice changes nothing.

        Raises:
            NotFound: no such broadcast.
            BadInput: one of the two transcripts is missing.
        """
        learnt = learn_from(self._parts, self._wiring.expander.table_names, broadcast_id)
        if learnt is None:
            raise BadInput(
                f"Broadcast {broadcast_id} has no people's transcript over a machine's one.",
                hint=f"Import one: radio-archive import-transcript {broadcast_id} FILE",
            )
        return learnt

    def add_entry(self, wrong: str, right: str, language: str) -> Entry:
        """Put into the glossary what a person knows; for what it raises see `correcting`."""
        return add_entry(self._parts, wrong, right, language)

    def decide(self, entry_id: int, state: EntryState) -> Entry:
        """Accept or refuse an entry of the glossary; evidence does not change it any more.

        Raises:
            NotFound: there is no such entry.
        """
        return self._catalogue.glossary.decide(EntryId(entry_id), state)

    def apply_entry(
        self, entry_id: int, broadcast_ids: Sequence[str] = (), at_ms: int | None = None
    ) -> Iterator[Reworded]:
        """Put a right form in the place of the wrong one; for what it raises see `apply_to`."""
        return apply_to(self._parts, entry_id, broadcast_ids, at_ms)

    def undo_entry(self, broadcast_id: str) -> Reworded:
        """Take back what was applied last to a broadcast.

        Raises:
            NotFound: no such broadcast.
            BadInput: nothing was applied to its current transcript.
        """
        return undo(self._parts, broadcast_id)

    # doing: the verbs of one worker

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

        Args:
            reopen: also try again what was parked, where nothing stands in the way any more.
        """
        if reopen:
            self._parts.jobs.reopen()
        return plan(self._parts)

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
        jobs, _ = self._parts.jobs.counts()
        waiting = jobs.get(JobKind.TRANSCRIBE, 0) + jobs.get(JobKind.DOWNLOAD, 0)
        return self._speed_book.choose(waiting, self._parts.audio)

    def claim(self) -> Job | None:
        """Take a job for this process; None when nothing is due."""
        return self._parts.jobs.claim(JobKind)

    def run(self, job: Job, on_progress: OnProgress, stop: Callable[[], bool]) -> WorkResult | None:
        """Do a claimed job; None when it was given back or taken over."""
        return run(self._parts, job, on_progress, stop)

    def next_due_s(self) -> float | None:
        """Seconds until a job may be claimed; None when none is waiting."""
        return self._parts.jobs.next_due_s()

    def begin_index(self) -> None:
        """Give a new archive an empty index, so that a search finds nothing instead of failing.

        An archive that holds transcripts is left to `mend_index`: that may take a while.
        """
        if not self._catalogue.transcripts.current_versions():
            self.reindex(if_needed=True)

    def mend_index(self) -> int | None:
        """Rebuild the index when it is missing, damaged or of another version."""
        return self.reindex(if_needed=True)

    def reindex(self, *, engine: str = "auto", if_needed: bool = False) -> int | None:
        """Rebuild the index from the catalogue and swap it in.

        Returns:
            The passages indexed; None when it was asked ``if_needed`` and was not.
        """
        self._wiring.choose_index(engine)
        return rebuild_index(self._parts, if_needed=if_needed)
