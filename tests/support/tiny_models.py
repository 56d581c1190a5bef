"""Speech models of a few kilobytes, in the very form of the large ones, that read tones as letters.

Each letter is a tone of its own, so a test knows what should be written, and when.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from radio_archive.transcribers import SAMPLE_RATE, Samples

HERTZ = (400, 600, 800, 1000, 1200)
LETTERS = ("a", "ɛ", " ", "ɲ", "k")
"""What the tones stand for, in the same order."""

_WINDOW, _HOP = 400, 320
"""Samples the encoders of wav2vec 2.0 see at once, and step by."""


def tone(letter: str, seconds: float = 0.2) -> Samples:
    """The sound of a letter."""
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound: Samples = (0.5 * np.sin(2 * np.pi * HERTZ[LETTERS.index(letter)] * times)).astype(
        np.float32
    )
    return sound


def pause(seconds: float) -> Samples:
    """Silence."""
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def spoken() -> Samples:
    """The words "ka" from 0.5 s and "ɲɛ" from 1.1 s, in 2.44 s."""
    parts = [pause(0.5), tone("k"), tone("a"), tone(" "), tone("ɲ"), pause(0.24), tone("ɛ", 0.4)]
    return np.concatenate([*parts, pause(0.5)])


def save_omnilingual(folder: Path, threshold: float = 8) -> Path:
    """A model as sherpa-onnx's export of Omnilingual CTC: sound in, letters every 20 ms out.

    Args:
        folder: made if need be.
        threshold: a pure tone scores 20 against it; with next to nothing speech becomes babble.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    times = np.arange(_WINDOW) / SAMPLE_RATE
    waves = [wave(2 * np.pi * hertz * times) for hertz in HERTZ for wave in (np.sin, np.cos)]
    filters = np.array(waves, np.float32)[:, None, :] / _WINDOW
    count = len(HERTZ) + 1
    power = np.zeros((count, 2 * len(HERTZ), 1), np.float32)
    for index in range(len(HERTZ)):
        power[index + 1, 2 * index : 2 * index + 2, 0] = 40
    nothing = np.zeros(count, np.float32)
    nothing[0] = threshold
    nodes = [
        helper.make_node("Unsqueeze", ["x", "axis"], ["mono"]),
        helper.make_node(
            "Conv", ["mono", "filters"], ["heard"], strides=[_HOP], kernel_shape=[_WINDOW]
        ),
        helper.make_node("Mul", ["heard", "heard"], ["energy"]),
        helper.make_node("Conv", ["energy", "power", "nothing"], ["scores"], kernel_shape=[1]),
        helper.make_node("Transpose", ["scores"], ["logits"], perm=[0, 2, 1]),
    ]
    constants: dict[str, Any] = {
        "axis": np.array([1], np.int64),
        "filters": filters,
        "power": power,
        "nothing": nothing,
    }
    graph = helper.make_graph(
        nodes,
        "tones",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "num_samples"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "num_frames", count])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    facts = {"vocab_size": count, "model_type": "omnilingual-asr", "sample_rate": SAMPLE_RATE}
    helper.set_model_props(model, {name: str(value) for name, value in facts.items()})
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(folder / "model.int8.onnx"))
    lines = [f"{symbol} {number}\n" for number, symbol in enumerate(("<s>", *LETTERS))]
    (folder / "tokens.txt").write_text("".join(lines), encoding="utf-8")
    return folder


ALPHABETS = {"bam": ("|", "a", "ɛ", "k", "ɲ"), "ful": ("|", "a", "ɓ", "k", "ɗ")}
"""The letters of two languages; the second adapter swaps them."""

_SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")
_TAUGHT = (" ", "a", "ɛ", "k", "ɲ")
"""The letters in the order of their numbers."""


