"""One state of a Whoosh index, read into arrays: what all searches between two commits share.

Segments never change but for their deletions, so a new state reads only the segments that are new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from threading import Lock
from typing import Any

import numpy as np
from whoosh.index import TOC
from whoosh.reading import TermNotFound

from radio_archive.errors import BadQuery
from radio_archive.languages.repair import fold
from radio_archive.search.matching import QueryWord
from radio_archive.search.postings import MAX_EXPANSIONS, POSITION_BITS, Numbers, Postings
from radio_archive.search.ranking import Table
from radio_archive.search.whoosh_codec import EXACT_MARK, FOLDED_MARK, words_field
from radio_archive.search.whoosh_storage import DurableStorage

INDEX_NAME = "MAIN"

_NO_PLACES = np.empty(0, np.int64)
_NO_POSTINGS = Postings(_NO_PLACES, _NO_PLACES)

#: a word's spelling without accents, and its index term
_Spelling = tuple[str, str]


class SegmentArrays:
    """One segment: its columns as arrays, its posting lists on demand. Safe between threads."""

    def __init__(self, storage: DurableStorage, schema: Any, segment: Any) -> None:
        self._schema = schema
        self._lock = Lock()
        #: words by field and first letter without accents, for beginnings of words
        self._spellings: dict[tuple[str, str], list[_Spelling]] = {}
        files = segment.open_compound_file(storage)
        codec = segment.codec()
        self._terms = codec.terms_reader(files, segment)
        columns = codec.per_document_reader(files, segment)
        self.size = int(columns.doc_count_all())
        self.broadcasts, self.broadcast_ids = self._column(columns, "broadcast")
        self.languages, self.language_tags = self._column(columns, "language")
        self.programmes, self.programme_ids = self._column(columns, "programme")
        self.numbers = self._column(columns, "number")
        self.lengths = self._column(columns, "length")
        self.aired = self._column(columns, "aired")
        columns.close()

    def _column(self, columns: Any, name: str) -> Any:
        return columns.column_reader(name, self._schema[name].column_type).to_array()

    def find_arrays(self, field: str, term: str) -> tuple[Numbers, Numbers, Numbers] | None:
        """Passages, counts and positions of a term; None when the segment has it not."""
        text = term.encode("utf-8", "replace")
        # the files keep a reading position, so threads take turns
        with self._lock:
            try:
                matcher = self._terms.matcher(field, text, self._schema[field].format)
            except (TermNotFound, KeyError):
                return None
            arrays: tuple[Numbers, Numbers, Numbers] = matcher.to_arrays()
        return arrays

    def spellings(self, field: str, prefix: str) -> Iterator[_Spelling]:
        """The words that begin with these letters, accents aside."""
        words = self._spellings_from(field, prefix[0])
        start = bisect_left(words, (prefix, ""))
        return takewhile(lambda word: word[0].startswith(prefix), words[start:])

    def _spellings_from(self, field: str, letter: str) -> list[_Spelling]:
        key = (field, letter)
        with self._lock:
            if key not in self._spellings:
                self._spellings[key] = sorted(self._read_spellings(field, letter))
            return self._spellings[key]

    def _read_spellings(self, field: str, letter: str) -> Iterator[_Spelling]:
        for mark in ("", EXACT_MARK):
            for first in list(self._first_letters(field, mark)):
                if fold(first)[:1] == letter:
                    for term in self._terms_from(field, mark + first):
                        yield fold(term.removeprefix(EXACT_MARK)), term

    def _first_letters(self, field: str, mark: str) -> Iterator[str]:
        """The letters that words (with this mark) begin with, by jumping from one to the next."""
        cursor = self._terms.cursor(field, self._schema[field])
        term = cursor.find(mark.encode())
        while term is not None and term.startswith(mark):
            first = term[len(mark)]
            if mark or first not in EXACT_MARK + FOLDED_MARK:
                yield first
            beyond = (mark + chr(ord(first) + 1)).encode("utf-8", "surrogatepass")
            term = cursor.find(beyond)

    def _terms_from(self, field: str, beginning: str) -> Iterator[str]:
        cursor = self._terms.cursor(field, self._schema[field])
        term = cursor.find(beginning.encode())
        while term is not None and term.startswith(beginning):
            yield term
            term = cursor.next()


class Snapshot:
    """All segments of one generation as one row of passages."""

    def __init__(self, storage: DurableStorage, schema: Any, known: Mapping[str, SegmentArrays]):
        toc = TOC.read(storage, INDEX_NAME, schema=schema)
        self.generation: int = toc.generation
        self.segments: dict[str, SegmentArrays] = {}
        for segment in toc.segments:
            name = segment.segment_id()
            self.segments[name] = known.get(name) or SegmentArrays(storage, schema, segment)
        self.table = self._make_table(toc.segments)
        sizes = [arrays.size for arrays in self.segments.values()]
        self._offsets = [0, *np.cumsum(sizes).tolist()]

    def words(self, analyzer: str) -> WordSource:
        """The words of one analyzer's languages."""
        offsets = zip(self.segments.values(), self._offsets, strict=False)
        return WordSource(words_field(analyzer), list(offsets), self.table.lengths)

    def _make_table(self, segments: Sequence[Any]) -> Table:
        arrays = [self.segments[segment.segment_id()] for segment in segments]
        is_live = [np.ones(each.size, np.bool_) for each in arrays]
        for segment, live in zip(segments, is_live, strict=True):
            live[np.fromiter(segment.deleted_docs(), np.int64)] = False
        broadcasts, broadcast_ids = _merge([(a.broadcasts, a.broadcast_ids) for a in arrays])
        languages, language_tags = _merge([(a.languages, a.language_tags) for a in arrays])
        programmes, programme_ids = _merge([(a.programmes, a.programme_ids) for a in arrays])
        return Table(
            broadcasts=broadcasts,
            broadcast_ids=broadcast_ids,
            languages=languages,
            language_tags=language_tags,
            programmes=programmes,
            programme_ids=programme_ids,
            numbers=_concatenate([each.numbers for each in arrays]),
            aired=_concatenate([each.aired for each in arrays]),
            lengths=_concatenate([each.lengths for each in arrays]),
            is_live=np.concatenate(is_live) if is_live else np.empty(0, np.bool_),
        )


