"""Which index terms answer a word of a query: the same for every engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from radio_archive.errors import BadQuery
from radio_archive.languages.analysis import ANALYZERS
from radio_archive.search.plan import QueryWord, Row
from radio_archive.search.vocabulary import CloseAmong, WordList, exact_of, folded_of

#: words that a ``word*`` may stand for
MAX_EXPANSIONS = 1_000
#: misspellings of one word that are looked for, the nearest
MAX_CLOSE = 50


@dataclass(frozen=True, slots=True)
class Spellings:
    """The index terms that answer a word; each kind is among those before it."""

    every: Sequence[str]
    folded: Sequence[str]  #: of the same form, however spelt
    exact: Sequence[str]  #: as typed


class Spelt(Protocol):
    """Tells which index terms answer the words of a query."""

    def spellings(self, word: QueryWord) -> Spellings:
        """The terms that answer a word."""
        ...

    def prepare_close(self) -> None:
        """Make what ``close_terms`` looks words up in, once; a second or two for a large index."""
        ...

    def close_terms(self, word: QueryWord) -> Sequence[str]:
        """Terms spelt much like a word, those that answer it left out; at most some dozens."""
        ...


class Speller:
    """Looks words up in the vocabularies of one analyzer's languages; remembers what it found."""

    def __init__(self, vocabularies: Callable[[], Sequence[WordList]]) -> None:
        self._vocabularies = vocabularies
        self._known: dict[QueryWord, Spellings] = {}

    def spellings(self, word: QueryWord) -> Spellings:
        """The terms that answer a word.

        Raises:
            BadQuery: more words begin so than are looked for.
        """
        if word not in self._known:
            every = self._terms_of(word)
            if word.is_prefix:
                _check_beginning(word, len(every))
                exact = [t for t in every if word.exact and exact_of(t).startswith(word.exact)]
                self._known[word] = Spellings(every, every, exact)
            else:
                exact = [term for term in every if exact_of(term) == word.exact]
                folded = [term for term in every if folded_of(term) == word.folded]
                self._known[word] = Spellings(every, folded or exact, exact)
        return self._known[word]

    def prepare_close(self) -> None:
        """Make what ``close_terms`` looks words up in, once."""
        for vocabulary in self._vocabularies():
            vocabulary.prepare_close()

    def close_terms(self, word: QueryWord) -> Sequence[str]:
        """Terms spelt much like a word, those that answer it left out; at most some dozens."""
        if word.close_in is None or word.folded is None:
            return ()
        vocabularies = self._vocabularies()
        close_among: CloseAmong = ANALYZERS[word.close_in].close_among
        if len(vocabularies) > 1:
            close_among = _judging_once(close_among)
        near = {
            neighbour
            for vocabulary in vocabularies
            for neighbour in vocabulary.neighbours(word.folded, close_among)
        }
        answers = set(self.spellings(word).every)
        found = {
            term: None
            for neighbour in sorted(near)[:MAX_CLOSE]
            for vocabulary in vocabularies
            for term in vocabulary.of_folded(neighbour.folded)
            if term not in answers
        }
        return list(found)

    def _terms_of(self, word: QueryWord) -> list[str]:
        found: dict[str, None] = {}
        for words in self._vocabularies():
            if word.is_prefix:
                found |= dict.fromkeys(words.of_beginning(word.folded, word.exact))
                continue
            if word.stem is not None:
                found |= dict.fromkeys(words.of_stem(word.stem))
            if word.folded is not None:
                found |= dict.fromkeys(words.of_folded(word.folded))
            elif word.exact is not None:
                found |= dict.fromkeys(words.of_exact(word.exact))
        return list(found)


def close_words(source: Spelt, row: Row) -> list[Sequence[str]]:
    """For each word of a row what may stand there when words spelt much alike answer too.

    Of a single word those that answer it anyway are left out. Empty when there is nothing more
    than the row itself.
    """
    close = [source.close_terms(word) for word in row.words]
    if len(close) == 1 or not any(close):
        return close if any(close) else []
    return [
        [*near, *source.spellings(word).every] for near, word in zip(close, row.words, strict=True)
    ]


def _judging_once(close_among: CloseAmong) -> CloseAmong:
    """The same for one word, asked of many parts of an index, whose words are mostly the same."""
    judged: dict[str, bool] = {}

    def among(one: str, words: Sequence[str]) -> list[str]:
        new = [word for word in words if word not in judged]
        close = set(close_among(one, new))
        judged.update((word, word in close) for word in new)
        return [word for word in words if judged[word]]

    return among


def _check_beginning(word: QueryWord, count: int) -> None:
    if count > MAX_EXPANSIONS:
        raise BadQuery(
            f"{count:,} words begin with {word.exact}, at most {MAX_EXPANSIONS:,} are looked for.",
            hint="Write another letter before the star.",
        )
