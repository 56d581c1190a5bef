"""Queries sampled from the text itself, with what answers them; the same ones in every run."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from radio_archive.model import Passage
from tests.relevance.station import PassageKey, key_of
from tests.relevance.texts import Cue

SEED = 20141016
#: letters of a content word, at least
CONTENT_LETTERS = 4
#: a word said in more than this share of the passages is grammar, not content
COMMON = 0.10
#: letters an ending may add to a word and leave it the same word (``muso``, ``musow``)
ENDING = 3

_WORD = regex.compile(r"[\p{L}\p{M}]+")
#: a word nobody would type in two: not one joined to another by an apostrophe or a hyphen
_WHOLE_WORD = regex.compile(r"(?<![\p{L}\p{M}'’ʼ-])[\p{L}\p{M}]+(?!['’ʼ\p{L}\p{M}-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """Words somebody remembers from one moment."""

    words: tuple[str, ...]  #: in the text's own spelling, lower case
    judged: frozenset[PassageKey]  #: every passage that holds all the words in that spelling

    @property
    def text(self) -> str:
        """The query as somebody who spells like the text types it."""
        return " ".join(self.words)


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Words in reading order, lower case; nothing of the project's own analysis is used."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).lower()))


class Judge:
    """Knows which passages hold which words, in the spelling of the text."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._holding: dict[str, set[PassageKey]] = defaultdict(set)
        self._words: dict[PassageKey, frozenset[str]] = {}
        for passage in passages:
            words = frozenset(words_of(passage.text))
            self._words[key_of(passage)] = words
            for word in words:
                self._holding[word].add(key_of(passage))

    def holding(self, words: Iterable[str]) -> frozenset[PassageKey]:
        """Passages that hold all these words."""
        return frozenset(set.intersection(*(self._holding.get(word, set()) for word in words)))

    def is_content(self, word: str) -> bool:
        """Whether the word says what a passage is about."""
        share = len(self._holding.get(word, ())) / max(1, len(self._words))
        return len(word) >= CONTENT_LETTERS and share <= COMMON

    def is_false(self, key: PassageKey, words: Sequence[str]) -> bool:
        """Whether a passage holds none of the words, nor one of them with an ending."""
        held = self._words.get(key, frozenset())
        return not any(_is_form(word, other) for word in words for other in held)


def _is_form(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= ENDING and len(short) > 2


def sample(cues: Sequence[Cue], judge: Judge, count: int) -> tuple[KnownItem, ...]:
    """Draw queries of one to three content words of one cue each, no two alike."""
    chance = random.Random(SEED)
    drawn: dict[tuple[str, ...], KnownItem] = {}
    for _ in range(count * 50):
        words = _draw(chance, cues[chance.randrange(len(cues))], judge)
        if words and words not in drawn:
            judged = judge.holding(words)
            if judged:
                drawn[words] = KnownItem(words=words, judged=judged)
        if len(drawn) == count:
            break
    return tuple(drawn.values())


def _draw(chance: random.Random, cue: Cue, judge: Judge) -> tuple[str, ...]:
    whole = _WHOLE_WORD.findall(unicodedata.normalize("NFC", cue.text).lower())
    content = [word for word in dict.fromkeys(whole) if judge.is_content(word)]
    wanted = chance.randint(1, 3)
    if len(content) < wanted:
        return ()
    places = sorted(chance.sample(range(len(content)), wanted))
    return tuple(content[place] for place in places)


def slips(item: KnownItem) -> str:
    """The query with one slip of the fingers in its longest word, the same in every run.

    One letter is left out, doubled by its neighbour, or swapped with the next, inside the word.
    """
    longest = max(item.words, key=len)
    chance = random.Random(f"{SEED} {item.text}")
    place = chance.randrange(1, len(longest) - 1)
    before, letter, after = longest[:place], longest[place], longest[place + 1 :]
    slipped = chance.choice(
        (
            before + after,
            before + after[0] + letter + after[1:],
            before + letter + after[0] + after,
        )
    )
    return " ".join(slipped if word == longest else word for word in item.words)
