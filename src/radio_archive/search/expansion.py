"""What is searched beside the words typed: other names, other languages, and dates of broadcasts.

Typed words are looked up in the authority file and in the lexicon, the longest row of words first.
One word's alternatives join it in its group; alternatives of several words together, and words that
are a date, make another reading of the query. Everything added is listed in the query, under an id
that switches it off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice, product
from operator import attrgetter

import regex

from radio_archive.languages.analysis import analyzer_name
from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.lookup import analyzers, stems
from radio_archive.languages.names import Name, NameKind, Names
from radio_archive.languages.repair import fold
from radio_archive.model import (
    AirDate,
    Expansion,
    LanguageTag,
    Origin,
    Query,
    SpokenName,
    Term,
    Variant,
)
from radio_archive.search.dates import find_date

#: bounds on what one search can cost
MAX_EXPANSIONS = 8
MAX_ALTERNATIVES = 12
MAX_VARIANTS = 8
#: kinds of names that are counted: a family, a people or its language say little of a passage, and
#: of a corrected name nobody said whether it is one of these
COUNTED = frozenset(NameKind) - {
    NameKind.PART,
    NameKind.PEOPLE,
    NameKind.CORRECTED,
    NameKind.COMMON,
}
#: switches everything off
ALL = "all"

_NOT_IN_ID = regex.compile(r"[^\p{L}\p{N}]+")

Group = tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """The alternatives of one origin for a row of groups, or for one term of a group."""

    first: int  #: the groups it stands for: first, and past the last
    last: int
    typed: str
    origin: Origin
    terms: tuple[Term, ...]
    aired: AirDate | None = None  #: answers instead of the words, in what was aired then

    @property
    def id(self) -> str:
        """A name for addresses, always the same for the same words and origin."""
        return f"{_NOT_IN_ID.sub('-', fold(self.typed.casefold())).strip('-')}-{self.origin}"

    @property
    def is_in_group(self) -> bool:
        """Whether its terms join those of one group; else it takes the place of its groups."""
        return self.aired is None and self.last == self.first + 1


def expand(query: Query, names: Names, lexicon: Lexicon, without: Collection[str] = ()) -> Query:
    """Add other names and translations of what was typed, and the broadcasts of dates.

    Excluded words, beginnings of words and searches for one exact spelling stay as they are. With
    a language filter, only what counts in texts of that language is added.

    Args:
        query: as parsed.
        names: other names.
        lexicon: translations.
        without: ids of expansions that are switched off; ``all`` for every one.

    Returns:
        The query with its terms, variants and ``expansions``.
    """
    if query.is_exact_only or ALL in without:
        return query
    finder = _Finder(names, lexicon, query.language)
    found = (unit for unit in _units(query.required, finder) if unit.id not in without)
    units = tuple(islice(found, MAX_EXPANSIONS))
    if not units:
        return query
    groups = _widen(query.required, units)
    return replace(
        query,
        required=groups,
        variants=(*query.variants, *_variants(groups, units)),
        expansions=(*query.expansions, *(_expansion(unit) for unit in units)),
    )


def terms_of(name: Name, names: Names) -> Iterator[Term]:
    """All that says a name, each form where it counts."""
    for form in name.forms:
        for language in names.counts_in(form):
            yield _term(form.text, Origin.ALIAS, language)


def spoken_names(names: Names) -> tuple[SpokenName, ...]:
    """The names that are counted in what a search finds, with all that says them.

    One that is written like an ordinary word everywhere is left out.
    """
    counted = (name for name in names.all if name.kind in COUNTED)
    said = (SpokenName(name=name.name, terms=tuple(terms_of(name, names))) for name in counted)
    return tuple(each for each in said if each.terms)


class _Finder:
    """Looks up one row of typed words."""

    def __init__(self, names: Names, lexicon: Lexicon, language: LanguageTag | None) -> None:
        self._names = names
        self._lexicon = lexicon
        self._language = language

    def find(self, typed: str) -> dict[Origin, tuple[Term, ...]]:
        """The alternatives of a row of words by origin; empty when it is no name and no entry."""
        found: list[Term] = []
        for term in (*self._aliases(typed), *self._translations(typed)):
            if self._language is not None and term.language not in (None, self._language):
                continue
            known = (" ".join(each.words) for each in found if each.language == term.language)
            if not any(_says_the_same(term, text) for text in (typed, *known)):
                found.append(term)
        return {
            origin: terms
            for origin in (Origin.ALIAS, Origin.TRANSLATION)
            if (terms := _first([term for term in found if term.origin is origin]))
        }

    def _aliases(self, typed: str) -> Iterator[Term]:
        for name in self._names.find(typed):
            yield from terms_of(name, self._names)

    def _translations(self, typed: str) -> Iterator[Term]:
        for concept, spoken in self._lexicon.find(typed):
            for wording in concept.wordings:
                is_other = wording.language != spoken
                origin = Origin.TRANSLATION if is_other else Origin.ALIAS
                yield _term(wording.text, origin, wording.language)


def _first(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms with the first so many wordings; one wording may count in several languages."""
    wordings = list(dict.fromkeys(term.words for term in terms))[:MAX_ALTERNATIVES]
    return tuple(term for term in terms if term.words in wordings)