def save_wav2vec2(folder: Path) -> Path:
    """A ``Wav2Vec2ForCTC`` with MMS's adapters for two languages, taught the tones in seconds."""
    import torch
    import transformers
    from safetensors.torch import save_file

    library: Any = transformers  # its types lag behind what it takes
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {
        code: {symbol: number for number, symbol in enumerate((*_SPECIAL, *letters))}
        for code, letters in ALPHABETS.items()
    }
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    tokenizer = library.Wav2Vec2CTCTokenizer(str(folder / "vocab.json"), target_lang="bam")
    library.Wav2Vec2Processor(library.Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)
    torch.manual_seed(0)
    dropouts = ("hidden", "attention", "activation", "feat_proj", "final")
    off: dict[str, Any] = {f"{name}_dropout": 0.0 for name in dropouts}
    model = library.Wav2Vec2ForCTC(
        library.Wav2Vec2Config(
            vocab_size=len(_SPECIAL) + len(_TAUGHT),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            conv_dim=(32,),
            conv_kernel=(_WINDOW,),
            conv_stride=(_HOP,),
            num_feat_extract_layers=1,
            feat_extract_norm="layer",
            do_stable_layer_norm=True,
            num_conv_pos_embeddings=4,
            num_conv_pos_embedding_groups=2,
            adapter_attn_dim=4,
            conv_bias=True,
            pad_token_id=0,
            apply_spec_augment=False,
            layerdrop=0.0,
            **off,
        )
    )
    _teach(model)
    model.save_pretrained(folder)
    adapter = {name: each.detach().contiguous() for name, each in model._get_adapters().items()}
    save_file(adapter, folder / "adapter.bam.safetensors", metadata={"format": "pt"})
    # in the second language the tones of "ka" and "ɲɛ" change places
    swapped = [0, 1, 2, 3, 4, 6, 5, 8, 7]
    for name in ("lm_head.weight", "lm_head.bias"):
        adapter[name] = adapter[name][swapped].contiguous()
    save_file(adapter, folder / "adapter.ful.safetensors", metadata={"format": "pt"})
    return folder


def _teach(model: Any) -> None:
    """Show the model tones and their letters until it tells them apart."""
    import torch

    random = np.random.default_rng(1)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    model.train()
    for _ in range(200):
        sounds, wanted = [], []
        for _ in range(12):
            number, frames = int(random.integers(0, 6)), int(random.integers(4, 12))
            seconds = frames * _HOP / SAMPLE_RATE
            letter = _TAUGHT[number - 1]
            sounds.append(tone(letter, seconds) if number else pause(seconds))
            wanted += [number + 3 if number else 0] * (len(sounds[-1]) // _HOP)
        sound = np.concatenate(sounds)
        sound = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
        logits = model(torch.from_numpy(sound)[None]).logits[0]
        count = min(len(logits), len(wanted))
        loss: Any = torch.nn.functional.cross_entropy(logits[:count], torch.tensor(wanted[:count]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()


def save_whisper(folder: Path) -> Path:
    """A ``WhisperForConditionalGeneration`` of two layers that knows nothing."""
    import torch
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    from radio_archive.transcribers.conversion import Dimensions
    from radio_archive.transcribers.tokenizer_files import write_companions

    torch.manual_seed(0)
    model: Any = WhisperForConditionalGeneration(
        WhisperConfig(
            d_model=16,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=32,
            decoder_ffn_dim=32,
        )
    )
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    sizes = dict.fromkeys(("n_audio_state", "n_text_state"), 512)
    sizes |= dict.fromkeys(("n_audio_head", "n_text_head"), 8)
    sizes |= dict.fromkeys(("n_audio_layer", "n_text_layer"), 6)
    base = Dimensions(n_mels=80, n_audio_ctx=1500, n_vocab=51865, n_text_ctx=448, **sizes)
    companions = folder / "companions"
    companions.mkdir()
    write_companions("base", base, companions)
    shutil.move(companions / "tokenizer.json", folder / "tokenizer.json")
    shutil.rmtree(companions)
    names = dict.fromkeys(("unk_token", "bos_token", "eos_token", "pad_token"), "<|endoftext|>")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "WhisperTokenizer", **names}), encoding="utf-8"
    )
    return folder
