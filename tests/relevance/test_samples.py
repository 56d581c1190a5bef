"""The sample broadcasts answer what is asked of them: judged by hand, moment by moment."""

from __future__ import annotations

import pytest

from tests.relevance.report import run_ours
from tests.relevance.station import Station
from tests.relevance.trials import Mode, Trial, judged_by_hand

#: share of the queries with a right passage among the first ten
TARGETS = {
    (Mode.EXACT, "by hand"): 1.0,
    (Mode.FOLDED, "by hand"): 0.90,
    (Mode.ALIAS, "by hand"): 0.90,
    (Mode.CLOSE, "by hand"): 0.85,
    (Mode.CROSS, "English"): 0.80,
}


@pytest.fixture(scope="module")
def asked(sample_station: Station) -> dict[tuple[Mode, str], Trial]:
    return {(trial.mode, trial.typed): trial for trial in judged_by_hand(sample_station)}


@pytest.mark.parametrize("kind", list(TARGETS), ids=" ".join)
def test_a_question_finds_its_moment(
    sample_station: Station, asked: dict[tuple[Mode, str], Trial], kind: tuple[Mode, str]
) -> None:
    run = run_ours(sample_station, asked[kind])
    assert run.figures.recall >= TARGETS[kind], run.missed


def test_every_question_has_a_moment_that_answers_it(
    asked: dict[tuple[Mode, str], Trial],
) -> None:
    for trial in asked.values():
        assert all(question.judged for question in trial.questions)