class WordSource:
    """The words of one analyzer's languages in one state of the index."""

    def __init__(
        self, field: str, segments: list[tuple[SegmentArrays, int]], lengths: Numbers
    ) -> None:
        self._field = field
        self._segments = segments
        self._lengths = lengths

    @property
    def lengths(self) -> Numbers:
        """See ``PostingSource.lengths``."""
        return self._lengths

    def postings(self, term: str) -> Postings:
        """See ``PostingSource.postings``."""
        found = list(self._arrays(term))
        if not found:
            return _NO_POSTINGS
        return Postings(
            np.concatenate([docs for docs, _, _ in found]),
            np.concatenate([counts for _, counts, _ in found]),
        )

    def places(self, term: str) -> Numbers:
        """See ``PostingSource.places``."""
        found = [
            (np.repeat(docs, counts) << POSITION_BITS) + positions
            for docs, counts, positions in self._arrays(term)
        ]
        return np.concatenate(found) if found else _NO_PLACES

    def terms_of_word(self, word: QueryWord) -> tuple[Sequence[str], Sequence[str]]:
        """See ``PostingSource.terms_of_word``."""
        if word.is_prefix:
            return self._expand(word)
        folded = (word.folded, FOLDED_MARK + word.folded)
        if word.exact is None:
            return folded, ()
        return folded, (word.exact if word.exact == word.folded else EXACT_MARK + word.exact,)

    def _expand(self, word: QueryWord) -> tuple[Sequence[str], Sequence[str]]:
        terms = {
            term
            for segment, _ in self._segments
            for _, term in segment.spellings(self._field, word.folded)
        }
        if len(terms) > MAX_EXPANSIONS:
            raise BadQuery(
                f"{len(terms):,} words begin with {word.exact}, "
                f"at most {MAX_EXPANSIONS:,} are looked for.",
                hint="Write another letter before the star.",
            )
        begins = word.exact or word.folded
        return list(terms), [t for t in terms if t.removeprefix(EXACT_MARK).startswith(begins)]

    def _arrays(self, term: str) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        for segment, offset in self._segments:
            arrays = segment.find_arrays(self._field, term)
            if arrays is not None:
                yield arrays[0] + offset, arrays[1], arrays[2]


def _merge(parts: Sequence[tuple[Numbers, list[str]]]) -> tuple[Numbers, tuple[str, ...]]:
    """Number the values of all segments alike."""
    numbers: dict[str, int] = {}
    merged = []
    for indexes, values in parts:
        own = [numbers.setdefault(value, len(numbers)) for value in values]
        merged.append(np.asarray(own, np.int64)[indexes])
    return _concatenate(merged), tuple(numbers)


def _concatenate(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, np.int64)
