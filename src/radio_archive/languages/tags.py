"""The name of a language in our records; below everything else, so that all may use it."""

from __future__ import annotations

from typing import NewType

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 tag of the language registry (``fr``, ``bm``, ``ffm``); ``und`` when nobody said."""

UNDETERMINED = LanguageTag("und")
"""The BCP 47 tag for a language nobody has stated; such a broadcast waits for a person."""
