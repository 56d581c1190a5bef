"""A plan as conditions of PostgreSQL: an AND of ORs, phrases and exclusions in one ``tsquery``.

Nothing typed reaches a statement: words and names were looked up, and what is written here is made
of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from radio_archive.languages.analysis import analyzer_name
from radio_archive.model import AirDate, Query
from radio_archive.model.bands import floors_from
from radio_archive.search.mentions import Terms
from radio_archive.search.plan import Clause, Plan, Reading, Row, plan_mention
from radio_archive.search.postgresql_snapshot import Planned, Snapshot, Words
from radio_archive.search.ranking import NO_DATE
from radio_archive.search.spellings import close_words

Places = Sequence[Sequence[str]]
"""The terms that may stand at each place of a row of words."""

NOTHING = "false"
EVERYTHING = "true"


def filters(query: Query, snapshot: Snapshot) -> str:
    """What the filters of a query let through."""
    parts = [EVERYTHING]
    if query.language is not None:
        parts.append(f"language = {snapshot.number_of(query.language)}")
    if query.programme_id is not None:
        parts.append(f"programme = {snapshot.number_of(query.programme_id)}")
    if query.aired_from is not None:
        parts.append(f"aired >= {int(query.aired_from.timestamp())}")
    if query.aired_before is not None:
        parts.append(f"aired < {int(query.aired_before.timestamp())} and aired <> {NO_DATE}")
    if query.floor is not None:
        wanted = (snapshot.number_of(floor) for floor in floors_from(query.floor))
        parts.append(_is_one_of("floor", wanted))
    if query.is_said_only:
        parts.append("not is_translation")
    parts += [_either(mentioning(terms, snapshot, query)) for terms in query.mentions]
    return " and ".join(parts)


def mentioning(terms: Terms, snapshot: Snapshot, query: Query) -> Iterator[str]:
    """What finds the passages that mention a name, for each language searched."""
    for number, words in mention_queries(terms, snapshot, query):
        yield f"(language = {number} and {holds(words)})"


def mention_queries(terms: Terms, snapshot: Snapshot, query: Query) -> Iterator[tuple[int, str]]:
    """Likewise as the number of the language and a ``tsquery``."""
    for language in snapshot.searched(query):
        words = snapshot.words(analyzer_name(language))
        found = clause_query(words, plan_mention(terms, language))
        if found:
            yield snapshot.number_of(language), found


def answers(planned: Planned, snapshot: Snapshot, query: Query) -> str:
    """What finds the passages that answer a plan, in its languages.

    With words spelt much alike it finds a few more, where those would not count.
    """
    words, plan = snapshot.words(planned.analyzer), planned.plan
    found = list(_readings(words, plan.readings, is_close=False))
    if plan.has_close:
        is_open = EVERYTHING if query.is_close else "is_weak"
        near = _readings(words, plan.readings, is_close=True)
        found += [f"({is_open} and {condition})" for condition in near if condition not in found]
    excluded = [each for clause in plan.excluded if (each := clause_query(words, clause))]
    parts = [
        _is_one_of("language", map(snapshot.number_of, planned.languages)),
        _either(found),
        *(f"not {holds(each)}" for each in excluded),
    ]
    return f"({' and '.join(parts)})"


def aired_on(date: AirDate) -> str:
    """What was aired on a date."""
    if date.span is not None:
        first, last = (int(moment.timestamp()) for moment in date.span)
        return f"(aired >= {first} and aired < {last})"
    # to_timestamp takes no moment as early as the one that stands for none
    utc = f"to_timestamp(nullif(aired, {NO_DATE})) at time zone 'UTC'"
    return f"(extract(month from {utc}) = {date.month} and extract(day from {utc}) = {date.day})"


def holds(words: str) -> str:
    """What holds the words of a ``tsquery``."""
    return f"words @@ '{words}'::tsquery"


def clause_query(words: Words, clause: Clause, *, is_close: bool = False) -> str:
    """The ``tsquery`` of what holds any row of a clause; empty when nothing can."""
    rows = [row_query(words, _places(words, row)) for row in clause.rows]
    if is_close:
        near = (close_words(words.speller, row) for row in clause.rows if row.has_close)
        rows += [row_query(words, places) for places in near if places]
    return _any_of(filter(None, rows))


def row_query(words: Words, places: Places) -> str:
    """The ``tsquery`` of words that follow one another; empty when one of them is nowhere."""
    found = [_any_of(str(words.numbers[term]) for term in terms) for terms in places]
    if not all(found):
        return ""
    return found[0] if len(found) == 1 else f"({' <-> '.join(found)})"


def wanted(words: Words, plan: Plan) -> set[int]:
    """The numbers of all words that may answer a plan, those spelt much alike included."""
    rows = [row for each in plan.readings for clause in each.clauses for row in clause.rows]
    places = [_places(words, row) for row in rows]
    if plan.has_close:
        places += [close_words(words.speller, row) for row in rows if row.has_close]
    return {words.numbers[term] for each in places for terms in each for term in terms}


def _places(words: Words, row: Row) -> Places:
    return [words.speller.spellings(word).every for word in row.words]


def _readings(words: Words, readings: Iterable[Reading], *, is_close: bool) -> Iterator[str]:
    """A condition for each reading that can be met."""
    undated = []
    for reading in readings:
        clauses = [clause_query(words, each, is_close=is_close) for each in reading.clauses]
        if not all(clauses):
            continue
        together = " & ".join(clauses)
        if reading.aired is None:
            undated.append(f"({together})")
            continue
        date = aired_on(reading.aired)
        yield f"({date} and {holds(together)})" if clauses else date
    if undated:
        yield holds(_any_of(undated))


def _any_of(queries: Iterable[str]) -> str:
    found = list(dict.fromkeys(queries))
    return found[0] if len(found) == 1 else f"({' | '.join(found)})" if found else ""


def _either(conditions: Iterable[str]) -> str:
    found = list(conditions)
    return f"({' or '.join(found)})" if found else NOTHING


def _is_one_of(column: str, numbers: Iterable[int]) -> str:
    return f"{column} in ({', '.join(map(str, numbers))})"
