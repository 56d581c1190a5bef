"""The small files faster-whisper wants beside ``model.bin``, made from openai-whisper's own.

openai-whisper carries Whisper's vocabulary as a list of byte strings with ranks. The same list,
written as a ``tokenizer.json``, gives faster-whisper the very tokens of the reference engine,
whatever source the weights came from. (One of the packaged tokenizers lacks the first merge,
``Ġ t``, and so spells every prompt differently.)
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from radio_archive.transcribers.conversion import Dimensions, alignment_heads

_END = "<|endoftext|>"
_BLANK = " "
_PLAIN_BYTES = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))
"""Bytes that byte-level vocabularies write as the character of the same number (as GPT-2 does);
every other byte takes the next character from U+0100 on."""


def write_companions(name: str, dimensions: Dimensions, folder: Path) -> None:
    """Write ``config.json``, ``tokenizer.json``, ``vocabulary.json``, ``preprocessor_config.json``.

    Args:
        name: the model's name in openai-whisper's tables: ``base``.
        dimensions: the model's sizes.
        folder: where ``model.bin`` lies.
    """
    tokens, specials, tokenizer = _vocabulary(dimensions)
    _write(folder / "config.json", _config(name, dimensions, tokenizer))
    _write(folder / "vocabulary.json", [*tokens, *specials])
    _write(folder / "tokenizer.json", _tokenizer(tokens, specials, _merges(tokenizer)))
    # the rest of the feature extractor's settings are faster-whisper's defaults
    _write(folder / "preprocessor_config.json", {"feature_size": dimensions.n_mels})


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _vocabulary(dimensions: Dimensions) -> tuple[list[str], list[str], Any]:
    """Ordinary tokens and special tokens in the order of their numbers, and the tokenizer."""
    from whisper.tokenizer import get_tokenizer

    languages = dimensions.n_vocab - 51766  # as openai-whisper counts them: 99, or 100 with yue
    tokenizer = get_tokenizer(multilingual=True, num_languages=languages)
    encoding = tokenizer.encoding
    tokens = [_as_text(encoding.decode_single_token_bytes(i)) for i in range(tokenizer.eot)]
    numbered = {number: text for text, number in tokenizer.special_tokens.items()}
    specials = [numbered[number] for number in range(tokenizer.eot, dimensions.n_vocab)]
    return tokens, specials, tokenizer


def _byte_letters() -> list[str]:
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in _PLAIN_BYTES else next(others)) for byte in range(256)]


_LETTERS = _byte_letters()


def _as_text(token: bytes) -> str:
    return "".join(_LETTERS[byte] for byte in token)


def _merges(tokenizer: Any) -> list[list[str]]:
    """The two parts each token is made of, in the order they are to be joined."""
    encoding = tokenizer.encoding
    ranks = {encoding.decode_single_token_bytes(i): i for i in range(tokenizer.eot)}
    merges = []
    for token, rank in ranks.items():
        if len(token) > 1:
            first, second = _split(token, rank, ranks)
            merges.append([_as_text(first), _as_text(second)])
    return merges


def _split(token: bytes, rank: int, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """Join a token's bytes by all lower ranks; two parts remain."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        pairs = [ranks.get(a + b, rank) for a, b in itertools.pairwise(parts)]
        best = min(range(len(pairs)), key=pairs.__getitem__)
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts[0], parts[1]


def _config(name: str, dimensions: Dimensions, tokenizer: Any) -> dict[str, Any]:
    """What CTranslate2 must know beside the tensors."""
    from whisper import _ALIGNMENT_HEADS

    specials = tokenizer.special_tokens
    suppressed = [
        *tokenizer.non_speech_tokens,
        *(
            specials[f"<|{mark}|>"]
            for mark in (
                "startoftranscript",
                "translate",
                "transcribe",
                "startoflm",
                "startofprev",
                "nospeech",
            )
        ),
    ]
    return {
        "alignment_heads": alignment_heads(_ALIGNMENT_HEADS[name], dimensions),
        "lang_ids": sorted(tokenizer.all_language_tokens),
        "suppress_ids": sorted(suppressed),
        "suppress_ids_begin": [*tokenizer.encode(_BLANK), tokenizer.eot],
    }


def _tokenizer(tokens: list[str], specials: list[str], merges: list[list[str]]) -> dict[str, Any]:
    """A byte-level BPE tokenizer in the form the ``tokenizers`` library loads."""
    added = [
        {
            "id": number,
            "content": text,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, text in enumerate(specials, len(tokens))
    ]
    byte_level = {"type": "ByteLevel", "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": byte_level | {"add_prefix_space": False},
        "post_processor": None,
        "decoder": byte_level | {"add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "vocab": {text: number for number, text in enumerate(tokens)},
            "merges": merges,
        },
    }
