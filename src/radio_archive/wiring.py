"""Which part stands behind which Protocol: the composition root of the archive.

Heavy parts (engines, index, ffmpeg) are opened by the first who needs them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cached_property

from radio_archive.audio import Audio
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import BadSettings, NoEngine, WeightsMissing
from radio_archive.fetch import Fetcher
from radio_archive.jobs import Jobs
from radio_archive.languages.names import FILE_NAME
from radio_archive.languages.registry import normalise_tag
from radio_archive.layout import forced_layout, usable_cores
from radio_archive.meaning import Meaning
from radio_archive.media import LocalMediaStore, MediaStore
from radio_archive.model import UNDETERMINED, JobKind, LanguageTag
from radio_archive.pipeline import Parts
from radio_archive.search.chosen_index import ChosenIndex
from radio_archive.search.engines import ENGINES, open_index
from radio_archive.search.expander import Expander
from radio_archive.search.meaning import SERVED
from radio_archive.search.meaning.encoder import find_encoder
from radio_archive.search.meaning.vectors import VectorStore
from radio_archive.settings import Settings
from radio_archive.transcribers.lookup import EngineChoice
from radio_archive.transcribers.table import EngineTable
from radio_archive.transcription import RecipeOptions, TranslationWish, is_wanted
from radio_archive.voices import VoiceEncoder
from radio_archive.voices.weights import find_voice_weights
from radio_archive.weights import models_dir

log = logging.getLogger(__name__)


class Wiring:
    """The parts, wired as the settings say."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        # an index in a database of its own has no replica that we know of
        self._search_replica = "" if settings.search_database_url else database.replica_url
        self._search_engine = _search_engine(settings)
        self.fetcher = Fetcher(allowed_private_hosts=settings.allowed_private_hosts)
        catalogue = Catalogue(database)
        self.expander = Expander(settings.home / FILE_NAME, catalogue.glossary.accepted)
        self.engine_choice = EngineChoice(
            engine=settings.engine,
            model=settings.model,
            models_dir=models_dir(settings),
            batch_size=settings.batch_size,
            workers=settings.workers or forced_layout(1, usable_cores()).workers,
        )
        self._engines = EngineTable(
            self.engine_choice,
            settings.transcribed_languages,
            settings.engines,
        )
        self._translation_wish = _translation_wish(settings)
        self._meaning_languages = _meaning_languages(settings)
        self.parts = Parts(
            catalogue=catalogue,
            jobs=Jobs(database, settings.worker_host),
            media=open_media(settings, settings.media_url),
            audio=lambda: self._audio,
            index=lambda: self.index,
            transcriber=self._engines.transcriber,
            fetch=self._fetch,
            recipe=RecipeOptions(
                language=UNDETERMINED,
                threshold=settings.language_threshold,
                batch_size=settings.batch_size,
                prompt=settings.vocabulary,
            ),
            transcribed_languages=self._engines.languages,
            translates=self._translates,
            max_recording_bytes=settings.max_recording_bytes,
            names=(lambda: self.expander.names) if settings.prompt_with_names else None,
            meaning=Meaning(catalogue, lambda: self._vectors) if self._meaning_languages else None,
            voices=(lambda: self._voices) if settings.voices else None,
            kinds=_work_kinds(settings),
        )

    def choose_index(self, engine: str) -> None:
        """Use another search engine from now on.

        Raises:
            BadInput: there is no engine of this name.
        """
        if engine != self._search_engine:
            self.close()
            self._search_engine = engine

    def close(self) -> None:
        """Let go of the index, if it was opened."""
        index = self.__dict__.pop("index", None)
        if index is not None:
            index.close()

    @cached_property
    def _audio(self) -> Audio:
        return Audio.find(self._settings.ffmpeg)

    @cached_property
    def index(self) -> ChosenIndex:
        """The search index; nothing is read before it is used."""
        url = self._settings.search_database_url or self._settings.database_url
        size = self.parts.catalogue.transcripts.count_passages
        return open_index(
            self._settings.index_dir, self._search_engine, size, url, self._search_replica
        )

    @cached_property
    def _vectors(self) -> VectorStore | None:
        encoder = find_encoder()
        if encoder is None:
            log.warning("no search by meaning", extra={"error": "the extra is not installed"})
            return None
        return VectorStore(self._settings.index_dir, encoder, self._meaning_languages)

    @cached_property
    def _voices(self) -> VoiceEncoder | None:
        weights = find_voice_weights(models_dir(self._settings))
        if weights is None:
            log.warning("no voices", extra={"error": "the weights are not on this machine"})
            return None
        return VoiceEncoder(weights)

    def _translates(self, language: LanguageTag) -> bool:
        if self._translation_wish is TranslationWish.NEVER:
            return False
        try:
            engine = self._engines.transcriber(language)
        except (NoEngine, WeightsMissing):  # `doctor` says what is missing
            return False
        return is_wanted(self._translation_wish, engine, language)

    def _fetch(self, url: str) -> AbstractContextManager[Iterator[bytes]]:
        return self.fetcher.stream(url, max_bytes=self._settings.max_recording_bytes)


