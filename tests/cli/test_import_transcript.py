"""``import-transcript`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Run

CUES = """1
00:00:00,000 --> 00:00:09,000
An bɛ baro de la.
On est en causerie.

2
00:00:01,000 --> 00:00:01,500
I ni sɔgɔma.
Bonjour.
"""


@pytest.fixture
def identity(run: Run, clips: list[Path]) -> str:
    return run("add", str(clips[0]), "--language", "bm")[1].split()[0]


@pytest.fixture
def cues(tmp_path: Path) -> Path:
    path = tmp_path / "griots.srt"
    path.write_text(CUES, encoding="utf-8")
    return path


def test_it_prints_one_line_the_id_first_and_notes_beside(
    run: Run, identity: str, cues: Path
) -> None:
    status, out, err = run("import-transcript", identity, str(cues), "--language", "bm+fr")
    assert status == 0, err
    (line,) = out.splitlines()
    assert line.startswith(
        f"{identity}  added      bm current, 2 segments to 0:01; fr translation, 2 segments"
    )
    assert "cut short" in err
    assert "causerie" in run("export", identity, "--kind", "translation")[1]
    assert "sɔgɔma" in run("export", identity)[1]
    hits = json.loads(run("search", "sɔgɔma", "--json")[1])["broadcasts"]
    assert [hit["start_ms"] for hit in hits[0]["hits"]] == [1_000]


def test_in_json_it_says_what_became_of_the_file(run: Run, identity: str, cues: Path) -> None:
    status, out, _ = run("import-transcript", identity, str(cues), "-l", "bm+fr", "--json")
    answer = json.loads(out)
    assert status == 0
    assert [(track["language"], track["is_current"]) for track in answer["tracks"]] == [
        ("bm", True),
        ("fr", False),
    ]
    assert (answer["id"], answer["outcome"], answer["is_searchable"]) == (identity, "added", True)


def test_quiet_leaves_the_notes_out(run: Run, identity: str, cues: Path) -> None:
    assert run("import-transcript", identity, str(cues), "-l", "bm+fr", "--quiet")[2] == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--language", "bambra"), "Did you mean bm (bambara)?"),
        (("--format", "stm"), "--format"),
        (("--kind", "corrected"), "Choose imported"),
        (("--encoding", "klingon"), "cp1252"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_remedy(
    run: Run, identity: str, cues: Path, arguments: tuple[str, ...], message: str
) -> None:
    status, out, err = run("import-transcript", identity, str(cues), *arguments)
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("error: ")
    assert message in err
