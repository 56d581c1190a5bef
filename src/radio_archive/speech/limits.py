"""What shapes stretches and groups of speech.

The numbers are measured on a radio-like file: with them music, noise and silence gave no word, and
starts were right within a second; a gap of 2 s glued a foreign passage to the one after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from radio_archive.transcribers import SAMPLE_RATE

WINDOW = 512
"""Samples per probability; fixed by the detector at 16 kHz."""

VOICE_THRESHOLD = 0.5
"""Probability from which a window is speech; Silero's own default."""

SILENCE_THRESHOLD = 0.35
"""Probability under which speech ends; Silero's default, 0.15 lower."""

QUIET_PEAK = 10 ** (-66 / 20)
"""Peak under which a stretch is silence whatever the detector says: it fires on the noise of
near-digital silence (faster-whisper issue 843), which lies at one or two steps of 16 bits."""

MIN_SILENCE_MS = 400
"""A stretch of speech ends with so long a silence."""

PAD_MS = 200
"""Sound kept on both sides of a cut inside a group; two of them fit into the shortest silence."""

EDGE_PAD_MS = 400
"""Sound kept before and after a group, as faster-whisper does. Of the first four minutes of seven
French recordings Whisper base had 0.194 of the words wrong with 200 ms, 0.180 with 300 ms, 0.183
with 400 ms; of a radio-like file 0.227, 0.239 and 0.208. What it costs elsewhere is told in the
limits of ``docs/transcription.md``."""

MAX_GAP_MS = 1200
"""Stretches further apart are decoded apart."""

MAX_GROUP_MS = 28_000
"""Longest group: a little under the 30 s an engine hears at once."""

MIN_SPEECH_MS = 250
"""A group with less speech holds no word: a click, a cough, the end of a jingle."""


def _windows(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE // 1000 // WINDOW


MIN_SILENCE = _windows(MIN_SILENCE_MS) + 1  #: windows
MAX_GAP = _windows(MAX_GAP_MS)  #: windows
MAX_STRETCH = _windows(MAX_GROUP_MS - 2 * EDGE_PAD_MS)  #: windows; what a group may hold
MIN_SPEECH = _windows(MIN_SPEECH_MS)  #: windows
EDGE_PAD = EDGE_PAD_MS * SAMPLE_RATE // 1000  #: samples

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "voice_detector": "silero v6",
        "voice_threshold": str(VOICE_THRESHOLD),
        "min_silence_ms": str(MIN_SILENCE_MS),
        "pad_ms": str(PAD_MS),
        "edge_pad_ms": str(EDGE_PAD_MS),
        "max_gap_ms": str(MAX_GAP_MS),
        "max_group_ms": str(MAX_GROUP_MS),
    }
)
"""What shapes the groups, for the record of a transcription. Sound maps keep what the detector
heard: whoever changes how it listens or where a stretch ends raises ``sound_map.VERSION``."""
