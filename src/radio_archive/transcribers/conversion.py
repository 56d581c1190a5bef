"""The same Whisper weights in the two forms the engines read, converted exactly both ways.

*Checkpoint*: OpenAI's ``base.pt``, a dictionary of tensors saved by torch. *CTranslate2*:
``model.bin`` with fused attention matrices. Nothing is computed: tensors are renamed, joined and
cut, in half precision, so converting there and back gives the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from radio_archive.errors import WeightsMissing
from radio_archive.transcribers.model_bin import (
    Array,
    ModelBin,
    read_model_bin,
    write_model_bin,
)

Tensors = Mapping[str, Array]
"""Arrays by their name in OpenAI's checkpoint."""

_SPEC = "WhisperSpec"
_SPEC_REVISION = 3
_GELU = 3
"""CTranslate2's number of the activation function Whisper uses (read from a model it wrote)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """The sizes of a Whisper model, named as in OpenAI's checkpoints."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What OpenAI's ``.pt`` file holds."""

    dimensions: Dimensions
    tensors: Tensors  #: half precision


@dataclass(frozen=True, slots=True)
class _Rule:
    """One CTranslate2 matrix and the checkpoint's matrices it is made of, stacked by rows."""

    fused: str
    parts: tuple[str, ...]


def _layer_norm(fused: str, part: str) -> list[_Rule]:
    return [
        _Rule(f"{fused}/gamma", (f"{part}.weight",)),
        _Rule(f"{fused}/beta", (f"{part}.bias",)),
    ]


def _linear(fused: str, *parts: str) -> list[_Rule]:
    return [
        _Rule(f"{fused}/weight", tuple(f"{part}.weight" for part in parts)),
        _Rule(f"{fused}/bias", tuple(f"{part}.bias" for part in parts)),
    ]


def _layer_rules(side: str, number: int) -> list[_Rule]:
    fused, part = f"{side}/layer_{number}", f"{side}.blocks.{number}"
    rules = _layer_norm(f"{fused}/self_attention/layer_norm", f"{part}.attn_ln")
    rules += _linear(
        f"{fused}/self_attention/linear_0",
        *(f"{part}.attn.{name}" for name in ("query", "key", "value")),
    )
    rules += _linear(f"{fused}/self_attention/linear_1", f"{part}.attn.out")
    if side == "decoder":
        cross = f"{part}.cross_attn"
        rules += _layer_norm(f"{fused}/attention/layer_norm", f"{cross}_ln")
        rules += _linear(f"{fused}/attention/linear_0", f"{cross}.query")
        rules += _linear(f"{fused}/attention/linear_1", f"{cross}.key", f"{cross}.value")
        rules += _linear(f"{fused}/attention/linear_2", f"{cross}.out")
    rules += _layer_norm(f"{fused}/ffn/layer_norm", f"{part}.mlp_ln")
    rules += _linear(f"{fused}/ffn/linear_0", f"{part}.mlp.0")
    return rules + _linear(f"{fused}/ffn/linear_1", f"{part}.mlp.2")


def _rules(dimensions: Dimensions) -> Iterator[_Rule]:
    """Every matrix of the model, under both names."""
    for number in (1, 2):
        yield from _linear(f"encoder/conv{number}", f"encoder.conv{number}")
    yield _Rule("decoder/embeddings/weight", ("decoder.token_embedding.weight",))
    layers = {"encoder": dimensions.n_audio_layer, "decoder": dimensions.n_text_layer}
    norms = {"encoder": "encoder.ln_post", "decoder": "decoder.ln"}
    for side, count in layers.items():
        yield _Rule(f"{side}/position_encodings/encodings", (f"{side}.positional_embedding",))
        yield from _layer_norm(f"{side}/layer_norm", norms[side])
        for number in range(count):
            yield from _layer_rules(side, number)


def _is_key_bias(name: str) -> bool:
    """Whisper's attention keys have no bias; CTranslate2 stores zeros in its place."""
    return name.endswith(".key.bias")


def checkpoint_of(model: ModelBin) -> Checkpoint:
    """Take a CTranslate2 model apart into OpenAI's tensors.

    Raises:
        WeightsMissing: not a Whisper model in half precision, or one that OpenAI's form cannot
            express.
    """
    try:
        dimensions = _dimensions_of(model.variables)
        tensors: dict[str, Array] = {}
        for rule in _rules(dimensions):
            matrix = model.variables[rule.fused]
            if matrix.dtype != np.float16:
                raise WeightsMissing(f"{rule.fused} is {matrix.dtype}, expected half precision.")
            tensors.update(zip(rule.parts, np.split(matrix, len(rule.parts)), strict=True))
    except KeyError as error:
        raise WeightsMissing(f"The model has no variable {error}.") from error
    for name in [name for name in tensors if _is_key_bias(name)]:
        if tensors.pop(name).any():
            raise WeightsMissing(f"{name} is not zero: this is not a Whisper model.")
    return Checkpoint(dimensions=dimensions, tensors=tensors)


