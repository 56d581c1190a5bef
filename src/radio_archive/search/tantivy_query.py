"""A plan in Tantivy's own queries, with the scores of ``search.postings``.

Tantivy weighs a word or a phrase by its own rarity; here it is weighed by that of all its forms
together, so each part is boosted by the ratio of the two. Clauses and readings count by their best:
disjunction-max queries.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import islice, product
from typing import Any

from tantivy import Occur, Query, Schema, Searcher

from radio_archive.model import AirDate, Origin
from radio_archive.search.plan import Clause, Plan, QueryWord, Reading, Row
from radio_archive.search.postings import (
    AIRED_WEIGHT,
    CLOSE_WEIGHT,
    EXACT_BONUS,
    FOLDED_BONUS,
    ORIGIN_WEIGHTS,
    Deadline,
)
from radio_archive.search.spellings import Speller
from radio_archive.search.tantivy_parts import (
    Places,
    all_of,
    any_of,
    any_row,
    best_of,
    boosted,
    within_reach,
)
from radio_archive.search.tantivy_schema import FILLER, WORDS, Form, word_term
from radio_archive.search.vocabulary import forms_of, stem_of

#: ways to put one phrase together from forms that have no single term, tried at most
MAX_PHRASES = 64

#: finds every passage: words spelt much alike answer in all of them
EVERYWHERE = Query.all_query()

#: queries whose number of passages is remembered, per analyzer
_REMEMBERED = 10_000


class WordTerms:
    """The terms of one analyzer's languages in one state of the index; safe between threads."""

    def __init__(self, searcher: Searcher, schema: Schema, analyzer: str, speller: Speller) -> None:
        self.searcher = searcher
        self.schema = schema
        self.analyzer = analyzer
        self.speller = speller
        #: passages in all, those deleted but not yet merged away included, as Tantivy counts
        self.size = searcher.doc_freq(WORDS, FILLER)
        self._counts: dict[Hashable, int] = {}

    def term(self, form: Form, text: str) -> str:
        """The term of one form of a word."""
        return word_term(self.analyzer, form, text)

    def query(self, terms: Sequence[str]) -> Query:
        """What holds a term, or a row of terms one after the other."""
        if len(terms) == 1:
            return Query.term_query(self.schema, WORDS, terms[0])
        return Query.phrase_query(self.schema, WORDS, list(terms))

    def rarity(self, holders: int) -> float:
        """What BM25 counts a word that so many passages hold."""
        return math.log(1 + (self.size - holders + 0.5) / (holders + 0.5))

    def native_rarity(self, terms: Sequence[str]) -> float:
        """What Tantivy itself counts a term or a row of them."""
        return sum(self.rarity(self.holders(term)) for term in terms)

    def holders(self, term: str) -> int:
        """The passages with a term."""
        return self.searcher.doc_freq(WORDS, term)

    def count(self, what: Hashable, query: Query) -> int:
        """The passages that a query finds; remembered.

        Args:
            what: tells the query from all others.
            query: what finds them.
        """
        known = self._counts.get(what)
        if known is None:
            known = count(self.searcher, query)
            if len(self._counts) >= _REMEMBERED:
                self._counts = {}
            self._counts[what] = known
        return known


def count(searcher: Searcher, query: Query) -> int:
    """The passages that a query finds, without scoring them."""
    return total_of(searcher.search(query, limit=1, count=True))


def total_of(result: Any) -> int:
    """All that a search found; the stubs of tantivy-py forget it."""
    return int(result.count)


