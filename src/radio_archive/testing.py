"""Parts without a disk or a model, for tests of this package and of those built on it.

Each fulfils its Protocol in full: the same contract tests run on it and on the real ones.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from radio_archive.errors import NotFound
from radio_archive.languages.analysis import analyze, analyzer_name
from radio_archive.media import (
    BLOCK_BYTES,
    Area,
    StoredFile,
    media_type_of,
    require_name,
    require_range,
    require_size,
)
from radio_archive.model import (
    BroadcastId,
    FacetCount,
    IndexHit,
    IndexPage,
    Passage,
    Query,
    RecordingKey,
    Sort,
    SpokenName,
    TranscriptKind,
)
from radio_archive.search import Meanwhile
from radio_archive.search.matching import Answer, find_answers, mentions, passes
from radio_archive.search.meaning import Vectors
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.plan import Rank
from radio_archive.search.suggestions import SpokenWords, suggest
from radio_archive.search.vocabulary import Vocabulary, term_of


class WordEncoder:
    """An ``Encoder`` without a model: texts are alike when they share words."""

    @property
    def fingerprint(self) -> str:
        """See ``Encoder.fingerprint``."""
        return "words"

    @property
    def dimensions(self) -> int:
        """See ``Encoder.dimensions``."""
        return 128

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        rows: Vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                digest = hashlib.sha256(word.encode()).digest()
                row += np.random.default_rng(list(digest)).standard_normal(self.dimensions)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows


class MemoryMediaStore:
    """A ``MediaStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        #: content by area, key and extension; tests may damage it
        self.files: dict[tuple[Area, RecordingKey, str], bytes] = {}

    def save(
        self,
        area: Area,
        chunks: Iterable[bytes],
        extension: str,
        *,
        max_bytes: int | None = None,
    ) -> StoredFile:
        """See ``MediaStore.save``."""
        media_type_of(extension)
        content = bytearray()
        for chunk in chunks:
            content += chunk
            require_size(len(content), max_bytes)
        key = RecordingKey(hashlib.sha256(content).hexdigest())
        self.files[area, key, extension] = bytes(content)
        return StoredFile(area=area, key=key, extension=extension, size_bytes=len(content))

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """See ``MediaStore.save_file``."""
        if not path.is_file():
            raise NotFound(f"{path.name} is not in {path.parent}.", hint="Check the path.")
        return self.save(area, [path.read_bytes()], extension)

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.exists``."""
        require_name(key, extension)
        return (area, key, extension) in self.files

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """See ``MediaStore.size``."""
        return len(self._content(area, key, extension))

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """See ``MediaStore.read``."""
        require_range(start, end)
        part = self._content(area, key, extension)[start:end]
        return (part[at : at + BLOCK_BYTES] for at in range(0, len(part), BLOCK_BYTES))

    @contextmanager
    def local_path(self, area: Area, key: RecordingKey, extension: str) -> Iterator[Path]:
        """See ``MediaStore.local_path``."""
        content = self._content(area, key, extension)
        with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
            path = Path(folder) / f"{key}{extension}"
            path.write_bytes(content)
            yield path

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.verify``."""
        return hashlib.sha256(self._content(area, key, extension)).hexdigest() == key

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """See ``MediaStore.delete``."""
        require_name(key, extension)
        self.files.pop((area, key, extension), None)

    def keys(self, area: Area) -> Iterator[StoredFile]:
        """See ``MediaStore.keys``."""
        for (held_in, key, extension), content in sorted(self.files.items()):
            if held_in == area:
                yield StoredFile(area=area, key=key, extension=extension, size_bytes=len(content))

    def sweep(self) -> int:
        """See ``MediaStore.sweep``: memory keeps no half-written files."""
        return 0

    def examine(self) -> str:
        """See ``MediaStore.examine``."""
        return "Memory takes and gives files, and forgets them with the process."

    def _content(self, area: Area, key: RecordingKey, extension: str) -> bytes:
        require_name(key, extension)
        try:
            return self.files[area, key, extension]
        except KeyError:
            raise NotFound(f"{key}{extension} is not in {area}.", hint="Save it first.") from None


