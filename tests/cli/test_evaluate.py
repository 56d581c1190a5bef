"""``evaluate`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Run
from tests.support.sounds import write_wav
from tests.support.whisper import journal


@pytest.fixture
def debate(run: Run, library: Path) -> str:
    """The id of the debate, which people transcribed."""
    _, out, _ = run("search", "--json", "drogue", "--to", "2014", home=library)
    return str(json.loads(out)["broadcasts"][0]["id"])


@pytest.fixture
def reference(run: Run, library: Path, debate: str, tmp_path: Path) -> Path:
    """What is said in the debate."""
    path = tmp_path / "debate.vtt"
    run("export", debate, "--format", "vtt", "-o", str(path), home=library)
    return path


def evaluated(run: Run, home: Path, *arguments: str) -> dict[str, Any]:
    status, out, err = run("evaluate", "--json", "--quiet", *arguments, home=home)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


def refused(run: Run, home: Path, *arguments: str) -> str:
    status, out, err = run("evaluate", *arguments, home=home)
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    return err


def test_a_transcript_beside_itself_has_no_error(
    run: Run, library: Path, debate: str, reference: Path
) -> None:
    status, out, err = run("evaluate", debate, str(reference), home=library)
    assert (status, err) == (0, "")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert list(lines) == ["words", "characters", "times", "coverage", "compared"]
    assert out.count(" 0.0% wrong of ") == 2
    assert "0 ms off in the median, 95 % within 0 ms, shifted by +0 ms" in lines["times"]
    assert "100.0% of" in lines["coverage"]
    assert "numbers spelled out; hesitations left out" in lines["compared"]


def test_every_difference_is_counted(run: Run, library: Path, debate: str, reference: Path) -> None:
    text = reference.read_text(encoding="utf-8")
    reference.write_text(text.replace("bienvenue dans", "euh bienvenue dans le", 1), "utf-8")
    answer = evaluated(run, library, debate, str(reference))
    assert answer["words"]["deletions"] == 1
    assert answer["words"]["substitutions"] == answer["words"]["insertions"] == 0
    assert answer["characters"]["deletions"] == len("le ")
    assert answer["timing"]["timed_by"] == "segments"
    assert answer["coverage"]["outside_words"] == 0
    answer = evaluated(run, library, debate, str(reference), "--hesitations")
    assert answer["words"]["deletions"] == 2


def test_a_reference_without_times_tells_errors_alone(
    run: Run, library: Path, debate: str, tmp_path: Path
) -> None:
    plain = tmp_path / "debate.txt"
    plain.write_text("Bonsoir à toutes et à tous.\n", encoding="utf-8")
    answer = evaluated(run, library, debate, str(plain))
    assert (answer["timing"], answer["coverage"]) == (None, None)
    assert answer["words"]["insertions"] > answer["words"]["reference"] == 6


def test_what_cannot_be_compared_is_one_line_with_the_remedy(
    run: Run, library: Path, debate: str, reference: Path, tmp_path: Path
) -> None:
    assert "There is no broadcast" in refused(run, library, "0123", str(reference))
    assert "no such transcript" in refused(run, library, debate, str(reference), "-l", "bm")
    assert "There is no file" in refused(run, library, debate, str(tmp_path / "no.vtt"))
    assert "Give --language" in refused(run, library, str(reference), str(reference))
    assert "Leave --kind out" in refused(
        run, library, str(reference), str(reference), "--kind", "machine"
    )
    gone = str(tmp_path / "gone.mp3")
    assert "There is no sound file" in refused(run, library, gone, str(reference))
    no_sound = refused(run, library, str(reference), str(reference), "--language", "fr")
    assert "cannot be read as sound" in no_sound
    english = tmp_path / "english.vtt"
    english.write_text(
        "WEBVTT\nLanguage: en\n\n00:01.000 --> 00:02.000\nGood evening\n", encoding="utf-8"
    )
    assert "says it is in en" in refused(run, library, debate, str(english))
    mute = tmp_path / "mute.srt"
    mute.write_text("1\n00:00:01,000 --> 00:00:02,000\n♪ … ♪\n", encoding="utf-8")
    assert "no words to compare" in refused(run, library, debate, str(mute))


@pytest.mark.weights
def test_a_sound_file_is_transcribed_and_nothing_is_stored(
    run: Run, whisper_base: None, tmp_path: Path
) -> None:
    sound = write_wav(tmp_path / "news.wav", [journal(2.5, 15.0)])
    reference = tmp_path / "news.srt"
    reference.write_text(
        "1\n00:00:00,340 --> 00:00:05,225\nIl est sept heures, voici le journal en français du "
        "jeudi douze mars deux mille quinze.\n\n2\n00:00:05,661 --> 00:00:12,275\nCe bulletin "
        "est un échantillon de démonstration : les voix sont synthétiques et les informations "
        "sont inventées.\n",
        encoding="utf-8",
    )
    status, out, err = run(
        "evaluate", str(sound), str(reference), "-l", "fr", "--json", home=tmp_path
    )
    answer = json.loads(out)
    assert status == 0
    assert err.startswith("news.wav: ")
    assert answer["engine"].endswith("/base")
    assert answer["words"]["reference"] == 32
    assert answer["words"]["error_rate"] < 0.3
    assert answer["timing"]["median_ms"] < 500
    assert answer["coverage"]["share"] > 0.95
    status, out, _ = run("status", "--json", home=tmp_path)
    assert json.loads(out)["broadcasts"] == 0
