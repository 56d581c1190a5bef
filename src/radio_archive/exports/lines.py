"""Text that stays on its line and inside its cue, whatever was typed or heard."""

from __future__ import annotations

import re
import textwrap

from radio_archive.model.text import readable

# All that some reader takes for the end of a line, other control characters, and runs of spaces.
# The no-break spaces of French punctuation are not among them.
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """Put text on one line that UTF-8 can hold.

    Line ends, control characters and runs of spaces become one space; halves of characters become
    U+FFFD; spaces at either end go. Nothing else is touched.
    """
    return readable(_BREAKS.sub(" ", text)).strip()


def wrap(text: str, width: int) -> list[str]:
    """Cut one line into lines of at most ``width`` characters, never inside a word."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def wrap_in_two(text: str, width: int) -> list[str]:
    """Cut one line into at most two, each as short as possible beyond ``width`` characters."""
    lines = wrap(text, width)
    while len(lines) > 2:
        width += 1
        lines = wrap(text, max(width, len(text) // 2))
    return lines


def clock(time_ms: int, separator: str) -> str:
    """Write milliseconds as ``hh:mm:ss``, ``separator``, ``mmm``; hours grow beyond two digits."""
    seconds, milliseconds = divmod(time_ms, 1000)
    return f"{short_clock(seconds * 1000)}{separator}{milliseconds:03d}"


def short_clock(time_ms: int) -> str:
    """Write milliseconds as ``hh:mm:ss``, rounded down."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
