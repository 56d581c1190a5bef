"""Omnilingual ASR through sherpa-onnx: for the languages Whisper does not know.

Meta's Omnilingual CTC models (2025, Apache 2.0) were trained on more than 1,600 languages, Bambara,
Fulah, Songhay and Tamasheq among them. They take no language: they write what they hear, letter by
letter, so the language comes from the catalogue and another engine listens for passages in French.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from radio_archive.errors import NoEngine, TranscriptionError, WeightsMissing
from radio_archive.model import LanguageTag, Trust
from radio_archive.transcribers import SAMPLE_RATE, DecodedGroup, DecodeOptions, Samples
from radio_archive.transcribers.ctc_words import Letter, words_of_letters
from radio_archive.transcribers.engine_support import (
    length_ms_of,
    require_task,
    wait_passively,
)
from radio_archive.transcribers.weights import folder_digest, name_of

TOKENS_FILE = "tokens.txt"
MODEL_FILES = ("model.int8.onnx", "model.onnx")
"""Names of the model in sherpa-onnx's folders, the smaller one first."""

MAX_GROUP_S = 40
"""Longest sound the models take (omnilingual-asr's README); groups here are at most 30 s."""

_MIN_SAMPLES = 400
"""The encoder's first window: sherpa-onnx refuses less."""


class OmnilingualCtc:
    """A ``Writer`` on sherpa-onnx; the model is loaded on first use.

    Args:
        weights: folder with ``model.int8.onnx`` or ``model.onnx``, and ``tokens.txt``.
        languages: what the station uses it for.
        threads: decoding threads.
        batch_size: taken for the sake of its kind; groups are decoded one by one, so that text
            never depends on the company.

    Raises:
        WeightsMissing: the folder holds no such model, or one that sherpa-onnx would stumble over.
    """

    can_identify: ClassVar[bool] = False
    library: ClassVar[str] = "sherpa_onnx"

    def __init__(
        self,
        weights: Path,
        *,
        languages: Collection[LanguageTag],
        threads: int = 1,
        batch_size: int = 8,  # noqa: ARG002 - all engines are made alike
    ) -> None:
        self._weights = weights
        self._model_file = find_model_file(weights)
        check_tokens(weights / TOKENS_FILE)
        self._languages = frozenset(languages)
        self._threads = threads

    @property
    def name(self) -> str:
        """``omnilingual-ctc/300m-int8``."""
        return name_of("omnilingual-ctc", self._weights)

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text."""
        return {
            "engine_version": f"sherpa-onnx {version('sherpa-onnx')}",
            "weights_sha256": self._digest,
            "model_file": self._model_file.name,
            "decoding": "greedy",
            "threads": str(self._threads),
        }

    @property
    def trust(self) -> Trust:
        """Weak: the best open engines miss about every second word of Bambara (AfricaNLP 2026)."""
        return Trust.MACHINE_WEAK

    def knows(self, language: LanguageTag) -> bool:
        """Whether the station uses it for this language: the model itself is never told."""
        return language in self._languages

    def translates(self, language: LanguageTag) -> bool:  # noqa: ARG002 - none at all
        """No: it writes the letters it hears."""
        return False

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group on its own. It cannot be given names to expect.

        Raises:
            NoEngine: a translation is asked for, or the station does not use it for this language.
            TranscriptionError: sherpa-onnx failed, or a group is longer than 40 s.
        """
        require_task(self, options)
        if not self.knows(options.language):
            raise NoEngine(
                f"{self.name} is not configured for the language {options.language!r}.",
                hint="Name it under [engines] in radio-archive.toml.",
            )
        return [self._decode_one(group) for group in groups]

    def _decode_one(self, group: Samples) -> DecodedGroup:
        if len(group) < _MIN_SAMPLES:
            return DecodedGroup(words=())
        if len(group) > MAX_GROUP_S * SAMPLE_RATE:
            raise TranscriptionError(
                f"{self.name} takes {MAX_GROUP_S} s at most, not {len(group) / SAMPLE_RATE:.0f} s.",
                hint="Cut the sound at a pause first.",
            )
        try:
            stream = self._recognizer.create_stream()
            stream.accept_waveform(SAMPLE_RATE, np.ascontiguousarray(group, np.float32))
            self._recognizer.decode_stream(stream)
            result = stream.result
            letters = [
                Letter(text=token, start_ms=round(1000 * start))
                for token, start in zip(result.tokens, result.timestamps, strict=True)
            ]
        except (RuntimeError, ValueError, IndexError, UnicodeDecodeError) as error:
            raise self._failed("write down speech", error) from error
        # no compression ratio and no probability of silence: every letter needs its own piece of
        # sound, so such a model cannot loop, and over silence it writes nothing
        return DecodedGroup(words=words_of_letters(letters, length_ms_of(group)))

    @cached_property
    def _recognizer(self) -> Any:
        wait_passively()
        import sherpa_onnx

        try:
            return sherpa_onnx.OfflineRecognizer.from_omnilingual_asr_ctc(
                str(self._model_file),
                str(self._weights / TOKENS_FILE),
                num_threads=self._threads,
            )
        except (RuntimeError, ValueError) as error:
            raise self._failed("load its weights", error) from error

    @cached_property
    def _digest(self) -> str:
        return folder_digest(self._weights, (self._model_file.name, TOKENS_FILE))

    def _failed(self, task: str, error: Exception) -> TranscriptionError:
        return TranscriptionError(
            f"{self.name} could not {task}: {error}",
            hint=f"Check the weights: radio-archive models verify {self.name}.",
        )


def find_model_file(folder: Path) -> Path:
    """The model in a folder of sherpa-onnx's layout.

    Raises:
        WeightsMissing: there is none.
    """
    for name in MODEL_FILES:
        if (folder / name).is_file():
            return folder / name
    raise WeightsMissing(
        f"{folder} holds neither {' nor '.join(MODEL_FILES)}.",
        hint="Fetch the weights: radio-archive models fetch omnilingual-ctc/300m-int8.",
    )


def check_tokens(path: Path) -> None:
    """Refuse a list of tokens that would end the whole process.

    sherpa-onnx calls ``exit`` on a line it cannot read, and takes a missing list for an empty one.

    Raises:
        WeightsMissing: missing, empty, or not one symbol and its number a line.
    """
    try:
        lines = [line.split() for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise WeightsMissing(
            f"{path} cannot be read: {error}.", hint="Put the tokens.txt of the model beside it."
        ) from error
    # the symbol of the space is itself a space: its line has one field
    is_list = all(len(fields) in (1, 2) and fields[-1].isdigit() for fields in lines)
    if not lines or not is_list:
        raise WeightsMissing(
            f"{path} is not a list of symbols and their numbers.",
            hint="Put the tokens.txt of the model beside it.",
        )
