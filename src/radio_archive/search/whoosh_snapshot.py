"""One state of a Whoosh index, read into arrays: what all searches between two commits share.

Segments never change but for their deletions, so a new state reads only the segments that are new.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Any

import numpy as np
from whoosh.index import TOC

from radio_archive.languages.analysis import analyzer_name
from radio_archive.model import LanguageTag, Query, SpokenName, TranscriptKind, Trust
from radio_archive.search.lengths import length_factors
from radio_archive.search.mentions import Mentions, Terms
from radio_archive.search.plan import Clause, Plan, QueryWord, Row, plan_mention, plan_query
from radio_archive.search.postings import (
    NO_POSTINGS,
    NOTHING,
    POSITION_BITS,
    TRANSLATED_WEIGHT,
    Deadline,
    Evaluator,
    Mask,
    Matches,
    Postings,
    Scores,
)
from radio_archive.search.ranking import Table
from radio_archive.search.spellings import Speller, Spellings
from radio_archive.search.suggestions import SpokenWords
from radio_archive.search.vocabulary import Numbers, Vocabulary
from radio_archive.search.whoosh_codec import words_field
from radio_archive.search.whoosh_segment import SegmentArrays
from radio_archive.search.whoosh_storage import DurableStorage

INDEX_NAME = "MAIN"

#: dates remembered
_CACHED_DATES = 16

_NO_PLACES = np.empty(0, np.int64)
#: what is looked up once, for all searches to come
_NO_DEADLINE = Deadline(math.inf)
#: terms of a vocabulary that are looked through in less time than all names are looked up
_FEW_TERMS = 10_000


class Snapshot:
    """All segments of one generation as one row of passages."""

    def __init__(self, storage: DurableStorage, schema: Any, known: Mapping[str, SegmentArrays]):
        toc = TOC.read(storage, INDEX_NAME, schema=schema)
        self.generation: int = toc.generation
        self.segments: dict[str, SegmentArrays] = {}
        for segment in toc.segments:
            name = segment.segment_id()
            self.segments[name] = known.get(name) or SegmentArrays(storage, schema, segment)
        self.table = _make_table(list(self.segments.values()), toc.segments)
        sizes = [arrays.size for arrays in self.segments.values()]
        self._offsets = [0, *np.cumsum(sizes).tolist()]
        self._languages: dict[str, list[LanguageTag]] = {}
        for tag in map(LanguageTag, filter(None, self.table.language_tags)):
            self._languages.setdefault(analyzer_name(tag), []).append(tag)
        self._lock = Lock()
        self._mentions: Mentions | None = None
        # every analyzer asks for the same date
        self._aired_on = lru_cache(_CACHED_DATES)(
            lambda date: np.flatnonzero(self.table.aired_on(date))
        )

    def languages(self, query: Query) -> list[LanguageTag]:
        """The languages whose passages may answer a query."""
        tags = [tag for tags in self._languages.values() for tag in tags]
        return [tag for tag in tags if query.language in (None, tag)]

    def mentioning(self, query: Query) -> Mask:
        """Which passages mention all the names a query filters by."""
        is_named = np.ones(len(self.table), np.bool_)
        for terms in query.mentions:
            is_this = np.zeros(len(self.table), np.bool_)
            for language in self.languages(query):
                evaluator = Evaluator(self.words(analyzer_name(language)), _NO_DEADLINE)
                docs = evaluator.holders(plan_mention(terms, language))
                is_this[docs] |= self._is_of(docs, [language])
            is_named &= is_this
        return is_named

    def mentions(self, names: tuple[SpokenName, ...]) -> Mentions:
        """Which passages mention which names; looked up once for each segment and name."""
        with self._lock:
            if self._mentions is None or self._mentions.names is not names:
                known = [
                    arrays.mentions.of(names, partial(_find_holders, arrays))
                    for arrays in self.segments.values()
                ]
                self._mentions = Mentions.join(names, zip(known, self._offsets, strict=False))
            return self._mentions

    def words(self, analyzer: str) -> WordSource:
        """The words of one analyzer's languages."""
        offsets = zip(self.segments.values(), self._offsets, strict=False)
        return WordSource(words_field(analyzer), list(offsets), self.table.length_factors)

    def spoken(self, query: Query) -> list[SpokenWords]:
        """The words of the languages a query searches."""
        analyzers = dict.fromkeys(analyzer_name(tag) for tag in self.languages(query))
        sources = [(analyzer, self.words(analyzer)) for analyzer in analyzers]
        return [
            SpokenWords(analyzer, source.vocabularies, source.count) for analyzer, source in sources
        ]

    def match(self, query: Query, deadline: Deadline) -> Matches:
        """The passages whose words answer a query, each by the rules of its language."""
        plans: dict[tuple[str, Plan], list[LanguageTag]] = {}
        for language in self.languages(query):
            is_close = query.is_close or language in self.table.weak_languages
            plan = plan_query(query, language, is_close=is_close)
            if plan is not None:
                plans.setdefault((analyzer_name(language), plan), []).append(language)
        found = []
        for (analyzer, plan), languages in plans.items():
            deadline.check()
            evaluator = Evaluator(
                self.words(analyzer),
                deadline,
                is_open=self._open_to_close(query, plan),
                aired_on=self._aired_on,
            )
            matches = evaluator.find(plan)
            if plan.is_dated or languages != self._languages[analyzer]:
                matches = self._of_languages(matches, languages)
            found.append(matches)
        found = [matches for matches in found if len(matches.docs)]
        if not found:
            return NOTHING
        # a passage is of one language, so nothing is found twice
        docs = np.concatenate([matches.docs for matches in found])
        scores = np.concatenate([matches.scores for matches in found])
        if self.table.has_translations:
            scores = np.where(self.table.is_translation[docs], TRANSLATED_WEIGHT * scores, scores)
        return Matches(docs, scores)

    def _open_to_close(self, query: Query, plan: Plan) -> Mask | None:
        """In which passages words spelt much alike answer; None: in none."""
        if query.is_close:
            return np.ones(len(self.table), np.bool_)
        return self.table.is_weak if plan.has_close else None

    def _of_languages(self, matches: Matches, languages: Sequence[LanguageTag]) -> Matches:
        """Those of some of an analyzer's languages."""
        keep = self._is_of(matches.docs, languages)
        return Matches(matches.docs[keep], matches.scores[keep])

    def _is_of(self, docs: Numbers, languages: Sequence[LanguageTag]) -> Mask:
        numbers = [self.table.language_tags.index(language) for language in languages]
        return np.isin(self.table.languages[docs], numbers)


