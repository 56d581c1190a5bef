"""A transcription killed (SIGKILL) at 20, 50 and 80 %, and started again.

Prints how long the second start needs to be where the first one was killed: loading, looking
through the sound again, and the batch the kill came into. The text must be the undisturbed one's.

    python benchmarks/resume.py [PATH] [--language fr]
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.archive import AddOptions, open_archive  # noqa: E402
from radio_archive.model import Job, JobKind, Progress  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.worker import run_worker  # noqa: E402

SHARES = (0.2, 0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Step:
    """One report of progress."""

    at_s: float  #: wall clock since the process was started
    done_ms: int
    total_ms: int


def work(home: Path, *, kill_at: float | None = None) -> list[Step]:
    """Let a process of its own do all the work, or kill it at a share of the sound."""
    command = [sys.executable, __file__, "--worker", str(home)]
    started = time.monotonic()
    steps: list[Step] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            done, total = map(int, line.split())
            steps.append(Step(time.monotonic() - started, done, total))
            if kill_at is not None and done >= kill_at * total:
                process.send_signal(signal.SIGKILL)
                break
    return steps


def worker(home: Path) -> None:
    """The process that is killed: says on stdout how far it is."""

    def report(job: Job, progress: Progress) -> None:
        if job.kind is JobKind.TRANSCRIBE:
            print(progress.done_ms, progress.total_ms, flush=True)

    with open_archive(Settings(home=home)) as archive:
        run_worker(archive, until_idle=True, on_progress=report)


def take_in(home: Path, path: Path, language: str) -> None:
    """An archive with one recording."""
    home.mkdir()
    with open_archive(Settings(home=home)) as archive:
        for result in archive.add([str(path)], AddOptions(language=language)):
            if result.error:
                raise SystemExit(result.error)


def written(home: Path) -> object:
    """What stands in the archive: every sentence, word, time and figure."""
    with open_archive(Settings(home=home)) as archive:
        [broadcast] = archive.recent_broadcasts()
        transcript = archive.get_transcript(broadcast.id)
        return transcript.segments, transcript.gaps, dict(transcript.parameters)


def main() -> int:
    """Run the benchmark, or the process it kills."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker)
        return 0
    path = options.path or radio_file.SHARED / f"{radio_file.BENIN}.flac"
    if not path.is_file():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    all_same = True
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        calm = Path(folder) / "calm"
        take_in(calm, path, options.language)
        steps = work(calm)
        total_ms = steps[-1].total_ms
        print(f"{path.name}, {total_ms / 1000:.0f} s; undisturbed {steps[-1].at_s:.1f} s")
        for share in SHARES:
            home = Path(folder) / f"killed-{share}"
            take_in(home, path, options.language)
            killed = work(home, kill_at=share)[-1]
            again = work(home)
            back = next(step for step in again if step.done_ms >= killed.done_ms)
            same = written(home) == written(calm)
            all_same &= same
            print(
                f"killed at {killed.done_ms / total_ms:.0%} after {killed.at_s:.1f} s: there again "
                f"after {back.at_s:.1f} s, finished after {again[-1].at_s:.1f} s, "
                f"{'the same text' if same else 'ANOTHER TEXT'}",
                flush=True,
            )
    return 0 if all_same else 1


if __name__ == "__main__":
    sys.exit(main())
