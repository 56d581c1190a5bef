"""What a broadcast's page offers beside its text: other texts, other editions, words to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from radio_archive.archive import Archive
from radio_archive.links import broadcast_url
from radio_archive.model import Broadcast, Track
from radio_archive.web.parameters import read_data, read_time
from radio_archive.web.side_by_side import find_beside, name_of, pair
from radio_archive.web.transcript_view import GapLine, Line

#: sentences with the words searched that are listed above the text
_MOST_FOUND = 40

#: what a search in the broadcast keeps of the page's address
_KEPT = ("language", "kind", "beside", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackChoice:
    """A text that the page can show."""

    track: Track
    url: str  #: of this page with the text in place of the one shown
    beside_url: str  #: with the text beside it, or without where it stands there already
    is_beside: bool


def read_around(
    archive: Archive, found: Broadcast, lines: Sequence[Line | GapLine], params: QueryParams
) -> Mapping[str, object]:
    """For the template of a broadcast's page.

    Raises:
        BadInput: there is no text like the one to be shown beside.
    """
    tracks = archive.tracks(found.id)
    beside = find_beside(tracks, params.get("beside", ""))
    other = archive.get_transcript(found.id, beside.choice) if beside else None
    with_words = [each for each in lines if isinstance(each, Line) and "<mark>" in each.text]
    return {
        "tracks": _choices(found, tracks, beside, params) if len(tracks) > 1 else (),
        "beside": other,
        "pairs": pair(lines, other) if other else (),
        "dossiers_near": archive.dossiers.near(found.id),
        "editions": archive.browsing.editions_of(found),
        "matches": with_words[:_MOST_FOUND],
        "match_count": len(with_words),
        "kept": [(key, params[key]) for key in _KEPT if key in params],
    }


def _choices(
    found: Broadcast, tracks: Sequence[Track], beside: Track | None, params: QueryParams
) -> tuple[TrackChoice, ...]:
    moment, query, data = read_time(params.get("t")), params.get("q", ""), read_data(params)
    return tuple(
        TrackChoice(
            track=track,
            url=broadcast_url(found.id, moment, query, choice=track.choice, data=data),
            beside_url=_with_beside(params, "" if track == beside else name_of(track)),
            is_beside=track == beside,
        )
        for track in tracks
    )


def _with_beside(params: QueryParams, name: str) -> str:
    kept = [(key, value) for key, value in params.multi_items() if key != "beside"]
    return f"?{QueryParams([*kept, *([('beside', name)] if name else [])])}"