class WordSource:
    """The words of one analyzer's languages in one state of the index."""

    def __init__(
        self, field: str, segments: list[tuple[SegmentArrays, int]], length_factors: Scores
    ) -> None:
        self._field = field
        self._segments = segments
        self._length_factors = length_factors
        self._speller = Speller(lambda: self.vocabularies)

    @property
    def length_factors(self) -> Scores:
        """See ``PostingSource.length_factors``."""
        return self._length_factors

    @property
    def vocabularies(self) -> list[Vocabulary]:
        """The words of each segment."""
        return [segment.vocabulary(self._field) for segment, _ in self._segments]

    def postings(self, term: str) -> Postings:
        """See ``PostingSource.postings``."""
        found = list(self._arrays(term))
        if not found:
            return NO_POSTINGS
        return Postings(
            np.concatenate([docs for docs, _, _ in found]),
            np.concatenate([counts for _, counts, _ in found]),
        )

    def count(self, term: str) -> int:
        """Passages with this term, those already deleted counted too."""
        return len(self.postings(term).docs)

    def places(self, term: str) -> Numbers:
        """See ``PostingSource.places``."""
        found = [
            (np.repeat(docs, counts) << POSITION_BITS) + positions
            for docs, counts, positions in self._arrays(term)
        ]
        return np.concatenate(found) if found else _NO_PLACES

    def spellings(self, word: QueryWord) -> Spellings:
        """See ``PostingSource.spellings``."""
        return self._speller.spellings(word)

    def prepare_close(self) -> None:
        """See ``PostingSource.prepare_close``."""
        self._speller.prepare_close()

    def close_terms(self, word: QueryWord) -> Sequence[str]:
        """See ``PostingSource.close_terms``."""
        return self._speller.close_terms(word)

    def _arrays(self, term: str) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        for segment, offset in self._segments:
            arrays = segment.find_arrays(self._field, term)
            if arrays is not None:
                yield arrays[0] + offset, arrays[1], arrays[2]


