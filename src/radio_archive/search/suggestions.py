"""What to try when nothing is found: the closest spellings that do occur."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import regex

from radio_archive.languages.analysis import ANALYZERS, AnalyzedToken, analyze_as, is_stop_word
from radio_archive.model import Origin, Query
from radio_archive.search.vocabulary import WordList, exact_of

#: searches suggested at most
MAX_SUGGESTIONS = 3
#: how far from what was typed a word may be that no language's rules call a misspelling; 1 is no
#: pair of letters in common
MAX_DISTANCE = 0.5


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """The words of one analyzer's languages in an index."""

    analyzer: str
    vocabularies: Sequence[WordList]
    count: Callable[[str], int]  #: passages that hold an index term


@dataclass(frozen=True, slots=True, order=True)
class _Spelling:
    """A spelling that occurs; the best is the least."""

    distance: float
    fewness: int  #: minus the passages that hold it
    text: str


def suggest(query: Query, spoken: Sequence[SpokenWords]) -> tuple[str, ...]:
    """Searches like this one whose words occur.

    Args:
        query: what found nothing.
        spoken: the words of the languages searched.

    Returns:
        What to type instead, best first: words that occur nowhere are replaced by the closest
        spellings that do. Empty when all occur, or nothing is close.
    """
    missing = {word: _spellings(word, query, spoken) for word in _typed_words(query)}
    replaced = {word: spellings for word, spellings in missing.items() if spellings}
    if not replaced:
        return ()
    longest = max(map(len, replaced.values()))
    texts = []
    for number in range(min(longest, MAX_SUGGESTIONS)):
        text = query.text
        for word, spellings in replaced.items():
            text = _replace(text, word, spellings[min(number, len(spellings) - 1)])
        texts.append(text)
    return tuple(text for text in dict.fromkeys(texts) if text != query.text)


def _typed_words(query: Query) -> Iterator[str]:
    terms = chain.from_iterable(query.required)
    for term in terms:
        if term.origin is Origin.TYPED and not term.is_prefix:
            yield from term.words


def _spellings(word: str, query: Query, spoken: Sequence[SpokenWords]) -> list[str]:
    """The closest spellings of a word that occurs nowhere; none for one that does."""
    found: list[_Spelling] = []
    for words in spoken:
        tokens = analyze_as(word, words.analyzer)
        if not tokens or is_stop_word(word, words.analyzer):
            continue
        if _occurs(tokens[0], words, query):
            return []
        found += _closest(tokens[0].folded, words, query)
    return list(dict.fromkeys(spelling.text for spelling in sorted(found)))[:MAX_SUGGESTIONS]


def _occurs(token: AnalyzedToken, words: SpokenWords, query: Query) -> bool:
    """Whether a passage holds a word; a list may hold one that no passage does any more."""
    terms: Iterator[str]
    if query.is_exact_only:
        terms = _listed(words, lambda vocabulary: vocabulary.of_exact(token.exact))
    else:
        terms = chain(
            _listed(words, lambda vocabulary: vocabulary.of_folded(token.folded)),
            _listed(words, lambda vocabulary: vocabulary.of_stem(token.stem)),
        )
    return any(words.count(term) for term in terms)


def _listed(words: SpokenWords, find: Callable[[WordList], Iterable[str]]) -> Iterator[str]:
    return chain.from_iterable(map(find, words.vocabularies))


def _closest(folded: str, words: SpokenWords, query: Query) -> list[_Spelling]:
    close_among = ANALYZERS[words.analyzer].close_among
    near: dict[str, float] = {folded: 0.0} if query.is_exact_only else {}
    for vocabulary in words.vocabularies:
        near |= {n.folded: n.distance for n in vocabulary.neighbours(folded, close_among)}
    found = _held(near, words)
    if not found and not query.is_exact_only:
        for vocabulary in words.vocabularies:
            nearest = vocabulary.nearest(folded, MAX_SUGGESTIONS)
            near |= {n.folded: n.distance for n in nearest if n.distance <= MAX_DISTANCE}
        found = _held(near, words)
    return found


def _held(near: Mapping[str, float], words: SpokenWords) -> list[_Spelling]:
    """The closest of some forms that passages hold, each as it is spelt most often."""
    by_distance = sorted(near.items(), key=lambda pair: pair[1])
    spelt = (_most_frequent(form, distance, words) for form, distance in by_distance)
    return list(islice(filter(None, spelt), 2 * MAX_SUGGESTIONS))


def _most_frequent(folded: str, distance: float, words: SpokenWords) -> _Spelling | None:
    terms = set(_listed(words, lambda vocabulary: vocabulary.of_folded(folded)))
    counts = {term: words.count(term) for term in terms}
    spellings = [_Spelling(distance, -count, exact_of(term)) for term, count in counts.items()]
    return min((each for each in spellings if each.fewness), default=None)


def _replace(text: str, word: str, spelling: str) -> str:
    alone = rf"(?<![\p{{L}}\p{{M}}\p{{N}}]){regex.escape(word)}(?![\p{{L}}\p{{M}}\p{{N}}])"
    return regex.sub(alone, lambda _: spelling, text, count=1)
