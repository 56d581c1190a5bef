"""Homes for the command line's tests: one that can be read, and empty ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from radio_archive.archive import AddOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.cli import app
from radio_archive.db import Database
from radio_archive.model import (
    LanguageTag,
    Milliseconds,
    Segment,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages
from tests.cli.running import Run
from tests.support.archives import SAMPLES, settings_for
from tests.support.sounds import write_wav

NEWS = SAMPLES / "2016-11-02-journal.mp3"
DEBATE = SAMPLES / "2014-10-16-grand-dialogue.mp3"


def spoken(sound: Path) -> Transcript:
    """What is said in a sample, from its script."""
    script = json.loads(sound.with_suffix(".script.json").read_text(encoding="utf-8"))
    return Transcript(
        language=LanguageTag("fr"),
        kind=TranscriptKind.CORRECTED,
        trust=Trust.CHECKED,
        segments=tuple(
            Segment(
                start_ms=Milliseconds(turn["start_ms"]),
                end_ms=Milliseconds(turn["end_ms"]),
                text=turn["text"],
                speaker=turn["speaker"],
            )
            for turn in script["turns"]
        ),
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two samples, transcribed by people and indexed; not to be changed."""
    home = tmp_path_factory.mktemp("library")
    with open_archive(settings_for(home)) as archive:
        sounds = (NEWS, DEBATE)
        results = list(archive.add([str(sound) for sound in sounds], AddOptions()))
        database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
        for sound, result in zip(sounds, results, strict=True):
            assert result.broadcast_id is not None, result.error
            transcript = spoken(sound)
            passages = split_passages(transcript, archive.get_broadcast(result.broadcast_id))
            Catalogue(database).transcripts.add(result.broadcast_id, transcript, passages)
        database.close()
        archive.reindex()
    return home


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command in this process, in an empty home unless the test names another."""

    def run_here(*arguments: str, home: Path | None = None) -> tuple[int, str, str]:
        environment = {
            "RADIO_ARCHIVE_HOME": str(home or tmp_path),
            "RADIO_ARCHIVE_MIN_FREE_BYTES": "0",
        }
        result = CliRunner().invoke(app, list(arguments), env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run_here


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command as a process of its own; what a failed test leaves running is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_process(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "radio_archive", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "RADIO_ARCHIVE_HOME": str(tmp_path),
                "RADIO_ARCHIVE_MIN_FREE_BYTES": "0",
            },
        )
        started.append(process)
        return process

    yield start_process
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    """Three short recordings that differ."""
    folder = tmp_path / "clips"
    folder.mkdir()
    found = []
    for number in range(3):
        times = np.arange(16_000 * 2, dtype=np.float32) / 16_000
        tone = (0.2 * np.sin(2 * np.pi * (300 + 100 * number) * times)).astype(np.float32)
        found.append(write_wav(folder / f"clip-{number}.wav", [tone]))
    return found
