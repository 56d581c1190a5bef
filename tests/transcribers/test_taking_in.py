from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from radio_archive.errors import BadInput, FetchError, NoEngine, WeightsMissing
from radio_archive.model import TakeIn
from radio_archive.transcribers import taking_in
from radio_archive.transcribers.shelf import SHELF, ShelfFile, ShelfWeights
from radio_archive.transcribers.taking_in import take_in
from radio_archive.transcribers.transformers_conversion import find_taught_code
from radio_archive.transcribers.weights import (
    file_digest,
    find_own_weights,
    find_weights,
    is_complete,
    verify_weights,
)

NAME = "omnilingual-ctc/own"


def offline(url: str, _target: Path) -> None:
    raise FetchError(f"No network for {url}.")


def serves(folder: Path) -> Callable[[str, Path], None]:
    def download(url: str, target: Path) -> None:
        target.write_bytes((folder / url.rsplit("/", 1)[-1]).read_bytes())

    return download


def on_shelf(name: str, folder: Path, **changes: object) -> ShelfWeights:
    files = [
        ShelfFile(name=path.name, sha256=file_digest(path)) for path in sorted(folder.iterdir())
    ]
    row: dict[str, object] = {
        "name": name,
        "licence": "Apache-2.0",
        "page": "https://example.org/model",
        "address": "https://example.org/files",
        "files": tuple(files),
        "megabytes": 1,
        "languages": ("bm",),
    }
    return ShelfWeights(**{**row, **changes})  # type: ignore[arg-type]


def test_a_folder_of_the_station_is_taken_in_without_network(
    tiny_omnilingual: Path, tmp_path: Path
) -> None:
    (line,) = take_in(NAME, tmp_path, offline, TakeIn(folder=tiny_omnilingual))
    assert str(tiny_omnilingual) in line
    assert is_complete(NAME, tmp_path)
    assert find_weights("own", "omnilingual-ctc", tmp_path) == tmp_path / "own/omnilingual-ctc"
    assert verify_weights(NAME, tmp_path) == []
    ((name, size, source),) = find_own_weights(tmp_path)
    assert (name, source) == (NAME, str(tiny_omnilingual))
    assert size > 1000
    assert take_in(NAME, tmp_path, offline, TakeIn()) == [line]


def test_a_changed_byte_is_found_although_nobody_published_a_digest(
    tiny_omnilingual: Path, tmp_path: Path
) -> None:
    take_in(NAME, tmp_path, offline, TakeIn(folder=tiny_omnilingual))
    with (tmp_path / "own/omnilingual-ctc/model.int8.onnx").open("ab") as file:
        file.write(b"\0")
    (problem,) = verify_weights(NAME, tmp_path)
    assert "omnilingual-ctc/model.int8.onnx" in problem


def test_known_weights_are_fetched_from_their_makers_and_compared(
    tiny_omnilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = on_shelf(NAME, tiny_omnilingual)
    monkeypatch.setattr(taking_in, "find_on_shelf", {NAME: known}.get)
    lines: list[str] = []
    (line,) = take_in(NAME, tmp_path, serves(tiny_omnilingual), TakeIn(), lines.append)
    assert "https://example.org/model" in line
    assert any("licence Apache-2.0" in each for each in lines)
    assert is_complete(NAME, tmp_path)


def test_other_bytes_than_published_are_refused_and_nothing_is_left(
    tiny_omnilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = (ShelfFile(name="model.int8.onnx", sha256="0" * 64), ShelfFile(name="tokens.txt"))
    known = on_shelf(NAME, tiny_omnilingual, files=files)
    monkeypatch.setattr(taking_in, "find_on_shelf", {NAME: known}.get)
    for wish in (TakeIn(), TakeIn(folder=tiny_omnilingual)):
        with pytest.raises(WeightsMissing, match="has not the SHA-256 known for"):
            take_in(NAME, tmp_path, serves(tiny_omnilingual), wish)
    assert list(tmp_path.iterdir()) == []


def test_non_commercial_weights_need_a_word_of_consent(tmp_path: Path) -> None:
    name = "wav2vec2/mms-1b-all"
    asked: list[str] = []

    def download(url: str, _target: Path) -> None:
        asked.append(url)
        raise FetchError("No network.")

    with pytest.raises(BadInput, match=r"CC-BY-NC-4\.0.*--accept-non-commercial"):
        take_in(name, tmp_path, download, TakeIn())
    assert asked == []
    with pytest.raises(FetchError):
        take_in(name, tmp_path, download, TakeIn(accepts_non_commercial=True))
    assert asked == ["https://huggingface.co/facebook/mms-1b-all/resolve/main/config.json"]


def test_only_mms_forbids_commercial_use() -> None:
    assert [each.name for each in SHELF.values() if each.is_non_commercial] == [
        "wav2vec2/mms-1b-all"
    ]


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("vosk/small", NoEngine, "no speech engine called 'vosk'"),
        ("omnilingual-ctc/own", WeightsMissing, "models add omnilingual-ctc/own FOLDER"),
        ("omnilingual-ctc/", BadInput, "ENGINE/MODEL"),
        ("omnilingual-ctc/../up", BadInput, "ENGINE/MODEL"),
    ],
)
def test_names_that_mean_nothing_are_refused(
    tmp_path: Path, name: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        take_in(name, tmp_path, offline, TakeIn())


def test_a_name_stands_for_one_engine_only(tiny_omnilingual: Path, tmp_path: Path) -> None:
    wish = TakeIn(folder=tiny_omnilingual)
    with pytest.raises(BadInput, match="for another engine"):
        take_in("omnilingual-ctc/base", tmp_path, offline, wish)
    take_in(NAME, tmp_path, offline, wish)
    with pytest.raises(BadInput, match="for another engine"):
        take_in("wav2vec2/own", tmp_path, offline, wish)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    wish = TakeIn(folder=tmp_path / "stick")
    with pytest.raises(WeightsMissing, match="holds no weights"):
        take_in(NAME, tmp_path / "models", offline, wish)
    (tmp_path / "stick" / "notes.txt").write_text("bread, milk")
    with pytest.raises(WeightsMissing, match=r"model\.onnx"):
        take_in(NAME, tmp_path / "models", offline, wish)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_fine_tune_is_converted_and_its_makers_files_are_not_kept(
    tiny_whisper: Path, tmp_path: Path
) -> None:
    name = "whisper-fine-tune/own"
    with pytest.raises(WeightsMissing, match="no language token"):
        take_in(name, tmp_path, offline, TakeIn(folder=tiny_whisper))
    take_in(name, tmp_path, offline, TakeIn(folder=tiny_whisper, whisper_code="ha"))
    kept = {path.name for path in (tmp_path / "own" / "whisper-fine-tune").iterdir()}
    assert {"model.bin", "tokenizer.json", "fine-tune.json"} <= kept
    assert "model.safetensors" not in kept
    assert verify_weights(name, tmp_path) == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"language": "hausa"}, "ha"),
        ({"language": "<|yo|>"}, "yo"),
        ({"forced_decoder_ids": [[1, 7], [2, 9]], "lang_to_id": {"<|ha|>": 7}}, "ha"),
        ({"forced_decoder_ids": [[1, None]]}, ""),
        ({}, ""),
    ],
)
def test_the_language_token_is_read_from_the_makers_settings(
    tmp_path: Path, settings: dict[str, object], code: str
) -> None:
    (tmp_path / "generation_config.json").write_text(json.dumps(settings))
    assert find_taught_code(tmp_path) == code
