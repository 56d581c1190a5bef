"""What was said in a stretch of a broadcast, as somebody quoted it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from radio_archive.model.broadcasts import Broadcast
from radio_archive.model.transcripts import Transcript
from radio_archive.model.units import Milliseconds, TranscriptId


class QuoteState(StrEnum):
    """What became of the words since they were quoted."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"  #: other words stand there now; both are shown
    WITHDRAWN = "withdrawn"  #: they were taken out, and are not shown any more
    UNKNOWN = "unknown"  #: the version quoted is not here, and other words stand there now
    NO_TEXT = "no_text"  #: nobody has written down what is said there


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A stretch of a recording."""

    start_ms: Milliseconds
    end_ms: Milliseconds  #: later than the start

    @property
    def length_ms(self) -> Milliseconds:
        """How long it is."""
        return Milliseconds(self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest:
    """What an address says of a quotation."""

    excerpt: Excerpt
    version: TranscriptId | None = None  #: the transcript it was taken from; None: the current one
    digest: str = ""  #: of its words, as `digest_of` writes it; empty where nobody said


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a broadcast, and whether they still stand there."""

    broadcast: Broadcast
    excerpt: Excerpt  #: from the first word to the last
    state: QuoteState
    text: str  #: as quoted; empty where it may not be shown, or nobody wrote it down
    text_now: str  #: what stands there now; empty for nothing
    source: Transcript | None  #: what was quoted from; None where it may not be shown
    #: what makes the address of this quotation lasting; None where there is no text
    version: TranscriptId | None = None
    digest: str = ""
    before_ms: Milliseconds | None = None  #: start of the sentence before it
    after_ms: Milliseconds | None = None  #: end of the sentence after it


def digest_of(text: str) -> str:
    """Sixteen hexadecimal digits that tell whether words are the same: SHA-256 of their NFC."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
