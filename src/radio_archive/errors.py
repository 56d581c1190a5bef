"""What can go wrong, as a tree.

Every message says three things: what failed, on which item, and what to do next.

::

    RadioArchiveError
    ├── BadInput               the caller asked for something that makes no sense
    │   ├── BadQuery           a search that cannot be understood or costs too much
    │   ├── BadTime            a time outside the recording, or not a time
    │   ├── BadSettings        radio-archive.toml or the environment holds a wrong value
    │   ├── BadTable           a table of names or words that cannot be read
    │   ├── UnknownLanguage    a tag no row of the language registry answers to
    │   ├── UnknownFormat      a format we do not write, or do not read
    │   ├── BadImport          a file that cannot be read as a transcript
    │   ├── TooLong            a text of a person that is longer than what is kept
    │   ├── BadDocument        neither a PDF that can be kept, nor an address
    │   ├── Conflict           somebody else changed it meanwhile: nothing was overwritten
    │   ├── Forbidden          only editors may do it, or the form was not ours
    │   └── TooManyAttempts    too many wrong passwords: wait
    ├── NotFound               no such broadcast, programme, feed, transcript, recording
    │   └── Withdrawn          the station took it out of the archive
    ├── IngestError            a source could not be turned into broadcasts
    │   ├── BadFeed            the bytes are not a feed
    │   └── BadPage            the page is not one we know how to read
    ├── FetchError             the network did not give us the thing
    │   ├── RefusedAddress     an address we never connect to
    │   ├── Gone               the server says it is not there any more: dead sound
    │   └── TooLarge           more bytes than we take
    ├── AudioError             sound that cannot be used
    │   ├── FfmpegMissing      no ffmpeg on this machine
    │   ├── BadAudio           not sound, or damaged beyond use
    │   └── NoSound            a valid file that holds no sound
    ├── TranscriptionError     an engine failed
    │   ├── BadTranscript      an engine gave times or text that cannot be right
    │   ├── NoEngine           no configured engine knows the language
    │   └── WeightsMissing     the weights are not on this machine, or are not the right ones
    ├── SearchIndexError       the search index cannot be read or written            (outage)
    │   ├── IndexBusy          somebody else is writing it                            (outage)
    │   ├── IndexAway          its database does not answer: it may later             (outage)
    │   └── NotIndexable       the index is whole and cannot take this broadcast
    ├── BadBackup              a backup that is damaged, cut off, or none
    ├── StorageError           disk full, unreadable, or the store does not answer   (outage)
    │   ├── StoreAway          the object store does not answer: it may later         (outage)
    │   └── StoreRefuses       the object store refuses: a key, bucket or address is wrong  (outage)
    └── CatalogueError         the catalogue's database refuses
        ├── CatalogueUnavailable   it does not answer, or cannot be written now       (outage)
        │   └── CatalogueUnwritable    its file cannot be opened or written           (outage)
        ├── WrongSchema        its tables are of a newer version, or may not be changed from here
        ├── MoveRefused        a catalogue cannot be moved to another database
        └── LostLease          the job is no longer ours: stop and discard

An *outage* is something the archive itself stands on being away. It says nothing of the broadcast
that met it: its job waits without using up an attempt, and goes on when the thing is back.
"""

from __future__ import annotations

from typing import ClassVar


class RadioArchiveError(Exception):
    """Root of everything this package raises on purpose.

    Attributes:
        message: what failed, and on which item; one sentence.
        hint: what to do next; a command where there is one. Empty when nothing can be done.
    """

    #: stable identifier used in JSON answers and logs
    code: ClassVar[str] = "error"
    #: whether the same attempt may succeed later without anybody changing anything
    retryable: ClassVar[bool] = False
    #: whether the archive's own ground is away: no item is to blame, and none uses up an attempt
    is_outage: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(RadioArchiveError):
    """What was asked for makes no sense."""

    code = "bad_input"


class BadQuery(BadInput):
    """The search cannot be understood, or would cost too much."""

    code = "bad_query"


class BadTime(BadInput):
    """Not a time, or a time outside the recording."""

    code = "bad_time"


class BadSentence(BadInput):
    """A sentence cannot be cut or joined like this, or be said at these times."""

    code = "bad_sentence"


class BadSettings(BadInput):
    """A setting in ``radio-archive.toml`` or the environment has a wrong value."""

    code = "bad_settings"


class BadTable(BadInput):
    """A table of names or words holds a line that makes no sense; the message names it."""

    code = "bad_table"


class UnknownLanguage(BadInput):
    """No row of the language registry answers to this tag."""

    code = "unknown_language"


class UnknownFormat(BadInput):
    """We do not write this export format, or do not read this import format."""

    code = "unknown_format"


class BadImport(BadInput):
    """The file cannot be read as a transcript; nothing of it was stored."""

    code = "bad_import"


class TooLong(BadInput):
    """A text that a person wrote is longer than what is kept; nothing was changed."""

    code = "too_long"


class BadDocument(BadInput):
    """Neither a PDF that can be kept, nor the address of a page."""

    code = "bad_document"


