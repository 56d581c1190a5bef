"""Where a sentence may stand in a transcript."""

from __future__ import annotations

from radio_archive.errors import BadSentence
from radio_archive.model import Broadcast, GapReason, Segment, Transcript


def require_place(transcript: Transcript, number: int, new: Segment, broadcast: Broadcast) -> None:
    """Refuse times at which a sentence cannot be said: mostly those typed wrong.

    It begins between the beginnings of its neighbours, and ends before the one after it does: two
    people may speak at once, and the order stays.

    Args:
        transcript: with the sentence as it stands.
        number: which sentence.
        new: the sentence at its new times.
        broadcast: whose transcript it is.

    Raises:
        BadSentence: it lies elsewhere, or something there is hidden.
    """
    segments = transcript.segments
    earliest = segments[number - 1].start_ms if number else 0
    last = number + 1 == len(segments)
    latest = new.end_ms if last else segments[number + 1].start_ms
    end = new.end_ms if last else max(segments[number + 1].end_ms, segments[number].end_ms)
    if not earliest <= new.start_ms <= latest or new.end_ms > end:
        raise BadSentence(
            "At these times the sentence would not stand between its neighbours.",
            hint="Put the times of the sentences beside it right first.",
        )
    recording = broadcast.recording
    if recording is not None and new.end_ms > max(recording.duration_ms, segments[number].end_ms):
        raise BadSentence(
            "The sound ends before these times: nothing was changed.",
            hint=f"It lasts {recording.duration_ms / 1000:.3f} seconds.",
        )
    require_shown(transcript, new)


def require_shown(transcript: Transcript, new: Segment) -> None:
    """Refuse a sentence that would reach into what is hidden.

    Raises:
        BadSentence: it would.
    """
    if any(
        gap.reason is GapReason.WITHDRAWN
        and new.start_ms < gap.end_ms
        and gap.start_ms < new.end_ms
        for gap in transcript.gaps
    ):
        raise BadSentence(
            "Something there was withdrawn by the station: nothing was changed.",
            hint="A sentence stays beside what is hidden.",
        )
