"""Real archives for the tests: Whisper base, ffmpeg, SQLite and Whoosh in a folder of their own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.model import Track
from radio_archive.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "media" / "samples"


def settings_for(home: Path, database_url: str = "") -> Settings:
    """Settings of a throw-away archive."""
    return Settings(home=home, database_url=database_url, min_free_bytes=0)


def fingerprint_of(home: Path, queries: tuple[str, ...], database_url: str = "") -> str:
    """All that readers can see of an archive, in one digest: equal archives, equal digests."""
    with open_archive(settings_for(home, database_url)) as archive:
        return hashlib.sha256(json.dumps(_visible(archive, queries)).encode()).hexdigest()


def _visible(archive: Archive, queries: tuple[str, ...]) -> object:
    broadcasts, _ = archive.broadcasts(page_size=1_000)
    status = archive.status()
    return {
        "broadcasts": [
            [
                broadcast.id,
                broadcast.title,
                broadcast.state,
                broadcast.recording.key if broadcast.recording else None,
                [rendition.name for rendition in archive.renditions(broadcast.id)],
                [_words(archive, broadcast.id, each) for each in archive.tracks(broadcast.id)],
            ]
            for broadcast in broadcasts
        ],
        "passages": [status.passages, status.index_is_stale, dict(status.jobs_waiting)],
        "hits": [
            [
                [hit.broadcast_id, hit.start_ms, hit.text, hit.highlights]
                for group in archive.search(query, SearchOptions()).broadcasts
                for hit in group.hits
            ]
            for query in queries
        ],
    }


def _words(archive: Archive, broadcast_id: str, track: Track) -> object:
    transcript = archive.get_transcript(broadcast_id, track.choice)
    return [
        [segment.start_ms, segment.end_ms, segment.text, len(segment.words)]
        for segment in transcript.segments
    ]
