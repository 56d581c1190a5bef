"""From the name of an engine to an engine with its weights."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from radio_archive.errors import NoEngine
from radio_archive.transcribers import Transcriber
from radio_archive.transcribers.weights import find_weights, get_weights

GROUP = "radio_archive.transcribers"
"""Entry-point group of the engines.

An engine is a class with a ``library`` (the module it cannot do without) that is made as
``Engine(weights, threads=1, batch_size=8)`` and then fulfils ``Transcriber``.
"""

FASTEST_FIRST = ("faster-whisper", "openai-whisper")
"""The order in which ``auto`` tries engines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine to open, and how."""

    models_dir: Path  #: folder that holds a folder per model
    engine: str = "auto"
    model: str = "base"
    batch_size: int = 8  #: groups decoded together
    threads: int = 1  #: decoding threads; run more workers rather than more threads


def load_transcriber(choice: EngineChoice) -> Transcriber:
    """Open an engine. Its weights are looked for now and loaded on first use.

    Raises:
        NoEngine: there is no such engine, or its library is not installed.
        WeightsMissing: the weights are not on this machine.
    """
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if choice.engine != "auto":
        return _open(_get_class(known, choice.engine), choice.engine, choice)
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
    opened: Transcriber = engine(weights, threads=choice.threads, batch_size=choice.batch_size)
    return opened


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
            f"The engine {name} is not installed.", hint=f"Install it: pip install {name}."
        )
    return engine
