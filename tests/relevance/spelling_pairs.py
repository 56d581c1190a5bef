"""``python -m tests.relevance.spelling_pairs``: spelling rules alone, without an index.

For every pair, the first mode by which each side has all words of the other; of the words of real
texts how many the rules throw together; and, where a translation lies beside the text, how many of
those are two words, by the rule that does it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from radio_archive.languages import LanguageTag, get_language
from radio_archive.languages.analysis import ANALYZERS, AnalyzedToken, analyze, analyzer_name
from tests.relevance import texts
from tests.relevance.merged_words import (
    Witness,
    by_rule,
    controls,
    corrected,
    folded_only_short,
    judge,
    merged,
)
from tests.relevance.pairs import Pair, held_out_pairs, shared_pairs
from tests.relevance.texts import LANGUAGE_DATA, Cue, Programme

MODES = ("exact", "fold", "stem", "joined", "close")
#: letters of the shortest word, and how often it must be seen, to look like one of a dictionary
MIN_LETTERS = 4
MIN_COUNT = 3
#: pairs of different words looked at for closeness
CLOSE_SAMPLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Merges:
    """How many words of a text the rules throw together."""

    words: int  #: dictionary-like ones
    folded: float  #: share (0-1) that lose a key of their own to folding
    stemmed: float  #: the same for stems
    close: float  #: mean share (0-1) of all other keys that one key is close to


def mode_of(query: str, document: str, language: str) -> str | None:
    """The strictest mode by which a document has every word of a query; None: by none."""
    tag = LanguageTag(language)
    asked, written = _words(query, tag), _words(document, tag)
    rules = ANALYZERS[analyzer_name(tag)]

    def are_all(meets: Callable[[AnalyzedToken, AnalyzedToken], bool]) -> bool:
        return all(
            any(meets(one, other) for one in word[:1] for others in written for other in others)
            or (
                len(word) > 1
                and all(
                    any(meets(part, other) for others in written for other in others)
                    for part in word[1:]
                )
            )
            for word in asked
        )

    tests: dict[str, Callable[[], bool]] = {
        "exact": lambda: are_all(lambda one, other: one.exact == other.exact),
        "fold": lambda: are_all(lambda one, other: one.folded == other.folded),
        "stem": lambda: are_all(lambda one, other: one.stem == other.stem),
        "joined": lambda: _joined(asked) == _joined(written),
        "close": lambda: are_all(lambda one, other: rules.is_close(one.folded, other.folded)),
    }
    return next((mode for mode in MODES if asked and written and tests[mode]()), None)


def pair_mode(pair: Pair) -> str | None:
    """The weaker of a pair's two modes; None when either side is not found."""
    both = [
        mode_of(pair.query, pair.document, pair.language),
        mode_of(pair.document, pair.query, pair.language),
    ]
    found = [MODES.index(mode) for mode in both if mode]
    return MODES[max(found)] if len(found) == len(both) else None


def dictionary_words(language: str, programmes: Iterable[Programme]) -> dict[str, int]:
    """The words of some texts that look like those of a dictionary, with how often they occur.

    In the letters of the official spelling, long and frequent enough to be no slip.
    """
    tag = LanguageTag(language)
    counts = Counter(
        token.exact
        for programme in programmes
        for cue in programme.cues
        for token in analyze(cue.text, tag)
    )
    letters = set(get_language(language).alphabet)
    return {
        word: count
        for word, count in counts.items()
        if count >= MIN_COUNT and len(word) >= MIN_LETTERS and set(word) <= letters
    }