class Compiler:
    """Writes plans over one analyzer's words; made for one search."""

    def __init__(
        self,
        words: WordTerms,
        deadline: Deadline,
        *,
        is_open: Query | None = None,
        aired_on: Callable[[AirDate], Query] | None = None,
    ) -> None:
        """Prepare to write.

        Args:
            words: the terms.
            deadline: of the whole search.
            is_open: finds the passages in which words spelt much alike answer; ``EVERYWHERE``: in
                all; None: in none.
            aired_on: finds what was aired on a date.
        """
        self._words = words
        self._deadline = deadline
        self._is_open = is_open
        self._aired_on = aired_on
        self._known: dict[Clause, Query | None] = {}

    def write(self, plan: Plan) -> Query | None:
        """What finds the passages that answer any reading; None when nothing can."""
        readings = [query for each in plan.readings if (query := self._reading(each)) is not None]
        if not readings:
            return None
        found = best_of(readings)
        excluded = [query for each in plan.excluded if (query := self.holders(each)) is not None]
        if not excluded:
            return found
        return Query.boolean_query(
            [(Occur.Must, found), *((Occur.MustNot, query) for query in excluded)]
        )

    def holders(self, clause: Clause) -> Query | None:
        """What finds the passages that hold any row of a clause, whatever they count."""
        found = []
        for row in clause.rows:
            places = [self._every(word) for word in row.words]
            if all(places):
                found.append(self._any_of(places))
        return None if not found else any_of(found)

    def _reading(self, reading: Reading) -> Query | None:
        parts = []
        if reading.aired is not None and self._aired_on is not None:
            date = self._aired_on(reading.aired)
            rarity = self._words.rarity(self._words.count(reading.aired, date))
            parts.append(Query.const_score_query(date, AIRED_WEIGHT * rarity))
        for clause in reading.clauses:
            part = self._clause(clause)
            if part is None:
                return None
            parts.append(part)
        if not parts:
            return None
        weight = ORIGIN_WEIGHTS[reading.origin]
        return boosted(all_of(parts), weight)

    def _clause(self, clause: Clause) -> Query | None:
        if clause not in self._known:
            self._known[clause] = self._answer(clause)
        return self._known[clause]

    def _answer(self, clause: Clause) -> Query | None:
        """What finds any row of a clause, by the best, as ``postings`` does."""
        found: list[Query] = []
        ceiling = math.inf
        for row in clause.rows:
            self._deadline.check()
            if row.origin is Origin.TYPED:
                typed = self._typed(row)
                if typed is not None:
                    query, rarity = typed
                    ceiling = min(ceiling, rarity)
                    found.append(query)
            else:
                found += self._added(row, ceiling)
        if self._is_open is not None:
            for row in clause.rows:
                if row.has_close:
                    self._deadline.check()
                    found += self._close(row, self._is_open, ceiling)
        return best_of(found) if found else None

    def _typed(self, row: Row) -> tuple[Query, float] | None:
        """What finds a row that was typed, and its rarity; None when nothing holds it."""
        if row.words[0].is_prefix:
            return self._beginning(row.words[0])
        places = [self._every(word) for word in row.words]
        holders = self._holders(places)
        if not holders:
            return None
        rarity = self._words.rarity(holders)
        levels = [places, *self._nearer(row)]
        # levels that are the same terms are one query
        weights = (1.0, FOLDED_BONUS, EXACT_BONUS)
        merged: list[tuple[Places, float]] = []
        for level, weight in zip(levels, weights, strict=True):
            if merged and merged[-1][0] == level:
                merged[-1] = level, merged[-1][1] + weight
            else:
                merged.append((level, weight))
        (base, base_weight), *bonuses = merged
        parts = [(Occur.Must, self._weighed(base, rarity * base_weight))]
        parts += [
            (Occur.Should, self._weighed(level, rarity * weight))
            for level, weight in bonuses
            if all(level)
        ]
        return (parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)), rarity

    def _beginning(self, word: QueryWord) -> tuple[Query, float] | None:
        """What finds words that begin so: each passage counts once, however often they occur."""
        spellings = self._words.speller.spellings(word)
        if not spellings.every:
            return None
        every = self._term_set(spellings.every)
        holders = self._words.count(frozenset(spellings.every), every)
        if not holders:
            return None
        rarity = self._words.rarity(holders)
        base = Query.const_score_query(every, rarity * (1 + FOLDED_BONUS))
        if not spellings.exact:
            return base, rarity
        exact = Query.const_score_query(self._term_set(spellings.exact), rarity * EXACT_BONUS)
        return Query.boolean_query([(Occur.Must, base), (Occur.Should, exact)]), rarity

    def _term_set(self, terms: Iterable[str]) -> Query:
        exact = dict.fromkeys(self._words.term(Form.EXACT, forms_of(term)[2]) for term in terms)
        return Query.term_set_query(self._words.schema, WORDS, list(exact))

    def _added(self, row: Row, ceiling: float) -> list[Query]:
        """What finds a row that nobody typed: never counted as rarer than what it stands for."""
        places = [self._every(word) for word in row.words]
        holders = self._holders(places)
        if not holders:
            return []
        rarity = min(ceiling, self._words.rarity(holders))
        return [self._weighed(places, ORIGIN_WEIGHTS[row.origin] * rarity)]

    def _close(self, row: Row, is_open: Query, ceiling: float) -> list[Query]:
        """What finds a row when words spelt much alike answer too, where they may."""
        places = self._places_of_close(row)
        if not places:
            return []
        if len(places) == 1:
            found = Query.term_set_query(self._words.schema, WORDS, places[0])
        else:
            found = any_row(self._words.schema, places)
        if is_open is not EVERYWHERE:
            found = all_of([found, is_open])
        rarity = self._rarity_of_close(places, found, is_open is EVERYWHERE, ceiling)
        return [] if rarity is None else [Query.const_score_query(found, CLOSE_WEIGHT * rarity)]

    def _places_of_close(self, row: Row) -> Places:
        """What may stand at each place when words spelt much alike do too; empty: nothing more.

        Words that stand nowhere as typed are looked at first: where they have no misspellings
        either, as in most languages a phrase is not in, those of the others need not be found.
        """
        every = [self._every(word) for word in row.words]
        near: dict[int, list[str]] = {}
        for at in sorted(range(len(every)), key=lambda at: bool(every[at])):
            near[at] = self._near(row.words[at], is_alone=len(every) == 1)
            if not (near[at] or every[at]):
                return []
        if not any(near.values()):
            return []
        if len(every) == 1:  # what answers anyway is found anyway
            return [near[0]]
        # what was typed comes first: of very many the misspellings farthest off are left out
        return within_reach(
            [list(dict.fromkeys([*terms, *near[at]])) for at, terms in enumerate(every)]
        )

    def _rarity_of_close(
        self, places: Places, found: Query, is_everywhere: bool, ceiling: float
    ) -> float | None:
        """How rare words spelt much alike are, at most the ceiling; None: none occurs."""
        if len(places) == 1:
            most = sum(map(self._words.holders, places[0]))
            if self._words.rarity(most) >= ceiling:
                return ceiling  # they are no more than that, so nobody need count them
        what = "close", is_everywhere, tuple(map(tuple, places))
        holders = self._words.count(what, found)
        return min(ceiling, self._words.rarity(holders)) if holders else None

    def _near(self, word: QueryWord, *, is_alone: bool) -> list[str]:
        """Words spelt much alike; in a row by the form that many spellings share."""
        form, number = (Form.EXACT, 2) if is_alone else (Form.FOLDED, 1)
        terms = self._words.speller.close_terms(word)
        return list(dict.fromkeys(self._words.term(form, forms_of(t)[number]) for t in terms))

    def _every(self, word: QueryWord) -> list[str]:
        """The fewest terms that stand wherever any form of a word does."""
        spellings = self._words.speller.spellings(word)
        if word.is_prefix:
            return [self._words.term(Form.EXACT, forms_of(term)[2]) for term in spellings.every]
        if word.stem is None:
            return self._least(spellings.every, word)
        others = [term for term in spellings.every if stem_of(term) != word.stem]
        found = self._least(others, word)
        if len(others) < len(spellings.every):
            found = [self._words.term(Form.STEM, word.stem), *found]
        return found

    def _least(self, terms: Sequence[str], word: QueryWord) -> list[str]:
        """Terms of folded or of exact forms, as the word asks."""
        form, number = (Form.EXACT, 2) if word.folded is None else (Form.FOLDED, 1)
        return list(dict.fromkeys(self._words.term(form, forms_of(t)[number]) for t in terms))

    def _nearer(self, row: Row) -> tuple[Places, Places]:
        """The places of a row in the forms typed, and in the very spelling."""
        spellings = [self._words.speller.spellings(word) for word in row.words]
        folded, exact = [], []
        for each, word in zip(spellings, row.words, strict=True):
            every = self._every(word)
            is_folded = len(each.folded) == len(each.every)
            folded.append(every if is_folded else self._least(each.folded, word))
            is_exact = len(each.exact) == len(each.folded)
            terms = [self._words.term(Form.EXACT, forms_of(term)[2]) for term in each.exact]
            exact.append(folded[-1] if is_exact else terms)
        return folded, exact

    def _holders(self, places: Places) -> int:
        """The passages where a row stands."""
        if not all(places):
            return 0
        if len(places) == 1 and len(places[0]) == 1:
            return self._words.holders(places[0][0])
        self._deadline.check()
        return self._words.count(tuple(map(tuple, places)), self._any_of(places))

    def _weighed(self, places: Places, score: float) -> Query:
        """What finds a row, its repetition saturated as ever, and its rarity this one."""
        phrases = list(islice(product(*places), MAX_PHRASES + 1))
        if len(phrases) > MAX_PHRASES:
            return Query.const_score_query(any_row(self._words.schema, places), score)
        found = [
            Query.boost_query(self._words.query(terms), score / native)
            for terms in phrases
            if (native := self._words.native_rarity(terms))
        ]
        return best_of(found)

    def _any_of(self, places: Places) -> Query:
        """What finds a row, whatever it counts."""
        phrases = list(islice(product(*places), MAX_PHRASES + 1))
        if len(places) == 1 and len(places[0]) > 1:
            return Query.term_set_query(self._words.schema, WORDS, list(places[0]))
        if len(phrases) > MAX_PHRASES:
            return any_row(self._words.schema, places)
        return any_of([self._words.query(terms) for terms in phrases])
