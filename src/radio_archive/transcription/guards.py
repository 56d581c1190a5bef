"""Text that engines write although nobody said it, and what it is told by.

Whisper learnt from subtitles, credits included, and writes them over music and silence; over
languages it does not know it repeats itself. Each guard is a figure of `LIMITS` or a row of a
table, chosen on one half of the material and measured on the other (``benchmarks/guards.py``). A
text that a guard objects to is decoded again in other words or smaller windows before it is left
out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import regex

from radio_archive.model import LanguageTag, Word
from radio_archive.transcribers import DecodedGroup


class Objection(StrEnum):
    """Why a text is not believed."""

    LOOP = "loop"  #: it repeats itself
    SILENCE = "silence"  #: the engine itself says that it heard nothing
    DOUBT = "doubt"  #: the engine itself does not believe it
    HASTE = "haste"  #: nobody speaks so fast
    SCRIPT = "script"  #: written in letters that the language is not written in


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a text may go."""

    compression_ratio: float = 2.4
    """Text that zlib shrinks further repeats itself (openai-whisper's default)."""

    repeats: int = 5
    """So many times in a row nobody says the same one to six words: the figure of the field's
    tests for invented text (an n-gram repeated five times)."""

    no_speech_prob: float = 0.6
    silence_logprob: float = -0.7
    """Silence, when both are crossed. openai-whisper has 0.6 and -1.0; French readers had no_speech
    figures of up to 0.62 and never less than -0.45 in the mean."""

    logprob: float = -1.0
    """Mean log-probability under which openai-whisper decodes a window again (its default)."""

    words_per_s: float = 8.0
    """Words per second of speech: chosen, well above what is said. French readers speak some 7
    syllables a second (Pellegrino, Coupé and Marsico, "A cross-language perspective on speech
    information rate", 2011), and most words have more than one. It took no word of the French
    zones of ``benchmarks/guards.py``."""

    fewest_hasty_words: int = 6
    """Fewer may stand in a stretch whose edges are a little off."""

    foreign_letters: float = 0.3
    """Share of letters in another script: a name or two may be written in their own."""


LIMITS = Limits()

_LONGEST_REPEATED = 6
"""Words in what is looked for as repeated; longer loops cross ``compression_ratio``."""

SCRIPTS: Mapping[str, str] = MappingProxyType(
    {"ar": "Arabic", "en": "Latin", "fr": "Latin", "ha": "Latin", "sw": "Latin", "wo": "Latin"}
)
"""What languages are written in on this station's pages; others are not asked about."""

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

ECHOED_NAMES = 4
"""Names in a row that nobody says in the very order of a page by chance: chosen. What a speaker
does say so is written all the same, when it is decoded without the names."""


def is_phantom(sentence: str) -> bool:
    """Whether a sentence is a subtitle credit, or holds no letter or digit at all."""
    folded = _fold(sentence)
    return not folded or any(folded.startswith(phrase) for phrase in PHANTOM_PHRASES)


def objection_to(
    text: DecodedGroup, language: LanguageTag, speech_ms: int, limits: Limits = LIMITS
) -> Objection | None:
    """Why a text is not believed as a whole; None: nothing speaks against it.

    Args:
        text: what the engine wrote, with its own figures where it has some.
        language: what it is written in.
        speech_ms: how long somebody speaks in the sound.
        limits: how far it may go.
    """
    words = [word.text for word in text.words]
    is_silent = (text.no_speech_prob or 0) > limits.no_speech_prob and (
        text.avg_logprob is not None and text.avg_logprob < limits.silence_logprob
    )
    hasty = max(limits.fewest_hasty_words, limits.words_per_s * speech_ms / 1000)
    found = {
        Objection.LOOP: (text.compression_ratio or 0) > limits.compression_ratio
        or _repeats(words) >= limits.repeats,
        Objection.SILENCE: is_silent,
        Objection.DOUBT: (text.avg_logprob or 0) < limits.logprob,
        Objection.HASTE: len(words) > hasty,
        Objection.SCRIPT: _foreign_letters(words, language) > limits.foreign_letters,
    }
    return next((objection for objection, holds in found.items() if holds), None)


def _repeats(words: Sequence[str]) -> int:
    """How many times in a row the same one to six words stand, at most."""
    folded = [_fold(word) for word in words]
    most = 1
    for length in range(1, _LONGEST_REPEATED + 1):
        run = 0  # words in a row that are the same as the one so far before
        for at in range(length, len(folded)):
            run = run + 1 if folded[at] and folded[at] == folded[at - length] else 0
            most = max(most, 1 + run // length)
    return most


def _foreign_letters(words: Sequence[str], language: LanguageTag) -> float:
    """Share (0-1) of letters in a script that the language is not written in."""
    script = SCRIPTS.get(language.split("-")[0])
    letters = regex.findall(r"\p{L}", "".join(words))
    if script is None or not letters:
        return 0.0
    own = regex.findall(rf"\p{{{script}}}", "".join(letters))
    return 1 - len(own) / len(letters)


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
