"""Made-up broadcasts that behave like a station's: the same for the same seed and texts.

Words follow one another as in `tongues`; each broadcast has words of its own, and one word in 250
has a letter wrong, as recognisers do. Broadcasts are made block by block, each block from a seed of
its own: three million passages need no more memory than three thousand, and the first thousand
broadcasts are the same however many come after them.

    python benchmarks/corpus.py [--sizes 10000,100000]      how fast they are made
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.tongues import Numbers, Tongue, learn  # noqa: E402 - importable from here on

from radio_archive.catalogue.broadcasts import broadcast_id_of  # noqa: E402
from radio_archive.model import (  # noqa: E402
    Band,
    BroadcastId,
    LanguageTag,
    Mark,
    Milliseconds,
    Passage,
    ProgrammeId,
    TranscriptKind,
    Trust,
)

SEED = 20140816
#: where the catalogue says the broadcasts come from
SOURCE = "benchmark"
#: share of the station's hours by language
LANGUAGES = {"fr": 0.30, "bm": 0.25, "ffm": 0.15, "ses": 0.15, "taq": 0.15}
PROGRAMMES = ("journal", "grand-dialogue", "sante", "actu-jeunes", "le-dossier", "verifions")
#: two words and a third a second, half a minute a passage
WORDS_PER_PASSAGE = (50, 90)
PASSAGE_MS = 30_000
#: a bulletin of ten minutes
PASSAGES_PER_BROADCAST = 20
FIRST_DAY = datetime(2013, 8, 19, 7, tzinfo=UTC)
#: until the end of October 2026
DAYS = 4_820
TOPIC_WORDS = 40
TOPIC_SHARE = 0.05
FOLLOWING_SHARE = 0.5
ERROR_SHARE = 0.004
WRONG_LETTERS = "aeiourst"
#: how far broadcasts in French, and in the others, may be believed
TRUSTS = (Trust.MACHINE, Trust.MACHINE_WEAK, Trust.IMPORTED, Trust.CHECKED)
FRENCH_TRUST, OTHER_TRUST = (0.70, 0.10, 0.05, 0.15), (0.10, 0.55, 0.30, 0.05)
#: how sure the machine was of its passages: good, weak, unsure
BANDS = (Band.GOOD, Band.WEAK, Band.UNSURE)
BAND_SHARES = {Trust.MACHINE: (0.65, 0.25, 0.10), Trust.MACHINE_WEAK: (0.15, 0.35, 0.50)}
#: broadcasts of one block
BLOCK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBroadcast:
    """A broadcast with the texts of its passages, cheaper to make than records of every word."""

    id: BroadcastId
    guid: str
    language: LanguageTag
    programme_id: ProgrammeId
    aired_at: datetime
    trust: Trust
    topics: tuple[str, ...]  #: the words it speaks of more than others do
    texts: list[str]  #: of its passages
    bands: list[Band | None]  #: likewise; None where no machine wrote them

    @property
    def kind(self) -> TranscriptKind:
        """Where its text comes from."""
        is_by_machine = self.trust in BAND_SHARES
        return TranscriptKind.MACHINE if is_by_machine else TranscriptKind.IMPORTED


def make_broadcasts(passages: int, *, first: int = 0, seed: int = SEED) -> Iterator[MadeBroadcast]:
    """As many broadcasts as hold so many passages; the last one may be shorter.

    Args:
        passages: how many in all.
        first: number of the first broadcast, to go on where another call ended.
        seed: of everything.
    """
    left, number = passages, first
    while left > 0:
        made = _make_block(number // BLOCK, seed)[number % BLOCK :]
        for broadcast in made:
            yield _cut(broadcast, left)
            left -= PASSAGES_PER_BROADCAST
            number += 1
            if left <= 0:
                return


def make_passages(
    count: int, *, first: int = 0, seed: int = SEED, has_marks: bool = False
) -> Iterator[Passage]:
    """The same as passages, broadcast by broadcast.

    Args:
        count: how many.
        first: number of the first broadcast.
        seed: of everything.
        has_marks: whether every word has its moment, which takes most of the time; without them a
            passage has the moment it begins.
    """
    for broadcast in make_broadcasts(count, first=first, seed=seed):
        yield from passages_of(broadcast, has_marks=has_marks)


def passages_of(broadcast: MadeBroadcast, *, has_marks: bool = False) -> Iterator[Passage]:
    """The passages of one broadcast, as `make_passages` gives them."""
    for number, (text, band) in enumerate(zip(broadcast.texts, broadcast.bands, strict=True)):
        start = number * PASSAGE_MS
        moments = word_moments(text, start) if has_marks else [(0, start, start + PASSAGE_MS)]
        yield Passage(
            broadcast_id=broadcast.id,
            number=number,
            language=broadcast.language,
            start_ms=Milliseconds(start),
            end_ms=Milliseconds(start + PASSAGE_MS),
            text=text,
            marks=tuple(
                Mark(char_start=at, start_ms=Milliseconds(begin), end_ms=Milliseconds(end))
                for at, begin, end in moments
            ),
            programme_id=broadcast.programme_id,
            aired_at=broadcast.aired_at,
            trust=broadcast.trust,
            band=band,
            kind=broadcast.kind,
        )


def word_moments(text: str, start_ms: int) -> list[tuple[int, int, int]]:
    """Of each word of a passage: its first character, and when it begins and ends."""
    words = text.split(" ")
    step = PASSAGE_MS // len(words)
    offsets = accumulate((len(word) + 1 for word in words[:-1]), initial=0)
    begins = range(start_ms, start_ms + step * len(words), step)
    return [(at, begin, begin + step) for at, begin in zip(offsets, begins, strict=True)]


def _cut(broadcast: MadeBroadcast, left: int) -> MadeBroadcast:
    if left >= PASSAGES_PER_BROADCAST:
        return broadcast
    del broadcast.texts[left:], broadcast.bands[left:]
    return broadcast


def _make_block(block: int, seed: int) -> list[MadeBroadcast]:
    """The broadcasts of one block, in order; all of a language are spoken together."""
    chance = np.random.Generator(np.random.PCG64([seed, block]))
    tags = np.searchsorted(np.cumsum(list(LANGUAGES.values())), chance.random(BLOCK), side="right")
    made: dict[int, MadeBroadcast] = {}
    for order, tag in enumerate(LANGUAGES):
        places = np.flatnonzero(np.minimum(tags, len(LANGUAGES) - 1) == order)
        if len(places):
            spoken = _speak(learn(tag, seed), len(places), chance)
            for place, (topics, texts) in zip(places.tolist(), spoken, strict=True):
                made[place] = _broadcast(block * BLOCK + place, tag, topics, texts, chance)
    return [made[place] for place in range(BLOCK)]


def _broadcast(
    number: int,
    tag: str,
    topics: tuple[str, ...],
    texts: list[str],
    chance: np.random.Generator,
) -> MadeBroadcast:
    luck = chance.random(4 + len(texts))
    trust = TRUSTS[_pick(FRENCH_TRUST if tag == "fr" else OTHER_TRUST, luck[0])]
    shares = BAND_SHARES.get(trust)
    day = timedelta(days=int(luck[1] * DAYS), hours=10 * int(luck[2] * 2))
    return MadeBroadcast(
        id=broadcast_id_of(SOURCE, str(number)),
        guid=str(number),
        language=LanguageTag(tag),
        programme_id=ProgrammeId(PROGRAMMES[int(luck[3] * len(PROGRAMMES))]),
        aired_at=FIRST_DAY + day,
        trust=trust,
        topics=topics,
        texts=texts,
        bands=[None if shares is None else BANDS[_pick(shares, each)] for each in luck[4:]],
    )


def _pick(shares: tuple[float, ...], luck: float) -> int:
    running = accumulate(shares)
    return next((at for at, share in enumerate(running) if luck < share), len(shares) - 1)


def _speak(
    tongue: Tongue, broadcasts: int, chance: np.random.Generator
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Topic words and the texts of the passages of so many broadcasts."""
    rare = len(tongue.words) // 20
    topics = rare + (chance.random((broadcasts, TOPIC_WORDS)) * (len(tongue.words) - rare)).astype(
        np.int64
    )
    passages = broadcasts * PASSAGES_PER_BROADCAST
    least, most = WORDS_PER_PASSAGE
    counts = least + (chance.random(passages) * (most + 1 - least)).astype(np.int64)
    words = _chain(tongue, topics, chance)
    errors = _errors(counts, chance)
    rows = tongue.words[words].tolist()
    for broadcast in range(broadcasts):
        texts = []
        first = broadcast * PASSAGES_PER_BROADCAST
        for row in range(first, first + PASSAGES_PER_BROADCAST):
            said = rows[row][: counts[row]]
            for at, luck in errors.get(row, ()):
                said[at] = _misheard(said[at], luck)
            text = " ".join(said)
            texts.append(f"{text[0].upper()}{text[1:]}.")
        yield tuple(tongue.words[topics[broadcast]].tolist()), texts