def _dimensions_of(variables: Mapping[str, Array]) -> Dimensions:
    def layers(side: str) -> int:
        return len({name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_")})

    audio_state, mels, _ = variables["encoder/conv1/weight"].shape
    vocabulary, text_state = variables["decoder/embeddings/weight"].shape
    return Dimensions(
        n_mels=mels,
        n_audio_ctx=variables["encoder/position_encodings/encodings"].shape[0],
        n_audio_state=audio_state,
        n_audio_head=int(variables["encoder/num_heads"]),
        # "layer_norm" is the one name of the pattern that is no layer
        n_audio_layer=layers("encoder") - 1,
        n_vocab=vocabulary,
        n_text_ctx=variables["decoder/position_encodings/encodings"].shape[0],
        n_text_state=text_state,
        n_text_head=int(variables["decoder/num_heads"]),
        n_text_layer=layers("decoder") - 1,
    )


def model_bin_of(checkpoint: Checkpoint) -> ModelBin:
    """Put OpenAI's tensors together into a CTranslate2 model.

    Raises:
        WeightsMissing: a tensor is missing.
    """
    dimensions = checkpoint.dimensions
    variables = _scalars(dimensions)
    for rule in _rules(dimensions):
        try:
            parts = [
                np.zeros(dimensions.n_text_state, np.float16)
                if _is_key_bias(part)
                else checkpoint.tensors[part]
                for part in rule.parts
            ]
        except KeyError as error:
            raise WeightsMissing(f"The checkpoint has no tensor {error}.") from error
        variables[rule.fused] = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return ModelBin(
        spec=_SPEC,
        revision=_SPEC_REVISION,
        variables=dict(sorted(variables.items())),
        aliases={"decoder/projection/weight": "decoder/embeddings/weight"},
    )


def _scalars(dimensions: Dimensions) -> dict[str, Array]:
    """The settings CTranslate2 keeps among the variables."""
    return {
        "decoder/activation": np.array(_GELU, np.int8),
        "decoder/alibi": np.array(0, np.int8),
        "decoder/alignment_heads": np.array(1, np.int16),
        "decoder/alignment_layer": np.array(-1, np.int16),
        "decoder/num_heads": np.array(dimensions.n_text_head, np.int16),
        "decoder/pre_norm": np.array(1, np.int8),
        "decoder/scale_embeddings": np.array(0, np.int8),
        "decoder/start_from_zero_embedding": np.array(0, np.int8),
        "encoder/num_heads": np.array(dimensions.n_audio_head, np.int16),
    }


def read_checkpoint(path: Path) -> Checkpoint:
    """Read OpenAI's ``.pt`` file; only tensors are unpickled, never code.

    Raises:
        WeightsMissing: not such a file.
    """
    import torch

    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        tensors = {
            name: tensor.half().numpy() for name, tensor in content["model_state_dict"].items()
        }
        return Checkpoint(dimensions=Dimensions(**content["dims"]), tensors=tensors)
    except (pickle.UnpicklingError, RuntimeError, KeyError, TypeError, EOFError) as error:
        raise WeightsMissing(
            f"{path.name} is not a Whisper checkpoint: {error}.",
            hint="Fetch the model again: radio-archive models fetch base.",
        ) from error


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a ``.pt`` file that openai-whisper loads."""
    import torch

    state = {
        name: torch.from_numpy(array.astype(np.float16))
        for name, array in checkpoint.tensors.items()
    }
    torch.save({"dims": asdict(checkpoint.dimensions), "model_state_dict": state}, path)


def model_bin_to_checkpoint(source: Path, target: Path) -> None:
    """Write ``model.bin`` as a ``.pt`` file.

    Raises:
        WeightsMissing: the source is not a whole Whisper model.
    """
    write_checkpoint(target, checkpoint_of(read_model_bin(source)))


def checkpoint_to_model_bin(source: Path, target: Path) -> None:
    """Write a ``.pt`` file as ``model.bin``.

    Raises:
        WeightsMissing: the source is not a whole Whisper checkpoint.
    """
    write_model_bin(target, model_bin_of(read_checkpoint(source)))


def tensors_digest(path: Path) -> str:
    """SHA-256 over all tensors, the same for ``model.bin`` and ``.pt`` of the same weights.

    Taken over each tensor's checkpoint name, shape and half-precision bytes, sorted by name.

    Raises:
        WeightsMissing: neither a whole ``model.bin`` nor a whole ``.pt``.
    """
    is_checkpoint = path.suffix == ".pt"
    checkpoint = read_checkpoint(path) if is_checkpoint else checkpoint_of(read_model_bin(path))
    digest = hashlib.sha256()
    for name, array in sorted(checkpoint.tensors.items()):
        digest.update(f"{name} {json.dumps(array.shape)}\n".encode())
        digest.update(np.ascontiguousarray(array, dtype="<f2").tobytes())
    return digest.hexdigest()


def alignment_heads(dump: bytes, dimensions: Dimensions) -> list[list[int]]:
    """Read openai-whisper's packed table of the heads that follow the sound: layer and head."""
    table = np.frombuffer(gzip.decompress(base64.b85decode(dump)), dtype=bool)
    heads = table.reshape(dimensions.n_text_layer, dimensions.n_text_head)
    return [[int(layer), int(head)] for layer, head in np.argwhere(heads)]
