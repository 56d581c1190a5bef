"""What both Whisper engines share."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from radio_archive.errors import NoEngine, WeightsMissing
from radio_archive.model import LanguageTag, Milliseconds
from radio_archive.transcribers import SAMPLE_RATE, DecodeOptions, Samples, Span, Task, Writer
from radio_archive.transcribers.whisper_codes import find_whisper_code

HOP = 160
"""Samples per frame of Whisper's spectrogram (``whisper.audio.HOP_LENGTH``)."""

ENCODER_FRAME_MS = 20
ENCODER_FRAMES = 1500
"""Whisper's encoder gives a vector for every 20 ms of its 30 s."""

MAX_GROUP_SAMPLES = 30 * SAMPLE_RATE
"""Whisper hears 30 s at a time."""

BATCHES_UNDER_WAY = 5
"""Batches whose encoder output is remembered: one is being decoded, one waits for its fellows, one
is handed over, and two have been heard ahead (``transcription.ahead``)."""

UNSPACED = frozenset({"zh", "ja", "th", "lo", "my"})
"""Whisper codes of languages written without spaces (``whisper.tokenizer``)."""


def wait_passively() -> None:
    """Let idle OpenMP threads sleep; call before torch or CTranslate2 is imported.

    Spinning threads made transcription 4-8 times slower as soon as another process wanted a core;
    with passive waiting it lost a third. An operator's own setting is left alone.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def give_back_memory() -> None:
    """Hand the memory that a batch left behind back to the system; call between batches.

    The buffers of a batch are megabytes of many sizes. glibc keeps those it thinks will come again
    (``mallopt``: the threshold of ``mmap`` grows with what was freed), in pieces that the next
    batch does not fit: the process grew by a quarter within ten minutes of sound. A call takes
    2-7 ms. Other C libraries have no such call.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def get_whisper_code(engine: str, language: LanguageTag) -> str:
    """Whisper's code for a tag.

    Raises:
        NoEngine: Whisper was not trained on the language.
    """
    code = find_whisper_code(language)
    if code is None:
        raise NoEngine(
            f"{engine} does not know the language {language!r}.",
            hint="Import a transcript, or configure an engine for this language.",
        )
    return code


def require_task(engine: Writer, options: DecodeOptions) -> None:
    """Refuse to translate where the engine cannot.

    Raises:
        NoEngine: a translation is asked for, and the engine cannot make one.
    """
    if options.task is Task.TRANSLATE and not engine.translates(options.language):
        raise NoEngine(
            f"{engine.name} cannot translate {options.language!r} into English.",
            hint="Multilingual Whisper can, but for turbo: radio-archive models list.",
        )


def writes_spaces(code: str, task: Task) -> bool:
    """Whether there are spaces between the words written for speech in a language of Whisper's."""
    return task is Task.TRANSLATE or code not in UNSPACED


def require_weights(path: str, *, exists: bool) -> None:
    """Refuse to go on without weights.

    Raises:
        WeightsMissing: ``exists`` is false.
    """
    if not exists:
        raise WeightsMissing(
            f"The weights {path} are not on this machine.",
            hint="Fetch them: radio-archive models fetch base.",
        )


def compression_ratio_of(text: str) -> float:
    """Text bytes over zlib bytes, as openai-whisper measures repetition; above 2.4 it loops."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


class EncodedGroups:
    """Remembers the encoder's output between ``identify`` and ``decode`` of the same arrays.

    The encoder pass is about half of the work. Groups are recognised by identity, so the same
    array objects must be handed in; the array is kept alive as long as its output is. Safe to use
    from several threads.
    """

    def __init__(self, encode: Callable[[Samples], Any], capacity: int) -> None:
        self._encode = encode
        self._capacity = capacity
        self._known: OrderedDict[int, tuple[Samples, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, groups: Sequence[Samples]) -> list[Any]:
        """The encoder's output for each group, computed where it is not remembered."""
        return [self._one(group) for group in groups]

    def forget(self, groups: Sequence[Samples]) -> None:
        """Let go of groups that will not come again."""
        with self._lock:
            for group in groups:
                self._known.pop(id(group), None)

    def _one(self, group: Samples) -> Any:
        with self._lock:
            known = self._known.get(id(group))
        if known is not None:
            return known[1]
        encoded = self._encode(group[:MAX_GROUP_SAMPLES])
        with self._lock:
            self._known[id(group)] = (group, encoded)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return encoded


def frames_of(group: Samples) -> int:
    """How many spectrogram frames hold sound: even, at least 2, at most 3000."""
    frames = -(-min(len(group), MAX_GROUP_SAMPLES) // HOP)
    return int(max(2, frames + frames % 2))


def length_ms_of(group: Samples) -> Milliseconds:
    """Length of a group in milliseconds."""
    return Milliseconds(len(group) * 1000 // SAMPLE_RATE)


def encoder_frames(span: Span) -> slice:
    """The encoder's frames of 20 ms that hear a part of a group; at least one."""
    start = min(int(span[0]) // ENCODER_FRAME_MS, ENCODER_FRAMES - 1)
    end = -(-int(span[1]) // ENCODER_FRAME_MS)
    return slice(start, max(start + 1, min(end, ENCODER_FRAMES)))
