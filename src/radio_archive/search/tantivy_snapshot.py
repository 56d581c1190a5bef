"""One state of a Tantivy index: what all searches between two commits share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from threading import RLock
from typing import NamedTuple

from tantivy import FieldType, Occur, Query, Schema, Searcher

from radio_archive.errors import BadQuery, SearchIndexError
from radio_archive.languages.analysis import analyzer_name
from radio_archive.model import (
    AirDate,
    BroadcastId,
    IndexHit,
    IndexPage,
    LanguageTag,
    Sort,
    SpokenName,
    Term,
)
from radio_archive.model import Query as Asked
from radio_archive.model.bands import floors_from
from radio_archive.search.plan import Plan, plan_mention, plan_query
from radio_archive.search.postings import Deadline
from radio_archive.search.spellings import Speller
from radio_archive.search.suggestions import SpokenWords
from radio_archive.search.tantivy_counts import Counter, Counts, buckets
from radio_archive.search.tantivy_names import KeptMentions, Mentioned
from radio_archive.search.tantivy_page import Finder
from radio_archive.search.tantivy_parts import all_of, any_of, best_of, unscored
from radio_archive.search.tantivy_query import (
    EVERYWHERE,
    Compiler,
    WordTerms,
)
from radio_archive.search.tantivy_schema import OPEN, TRANSLATED, WORDS, Form, floor_trait
from radio_archive.search.tantivy_schema import word_term as make_term
from radio_archive.search.tantivy_words import FiledWords
from radio_archive.search.vocabulary import exact_of

#: what is looked up once, for all searches to come
_NO_DEADLINE = Deadline(math.inf)
#: searches whose counts are remembered
_REMEMBERED = 1_000

_Counted = tuple[Mentioned | None, Counts]
"""The mentions that were counted, and what they and all else came to."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a page, and the counts that come to them."""

    hits: tuple[IndexHit, ...]
    total: int  #: hits in all
    counting: Future[Counts]

    def page(self) -> IndexPage:
        """Both together, once all is counted.

        Raises:
            BadQuery: counting took too long.
        """
        counts = self.counting.result()
        return IndexPage(
            hits=self.hits,
            total=self.total,
            total_broadcasts=counts.broadcasts,
            facets=counts.facets,
            in_translations=counts.in_translations,
        )


class Opened(NamedTuple):
    """One of the two indexes, as of one commit."""

    schema: Schema
    searcher: Searcher


