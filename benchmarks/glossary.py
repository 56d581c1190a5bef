"""What one correction is worth for the other broadcasts: names learnt, prompted and proposed.

    python benchmarks/glossary.py [--others] [--keep FOLDER]

The sample broadcasts (synthetic voices, exact scripts) and a real reader. Each script is taken for
people's correction of what the engine wrote. Printed are

- every name learnt, to be judged by eye;
- the sentences proposed in the other broadcasts, right where people wrote the right form then;
- what the names learnt in the first half of a recording change in its second, and those of one
  broadcast in the next of its programme, where they are given to the engine. ``--others`` gives
  the names of other programmes where there is no other broadcast: what that would spoil.

``--keep`` keeps what was decoded for the next run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import MODELS  # noqa: E402
from benchmarks.prompt import _counted  # noqa: E402
from benchmarks.transcription import wer  # noqa: E402

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.archive import AddOptions, Archive, open_archive  # noqa: E402
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.catalogue.rows import pack_transcript, transcript_from  # noqa: E402
from radio_archive.glossary.applying import find_places  # noqa: E402
from radio_archive.glossary.learning import learn  # noqa: E402
from radio_archive.languages.names import Names  # noqa: E402
from radio_archive.languages.wordings import key_of, without_little_words  # noqa: E402
from radio_archive.model import (  # noqa: E402
    BroadcastId,
    Entry,
    EntryState,
    LanguageTag,
    Milliseconds,
    Segment,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.pipeline.prompting import MAX_LEARNT_NAMES, prompt_for  # noqa: E402
from radio_archive.search.passages import split_passages  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.transcribers import Transcriber  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402

FRENCH = LanguageTag("fr")
#: how far apart the clocks of a proposal and of the script may be
NEAR_MS = 3_000


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A recording in the archive, and what is truly said in it."""

    name: str
    path: Path
    id: BroadcastId
    people: Transcript

    @property
    def truth(self) -> str:
        """All of it."""
        return " ".join(segment.text for segment in self.people.segments)


class Bench:
    """A throw-away archive with all recordings, and the engine."""

    def __init__(self, home: Path, keep: Path) -> None:
        settings = Settings(home=home, min_free_bytes=0)
        self.archive: Archive = open_archive(settings)
        self.catalogue = self.archive._catalogue
        self.names = Names.load()
        self._keep = keep
        self.all = list(self._taken_in())

    @cached_property
    def _engine(self) -> Transcriber:
        return load_transcriber(EngineChoice(models_dir=MODELS))

    def prompt(self, spoken: Spoken) -> str:
        """As the pipeline would give it now."""
        return prompt_for(self.archive._parts, self.archive.get_broadcast(spoken.id))

    def page_prompt(self, spoken: Spoken) -> str:
        """The names of its page alone."""
        page = self.archive.get_broadcast(spoken.id)
        return self.names.prompt_for(f"{page.title}\n{page.summary}", *page.guests)

    def hear(self, spoken: Spoken, prompt: str) -> Transcript:
        """What the engine writes with a prompt; from the folder where it was kept."""
        digest = hashlib.sha256(prompt.encode()).hexdigest()[:12]
        kept = self._keep / f"{spoken.path.stem}-{digest}"
        if not kept.is_file():
            options = RecipeOptions(language=FRENCH, prompt=prompt)
            made = transcribe(Audio.find().decode(spoken.path), self._engine, options)
            kept.write_bytes(pack_transcript(made))
        row = SimpleNamespace(
            id=None,
            made_from=None,
            language=FRENCH,
            kind="machine",
            engine="",
            parameters="{}",
            trust="machine",
            created_at=0,
            payload=kept.read_bytes(),
        )
        return transcript_from(row)  # type: ignore[arg-type]

    def store(self, spoken: Spoken, transcript: Transcript) -> None:
        """Make it the current transcript."""
        cut = split_passages(transcript, self.archive.get_broadcast(spoken.id))
        self.catalogue.transcripts.add(spoken.id, transcript, cut)

    def teach(self, spoken: Spoken) -> tuple[Entry, ...]:
        """Learn from its script; whatever is learnt counts as accepted."""
        return tuple(
            self.archive.decide(entry.id, EntryState.ACCEPTED)
            for entry in self.archive.learn(spoken.id)
        )

    def forget(self, spoken: Spoken) -> None:
        """Leave out what was learnt from it, so that nothing is told its own answers."""
        self.catalogue.glossary.learn(spoken.id, FRENCH, [])
        for entry in self.archive.glossary():
            if not entry.broadcasts:
                self.archive.decide(entry.id, EntryState.REFUSED)

    def _taken_in(self) -> Iterator[Spoken]:
        samples = sorted((ROOT / "media" / "samples").glob("*.mp3"))
        yield from (self._take(path, _script(path), None) for path in samples)
        reader = radio_file.SHARED / f"{radio_file.BENIN}.flac"
        if reader.is_file():
            yield self._take(reader, _reading(reader), "fr")

    def _take(self, path: Path, people: Transcript, language: str | None) -> Spoken:
        (result,) = self.archive.add([str(path)], AddOptions(language=language))
        assert result.broadcast_id is not None, result.error
        return Spoken(name=path.stem[:24], path=path, id=result.broadcast_id, people=people)


