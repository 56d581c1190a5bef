"""Are the phrases that were said found, and does the hit open the sound where they begin?

Adds the real French recordings with a reference text (``../shared/data/audio/fr``) to a fresh
archive, transcribes and indexes them as a station would, then searches the first words of 50
utterances as phrases. Printed: how many of them the engine heard right (its transcript holds the
words), how many of those the search finds, how far the hit's start is from the true onset, and the
word error rate of each recording.

    python benchmarks/phrases.py [--phrases 50] [--words 4] [--recording benin]

The true onset is where an utterance rises above its own background for 60 ms: the reference times
are those of whole prompts, with the silence before the first word. Apostrophes that the reference
lost ("lorsqu il") are put back, and phrases end with whole words, as people type them.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import regex

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.material import onset_ms, rows_of  # noqa: E402 - the line above makes it importable
from benchmarks.transcription import AS_WRITTEN  # noqa: E402

from radio_archive.archive import AddOptions, Archive, SearchOptions, open_archive  # noqa: E402
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.evaluation import count_errors  # noqa: E402
from radio_archive.languages.comparison import compared_words  # noqa: E402
from radio_archive.model import Transcript  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.worker import run_worker  # noqa: E402

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "fr"
RECORDINGS = {
    "benin": (SHARED / "benin/session_200625-154904.flac", "session_200625-154904.ref.tsv"),
    "quebec": (SHARED / "asterisk_june/all_prompts_8k.flac", "all_prompts_8k.ref.tsv"),
}
NEAR_MS = 6_000  #: words this close to the true onset are looked at
FAR_MS = 300  #: start errors above this are printed one by one
ELIDED = regex.compile(r"\b((?:[ldjnsmtc]|qu|lorsqu|puisqu|jusqu)) (?=[aeiouyhàâéèêîôû])", regex.I)
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """The first words of an utterance."""

    recording: str
    typed: str  #: as the reference writes it, apostrophes and all
    words: tuple[str, ...]  #: as compared
    onset_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one phrase."""

    phrase: Phrase
    is_heard: bool
    error_ms: int | None  #: None when the search did not find it


def words_of(text: str) -> list[str]:
    """Words as compared here: lower case, no punctuation, apostrophes cut, digits as written."""
    return compared_words(text, AS_WRITTEN)


def read_reference(path: Path) -> list[tuple[float, float, str]]:
    """(start seconds, end seconds, text) of each utterance."""
    return [(start, end, ELIDED.sub(r"\1'", text)) for start, end, text in rows_of(path)]


def choose(name: str, samples: np.ndarray, reference: Path, length: int) -> list[Phrase]:
    """First words that are said once in the recording."""
    rows = read_reference(reference)
    everything = " ".join(" ".join(words_of(text)) for _, _, text in rows)
    phrases = []
    for start, end, text in rows:
        found = list(WORD.finditer(text))[:length]
        words = tuple(match.group().lower() for match in found)
        is_once = everything.count(" ".join(words)) == 1
        is_whole = len(words) == length and text[found[-1].end() :][:1] not in ("'", "’")
        if is_whole and is_once and not any(word.isdigit() for word in words):
            phrases.append(
                Phrase(
                    recording=name,
                    typed=text[found[0].start() : found[-1].end()],
                    words=words,
                    onset_ms=onset_ms(samples, start, end),
                )
            )
    return phrases


def spread(phrases: list[Phrase], count: int) -> list[Phrase]:
    """``count`` phrases, evenly from the whole list."""
    places = np.linspace(0, len(phrases) - 1, min(count, len(phrases))).round().astype(int)
    return [phrases[place] for place in places]


def look_up(archive: Archive, broadcast_id: str, phrase: Phrase) -> Outcome:
    """Search one phrase and compare the nearest hit of its broadcast with the truth."""
    page = archive.search(f'"{phrase.typed}"', SearchOptions(language="fr"))
    errors = [
        hit.start_ms - phrase.onset_ms
        for group in page.broadcasts
        if group.broadcast.id == broadcast_id
        for hit in group.hits
    ]
    return Outcome(
        phrase=phrase,
        is_heard=_is_heard(archive.get_transcript(broadcast_id), phrase),
        error_ms=min(errors, key=abs) if errors else None,
    )


def _is_heard(transcript: Transcript, phrase: Phrase) -> bool:
    """Whether the transcript holds the very words where they were said."""
    near = [
        piece
        for segment in transcript.segments
        for word in segment.words
        if abs(word.start_ms - phrase.onset_ms) <= NEAR_MS
        for piece in words_of(word.text)
    ]
    return f" {' '.join(phrase.words)} " in f" {' '.join(near)} "


def report(outcomes: list[Outcome]) -> None:
    """Print the table."""
    for name in sorted({outcome.phrase.recording for outcome in outcomes}):
        mine = [outcome for outcome in outcomes if outcome.phrase.recording == name]
        heard = [outcome for outcome in mine if outcome.is_heard]
        found = [outcome for outcome in heard if outcome.error_ms is not None]
        errors = sorted(abs(outcome.error_ms) for outcome in found if outcome.error_ms is not None)
        lost = [outcome.phrase.typed for outcome in heard if outcome.error_ms is None]
        # the nearest rank: the smallest error that 95 % of the phrases do not exceed
        p95 = errors[math.ceil(0.95 * len(errors)) - 1] if errors else 0
        print(
            f"{name:8} phrases {len(mine)}, heard right {len(heard)}, found {len(found)}, "
            f"heard but not found {len(lost)}; |start error| median "
            f"{statistics.median(errors or [0]):.0f} ms, 95 % {p95} ms, "
            f"largest {max(errors or [0])} ms"
        )
        for text in lost:
            print(f"         not found though heard: {text}")
        for outcome in found:
            if outcome.error_ms is not None and abs(outcome.error_ms) > FAR_MS:
                print(f"         starts {outcome.error_ms:+d} ms off: {outcome.phrase.typed}")
        for outcome in mine:
            if not outcome.is_heard:
                print(f"         not heard: {outcome.phrase.typed}")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--phrases", type=int, default=50, help="per recording")
    parser.add_argument("--words", type=int, default=4)
    parser.add_argument("--recording", choices=sorted(RECORDINGS), action="append")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    outcomes: list[Outcome] = []
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as home,
        open_archive(Settings(home=Path(home))) as archive,
    ):
        for name in options.recording or RECORDINGS:
            sound, reference_name = RECORDINGS[name]
            [added] = archive.add([str(sound)], AddOptions(language="fr", title=name))
            assert added.broadcast_id is not None, added.error
            run_worker(archive, until_idle=True)
            samples = np.concatenate(list(Audio.find().decode(sound)))
            reference = sound.parent / reference_name
            phrases = spread(choose(name, samples, reference, options.words), options.phrases)
            outcomes += [look_up(archive, added.broadcast_id, phrase) for phrase in phrases]
            truth = [word for row in read_reference(reference) for word in words_of(row[2])]
            heard = words_of(archive.get_transcript(added.broadcast_id).text)
            print(f"{name:8} word error rate {count_errors(truth, heard).rate:.3f}")
        report(outcomes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
