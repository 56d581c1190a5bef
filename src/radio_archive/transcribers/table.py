"""Which engine writes which language: the ``[engines]`` table over the default engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from radio_archive.errors import BadSettings, NoEngine, UnknownLanguage, WeightsMissing
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import LanguageTag
from radio_archive.transcribers import Transcriber
from radio_archive.transcribers.lookup import (
    Ears,
    EngineChoice,
    engine_names,
    load_transcriber,
    load_writer,
)
from radio_archive.transcribers.shelf import find_on_shelf
from radio_archive.transcribers.weights import split_name


class EngineTable:
    """Engines by language, each opened once, when the first broadcast asks for it.

    Args:
        default: the Whisper of the settings, for every language that names no engine of its own.
        trusted: languages the default engine may write.
        table: tag or name of a language -> engine and model, as the settings say it.

    Raises:
        BadSettings: an unknown language or engine, a language named twice, or weights whose makers
            do not say that they know it.
    """

    def __init__(
        self, default: EngineChoice, trusted: Collection[str], table: Mapping[str, str]
    ) -> None:
        self._default = default
        self._trusted = frozenset(normalise_tag(tag) for tag in trusted)
        self._names = _read(table)
        self._opened: dict[str, Transcriber] = {}

    @property
    def languages(self) -> frozenset[LanguageTag]:
        """Every language that some engine is trusted with."""
        return self._trusted | frozenset(self._names)

    def transcriber(self, language: LanguageTag) -> Transcriber:
        """The engine of a language.

        Raises:
            NoEngine: the engine is not installed, or the weights of a language's own engine are
                not on this machine: the rest of the archive's work goes on without it.
            WeightsMissing: the weights of the default engine are not on this machine.
        """
        name = self._names.get(language, "")
        if name not in self._opened:
            self._opened[name] = self._open(name)
        return self._opened[name]

    def _open(self, name: str) -> Transcriber:
        if not name:
            return load_transcriber(self._default)
        engine, model = split_name(name)
        if model.startswith("~"):
            model = str(Path(model).expanduser())
        languages = self._languages_of(name)
        choice = replace(self._default, engine=engine, model=model, languages=languages)
        ears = Ears(listener=self._find_listener(), others=tuple(sorted(self._trusted)))
        try:
            return load_writer(choice, ears)
        except WeightsMissing as error:
            raise NoEngine(error.message, hint=error.hint) from error

    def _languages_of(self, name: str) -> tuple[LanguageTag, ...]:
        return tuple(sorted(tag for tag, each in self._names.items() if each == name))

    def _find_listener(self) -> Transcriber | None:
        """The default Whisper, if it is here: an engine without ears is better than none."""
        try:
            return self.transcriber(LanguageTag(""))
        except (NoEngine, WeightsMissing):
            return None


def _read(table: Mapping[str, str]) -> Mapping[LanguageTag, str]:
    names: dict[LanguageTag, str] = {}
    for written, name in table.items():
        try:
            tag = normalise_tag(written)
        except UnknownLanguage as error:
            raise BadSettings(
                f"[engines] names {written!r}. {error.message}", hint=error.hint
            ) from (error)
        if tag in names:
            raise BadSettings(f"[engines] names {tag} twice.", hint="Keep one of the two lines.")
        _check_engine(tag, name)
        names[tag] = name
    return names


def _check_engine(tag: LanguageTag, name: str) -> None:
    engine = split_name(name)[0]
    if engine not in engine_names():
        raise BadSettings(
            f"[engines] {tag} = {name!r}: there is no engine called {engine!r}.",
            hint=f"Known: {', '.join(engine_names())}.",
        )
    known = find_on_shelf(name)
    if known is not None and tag not in known.languages:
        raise BadSettings(
            f"[engines] {tag} = {name!r}: its makers do not say that it knows {tag}.",
            hint=f"It knows: {', '.join(known.languages)}.",
        )
