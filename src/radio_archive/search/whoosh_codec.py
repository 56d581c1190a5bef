"""How a passage lies in a Whoosh index: a lean schema, and postings that NumPy reads at once.

Whoosh's own postings are read one at a time, each through several Python calls; filters, facets and
totals need them all. Here one posting list is three flat arrays (documents, frequencies,
positions) in one block, so reading it is one copy. Numbers are columns only: a NUMERIC field would
write eight postings per value. The text itself stays in the catalogue.

A word is indexed once, as a term that holds its stem, its folded and its exact form: any of them
finds it (``search.vocabulary``), and the exact spelling can rank above the others without a second
field or a second posting.
"""

from __future__ import annotations

import os
import pickle
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields, formats
from whoosh.codec import whoosh3

from radio_archive.languages.analysis import ANALYZERS, AnalyzedToken
from radio_archive.search.ranking import NO_DATE
from radio_archive.search.vocabulary import term_of

#: raised when terms are made otherwise, or `bands.floor_of` decides otherwise
TERMS_VERSION = 2

#: kept in 16 bits; words beyond are found, but not in phrases (two hours of speech without a break)
LAST_POSITION = 0xFFFF

_DOCS, _COUNTS, _POSITIONS = np.dtype("<u4"), np.dtype("<u2"), np.dtype("<u2")


def words_field(analyzer: str) -> str:
    """Name of the field that holds the words of an analyzer's languages."""
    return f"words_{analyzer}"


class PositionsFormat(formats.Format):  # type: ignore[misc]
    """Posting values: the positions of a term in a passage, 16 bits each."""

    posting_size = -1

    def __init__(self) -> None:
        self.field_boost = 1.0
        self.options: dict[str, Any] = {}


class WordsField(fields.FieldType):  # type: ignore[misc]
    """A field that takes analyzed tokens as they come: no analyzer of Whoosh's own."""

    def __init__(self) -> None:
        super().__init__(PositionsFormat(), analyzer=None)

    def index(
        self, value: Sequence[AnalyzedToken], **_options: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Terms of one passage: bytes, frequency, weight, positions."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for token in value:
            places[term_of(token)].append(min(token.position, LAST_POSITION))
        for term, every in places.items():
            # a count has 16 bits, and must be that of the positions
            found = every[:LAST_POSITION]
            count = len(found)
            yield term.encode("utf-8", "replace"), count, float(count), array("H", found).tobytes()


class NumberColumn(columns.NumericColumn):  # type: ignore[misc]
    """A number per passage, read all at once."""

    class Reader(columns.NumericColumn.Reader):  # type: ignore[misc]
        """Reads one segment's numbers."""

        def to_array(self) -> NDArray[Any]:
            """The numbers of all passages of the segment."""
            data = self._dbfile.get(self._basepos, self._count * self._fixedlen)
            stored = np.frombuffer(data, dtype=f">{self._typecode}")
            whole = np.full(self._doccount, self._default, dtype=stored.dtype.newbyteorder("="))
            whole[: len(stored)] = stored
            return whole


class TagColumn(columns.RefBytesColumn):  # type: ignore[misc]
    """A short text per passage, of few different ones, read all at once."""

    class Reader(columns.RefBytesColumn.Reader):  # type: ignore[misc]
        """Reads one segment's tags."""

        def to_array(self) -> tuple[NDArray[np.int32], list[str]]:
            """For each passage the number of its tag, and the tags by number."""
            data = self._dbfile.get(self._basepos, self._doccount * self._itemsize)
            numbers = np.frombuffer(data, dtype=f">{'u1' if self._itemsize == 1 else 'u2'}")
            return numbers.astype(np.int32), [tag.decode() for tag in self._uniques]


class FlatPostingsWriter(whoosh3.W3PostingsWriter):  # type: ignore[misc]
    """Writes each posting list as one block of flat arrays."""

    def _mini_ids(self) -> bytes:
        return np.asarray(self._ids, dtype=_DOCS).tobytes()

    def _mini_weights(self) -> bytes:
        counts: NDArray[np.float32] = np.minimum(np.asarray(self._weights), 0xFFFF)
        return counts.astype(_COUNTS).tobytes()

    def _mini_values(self) -> bytes:
        return b"".join(self._values)


class FlatMatcher(whoosh3.W3LeafMatcher):  # type: ignore[misc]
    """Reads a posting list: at once for searches, one by one when Whoosh merges segments."""

    def to_arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Passages, how often the term is in each, and all its positions one after another."""
        self._read_data()
        docs, counts, positions = self._data
        return (
            np.frombuffer(docs, dtype=_DOCS).astype(np.int64),
            np.frombuffer(counts, dtype=_COUNTS).astype(np.int64),
            np.frombuffer(positions, dtype=_POSITIONS).astype(np.int64),
        )

    def _read_ids(self) -> None:
        self._load()

    def _read_weights(self) -> None:
        self._load()

    def _read_values(self) -> None:
        self._load()

    def _load(self) -> None:
        docs, counts, positions = self.to_arrays()
        self._ids = tuple(docs.tolist())
        self._weights = tuple(float(count) for count in counts.tolist())
        if not len(positions):
            self._values = (b"",) * len(docs)
            return
        ends = np.cumsum(counts)
        stored = positions.astype(_POSITIONS)
        self._values = tuple(
            stored[end - count : end].tobytes()
            for end, count in zip(ends.tolist(), counts.tolist(), strict=True)
        )


class FlatCodec(whoosh3.W3Codec):  # type: ignore[misc]
    """Whoosh's own codec with flat postings, and segment names no other commit can have.

    Whoosh draws segment names from the global random generator: when other code seeds it the same
    twice, the second commit fails.
    """

    #: lengths are in a column of ours; Whoosh would look for its own once per posting
    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=2**31, compression=0)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> FlatPostingsWriter:
        """What writes the posting lists of one field."""
        return FlatPostingsWriter(
            dbfile, blocklimit=self._blocklimit, byteids=byteids, compression=self._compression
        )

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> FlatMatcher:
        """What reads one posting list."""
        offset, length = terminfo.extent()
        return FlatMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)

    def new_segment(self, storage: object, indexname: str) -> Any:  # noqa: ARG002 - Whoosh's own
        """A segment with a name of its own."""
        return whoosh3.W3Segment(self, indexname, segid=os.urandom(8).hex())


def make_schema() -> Any:
    """The fields of a passage, one words field per analyzer."""
    words = {words_field(name): WordsField() for name in ANALYZERS}
    return fields.Schema(
        broadcast=fields.ID(sortable=TagColumn()),
        language=fields.COLUMN(TagColumn()),
        programme=fields.COLUMN(TagColumn()),
        trust=fields.COLUMN(TagColumn()),
        kind=fields.COLUMN(TagColumn()),
        floor=fields.COLUMN(TagColumn()),
        number=fields.COLUMN(NumberColumn("I")),
        length=fields.COLUMN(NumberColumn("I")),
        aired=fields.COLUMN(NumberColumn("q", default=NO_DATE)),
        **words,
    )


def describe_schema(schema: Any) -> str:
    """Everything about the schema that decides how files are read."""
    described = sorted(
        (name, type(field).__name__, type(field.column_type).__name__)
        for name, field in schema.items()
    )
    return f"{described}/{pickle.HIGHEST_PROTOCOL}/{TERMS_VERSION}"


def count_words(tokens: Iterable[AnalyzedToken]) -> int:
    """Words of a passage: the parts of hyphenated ones do not count twice."""
    return max((token.position for token in tokens), default=-1) + 1
