"""The nouns of the archive: frozen, slotted, keyword-only records.

Times inside a recording are integer milliseconds from its start; datetimes are aware and in UTC.
Nothing here reads a file, a database or the network.
"""

from __future__ import annotations

from radio_archive.model.broadcasts import (
    Broadcast,
    Feed,
    NewBroadcast,
    Programme,
    Recording,
    Rendition,
)
from radio_archive.model.search import (
    BroadcastHits,
    Coverage,
    FacetCount,
    Hit,
    IndexHit,
    IndexPage,
    Query,
    SearchPage,
    Sort,
    Term,
)
from radio_archive.model.transcripts import Gap, Mark, Passage, Segment, Transcript, Word
from radio_archive.model.units import (
    UNDETERMINED,
    BroadcastId,
    BroadcastState,
    GapReason,
    LanguageTag,
    Match,
    Milliseconds,
    ProgrammeId,
    RecordingKey,
    TranscriptId,
    TranscriptKind,
    Trust,
    require_aware,
)
from radio_archive.model.work import (
    Check,
    Export,
    IngestResult,
    Job,
    JobKind,
    Outcome,
    Progress,
    Sound,
    Status,
    WorkResult,
)

__all__ = [
    "Milliseconds",
    "LanguageTag",
    "UNDETERMINED",
    "ProgrammeId",
    "BroadcastId",
    "TranscriptId",
    "RecordingKey",
    "require_aware",
    "BroadcastState",
    "TranscriptKind",
    "Trust",
    "Match",
    "GapReason",
    "Programme",
    "Recording",
    "Rendition",
    "Broadcast",
    "NewBroadcast",
    "Feed",
    "Word",
    "Segment",
    "Gap",
    "Transcript",
    "Mark",
    "Passage",
    "Sort",
    "Term",
    "Query",
    "IndexHit",
    "FacetCount",
    "IndexPage",
    "Hit",
    "BroadcastHits",
    "Coverage",
    "SearchPage",
    "Progress",
    "JobKind",
    "Job",
    "Outcome",
    "IngestResult",
    "WorkResult",
    "Check",
    "Status",
    "Export",
    "Sound",
]
