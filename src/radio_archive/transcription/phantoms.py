"""Text that engines write although nobody said it.

Whisper learnt from subtitles, credits included, and writes them over music and silence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from radio_archive.model import Word
from radio_archive.transcribers import DecodedGroup

PHANTOM_PHRASES: tuple[str, ...] = (
    "sous titres realises par",
    "sous titres realises para",
    "sous titrage st",
    "sous titrage societe radio canada",
    "sous titrage mfp",
    "sous titres par",
    "par soustitreur com",
    "amara org",
    "merci d avoir regarde cette video",
    "merci d avoir regarde la video",
    "n oubliez pas de vous abonner",
    "abonnez vous a ma chaine",
    "subtitles by the amara org community",
    "thanks for watching",
    "thank you for watching",
    "please subscribe",
    "transcription by castingwords",
    "اشتركوا في القناة",
    "ترجمة نانسي قنقر",
)
"""How phantom sentences begin or read, folded: French, English, Arabic.

Collected by Whisper's users (openai/whisper discussion 928 for the subtitle credits of Amara.org,
ST' 501 and SousTitreur.com; the filters of several French projects for Radio-Canada, MFP and the
thanks to viewers). Barański and others, "Investigation of Whisper ASR Hallucinations Induced by
Non-Speech Audio" (2025, arXiv 2501.11378), show that a list of such phrases removes most of what is
written over noise. Credits only: nothing that a presenter would say on air.
"""

MAX_COMPRESSION_RATIO = 2.4
"""Text that zlib shrinks further repeats itself (openai-whisper's default)."""

MAX_NO_SPEECH_PROB = 0.6
MIN_LOGPROB = -1.0
"""Silence, when both are crossed (openai-whisper's defaults)."""

ECHOED_NAMES = 4
"""Names in a row that nobody says in the very order of a page by chance: chosen. What a speaker
does say so is written all the same, when it is decoded without the names."""


def is_phantom(sentence: str) -> bool:
    """Whether a sentence is a subtitle credit, or holds no letter or digit at all."""
    folded = _fold(sentence)
    return not folded or any(folded.startswith(phrase) for phrase in PHANTOM_PHRASES)


def is_unbelievable(group: DecodedGroup) -> bool:
    """Whether the engine's own numbers say that it looped or heard nothing."""
    loops = (group.compression_ratio or 0) > MAX_COMPRESSION_RATIO
    is_silence = (group.no_speech_prob or 0) > MAX_NO_SPEECH_PROB and (
        group.avg_logprob is not None and group.avg_logprob < MIN_LOGPROB
    )
    return loops or is_silence


def is_echo(words: Sequence[Word], prompt: str) -> bool:
    """Whether an engine recites the names it was told to expect: ``ECHOED_NAMES`` in their order.

    Args:
        words: what it wrote.
        prompt: names separated by commas.
    """
    said = f" {_fold(' '.join(word.text for word in words))} "
    names = [name for name in map(_fold, prompt.split(",")) if name]
    rows = (names[first : first + ECHOED_NAMES] for first in range(len(names) - ECHOED_NAMES + 1))
    return any(f" {' '.join(row)} " in said for row in rows)


def _fold(text: str) -> str:
    """Lower case, without accents and punctuation, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (
        "" if unicodedata.combining(letter) else letter if letter.isalnum() else " "
        for letter in plain
    )
    return " ".join("".join(letters).split())
