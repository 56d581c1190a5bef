"""What a prompt with the names of a broadcast's page is worth, and what it costs.

    python benchmarks/prompt.py

The sample broadcasts (synthetic voices, exact scripts), transcribed without a prompt and with the
one that `pipeline` makes of title, summary and guests: word errors, names written right of those
said, and names written more often than they were said. Then real French readers who say none of
the names they are prompted with: what wrong names spoil.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import regex

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import MODELS  # noqa: E402
from benchmarks.transcription import wer  # noqa: E402

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.languages.names import Names  # noqa: E402
from radio_archive.model import LanguageTag, Transcript  # noqa: E402
from radio_archive.transcribers import Samples, Transcriber  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402

SAMPLES = ROOT / "media" / "samples"
#: seconds read by each real reader
READ_S = 400


def main() -> int:
    """Print both tables."""
    engine = load_transcriber(EngineChoice(models_dir=MODELS))
    names = Names.load()
    prompts = []
    print("sample broadcasts: word errors, names right of those said, names too often")
    for path in sorted(SAMPLES.glob("*.mp3")):
        page, truth = _page(path), _script(path)
        prompt = names.prompt_for(f"{page['title']}\n{page['summary']}", *page["guests"])
        prompts.append(prompt)
        said = {name.name for name in names.found_in(truth)} | set(_words_of(page["guests"]))
        for label, given in (("without", ""), ("with", prompt)):
            text = _write(engine, Audio.find().decode(path), given).text
            right, total, surplus = _counted(said, truth, text)
            print(
                f"  {path.stem[:26]:28}{label:9}{wer(truth, text):6.3f}"
                f"{right:5} of {total:<4} {surplus or 'none'}"
            )
    if radio_file.SHARED.is_dir():
        _print_readers(engine, ", ".join(prompts))
    return 0


def _print_readers(engine: Transcriber, prompt: str) -> None:
    names = [name.strip() for name in prompt.split(",")]
    print(f"real readers, prompted with {len(names)} names they do not say")
    for recording in (radio_file.BENIN, radio_file.QUEBEC):
        reference = (radio_file.SHARED / f"{recording}.ref.tsv").read_text(encoding="utf-8")
        rows = [line.split("\t") for line in reference.splitlines()[1:]]
        inside = [row for row in rows if float(row[1]) <= READ_S]
        truth = " ".join(row[3] for row in inside)
        sound = radio_file.load(f"{recording}.flac")
        sound = sound[: int(float(inside[-1][1]) * radio_file.RATE)]
        for label, given in (("without", ""), ("with", prompt)):
            text = _write(engine, [sound], given).text
            _, _, surplus = _counted(names, truth, text)
            print(
                f"  {recording[:26]:28}{label:9}{wer(truth, text):6.3f}{'':12} {surplus or 'none'}"
            )


def _write(engine: Transcriber, blocks: Iterable[Samples], prompt: str) -> Transcript:
    options = RecipeOptions(language=LanguageTag("fr"), prompt=prompt)
    return transcribe(blocks, engine, options)


def _page(path: Path) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return page


def _script(path: Path) -> str:
    script = json.loads(path.with_suffix(".script.json").read_text(encoding="utf-8"))
    return " ".join(turn["text"] for turn in script["turns"])


def _words_of(people: Iterable[str]) -> Iterator[str]:
    for person in people:
        yield from (person, *person.split())


def _counted(names: Iterable[str], truth: str, text: str) -> tuple[int, int, dict[str, int]]:
    """Names right, names said, and how much too often each was written."""
    counts = [(name, _count(name, truth), _count(name, text)) for name in set(names)]
    surplus = {name: written - said for name, said, written in counts if written > said}
    right = sum(min(said, written) for _, said, written in counts)
    return right, sum(said for _, said, _ in counts), surplus


def _count(name: str, text: str) -> int:
    pattern = rf"(?<![\p{{L}}\p{{N}}]){regex.escape(name)}(?![\p{{L}}\p{{N}}])"
    found: Sequence[str] = regex.findall(pattern, text, regex.IGNORECASE)
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
