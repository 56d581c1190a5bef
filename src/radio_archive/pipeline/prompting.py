"""Names and words an engine is told to expect in a broadcast."""

from __future__ import annotations

from radio_archive.languages.wordings import key_of, without_little_words
from radio_archive.model import Broadcast
from radio_archive.pipeline.parts import Parts

#: names of the glossary in a prompt at most, of those said in the same programme and heard wrong.
#: Names that nobody says cost: 18 of them 1.6 to 2.5 points of word error, two once 3.9
#: (``docs/transcription.md``, ``docs/glossary.md``)
MAX_LEARNT_NAMES = 8
#: a prompt with them at most: Whisper reads 223 tokens of it, and of Malian names a token holds 2.1
#: to 2.3 characters
MAX_PROMPT_CHARACTERS = 460


def prompt_for(parts: Parts, broadcast: Broadcast) -> str:
    """What to expect: names of the page, in French the station's words, and learnt names.

    Engines keep the end of a prompt that is too long for them: what matters least comes first.
    """
    is_french = broadcast.language == "fr"
    vocabulary = parts.recipe.prompt.strip() if is_french else ""
    if parts.names is None:
        return vocabulary
    page = f"{broadcast.title}\n{broadcast.summary}"
    names = parts.names().prompt_for(page, *broadcast.guests) if is_french else ""
    announced = ", ".join(filter(None, (vocabulary, names)))
    return ", ".join(filter(None, (_learnt(parts, broadcast, announced), announced)))


def _learnt(parts: Parts, broadcast: Broadcast, announced: str) -> str:
    """A few names that people corrected in the same programme, as far as there is room for them."""
    if broadcast.programme is None:
        return ""
    known, chosen, room = key_of(announced), [], MAX_PROMPT_CHARACTERS - len(announced)
    for right in parts.catalogue.glossary.seen_in(broadcast.programme.id, broadcast.language):
        name = without_little_words(right, broadcast.language)
        is_announced = f" {key_of(name)} " in f" {known} "
        if not is_announced and name not in chosen and len(name) + 2 <= room:
            chosen.append(name)
            room -= len(name) + 2
        if len(chosen) == MAX_LEARNT_NAMES:
            break
    return ", ".join(chosen)
