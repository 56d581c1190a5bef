"""The decode recipe: from sound to a ``Transcript``.

``recipe`` runs it, ``gate`` decides which groups are in the broadcast's language, ``sentences``
places words and cuts lines, ``phantoms`` throws out what nobody said.
"""

from radio_archive.transcription.recipe import (
    OnProgress,
    RecipeOptions,
    check_engine_knows,
    transcribe,
)

__all__ = ["OnProgress", "RecipeOptions", "check_engine_knows", "transcribe"]
