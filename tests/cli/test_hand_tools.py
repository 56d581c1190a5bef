"""Withdrawing, backing up, transcribing again and offline editions, as people type them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from radio_archive.archive import open_archive
from tests.cli.running import Run
from tests.support.archives import settings_for


@pytest.fixture
def own_home(library: Path, tmp_path: Path) -> Path:
    """A copy of the home that is only read elsewhere."""
    return Path(shutil.copytree(library, tmp_path / "own"))


def first_id(home: Path) -> str:
    with open_archive(settings_for(home)) as archive:
        return archive.recent_broadcasts()[0].id


def test_withdrawing_says_what_it_did_and_can_be_undone(run: Run, own_home: Path) -> None:
    identity = first_id(own_home)
    status, out, _ = run("withdraw", identity, "--reason", "demandé", "--json", home=own_home)
    assert status == 0
    told = json.loads(out)
    assert (told["broadcast"], told["reason"], told["start_ms"]) == (identity, "demandé", None)
    assert run("export", identity, "--format", "txt", home=own_home)[0] == 1
    status, out, _ = run("withdraw", identity, "--list", home=own_home)
    assert status == 0
    assert "demandé" in out
    number = str(told["id"])
    status, out, _ = run(
        "withdraw", identity, "--undo", number, "--reason", "erreur", home=own_home
    )
    assert status == 0
    assert "undone" in out
    assert run("export", identity, "--format", "txt", home=own_home)[0] == 0


def test_a_stretch_is_silenced_by_the_command_itself(run: Run, own_home: Path) -> None:
    identity = first_id(own_home)
    stretch = ("--from", "1000", "--to", "3000")
    assert run("withdraw", identity, *stretch, "--reason", "nom", home=own_home)[0] == 0
    with open_archive(settings_for(own_home)) as archive:
        if archive.get_broadcast(identity).recording is not None:
            assert {each.name for each in archive.renditions(identity)} == {"mp3", "opus", "low"}


def test_a_withdrawal_without_a_reason_is_refused(run: Run, own_home: Path) -> None:
    status, _, err = run("withdraw", first_id(own_home), home=own_home)
    assert status == 1
    assert "needs a reason" in err


def test_a_backup_makes_the_archive_elsewhere(run: Run, own_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    status, out, _ = run("backup", str(file), "--with-media", home=own_home)
    assert status == 0
    assert "broadcasts" in out
    elsewhere = tmp_path / "elsewhere"
    status, out, err = run("restore", str(file), home=elsewhere)
    assert status == 0, err
    assert "passages indexed" in out
    assert first_id(elsewhere) == first_id(own_home)
    status, _, err = run("restore", str(file), home=elsewhere)
    assert status == 1
    assert "holds an archive" in err


def test_an_offline_edition_is_made_and_checked(run: Run, own_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    status, out, _ = run("offline-edition", str(folder), "--dry-run", home=own_home)
    assert status == 0
    assert "at most" in out
    assert not folder.exists()
    status, out, _ = run("offline-edition", str(folder), home=own_home)
    assert status == 0
    key = out.rpartition("public key: ")[2].strip()
    assert run("offline-edition", str(folder), "--check", "--key", key, home=own_home)[0] == 0
    (folder / "index.html").write_text("changed")
    status, _, err = run("offline-edition", str(folder), "--check", home=own_home)
    assert status == 1
    assert "index.html: changed" in err
    status, _, err = run("offline-edition", str(folder), "--max-size", "much", home=own_home)
    assert status == 1
    assert "no size" in err


def test_transcribing_again_needs_to_know_what(run: Run, own_home: Path) -> None:
    status, _, err = run("transcribe-again", home=own_home)
    assert status == 1
    assert "ids are needed" in err
    status, out, _ = run("transcribe-again", "--older-recipe", "--dry-run", home=own_home)
    assert status == 0
    with open_archive(settings_for(own_home)) as archive:
        assert set(out.split()) <= {each.id for each in archive.recent_broadcasts(100)}
