"""Taking broadcasts in: files, folders, pages and feeds become rows of the catalogue.

A failure is a result, never an exception, so that one bad file cannot stop the batch. Doing it
again adds nothing: a file is known by its SHA-256, everything else by its source's own identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.errors import BadInput, IngestError, NotFound, RadioArchiveError
from radio_archive.feeds import looks_like_feed, parse_feed
from radio_archive.fetch import Fetcher
from radio_archive.languages.registry import normalise_tag
from radio_archive.media import EXTENSIONS, Area, StoredFile
from radio_archive.model import IngestResult, NewBroadcast, Outcome, RecordingKey
from radio_archive.pipeline import Parts, take_recording
from radio_archive.sources import folder, studio_tamani

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOptions:
    """What the person who adds knows better than the source; all as typed."""

    programme: str | None = None  #: slug
    language: str | None = None
    title: str | None = None
    aired_at: str | None = None  #: ISO 8601 with time zone; a bare date or time is UTC
    guests: tuple[str, ...] = ()


class Ingest:
    """The ways into the archive."""

    def __init__(self, parts: Parts, fetcher: Fetcher) -> None:
        self._parts = parts
        self._fetcher = fetcher

    def add(self, targets: Sequence[str], options: AddOptions) -> Iterator[IngestResult]:
        """Take in files, folders and addresses, one result per broadcast.

        Raises:
            BadInput: the options themselves make no sense; nothing was taken in.
        """
        overrides = _overrides(options)
        for target in targets:
            try:
                if urlsplit(target).scheme in ("http", "https"):
                    yield from self._add_url(target, overrides)
                else:
                    yield from self._add_path(Path(target), overrides)
            except RadioArchiveError as error:
                yield IngestResult(outcome=Outcome.FAILED, item=target, error=str(error))

    def _add_path(self, path: Path, overrides: _Overrides) -> Iterator[IngestResult]:
        if path.is_dir():
            for found in folder.find_recordings(path):
                yield self._add_file(found, overrides)
        elif path.is_file():
            yield self._add_file(path, overrides)
        else:
            raise NotFound(f"There is no file or folder {path}.", hint="Check the spelling.")

    def _add_file(self, path: Path, overrides: _Overrides) -> IngestResult:
        try:
            stored = self._store(path)
            new = overrides.apply(folder.describe_file(path, stored.key))
            recording = self._parts.catalogue.recordings.find(stored.key)
            if recording is None:
                recording = take_recording(self._parts, stored, path.name)
            broadcast_id, outcome = self._parts.catalogue.broadcasts.put(new)
            if self._parts.catalogue.recordings.attach(broadcast_id, recording):
                outcome = Outcome.ADDED if outcome is Outcome.ADDED else Outcome.UPDATED
        except RadioArchiveError as error:
            return IngestResult(outcome=Outcome.FAILED, item=str(path), error=str(error))
        except OSError as error:
            reason = f"{path.name} cannot be read: {error.strerror}."
            return IngestResult(outcome=Outcome.FAILED, item=str(path), error=reason)
        return IngestResult(
            outcome=outcome, item=str(path), broadcast_id=broadcast_id, title=new.title
        )

    def _store(self, path: Path) -> StoredFile:
        """Copy a file into the store, unless its bytes are there."""
        extension = self._parts.audio().extension_for(path.name)
        if path.stat().st_size > self._parts.max_recording_bytes:
            raise BadInput(
                f"{path.name} is larger than {self._parts.max_recording_bytes:,} bytes.",
                hint="Raise max_recording_bytes in radio-archive.toml, or cut the file.",
            )
        key = sha256_of(path)
        media = self._parts.media
        known = self._parts.catalogue.recordings.find(key)
        if known is not None and media.exists(Area.RECORDINGS, key, known.extension):
            return StoredFile(
                area=Area.RECORDINGS,
                key=key,
                extension=known.extension,
                size_bytes=known.size_bytes,
            )
        return media.save_file(Area.RECORDINGS, path, extension)

    def _add_url(self, url: str, overrides: _Overrides) -> Iterator[IngestResult]:
        if studio_tamani.knows(url):
            document = self._fetcher.read(url)
            items: Iterable[NewBroadcast] = studio_tamani.read_page(document.body, document.url)
        elif Path(urlsplit(url).path).suffix.lower() in EXTENSIONS:
            items = [_from_address(url)]
        else:
            document = self._fetcher.read(url)
            if not looks_like_feed(document.body):
                raise IngestError(
                    f"{url} is neither sound, nor a feed, nor a page we know how to read.",
                    hint="Give the address of the sound itself.",
                )
            items = parse_feed(document.body, document.url).items
        for item in items:
            yield self.put(overrides.apply(item), url)

    def put(self, new: NewBroadcast, item: str) -> IngestResult:
        """Put one broadcast into the catalogue; its sound is fetched by the worker."""
        try:
            broadcast_id, outcome = self._parts.catalogue.broadcasts.put(new)
        except RadioArchiveError as error:
            return IngestResult(outcome=Outcome.FAILED, item=item, error=str(error))
        return IngestResult(outcome=outcome, item=item, broadcast_id=broadcast_id, title=new.title)


def sha256_of(path: Path) -> RecordingKey:
    """Digest of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return RecordingKey(digest.hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overrides:
    """The options, checked."""

    changes: tuple[tuple[str, object], ...]

    def apply(self, new: NewBroadcast) -> NewBroadcast:
        """The broadcast as the person says it is."""
        return replace(new, **dict(self.changes))  # type: ignore[arg-type]


def _overrides(options: AddOptions) -> _Overrides:
    changes: dict[str, object] = {}
    if options.programme:
        changes["programme"] = programme_of(options.programme)
    if options.language:
        changes["language"] = normalise_tag(options.language)
    if options.title:
        changes["title"] = options.title
    if options.aired_at:
        changes["aired_at"] = _moment(options.aired_at)
    if options.guests:
        changes["guests"] = options.guests
    return _Overrides(changes=tuple(changes.items()))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"{text!r} is not a date and time.", hint="Write it like 2014-10-16T17:00:00Z."
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _from_address(url: str) -> NewBroadcast:
    """A bare address of sound: its file name is all we know."""
    name = unquote(Path(urlsplit(url).path).stem)
    return NewBroadcast(source="address", guid=url, title=name or url, audio_url=url)
