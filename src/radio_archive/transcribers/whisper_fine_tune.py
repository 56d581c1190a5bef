"""Whisper that somebody taught a language it did not know.

A fine-tune borrows the token of a language Whisper has: Fulfulde is written under the name of
Hausa, say. Which one its makers took stands in ``fine-tune.json`` beside the weights. The weights
are CTranslate2's, made from the makers' files when they come in, and ``FasterWhisper`` runs them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from radio_archive.errors import NoEngine, WeightsMissing
from radio_archive.model import LanguageTag, Trust
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples
from radio_archive.transcribers.engine_support import require_task
from radio_archive.transcribers.faster_whisper import FasterWhisper
from radio_archive.transcribers.weights import folder_digest, name_of
from radio_archive.transcribers.whisper_codes import WHISPER_CODES, tag_of

RECORD_FILE = "fine-tune.json"


class FineTunedWhisper:
    """A ``Writer`` on a fine-tune of Whisper.

    Its ear for languages went with the teaching, so it is lent another's.

    Args:
        weights: folder with ``model.bin``, its companions and ``fine-tune.json``.
        languages: what the station uses it for.
        threads: decoding threads of one replica.
        workers: replicas that work side by side.
        batch_size: groups decoded together.

    Raises:
        WeightsMissing: the folder holds no such model.
    """

    can_identify: ClassVar[bool] = False
    library: ClassVar[str] = "faster_whisper"
    has_workers: ClassVar[bool] = True

    def __init__(
        self,
        weights: Path,
        *,
        languages: Collection[LanguageTag],
        threads: int = 1,
        workers: int = 1,
        batch_size: int = 8,
    ) -> None:
        self._weights = weights
        self._code = read_whisper_code(weights)
        self._whisper = FasterWhisper(
            weights, threads=threads, workers=workers, batch_size=batch_size
        )
        self._languages = frozenset(languages)

    @property
    def name(self) -> str:
        """``whisper-fine-tune/windanam-medium``."""
        return name_of("whisper-fine-tune", self._weights)

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text."""
        own = {"weights_sha256": self._digest, "whisper_code": self._code}
        return {**self._whisper.parameters, **own}

    @property
    def trust(self) -> Trust:
        """Weak: fine-tunes err fluently and misleadingly (arXiv 2507.02407)."""
        return Trust.MACHINE_WEAK

    def knows(self, language: LanguageTag) -> bool:
        """Whether the station uses it for this language."""
        return language in self._languages

    def translates(self, language: LanguageTag) -> bool:  # noqa: ARG002 - none at all
        """No: it was taught to write one language, and nobody has tried it on this."""
        return False

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group on its own, under the borrowed token.

        Raises:
            NoEngine: a translation is asked for, or the station does not use it for this language.
            TranscriptionError: CTranslate2 failed.
        """
        require_task(self, options)
        if not self.knows(options.language):
            raise NoEngine(
                f"{self.name} is not configured for the language {options.language!r}.",
                hint="Name it under [engines] in radio-archive.toml.",
            )
        return self._whisper.decode(groups, replace(options, language=tag_of(self._code)))

    @cached_property
    def _digest(self) -> str:
        return folder_digest(self._weights, ("model.bin", RECORD_FILE))


def read_whisper_code(folder: Path) -> str:
    """The language token a fine-tune borrows.

    Raises:
        WeightsMissing: nothing readable says so.
    """
    try:
        content = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        code = content["whisper_code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsMissing(
            f"{folder} has no {RECORD_FILE} that names a language token.",
            hint="Take the weights in again: radio-archive models add NAME FOLDER --whisper-code.",
        ) from error
    require_whisper_code(code)
    return str(code)


def write_whisper_code(folder: Path, code: str) -> None:
    """Record the language token a fine-tune borrows.

    Raises:
        WeightsMissing: Whisper has no such token.
    """
    require_whisper_code(code)
    (folder / RECORD_FILE).write_text(json.dumps({"whisper_code": code}), encoding="utf-8")


def require_whisper_code(code: object) -> None:
    """Refuse what is no language token.

    Raises:
        WeightsMissing: Whisper has no such token.
    """
    if code not in WHISPER_CODES:
        raise WeightsMissing(
            f"Whisper has no language token {code!r}.",
            hint="Give the code its makers taught it with: ha, yo, sw ...",
        )