def _chain(tongue: Tongue, topics: Numbers, chance: np.random.Generator) -> Numbers:
    """The words of all passages, place after place: a topic, what follows, or any word."""
    broadcasts, most = len(topics), WORDS_PER_PASSAGE[1]
    passages = broadcasts * PASSAGES_PER_BROADCAST
    words = tongue.draw(chance.random((most, passages)))
    luck, which = chance.random((most, passages)), chance.random((most, passages))
    rows = np.repeat(np.arange(broadcasts), PASSAGES_PER_BROADCAST)
    is_topic = luck < TOPIC_SHARE
    topical = topics[rows, (which * TOPIC_WORDS).astype(np.int64)]
    words = np.where(is_topic, topical, words)
    follows = ~is_topic & (luck < TOPIC_SHARE + FOLLOWING_SHARE)
    known = np.diff(tongue.starts)
    for place in range(1, most):
        before = words[place - 1]
        chained = np.flatnonzero(follows[place] & (known[before] > 0))
        last = before[chained]
        step = (which[place, chained] * known[last]).astype(np.int64)
        words[place, chained] = tongue.followers[tongue.starts[last] + step]
    return words.T


def _errors(counts: Numbers, chance: np.random.Generator) -> dict[int, list[tuple[int, float]]]:
    """For passages with wrong letters: in which words, with a number to choose letters by."""
    total = int(counts.sum())
    places = np.flatnonzero(chance.random(total) < ERROR_SHARE)
    ends = np.cumsum(counts)
    rows = np.searchsorted(ends, places, side="right")
    words: NDArray[np.int64] = places - (ends[rows] - counts[rows])
    luck = chance.random(len(places))
    errors: dict[int, list[tuple[int, float]]] = {}
    for row, word, each in zip(rows.tolist(), words.tolist(), luck.tolist(), strict=True):
        errors.setdefault(row, []).append((word, each))
    return errors


def _misheard(word: str, luck: float) -> str:
    choice = int(luck * len(word) * len(WRONG_LETTERS))
    at, letter = divmod(choice, len(WRONG_LETTERS))
    return word[:at] + WRONG_LETTERS[letter] + word[at + 1 :]


def main() -> int:
    """Say how fast each size is made, and in how much memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000")
    options = parser.parse_args()
    for tag in LANGUAGES:
        learn(tag, SEED)
    for size in map(int, options.sizes.split(",")):
        for what, passages in (
            ("texts", make_broadcasts(size)),
            ("passages", make_passages(size)),
            ("passages with marks", make_passages(size, has_marks=True)),
        ):
            started = time.perf_counter()
            deque(passages, maxlen=0)
            took = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{size:,} {what}: {size / took:,.0f} a second, {peak:.0f} MB at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
