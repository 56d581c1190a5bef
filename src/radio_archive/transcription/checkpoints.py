"""What an engine has said already, so that a killed transcription says it again for nothing.

A transcription that starts again hears the same sound in the same order and asks the engine the
same questions. Questions are known by what is asked: the very samples, the options, the engine and
all that shapes its text. Those answered before the kill are answered from the checkpoints, bit by
bit; only the sound is decoded and looked through anew, some seconds per hour. So the result is the
one of an undisturbed run by construction, wherever it was killed, and nothing of the recipe has to
be able to start in the middle.

Answers are kept batch by batch: what is lost is the batch the kill came into.
"""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from radio_archive.model import LanguageTag, Milliseconds, Trust, Word
from radio_archive.transcribers import (
    DecodedGroup,
    DecodeOptions,
    Samples,
    Span,
    Transcriber,
)

Answers = Mapping[str, bytes]
"""Answers by question: 32 hexadecimal digits, compressed JSON."""


@dataclass(slots=True, kw_only=True)
class Checkpoints:
    """The answers kept of one transcription."""

    known: MutableMapping[str, bytes] = field(default_factory=dict)
    keep: Callable[[Answers], None]  #: durable on return; what it raises stops the transcription


class RememberingTranscriber:
    """A ``Transcriber`` that asks another one, and no question twice.

    Args:
        transcriber: the engine.
        checkpoints: what it has answered before; grows.
    """

    def __init__(self, transcriber: Transcriber, checkpoints: Checkpoints) -> None:
        self._transcriber = transcriber
        self._checkpoints = checkpoints
        self._new: dict[str, bytes] = {}  # answers not kept yet
        self._lock = threading.Lock()  # languages are told ahead, in a thread of their own
        self._engine = json.dumps([transcriber.name, sorted(transcriber.parameters.items())])

    @property
    def name(self) -> str:
        """The engine's."""
        return self._transcriber.name

    @property
    def parameters(self) -> Mapping[str, str]:
        """The engine's."""
        return self._transcriber.parameters

    @property
    def trust(self) -> Trust:
        """The engine's."""
        return self._transcriber.trust

    def knows(self, language: LanguageTag) -> bool:
        """What the engine knows."""
        return self._transcriber.knows(language)

    def translates(self, language: LanguageTag) -> bool:
        """What the engine translates."""
        return self._transcriber.translates(language)

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        """Probability (0-1) of each language, for each group.

        Raises:
            TranscriptionError: the engine failed.
        """
        keys = [self._key("identify", sound) for sound in groups]
        new = self._unknown(groups, keys)
        found = self._transcriber.identify([sound for sound, _ in new]) if new else []
        for (_, key), languages in zip(new, found, strict=True):
            self._remember(key, dict(languages))
        return [self._recall(key) for key in keys]

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        """Probability of each language for parts of groups.

        Raises:
            TranscriptionError: the engine failed.
        """
        keys = [
            self._key("identify_parts", sound, list(map(list, spans)))
            for sound, spans in zip(groups, parts, strict=True)
        ]
        spans_of = dict(zip(keys, parts, strict=True))
        new = self._unknown(groups, keys)
        sounds, spans = [sound for sound, _ in new], [spans_of[key] for _, key in new]
        found = self._transcriber.identify_parts(sounds, spans) if new else []
        for (_, key), languages in zip(new, found, strict=True):
            self._remember(key, list(map(dict, languages)))
        return [self._recall(key) for key in keys]

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group; all answers so far are kept before this returns.

        Raises:
            NoEngine: the engine cannot do this with this language.
            TranscriptionError: the engine failed.
        """
        keys = [self._key("decode", sound, asdict(options)) for sound in groups]
        new = self._unknown(groups, keys)
        if new:
            decoded = self._transcriber.decode([sound for sound, _ in new], options)
            for (_, key), group in zip(new, decoded, strict=True):
                self._remember(key, asdict(group))
            self._keep()
        return [_decoded_group(self._recall(key)) for key in keys]

    def _key(self, question: str, sound: Samples, details: object = None) -> str:
        digest = hashlib.blake2b(sound.tobytes(), digest_size=16)
        digest.update(json.dumps([self._engine, question, details], sort_keys=True).encode())
        return digest.hexdigest()

    def _unknown(self, groups: Sequence[Samples], keys: Sequence[str]) -> list[tuple[Samples, str]]:
        """The groups without an answer, each once."""
        asked = {key: sound for sound, key in zip(groups, keys, strict=True)}
        return [(sound, key) for key, sound in asked.items() if key not in self._checkpoints.known]

    def _remember(self, key: str, answer: object) -> None:
        with self._lock:
            packed = zlib.compress(json.dumps(answer).encode())
            self._new[key] = self._checkpoints.known[key] = packed

    def _recall(self, key: str) -> Any:
        return json.loads(zlib.decompress(self._checkpoints.known[key]))

    def _keep(self) -> None:
        with self._lock:
            new, self._new = self._new, {}
        self._checkpoints.keep(new)


def _decoded_group(answer: Mapping[str, Any]) -> DecodedGroup:
    words = tuple(
        Word(
            start_ms=Milliseconds(word["start_ms"]),
            end_ms=Milliseconds(word["end_ms"]),
            text=word["text"],
            probability=word["probability"],
        )
        for word in answer["words"]
    )
    return DecodedGroup(**{**answer, "words": words})
