"""A sentence as typed, made fit to be kept."""

from __future__ import annotations

import unicodedata

import regex

from radio_archive.errors import BadInput

LONGEST_SENTENCE = 5_000
"""Characters of a sentence: chosen, five minutes of speech."""

#: signs that nobody sees and that part words from their likes in a search, and the overrides of
#: direction that would turn what follows. Joiners and direction marks stay: scripts need them
_UNSEEN = regex.compile(r"[\u200B\u2060\uFEFF\u202A-\u202E]|[\p{Cc}--\s]|\p{Cs}", regex.V1)
_JOINERS = regex.compile(r"[\p{Cf}\p{Z}\s]+")


def clean_text(typed: str) -> str:
    """A sentence with single spaces, composed letters and no unseen signs.

    Raises:
        BadInput: nothing is left of it, or it is longer than any sentence.
    """
    text = unicodedata.normalize("NFC", " ".join(_UNSEEN.sub("", typed).split()))
    if not _JOINERS.sub("", text):
        raise BadInput(
            "The sentence is empty: nothing was changed.",
            hint="Write what is said; leave the sentence as it is when you cannot hear it.",
        )
    if len(text) > LONGEST_SENTENCE:
        raise BadInput(
            f"The sentence has {len(text):,} characters; at most {LONGEST_SENTENCE:,} are kept.",
            hint="Correct one sentence at a time.",
        )
    return text


def clean_lines(typed: str) -> tuple[str, ...]:
    """The sentences of a text that has one in each line; as for `clean_text`.

    Raises:
        BadInput: nothing is left of it, or one is longer than any sentence.
    """
    lines = [line for line in typed.splitlines() if _JOINERS.sub("", _UNSEEN.sub("", line))]
    return tuple(map(clean_text, lines)) if lines else (clean_text(typed),)
