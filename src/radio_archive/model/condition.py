"""What of an archive is away at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from radio_archive.errors import RadioArchiveError


class Ground(StrEnum):
    """What an archive stands on."""

    CATALOGUE = "catalogue"
    SEARCH = "search"
    SOUND = "sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something of it that does not do its part."""

    ground: Ground
    is_down: bool  #: False: it answers, but not with all there is (a replica, an older index)
    error: RadioArchiveError  #: why, for whoever runs the archive
