"""From sound to an English text beside the transcript.

Whisper says in English what it hears in another language. It hears the same groups in the same
windows as for the transcript, so the recipe does the work, and what the transcript left out is left
out here. Small Whispers give the gist and get names wrong (figures in ``docs/transcription.md``).

Times: the alignment of words in two languages cannot be right where their order differs, so words
keep none. It places whole sentences well: in the sample broadcasts half of them begin within
0.06 s of a sentence that is said, 95 % within 0.25 s (``benchmarks/translation.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

import regex

from radio_archive.model import (
    ENGLISH,
    Gap,
    GapReason,
    LanguageTag,
    Segment,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.transcribers import Samples, Task, Transcriber
from radio_archive.transcribers.engine_support import require_task
from radio_archive.transcribers.weights import is_small_or_bigger, split_name
from radio_archive.transcription.recipe import OnProgress, RecipeOptions, transcribe

COPIED_SHARE = 0.6
FEWEST_WORDS = 4
"""A sentence of so many words or more of which this share is said meanwhile is no translation. Of
the 180 that Whisper base gave for the sample broadcasts 9 were French (0.77 to 1.0); the others,
names and numbers included, had at most half of their words in common with the French."""


class TranslationWish(StrEnum):
    """Whether a station wants translations."""

    AUTO = "auto"  #: with models of which more than the gist can be expected
    ALWAYS = "always"
    NEVER = "never"


def is_wanted(wish: TranslationWish, transcriber: Transcriber, language: LanguageTag) -> bool:
    """Whether to translate what is said in a language."""
    if wish is TranslationWish.NEVER or not transcriber.translates(language):
        return False
    return wish is TranslationWish.ALWAYS or is_small_or_bigger(split_name(transcriber.name)[1])


def translate(
    blocks: Iterable[Samples],
    transcriber: Transcriber,
    options: RecipeOptions,
    beside: Transcript,
    on_progress: OnProgress = lambda _progress: None,
) -> Transcript:
    """Say in English what is said in a recording.

    Args:
        blocks: consecutive sound at 16 kHz.
        transcriber: the engine.
        options: as for the transcript. The prompt is left out: it is in the other language.
        beside: the current transcript; nothing is translated where it says that it left
            something out.
        on_progress: called after every batch of groups.

    Raises:
        NoEngine: the engine cannot translate the language.
        TranscriptionError: the engine failed.
    """
    asked = replace(options, task=Task.TRANSLATE, prompt="")
    require_task(transcriber, asked.decoding)
    written = transcribe(blocks, transcriber, asked, on_progress)
    kept = [each for each in written.segments if not _is_inside(each, beside.gaps)]
    copied = [segment for segment in kept if _is_copy(segment, beside.segments)]
    own = [
        gap for gap in (*written.gaps, *map(_gap_of, copied)) if not _is_inside(gap, beside.gaps)
    ]
    return replace(
        written,
        language=ENGLISH,
        kind=TranscriptKind.TRANSLATION,
        trust=Trust.MACHINE_WEAK,
        segments=tuple(replace(each, words=()) for each in kept if each not in copied),
        gaps=tuple(sorted((*beside.gaps, *own), key=lambda gap: gap.start_ms)),
        parameters=MappingProxyType({**written.parameters, "task": Task.TRANSLATE.value}),
        made_from=beside.id,
    )


def _is_copy(segment: Segment, said: Sequence[Segment]) -> bool:
    """Whether a sentence only repeats what is said meanwhile, in the language it is said in."""
    near = " ".join(
        each.text
        for each in said
        if each.start_ms < segment.end_ms and segment.start_ms < each.end_ms
    )
    words = _words_of(segment.text)
    return len(words) >= FEWEST_WORDS and len(words & _words_of(near)) >= COPIED_SHARE * len(words)


def _words_of(text: str) -> set[str]:
    return set(regex.findall(r"[\p{L}\p{M}\p{N}]+", text.casefold()))


def _gap_of(segment: Segment) -> Gap:
    return Gap(start_ms=segment.start_ms, end_ms=segment.end_ms, reason=GapReason.NOT_TRANSLATED)


def _is_inside(stretch: Segment | Gap, gaps: Sequence[Gap]) -> bool:
    """Whether the middle of a stretch lies where the transcript left something out."""
    middle = (stretch.start_ms + stretch.end_ms) // 2
    return any(gap.start_ms <= middle < gap.end_ms for gap in gaps)
