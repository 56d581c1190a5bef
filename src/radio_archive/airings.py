"""Results in which what was aired twice is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from radio_archive.model import (
    Airing,
    BroadcastHits,
    BroadcastId,
    Hit,
    Milliseconds,
    Repeat,
    TranscriptKind,
)

SAME_MS = 3_000
"""Two hits this close, once a repeat's offset is allowed for, are one: word times of two
transcripts of the same sound differ by less, and passages are far longer."""

MOST_AIRINGS = 5
"""Other airings named beside a hit."""

Repeats = Mapping[BroadcastId, Sequence[Repeat]]


def fold_repeats(groups: Sequence[BroadcastHits], repeats: Repeats) -> tuple[BroadcastHits, ...]:
    """Show a hit once that several broadcasts of a page hold, and say where else it was aired.

    Args:
        groups: a page of results; what comes first is kept.
        repeats: of each broadcast of the page.

    Returns:
        The groups that still have hits, in the same order.
    """
    kept: list[BroadcastHits] = []
    for group in groups:
        airings = {
            id(hit): _airings(hit, repeats.get(group.broadcast.id, ())) for hit in group.hits
        }
        hits = tuple(
            replace(hit, also_aired=airings[id(hit)][:MOST_AIRINGS])
            for hit in group.hits
            if not any(_is_shown(hit, airing, kept) for airing in airings[id(hit)])
        )
        if hits:
            kept.append(replace(group, hits=hits))
    return tuple(kept)


def _airings(hit: Hit, repeats: Sequence[Repeat]) -> tuple[Airing, ...]:
    """Where else a hit was aired; a translation is of one airing's text."""
    if hit.choice.kind is TranscriptKind.TRANSLATION:
        return ()
    return tuple(
        Airing(
            broadcast=repeat.broadcast,
            start_ms=Milliseconds(max(0, hit.start_ms + shared.offset_ms)),
        )
        for repeat in repeats
        for shared in repeat.shared
        if shared.start_ms <= hit.start_ms < shared.start_ms + shared.length_ms
    )


def _is_shown(hit: Hit, airing: Airing, groups: Sequence[BroadcastHits]) -> bool:
    return any(
        abs(other.start_ms - airing.start_ms) <= SAME_MS and other.choice == hit.choice
        for group in groups
        if group.broadcast.id == airing.broadcast.id
        for other in group.hits
    )
