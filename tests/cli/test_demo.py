"""``demo``: the promise of the first five minutes, with real weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from radio_archive.cli.demo import QUERIES
from tests.cli.running import Run
from tests.support.archives import SAMPLES
from tests.support.demonstration import Demonstration


@pytest.mark.weights
def test_the_demo_answers_its_own_queries_and_can_be_run_again(
    demonstration: Demonstration, run: Run, tmp_path: Path
) -> None:
    assert demonstration.status == 0, demonstration.err
    assert demonstration.err.splitlines()[-1].strip() == "radio-archive serve"
    added = [line for line in demonstration.out.splitlines() if line.split()[1] == "added"]
    assert len(added) == len(list(SAMPLES.glob("*.mp3")))
    shutil.copytree(demonstration.home, tmp_path, dirs_exist_ok=True)
    for query in QUERIES:
        assert f"radio-archive search {query}" in demonstration.err.replace("'", "")
        assert json.loads(run("search", query, "--json")[1])["total"] > 0
    found = json.loads(run("search", "organised crime", "--json")[1])
    assert "Report of the seminar" in found["documents"][0]["title"]
    assert any("Le Grand Dialogue" in each["title"] for each in found["broadcasts"])
    (dossier,) = json.loads(run("dossiers", "list", "--json")[1])
    assert (dossier["is_public"], dossier["entries"]) == (True, 7)
    table = run("dossiers", "export", dossier["slug"], "--format", "csv")[1]
    assert "menace" in table
    before = json.loads(run("status", "--json")[1])
    status, out, _ = run("demo")
    assert status == 0
    assert {line.split()[1] for line in out.splitlines()} == {"unchanged"}
    assert json.loads(run("status", "--json")[1]) == before
    assert json.loads(run("dossiers", "list", "--json")[1]) == [dossier]


def test_without_weights_the_demo_says_how_to_get_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_MODELS_DIR", str(tmp_path / "nothing"))
    status, _, err = run("demo")
    assert status == 1
    assert "radio-archive models fetch base" in err
    assert "Traceback" not in err
