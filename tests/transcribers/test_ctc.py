from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from radio_archive.errors import TranscriptionError, WeightsMissing
from radio_archive.model import LanguageTag
from radio_archive.transcribers import DecodedGroup, DecodeOptions
from radio_archive.transcribers.ctc import OmnilingualCtc
from radio_archive.transcribers.ctc_words import Letter, words_of_letters
from radio_archive.transcribers.transformers_wav2vec2 import Wav2Vec2
from tests.support.tiny_models import pause, spoken

BAMBARA, FULFULDE = LanguageTag("bm"), LanguageTag("ffm")


def timed(decoded: DecodedGroup) -> list[tuple[str, int]]:
    return [(word.text, word.start_ms) for word in decoded.words]


def test_omnilingual_writes_what_it_hears_when_it_hears_it(tiny_omnilingual: Path) -> None:
    engine = OmnilingualCtc(tiny_omnilingual, languages=[BAMBARA])
    late = np.concatenate([pause(3), spoken()])
    first, second = engine.decode([spoken(), late], DecodeOptions(language=BAMBARA))
    assert timed(first) == [("ka", 500), ("ɲɛ", 1100)]
    assert timed(second) == [("ka", 3500), ("ɲɛ", 4100)]
    assert first.words[0].end_ms <= 900
    assert first.avg_logprob is None


def test_silence_stays_unwritten(tiny_omnilingual: Path) -> None:
    engine = OmnilingualCtc(tiny_omnilingual, languages=[BAMBARA])
    (decoded,) = engine.decode([pause(5)], DecodeOptions(language=BAMBARA))
    assert decoded.words == ()


def test_a_group_longer_than_the_model_takes_is_refused(tiny_omnilingual: Path) -> None:
    engine = OmnilingualCtc(tiny_omnilingual, languages=[BAMBARA])
    with pytest.raises(TranscriptionError, match="40 s at most"):
        engine.decode([pause(41)], DecodeOptions(language=BAMBARA))


@pytest.mark.parametrize("content", [b"", b"no numbers at all\n", b"a one\n", b"a 1 2\n"])
def test_a_list_of_tokens_that_would_end_the_process_is_refused(
    tiny_omnilingual: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "model.int8.onnx").write_bytes((tiny_omnilingual / "model.int8.onnx").read_bytes())
    with pytest.raises(WeightsMissing, match=r"tokens\.txt"):
        OmnilingualCtc(tmp_path, languages=[BAMBARA])
    (tmp_path / "tokens.txt").write_bytes(content)
    with pytest.raises(WeightsMissing, match="symbols and their numbers"):
        OmnilingualCtc(tmp_path, languages=[BAMBARA])


@pytest.mark.parametrize("name", ["model.int8.onnx", "tokens.txt"])
def test_damaged_weights_end_in_one_sentence(
    tiny_omnilingual: Path, tmp_path: Path, name: str
) -> None:
    """A model that is none, and a list shorter than the model's alphabet."""
    for file in tiny_omnilingual.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_bytes(b"<s> 0\n")
    engine = OmnilingualCtc(tmp_path, languages=[BAMBARA])
    with pytest.raises(TranscriptionError, match="radio-archive models verify"):
        engine.decode([spoken()], DecodeOptions(language=BAMBARA))


def test_mms_writes_each_language_with_its_own_adapter(tiny_wav2vec2: Path) -> None:
    engine = Wav2Vec2(tiny_wav2vec2, languages=[BAMBARA, FULFULDE, LanguageTag("taq")])
    for _ in range(2):
        (decoded,) = engine.decode([spoken()], DecodeOptions(language=BAMBARA))
        assert timed(decoded) == [("ka", 500), ("ɲɛ", 1100)]
        assert all(0.5 < (word.probability or 0) <= 1 for word in decoded.words)
        assert -0.5 < (decoded.avg_logprob or -9) <= 0
        (decoded,) = engine.decode([spoken()], DecodeOptions(language=FULFULDE))
        assert timed(decoded) == [("ɗɓ", 500), ("ka", 1100)]
    assert not engine.knows(LanguageTag("taq"))  # configured, and its adapter is not there


def test_engines_are_made_without_loading_anything(
    tiny_omnilingual: Path, tiny_wav2vec2: Path
) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from radio_archive.transcribers.ctc import OmnilingualCtc\n"
        "from radio_archive.transcribers.transformers_wav2vec2 import Wav2Vec2\n"
        f"OmnilingualCtc(Path({str(tiny_omnilingual)!r}), languages=['bm'])\n"
        f"Wav2Vec2(Path({str(tiny_wav2vec2)!r}), languages=['bm']).knows('bm')\n"
        "heavy = {'torch', 'transformers', 'sherpa_onnx'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_letters_become_words_and_lone_marks_join_the_word_before() -> None:
    written = [("i", 100), (" ", 200), ("n", 300), ("i", 340), (" ", 400), ("?", 420), ("", 440)]
    words = words_of_letters([Letter(text=text, start_ms=at) for text, at in written], 1000)
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("i", 100, 180),
        ("ni?", 300, 500),
    ]


def test_a_mark_over_a_letter_is_one_with_it() -> None:
    letters = [Letter(text="e", start_ms=0), Letter(text="\u0301", start_ms=20)]
    (word,) = words_of_letters(letters, 50)
    assert (word.text, word.end_ms) == ("é", 50)


def test_no_word_ends_after_the_next_begins_or_the_group_is_over() -> None:
    letters = [Letter(text=text, start_ms=at) for text, at in (("a", 0), (" ", 20), ("b", 40))]
    assert [(w.start_ms, w.end_ms) for w in words_of_letters(letters, 60)] == [(0, 40), (40, 60)]


def test_sound_at_the_limit_of_a_group_is_taken(tiny_omnilingual: Path) -> None:
    engine = OmnilingualCtc(tiny_omnilingual, languages=[BAMBARA])
    full = np.concatenate([pause(25), spoken()])
    (decoded,) = engine.decode([full], DecodeOptions(language=BAMBARA))
    assert [word.text for word in decoded.words] == ["ka", "ɲɛ"]
    assert abs(decoded.words[0].start_ms - 25_500) <= 20
