"""The table of hits: evidence, so its bytes never change."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from radio_archive.exports.hits import COLUMNS, write
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Match,
    Milliseconds,
    SavedHit,
    TranscriptId,
    Trust,
)

HIT = SavedHit(
    broadcast_id=BroadcastId("0123456789abcdef"),
    title="=Débat, « riz »",
    aired_at=datetime(2014, 10, 16, 17, tzinfo=UTC),
    language=LanguageTag("fr"),
    start_ms=Milliseconds(754_249),
    end_ms=Milliseconds(761_900),
    transcript_id=TranscriptId(7),
    trust=Trust.MACHINE,
    match=Match.EXACT,
    text='Le "prix" du riz,\nà Ségou.',
)

#: of the two hits below; it may never change, for what was handed on is compared with it
DIGEST = "bff848bff243531a4724fa0861688106733c5b6591fd8002110298f05db2912c"


def test_a_table_reads_back_as_it_was() -> None:
    rows = list(csv.reader(io.StringIO(write([HIT]).decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS)
    assert rows[1][0] == HIT.broadcast_id
    assert rows[1][1] == "'=Débat, « riz »"
    assert rows[1][2] == "2014-10-16T17:00:00Z"
    assert rows[1][4:7] == ["754249", "761900", "7"]
    assert rows[1][9] == HIT.text


def test_the_bytes_of_a_table_stay_the_same_for_ever() -> None:
    undated = replace(HIT, aired_at=None)
    assert sha256(write([HIT, undated])).hexdigest() == DIGEST
