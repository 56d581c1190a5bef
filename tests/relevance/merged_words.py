"""Words that the spelling rules throw together: one word in two spellings, or two words?

Decided by the translation that lies beside a text, not by opinion. A word's *companions* are the
words of the other language that stand in its lines' translations more often than chance would
have it. Two spellings that share one are one word; a spelling whose first companion stays away
from the other's lines, where it should be as frequent, is another word; of all others nothing is
known. Writers share out a text by articles, so only companions met all over it count. The
controls say what the verdicts are worth: pairs taken at random, and single words taken for two.

``SPREAD`` and ``MET`` decide how much is called different. Of five settings tried this is neither
the mildest nor the strictest; docs/languages.md gives the figures of all five.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import exp, lgamma, log, log1p

from radio_archive.languages import LanguageTag
from radio_archive.languages.analysis import ANALYZERS, analyze, analyzer_name, is_stop_word
from radio_archive.languages.repair import fold as without_marks
from radio_archive.languages.spelling import Rule, Spelling, load_rules

#: neighbouring lines that count as one place of a text: an article or two
STRETCH = 50
#: stretches in which a companion must stand, or it is the subject of one article
SPREAD = 8
#: a word of more than this share of the lines is nobody's companion
COMMON = 0.05
#: stretches in which a companion must be met before its absence elsewhere says anything
MET = 2
#: how improbable chance must be (0-1), all words looked at taken together
CHANCE = 0.01

Pair = tuple[str, str]


class Verdict(StrEnum):
    """What the translations say of two spellings."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class Witness:
    """A text beside its translation, line by line."""

    def __init__(self, lines: Iterable[tuple[str, str]], language: str, other: str) -> None:
        """Read a text.

        Args:
            lines: each line with its translation.
            language: tag of the text.
            other: tag of the translation.
        """
        self._where: dict[str, set[int]] = defaultdict(set)
        self._said: list[frozenset[str]] = []
        for number, (own, translation) in enumerate(lines):
            self._said.append(_content(translation, other))
            for token in analyze(own, LanguageTag(language)):
                self._where[token.exact].add(number)
        self._counts = Counter(word for said in self._said for word in said)
        places = {(word, at // STRETCH) for at, said in enumerate(self._said) for word in said}
        spread = Counter(word for word, _ in places)
        most = COMMON * len(self._said)
        self._telling = {
            word for word, count in self._counts.items() if spread[word] >= SPREAD and count <= most
        }
        self._verdicts: dict[Pair, Verdict] = {}
        self._log_factorials = [lgamma(n + 1) for n in range(len(self._said) + 1)]

    def verdict(self, one: str, other: str) -> Verdict:
        """What the lines with one exact spelling, and those with another, say of the two."""
        known = self._verdicts.get((one, other))
        if known is None:
            first, second = self._where.get(one, set()), self._where.get(other, set())
            known = self._compare(first - second, second - first)
            self._verdicts[one, other] = known
        return known

    def verdict_on_itself(self, word: str, chance: random.Random) -> Verdict:
        """The verdict on one word taken for two: half of its stretches, and the other half."""
        lines = self._where[word]
        stretches = sorted({line // STRETCH for line in lines})
        chance.shuffle(stretches)
        half = set(stretches[: len(stretches) // 2])
        first = {line for line in lines if line // STRETCH in half}
        return self._compare(first, lines - first)

    def _compare(self, first: set[int], second: set[int]) -> Verdict:
        one, other = self._companions(first), self._companions(second)
        shared = one.keys() & other.keys()
        together = min(
            (
                max(self._by_chance(word, one, first), self._by_chance(word, other, second))
                for word in shared
            ),
            default=1.0,
        )
        if together * max(1, len(shared)) <= CHANCE:
            return Verdict.SAME
        if self._lacks(one, first, other, second) or self._lacks(other, second, one, first):
            return Verdict.DIFFERENT
        return Verdict.UNKNOWN

    def _companions(self, lines: set[int]) -> Mapping[str, set[int]]:
        """The telling words of some lines' translations, with the lines of each."""
        found: dict[str, set[int]] = defaultdict(set)
        for line in lines:
            for word in self._said[line] & self._telling:
                found[word].add(line)
        return found

    def _by_chance(self, word: str, found: Mapping[str, set[int]], lines: set[int]) -> float:
        """How probable it is that so many lines picked at random have a word."""
        return self._tail(len(found[word]), len(lines), self._counts[word])

    def _lacks(
        self,
        own: Mapping[str, set[int]],
        lines: set[int],
        others: Mapping[str, set[int]],
        elsewhere: set[int],
    ) -> bool:
        """Whether the first companion of some lines is too rare in others to be theirs as well."""
        chances = [
            (self._by_chance(word, own, lines), word)
            for word, at in own.items()
            if len({line // STRETCH for line in at}) >= MET
        ]
        if not chances:
            return False
        probability, word = min(chances)
        if probability * len(own) > CHANCE:
            return False
        share = len(own[word]) / len(lines)
        return _at_most(len(others.get(word, ())), len(elsewhere), share) <= CHANCE

    def _tail(self, count: int, drawn: int, marked: int) -> float:
        """Hypergeometric: at least ``count`` marked lines among those drawn."""
        total = len(self._said)
        possible = range(max(count, drawn + marked - total), min(drawn, marked) + 1)
        whole = self._ways(total, drawn)
        return sum(
            exp(self._ways(marked, some) + self._ways(total - marked, drawn - some) - whole)
            for some in possible
        )

    def _ways(self, of: int, some: int) -> float:
        """Logarithm of the binomial coefficient."""
        table = self._log_factorials
        return table[of] - table[some] - table[of - some]


def _at_most(count: int, drawn: int, share: float) -> float:
    """Binomial: at most ``count`` among so many drawn, each with this probability."""
    if share >= 1:
        return float(count >= drawn)
    ways = [lgamma(drawn + 1) - lgamma(n + 1) - lgamma(drawn - n + 1) for n in range(count + 1)]
    return sum(
        exp(way + number * log(share) + (drawn - number) * log1p(-share))
        for number, way in enumerate(ways)
    )


def _content(text: str, language: str) -> frozenset[str]:
    tag = LanguageTag(language)
    analyzer = analyzer_name(tag)
    tokens = analyze(text, tag)
    return frozenset(each.stem for each in tokens if not is_stop_word(each.exact, analyzer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Some pairs of words with what the translations say of them."""

    pairs: int
    verdicts: Mapping[Verdict, int]

    @property
    def false(self) -> float:
        """Two words' share (0-1) of the pairs of which something is known; 0 when none is.

        Too high or too low by what the verdicts miss on either side: see ``corrected``.
        """
        same, different = self.verdicts[Verdict.SAME], self.verdicts[Verdict.DIFFERENT]
        return different / (same + different) if different else 0.0

    def __str__(self) -> str:
        told = "".join(f"{self.verdicts[each]:>6} {each}" for each in Verdict)
        return f"{self.pairs:>6} pairs{told}   {self.false:.0%} two words"


def judge(witness: Witness, pairs: Collection[Pair]) -> Judged:
    """What a text says of pairs of words."""
    verdicts = Counter(witness.verdict(one, other) for one, other in pairs)
    return Judged(pairs=len(pairs), verdicts=verdicts)


def merged(words: Iterable[str], key: Callable[[str], str]) -> list[Pair]:
    """All pairs of words that a key throws together."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for word in words:
        grouped[key(word)].append(word)
    return [pair for group in grouped.values() for pair in combinations(group, 2)]


def corrected(found: Judged, strangers: Judged, halves: Judged) -> float:
    """Two words' share (0-1) of all pairs, unknown ones too, by how the controls came out.

    Were all of them two words, as many would be called different as of the strangers; were all one
    word, as many as of the halves. What lies between is taken in proportion.
    """
    told, most, least = (
        each.verdicts[Verdict.DIFFERENT] / max(1, each.pairs) for each in (found, strangers, halves)
    )
    return min(1.0, max(0.0, (told - least) / (most - least))) if most > least else 1.0


def folded_only_short(words: Iterable[str], language: str) -> list[Pair]:
    """The pairs that meet one step below the folded form: without the length of their sounds."""
    rules = ANALYZERS[analyzer_name(LanguageTag(language))]
    pairs = merged(words, lambda word: rules.shorten(rules.fold(word)))
    return [(one, other) for one, other in pairs if rules.fold(one) != rules.fold(other)]


def by_rule(pairs: Iterable[Pair], language: str) -> Mapping[str, list[Pair]]:
    """Folded pairs by the rule that brought them together: without it they would stay apart.

    Marks dropped are no row of a table; what takes several rules, or any of several, comes last.
    """
    rules = load_rules(language)
    without = {
        _named(rule): Spelling(rules[:place] + rules[place + 1 :])
        for place, rule in enumerate(rules)
        if rule.step in {"letters", "sounds"}
    }
    found: dict[str, list[Pair]] = defaultdict(list)
    for one, other in pairs:
        decisive = [name for name, rest in without.items() if rest.fold(one) != rest.fold(other)]
        if without_marks(one) == without_marks(other):
            decisive = ["marks dropped"]
        found[decisive[0] if len(decisive) == 1 else "several rules"].append((one, other))
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _named(rule: Rule) -> str:
    return f"{rule.pattern} → {rule.replacement or 'nothing'}"


def controls(
    witness: Witness, pairs: Sequence[Pair], counts: Mapping[str, int], key: Callable[[str], str]
) -> tuple[Judged, Judged]:
    """What the verdicts are worth, on as many pairs as these and as frequent words.

    Returns:
        Pairs of different words, taken at random; single words, each taken for two.
    """
    chance = random.Random(len(pairs))
    by_count = sorted(counts, key=lambda word: (counts[word], word))
    ranks = [counts[word] for word in by_count]

    def alike(word: str) -> str:
        place = bisect_left(ranks, counts[word])
        return by_count[min(len(ranks) - 1, place + chance.randrange(10))]

    drawn = [(alike(one), alike(other)) for one, other in pairs]
    strangers = [(one, other) for one, other in drawn if key(one) != key(other)]
    halves = Counter(
        witness.verdict_on_itself(chance.choice(by_count[-len(by_count) // 3 :]), chance)
        for _ in pairs
    )
    return judge(witness, strangers), Judged(pairs=len(pairs), verdicts=halves)