def open_media(settings: Settings, url: str) -> MediaStore:
    """The store at an address; the folder ``media/`` when that is empty.

    Raises:
        BadSettings: it is no such address, or the extra ``s3`` is not installed.
    """
    if not url:
        return LocalMediaStore(settings.media_dir, min_free_bytes=settings.min_free_bytes)
    # locks between processes, which not every system has: only where they are needed
    from radio_archive.media.cache import MediaCache
    from radio_archive.media.object_store import ObjectMediaStore
    from radio_archive.media.places import ObjectPlace

    place = ObjectPlace.parse(url, endpoint=settings.media_endpoint, region=settings.media_region)
    cache = MediaCache(
        settings.cache_dir / "media",
        max_bytes=settings.media_cache_bytes,
        min_free_bytes=settings.min_free_bytes,
    )
    return ObjectMediaStore(place, cache)


def _search_engine(settings: Settings) -> str:
    """The search engine that the station wants.

    Raises:
        BadSettings: there is none of this name.
    """
    if settings.search_engine not in ENGINES:
        raise BadSettings(
            f"search_engine has a wrong value {settings.search_engine!r}.",
            hint=f"It may be {', '.join(ENGINES)}.",
        )
    return settings.search_engine


def _translation_wish(settings: Settings) -> TranslationWish:
    """What the station wants of translations.

    Raises:
        BadSettings: something else is written.
    """
    written = settings.translate_into_english
    if written not in set(TranslationWish):
        raise BadSettings(
            f"translate_into_english has a wrong value {written!r}.",
            hint=f"It may be {', '.join(TranslationWish)}.",
        )
    return TranslationWish(written)


def _work_kinds(settings: Settings) -> frozenset[JobKind]:
    """The steps this machine does.

    Raises:
        BadSettings: one of them is none.
    """
    unknown = [kind for kind in settings.work_kinds if kind not in set(JobKind)]
    if unknown:
        raise BadSettings(
            f"There is no step called {unknown[0]!r}.",
            hint=f"work_kinds may hold: {', '.join(JobKind)}.",
        )
    return frozenset(map(JobKind, settings.work_kinds)) or frozenset(JobKind)


def _meaning_languages(settings: Settings) -> tuple[LanguageTag, ...]:
    """Those to be searched by meaning.

    Raises:
        BadSettings: one of them is not among those where it was shown to serve.
    """
    chosen = tuple(LanguageTag(normalise_tag(tag)) for tag in settings.meaning_languages)
    unserved = [tag for tag in chosen if tag not in SERVED]
    if unserved:
        raise BadSettings(
            f"Search by meaning was not shown to serve in {', '.join(unserved)}.",
            hint=f"meaning_languages may hold: {', '.join(SERVED)}.",
        )
    return chosen
