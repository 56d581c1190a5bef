"""Whisper as OpenAI published it: the reference engine.

Decodes greedily: its beam search is 6-7 times slower for 1.4 points of word error.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from radio_archive.errors import TranscriptionError
from radio_archive.model import LanguageTag, Milliseconds, Trust
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples, Span, Task
from radio_archive.transcribers.engine_support import (
    BATCHES_UNDER_WAY,
    HOP,
    EncodedGroups,
    encoder_frames,
    frames_of,
    get_whisper_code,
    give_back_memory,
    length_ms_of,
    require_task,
    require_weights,
    wait_passively,
    writes_spaces,
)
from radio_archive.transcribers.timing import TimedPiece, words_of
from radio_archive.transcribers.weights import find_recorded_digest
from radio_archive.transcribers.whisper_codes import find_whisper_code, is_translatable, tag_of


class OpenaiWhisper:
    """A ``Transcriber`` on openai-whisper; the model is loaded on first use.

    Args:
        weights: a checkpoint named like the model: ``base.pt``.
        threads: torch's threads; one is fastest per core.
        batch_size: groups decoded together.

    Raises:
        WeightsMissing: there is no such file.
    """

    can_identify: ClassVar[bool] = True
    library: ClassVar[str] = "whisper"

    def __init__(self, weights: Path, *, threads: int = 1, batch_size: int = 8) -> None:
        require_weights(str(weights), exists=weights.is_file())
        self._weights = weights
        self._threads = threads
        self._batch_size = batch_size
        # decoding hooks itself into the model: nobody else may use it meanwhile
        self._lock = threading.Lock()
        self._encoded = EncodedGroups(self._encode, BATCHES_UNDER_WAY * batch_size)

    @property
    def name(self) -> str:
        """``openai-whisper/base``."""
        return f"openai-whisper/{self._weights.stem}"

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text."""
        return {
            "engine_version": f"openai-whisper {version('openai-whisper')}, "
            f"torch {version('torch')}",
            "weights_sha256": find_recorded_digest(self._weights.parent) or "",
            "device": self._device,
            "compute_type": "float16" if self._is_half else "float32",
            "beam_size": "1",
            "threads": str(self._threads),
        }

    @property
    def trust(self) -> Trust:
        """Whisper knows its languages; its own numbers tell where it errs."""
        return Trust.MACHINE

    def knows(self, language: LanguageTag) -> bool:
        """Whether Whisper was trained on this language."""
        return find_whisper_code(language) is not None

    def translates(self, language: LanguageTag) -> bool:
        """Whether this model was taught to say it in English."""
        return is_translatable(language, self._weights.stem)

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        """Probability (0-1) of each language, for each group.

        Raises:
            TranscriptionError: torch failed.
        """
        wholes = [[(Milliseconds(0), length_ms_of(group))] for group in groups]
        return [whole for (whole,) in self.identify_parts(groups, wholes)]

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        """Probability of each language for parts of groups; ``decode`` shares the work.

        Raises:
            TranscriptionError: torch failed.
        """
        found = []
        for group, spans in zip(groups, parts, strict=True):
            with self._lock:
                (encoded,) = self._encoded.of([group])
                found.append([self._languages(encoded[:, encoder_frames(span)]) for span in spans])
        return found

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group in its own window, without looking at the text of another.

        Raises:
            NoEngine: Whisper does not know the language, or this model cannot translate.
            TranscriptionError: torch failed.
        """
        require_task(self, options)
        code = get_whisper_code(self.name, options.language)
        decoded: list[DecodedGroup] = []
        for batch in self._batches(groups):
            try:
                with self._lock:
                    decoded += self._decode_batch(batch, code, options)
            except RuntimeError as error:
                raise self._failed("write down speech", error) from error
            self._encoded.forget(batch)
            give_back_memory()
        return decoded

    def _decode_batch(
        self, groups: Sequence[Samples], code: str, options: DecodeOptions
    ) -> list[DecodedGroup]:
        import whisper
        from whisper.tokenizer import get_tokenizer

        how = whisper.DecodingOptions(
            task=options.task.value,
            language=code,
            prompt=options.prompt.strip() or None,
            without_timestamps=True,
            fp16=self._is_half,
        )
        tokenizer = get_tokenizer(
            multilingual=True,
            num_languages=self._model.num_languages,
            language=code,
            task=options.task.value,
        )
        results = whisper.decode(self._model, self._stack(groups), how)
        return [
            DecodedGroup(
                words=self._words(group, features, result.tokens, tokenizer),
                avg_logprob=round(result.avg_logprob, 4),
                no_speech_prob=round(result.no_speech_prob, 4),
                compression_ratio=round(result.compression_ratio, 3) if result.text else 0.0,
            )
            for group, features, result in zip(
                groups, self._encoded.of(groups), results, strict=True
            )
        ]

    def _words(self, group: Samples, features: Any, tokens: list[int], tokenizer: Any) -> Any:
        from whisper.timing import find_alignment

        text = [token for token in tokens if token < tokenizer.eot]
        alignment = find_alignment(
            _DecoderOnly(self._model), tokenizer, text, features[0], frames_of(group)
        )
        pieces = [
            TimedPiece(
                text=piece.word,
                start_s=float(piece.start),
                end_s=float(piece.end),
                probability=float(piece.probability),
            )
            for piece in alignment
        ]
        has_spaces = writes_spaces(tokenizer.language, Task(tokenizer.task))
        return words_of(pieces, length_ms_of(group), has_spaces=has_spaces)

    def _languages(self, encoded: Any) -> Mapping[LanguageTag, float]:
        import torch
        from whisper.tokenizer import get_tokenizer

        model = self._model
        tokenizer = get_tokenizer(multilingual=True, num_languages=model.num_languages)
        try:
            with torch.no_grad():
                start = torch.tensor([[tokenizer.sot]], device=model.device)
                logits = model.logits(start, encoded)[0, 0, list(tokenizer.all_language_tokens)]
        except RuntimeError as error:
            raise self._failed("find the language", error) from error
        probabilities = logits.float().softmax(dim=-1).tolist()
        codes = tokenizer.all_language_codes
        return {tag_of(code): p for code, p in zip(codes, probabilities, strict=True)}

    def _batches(self, groups: Sequence[Samples]) -> list[Sequence[Samples]]:
        size = self._batch_size
        return [groups[start : start + size] for start in range(0, len(groups), size)]

    def _stack(self, groups: Sequence[Samples]) -> Any:
        import torch

        return torch.cat(self._encoded.of(groups))

    def _encode(self, group: Samples) -> Any:
        import torch
        import whisper

        model = self._model
        sound = torch.from_numpy(group.copy())
        spectrogram = whisper.log_mel_spectrogram(sound, model.dims.n_mels, padding=HOP)
        window = whisper.pad_or_trim(spectrogram[:, : len(group) // HOP], 3000)
        window = window.to(model.device, torch.float16 if self._is_half else torch.float32)
        with torch.no_grad():
            return model.embed_audio(window[None])

    @cached_property
    def _model(self) -> Any:
        wait_passively()
        import pickle

        import torch
        import whisper

        torch.set_num_threads(self._threads)
        try:
            model = whisper.load_model(str(self._weights), device=self._device)
        except (RuntimeError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
            raise self._failed("load its weights", error) from error
        # a checkpoint loaded by path knows nothing of the heads that follow the sound
        heads = whisper._ALIGNMENT_HEADS.get(self._weights.stem)
        if heads is not None:
            model.set_alignment_heads(heads)
        return model.half() if self._is_half else model

    @cached_property
    def _device(self) -> str:
        wait_passively()
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"

    @property
    def _is_half(self) -> bool:
        return self._device == "cuda"

    def _failed(self, task: str, error: Exception) -> TranscriptionError:
        return TranscriptionError(
            f"{self.name} could not {task}: {error}",
            hint=f"Check the weights: radio-archive models verify {self._weights.stem}.",
        )


class _DecoderOnly:
    """The model as ``find_alignment`` sees it, without a second pass of the encoder."""

    def __init__(self, model: Any) -> None:
        self.device = model.device
        self.dims = model.dims
        self.decoder = model.decoder
        self.alignment_heads = model.alignment_heads

    def __call__(self, encoded: Any, tokens: Any) -> Any:
        return self.decoder(tokens, encoded)