def _find_holders(arrays: SegmentArrays, wanted: Sequence[Terms]) -> Mapping[Terms, Numbers]:
    """For what says each of some names, the passages of one segment that hold any of it."""
    found: dict[Terms, list[Numbers]] = {terms: [_NO_PLACES] for terms in wanted}
    for number, tag in enumerate(arrays.language_tags):
        if not tag:
            continue
        field = words_field(analyzer_name(tag))
        source = WordSource(field, [(arrays, 0)], length_factors(arrays.lengths))
        evaluator = Evaluator(source, _NO_DEADLINE)
        may_hold = _sieve(arrays.vocabulary(field))
        for terms, docs in found.items():
            rows = tuple(filter(may_hold, plan_mention(terms, tag).rows))
            if rows:
                holders = evaluator.holders(Clause(rows))
                docs.append(holders[arrays.languages[holders] == number])
    return {terms: np.concatenate(docs) for terms, docs in found.items()}


def _sieve(vocabulary: Vocabulary) -> Callable[[Row], bool]:
    """Tells rows that are surely not there, where that is faster than looking for them.

    A new broadcast has few words and few names; looking for all of them would take ten times as
    long.
    """
    if len(vocabulary.terms) > _FEW_TERMS:
        return lambda _row: True
    forms = vocabulary.forms()
    return lambda row: all(word.stem in forms or word.folded in forms for word in row.words)


def _make_table(arrays: Sequence[SegmentArrays], segments: Sequence[Any]) -> Table:
    is_live = [np.ones(each.size, np.bool_) for each in arrays]
    for segment, live in zip(segments, is_live, strict=True):
        live[np.fromiter(segment.deleted_docs(), np.int64)] = False
    broadcasts, broadcast_ids = _merge([(a.broadcasts, a.broadcast_ids) for a in arrays])
    languages, language_tags = _merge([(a.languages, a.language_tags) for a in arrays])
    programmes, programme_ids = _merge([(a.programmes, a.programme_ids) for a in arrays])
    trusts, trust_names = _merge([(a.trusts, a.trust_names) for a in arrays])
    kinds, kind_names = _merge([(a.kinds, a.kind_names) for a in arrays])
    floors, floor_names = _merge([(a.floors, a.floor_names) for a in arrays])
    is_translation = _is(kinds, kind_names, TranscriptKind.TRANSLATION)
    is_weak = _is(trusts, trust_names, Trust.MACHINE_WEAK) & ~is_translation
    return Table(
        broadcasts=broadcasts,
        broadcast_ids=broadcast_ids,
        languages=languages,
        language_tags=language_tags,
        programmes=programmes,
        programme_ids=programme_ids,
        floors=floors,
        floor_names=floor_names,
        numbers=_concatenate([each.numbers for each in arrays]),
        aired=_concatenate([each.aired for each in arrays]),
        length_factors=length_factors(_concatenate([each.lengths for each in arrays])),
        is_live=np.concatenate(is_live) if is_live else np.empty(0, np.bool_),
        is_weak=is_weak,
        is_translation=is_translation,
        has_translations=bool(is_translation.any()),
        weak_languages=frozenset(language_tags[n] for n in np.unique(languages[is_weak])),
    )


def _is(numbers: Numbers, names: Sequence[str], wanted: str) -> Mask:
    is_it: Mask = numbers == (names.index(wanted) if wanted in names else -1)
    return is_it


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
