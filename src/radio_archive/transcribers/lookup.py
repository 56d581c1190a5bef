"""From the name of an engine to an engine with its weights."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from radio_archive.errors import NoEngine
from radio_archive.model import LanguageTag
from radio_archive.transcribers import Transcriber, Writer
from radio_archive.transcribers.checking import CheckedWriter
from radio_archive.transcribers.weights import find_weights, get_weights

GROUP = "radio_archive.transcribers"
"""Entry-point group of the engines.

An engine is a class with a ``library`` (the module it cannot do without) and ``can_identify``:
whether it hears which language is spoken. If so it is made as ``Engine(weights, threads=1,
batch_size=8)`` and fulfils ``Transcriber``; if not it is told its ``languages`` as well, and
fulfils ``Writer``. One that keeps several cores busy by itself says ``has_workers = True`` and is
told how many ``workers`` it may have side by side.
"""

_INSTALL = {
    "omnilingual-ctc": "radio-archive[ctc]",
    "wav2vec2": "radio-archive[transformers]",
    "whisper-fine-tune": "faster-whisper",
}
"""Packages that bring an engine, where they are not called like it."""

FASTEST_FIRST = ("faster-whisper", "openai-whisper")
"""The order in which ``auto`` tries engines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine to open, and how."""

    models_dir: Path  #: folder that holds a folder per model
    engine: str = "auto"
    model: str = "base"
    batch_size: int = 8  #: groups decoded together
    threads: int = 1  #: decoding threads of each worker; more workers are faster
    workers: int = 1  #: decoded side by side in this process, by engines that can
    languages: tuple[LanguageTag, ...] = ()  #: what an engine is for that takes no language


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Who listens for other languages while an engine writes that cannot."""

    listener: Transcriber | None  #: None: nobody does
    others: tuple[LanguageTag, ...] = ()  #: the languages the listener is believed with


def load_writer(choice: EngineChoice, ears: Ears) -> Transcriber:
    """Open the engine of some languages, with another's ears where it needs them.

    Raises:
        NoEngine: there is no such engine, or its library is not installed.
        WeightsMissing: the weights are not on this machine, or not what the engine can read.
    """
    engine = get_engine_class(choice.engine)
    if engine.can_identify:
        return load_transcriber(choice)
    weights = get_weights(choice.model, choice.engine, choice.models_dir)
    writer: Writer = engine(
        weights,
        languages=choice.languages,
        **_machine(engine, choice),
    )
    return CheckedWriter(writer, choice.languages, ears.listener, ears.others)


def engine_names() -> list[str]:
    """Every engine there is, installed or not."""
    return sorted(entry.name for entry in entry_points(group=GROUP))


def get_engine_class(name: str) -> Any:
    """The class of an engine.

    Raises:
        NoEngine: there is no such engine, or its library is not installed.
    """
    return _get_class({entry.name: entry for entry in entry_points(group=GROUP)}, name)


def load_transcriber(choice: EngineChoice) -> Transcriber:
    """Open an engine that hears languages. Its weights are loaded on first use.

    Raises:
        NoEngine: there is no such engine, or its library is not installed.
        WeightsMissing: the weights are not on this machine.
    """
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if choice.engine != "auto":
        engine = _get_class(known, choice.engine)
        if not engine.can_identify:
            raise NoEngine(
                f"The engine {choice.engine} cannot tell languages apart.",
                hint="Name it for its languages under [engines] in radio-archive.toml.",
            )
        return _open(engine, choice.engine, choice)
    installed = [name for name in FASTEST_FIRST if name in known and _find_class(known[name])]
    if not installed:
        raise NoEngine(
            "No speech engine is installed.", hint="Install one: pip install faster-whisper."
        )
    for name in installed:
        if find_weights(choice.model, name, choice.models_dir) is not None:
            return _open(_get_class(known, name), name, choice)
    get_weights(choice.model, installed[0], choice.models_dir)
    raise AssertionError("get_weights returns only what find_weights finds")


def _open(engine: Any, name: str, choice: EngineChoice) -> Transcriber:
    weights = get_weights(choice.model, name, choice.models_dir)
    opened: Transcriber = engine(weights, **_machine(engine, choice))
    return opened


def _machine(engine: Any, choice: EngineChoice) -> dict[str, int]:
    """What of the machine an engine is given."""
    given = {"threads": choice.threads, "batch_size": choice.batch_size}
    return {**given, "workers": choice.workers} if has_workers(engine) else given


def has_workers(engine: Any) -> bool:
    """Whether an engine, or its class, keeps several cores busy in one process."""
    return getattr(engine, "has_workers", False)


def _find_class(entry: EntryPoint) -> Any | None:
    """The engine's class; None when its library is not installed."""
    engine = entry.load()
    return engine if importlib.util.find_spec(engine.library) else None


def _get_class(known: dict[str, EntryPoint], name: str) -> Any:
    if name not in known:
        raise NoEngine(
            f"There is no speech engine called {name!r}.",
            hint=f"Known: auto, {', '.join(sorted(known))}.",
        )
    engine = _find_class(known[name])
    if engine is None:
        raise NoEngine(
            f"The engine {name} is not installed.",
            hint=f"Install it: pip install {_INSTALL.get(name, name)}.",
        )
    return engine