def merges(language: str, programmes: Iterable[Programme]) -> Merges:
    """What the rules throw together of the words in official letters of some texts.

    An upper bound of false merges: spellings that the writers of the text mix count as well.
    """
    words = dictionary_words(language, programmes)
    rules = ANALYZERS[analyzer_name(LanguageTag(language))]
    keys = {word: rules.fold(word) for word in words}
    stems = {rules.stem(key, word) for word, key in keys.items()}
    distinct = sorted(set(keys.values()))
    sample = list(islice(distinct, 0, None, max(1, len(distinct) // CLOSE_SAMPLE)))
    near = sum(
        rules.is_close(one, other) for place, one in enumerate(sample) for other in sample[:place]
    )
    return Merges(
        words=len(words),
        folded=1 - len(distinct) / len(words),
        stemmed=1 - len(stems) / len(words),
        close=2 * near / (len(sample) * (len(sample) - 1)),
    )


def _words(text: str, tag: LanguageTag) -> list[list[AnalyzedToken]]:
    tokens = analyze(text, tag)
    return [list(same) for _, same in groupby(tokens, key=lambda token: token.position)]


def _joined(words: Sequence[Sequence[AnalyzedToken]]) -> str:
    return "".join(word[0].folded for word in words)


def main() -> int:
    """Print both tables; 1 when the texts are not there."""
    if not LANGUAGE_DATA.is_dir():
        print("The texts (../shared/data/languages) are not beside this checkout.", file=sys.stderr)
        return 1
    for title, pairs in (("test data", shared_pairs()), ("held out", held_out_pairs())):
        print(f"pairs, {title}")
        for language in dict.fromkeys(pair.language for pair in pairs):
            modes = Counter(pair_mode(each) for each in pairs if each.language == language)
            told = ", ".join(f"{mode} {modes[mode]}" for mode in MODES if modes[mode])
            total = modes.total()
            print(f"  {language:<4}{total:>4}{1 - modes[None] / total:>8.1%}   {told}")
    print("words thrown together: fold, stem; close to one word, per 10,000 others")
    for language, programmes in corpora():
        found = merges(language, programmes)
        print(
            f"  {language:<4}{found.words:>6} words{found.folded:>7.1%}{found.stemmed:>7.1%}"
            f"{10_000 * found.close:>7.1f}"
        )
    for line in verdicts():
        print(line)
    return 0


def verdicts() -> Iterator[str]:
    """Of the words thrown together, how many are two words: by translations, rule by rule."""
    fulfulde = oldi_witness("fuv_Latn", "ffm")
    yield from _verdicts("griots", "bm", list(texts.jeli()), _griots_witness())
    for title, file, language in (
        ("OLDI", "bam_Latn", "bm"),
        ("OLDI", "taq_Latn", "taq"),
        ("OLDI", "fuv_Latn", "ffm"),
    ):
        witness = fulfulde if language == "ffm" else oldi_witness(file, language)
        yield from _verdicts(title, language, list(texts.oldi(file, language)), witness)
    yield from _verdicts("Kallaama, by OLDI", "ffm", list(texts.kallaama()), fulfulde)


def _verdicts(
    title: str, language: str, programmes: list[Programme], witness: Witness
) -> Iterator[str]:
    words = dictionary_words(language, programmes)
    fold = ANALYZERS[analyzer_name(LanguageTag(language))].fold
    share = merges(language, programmes).folded
    pairs = merged(words, fold)
    folded = judge(witness, pairs)
    short = folded_only_short(words, language)
    strangers, halves = controls(witness, [*pairs, *short], words, fold)
    false = corrected(folded, strangers, halves)
    yield (
        f"{language}, {title}: {len(words)} words, {share:.1%} thrown together; false by the known"
        f" pairs {share * folded.false:.1%}, corrected by the controls {share * false:.1%}"
    )
    yield f"  {'folded':<44}{folded}"
    for rule, some in by_rule(pairs, language).items():
        yield f"    {rule:<42}{judge(witness, some)}"
    if short:
        yield f"  {'one step below: length left out':<44}{judge(witness, short)}"
    yield f"  {'control, two words at random':<44}{strangers}"
    yield f"  {'control, one word taken for two':<44}{halves}"


def oldi_witness(file: str, language: str) -> Witness:
    """A text of the OLDI seed beside its English lines."""
    folder = LANGUAGE_DATA / "oldi_seed"
    sides = [(folder / name).read_text(encoding="utf-8") for name in (file, "eng_Latn")]
    own, english = (side.splitlines() for side in sides)
    return Witness(zip(own, english, strict=True), language, "en")


def _griots_witness() -> Witness:
    cues = (
        (own.text, french.text)
        for programme in texts.jeli()
        for own, french in _beside(programme.cues, programme.french)
    )
    return Witness(cues, "bm", "fr")


def _beside(own: Iterable[Cue], french: Iterable[Cue]) -> Iterator[tuple[Cue, Cue]]:
    """Cues with those of the other track that begin at the same moment."""
    starts = {cue.start_ms: cue for cue in french}
    return ((cue, starts[cue.start_ms]) for cue in own if cue.start_ms in starts)


def corpora() -> Iterable[tuple[str, list[Programme]]]:
    """Texts with words enough: griots, Pulaar radio, OLDI's Tamasheq, Mozilla's Songhay."""
    yield "bm", list(texts.jeli())
    yield "ffm", list(texts.kallaama())
    yield "taq", list(texts.oldi("taq_Latn", "taq"))
    yield "ses", list(texts.mozilla_songhay())


if __name__ == "__main__":
    sys.exit(main())
