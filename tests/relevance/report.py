"""Ask every trial of every engine, and print the figures side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.relevance.baselines import Baseline
from tests.relevance.metrics import Figures, Outcome, measure
from tests.relevance.station import PassageKey, Station
from tests.relevance.trials import Question, Trial

OURS = "radio_archive"

HEAD = f"    {'':<20}{'recall@10':>10}{'MRR':>7}{'zero hits':>11}{'false':>8}   found as"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one engine answered to one trial."""

    engine: str
    figures: Figures
    modes: Counter[str]  #: of the first judged hit of each query: which spelling was found
    missed: tuple[str, ...]  #: queries without a judged passage among the first ten


def run_ours(station: Station, trial: Trial) -> Run:
    """Ask the archive."""
    answers = [station.search(question.text, trial.options) for question in trial.questions]
    modes: Counter[str] = Counter()
    for question, answer in zip(trial.questions, answers, strict=True):
        right = (
            found
            for found, key in zip(answer.found, answer.keys, strict=True)
            if key in question.judged
        )
        modes.update(str(found.match) for found in list(right)[:1])
    return _run(OURS, trial, [answer.keys for answer in answers], modes)


def run_baseline(baseline: Baseline, trial: Trial) -> Run:
    """Ask an engine as it comes."""
    ranked = [baseline.search(question.text, trial.language) for question in trial.questions]
    return _run(baseline.name, trial, ranked, Counter())


def _run(engine: str, trial: Trial, ranked: Sequence[list[PassageKey]], modes: Counter[str]) -> Run:
    outcomes = [
        outcome_of(question, keys) for question, keys in zip(trial.questions, ranked, strict=True)
    ]
    missed = tuple(
        question.text
        for question, keys in zip(trial.questions, ranked, strict=True)
        if not question.judged & set(keys[:10])
    )
    return Run(engine=engine, figures=measure(outcomes), modes=modes, missed=missed)


def outcome_of(question: Question, keys: list[PassageKey]) -> Outcome:
    """A first page against the judgements."""
    return Outcome(ranked=keys, judged=question.judged, false=sum(map(question.is_false, keys)))


def report(
    station: Station, baselines: Iterable[Baseline], trials: Iterable[Trial]
) -> Iterator[str]:
    """The report, line by line."""
    engines = list(baselines)
    language = ""
    for trial in trials:
        if trial.language != language:
            language = trial.language
            yield f"\n{language}: {len(station.in_language(language))} passages"
            yield HEAD
        yield f"  {trial.mode}: {trial.typed} ({len(trial.questions)} queries)"
        ours = run_ours(station, trial)
        for run in (ours, *(run_baseline(baseline, trial) for baseline in engines)):
            yield _line(run)
        if ours.missed:
            yield f"      missed: {'; '.join(ours.missed[:12])}"


def _line(run: Run) -> str:
    figures = run.figures
    found = ", ".join(f"{mode} {count}" for mode, count in run.modes.most_common())
    return (
        f"    {run.engine:<20}{figures.recall:>9.1%} {figures.mrr:>6.3f}"
        f"{figures.zero_hits:>10.1%} {figures.false_merges:>7.1%}   {found}"
    ).rstrip()
