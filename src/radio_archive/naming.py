"""Naming the voices that a machine told apart: only people do."""

from __future__ import annotations

from collections.abc import Mapping

from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadInput
from radio_archive.model import Transcript, Voice, find_finding, voices_of

LONGEST_NAME = 100
"""Characters of a name: chosen, more than any name with its title."""


def name_voices(
    catalogue: Catalogue, transcript: Transcript, names: Mapping[str, str | None]
) -> None:
    """Set names of some voices of a transcript, all or none of them.

    Args:
        catalogue: where they are kept.
        transcript: as the catalogue gave it.
        names: by the letter of the voice; None takes its name away.

    Raises:
        BadInput: the transcript has no such voice, or a name is none.
    """
    voices = {voice.letter for voice in voices_of(transcript)}
    for letter, name in names.items():
        if letter not in voices:
            raise BadInput(
                f"There is no voice {letter[:20]!r} in this transcript.", hint=_hint(transcript)
            )
        if name is not None and not 0 < len(name.strip()) <= LONGEST_NAME:
            raise BadInput(
                f"The name of voice {letter} has {len(name.strip())} characters.",
                hint=f"Write 1 to {LONGEST_NAME}, or take a name away with --clear {letter}.",
            )
    if names and transcript.id is not None:
        catalogue.voice_names.put(
            transcript.id,
            {letter: name and " ".join(name.split()) for letter, name in names.items()},
        )


def _hint(transcript: Transcript) -> str:
    voices: tuple[Voice, ...] = voices_of(transcript)
    if voices:
        return f"It has {', '.join(voice.letter for voice in voices)}."
    if find_finding(transcript) is None:
        return "Its voices were not told apart: the setting `voices` was off."
    return "Its voices could not be told apart."
