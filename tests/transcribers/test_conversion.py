from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from radio_archive.errors import WeightsMissing
from radio_archive.transcribers.conversion import (
    Checkpoint,
    Dimensions,
    checkpoint_of,
    checkpoint_to_model_bin,
    model_bin_of,
    model_bin_to_checkpoint,
    read_checkpoint,
    tensors_digest,
    write_checkpoint,
)
from radio_archive.transcribers.model_bin import read_model_bin, write_model_bin
from radio_archive.transcribers.weights import file_digest, get_weights
from tests.support.whisper import MODELS

SMALL = Dimensions(
    n_mels=4,
    n_audio_ctx=6,
    n_audio_state=8,
    n_audio_head=2,
    n_audio_layer=1,
    n_vocab=11,
    n_text_ctx=5,
    n_text_state=8,
    n_text_head=2,
    n_text_layer=2,
)


def shape_of(name: str) -> tuple[int, ...]:
    """Shape of each tensor of a Whisper of these dimensions, by its name."""
    state, last = SMALL.n_audio_state, name.rsplit(".", 1)[-1]
    if name == "decoder.token_embedding.weight":
        return (SMALL.n_vocab, state)
    if name.endswith("positional_embedding"):
        return (SMALL.n_audio_ctx if name.startswith("encoder") else SMALL.n_text_ctx, state)
    if "conv" in name and last == "weight":
        return (state, SMALL.n_mels if "conv1" in name else state, 3)
    if "mlp." in name and last == "weight":
        return (4 * state, state) if "mlp.0" in name else (state, 4 * state)
    if "mlp.0" in name:
        return (4 * state,)
    is_matrix = last == "weight" and not any(part in name for part in ("_ln", ".ln"))
    return (state, state) if is_matrix else (state,)


def small_names() -> list[str]:
    """The names openai-whisper itself gives the tensors of such a model."""
    from whisper.model import ModelDimensions, Whisper

    sizes = {name: getattr(SMALL, name) for name in Dimensions.__slots__}
    return list(Whisper(ModelDimensions(**sizes)).state_dict())


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    random = np.random.default_rng(1)
    tensors = {
        name: random.standard_normal(shape_of(name)).astype(np.float16) for name in small_names()
    }
    return Checkpoint(dimensions=SMALL, tensors=tensors)


def test_every_tensor_survives_there_and_back(checkpoint: Checkpoint) -> None:
    back = checkpoint_of(model_bin_of(checkpoint))
    assert back.dimensions == checkpoint.dimensions
    assert set(back.tensors) == set(checkpoint.tensors)
    for name, tensor in checkpoint.tensors.items():
        assert np.array_equal(back.tensors[name], tensor), name


def test_files_of_both_forms_have_the_same_digest(checkpoint: Checkpoint, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "small.pt", checkpoint)
    checkpoint_to_model_bin(tmp_path / "small.pt", tmp_path / "model.bin")
    model_bin_to_checkpoint(tmp_path / "model.bin", tmp_path / "again.pt")
    digests = {tensors_digest(tmp_path / name) for name in ("small.pt", "model.bin", "again.pt")}
    assert len(digests) == 1


def test_one_changed_number_changes_the_digest(checkpoint: Checkpoint, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "one.pt", checkpoint)
    changed = {name: tensor.copy() for name, tensor in checkpoint.tensors.items()}
    changed["decoder.ln.bias"][3] += 1
    write_checkpoint(tmp_path / "two.pt", replace(checkpoint, tensors=changed))
    assert tensors_digest(tmp_path / "one.pt") != tensors_digest(tmp_path / "two.pt")


def test_a_key_bias_that_is_not_zero_is_refused(checkpoint: Checkpoint) -> None:
    model = model_bin_of(checkpoint)
    name = "decoder/layer_0/attention/linear_1/bias"
    bias = model.variables[name].copy()
    bias[0] = 1
    with pytest.raises(WeightsMissing, match=r"cross_attn\.key\.bias"):
        checkpoint_of(replace(model, variables={**model.variables, name: bias}))


def test_a_missing_tensor_is_named(checkpoint: Checkpoint) -> None:
    tensors = dict(checkpoint.tensors)
    del tensors["encoder.ln_post.bias"]
    with pytest.raises(WeightsMissing, match=r"encoder\.ln_post\.bias"):
        model_bin_of(replace(checkpoint, tensors=tensors))


@pytest.mark.parametrize("kept", [0, 3, 40, 2_000])
def test_a_file_cut_short_is_refused(checkpoint: Checkpoint, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "model.bin"
    write_model_bin(path, model_bin_of(checkpoint))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsMissing, match="not a whole"):
        read_model_bin(path)


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.pt").write_bytes(b"not a checkpoint at all")
    with pytest.raises(WeightsMissing, match=r"bad\.pt"):
        read_checkpoint(tmp_path / "bad.pt")


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_whisper_base_there_and_back_is_the_same_file(tmp_path: Path) -> None:
    original = get_weights("base", "faster-whisper", MODELS) / "model.bin"
    model_bin_to_checkpoint(original, tmp_path / "base.pt")
    checkpoint_to_model_bin(tmp_path / "base.pt", tmp_path / "model.bin")
    again = tmp_path / "model.bin"
    assert tensors_digest(again) == tensors_digest(original)
    # the other upload has two more scalars in its header, and the same tensors
    assert abs(again.stat().st_size - original.stat().st_size) in (0, 75)
    if again.stat().st_size == original.stat().st_size:
        assert file_digest(again) == file_digest(original)
