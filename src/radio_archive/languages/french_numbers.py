"""Numbers as French words, as they are read aloud: ``80`` is *quatre vingts*.

Written for comparing texts: words are separated by spaces, without hyphens.
"""

from __future__ import annotations

LARGEST = 10**12 - 1
"""Larger numbers are read in many ways, and stay as they are written."""

# fmt: off
_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)
# fmt: on
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre vingt"}
_SCALES = ((10**9, "milliard"), (10**6, "million"))


def spell_number(number: int) -> str:
    """A number in words.

    Args:
        number: from 0 to `LARGEST`.
    """
    words: list[str] = []
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count:
            words += [_below_thousand(count), name if count == 1 else f"{name}s"]
    thousands, rest = divmod(number, 1000)
    if thousands:
        words += [
            *([] if thousands == 1 else [_below_thousand(thousands, is_before=True)]),
            "mille",
        ]
    if rest or not words:
        words.append(_below_thousand(rest))
    return " ".join(words)


def _below_thousand(number: int, *, is_before: bool = False) -> str:
    """Words for 0 to 999; ``cent`` and ``vingt`` lose their s before *mille*."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, is_before=is_before)
    hundred = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent"
    if not rest:
        return hundred if hundreds == 1 or is_before else f"{hundred}s"
    return f"{hundred} {_below_hundred(rest, is_before=is_before)}"


def _below_hundred(number: int, *, is_before: bool) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    if number < 20:
        return f"dix {_UNITS[number - 10]}"
    tens, unit = divmod(number, 10)
    if tens in (7, 9):  # soixante dix, quatre vingt dix
        tens, unit = tens - 1, unit + 10
    if tens == 8:
        if unit:
            return f"quatre vingt {_below_hundred(unit, is_before=is_before)}"
        return "quatre vingt" if is_before else "quatre vingts"
    if not unit:
        return _TENS[tens]
    joint = " et " if unit in (1, 11) else " "
    return f"{_TENS[tens]}{joint}{_below_hundred(unit, is_before=is_before)}"
