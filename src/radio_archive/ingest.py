"""Taking broadcasts in: files, folders, pages and feeds become rows of the catalogue.

A failure is a result, never an exception, so that one bad file cannot stop the batch. Doing it
again adds nothing: a file is known by its SHA-256, everything else by its source's own identity.
"""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.errors import BadInput, IngestError, NotFound, RadioArchiveError
from radio_archive.feeds import looks_like_feed, parse_feed
from radio_archive.feeds.identity import make_slug
from radio_archive.feeds.markup import collapse
from radio_archive.fetch import Fetcher
from radio_archive.languages.registry import normalise_tag
from radio_archive.media import EXTENSIONS, Area
from radio_archive.model import (
    IngestResult,
    NewBroadcast,
    Outcome,
    Programme,
    Recording,
    RecordingKey,
)
from radio_archive.model.text import readable
from radio_archive.pipeline import Parts, take_recording
from radio_archive.pipeline.recordings import discard, is_held
from radio_archive.sources import folder, studio_tamani

BLOCK = 1 << 20

#: what to do about what the system refuses
_REMEDIES = {
    errno.EACCES: "Give the user who runs the archive the right to read it.",
    errno.EPERM: "Give the user who runs the archive the right to read it.",
    errno.ELOOP: "It is a link that leads to itself: remove it.",
    errno.ENAMETOOLONG: "Give it a shorter name.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOptions:
    """What the person who adds knows better than the source; all as typed."""

    programme: str | None = None  #: slug, or a title that one is made of
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
        overrides = _overrides(options, self._parts.catalogue)
        for target in targets:
            try:
                if _is_address(target):
                    yield from self._add_url(target, overrides)
                else:
                    yield from self._add_path(target, overrides)
            except (RadioArchiveError, OSError) as error:
                yield _failed(target, error)

    def _add_path(self, target: str, overrides: _Overrides) -> Iterator[IngestResult]:
        path = Path(_require_name(target))
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            mode = 0
        if stat.S_ISDIR(mode):
            unreadable: list[OSError] = []
            for found in folder.find_recordings(path, on_unreadable=unreadable.append):
                yield self._add_file(found, overrides)
            for error in unreadable:
                yield _failed(str(error.filename or path), error)
        elif not stat.S_ISREG(mode):
            raise NotFound(f"There is no file or folder {path}.", hint="Check the spelling.")
        elif folder.is_stored(path):
            raise BadInput(
                f"{path.name} lies in the store of an archive, and is no new broadcast.",
                hint="Add a copy that lies elsewhere.",
            )
        else:
            yield self._add_file(path, overrides, is_named=True)

    def _add_file(
        self, path: Path, overrides: _Overrides, *, is_named: bool = False
    ) -> IngestResult:
        try:
            return self._take(path, overrides, is_named=is_named)
        except (RadioArchiveError, OSError) as error:
            return _failed(str(path), error)

    def _take(self, path: Path, overrides: _Overrides, *, is_named: bool) -> IngestResult:
        self._require_size(path)
        key = sha256_of(path)
        new = overrides.apply(folder.describe_file(path, key))
        catalogue = self._parts.catalogue
        known = catalogue.recordings.find(key)
        # what a folder holds is compared by size alone: a watched one is read again and again
        is_whole = known is not None and is_held(self._parts, known, is_thorough=is_named)
        recording = known if known and is_whole else self._keep(path, key, known)
        broadcast_id, outcome = catalogue.broadcasts.put(new)
        is_attached = catalogue.recordings.attach(broadcast_id, recording)
        if not is_whole:
            self._keep_on(path, recording)
            catalogue.broadcasts.set_problem(broadcast_id, None)
        if outcome is Outcome.UNCHANGED and (is_attached or not is_whole):
            outcome = Outcome.UPDATED
        return IngestResult(
            outcome=outcome,
            item=readable(str(path)),
            broadcast_id=broadcast_id,
            title=self._title(new, broadcast_id),
        )

    def _require_size(self, path: Path) -> None:
        if path.stat().st_size > self._parts.max_recording_bytes:
            raise BadInput(
                f"{path.name} is larger than {self._parts.max_recording_bytes:,} bytes.",
                hint="Raise max_recording_bytes in radio-archive.toml, or cut the file.",
            )

    def _keep(self, path: Path, key: RecordingKey, known: Recording | None) -> Recording:
        """Copy a file into the store, where the catalogue has it if it knows it."""
        media = self._parts.media
        extension = known.extension if known else self._parts.audio().extension_for(path.name)
        stored = media.save_file(Area.RECORDINGS, path, extension)
        if stored.key != key:
            discard(self._parts, stored)
            raise IngestError(
                f"{path.name} changed while it was read.", hint="Add it again when it is whole."
            )
        return known or take_recording(self._parts, stored, readable(path.name))

    def _keep_on(self, path: Path, recording: Recording) -> None:
        """Copy a file again that somebody else, who took it in as well, removed as unusable."""
        media = self._parts.media
        if not media.exists(Area.RECORDINGS, recording.key, recording.extension):
            media.save_file(Area.RECORDINGS, path, recording.extension)

    def _title(self, new: NewBroadcast, broadcast_id: str) -> str:
        """The title as the catalogue has it now, where the source only guessed."""
        if "title" not in new.guessed:
            return new.title
        return self._parts.catalogue.broadcasts.get_even_withdrawn(broadcast_id).title

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
            return _failed(item, error)
        title = self._title(new, broadcast_id)
        return IngestResult(outcome=outcome, item=item, broadcast_id=broadcast_id, title=title)


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
        changes = dict(self.changes)
        return replace(new, **changes, guessed=new.guessed - changes.keys())  # type: ignore[arg-type]


def _overrides(options: AddOptions, catalogue: Catalogue) -> _Overrides:
    changes: dict[str, object] = {}
    if options.programme:
        changes["programme"] = programme_called(options.programme, catalogue)
    if options.language:
        changes["language"] = normalise_tag(options.language)
    if title := readable(options.title or ""):
        changes["title"] = title
    if options.aired_at:
        changes["aired_at"] = _moment(options.aired_at)
    if options.guests:
        changes["guests"] = tuple(map(readable, options.guests))
    return _Overrides(changes=tuple(changes.items()))


def programme_called(text: str, catalogue: Catalogue) -> Programme:
    """The programme that somebody calls by its slug, or by a title that a slug is made of.

    Args:
        text: as typed; the id of a programme there is stays as it is, if pages can link to it.
        catalogue: where programmes are looked for.

    Raises:
        BadInput: nothing of it can stand in an address.
    """
    title = collapse(text)
    if "/" not in title:
        try:
            return programme_of(catalogue.broadcasts.get_programme(title).id)
        except NotFound:
            pass
    slug = make_slug(title)
    if not slug:
        raise BadInput(
            f"A programme cannot be called {title!r}.", hint="Use Latin letters and digits."
        )
    return programme_of(slug, None if slug == title else title)


def _is_address(target: str) -> bool:
    try:
        return urlsplit(target).scheme in ("http", "https")
    except ValueError as error:
        raise BadInput(
            f"{target} is no address: {error}.", hint="Copy it from the browser again."
        ) from error


def _require_name(target: str) -> str:
    if not target.strip() or "\0" in target:
        raise BadInput(
            f"{target!r} is no name of a file or folder.",
            hint="Name a file, a folder or an address; a dot stands for the folder you are in.",
        )
    return target


def _failed(item: str, error: RadioArchiveError | OSError) -> IngestResult:
    """A failure as a result, in words that can be printed and stored."""
    reason = str(error)
    if isinstance(error, OSError):
        name = Path(str(error.filename or item)).name or item
        remedy = _REMEDIES.get(error.errno or 0, "Check the disk and its permissions.")
        reason = f"{name[:100]} cannot be read: {error.strerror or error}. {remedy}"
    return IngestResult(outcome=Outcome.FAILED, item=readable(item), error=readable(reason))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        # near the ends of the calendar there is no such moment in UTC
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{text!r} is not a date and time.", hint="Write it like 2014-10-16T17:00:00Z."
        ) from error


def _from_address(url: str) -> NewBroadcast:
    """A bare address of sound: its file name is all we know."""
    name = unquote(Path(urlsplit(url).path).stem)
    return NewBroadcast(
        source="address",
        guid=url,
        title=collapse(name) or url,
        audio_url=url,
        guessed=frozenset({"title", "is_synthetic"}),
    )
