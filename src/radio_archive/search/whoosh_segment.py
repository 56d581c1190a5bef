"""One segment of a Whoosh index, read into arrays: it never changes but for its deletions."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from typing import Any

from whoosh.reading import TermNotFound

from radio_archive.search.mentions import KnownMentions
from radio_archive.search.vocabulary import Numbers, Vocabulary
from radio_archive.search.whoosh_storage import DurableStorage


class SegmentArrays:
    """One segment: its columns as arrays, its posting lists on demand. Safe between threads."""

    def __init__(self, storage: DurableStorage, schema: Any, segment: Any) -> None:
        self._schema = schema
        self._lock = Lock()
        self._vocabularies: dict[str, Vocabulary] = {}
        files = segment.open_compound_file(storage)
        codec = segment.codec()
        self._terms = codec.terms_reader(files, segment)
        columns = codec.per_document_reader(files, segment)
        self.size = int(columns.doc_count_all())
        self.broadcasts, self.broadcast_ids = self._column(columns, "broadcast")
        self.languages, self.language_tags = self._column(columns, "language")
        self.programmes, self.programme_ids = self._column(columns, "programme")
        self.trusts, self.trust_names = self._column(columns, "trust")
        self.kinds, self.kind_names = self._column(columns, "kind")
        self.floors, self.floor_names = self._column(columns, "floor")
        self.numbers = self._column(columns, "number")
        self.lengths = self._column(columns, "length")
        self.aired = self._column(columns, "aired")
        columns.close()
        self.mentions = KnownMentions()

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

    def vocabulary(self, field: str) -> Vocabulary:
        """The words of a field, read when first asked for."""
        with self._lock:
            if field not in self._vocabularies:
                self._vocabularies[field] = Vocabulary(list(self._read_terms(field)))
            return self._vocabularies[field]

    def _read_terms(self, field: str) -> Iterator[str]:
        for name, term in self._terms.terms_from(field, b""):
            if name != field:
                return
            yield term.decode("utf-8")
