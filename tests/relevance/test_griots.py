"""What somebody remembers of a griot's words is found, however it is typed.

Two hundred queries of one to three words, drawn from the Bambara lines of real cues; right is any
passage that holds all the words in the text's own spelling.
"""

from __future__ import annotations

import pytest

from radio_archive.archive import SearchOptions
from tests.relevance import texts
from tests.relevance.metrics import first_rank
from tests.relevance.report import outcome_of, run_ours
from tests.relevance.sampling import Judge, KnownItem, sample
from tests.relevance.station import Station
from tests.relevance.trials import Mode, Trial, known
from tests.relevance.typing_styles import STYLES

QUERIES = 200

#: share of the queries with a right passage among the first ten
TARGETS = {"official letters": 0.95, "no special letters": 0.95, "French-style": 0.85}


@pytest.fixture(scope="module")
def judge(griots: Station) -> Judge:
    return Judge(griots.in_language("bm"))


@pytest.fixture(scope="module")
def items(judge: Judge) -> tuple[KnownItem, ...]:
    cues = [cue for programme in texts.jeli() for cue in programme.cues]
    return sample(cues, judge, QUERIES)


def test_the_same_queries_are_drawn_every_time(judge: Judge, items: tuple[KnownItem, ...]) -> None:
    cues = [cue for programme in texts.jeli() for cue in programme.cues]
    assert len(items) == QUERIES
    assert sample(cues, judge, QUERIES) == items


@pytest.mark.parametrize("style", list(TARGETS))
def test_words_are_found_in_each_way_of_typing(
    griots: Station, judge: Judge, items: tuple[KnownItem, ...], style: str
) -> None:
    typed = STYLES["bm"][style]
    trial = Trial(
        language="bm",
        mode=Mode.FOLDED,
        typed=style,
        questions=tuple(known(item, typed(item.text), judge) for item in items),
        options=SearchOptions(),  # no language chosen: the French track is searched too
    )
    run = run_ours(griots, trial)
    assert run.figures.recall >= TARGETS[style], run.missed


def test_an_exact_search_shows_nothing_but_the_very_spelling(
    griots: Station, judge: Judge, items: tuple[KnownItem, ...]
) -> None:
    options = SearchOptions(language="bm", is_exact_only=True)
    for item in items[:60]:
        outcome = outcome_of(known(item, item.text, judge), griots.search(item.text, options).keys)
        assert first_rank(outcome) == 1, item.text
        assert outcome.false == 0, item.text
