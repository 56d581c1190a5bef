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

from radio_archive.model import (
    ENGLISH,
    Gap,
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
    own = [gap for gap in written.gaps if not _is_inside(gap, beside.gaps)]
    return replace(
        written,
        language=ENGLISH,
        kind=TranscriptKind.TRANSLATION,
        trust=Trust.MACHINE_WEAK,
        segments=tuple(
            replace(segment, words=())
            for segment in written.segments
            if not _is_inside(segment, beside.gaps)
        ),
        gaps=tuple(sorted((*beside.gaps, *own), key=lambda gap: gap.start_ms)),
        parameters=MappingProxyType({**written.parameters, "task": Task.TRANSLATE.value}),
        made_from=beside.id,
    )


def _is_inside(stretch: Segment | Gap, gaps: Sequence[Gap]) -> bool:
    """Whether the middle of a stretch lies where the transcript left something out."""
    middle = (stretch.start_ms + stretch.end_ms) // 2
    return any(gap.start_ms <= middle < gap.end_ms for gap in gaps)
