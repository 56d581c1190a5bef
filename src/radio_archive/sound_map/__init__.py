"""What is to be heard in a recording, and when, in any language: its sound map.

One look at the sound while it streams by. Where somebody speaks is said by the detector of
`radio_archive.speech`; what the rest is, and whether a voice came over a telephone, by a few
numbers for each half second (`spectra`), judged when all of them are known (`judging`).
"""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.model import SoundMap, SpeechStretch
from radio_archive.sound_map.judging import judge
from radio_archive.sound_map.spectra import Spectra
from radio_archive.speech import StretchFinder, VoiceDetector, even_blocks
from radio_archive.transcribers import Samples

__all__ = ["VERSION", "map_sound"]

VERSION = 2
"""Of the analysis and the voice detector: recordings mapped by another one are mapped again."""


def map_sound(blocks: Iterable[Samples]) -> SoundMap:
    """Say what a recording sounds like, stretch by stretch.

    Args:
        blocks: consecutive sound at 16 kHz, in pieces of any length.
    """
    detector, finder, spectra = VoiceDetector(), StretchFinder(), Spectra()
    speech: list[SpeechStretch] = []
    samples = 0
    for block in even_blocks(blocks):
        voice = detector.probabilities(block)
        speech += finder.add(voice)
        spectra.add(block, voice)
        samples += len(block)
    speech += finder.finish()
    return SoundMap(
        stretches=judge(spectra.finish(), speech, samples), version=VERSION, speech=tuple(speech)
    )
