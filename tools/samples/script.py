"""The written scripts of the sample broadcasts, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The programme a sample pretends to belong to."""

    #: Identifier as it appears in addresses, such as `grand-dialogue`.
    id: str
    #: Title shown to people.
    title: str
    #: One sentence about it.
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An invented person and the synthetic voice that plays them."""

    #: Invented name.
    name: str
    #: French word for what they do in the broadcast, such as `présentatrice`.
    role: str
    #: Name of the Kokoro voice.
    voice: str
    #: Speaking rate, 1 being the voice's own.
    speed: float

    @property
    def is_guest(self) -> bool:
        """Whether the broadcast announces them as a guest."""
        return self.role in {"invité", "invitée"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says before somebody else, or music, takes over."""

    #: Who speaks.
    speaker: Speaker
    #: The sentences, in order; each is synthesised alone so that its times are exact.
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sting:
    """A second of music between two parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One sample broadcast before it becomes sound."""

    #: Stem of every file made from it.
    slug: str
    #: Title of the broadcast.
    title: str
    #: When it pretends to have been aired, aware UTC.
    aired_at: datetime
    #: French summary, which says that the sample is synthetic.
    summary: str
    #: Programme it belongs to.
    programme: Programme
    #: Notes of the opening and closing jingle, in hertz.
    jingle: tuple[float, ...]
    #: Turns and music, in order.
    items: tuple[Turn | Sting, ...]

    @property
    def guests(self) -> tuple[str, ...]:
        """Names of the guests, in order of their first words."""
        speakers = [item.speaker for item in self.items if isinstance(item, Turn)]
        return tuple(dict.fromkeys(speaker.name for speaker in speakers if speaker.is_guest))


def read_script(path: Path) -> Script:
    """Read one TOML script; a missing or misspelt field raises `KeyError` or `TypeError`."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    speakers = {key: Speaker(**fields) for key, fields in table["speakers"].items()}
    return Script(
        slug=path.stem,
        title=table["title"],
        aired_at=table["aired_at"],
        summary=" ".join(table["summary"].split()),
        programme=Programme(**table["programme"]),
        jingle=tuple(table["jingle"]),
        items=tuple(_read_item(item, speakers) for item in table["turns"]),
    )


def _read_item(item: dict[str, Any], speakers: dict[str, Speaker]) -> Turn | Sting:
    if "music" in item:
        return Sting()
    lines = (line.strip() for line in item["lines"].splitlines())
    return Turn(speaker=speakers[item["speaker"]], sentences=tuple(line for line in lines if line))