class Snapshot:
    """Passages and words as of one commit. Safe between threads."""

    def __init__(
        self,
        passages: Opened,
        words: Opened,
        kept: KeptMentions,
        counters: Executor,
    ) -> None:
        """Share one state.

        Args:
            passages: all of them.
            words: the vocabulary.
            kept: the mentions of names, from one state to the next.
            counters: threads that count beside the searches.
        """
        self._kept = kept
        self._counters = counters
        self._schema, self._searcher = passages
        self._words_schema, self._vocabulary = words
        self._lock = RLock()
        self._known: dict[str, WordTerms] = {}
        self._counted: dict[Asked, _Counted] = {}

    @property
    def size(self) -> int:
        """Passages that are not deleted."""
        return int(self._searcher.num_docs)

    def holds(self, broadcast_id: BroadcastId) -> bool:
        """Whether some passage is of a broadcast, those already deleted counted too."""
        return bool(self._searcher.doc_freq("broadcast", broadcast_id))

    def find(self, query: Asked, names: tuple[SpokenName, ...], limit_s: float) -> Found:
        """Find passages; see ``SearchIndex.search``.

        Args:
            query: what is searched.
            names: to be counted.
            limit_s: seconds of processor time that finding may take, and counting again.
        """
        deadline = Deadline(limit_s, time.thread_time)
        written = self._write(query, deadline) or Query.empty_query()
        try:
            counting = self._counters.submit(self._count, query, written, names, limit_s)
        except RuntimeError as error:  # its threads are gone
            raise closed() from error
        finder = Finder(self._searcher, self._schema, deadline)
        return Found(*finder.hits(query, written), counting)

    def _count(
        self, query: Asked, written: Query, names: tuple[SpokenName, ...], limit_s: float
    ) -> Counts:
        """The counts of all that is found; kept for the other pages and orders of a search."""
        mentions = self._mentions(names) if names else None
        same = replace(query, page=1, sort=Sort.RELEVANCE)
        known = self._counted.get(same)
        if known is not None and known[0] is mentions:
            return known[1]
        counter = Counter(self._searcher, self._schema, Deadline(limit_s, time.thread_time))
        counts = counter.count(query, written, mentions)
        if len(self._counted) >= _REMEMBERED:
            self._counted = {}
        self._counted[same] = mentions, counts
        return counts

    def spoken(self, query: Asked) -> list[SpokenWords]:
        """The words of the languages a query searches."""
        analyzers = dict.fromkeys(analyzer_name(tag) for tag in self.languages_of(query))
        return [SpokenWords(name, [self._filed(name)], self._counter(name)) for name in analyzers]

    def languages_of(self, query: Asked) -> list[LanguageTag]:
        """The languages whose passages may answer a query."""
        tags = [tag for tags in self._languages.values() for tag in tags]
        return [tag for tag in tags if query.language in (None, tag)]

    def _write(self, query: Asked, deadline: Deadline) -> Query | None:
        """What finds what answers a query and passes its filters; None when nothing can."""
        must, must_not = list(self._filters(query)), []
        if query.is_said_only:
            must_not.append(self._has("traits", TRANSLATED))
        for terms in query.mentions:
            named = self._mentioning(terms, self.languages_of(query))
            if named is None:
                return None
            must.append(named)
        if query.has_terms:
            words = self._match(query, deadline)
            if words is None:
                return None
        else:
            words = unscored(Query.all_query())
        if not must and not must_not:
            return words
        return Query.boolean_query(
            [
                (Occur.Must, words),
                *((Occur.Must, unscored(each)) for each in must),
                *((Occur.MustNot, each) for each in must_not),
            ]
        )

    def _filters(self, query: Asked) -> Iterator[Query]:
        if query.language is not None:
            yield self._has("language", query.language)
        if query.programme_id is not None:
            yield self._has("programme", query.programme_id)
        if query.aired_from is not None or query.aired_before is not None:
            first, last = (
                None if moment is None else math.ceil(moment.timestamp())
                for moment in (query.aired_from, query.aired_before)
            )
            yield self._aired_between(first, last)
        if query.floor is not None:
            yield any_of(
                [self._has("traits", floor_trait(floor)) for floor in floors_from(query.floor)]
            )

    def _aired_between(self, first: int | None, last: int | None) -> Query:
        return Query.range_query(
            self._schema, "aired", FieldType.Integer, first, last, include_upper=last is None
        )

    def _aired_on(self, date: AirDate) -> Query:
        if date.span is not None:
            first, last = (int(moment.timestamp()) for moment in date.span)
            return self._aired_between(first, last)
        return self._has("day", f"{date.month}-{date.day}")

    def _match(self, query: Asked, deadline: Deadline) -> Query | None:
        """What finds the passages whose words answer, each by the rules of its language."""
        plans: dict[tuple[str, Plan], list[LanguageTag]] = {}
        for language in self.languages_of(query):
            is_close = query.is_close or language in self._weak_languages
            plan = plan_query(query, language, is_close=is_close)
            if plan is not None:
                plans.setdefault((analyzer_name(language), plan), []).append(language)
        found = []
        for (analyzer, plan), languages in plans.items():
            deadline.check()
            is_open = self._open_to_close(query, plan)
            compiler = Compiler(
                self._words(analyzer), deadline, is_open=is_open, aired_on=self._aired_on
            )
            written = compiler.write(plan)
            if written is None:
                continue
            if plan.is_dated or languages != self._languages[analyzer]:
                written = all_of([written, unscored(self._is_of(languages))])
            found.append(written)
        # a passage is of one language, so nothing is found twice
        return best_of(found) if found else None

    def _open_to_close(self, query: Asked, plan: Plan) -> Query | None:
        """In which passages words spelt much alike answer; None: in none."""
        if query.is_close:
            return EVERYWHERE
        return self._has("traits", OPEN) if plan.has_close else None

    def _mentioning(
        self, terms: tuple[Term, ...], languages: Iterable[LanguageTag]
    ) -> Query | None:
        """What finds the passages that mention a name; None when none does."""
        found = []
        for language in languages:
            analyzer = analyzer_name(language)
            compiler = Compiler(self._words(analyzer), _NO_DEADLINE)
            holders = compiler.holders(plan_mention(terms, language))
            if holders is None:
                continue
            if self._languages[analyzer] != [language]:
                holders = all_of([holders, self._has("language", language)])
            found.append(holders)
        return any_of(found) if found else None

    def _mentions(self, names: tuple[SpokenName, ...]) -> Mentioned:
        """What finds the passages that mention each name; names that nobody says left out."""

        def find() -> Mentioned:
            tags = self.languages_of(Asked())
            said = []
            for each in names:
                # one of more spellings than can be looked for is not counted, and ends no search
                with suppress(BadQuery):
                    query = self._mentioning(each.terms, tags)
                    if query is not None:
                        said.append((each.name, query))
            return Mentioned.find(self._searcher, said)

        return self._kept.get(names, self, find, self.size)

    @cached_property
    def _languages(self) -> Mapping[str, list[LanguageTag]]:
        """The languages of all passages, by analyzer."""
        found: dict[str, list[LanguageTag]] = {}
        for tag, _holders in self._searcher.terms_with_prefix("language", ""):
            found.setdefault(analyzer_name(LanguageTag(tag)), []).append(LanguageTag(tag))
        return found

    @cached_property
    def _weak_languages(self) -> frozenset[str]:
        """Languages with passages that were likely misheard."""
        return frozenset(self._values(self._has("traits", OPEN), "language"))

    def _values(self, query: Query, field: str) -> list[str]:
        return [value for value, _ in buckets(self._searcher, query, [field])[field]]

    def _words(self, analyzer: str) -> WordTerms:
        with self._lock:
            if analyzer not in self._known:
                filed = self._filed(analyzer)
                speller = Speller(lambda: [filed])
                self._known[analyzer] = WordTerms(self._searcher, self._schema, analyzer, speller)
            return self._known[analyzer]

    def _filed(self, analyzer: str) -> FiledWords:
        occurs = self._counter(analyzer)
        return FiledWords(
            self._vocabulary, self._words_schema, analyzer, lambda term: occurs(term) > 0
        )

    def _counter(self, analyzer: str) -> Callable[[str], int]:
        """Tells how many passages hold an index term, those already deleted counted too."""

        def holders(term: str) -> int:
            found = make_term(analyzer, Form.EXACT, exact_of(term))
            return int(self._searcher.doc_freq(WORDS, found))

        return holders

    def _is_of(self, languages: Sequence[LanguageTag]) -> Query:
        return any_of([self._has("language", language) for language in languages])

    def _has(self, field: str, value: str) -> Query:
        text = value.encode("utf-8", "replace").decode()
        return Query.term_query(self._schema, field, text)


def closed() -> SearchIndexError:
    """What is told to whoever asks an index that was let go of."""
    return SearchIndexError("The search index was closed.", hint="Open it again.")
