"""Quotations that can be checked later, and the sound that belongs to them.

An address of a quotation names the stretch of the recording, the version of the transcript and a
digest of the words. Versions are kept, so the words can be shown as they were quoted beside what
stands there now. Clips are cut in the pauses around the words.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock

from radio_archive.audio import PLAYED, PLAYED_FROM, RENDITIONS, Audio, RenditionSpec
from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadTime, NotFound, StorageError, UnknownFormat
from radio_archive.media import Area, MediaStore
from radio_archive.model import (
    Broadcast,
    Excerpt,
    Milliseconds,
    Quote,
    QuoteRequest,
    QuoteState,
    Recording,
    Rendition,
    Segment,
    Transcript,
    TranscriptKind,
    digest_of,
)
from radio_archive.model.withdrawals import touches

LONGEST_MS = 600_000
"""Longest quotation or clip: ten minutes. Whoever wants more takes the broadcast."""

MARGIN_MS = 300
"""Sound kept before the first word and after the last, where the pause is that long."""

KEPT_BYTES = 64_000_000
"""Clips kept in memory, for players ask for them in parts."""

_SOURCES = {spec.name: spec.name for spec in RENDITIONS} | dict(PLAYED_FROM)
"""Format of a clip -> name of the rendition it is cut from."""

FORMATS = tuple(_SOURCES)
"""``mp3``, ``opus``, and ``low`` for messages: those a listener gets of whole broadcasts; ``webm``
and ``webm-low`` for players, see `radio_archive.audio.PLAYED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A `Sound` in memory, and what it is cut from."""

    content: bytes
    etag: str  #: SHA-256 of the bytes
    media_type: str
    extension: str
    excerpt: Excerpt  #: what it holds, pauses included

    @property
    def size_bytes(self) -> int:
        """Length of the whole."""
        return len(self.content)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to, not including, ``end``."""
        yield self.content[start:end]


_Key = tuple[str, Excerpt, str, str]
"""Broadcast, stretch, key of the sound it is cut from, and format."""


class Quotes:
    """Looks quotations up, and cuts clips."""

    def __init__(self, catalogue: Catalogue, media: MediaStore, audio: Callable[[], Audio]) -> None:
        self._catalogue = catalogue
        self._media = media
        self._audio = audio
        self._kept: OrderedDict[_Key, Clip] = OrderedDict()
        self._guard = Lock()

    def get(self, broadcast_id: str, request: QuoteRequest) -> Quote:
        """A quotation, and what became of its words.

        Raises:
            NotFound: no such broadcast, or it has no recording.
            BadTime: the stretch is empty, too long, or lies outside the recording.
        """
        broadcast = self._catalogue.broadcasts.get(broadcast_id)
        excerpt = require_excerpt(broadcast, request.excerpt)
        current = self._catalogue.transcripts.find(broadcast.id)
        if current is None:
            return Quote(
                broadcast=broadcast,
                excerpt=excerpt,
                state=QuoteState.NO_TEXT,
                text="",
                text_now="",
                source=None,
            )
        quoted = current
        if request.version not in (None, current.id):
            found = self._catalogue.transcripts.find_version(broadcast.id, request.version)
            quoted = current if found is None else found
        found_now = _compare(broadcast, excerpt, request, quoted, current)
        hidden = self._catalogue.withdrawals.hidden_in(broadcast.id)
        is_hidden = touches(excerpt.start_ms, excerpt.end_ms, hidden) and request.digest
        if is_hidden and found_now.state is not QuoteState.UNCHANGED:
            return replace(found_now, state=QuoteState.WITHDRAWN, text="", source=None)
        if found_now.state is QuoteState.CORRECTED and (
            self._was_redacted(broadcast) or (hidden and self._was_moved(broadcast, excerpt))
        ):
            return replace(found_now, state=QuoteState.WITHDRAWN, text="", source=None)
        return found_now

    def _was_moved(self, broadcast: Broadcast, excerpt: Excerpt) -> bool:
        """Whether what was once said in a stretch is hidden where it is said now."""
        left = self._catalogue.edits.left_by_hidden(broadcast.id)
        return touches(excerpt.start_ms, excerpt.end_ms, left)

    def _was_redacted(self, broadcast: Broadcast) -> bool:
        """Whether anything was ever taken out: then no older words are shown again."""
        redacted = TranscriptKind.REDACTED
        return self._catalogue.transcripts.find(broadcast.id, kind=redacted) is not None

    def clip(
        self, broadcast_id: str, excerpt: Excerpt, format_name: str, *, is_exact: bool = False
    ) -> Clip:
        """The sound of a stretch, cut if need be: that takes a core for a second or so.

        Args:
            broadcast_id: of which broadcast.
            excerpt: which stretch.
            format_name: one of ``FORMATS``.
            is_exact: cut where asked, for players that show the time; else in the pauses around
                its words.

        Raises:
            NotFound: no such broadcast, or its sound is not ready.
            BadTime: as for `get`.
            UnknownFormat: not one of ``FORMATS``.
            AudioError: ffmpeg failed.
            StorageError: the sound cannot be read.
        """
        return self._clip(*self._wanted(broadcast_id, excerpt, format_name, is_exact))

    def find_clip(
        self, broadcast_id: str, excerpt: Excerpt, format_name: str, *, is_exact: bool = False
    ) -> Clip | None:
        """As `clip`, of what was cut before; None where it has to be cut first.

        Raises:
            NotFound: no such broadcast, or its sound is not ready.
            BadTime: as for `get`.
            UnknownFormat: not one of ``FORMATS``.
        """
        return self._known(self._wanted(broadcast_id, excerpt, format_name, is_exact)[0])

    def _wanted(
        self, broadcast_id: str, excerpt: Excerpt, format_name: str, is_exact: bool
    ) -> tuple[_Key, Rendition]:
        """What names a clip, and what it is cut from."""
        if format_name not in FORMATS:
            raise UnknownFormat(
                f"There are no clips in the format {format_name[:16]!r}.",
                hint=f"Choose one of {', '.join(FORMATS)}.",
            )
        broadcast = self._catalogue.broadcasts.get(broadcast_id)
        asked = require_excerpt(broadcast, excerpt)
        wide = asked if is_exact else self.widened(broadcast, asked)
        source = self._source(broadcast, format_name)
        # another sound since something of it was withdrawn has another key
        return (str(broadcast.id), wide, source.key, format_name), source

    def _known(self, key: _Key) -> Clip | None:
        with self._guard:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        return known

    def _clip(self, key: _Key, source: Rendition) -> Clip:
        known = self._known(key)
        if known is not None:  # several asked for the same, and waited
            return known
        _, excerpt, _, format_name = key
        try:
            clip = self._cut(source, excerpt, _spec_of(format_name))
        except NotFound as error:  # the catalogue knows this sound, and the store does not give it
            raise StorageError(
                "This sound is not in the media store at the moment.", hint=error.message
            ) from error
        with self._guard:
            self._kept[key] = clip
            while sum(each.size_bytes for each in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)
        return clip

    def widened(self, broadcast: Broadcast, excerpt: Excerpt) -> Excerpt:
        """A stretch with the pauses around it, no more than ``MARGIN_MS`` on each side."""
        transcript = self._catalogue.transcripts.find(broadcast.id)
        edges = [] if transcript is None else _edges(transcript)
        before = max((end for _, end in edges if end <= excerpt.start_ms), default=0)
        after = min(
            (start for start, _ in edges if start >= excerpt.end_ms),
            default=_recording_of(broadcast).duration_ms,
        )
        start = max(before, excerpt.start_ms - MARGIN_MS, (before + excerpt.start_ms) // 2)
        end = min(after, excerpt.end_ms + MARGIN_MS, -(-(after + excerpt.end_ms) // 2))
        return Excerpt(start_ms=Milliseconds(start), end_ms=Milliseconds(end))

    def _source(self, broadcast: Broadcast, format_name: str) -> Rendition:
        """The sound that listeners may get."""
        key = _recording_of(broadcast).key
        stored = self._catalogue.withdrawals.renditions(broadcast.id, key)
        source = next((each for each in stored if each.name == _SOURCES[format_name]), None)
        if source is None:
            raise NotFound(
                f"The sound of broadcast {broadcast.id} is not ready to be cut.",
                hint="It is made by `radio-archive work`.",
            )
        return source

    def _cut(self, source: Rendition, excerpt: Excerpt, spec: RenditionSpec) -> Clip:
        with (
            self._media.local_path(Area.RENDITIONS, source.key, source.extension) as path,
            tempfile.TemporaryDirectory(prefix="radio-archive-clip-") as folder,
        ):
            target = Path(folder) / f"clip{spec.extension}"
            self._audio().render(
                path, target, spec, start_ms=excerpt.start_ms, end_ms=excerpt.end_ms
            )
            content = target.read_bytes()
        return Clip(
            content=content,
            etag=sha256(content).hexdigest(),
            media_type=spec.media_type,
            extension=spec.extension,
            excerpt=excerpt,
        )


def estimate_bytes(excerpt: Excerpt, format_name: str) -> int:
    """About how large a clip will be, for people to know before they take it.

    Raises:
        StopIteration: no format has this name; a mistake of the caller.
    """
    return (excerpt.length_ms + 2 * MARGIN_MS) * _spec_of(format_name).bits_per_second // 8_000


def _spec_of(format_name: str) -> RenditionSpec:
    return next(each for each in (*RENDITIONS, *PLAYED.values()) if each.name == format_name)


def require_excerpt(broadcast: Broadcast, excerpt: Excerpt) -> Excerpt:
    """The part of a stretch that lies in the recording.

    Raises:
        NotFound: there is no recording.
        BadTime: nothing is left, or it is longer than ``LONGEST_MS``.
    """
    end = min(excerpt.end_ms, _recording_of(broadcast).duration_ms)
    if not 0 <= excerpt.start_ms < end:
        raise BadTime(
            f"Nothing of broadcast {broadcast.id} lies between {excerpt.start_ms} and {end} ms.",
            hint="The end comes after the start, and the start before the end of the broadcast.",
        )
    if end - excerpt.start_ms > LONGEST_MS:
        raise BadTime(
            f"A quotation or clip lasts {LONGEST_MS // 60_000} minutes at most.",
            hint="Take the whole broadcast, or a shorter part of it.",
        )
    return Excerpt(start_ms=excerpt.start_ms, end_ms=Milliseconds(end))


def words_between(transcript: Transcript, excerpt: Excerpt) -> tuple[str, Excerpt | None]:
    """What is said in a stretch, and from its first word to its last.

    A word belongs to the stretch that its middle lies in; a sentence without times of its words
    belongs to it whole, if any of it does.

    Returns:
        Words as written, and their stretch; nothing and None where nobody speaks.
    """
    texts: list[str] = []
    spoken: list[tuple[int, int]] = []
    for segment in transcript.segments:
        if segment.end_ms <= excerpt.start_ms or segment.start_ms >= excerpt.end_ms:
            continue
        text, inside = _part_of(segment, excerpt)
        if inside is not None:
            texts.append(text)
            spoken.append(inside)
    if not spoken:
        return "", None
    start, end = min(first for first, _ in spoken), max(last for _, last in spoken)
    return " ".join(texts), Excerpt(start_ms=Milliseconds(start), end_ms=Milliseconds(end))


def _part_of(segment: Segment, excerpt: Excerpt) -> tuple[str, tuple[int, int] | None]:
    places = _places(segment)
    if places is None:
        return segment.text, (segment.start_ms, segment.end_ms)
    chosen = [
        (word, place)
        for word, place in zip(segment.words, places, strict=True)
        if excerpt.start_ms <= (word.start_ms + word.end_ms) // 2 < excerpt.end_ms
    ]
    if not chosen:
        return "", None
    (first, (begin, _)), (last, (_, end)) = chosen[0], chosen[-1]
    whole = len(chosen) == len(segment.words)
    text = segment.text if whole else segment.text[begin:end]
    return text, (first.start_ms, max(last.end_ms, first.start_ms + 1))


def _places(segment: Segment) -> list[tuple[int, int]] | None:
    """Where each timed word stands in the text of its sentence; None where that cannot be told."""
    places, now = [], 0
    for word in segment.words:
        found = segment.text.find(word.text, now)
        if found < 0:
            return None
        now = found + len(word.text)
        places.append((found, now))
    return places or None


def _compare(
    broadcast: Broadcast,
    excerpt: Excerpt,
    request: QuoteRequest,
    quoted: Transcript,
    current: Transcript,
) -> Quote:
    text, spoken = words_between(quoted, excerpt)
    text_now, spoken_now = words_between(current, excerpt)
    exact = spoken or spoken_now or excerpt
    wanted = request.digest or digest_of(text)
    if digest_of(text_now) == wanted:
        state, text, source = QuoteState.UNCHANGED, text_now, current
    elif digest_of(text) == wanted:
        state, source = QuoteState.CORRECTED, quoted
    else:
        state, text, source = QuoteState.UNKNOWN, "", None
    before, after = _neighbours(current, exact)
    return Quote(
        broadcast=broadcast,
        excerpt=exact if not request.digest else excerpt,
        state=state,
        text=text,
        text_now=text_now,
        source=source,
        version=request.version or current.id,
        digest=wanted,
        before_ms=before,
        after_ms=after,
    )


def _neighbours(
    transcript: Transcript, excerpt: Excerpt
) -> tuple[Milliseconds | None, Milliseconds | None]:
    """Start of the sentence before a stretch, and end of the one after it."""
    before = [each.start_ms for each in transcript.segments if each.start_ms < excerpt.start_ms]
    after = [each.end_ms for each in transcript.segments if each.end_ms > excerpt.end_ms]
    return (before[-1] if before else None, min(after) if after else None)


def _edges(transcript: Transcript) -> list[tuple[int, int]]:
    """Start and end of everything that is said, word by word where that is known."""
    return [
        (int(part.start_ms), int(part.end_ms))
        for segment in transcript.segments
        for part in (segment.words or (segment,))
    ]


def _recording_of(broadcast: Broadcast) -> Recording:
    if broadcast.recording is None:
        raise NotFound(
            f"Broadcast {broadcast.id} has no recording to quote from.",
            hint=broadcast.state_reason or "Its sound may be taken in later.",
        )
    return broadcast.recording
