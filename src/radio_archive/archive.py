"""The root object: one method per use case. Commands, pages and workers hold one, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from radio_archive.alerting import Alerts, secret_of, wish
from radio_archive.backing_up import back_up
from radio_archive.catalogue import Catalogue
from radio_archive.correcting import add_entry, apply_to, learn_from, undo
from radio_archive.db import Database
from radio_archive.desk import Desk
from radio_archive.dossiers import DocumentWish, Dossiers
from radio_archive.dossiers.sample import make_sample
from radio_archive.editors import Editors
from radio_archive.errors import BadInput, RadioArchiveError, StorageError
from radio_archive.evaluating import ReferenceOptions
from radio_archive.importing import ImportOptions, import_transcript
from radio_archive.ingest import AddOptions, Ingest
from radio_archive.keeping import move_media, verify_all
from radio_archive.layout import usable_cores, web_processes
from radio_archive.model import (
    Dossier,
    Entry,
    EntryId,
    EntryState,
    Feed,
    IngestResult,
    KeptFile,
    Outcome,
    Reworded,
    Transcript,
    TranscriptChoice,
    TranscriptImport,
)
from radio_archive.moving import compare_catalogues, move_catalogue
from radio_archive.naming import name_voices
from radio_archive.offline_edition import OfflineEdition
from radio_archive.quoting import estimate_bytes
from radio_archive.restoring import restore
from radio_archive.retrieval import SearchOptions
from radio_archive.saving import Searches, is_withheld
from radio_archive.settings import Settings
from radio_archive.syncing import Sync, feed_of
from radio_archive.tasks import Person, Tasks
from radio_archive.transcribing_again import TranscribingAgain
from radio_archive.withdrawing import Withdrawing
from radio_archive.working import Working

__all__ = [
    "AddOptions",
    "Archive",
    "Desk",
    "DocumentWish",
    "ImportOptions",
    "Person",
    "ReferenceOptions",
    "SearchOptions",
    "TranscriptChoice",
    "back_up",
    "check_edition",
    "estimate_bytes",
    "is_withheld",
    "secret_of",
    "wish",
    "compare_catalogues",
    "move_catalogue",
    "open_archive",
    "restore",
]


check_edition = OfflineEdition.check


def open_archive(settings: Settings, *, may_lag: bool = False) -> Archive:
    """Open the archive in the home folder, making it when it is new.

    Args:
        settings: where things are.
        may_lag: whether the catalogue may be read from its replica while it is away; only for
            those who change nothing by what they read.

    Raises:
        CatalogueError: the database refuses.
        StorageError: the folders cannot be made.
    """
    for folder in (settings.media_dir, settings.index_dir):
        _make_folder(folder)
    replica_url = settings.database_replica_url if may_lag else ""
    database = Database(settings.catalogue_url, replica_url)
    database.migrate()
    archive = Archive(settings, database)
    if not database.is_lagging:
        Catalogue(database).titles.refresh()
        Catalogue(database).documents.refresh()
        if not any(path.is_dir() for path in settings.index_dir.iterdir()):
            archive.begin_index()
    return archive


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            hint="Check the disk and its permissions.",
        ) from error


class Archive(Working):
    """A station's archive: everything commands, pages and workers may ask for."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Wire the parts; use `open_archive`."""
        super().__init__(settings, database)
        self._ingest = Ingest(self._parts, self._wiring.fetcher)
        #: who may correct
        self.editors = Editors(self._catalogue, settings.media_dir, settings.session_secret)
        #: what they do with sentences
        self.desk = Desk(
            self._parts,
            lambda changed: learn_from(self._parts, self._wiring.expander.table_names, changed),
        )
        #: what editors save of searches
        self.searches = Searches(self._catalogue, self._parts.index, self._wiring.expander)
        #: who is told of what is new in them
        self.alerts = Alerts(self._parts, settings, self.editors, self._wiring.expander)
        #: sentences that wait for somebody to listen
        self.tasks = Tasks(self._parts, self.desk)
        #: what they gather on a theme
        self.dossiers = Dossiers(self._catalogue, lambda: self.quotes, settings.station)
        #: broadcasts and stretches hidden everywhere
        self.withdrawing = Withdrawing(self._parts)
        #: folders for those without a network
        self.offline_edition = OfflineEdition(self._parts, settings)
        #: broadcasts that a machine is to write down again
        self.transcribing_again = TranscribingAgain(self._parts)

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

    def web_processes(self) -> int:
        """How many processes should answer visitors, as set, or by the size of the archive."""
        wanted, cores = self.settings.web_processes, usable_cores()
        try:
            passages = self._parts.index().count()
        except RadioArchiveError:  # no index yet, or none that answers
            passages = 0
        return web_processes(wanted, cores, passages)

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
        """Follow a feed; `sync` reads it. For what it raises see `feed_of`."""
        feed = feed_of(url, programme, language)
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

    def make_sample_dossier(self, taken: Sequence[IngestResult]) -> Dossier | None:
        """The sample dossier, made where there is none; None where its documents are not here.

        Args:
            taken: what became of the sample broadcasts.
        """
        known = {Path(each.item).stem: each.broadcast_id for each in taken if each.broadcast_id}
        return make_sample(self.dossiers, self.samples_dir, known)

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

        Renditions that are missing or damaged are asked for again, where their recording is whole.

        Raises:
            StorageError: the place is away or refuses.
        """
        return verify_all(self._parts)

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