def main() -> int:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--others", action="store_true", help="names of other programmes too")
    parser.add_argument("--keep", type=Path, help="folder for what was decoded")
    parser.add_argument("--shared", type=Path, help="folder of the shared recordings")
    chosen = parser.parse_args()
    if chosen.shared:
        radio_file.SHARED = chosen.shared
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        keep = chosen.keep or Path(folder)
        bench = Bench(Path(folder), keep)
        machines = {spoken.name: bench.hear(spoken, bench.prompt(spoken)) for spoken in bench.all}
        lessons = _print_lessons(bench, machines)
        _print_proposals(bench, machines, lessons)
        _print_halves(bench, machines)
        _print_prompts(bench, machines, lessons, with_others=chosen.others)
        bench.archive.close()
    return 0


def _print_lessons(bench: Bench, machines: dict[str, Transcript]) -> dict[str, tuple[Entry, ...]]:
    print("learnt from each script")
    lessons = {}
    for spoken in bench.all:
        bench.store(spoken, machines[spoken.name])
        bench.store(spoken, spoken.people)
        lessons[spoken.name] = bench.teach(spoken)
        for entry in lessons[spoken.name]:
            print(f"  {spoken.name:26}{entry.wrong} -> {entry.right}")
    print(f"  entries: {len(bench.archive.glossary())}")
    return lessons


def _print_proposals(
    bench: Bench, machines: dict[str, Transcript], lessons: dict[str, tuple[Entry, ...]]
) -> None:
    print("proposed in the other broadcasts")
    right = total = 0
    for spoken in bench.all:
        others = {
            entry.id: entry
            for name, entries in lessons.items()
            if name != spoken.name
            for entry in entries
        }
        for entry in others.values():
            for place in find_places(machines[spoken.name], entry):
                is_right = _is_said(spoken.people, entry, place.start_ms)
                right, total = right + is_right, total + 1
                verdict = "right" if is_right else "wrong"
                print(
                    f"  {verdict}  {spoken.name:26}{entry.wrong} -> {entry.right}: {place.sentence}"
                )
    print(f"  right: {right} of {total}")


def _is_said(people: Transcript, entry: Entry, at_ms: int) -> bool:
    """Whether people wrote the right form near a moment."""
    name = key_of(without_little_words(entry.right, FRENCH))
    return any(
        segment.start_ms - NEAR_MS <= at_ms <= segment.end_ms + NEAR_MS
        and f" {name} " in f" {key_of(segment.text)} "
        for segment in people.segments
    )