class MemoryIndex:
    """A ``SearchIndex`` that reads every passage for every search: slow, and plainly right."""

    #: hits shown under one broadcast
    HITS = 5

    def __init__(self) -> None:
        self._passages: dict[BroadcastId, tuple[Passage, ...]] = {}

    @property
    def fingerprint(self) -> str:
        """See ``SearchIndex.fingerprint``."""
        return "memory"

    @property
    def is_stale(self) -> bool:
        """Never: there is nothing on disk."""
        return False

    @property
    def is_scattered(self) -> bool:
        """Never: it has no parts."""
        return False

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """See ``SearchIndex.replace``."""
        self._passages[broadcast_id] = tuple(passages)

    def remove(self, broadcast_id: BroadcastId) -> None:
        """See ``SearchIndex.remove``."""
        self._passages.pop(broadcast_id, None)

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """See ``SearchIndex.rebuild``."""
        built: dict[BroadcastId, tuple[Passage, ...]] = {}
        for passage in passages:
            built[passage.broadcast_id] = (*built.get(passage.broadcast_id, ()), passage)
        self._passages = built
        return self.count()

    def search(
        self,
        query: Query,
        names: tuple[SpokenName, ...] = (),
        meanwhile: Meanwhile | None = None,
    ) -> IndexPage:
        """See ``SearchIndex.search``."""
        found = [
            (score, passage)
            for held in self._passages.values()
            for passage in held
            if passes(passage, query) and (score := _score(passage, query)) is not None
        ]
        groups: dict[BroadcastId, list[tuple[float, Passage]]] = {}
        for score, passage in sorted(found, key=lambda pair: (-pair[0], pair[1].number)):
            groups.setdefault(passage.broadcast_id, []).append((score, passage))
        ordered = sorted(groups.values(), key=lambda group: _order(query.sort, *group[0]))
        first = (query.page - 1) * query.page_size
        passages = [passage for _, passage in found]
        page = IndexPage(
            hits=tuple(
                IndexHit(broadcast_id=passage.broadcast_id, number=passage.number, score=score)
                for group in ordered[first : first + query.page_size]
                for score, passage in group[: self.HITS]
            ),
            total=len(found),
            total_broadcasts=len(groups),
            in_translations=sum(map(_is_translation, passages)),
            facets=_facets(passages) | ({"name": _mentioned(passages, names)} if names else {}),
        )
        if meanwhile is not None:
            meanwhile(page.hits)
        return page

    def suggest(self, query: Query) -> tuple[str, ...]:
        """See ``SearchIndex.suggest``."""
        terms: dict[str, Counter[str]] = {}
        for passages in self._passages.values():
            for passage in passages:
                if query.language in (None, passage.language):
                    tokens = analyze(passage.text, passage.language)
                    counts = terms.setdefault(analyzer_name(passage.language), Counter())
                    counts.update({term_of(token) for token in tokens})
        spoken = [
            SpokenWords(analyzer, [Vocabulary(sorted(counts))], counts.__getitem__)
            for analyzer, counts in terms.items()
        ]
        return suggest(query, spoken)

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return sum(len(passages) for passages in self._passages.values())

    def close(self) -> None:
        """Nothing is held open."""


def _is_translation(passage: Passage) -> bool:
    return passage.kind is TranscriptKind.TRANSLATION


#: what a clause met at each rank counts
_QUALITY = {
    Rank.EXACT: 6.0,
    Rank.FOLDED: 2.5,
    Rank.INFLECTED: 1.0,
    Rank.ALIAS: 0.8,
    Rank.CLOSE: 0.2,
    Rank.TRANSLATED: 0.03,
}


def _score(passage: Passage, query: Query) -> float | None:
    """None when the passage does not answer the query."""
    if not query.has_terms:
        return 0.0
    return max(map(_quality, find_answers(passage, query)), default=None)


def _quality(answer: Answer) -> float:
    date = _QUALITY[Rank.EXACT] if answer.is_dated else 0.0
    return date + sum(_QUALITY[rank] for rank in answer.ranks)


def _order(sort: Sort, score: float, passage: Passage) -> tuple[float | str, ...]:
    undated = passage.aired_at is None
    age = 0.0 if passage.aired_at is None else -passage.aired_at.timestamp()
    by_age = -age if sort is Sort.OLDEST else age
    dated = (float(undated), by_age)
    keys = (-score, *dated) if sort is Sort.RELEVANCE else dated
    return (*keys, passage.broadcast_id)


def _facets(passages: Sequence[Passage]) -> dict[str, tuple[FacetCount, ...]]:
    years = _facet(str(each.aired_at.year) for each in passages if each.aired_at)
    return {
        "language": _facet(each.language for each in passages),
        "programme": _facet(each.programme_id for each in passages if each.programme_id),
        "year": tuple(sorted(years, key=lambda facet: facet.value, reverse=True)),
    }


def _mentioned(
    passages: Sequence[Passage], names: tuple[SpokenName, ...]
) -> tuple[FacetCount, ...]:
    return _facet(
        each.name for passage in passages for each in names if mentions(passage, each.terms)
    )[:MOST_NAMES]


def _facet(values: Iterable[str]) -> tuple[FacetCount, ...]:
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(value=value, count=count) for value, count in counted)
