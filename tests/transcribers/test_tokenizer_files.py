from __future__ import annotations

import json
from pathlib import Path

import pytest

from radio_archive.transcribers.conversion import Dimensions
from radio_archive.transcribers.tokenizer_files import write_companions

BASE = Dimensions(
    n_mels=80,
    n_audio_ctx=1500,
    n_audio_state=512,
    n_audio_head=8,
    n_audio_layer=6,
    n_vocab=51865,
    n_text_ctx=448,
    n_text_state=512,
    n_text_head=8,
    n_text_layer=6,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("companions")
    write_companions("base", BASE, path)
    return path


@pytest.mark.parametrize(
    "text",
    [
        " Le prix du riz recule à Ségou, Mopti et Tombouctou.",
        " Qu'est-ce que l'hivernage ? « C'est la saison des pluies ! »",
        " ɲɔgɔn, ŋaari, ɓaleewo — 1 250 F CFA",
        " the water\nالسلام عليكم 😀",
    ],
)
def test_both_engines_cut_a_text_into_the_same_tokens(folder: Path, text: str) -> None:
    import tokenizers
    from whisper.tokenizer import get_tokenizer

    ours = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    theirs = get_tokenizer(multilingual=True)
    ids = ours.encode(text, add_special_tokens=False).ids
    assert ids == theirs.encode(text)
    assert ours.decode(ids) == text


def test_the_special_tokens_have_openais_numbers(folder: Path) -> None:
    import tokenizers
    from whisper.tokenizer import get_tokenizer

    ours = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    for text, number in get_tokenizer(multilingual=True).special_tokens.items():
        assert ours.token_to_id(text) == number


def test_the_vocabulary_is_as_long_as_the_embedding(folder: Path) -> None:
    vocabulary = json.loads((folder / "vocabulary.json").read_text())
    assert len(vocabulary) == BASE.n_vocab == len(set(vocabulary))
    assert vocabulary[50258:50260] == ["<|startoftranscript|>", "<|en|>"]


def test_the_engine_is_told_languages_silent_tokens_and_heads(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    assert config["lang_ids"] == list(range(50259, 50358))
    assert config["suppress_ids_begin"] == [220, 50257]
    assert config["alignment_heads"][0] == [3, 1]
    assert len(config["alignment_heads"]) == 8
    assert 50362 in config["suppress_ids"]
