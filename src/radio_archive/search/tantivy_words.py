"""The vocabulary of a Tantivy index: a second, small index whose documents are words.

Held on disk, so that a process that opens an index of 600,000 words neither reads nor sorts them;
a commit adds only words that are new. Words whose passages are gone stay until the index is
rebuilt, and are passed over where they are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from radio_archive.languages.analysis import AnalyzedToken, analyzer_name, close_grams
from radio_archive.model import LanguageTag
from radio_archive.search.tantivy_schema import analyzer_code
from radio_archive.search.vocabulary import (
    MAX_CANDIDATES,
    SEPARATOR,
    CloseAmong,
    Neighbour,
    by_distance,
    forms_of,
    term_of,
)

#: folded words whose terms are remembered, per analyzer
_CACHED_WORDS = 10_000
#: misspelt words whose neighbours are remembered, per analyzer
_CACHED_NEIGHBOURS = 1_000
#: memory of a writer of words, in bytes: the least Tantivy takes
_HEAP = 15_000_000

#: the orders in which a word's forms are filed, each after its own letter
_BY_STEM, _BY_FOLDED, _BY_EXACT, _FOLDED, _SIZE = "sfegn"

#: columns with the letters of a folded word, eight bytes each: hundreds are read at once, where
#: asking for each document lets go of the interpreter each time and may wait 5 ms to have it back
_LETTERS = ("letters_0", "letters_1", "letters_2")
_MOST_BYTES = 8 * len(_LETTERS)

Occurs = Callable[[str], bool]
"""Whether some passage holds a word, given by its index term."""


def make_words_schema() -> tantivy.Schema:
    """The fields of a word."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("filed", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("gram", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("folded", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _LETTERS:
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


@contextmanager
def writing(index: tantivy.Index, heap: int, threads: int) -> Iterator[tantivy.IndexWriter]:
    """A writer that commits at the end, or changes nothing; its lock is freed in any case.

    Whatever remembers an error, its traceback above all, would keep the lock of a writer that was
    only dropped.
    """
    writer = index.writer(heap, threads)
    try:
        yield writer
        writer.commit()
    except BaseException:
        with suppress(OSError, ValueError):
            writer.rollback()
        with suppress(OSError, ValueError):
            writer.wait_merging_threads()
        raise
    writer.wait_merging_threads()


class NewWords:
    """Collects the words of passages that are being indexed."""

    def __init__(self) -> None:
        self._terms: dict[str, set[str]] = {}

    def add(self, language: LanguageTag, terms: Iterable[str]) -> None:
        """Take the words of a passage, given by their index terms."""
        self._terms.setdefault(analyzer_name(language), set()).update(terms)

    def write(self, folder: Path, schema: tantivy.Schema) -> None:
        """Add those that a vocabulary does not hold yet, durably."""
        index = tantivy.Index(schema, path=str(folder))
        searcher = index.searcher()
        missing = {
            analyzer: [term for term in sorted(terms) if not _is_filed(searcher, analyzer, term)]
            for analyzer, terms in self._terms.items()
        }
        if not any(missing.values()):
            return
        with writing(index, _HEAP, 1) as writer:
            for analyzer, terms in missing.items():
                for document in _documents(searcher, analyzer, terms):
                    writer.add_document(document)


def _is_filed(searcher: tantivy.Searcher, analyzer: str, term: str) -> bool:
    return searcher.doc_freq("filed", _exact_key(analyzer_code(analyzer), term)) > 0


def _documents(
    searcher: tantivy.Searcher, analyzer: str, terms: Iterable[str]
) -> Iterator[tantivy.Document]:
    code = analyzer_code(analyzer)
    new_forms = dict.fromkeys(forms_of(term)[1] for term in terms)
    for term in terms:
        stem, folded, exact = forms_of(term)
        rows = (_BY_STEM, stem, folded, exact), (_BY_FOLDED, folded, stem, exact)
        document = tantivy.Document()
        for order, *forms in rows:
            document.add_text("filed", code + order + SEPARATOR.join(forms))
        document.add_text("filed", _exact_key(code, term))
        yield document
    for folded in new_forms:
        key = code + _FOLDED + folded
        if searcher.doc_freq("filed", key):
            continue
        document = tantivy.Document()
        document.add_text("filed", key)
        document.add_text("filed", code + _SIZE)
        document.add_text("folded", folded)
        for name, number in zip(_LETTERS, _packed(folded), strict=True):
            document.add_unsigned(name, number)
        for gram in close_grams(folded):
            document.add_text("gram", code + gram)
        yield document


def _packed(word: str) -> tuple[int, ...]:
    """The letters of a word as numbers; zeros where it is too long for them."""
    letters = word.encode()
    fitting = letters if len(letters) <= _MOST_BYTES else b""
    return tuple(np.frombuffer(fitting.ljust(_MOST_BYTES, b"\0"), ">u8").tolist())


