"""wav2vec 2.0 through transformers: MMS with an adapter per language, and fine-tunes for one.

MMS (Pratap and others 2023) is one encoder with a small adapter and an alphabet per language; a
fine-tune is the same network for one language. Both are CTC models. Loading never unpickles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

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

ADAPTER_CODES: Mapping[LanguageTag, str] = {
    LanguageTag(tag): code
    for tag, code in (
        ("bm", "bam"),
        ("ffm", "ful"),  # MMS has no Maasina Fulfulde; ``ful`` is the group's code
        ("taq", "taq"),
        ("ses", "ses"),
        ("dts", "dts"),
        ("fr", "fra"),
        ("ar", "ara"),
        ("en", "eng"),
    )
}
"""What MMS calls our languages (list of ``facebook/mms-1b-all``)."""

_WEIGHTS_FILE = "model.safetensors"
_NEEDED = ("config.json", "vocab.json", _WEIGHTS_FILE)
_MIN_SAMPLES = 400
"""The encoder's first window."""


class Wav2Vec2:
    """A ``Writer`` on ``Wav2Vec2ForCTC``; the model is loaded on first use.

    Args:
        weights: folder as transformers saves it, with ``adapter.CODE.safetensors`` for MMS.
        languages: what the station uses it for.
        threads: torch's threads, of the whole process.
        batch_size: taken for the sake of its kind; groups are decoded one by one.

    Raises:
        WeightsMissing: the folder holds no such model.
    """

    can_identify: ClassVar[bool] = False
    library: ClassVar[str] = "transformers"

    def __init__(
        self,
        weights: Path,
        *,
        languages: Collection[LanguageTag],
        threads: int = 1,
        batch_size: int = 8,  # noqa: ARG002 - all engines are made alike
    ) -> None:
        missing = [name for name in _NEEDED if not (weights / name).is_file()]
        if missing:
            raise WeightsMissing(
                f"{weights} lacks {', '.join(missing)}.",
                hint="Save the model with save_pretrained, in safetensors, and its processor.",
            )
        self._weights = weights
        self._languages = frozenset(languages)
        self._threads = threads
        self._adapter = ""  # the one that is loaded

    @property
    def name(self) -> str:
        """``wav2vec2/mms-1b-all``."""
        return name_of("wav2vec2", self._weights)

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text."""
        return {
            "engine_version": f"transformers {version('transformers')}, torch {version('torch')}",
            "weights_sha256": self._digest,
            "compute_type": "float32",
            "decoding": "greedy",
            "threads": str(self._threads),
        }

    @property
    def trust(self) -> Trust:
        """Weak: MMS misses three of five words of Bambara (AfricaNLP 2026)."""
        return Trust.MACHINE_WEAK

    def knows(self, language: LanguageTag) -> bool:
        """Whether the station uses it for this language, and its adapter is there."""
        is_there = not self._has_adapters or self._adapter_file(language).is_file()
        return language in self._languages and is_there

    def translates(self, language: LanguageTag) -> bool:  # noqa: ARG002 - none at all
        """No: it writes the letters it hears."""
        return False

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group on its own. It cannot be given names to expect.

        Raises:
            NoEngine: a translation is asked for, the station does not use it for this language, or
                the adapter is missing.
            TranscriptionError: torch or transformers failed.
        """
        require_task(self, options)
        if not self.knows(options.language):
            raise NoEngine(
                f"{self.name} does not write the language {options.language!r}.",
                hint="Name it under [engines] in radio-archive.toml, and fetch its adapter.",
            )
        try:
            if self._has_adapters:
                self._take_adapter(ADAPTER_CODES[options.language])
            return [self._decode_one(group) for group in groups]
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            raise self._failed("write down speech", error) from error

    def _take_adapter(self, code: str) -> None:
        if code != self._adapter:
            self._processor.tokenizer.set_target_lang(code)
            self._model.load_adapter(code, local_files_only=True, use_safetensors=True)
            self._adapter = code

    def _decode_one(self, group: Samples) -> DecodedGroup:
        import torch

        if len(group) < _MIN_SAMPLES:
            return DecodedGroup(words=())
        inputs = self._processor(group, sampling_rate=SAMPLE_RATE, return_tensors="pt")
        with torch.inference_mode():
            logits = self._model(**inputs).logits[0]
        probabilities, ids = logits.softmax(-1).max(-1)
        text = self._processor.tokenizer.decode(ids, output_char_offsets=True)
        frame_ms = 1000 * self._model.config.inputs_to_logits_ratio / SAMPLE_RATE
        letters = [
            Letter(
                text=each["char"],
                start_ms=round(int(each["start_offset"]) * frame_ms),
                probability=float(probabilities[int(each["start_offset"])]),
            )
            for each in text.char_offsets
        ]
        return DecodedGroup(
            words=words_of_letters(letters, length_ms_of(group)),
            avg_logprob=_mean_logprob(letters),
        )

    @cached_property
    def _has_adapters(self) -> bool:
        """Whether the alphabet is one per language, as in MMS."""
        try:
            vocabulary = json.loads((self._weights / "vocab.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WeightsMissing(f"vocab.json of {self.name} cannot be read: {error}.") from error
        return isinstance(vocabulary, dict) and all(
            isinstance(each, dict) for each in vocabulary.values()
        )

    def _adapter_file(self, language: LanguageTag) -> Path:
        return self._weights / f"adapter.{ADAPTER_CODES.get(language, language)}.safetensors"

    @cached_property
    def _processor(self) -> Any:
        from transformers import Wav2Vec2Processor

        try:
            return Wav2Vec2Processor.from_pretrained(self._weights, local_files_only=True)
        except (RuntimeError, ValueError, OSError) as error:
            raise self._failed("load its alphabet", error) from error

    @cached_property
    def _model(self) -> Any:
        wait_passively()
        import torch
        from transformers import Wav2Vec2ForCTC

        torch.set_num_threads(self._threads)
        try:
            model: Any = Wav2Vec2ForCTC.from_pretrained(
                self._weights, local_files_only=True, use_safetensors=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise self._failed("load its weights", error) from error
        return model.eval()

    @cached_property
    def _digest(self) -> str:
        adapters = sorted(path.name for path in self._weights.glob("adapter.*.safetensors"))
        return folder_digest(self._weights, (*_NEEDED, *adapters))

    def _failed(self, task: str, error: Exception) -> TranscriptionError:
        return TranscriptionError(
            f"{self.name} could not {task}: {error}",
            hint=f"Check the weights: radio-archive models verify {self.name}.",
        )


def _mean_logprob(letters: Sequence[Letter]) -> float | None:
    """Mean log-probability of the letters, spaces left out; None when there are none."""
    logs = [
        math.log(max(letter.probability, 1e-6))
        for letter in letters
        if letter.probability is not None and letter.text.strip()
    ]
    return round(sum(logs) / len(logs), 4) if logs else None
