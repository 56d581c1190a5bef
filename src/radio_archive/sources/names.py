"""Names of guests out of the sentences that announce them."""

from __future__ import annotations

import re

from radio_archive.feeds.markup import collapse
from radio_archive.sources.labels import fold

#: announcements that begin a list of guests, with what follows on the same line
GUEST_HEADING = re.compile(
    r"^(?:nos invites?|les invites?|invitee?s?|nous en parlons avec|avec nos invites)"
    r"\s*(?:du jour|de l'emission)?\s*(?::|-|$)|^nous en parlons avec\b"
)
_BULLET = re.compile(r"^\s*(?:[-–—•*·▪►]|\d{1,2}\s*[.)-])+\s*")
_HONORIFIC = re.compile(
    r"^(?:et\s+|ainsi que\s+)?(?:(?:m|mr|mme|mlle|dr|pr|me|el hadj)\.?\s+"
    r"|monsieur\s+|madame\s+|docteur\s+|professeur\s+|maitre\s+)+",
    re.IGNORECASE,
)
#: what may stand between a name and what the person does
_DESCRIPTION = re.compile(r"\s+[-–—]\s+|\s*[:(/]\s*|\s+(?:qui|est)\s+")
_SPLIT = re.compile(r"\s*;\s*|\s*,\s*(?:et\s+)?|\s+et\s+")
_PARTICLES = frozenset(
    (
        *("ag", "ould", "walet", "wallet", "el", "al", "ben", "bint", "dit", "dite"),
        *("de", "du", "des", "la", "le"),
    )
)
_ROLES = frozenset(
    (
        *("president", "presidente", "directeur", "directrice", "ministre", "maire", "expert"),
        *("experte", "chercheur", "chercheuse", "professeur", "docteur", "secretaire", "membre"),
        *("coordinateur", "coordinatrice", "charge", "chargee", "porte-parole", "journaliste"),
        *("specialiste", "representant", "representante", "depute", "deputee", "avocat"),
        *("avocate", "sociologue", "economiste", "assistant", "assistante", "point", "chef"),
    )
)
_MAX_WORDS = 6


def find_name(text: str) -> str | None:
    """The name a line begins with; None when it does not begin with one.

    The description after the name is dropped: ``Ousmane X, spécialiste`` gives ``Ousmane X``.
    """
    plain = _BULLET.sub("", collapse(text))
    name = _DESCRIPTION.split(re.split(r"[,;]", plain, maxsplit=1)[0], maxsplit=1)[0]
    name = _HONORIFIC.sub("", name).strip(" .'\"«»")
    words = name.split()
    if not 2 <= len(words) <= _MAX_WORDS or fold(words[0]) in _ROLES:
        return None
    return name if all(_is_name_word(word) for word in words) and words[0][0].isupper() else None


def find_names(text: str) -> tuple[str, ...]:
    """The names in a line that may announce several people, in order."""
    whole = find_name(text)
    parts = [part for part in _SPLIT.split(_BULLET.sub("", collapse(text))) if part]
    names = [name for part in parts if (name := find_name(part)) is not None]
    return tuple(dict.fromkeys(names)) or ((whole,) if whole else ())


def _is_name_word(word: str) -> bool:
    if fold(word) in _PARTICLES:
        return True
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return letters.isalpha() and word[0].isupper()