def _unpacked(columns: Sequence[Sequence[Any]]) -> list[str]:
    """The words, one at least, whose letters such columns hold; empty where too long for them."""
    letters = np.array(columns, np.uint64).T.astype(">u8", order="C").view(f"S{_MOST_BYTES}")
    return b"\n".join(letters.ravel().tolist()).decode().split("\n")


def _exact_key(code: str, term: str) -> str:
    stem, folded, exact = forms_of(term)
    return code + _BY_EXACT + SEPARATOR.join((exact, folded, stem))


class FiledWords:
    """A ``WordList`` of one analyzer's languages in one state of the vocabulary."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        analyzer: str,
        occurs: Occurs,
    ) -> None:
        self._searcher = searcher
        self._schema = schema
        self._code = analyzer_code(analyzer)
        self._occurs = occurs
        self._neighbours: dict[str, tuple[Neighbour, ...]] = {}
        self._folded: dict[str, tuple[str, ...]] = {}

    def of_stem(self, stem: str) -> list[str]:
        """See ``WordList.of_stem``."""
        return self._filed(_BY_STEM, stem + SEPARATOR)

    def of_folded(self, folded: str) -> tuple[str, ...]:
        """See ``WordList.of_folded``; asked whether a word is there, and then for its terms."""
        known = self._folded.get(folded)
        if known is None:
            known = tuple(self._filed(_BY_FOLDED, folded + SEPARATOR))
            if len(self._folded) >= _CACHED_WORDS:
                self._folded = {}
            self._folded[folded] = known
        return known

    def of_exact(self, exact: str) -> list[str]:
        """See ``WordList.of_exact``."""
        return self._filed(_BY_EXACT, exact + SEPARATOR)

    def of_beginning(self, folded: str | None, exact: str | None) -> list[str]:
        """See ``WordList.of_beginning``."""
        found: dict[str, None] = {}
        if folded is not None:
            found |= dict.fromkeys(self._filed(_BY_FOLDED, folded))
        if exact is not None:
            found |= dict.fromkeys(self._filed(_BY_EXACT, exact))
        return list(found)

    def prepare_close(self) -> None:
        """See ``WordList.prepare_close``: nothing is to be made."""

    def neighbours(self, folded: str, close_among: CloseAmong) -> tuple[Neighbour, ...]:
        """See ``WordList.neighbours``."""
        known = self._neighbours.get(folded)
        if known is None:
            # few are close: the rest is never measured
            near = close_among(folded, self._candidates(folded))
            known = tuple(n for n in by_distance(folded, near) if self.of_folded(n.folded))
            if len(self._neighbours) >= _CACHED_NEIGHBOURS:
                self._neighbours = {}
            self._neighbours[folded] = known
        return known

    def nearest(self, folded: str, count: int) -> list[Neighbour]:
        """See ``WordList.nearest``."""
        near = by_distance(folded, self._candidates(folded))
        return list(islice((n for n in near if self.of_folded(n.folded)), count))

    def _filed(self, order: str, beginning: str) -> list[str]:
        """The index terms filed under a beginning."""
        key = _clean(self._code + order + beginning)
        found = self._searcher.terms_with_prefix("filed", key)
        terms = (_term_from(order, filed[2:]) for filed, _ in found)
        return sorted(filter(self._occurs, terms))

    def _candidates(self, folded: str) -> list[str]:
        """The words that share most, rare grams counting more; some may occur no more."""
        wanted = close_grams(folded)
        size = self._searcher.doc_freq("filed", self._code + _SIZE)
        weighed = []
        for gram in sorted(wanted):
            key = _clean(self._code + gram)
            holders = self._searcher.doc_freq("gram", key)
            if holders:
                found = tantivy.Query.term_query(self._schema, "gram", key)
                scored = tantivy.Query.const_score_query(found, log1p(size / holders))
                weighed.append((tantivy.Occur.Should, scored))
        if not weighed:
            return []
        query = tantivy.Query.boolean_query(weighed)
        hits = self._searcher.search(query, limit=MAX_CANDIDATES, count=False).hits
        return [word for word in self._folded_at([at for _, at in hits]) if word != folded]

    def _folded_at(self, places: list[Any]) -> Iterator[str]:
        """The folded words of some documents, given by Tantivy's addresses."""
        if not places:
            return
        columns = [self._searcher.fast_field_values(name, places) for name in _LETTERS]
        for word, place in zip(_unpacked(columns), places, strict=True):
            yield word or str(self._searcher.doc(place)["folded"][0])


def _term_from(order: str, filed: str) -> str:
    """The index term of a word, from the key it was filed under."""
    first, second, third = filed.split(SEPARATOR)
    if order == _BY_STEM:
        stem, folded, exact = first, second, third
    elif order == _BY_FOLDED:
        folded, stem, exact = first, second, third
    else:
        exact, folded, stem = first, second, third
    return term_of(AnalyzedToken(exact, folded, stem, 0, 0, 0))


def _clean(key: str) -> str:
    """Half of a surrogate pair, which only a damaged query holds, finds nothing."""
    return key.encode("utf-8", "replace").decode()
