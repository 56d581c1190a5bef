"""Made-up broadcasts put into a real catalogue, in bulk: what the archive would have left there.

Every broadcast has a recording, renditions, a transcript with the moment and the probability of
every word, passages, the words of its page, and what says that nothing is left to be done. It goes
past the archive's own methods, which take one broadcast at a time; `tests/benchmarks` compares what
both leave.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
from benchmarks.corpus import (
    PASSAGE_MS,
    PROGRAMMES,
    SEED,
    SOURCE,
    MadeBroadcast,
    word_moments,
)
from benchmarks.tongues import learn
from sqlalchemy import Connection, func, select

from radio_archive.audio import RENDITIONS
from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.catalogue.rows import to_seconds
from radio_archive.catalogue.title_words import words_of
from radio_archive.db import Database
from radio_archive.db.schema import (
    broadcasts,
    indexed,
    passages,
    programmes,
    recordings,
    renditions,
    title_words,
    transcripts,
)
from radio_archive.languages.analysis import VERSION
from radio_archive.model import TranscriptKind

Row = dict[str, Any]
Rows = dict[str, list[Row]]

TABLES = (recordings, renditions, broadcasts, transcripts, passages, title_words, indexed)

#: of a recording: MP3 of 128 kbit/s
BYTES_PER_SECOND = 16_000
#: what made them, for a machine's text
ENGINE = "faster-whisper/base"
#: broadcasts written in one transaction
_TOGETHER = 250
_FIRST_NAMES = ("Aminata", "Moussa", "Fatoumata", "Ibrahim", "Kadiatou", "Oumar", "Mariam", "Sékou")
_LAST_NAMES = ("Traoré", "Diarra", "Coulibaly", "Keïta", "Maïga", "Touré", "Cissé", "Ag Alhassane")


def fill(database: Database, made: Iterable[MadeBroadcast], fingerprint: str = "") -> int:
    """Put broadcasts into an empty or filled catalogue; returns how many passages they have.

    Args:
        database: brought to the shape of today.
        made: none of them there yet.
        fingerprint: of the index that will hold them, so that nothing waits to be indexed.
    """
    with database.write() as connection:
        _put_programmes(connection)
        highest = connection.execute(select(func.max(transcripts.c.id))).scalar_one() or 0
    count, rest = 0, iter(made)
    while group := list(islice(rest, _TOGETHER)):
        rows: Rows = {table.name: [] for table in TABLES}
        for broadcast in group:
            highest += 1
            _add(rows, broadcast, highest, fingerprint)
        with database.write() as connection:
            for table in TABLES:
                if rows[table.name]:
                    connection.execute(table.insert(), rows[table.name])
        count += sum(len(broadcast.texts) for broadcast in group)
    with database.write() as connection:
        _settle(database, connection, highest)
    return count


def _put_programmes(connection: Connection) -> None:
    known = set(connection.execute(select(programmes.c.id)).scalars())
    for slug in PROGRAMMES:
        if slug not in known:
            made = programme_of(slug)
            connection.execute(programmes.insert().values(id=made.id, title=made.title))


def _settle(database: Database, connection: Connection, highest: int) -> None:
    """Let the database count transcripts on, and look at what it holds now."""
    if not database.is_sqlite:
        sequence = func.pg_get_serial_sequence("transcripts", "id")
        connection.execute(select(func.setval(sequence, max(1, highest))))
    connection.exec_driver_sql("analyze")


def _add(rows: Rows, made: MadeBroadcast, transcript_id: int, fingerprint: str) -> None:
    key = hashlib.sha256(f"{SOURCE} {made.guid}".encode()).hexdigest()
    seconds = len(made.texts) * PASSAGE_MS // 1000
    page = _page(made)
    rows["recordings"].append(_recording(key, seconds))
    rows["renditions"] += [
        {
            "recording_key": key,
            "name": spec.name,
            "key": key,
            "extension": spec.extension,
            "media_type": spec.media_type,
            "size_bytes": seconds * spec.bits_per_second // 8,
        }
        for spec in RENDITIONS
    ]
    rows["broadcasts"].append(
        {
            "id": made.id,
            "source": SOURCE,
            "guid": made.guid,
            "programme_id": made.programme_id,
            "language": made.language,
            "aired_at": to_seconds(made.aired_at),
            "recording_key": key,
            "words_version": VERSION,
            **page,
        }
    )
    texts = (page["title"], ". ".join(json.loads(page["guests"])), page["summary"])
    rows["title_words"] += [
        {"analyzer": analyzer, "word": word, "broadcast_id": made.id, "place": place}
        for (analyzer, word), place in words_of(texts, made.language).items()
    ]
    rows["indexed"].append(
        {
            "broadcast_id": made.id,
            "transcript_id": transcript_id,
            "revision": 1,
            "fingerprint": fingerprint,
        }
    )
    _add_text(rows, made, transcript_id)


def _recording(key: str, seconds: int) -> Row:
    return {
        "key": key,
        "extension": ".mp3",
        "media_type": "audio/mpeg",
        "size_bytes": seconds * BYTES_PER_SECOND,
        "duration_ms": seconds * 1000,
        "original_name": f"{key[:8]}.mp3",
    }


def _add_text(rows: Rows, made: MadeBroadcast, transcript_id: int) -> None:
    segments = []
    for number, (text, band) in enumerate(zip(made.texts, made.bands, strict=True)):
        start = number * PASSAGE_MS
        moments = word_moments(text, start)
        segments.append(_segment(text, moments, None if band is None else str(band)))
        rows["passages"].append(
            {
                "broadcast_id": made.id,
                "number": number,
                "transcript_id": transcript_id,
                "language": made.language,
                "start_ms": start,
                "end_ms": start + PASSAGE_MS,
                "trust": made.trust,
                "band": band,
                "text": text,
                "marks": _packed(f"[{','.join(f'[{a},{b},{c}]' for a, b, c in moments)}]"),
            }
        )
    is_by_machine = made.kind is TranscriptKind.MACHINE
    rows["transcripts"].append(
        {
            "id": transcript_id,
            "broadcast_id": made.id,
            "kind": made.kind,
            "language": made.language,
            "engine": ENGINE if is_by_machine else "",
            "trust": made.trust,
            "created_at": to_seconds(made.aired_at),
            "is_current": True,
            "is_track": False,
            "payload": _packed(f'{{"segments": [{", ".join(segments)}], "gaps": []}}'),
        }
    )


def _segment(text: str, moments: list[tuple[int, int, int]], band: str | None) -> str:
    """One passage as `rows.pack_transcript` writes a segment; no word holds a quotation mark."""
    words = ", ".join(
        f'[{begin}, {end}, "{word}", 0.{at % 89 + 10}]'
        for word, (at, begin, end) in zip(text.split(" "), moments, strict=True)
    )
    sure = "null" if band is None else f'"{band}"'
    first, last = moments[0][1], moments[-1][2]
    return f'[{first}, {last}, "{text}", [{words}], null, -0.31, 0.02, null, {sure}, null]'


def _packed(document: str) -> bytes:
    """As the archive packs it, but quickly: reading it back is the same."""
    return zlib.compress(document.encode(), 1)


def _page(made: MadeBroadcast) -> Row:
    """What the station's pages say of a broadcast: in French, whatever is spoken in it."""
    chance = np.random.Generator(np.random.PCG64(int(made.id, 16)))
    french = learn("fr", SEED)
    said = french.words[french.draw(chance.random(36))].tolist()
    programme = programme_of(made.programme_id).title
    guests = [f"{_one(_FIRST_NAMES, chance)} {_one(_LAST_NAMES, chance)}" for _ in range(2)]
    return {
        "title": f"{programme} du {made.aired_at:%d/%m/%Y} : {' '.join(said[:6])}",
        "guests": json.dumps(guests, ensure_ascii=False),
        "summary": f"{' '.join(said[6:])} {' '.join(made.topics[:3])}.",
        "source_url": f"https://example.org/emissions/{made.guid}",
    }


def _one(names: tuple[str, ...], chance: np.random.Generator) -> str:
    return names[int(chance.random() * len(names))]
