"""The words of a made-up station's languages: how often each is said, and what follows what.

Real text leads where there is some: the scripts of the samples, and the corpora in
``shared/data`` if they lie beside the checkout or further up. Words that no text holds are made up
of syllables in the letters of the language, until the vocabulary has the size real speech has;
Zipf's law says how often each is said.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
SHARED = next(
    filter(Path.is_dir, (parent / "shared" / "data" / "languages" for parent in ROOT.parents)),
    ROOT / "absent",
)

Numbers = NDArray[np.int64]

#: consonants and vowels of each language, the commoner first
LETTERS = {
    "fr": ("lrstndmpcvbgf", "eaiouéèêà"),
    "bm": ("nklbmtdsfgrwɲŋ", "aieɔuɛo"),
    "ffm": ("nkmɗtɓdlgfjwyƴñ", "aioeu"),
    "ses": ("rknbgdhwcšŋɲž", "aoieuõã"),
    "taq": ("nmktdlrsɣšzḍṭ", "aieăəu"),
}
VOCABULARY = 60_000
#: exponent of Zipf's law; with it 10,000 passages hold about 60,000 different words
ZIPF = 1.15
#: what Mandelbrot added to the rank: the commonest word is one of fourteen, as in French
ZIPF_SHIFT = 2.7
#: made-up words that have words following them, and how many, so that they make phrases too
CHAINED_WORDS, FOLLOWERS = 5_000, 12

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language, by number; the commonest is 0."""

    words: NDArray[Any]  #: of strings
    lengths: Numbers  #: in letters
    shares: NDArray[np.float64]  #: running sums of how often each is said, up to 1
    #: the numbers of what follows word ``n`` are ``followers[starts[n] : starts[n + 1]]``
    starts: Numbers
    followers: Numbers

    def draw(self, luck: NDArray[np.float64]) -> Numbers:
        """A word for each number between 0 and 1, as often as it is said."""
        return np.searchsorted(self.shares, luck, side="right").astype(np.int64)


@cache
def learn(tag: str, seed: int) -> Tongue:
    """The words of one language; the same for the same seed and the same texts."""
    chance = random.Random(f"{seed} {tag}")
    spoken = [word for word in _WORD.findall(_real_text(tag).lower()) if _keeps_its_length(word)]
    counts = Counter(spoken)
    words = sorted(counts, key=lambda word: (-counts[word], word))[:VOCABULARY]
    known = set(words)
    while len(words) < VOCABULARY:
        word = _make_word(tag, chance)
        if word not in known:
            known.add(word)
            words.append(word)
    weights = np.array([1 / (rank + ZIPF_SHIFT) ** ZIPF for rank in range(len(words))])
    shares = np.cumsum(weights / weights.sum())
    shares[-1] = 1.0
    followers = _followers(words, spoken, shares, chance)
    return Tongue(
        words=np.array(words, dtype=object),
        lengths=np.array([len(word) for word in words]),
        shares=shares,
        starts=np.array([0, *accumulate(map(len, followers))]),
        followers=np.array([number for each in followers for number in each], dtype=np.int64),
    )


def _followers(
    words: list[str], spoken: list[str], shares: NDArray[np.float64], chance: random.Random
) -> list[list[int]]:
    """What follows each word: as in the texts, else made up once."""
    numbers = {word: number for number, word in enumerate(words)}
    followers: list[list[int]] = [[] for _ in words]
    for word, following in pairwise(numbers[word] for word in spoken if word in numbers):
        followers[word].append(following)
    for each in followers[:CHAINED_WORDS]:
        if not each:
            luck = [chance.random() for _ in range(FOLLOWERS)]
            each += np.searchsorted(shares, luck, side="right").tolist()
    return followers


def _make_word(tag: str, chance: random.Random) -> str:
    """Two to five syllables, the common ones more often, so that beginnings are shared."""
    syllables = chance.randint(2, 5)
    parts = [
        letters[int(len(letters) * chance.random() ** 2)]
        for _ in range(syllables)
        for letters in LETTERS[tag]
    ]
    return "".join(parts)


def _keeps_its_length(word: str) -> bool:
    """Whether a capital takes the room of a small letter."""
    return len(word.capitalize()) == len(word)


def _real_text(tag: str) -> str:
    return " ".join(_texts(tag))


def _texts(tag: str) -> Iterator[str]:
    if tag == "fr":
        for path in sorted((ROOT / "tools" / "samples").glob("*.toml")):
            turns = tomllib.loads(path.read_text("utf-8"))["turns"]
            yield from (turn["lines"] for turn in turns if "lines" in turn)
    elif tag == "bm":
        yield from _whole(SHARED / "oldi_seed" / "bam_Latn")
        for path in sorted((SHARED / "bam_jeli_srt").glob("*.srt")):
            # a cue has its number, its times, Bambara, and the same in French
            cues = regex.split(r"\n\s*\n", path.read_text("utf-8"))
            yield from (cue.splitlines()[2] for cue in map(str.strip, cues) if cue.count("\n") > 1)
    elif tag == "ffm":
        yield from _whole(SHARED / "oldi_seed" / "fuv_Latn")
        for path in sorted((SHARED / "ful_kallaama_fuc_stm").glob("*.stm")):
            lines = path.read_text("utf-8").splitlines()
            yield from (line.split(">", 1)[-1] for line in lines if not line.startswith(";"))
    elif tag == "ses":
        for rows in _whole(SHARED / "mozilla_l10n" / "son.tsv"):
            yield from (row.split("\t")[-1] for row in rows.splitlines())
    elif tag == "taq":
        yield from _whole(SHARED / "oldi_seed" / "taq_Latn")


def _whole(path: Path) -> Iterator[str]:
    if path.is_file():
        yield path.read_text("utf-8")
