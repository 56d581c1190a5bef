"""Whisper through CTranslate2: the fast engine.

Decodes many groups at once with beam search in 8-bit integers. In that precision the text does
not depend on which groups share a batch (measured bit by bit), so a run that was killed and
started again writes the same words, and so does any number of replicas side by side.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from radio_archive.errors import TranscriptionError
from radio_archive.model import LanguageTag, Trust, Word
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples, Span
from radio_archive.transcribers.engine_support import (
    BATCHES_UNDER_WAY,
    MAX_GROUP_SAMPLES,
    EncodedGroups,
    compression_ratio_of,
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
from radio_archive.transcribers.replicas import Replicas, gather
from radio_archive.transcribers.timing import TimedPiece, words_of
from radio_archive.transcribers.weights import find_recorded_digest
from radio_archive.transcribers.whisper_codes import find_whisper_code, is_translatable, tag_of

_MAX_TOKENS = 448
"""Whisper's text context; half of it at most is prompt, half at most is written
(``whisper.decoding``; CTranslate2 halves it by itself)."""

_WHOLE = 3000
"""Spectrogram frames of 30 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How CTranslate2 looks for the text."""

    compute_type: str = ""  #: precision; empty takes ``int8``, or ``float16`` on a GPU
    beam_size: int = 5  #: sentences kept in mind while decoding


class FasterWhisper:
    """A ``Transcriber`` on faster-whisper; the model is loaded on first use.

    Args:
        weights: folder with ``model.bin`` and its companions.
        threads: decoding threads of one replica; one is fastest per core.
        workers: replicas that work side by side, sharing the weights; one per core is fastest. On a
            GPU there is always one: it is kept busy by larger batches.
        batch_size: groups decoded together by one replica.
        search: precision and beam.

    Raises:
        WeightsMissing: the folder holds no model.
    """

    can_identify: ClassVar[bool] = True
    library: ClassVar[str] = "faster_whisper"
    has_workers: ClassVar[bool] = True

    def __init__(
        self,
        weights: Path,
        *,
        threads: int = 1,
        workers: int = 1,
        batch_size: int = 8,
        search: Search = Search(),
    ) -> None:
        require_weights(str(weights), exists=(weights / "model.bin").is_file())
        self._weights = weights
        self._threads = threads
        self._batch_size = batch_size
        self._search = search
        self._workers = workers
        self._loading = threading.Lock()
        self._encoded = EncodedGroups(self._encode, BATCHES_UNDER_WAY * batch_size)

    @property
    def name(self) -> str:
        """``faster-whisper/base``."""
        return f"faster-whisper/{self._weights.parent.name}"

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text."""
        return {
            "engine_version": f"faster-whisper {version('faster-whisper')}, "
            f"ctranslate2 {version('ctranslate2')}",
            "weights_sha256": find_recorded_digest(self._weights) or "",
            "device": self._device,
            "compute_type": self._precision,
            "beam_size": str(self._search.beam_size),
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
        return is_translatable(language, self._weights.parent.name)

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        """Probability (0-1) of each language, for each group.

        Raises:
            TranscriptionError: CTranslate2 failed.
        """
        self._load()
        return self._replicas.map(self._alone, groups)

    def _alone(self, group: Samples) -> Mapping[LanguageTag, float]:
        return self._languages(self._encode(group, is_whole=False))

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        """Probability of each language for parts of groups; ``decode`` shares the work.

        Raises:
            TranscriptionError: CTranslate2 failed.
        """
        self._load()
        return self._replicas.map(self._parts, list(zip(groups, parts, strict=True)))

    def _parts(self, heard: tuple[Samples, Sequence[Span]]) -> list[Mapping[LanguageTag, float]]:
        group, spans = heard
        (encoded,) = self._encoded.of([group])
        return [self._languages(encoded[:, encoder_frames(span)]) for span in spans]

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group in its own window, without looking at the text of another.

        Raises:
            NoEngine: Whisper does not know the language, or this model cannot translate.
            TranscriptionError: CTranslate2 failed.
        """
        require_task(self, options)
        code = get_whisper_code(self.name, options.language)
        self._load()
        shares = self._replicas.share_out(groups, self._batch_size)
        try:
            decoded = self._replicas.map(
                lambda share: self._decode_batch(share, code, options), shares
            )
        except (RuntimeError, ValueError) as error:
            raise self._failed("write down speech", error) from error
        return gather(decoded)

    def _decode_batch(
        self, groups: Sequence[Samples], code: str, options: DecodeOptions
    ) -> list[DecodedGroup]:
        from faster_whisper.tokenizer import Tokenizer

        tokenizer = Tokenizer(
            self._model.hf_tokenizer, True, task=options.task.value, language=code
        )
        features = _storage(np.concatenate(self._encoded.of(groups)))
        results = self._generate(features, len(groups), tokenizer, options.prompt)
        texts = [
            [token for token in result.sequences_ids[0] if token < tokenizer.eot]
            for result in results
        ]
        frames = [frames_of(group) for group in groups]
        # an empty text cannot be aligned: give it a token and throw the answer away
        alignable = [tokens or tokenizer.encode(" .") for tokens in texts]
        alignments = self._model.find_alignment(tokenizer, alignable, features, frames)
        decoded = []
        for result, tokens, alignment, group in zip(
            results, texts, alignments, groups, strict=True
        ):
            pieces = _pieces(alignment) if tokens else []
            has_spaces = writes_spaces(code, options.task)
            words = words_of(pieces, length_ms_of(group), has_spaces=has_spaces)
            decoded.append(_decoded_group(result, words, tokenizer.decode(tokens)))
        self._encoded.forget(groups)
        give_back_memory()
        return decoded

    def _generate(self, features: Any, count: int, tokenizer: Any, prompt: str) -> Any:
        from faster_whisper.transcribe import get_suppressed_tokens

        previous = tokenizer.encode(f" {prompt.strip()}") if prompt.strip() else []
        start = self._model.get_prompt(tokenizer, previous, without_timestamps=True)
        return self._model.model.generate(
            features,
            [start] * count,
            beam_size=self._search.beam_size,
            max_length=_MAX_TOKENS,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )

    def _languages(self, encoded: Any) -> Mapping[LanguageTag, float]:
        try:
            (result,) = self._model.model.detect_language(_storage(encoded))
        except (RuntimeError, ValueError) as error:
            raise self._failed("find the language", error) from error
        return {tag_of(token[2:-2]): float(probability) for token, probability in result}

    def _encode(self, group: Samples, *, is_whole: bool = True) -> Any:
        """The encoder's output: of 30 s, as decoding wants it, or of the group's length only."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(group[:MAX_GROUP_SAMPLES])[..., :-1]
        features = pad_or_trim(features, _WHOLE if is_whole else frames_of(group))
        try:
            return np.array(self._model.model.encode(_storage(features[np.newaxis]), to_cpu=True))
        except (RuntimeError, ValueError) as error:
            raise self._failed("hear a group", error) from error

    def _load(self) -> Any:
        """The model, loaded once, whoever comes first."""
        with self._loading:
            return self._model

    @cached_property
    def _replicas(self) -> Replicas:
        return Replicas(1 if self._device == "cuda" else self._workers)

    @cached_property
    def _model(self) -> Any:
        wait_passively()
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(
                str(self._weights),
                device=self._device,
                compute_type=self._precision,
                cpu_threads=self._threads,
                num_workers=self._replicas.count,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise self._failed("load its weights", error) from error

    @cached_property
    def _device(self) -> str:
        wait_passively()
        import ctranslate2

        return "cuda" if ctranslate2.get_cuda_device_count() else "cpu"

    @property
    def _precision(self) -> str:
        return self._search.compute_type or ("float16" if self._device == "cuda" else "int8")

    def _failed(self, task: str, error: Exception) -> TranscriptionError:
        return TranscriptionError(
            f"{self.name} could not {task}: {error}",
            hint=f"Check the weights: radio-archive models verify {self._weights.parent.name}.",
        )


def _storage(array: Any) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.ascontiguousarray(array))


def _pieces(alignment: list[dict[str, Any]]) -> list[TimedPiece]:
    return [
        TimedPiece(
            text=piece["word"],
            start_s=float(piece["start"]),
            end_s=float(piece["end"]),
            probability=float(piece["probability"]),
        )
        for piece in alignment
    ]


def _decoded_group(result: Any, words: tuple[Word, ...], text: str) -> DecodedGroup:
    # CTranslate2 divides by the number of tokens, openai-whisper by one more (the end mark)
    count = len(result.sequences_ids[0])
    return DecodedGroup(
        words=words,
        avg_logprob=round(result.scores[0] * count / (count + 1), 4),
        no_speech_prob=round(result.no_speech_prob, 4),
        compression_ratio=round(compression_ratio_of(text.strip()), 3),
    )
