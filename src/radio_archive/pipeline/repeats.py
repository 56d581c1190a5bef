"""A repeat is not written down twice: what was said in it is carried over from the other airing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from radio_archive.errors import AudioError
from radio_archive.model import (
    Broadcast,
    Recording,
    Repeat,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.pipeline.fingerprinting import can_fingerprint, take_fingerprint
from radio_archive.pipeline.parts import Parts
from radio_archive.pipeline.progress import Tell
from radio_archive.repeats import (
    LEAST_SHARE,
    carry_gaps,
    carry_segments,
    known_stretches,
    share_of,
)

Stretches = Sequence[tuple[int, int]]
"""Parts of a recording, in milliseconds."""

_PEOPLE = (TranscriptKind.IMPORTED, TranscriptKind.CORRECTED)

_LEAST_TRUST = (Trust.MACHINE_WEAK, Trust.MACHINE, Trust.IMPORTED, Trust.CHECKED)


def carry_over(
    parts: Parts,
    broadcast: Broadcast,
    recording: Recording,
    write_rest: Callable[[Stretches], Transcript],
    tell: Tell,
) -> Transcript | None:
    """What was said, from another airing of the same sound; None where there is none to go by.

    People's text stands only where nothing else is said in this airing; what a machine wrote is
    completed with what it hears beside it.

    Args:
        parts: what the steps work with.
        broadcast: what is to be written down.
        recording: its sound.
        write_rest: writes down what is said outside of some stretches.
        tell: asked whether to stop meanwhile.
    """
    for repeat, source in _sources(parts, broadcast, recording, tell):
        carried = carry_segments(source, repeat.shared, recording.duration_ms)
        if not carried:
            continue
        rest = write_rest(known_stretches(repeat.shared, recording.duration_ms))
        if rest.segments and source.kind in _PEOPLE:
            continue
        segments = sorted([*carried, *rest.segments], key=lambda each: each.start_ms)
        gaps = [*carry_gaps(source, repeat.shared), *rest.gaps]
        trusts = [_trust(source), *([rest.trust] if rest.segments else [])]
        return replace(
            source,
            id=None,
            kind=TranscriptKind.IMPORTED if source.kind in _PEOPLE else source.kind,
            trust=min(trusts, key=_LEAST_TRUST.index),
            segments=tuple(segments),
            gaps=tuple(sorted(gaps, key=lambda each: each.start_ms)),
            parameters=MappingProxyType({**source.parameters, **_provenance(repeat)}),
            carried_from=source.id,
            created_at=rest.created_at,
        )
    return None


def _sources(
    parts: Parts, broadcast: Broadcast, recording: Recording, tell: Tell
) -> Iterator[tuple[Repeat, Transcript]]:
    """Other airings to go by, people's texts first, then by what they have in common.

    What was itself carried over is none: texts would go in circles.
    """
    _ensure_compared(parts, broadcast, recording, tell)
    engine = parts.transcriber(broadcast.language).name
    found = [
        (repeat, transcript)
        for repeat in parts.catalogue.fingerprints.repeats_of(broadcast)
        if repeat.broadcast.language == broadcast.language
        and share_of(repeat.shared, recording.duration_ms) >= LEAST_SHARE
        and (transcript := parts.catalogue.transcripts.find(repeat.broadcast.id)) is not None
        and _may_be_carried(transcript, broadcast, engine)
    ]
    yield from sorted(found, key=lambda pair: (pair[1].kind not in _PEOPLE, -pair[0].length_ms))


def _ensure_compared(parts: Parts, broadcast: Broadcast, recording: Recording, tell: Tell) -> None:
    """Look for repeats where that was not done yet; what stands against it is another step's."""
    if can_fingerprint(parts):
        try:
            take_fingerprint(parts, broadcast, recording, tell)
        except AudioError:
            return


def _may_be_carried(transcript: Transcript, broadcast: Broadcast, engine: str) -> bool:
    is_said = transcript.kind in _PEOPLE or (
        transcript.kind is TranscriptKind.MACHINE and transcript.engine == engine
    )
    return (
        is_said
        and transcript.language == broadcast.language
        and transcript.carried_from is None
        and transcript.id is not None
    )


def _trust(source: Transcript) -> Trust:
    """Nobody has checked the text against this airing."""
    return Trust.IMPORTED if source.trust is Trust.CHECKED else source.trust


def _provenance(repeat: Repeat) -> dict[str, str]:
    return {
        "repeat_of": repeat.broadcast.id,
        "repeat_offsets_ms": " ".join(
            f"{each.start_ms}+{each.length_ms}:{each.offset_ms}" for each in repeat.shared
        ),
    }
