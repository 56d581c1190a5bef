"""From the files a fine-tune of Whisper is published in to CTranslate2's.

The makers save them with transformers; ``FasterWhisper`` reads CTranslate2's. The converter is
CTranslate2's own and needs the extra ``transformers``; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import json
import pickle
from pathlib import Path
from typing import Any

from radio_archive.errors import NoEngine, WeightsMissing

_TOKENIZER_FILE = "tokenizer.json"
_PREPROCESSOR_FILE = "preprocessor_config.json"


def convert_whisper(source: Path, target: Path) -> None:
    """Write a fine-tune's weights and their companions as ``FasterWhisper`` reads them.

    Half precision: what the makers publish, and what loses nothing when run in 8 bit.

    Args:
        source: folder as transformers saves it, in safetensors.
        target: an empty folder.

    Raises:
        NoEngine: transformers is not installed.
        WeightsMissing: the folder holds no Whisper.
    """
    if importlib.util.find_spec("transformers") is None:
        raise NoEngine(
            "Converting a fine-tune of Whisper needs transformers.",
            hint="Install it: pip install radio-archive[transformers].",
        )
    if not (source / "model.safetensors").is_file():
        raise WeightsMissing(
            f"{source} holds no model.safetensors.",
            hint="Pickled weights are not opened: save the model again in safetensors.",
        )
    from ctranslate2.converters import TransformersConverter

    target.rmdir()
    try:
        converter = TransformersConverter(str(source), load_as_float16=True)
        converter.convert(str(target), quantization="float16")
        _write_companions(source, target)
    except (
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        AttributeError,
        pickle.UnpicklingError,
    ) as error:
        raise WeightsMissing(
            f"The weights in {source.name} are no Whisper that can be converted: {error}.",
            hint="Name a folder saved from WhisperForConditionalGeneration with its tokenizer.",
        ) from error


def _write_companions(source: Path, target: Path) -> None:
    """The tokenizer and the number of bands of the spectrogram."""
    if (source / _TOKENIZER_FILE).is_file():
        tokenizer = (source / _TOKENIZER_FILE).read_text(encoding="utf-8")
    else:
        from transformers import AutoTokenizer

        fast = AutoTokenizer.from_pretrained(source, local_files_only=True)
        tokenizer = fast.backend_tokenizer.to_str()
    (target / _TOKENIZER_FILE).write_text(tokenizer, encoding="utf-8")
    bands = _read_json(source / "config.json").get("num_mel_bins", 80)
    content = json.dumps({"feature_size": bands})
    (target / _PREPROCESSOR_FILE).write_text(content, encoding="utf-8")


def find_taught_code(folder: Path) -> str:
    """Whisper's code of the language that a fine-tune's own settings force; empty when none."""
    settings = _read_json(folder / "generation_config.json")
    named = settings.get("language")
    if isinstance(named, str):
        from whisper.tokenizer import TO_LANGUAGE_CODE

        bare = named.lower().strip("<|>")
        return str(TO_LANGUAGE_CODE.get(bare, bare))
    forced = dict(settings.get("forced_decoder_ids") or ())
    codes = {number: code for code, number in (settings.get("lang_to_id") or {}).items()}
    return str(codes.get(forced.get(1), "")).strip("<|>")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
