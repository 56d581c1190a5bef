"""Which voice speaks when: a hint by machine, in letters; names come from people only.

Speech is cut into pieces of 1.6 s (`pieces`), each piece becomes 256 numbers (`encoder`), what
sounds alike is put together (`clustering`), and where that cannot be believed nothing is marked
(`telling`). What came of it is written beside the sentences of a transcript (`sentences`).
"""

from __future__ import annotations

from radio_archive.voices.encoder import VoiceEncoder
from radio_archive.voices.sentences import with_voices
from radio_archive.voices.telling import Told, Turn, tell_voices

__all__ = ["Told", "Turn", "VoiceEncoder", "tell_voices", "with_voices"]
