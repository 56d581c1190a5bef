"""The decode recipe: from sound to a ``Transcript``.

``recipe`` runs it and ``translation`` has it say the same in English. ``gate`` decides which groups
are in the broadcast's language, ``sentences`` places words and cuts lines, ``guards`` throw out
what nobody said.
"""

from radio_archive.transcription.checkpoints import Checkpoints, RememberingTranscriber
from radio_archive.transcription.recipe import (
    OnProgress,
    RecipeOptions,
    check_engine_knows,
    transcribe,
)
from radio_archive.transcription.translation import (
    TranslationWish,
    is_wanted,
    translate,
)

__all__ = [
    "Checkpoints",
    "OnProgress",
    "RecipeOptions",
    "RememberingTranscriber",
    "TranslationWish",
    "check_engine_knows",
    "is_wanted",
    "transcribe",
    "translate",
]
