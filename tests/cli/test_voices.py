"""``radio-archive voices`` as editors use it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.model import VOICES, BroadcastId, Transcript, VoiceFinding
from tests.cli.running import Run
from tests.support.making import make_transcript


def lettered() -> Transcript:
    transcript = make_transcript("Bonsoir à tous.", "Merci de m'inviter ici.", "Euh.", "Encore.")
    letters = ("A", "B", None, "A")
    return replace(
        transcript,
        segments=tuple(
            replace(segment, voice=letter)
            for segment, letter in zip(transcript.segments, letters, strict=True)
        ),
        parameters=MappingProxyType({VOICES: VoiceFinding.TOLD_APART.value}),
    )


def store(home: Path, broadcast_id: str, transcript: Transcript) -> None:
    database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
    Catalogue(database).transcripts.add(BroadcastId(broadcast_id), transcript, [])
    database.close()


@pytest.fixture
def identity(run: Run, clips: list[Path], tmp_path: Path) -> str:
    identity = run("add", str(clips[0]), "--language", "fr")[1].split()[0]
    store(tmp_path, identity, lettered())
    return identity


def test_voices_are_listed_with_their_first_words(run: Run, identity: str) -> None:
    status, out, err = run("voices", identity)
    assert status == 0, err
    first, second = out.splitlines()
    assert first.split() == ["A", "-", "2", "0:01", "0:00", "Bonsoir", "à", "tous."]
    assert second.split()[:5] == ["B", "-", "1", "0:01", "0:03"]
    assert err.startswith("Told apart by machine, often wrong")


def test_a_named_voice_is_the_speaker_in_everything_that_is_written(
    run: Run, identity: str
) -> None:
    status, out, err = run("voices", identity, "--name", "B= Oumar  Sissoko ", "--name", "A=Awa")
    assert status == 0, err
    assert [line.split("  ")[1].strip() for line in out.splitlines()] == ["Awa", "Oumar Sissoko"]
    assert "<v Oumar Sissoko>Merci" in run("export", identity, "--format", "vtt")[1]
    assert "Oumar Sissoko : Merci" in run("export", identity, "--format", "txt")[1]
    run("voices", identity, "--clear", "B")
    assert "Sissoko" not in run("export", identity, "--format", "vtt")[1]


def test_voices_are_listed_as_json(run: Run, identity: str) -> None:
    run("voices", identity, "--name", "A=Awa")
    answer = json.loads(run("voices", identity, "--json")[1])
    assert answer["finding"] == "told_apart"
    assert answer["voices"][0] == {
        "voice": "A",
        "name": "Awa",
        "sentences": 2,
        "spoken_ms": 1_600,
        "first_ms": 0,
        "first_text": "Bonsoir à tous.",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--name", "C=Awa"], "There is no voice 'C' in this transcript. It has A, B."),
        (["--name", "A= "], "The name of voice A has 0 characters."),
        (["--name", "A=" + "a" * 101], "The name of voice A has 101 characters."),
        (["--name", "Awa"], "'Awa' names no voice."),
        (["--clear", "c"], "There is no voice 'c'"),
    ],
)
def test_what_cannot_be_named_is_refused_and_nothing_is_changed(
    run: Run, identity: str, options: list[str], message: str
) -> None:
    status, out, err = run("voices", identity, "--name", "B=Issa", *options)
    assert (status, out) == (1, "")
    assert message in err
    assert "Issa" not in run("voices", identity)[1]


def test_where_nobody_asked_or_nothing_was_told_it_says_so(
    run: Run, identity: str, tmp_path: Path
) -> None:
    for parameters, message, hint in (
        ({}, "Voices were not told apart here", "the setting `voices` was off"),
        ({VOICES: "alike"}, "The voices are too alike", "could not be told apart"),
    ):
        bare = replace(make_transcript(), parameters=MappingProxyType(parameters))
        store(tmp_path, identity, bare)
        status, out, err = run("voices", identity)
        assert (status, out) == (0, "")
        assert err.startswith(message)
        assert hint in run("voices", identity, "--name", "A=Awa")[2]
