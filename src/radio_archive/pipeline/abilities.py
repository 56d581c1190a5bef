"""What this worker can do, with its settings and on its machine."""

from __future__ import annotations

from radio_archive.errors import NoEngine, WeightsMissing
from radio_archive.model import (
    SPOKEN_KINDS,
    Abilities,
    JobKind,
    LanguageTag,
    Need,
    need_of,
)
from radio_archive.pipeline.parts import Parts
from radio_archive.pipeline.transcripts import require_engine
from radio_archive.transcribers import Transcriber


def abilities_of(parts: Parts) -> Abilities:
    """What jobs this process may claim, and why it cannot claim others.

    A language counts where the station trusts an engine with it, the engine is installed and its
    weights are here.
    """
    needs = {Need(kind) for kind in parts.kinds - SPOKEN_KINDS}
    engines: dict[str, Transcriber] = {}
    lacks: dict[LanguageTag, str] = {}
    if parts.kinds & SPOKEN_KINDS:
        for language in sorted(parts.transcribed_languages):
            try:
                require_engine(parts, language)
            except (NoEngine, WeightsMissing) as error:
                lacks[language] = str(error)
                continue
            engine = parts.transcriber(language)
            engines[engine.name] = engine
            if JobKind.TRANSCRIBE in parts.kinds:
                needs.add(need_of(JobKind.TRANSCRIBE, language))
            if JobKind.TRANSLATE in parts.kinds and parts.translates(language):
                needs.add(need_of(JobKind.TRANSLATE, language))
    return Abilities(
        needs=frozenset(needs),
        engines=tuple(sorted(engines)),
        has_gpu=any(each.parameters.get("device") == "cuda" for each in engines.values()),
        lacks=lacks,
    )
