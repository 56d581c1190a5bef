"""Made-up passages that behave like a station's: the same for the same seed, on every machine.

Words follow one another as in real text where there is some (the scripts of the samples, and the
corpora in ``../shared/data`` if they lie beside the checkout), else by Zipf's law; a tail of
made-up words gives the vocabulary the size real speech has. Each broadcast has words of its own,
and one word in 250 has a letter wrong, as recognisers do.
"""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path

import regex

from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Mark,
    Milliseconds,
    Passage,
    ProgrammeId,
)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "languages" / "oldi_seed"

#: share of the station's hours by language
LANGUAGES = {"fr": 0.30, "bm": 0.25, "ffm": 0.15, "ses": 0.15, "taq": 0.15}
REAL_TEXT = {"bm": "bam_Latn", "ffm": "fuv_Latn", "taq": "taq_Latn"}
LETTERS = {
    "fr": "aeiouéèêàçlmnprstdvbcg",
    "bm": "aeiouɛɔklmnɲŋbdfgstw",
    "ffm": "aeioubɓdɗfgjklmnñtwyƴ",
    "ses": "aeiouãõŋɲšžbcdghkrw",
    "taq": "aeiəăudḍṭɣklmnrsšzt",
}
PROGRAMMES = ("journal", "grand-dialogue", "sante", "actu-jeunes", "le-dossier", "verifions")
#: two words and a third a second, half a minute a passage
WORDS_PER_PASSAGE = (50, 90)
#: a bulletin of 12 minutes
PASSAGES_PER_BROADCAST = 24
VOCABULARY = 60_000
#: exponent of Zipf's law; with it 10,000 passages hold about 60,000 different words
ZIPF = 1.15
FIRST_DAY = datetime(2013, 8, 19, 7, tzinfo=UTC)
DAYS = 4_820
TOPIC_WORDS = 40
TOPIC_SHARE = 0.05
FOLLOWING_SHARE = 0.5
ERROR_SHARE = 0.004


@dataclass(slots=True)
class Tongue:
    """The words of one language, how often each is said, and what follows what."""

    words: list[str]
    weights: list[float] = field(default_factory=list)  #: running sums, for ``random.choices``
    followers: dict[str, list[str]] = field(default_factory=dict)


def make_passages(count: int, seed: int = 20140816) -> Iterator[Passage]:
    """Passages of as many broadcasts as it takes, broadcast by broadcast."""
    chance = random.Random(seed)
    tongues = {tag: _learn(tag, random.Random(f"{seed} {tag}")) for tag in LANGUAGES}
    for number in range(-(-count // PASSAGES_PER_BROADCAST)):
        size = min(PASSAGES_PER_BROADCAST, count - number * PASSAGES_PER_BROADCAST)
        yield from _make_broadcast(number, size, tongues, chance)


def _make_broadcast(
    number: int, size: int, tongues: dict[str, Tongue], chance: random.Random
) -> Iterator[Passage]:
    tag = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    tongue = tongues[tag]
    topics = chance.choices(tongue.words[len(tongue.words) // 20 :], k=TOPIC_WORDS)
    programme = ProgrammeId(chance.choice(PROGRAMMES))
    aired_at = FIRST_DAY + timedelta(days=chance.randrange(DAYS), hours=chance.choice((0, 10)))
    for place in range(size):
        words = _speak(tongue, topics, chance)
        start = Milliseconds(place * 30_000)
        step = 30_000 // len(words)
        offsets = [0, *accumulate(len(word) + 1 for word in words)]
        yield Passage(
            broadcast_id=BroadcastId(hashlib.sha256(f"{number}".encode()).hexdigest()[:16]),
            number=place,
            language=LanguageTag(tag),
            start_ms=start,
            end_ms=Milliseconds(start + 30_000),
            text=" ".join(words),
            marks=tuple(
                Mark(
                    char_start=offset,
                    start_ms=Milliseconds(start + step * at),
                    end_ms=Milliseconds(start + step * (at + 1)),
                )
                for at, offset in enumerate(offsets[:-1])
            ),
            programme_id=programme,
            aired_at=aired_at,
        )


def _speak(tongue: Tongue, topics: list[str], chance: random.Random) -> list[str]:
    count = chance.randint(*WORDS_PER_PASSAGE)
    drawn = chance.choices(tongue.words, cum_weights=tongue.weights, k=count)
    words: list[str] = []
    for word in drawn:
        luck = chance.random()
        follows = tongue.followers.get(words[-1]) if words else None
        if luck < TOPIC_SHARE:
            words.append(chance.choice(topics))
        elif follows and luck < TOPIC_SHARE + FOLLOWING_SHARE:
            words.append(chance.choice(follows))
        else:
            words.append(word)
        if chance.random() < ERROR_SHARE:
            at = chance.randrange(len(words[-1]))
            words[-1] = words[-1][:at] + chance.choice("aeiourst") + words[-1][at + 1 :]
    return [words[0].capitalize(), *words[1:-1], f"{words[-1]}."]


def _learn(tag: str, chance: random.Random) -> Tongue:
    spoken = regex.findall(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*", _real_text(tag).lower())
    counts: dict[str, int] = {}
    followers: dict[str, list[str]] = {}
    for word in spoken:
        counts[word] = counts.get(word, 0) + 1
    for word, following in pairwise(spoken):
        followers.setdefault(word, []).append(following)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    known = set(words)
    while len(words) < VOCABULARY:
        word = "".join(chance.choices(LETTERS[tag], k=chance.randint(3, 11)))
        if word not in known:
            known.add(word)
            words.append(word)
    weights = list(accumulate(1 / (rank + 2.7) ** ZIPF for rank in range(len(words))))
    return Tongue(words, weights, followers)


def _real_text(tag: str) -> str:
    if tag == "fr":
        scripts = sorted((ROOT / "tools" / "samples").glob("*.toml"))
        parsed = [tomllib.loads(path.read_text("utf-8")) for path in scripts]
        return " ".join(
            turn["lines"] for script in parsed for turn in script["turns"] if "lines" in turn
        )
    path = SHARED / REAL_TEXT.get(tag, "absent")
    return path.read_text("utf-8") if path.is_file() else ""
