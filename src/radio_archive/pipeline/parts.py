"""What the steps work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from radio_archive.audio import Audio
from radio_archive.catalogue import Catalogue
from radio_archive.jobs import Jobs
from radio_archive.languages.names import Names
from radio_archive.meaning import Meaning
from radio_archive.media import MediaStore
from radio_archive.model import (
    Job,
    JobKind,
    LanguageTag,
    Progress,
)
from radio_archive.search import SearchIndex
from radio_archive.transcribers import Transcriber
from radio_archive.transcription import RecipeOptions
from radio_archive.voices import VoiceEncoder

OnProgress = Callable[[Job, Progress | None], None]
"""Told how far a step is, None where it cannot say; what it raises ends the step."""

Fetch = Callable[[str], AbstractContextManager[Iterator[bytes]]]
"""Opens an address and gives its bytes in blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the steps work with. Heavy things are opened by the first step that needs them."""

    catalogue: Catalogue
    jobs: Jobs
    media: MediaStore
    audio: Callable[[], Audio]
    index: Callable[[], SearchIndex]
    transcriber: Callable[[LanguageTag], Transcriber]  #: the engine of a language
    fetch: Fetch
    recipe: RecipeOptions  #: with the language still open
    transcribed_languages: frozenset[LanguageTag]  #: tags the station trusts its engines with
    translates: Callable[[LanguageTag], bool]  #: whether a language is to be translated
    max_recording_bytes: int
    names: Callable[[], Names] | None = None  #: None where no page's names go into the prompt
    meaning: Meaning | None = None  #: None where nothing is searched by meaning
    voices: Callable[[], VoiceEncoder | None] | None = None  #: None where voices are not told
    #: apart; gives None where the weights are missing
    kinds: frozenset[JobKind] = frozenset(JobKind)  #: steps that are done here, and not elsewhere