def _print_halves(bench: Bench, machines: dict[str, Transcript]) -> None:
    print("second halves, with the names learnt in the first: word errors, names right, too often")
    for spoken in sorted(bench.all, key=lambda each: len(each.truth)):
        segments = spoken.people.segments
        middle = segments[len(segments) // 2].start_ms
        first, second = _until(spoken.people, middle), _since(spoken.people, middle)
        found = learn(machines[spoken.name], first, lambda text: bool(bench.names.find(text)))
        rights = dict.fromkeys(without_little_words(each.right, FRENCH) for each in found)
        learnt = list(rights)[-MAX_LEARNT_NAMES:]
        truth = " ".join(segment.text for segment in second.segments)
        prompt = ", ".join(filter(None, (*learnt, bench.page_prompt(spoken))))
        # decoded as a whole both times: other windows would be another experiment
        for what, made in (
            ("page alone", machines[spoken.name]),
            ("and learnt", bench.hear(spoken, prompt)),
        ):
            _print_counts(spoken, what, learnt, truth, _since(made, middle).text)
        print(f"      {', '.join(learnt)}")


def _until(transcript: Transcript, end_ms: int) -> Transcript:
    return replace(
        transcript, segments=tuple(each for each in transcript.segments if each.start_ms < end_ms)
    )


def _since(transcript: Transcript, start_ms: int) -> Transcript:
    """What is said from a moment on; words before it belong to no sentence of it."""
    near = start_ms - 300
    return replace(
        transcript, segments=tuple(each for each in transcript.segments if each.start_ms >= near)
    )


def _print_counts(spoken: Spoken, what: str, names: Iterable[str], truth: str, heard: str) -> None:
    right, total, surplus = _counted(names, truth, heard)
    shown = f"  {spoken.name:26}{what:17}{wer(truth, heard):6.3f}{right:5} of {total:<4}"
    print(f"{shown}{surplus or 'none'}", flush=True)


def _print_prompts(
    bench: Bench,
    machines: dict[str, Transcript],
    lessons: dict[str, tuple[Entry, ...]],
    *,
    with_others: bool,
) -> None:
    print(
        f"{MAX_LEARNT_NAMES} names given to the engine at most: word errors, names right, too often"
    )
    programmes = [_programme(bench, spoken) for spoken in bench.all]
    for spoken in bench.all:
        is_alone = programmes.count(_programme(bench, spoken)) == 1
        if is_alone and not with_others:
            continue
        bench.forget(spoken)
        prompt, learnt, label = bench.prompt(spoken), _names(lessons, spoken), "same programme"
        if is_alone:
            label = "names of others"
            prompt = ", ".join(filter(None, (*learnt[:MAX_LEARNT_NAMES], prompt)))
        said = {name.name for name in bench.names.found_in(spoken.truth)}
        said |= {without_little_words(entry.right, FRENCH) for entry in lessons[spoken.name]}
        prompted = bench.hear(spoken, prompt)
        for what, heard in (("page alone", machines[spoken.name]), (label, prompted)):
            _print_counts(spoken, what, {*said, *learnt}, spoken.truth, heard.text)
        print(f"      {prompt}")
        bench.teach(spoken)


def _programme(bench: Bench, spoken: Spoken) -> str:
    programme = bench.archive.get_broadcast(spoken.id).programme
    return spoken.name if programme is None else programme.id


def _names(lessons: dict[str, tuple[Entry, ...]], spoken: Spoken) -> Sequence[str]:
    """What the others taught."""
    entries = [entry for name, found in lessons.items() if name != spoken.name for entry in found]
    return list(dict.fromkeys(without_little_words(entry.right, FRENCH) for entry in entries))


def _script(path: Path) -> Transcript:
    script = json.loads(path.with_suffix(".script.json").read_text(encoding="utf-8"))
    return _by_people((turn["start_ms"], turn["end_ms"], turn["text"]) for turn in script["turns"])


def _reading(path: Path) -> Transcript:
    lines = path.with_suffix(".ref.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return _by_people((round(float(a) * 1000), round(float(b) * 1000), t) for a, b, _, t in rows)


def _by_people(rows: Iterator[tuple[int, int, str]]) -> Transcript:
    return Transcript(
        language=FRENCH,
        kind=TranscriptKind.CORRECTED,
        trust=Trust.CHECKED,
        segments=tuple(
            Segment(start_ms=Milliseconds(start), end_ms=Milliseconds(end), text=text)
            for start, end, text in rows
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