def _term(text: str, origin: Origin, language: LanguageTag | None) -> Term:
    return Term(words=tuple(text.split()), origin=origin, language=language)


def _says_the_same(term: Term, typed: str) -> bool:
    """Whether other words find everything the term finds, where the term counts."""
    text, in_french = " ".join(term.words), analyzers()[0]
    if term.language is None and _joined(text, in_french) == _joined(typed, in_french):
        return True
    where = analyzers() if term.language is None else (analyzer_name(term.language),)
    return all(_holds(stems(text, analyzer), stems(typed, analyzer)) for analyzer in where)


def _joined(text: str, analyzer: str) -> str:
    return "".join(stems(text, analyzer))


def _holds(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    if "".join(longer) == "".join(shorter):
        return True
    starts = range(len(longer) - len(shorter) + 1)
    return bool(shorter) and any(
        longer[first : first + len(shorter)] == shorter for first in starts
    )


def _units(groups: Sequence[Group], finder: _Finder) -> Iterator[_Unit]:
    first = 0
    while first < len(groups):
        last, units = _longest(groups, first, finder)
        yield from units
        first = last


def _longest(groups: Sequence[Group], first: int, finder: _Finder) -> tuple[int, Sequence[_Unit]]:
    """What the longest row of groups from one on means; where the next may begin."""
    end = first + _run_length(groups[first:])
    for last in range(end, first, -1):
        row = groups[first:last]
        units = _look_up(row, first, finder) if len(row) > 1 else ()
        if units:
            return last, units
        found = find_date([group[0].words[0] for group in row])
        if found is not None:
            each = [_look_up_terms(groups[n], n, finder) for n in range(first, last)]
            date = () if found.date is None else (_dated(found.typed, found.date, first, last),)
            return last, [*date, *chain.from_iterable(each)]
    return first + 1, _look_up_terms(groups[first], first, finder)


def _dated(typed: str, date: AirDate, first: int, last: int) -> _Unit:
    return _Unit(first=first, last=last, typed=typed, origin=Origin.AIRED, terms=(), aired=date)


def _run_length(groups: Sequence[Group]) -> int:
    """How many groups from the first on are one typed word each."""
    words = (_is_lookable(group) and len(group[0].words) == 1 for group in groups)
    return next((number for number, is_word in enumerate(words) if not is_word), len(groups))


def _is_lookable(group: Group) -> bool:
    return len(group) == 1 and not group[0].is_prefix and group[0].origin is Origin.TYPED


def _look_up(groups: Sequence[Group], first: int, finder: _Finder) -> list[_Unit]:
    typed = " ".join(group[0].words[0] for group in groups)
    found = finder.find(typed)
    return [
        _Unit(first=first, last=first + len(groups), typed=typed, origin=origin, terms=terms)
        for origin, terms in found.items()
    ]


def _look_up_terms(group: Group, first: int, finder: _Finder) -> list[_Unit]:
    """Each word or phrase of one group by itself."""
    texts = (
        " ".join(term.words) for term in group if not term.is_prefix and term.origin is Origin.TYPED
    )
    return [
        _Unit(first=first, last=first + 1, typed=typed, origin=origin, terms=terms)
        for typed in texts
        for origin, terms in finder.find(typed).items()
    ]


def _widen(groups: Sequence[Group], units: Sequence[_Unit]) -> tuple[Group, ...]:
    """Every group with the alternatives that are its own."""
    widened = [dict.fromkeys(group) for group in groups]
    for unit in units:
        if unit.is_in_group:
            widened[unit.first].update(dict.fromkeys(unit.terms))
    return tuple(tuple(group) for group in widened)


def _variants(groups: tuple[Group, ...], units: Sequence[_Unit]) -> Iterator[Variant]:
    """The readings in which some rows of words are replaced; those that replace least first.

    One at most is replaced by a date: nothing is aired on two.
    """
    replacing = [unit for unit in units if not unit.is_in_group]
    choices = [(None, *same) for _, same in groupby(replacing, key=attrgetter("first"))]
    readings = [[unit for unit in choice if unit] for choice in product(*choices)]
    readings = [each for each in readings if each and len(_dates(each)) <= 1]
    for reading in sorted(readings, key=len)[:MAX_VARIANTS]:
        replaced = list[Group | None](groups)
        for unit in reading:
            instead = [None] * (unit.last - unit.first)
            replaced[unit.first : unit.last] = [unit.terms or None, *instead[1:]]
        yield Variant(
            required=tuple(group for group in replaced if group is not None),
            origin=_worst({unit.origin for unit in reading}),
            aired=next(iter(_dates(reading)), None),
        )


def _dates(reading: Sequence[_Unit]) -> list[AirDate]:
    return [unit.aired for unit in reading if unit.aired is not None]


def _worst(origins: Collection[Origin]) -> Origin:
    """The origin of a reading's words; those beside a date are the words typed."""
    order = (Origin.TRANSLATION, Origin.ALIAS)
    return next((origin for origin in order if origin in origins), Origin.TYPED)


def _expansion(unit: _Unit) -> Expansion:
    return Expansion(
        typed=unit.typed,
        added=tuple(dict.fromkeys(" ".join(term.words) for term in unit.terms)),
        origin=unit.origin,
        id=unit.id,
        aired=unit.aired,
    )
