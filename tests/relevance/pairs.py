"""Pairs of spellings of one word: does the whole search bring each to the other?

Every side of every pair is a broadcast of its own in the language of the pair, with nothing in it
but that side. A search is confined to the one broadcast it should find, so that no other pair's
words stand between the two, and close spellings are tried as they are for a listener: when
nothing else matches.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from radio_archive.archive import SearchOptions
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import Match
from tests.relevance.station import Station, open_station
from tests.relevance.texts import LANGUAGE_DATA, Cue, Programme

HELD_OUT = Path(__file__).resolve().parent / "data"
#: how the files name the languages
CODES = ("bam", "ful", "taq", "son", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is typed and what is written, in both directions."""

    language: str  #: tag of the registry
    query: str
    document: str
    kind: str  #: what sets the two apart, as the file says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How the two sides of a pair met."""

    pair: Pair
    there: Match | None  #: the mode by which the query finds the document; None: not at all
    back: Match | None  #: the mode by which the document finds the query

    @property
    def is_met(self) -> bool:
        """Whether each side finds the other."""
        return self.there is not None and self.back is not None

    @property
    def mode(self) -> Match | None:
        """The weaker of the two modes: what it took."""
        if self.there is None or self.back is None:
            return None
        return max(self.there, self.back, key=list(Match).index)


def read_pairs(folder: Path, prefix: str, codes: Iterable[str] = CODES) -> list[Pair]:
    """The pairs of these languages from the files with this prefix."""
    pairs = []
    for code in codes:
        with (folder / f"{prefix}_{code}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            pairs += [
                Pair(
                    language=normalise_tag(code),
                    query=row["query"],
                    document=row["document"],
                    kind=row.get("class") or row.get("mechanism") or row["source"],
                )
                for row in rows
            ]
    return pairs


def shared_pairs() -> list[Pair]:
    """The pairs of the test data beside the checkout."""
    return read_pairs(LANGUAGE_DATA, "pairs")


def held_out_pairs() -> list[Pair]:
    """Further pairs, chosen by class of difference, before the rules of the analyzers were there.

    Their failures were told to those who wrote the rules.
    """
    return read_pairs(HELD_OUT, "held_out")


def blind_pairs() -> list[Pair]:
    """Pairs chosen when the rules stood, without a look at them; nothing was changed for them.

    Found by statistics alone (words whose sentences share an English word), so that some are hard,
    and some are two forms rather than two spellings; the French ones written down from the news.
    """
    return read_pairs(HELD_OUT, "blind")


@contextmanager
def open_pairs(home: Path, pairs: Sequence[Pair]) -> Iterator[Station]:
    """An archive with two broadcasts for each pair."""
    sides = [(pair, side) for pair in pairs for side in (pair.query, pair.document)]
    programmes = [
        Programme(
            name=f"side-{number}",
            language=pair.language,
            cues=(Cue(start_ms=0, end_ms=2_000, text=side),),
        )
        for number, (pair, side) in enumerate(sides)
    ]
    with open_station(home, programmes) as station:
        yield station


def meet(station: Station, pairs: Iterable[Pair]) -> list[Meeting]:
    """Search each side of every pair in the other's broadcast; the pairs as they were opened."""
    return [
        Meeting(
            pair=pair,
            there=_search(station, pair, pair.query, 2 * number + 1),
            back=_search(station, pair, pair.document, 2 * number),
        )
        for number, pair in enumerate(pairs)
    ]


def _search(station: Station, pair: Pair, text: str, side: int) -> Match | None:
    options = SearchOptions(language=pair.language, programme=f"side-{side}")
    answer = station.search(text, options)
    return min((found.match for found in answer.found), key=list(Match).index, default=None)


#: how far apart in a file two pairs are taken to be strangers: past the families of one word
STRANGERS_APART = 11


def strangers_met(station: Station, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """Words of different pairs that find each other nonetheless: the price of being generous."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        places[pair.language].append(place)
    met = []
    for own in places.values():
        for order, place in enumerate(own):
            other = own[(order + STRANGERS_APART) % len(own)]
            pair = pairs[place]
            if _search(station, pair, pair.query, 2 * other + 1) is not None:
                met.append((pair.query, pairs[other].document))
    return met


def shares(meetings: Iterable[Meeting]) -> Mapping[str, float]:
    """Share of pairs whose sides find each other, per language."""
    met: dict[str, list[bool]] = defaultdict(list)
    for meeting in meetings:
        met[meeting.pair.language].append(meeting.is_met)
    return {language: sum(each) / len(each) for language, each in met.items()}


def describe(title: str, meetings: Sequence[Meeting]) -> str:
    """A table of shares and modes, and every failure by class."""
    lines = [title, f"  {'language':<9}{'pairs':>6}{'met':>9}   by mode"]
    for language, share in shares(meetings).items():
        own = [meeting for meeting in meetings if meeting.pair.language == language]
        modes = Counter(meeting.mode for meeting in own)
        told = ", ".join(f"{mode} {modes[mode]}" for mode in Match if modes[mode])
        lines.append(f"  {language:<9}{len(own):>6}{share:>8.1%}   {told}")
    return "\n".join([*lines, *_failures(meetings)])


def _failures(meetings: Sequence[Meeting]) -> Iterator[str]:
    failed = [meeting for meeting in meetings if not meeting.is_met]
    for (language, kind), group in sorted(_by_kind(failed).items()):
        told = "; ".join(
            f"{meeting.pair.query} / {meeting.pair.document}"
            + (" (there only)" if meeting.there else " (back only)" if meeting.back else "")
            for meeting in group
        )
        yield f"    not met, {language}, {kind}: {told}"


def _by_kind(meetings: Iterable[Meeting]) -> dict[tuple[str, str], list[Meeting]]:
    grouped: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        grouped[meeting.pair.language, meeting.pair.kind].append(meeting)
    return grouped
