"""The searches that engines are measured with: words as common as wanted, taken from the corpus."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import regex
from benchmarks.corpus import MadeBroadcast

from radio_archive.model import LanguageTag, Query, Sort
from radio_archive.search.query import QueryFilters, parse_query

FRENCH = LanguageTag("fr")
_WORD = regex.compile(r"\p{L}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search, told in a way that every engine can be asked it."""

    #: all must be found, by any of its alternatives: a word, ``word*`` or several words in a row
    groups: tuple[tuple[str, ...], ...] = ()
    excluded: str = ""  #: one word
    language: LanguageTag | None = None
    first_year: int | None = None
    last_year: int | None = None
    sort: Sort = Sort.RELEVANCE
    is_close: bool = False  #: words spelt much alike as well

    @property
    def typed(self) -> str:
        """As somebody types it."""
        shown = [
            " OR ".join(f'"{each}"' if " " in each else each for each in group)
            for group in self.groups
        ]
        return " ".join([*shown, f"-{self.excluded}"] if self.excluded else shown)

    @property
    def query(self) -> Query:
        """As the archive's own engines get it, without other names and translations."""
        return parse_query(
            self.typed,
            QueryFilters(
                language=self.language,
                aired_from=None if self.first_year is None else str(self.first_year),
                aired_to=None if self.last_year is None else str(self.last_year),
                sort=self.sort,
                is_close=self.is_close,
            ),
        )

    @property
    def parameters(self) -> dict[str, str]:
        """As it stands in an address of the site."""
        pairs = {
            "q": self.typed,
            "language": self.language or "",
            "from": "" if self.first_year is None else str(self.first_year),
            "to": "" if self.last_year is None else str(self.last_year),
            "sort": "" if self.sort is Sort.RELEVANCE else str(self.sort),
            "spelling": "close" if self.is_close else "",
        }
        return {name: value for name, value in pairs.items() if value}


Kinds = Mapping[str, Sequence[Asked]]

#: the kinds of which the plan of record promises p95 <= 50 ms for the whole answer of the API
PROMISED = (
    "rare word",
    "mid word",
    "common word",
    "very common word",
    "common AND mid",
    "very common AND very common",
    "phrase of 2",
    "phrase of 3",
    "common, language and years, by date",
)
#: and those of which it promises 150 ms
PROMISED_SLOWER = ("beginning of 4 letters", "spelt much alike")


def choose(sample: Iterable[MadeBroadcast], count: int) -> Kinds:
    """Searches of every kind.

    Args:
        sample: some of the broadcasts that are searched; words of French ones are asked for.
        count: of each kind.
    """
    chance, total = random.Random(1), 0
    spoken: list[list[str]] = []
    for broadcast in sample:
        total += len(broadcast.texts)
        if broadcast.language == FRENCH:
            spoken += [_WORD.findall(text.lower()) for text in broadcast.texts]
    found = Counter(word for words in spoken for word in set(words) if len(word) > 3)

    def words(low: float, high: float) -> list[str]:
        fitting = sorted(w for w, n in found.items() if low <= n <= high and w.isascii())
        return [chance.choice(fitting) for _ in range(count)]

    common, very = words(0.005 * total, 0.03 * total), words(0.05 * total, 0.6 * total)
    return _kinds(
        {
            "rare": words(1, max(2, 0.0001 * total)),
            "mid": words(0.0005 * total, 0.002 * total),
            "common": common,
            "very": very,
            "others": [chance.choice(very) for _ in range(count)],
            "pairs": _rows(spoken, 2, count, chance),
            "triples": _rows(spoken, 3, count, chance),
            "misspelt": [_misspell(word, chance) for word in common],
        }
    )


def _kinds(words: Mapping[str, Sequence[str]]) -> Kinds:
    singles: dict[str, Callable[[str], Asked]] = {
        kind: lambda word: Asked(groups=((word,),)) for kind in words
    }

    def each(kind: str, **changes: object) -> list[Asked]:
        return [replace(singles[kind](word), **changes) for word in words[kind]]  # type: ignore[arg-type]

    def together(one: str, other: str) -> list[Asked]:
        pairs = zip(words[one], words[other], strict=True)
        return [Asked(groups=((first,), (second,))) for first, second in pairs]

    triples = zip(words["common"], words["mid"], reversed(words["mid"]), strict=True)
    return {
        "rare word": each("rare"),
        "mid word": each("mid"),
        "common word": each("common"),
        "very common word": each("very"),
        "common AND mid": together("common", "mid"),
        "very common AND very common": together("very", "others"),
        "three words, OR": [Asked(groups=(group,)) for group in triples],
        "phrase of 2": each("pairs"),
        "phrase of 3": each("triples"),
        "beginning of 4 letters": [Asked(groups=((f"{w[:4]}*",),)) for w in words["common"]],
        "spelt much alike": each("misspelt", is_close=True),
        "common, without very common": [
            Asked(groups=((word,),), excluded=other)
            for word, other in zip(words["common"], words["very"], strict=True)
        ],
        "common, language and years, by date": each(
            "common", language=FRENCH, first_year=2015, last_year=2018, sort=Sort.NEWEST
        ),
        "very common, by date": each("very", sort=Sort.NEWEST),
        "filters alone, by date": [
            Asked(language=FRENCH, first_year=2014 + n % 10, sort=Sort.NEWEST)
            for n in range(len(words["common"]))
        ],
    }


def _rows(spoken: Sequence[list[str]], length: int, count: int, chance: random.Random) -> list[str]:
    """Words that follow one another somewhere, without what nobody would search."""
    rows: list[str] = []
    while len(rows) < count:
        said = chance.choice(spoken)
        start = chance.randrange(len(said) - length)
        row = said[start : start + length]
        if all(len(word) > 1 for word in row):
            rows.append(" ".join(row))
    return rows


def _misspell(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice("aeiou") + word[at + 1 :]
