"""``python -m tests.relevance.by_meaning``: what search by meaning finds that words do not.

python -m tests.relevance.by_meaning [--crowd]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from radio_archive.model import Match
from tests.relevance import texts, trials
from tests.relevance.station import Station, key_of, open_station
from tests.relevance.texts import Programme
from tests.relevance.trials import Trial

LANGUAGES = ("fr", "en")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crowd", action="store_true", help="among 6,200 sentences of others")
    programmes = list(texts.samples())
    if parser.parse_args().crowd:
        programmes += crowd()
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as home,
        open_station(Path(home), programmes, LANGUAGES) as station,
    ):
        print(f"{len(station.passages)} passages of {len(programmes)} broadcasts")
        for line in lines(station):
            print(line, flush=True)


def crowd() -> Iterator[Programme]:
    """Other texts for the samples to be found among: English articles, griots in French."""
    yield from texts.oldi("eng_Latn", "en")
    for told in texts.jeli():
        yield Programme(name=f"{told.name}, French", language="fr", cues=told.french)


def lines(station: Station) -> Iterator[str]:
    """A line for each sort of question, without and with meaning."""
    for trial in (*trials.paraphrases(station), *trials.judged_by_hand(station)):
        for is_on in (False, True):
            yield line(station, trial, is_on=is_on)


def line(station: Station, trial: Trial, *, is_on: bool) -> str:
    """Recall and what the hits by meaning were worth."""
    options = trial.options if is_on else replace(trial.options, without=("meaning",))
    recall, shown, right, missed = 0, 0, 0, []
    for question in trial.questions:
        answer = station.search(question.text, options)
        is_found = bool(question.judged.intersection(answer.keys[:10]))
        recall += is_found
        missed += [] if is_found else [question.text]
        mine = [key_of(each.passage) for each in answer.found if each.match is Match.MEANING]
        shown += len(mine)
        right += len(question.judged.intersection(mine))
    count = len(trial.questions)
    return (
        f"{trial.language} {trial.mode}, {trial.typed} ({count}), "
        f"meaning {'on' if is_on else 'off'}: "
        f"recall@10 {recall / count:.1%}; {shown} hits by meaning, {right} of them judged right; "
        f"missed: {'; '.join(missed[:12])}"
    )


if __name__ == "__main__":
    main()
