"""Real text as spoken programmes: cues with times, read from the files beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pysubs2
import regex

ROOT = Path(__file__).resolve().parents[2]
#: ``shared/data/languages`` beside the checkout
LANGUAGE_DATA = ROOT.parent / "shared" / "data" / "languages"
SAMPLES = ROOT / "media" / "samples"

#: how long a word takes where a text has no times: 2.3 words a second, as in radio speech
WORD_MS = 430
#: lines of a text without times that make one broadcast: about an hour
LINES_PER_BROADCAST = 500

_TAG = regex.compile(r"<[^>]*>|%\(\w+\)s")
_MARKED_FRENCH = regex.compile(r":fra\b")
#: a letter lost to a wrong encoding in some files: ``?e`` for ``ɓe``
_LOST_LETTER = regex.compile(r"\?\p{L}|\p{L}\?\p{L}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One line with its times."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One broadcast: what is said in it, and its translation where the text has one."""

    name: str  #: unique
    language: str
    cues: tuple[Cue, ...]
    french: tuple[Cue, ...] = ()  #: a French track beside what is said
    source: Path | None = None  #: a file in two languages that the archive itself imports


def jeli() -> Iterator[Programme]:
    """Griots in Bambara, an hour each, with a French translation of every line."""
    for path in sorted((LANGUAGE_DATA / "bam_jeli_srt").glob("*.srt")):
        events = sorted(pysubs2.load(str(path), encoding="utf-8"), key=lambda event: event.start)
        tracks: tuple[list[Cue], list[Cue]] = ([], [])
        for event in events:
            for track, line in zip(tracks, event.plaintext.split("\n"), strict=False):
                if line.strip():
                    cue = Cue(start_ms=event.start, end_ms=event.end, text=line.strip())
                    track.append(cue)
        yield Programme(
            name=path.stem,
            language="bm",
            cues=tuple(tracks[0]),
            french=tuple(tracks[1]),
            source=path,
        )


def kallaama() -> Iterator[Programme]:
    """Radio programmes on farming in Pulaar, without the segments whose letters are lost."""
    for path in sorted((LANGUAGE_DATA / "ful_kallaama_fuc_stm").glob("*.stm")):
        cues = []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            fields = line.split(None, 6)
            if line.startswith(";;") or len(fields) < 7 or fields[2] == "inter_segment_gap":
                continue
            text = _MARKED_FRENCH.sub("", fields[6])
            if not _LOST_LETTER.search(text) and "ignore_time_segment" not in text:
                start, end = (round(float(field) * 1000) for field in fields[3:5])
                cues.append(Cue(start_ms=start, end_ms=end, text=" ".join(text.split())))
        if cues:
            ordered = tuple(sorted(cues, key=lambda cue: cue.start_ms))
            yield Programme(name=path.stem, language="ffm", cues=ordered)


def oldi(file_name: str, language: str) -> Iterator[Programme]:
    """Sentences of the OLDI seed, one cue each, timed as if read aloud."""
    path = LANGUAGE_DATA / "oldi_seed" / file_name
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from _read_aloud(file_name, language, lines)


def mozilla_songhay() -> Iterator[Programme]:
    """Interface sentences in Songhay, without markup."""
    path = LANGUAGE_DATA / "mozilla_l10n" / "son.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    # lines left in English are no Songhay
    texts = [" ".join(_TAG.sub(" ", row[2]).split()) for row in rows if row[1] != row[2]]
    yield from _read_aloud("mozilla-son", "ses", list(dict.fromkeys(texts)))


def samples() -> Iterator[Programme]:
    """What is said in the sample broadcasts, with the true times of every turn."""
    for path in sorted(SAMPLES.glob("*.script.json")):
        script = json.loads(path.read_text(encoding="utf-8"))
        yield Programme(
            name=path.name.removesuffix(".script.json"),
            language=script["language"],
            cues=tuple(
                Cue(start_ms=turn["start_ms"], end_ms=turn["end_ms"], text=turn["text"])
                for turn in script["turns"]
            ),
        )


def real_texts() -> Iterator[Programme]:
    """All programmes of the test data: what a station's archive of some fifty hours holds."""
    yield from jeli()
    yield from kallaama()
    yield from oldi("bam_Latn", "bm")
    yield from oldi("fuv_Latn", "ffm")
    yield from oldi("taq_Latn", "taq")
    yield from oldi("nqo_Nkoo.first300", "bm")
    yield from oldi("taq_Tfng.first300", "taq")
    yield from mozilla_songhay()


def _read_aloud(name: str, language: str, lines: Iterable[str]) -> Iterator[Programme]:
    remaining = iter(lines)
    number = 0
    while block := list(islice(remaining, LINES_PER_BROADCAST)):
        cues = []
        start = 0
        for line in block:
            text = line.strip()
            end = start + WORD_MS * max(1, len(text.split()))
            if text:
                cues.append(Cue(start_ms=start, end_ms=end, text=text))
            start = end + WORD_MS
        number += 1
        yield Programme(name=f"{name}-{number:02}", language=language, cues=tuple(cues))