class Conflict(BadInput):
    """Somebody else changed it meanwhile; nothing was overwritten."""

    code = "conflict"


class Forbidden(BadInput):
    """Only editors may do it, or the form did not come from our own page."""

    code = "forbidden"


class TooManyAttempts(BadInput):
    """Too many wrong passwords: whoever it is has to wait."""

    code = "too_many_attempts"


class NotFound(RadioArchiveError):
    """No such broadcast, programme, feed, transcript or recording."""

    code = "not_found"


class Withdrawn(NotFound):
    """The station took it out of the archive; it is kept, and shown to nobody."""

    code = "withdrawn"


class IngestError(RadioArchiveError):
    """A source could not be turned into broadcasts."""

    code = "ingest_failed"


class BadFeed(IngestError):
    """The bytes are not a feed we can read."""

    code = "bad_feed"


class BadPage(IngestError):
    """The page is not one we know how to read."""

    code = "bad_page"


class FetchError(RadioArchiveError):
    """The network did not give us the thing; it may later.

    Attributes:
        url: the address as it was asked for; empty when unknown.
        retry_after_s: seconds the server asked us to wait; None when it did not say.
    """

    code = "fetch_failed"
    retryable = True

    def __init__(
        self, message: str, *, hint: str = "", url: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.url = url
        self.retry_after_s = retry_after_s


class RefusedAddress(FetchError):
    """An address we never connect to: not http(s), or not a public host."""

    code = "refused_address"
    retryable = False


class Gone(FetchError):
    """The server says there is nothing at this address (404 or 410)."""

    code = "gone"
    retryable = False


class TooLarge(FetchError):
    """The server sends more bytes than we take."""

    code = "too_large"
    retryable = False


class MailError(RadioArchiveError):
    """A letter was not taken; it may be later."""

    code = "mail_failed"
    retryable = True


class MailAway(MailError):
    """The station's mail server does not answer, or does not take letters from us."""

    code = "mail_away"
    is_outage = True


class MailRefused(MailError):
    """There is no such mailbox, and there will not be."""

    code = "mail_refused"
    retryable = False


class AudioError(RadioArchiveError):
    """Sound that cannot be used."""

    code = "audio_failed"


class FfmpegMissing(AudioError):
    """There is no ffmpeg on this machine."""

    code = "ffmpeg_missing"


class BadAudio(AudioError):
    """Not sound, or damaged beyond use."""

    code = "bad_audio"


class NoSound(AudioError):
    """A valid file that holds no sound at all."""

    code = "no_sound"


class TranscriptionError(RadioArchiveError):
    """An engine failed."""

    code = "transcription_failed"


class BadTranscript(TranscriptionError):
    """Times or text that cannot be right."""

    code = "bad_transcript"


class NoEngine(TranscriptionError):
    """No configured engine knows the language."""

    code = "no_engine"


class WeightsMissing(TranscriptionError):
    """The weights are not on this machine, or are not the ones we expect."""

    code = "weights_missing"


class SearchIndexError(RadioArchiveError):
    """The search index cannot be read or written; it can always be rebuilt."""

    code = "index_failed"
    retryable = True
    is_outage = True


class IndexBusy(SearchIndexError):
    """Another process is writing the index."""

    code = "index_busy"


class NotIndexable(SearchIndexError):
    """The index is whole and cannot take this broadcast."""

    code = "not_indexable"
    retryable = False
    is_outage = False


class IndexAway(SearchIndexError):
    """The database that holds the index does not answer; it may later."""

    code = "index_away"
    retryable = True


class BadBackup(RadioArchiveError):
    """The file is no backup, or not what was written; nothing was restored."""

    code = "bad_backup"


class StorageError(RadioArchiveError):
    """The disk is full or unreadable, or the store of the recordings does not answer."""

    code = "storage_failed"
    retryable = True
    is_outage = True


class StoreAway(StorageError):
    """The object store that holds the recordings does not answer, or not in time."""

    code = "store_away"


class StoreRefuses(StorageError):
    """The object store answers and refuses: a key, a bucket or an address is wrong."""

    code = "store_refuses"
    retryable = False


class CatalogueError(RadioArchiveError):
    """The catalogue's database refuses."""

    code = "catalogue_failed"


class CatalogueUnavailable(CatalogueError):
    """The catalogue's database does not answer, or cannot be written at the moment."""

    code = "catalogue_unavailable"
    retryable = True
    is_outage = True


class CatalogueUnwritable(CatalogueUnavailable):
    """The catalogue's file cannot be opened or written: the file itself, its folder or its disk."""

    code = "catalogue_unwritable"


class WrongSchema(CatalogueError):
    """The tables are of a newer version, or of an older one and may not be changed from here."""

    code = "wrong_schema"


class MoveRefused(CatalogueError):
    """The catalogue cannot be moved to the other database; both are as they were."""

    code = "move_refused"


class LostLease(CatalogueError):
    """The job is no longer ours: stop at once and discard the work."""

    code = "lost_lease"
