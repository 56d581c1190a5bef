"""Hiding a broadcast or a stretch of it everywhere, and showing it again.

Nothing is deleted. Whatever reads the catalogue gets what may be shown, so that a withdrawal holds
from the moment it is stored; the index follows at once, or as soon as it is free. Of a stretch the
sound is made silent: until that is done, nothing of the broadcast is heard.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress

from radio_archive.errors import BadInput, BadTime, SearchIndexError, Withdrawn
from radio_archive.model import Broadcast, Excerpt, JobKind, Milliseconds, Repeat
from radio_archive.model.withdrawals import NewWithdrawal, Withdrawal, WithdrawalResult
from radio_archive.pipeline import Parts, make_renditions, make_searchable
from radio_archive.search.passages import split_passages

LONGEST_REASON = 2_000
"""Characters of a reason that are kept: chosen, a page's worth."""


class Withdrawing:
    """What a station takes out of the archive's public face."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def withdraw(self, broadcast_id: str, wish: NewWithdrawal) -> WithdrawalResult:
        """Hide a broadcast or a stretch of it everywhere.

        Raises:
            NotFound: no such broadcast.
            BadTime: the stretch is none, or lies outside the recording.
            BadInput: no reason is given, or nobody's name.
        """
        broadcast = self.find(broadcast_id)
        excerpt = wish.excerpt and _inside(broadcast, wish.excerpt)
        new = NewWithdrawal(
            excerpt=excerpt,
            reason=_told(wish.reason, "A withdrawal needs a reason."),
            by=_told(wish.by, "A withdrawal needs the name of whoever does it."),
        )
        stored = self._parts.catalogue.withdrawals.add(
            broadcast.id, new, lambda transcript: split_passages(transcript, broadcast)
        )
        return self._result(broadcast, stored)

    def undo(self, broadcast_id: str, number: int, by: str, reason: str) -> WithdrawalResult:
        """Show again what was hidden, and search it again.

        Raises:
            NotFound: the broadcast has no such withdrawal.
            BadInput: it was undone already; no reason is given, or nobody's name.
        """
        broadcast = self.find(broadcast_id)
        withdrawals = self._parts.catalogue.withdrawals
        undone = withdrawals.undo(
            withdrawals.get(broadcast.id, number),
            _told(by, "Undoing a withdrawal needs the name of whoever does it."),
            _told(reason, "Undoing a withdrawal needs a reason."),
            lambda transcript: split_passages(transcript, broadcast),
        )
        return self._result(broadcast, undone)

    def history(self, broadcast_id: str) -> tuple[Withdrawal, ...]:
        """All that was ever hidden of a broadcast, the last first.

        Raises:
            NotFound: no such broadcast.
        """
        return self._parts.catalogue.withdrawals.of(self.find(broadcast_id).id)

    def find(self, broadcast_id: str) -> Broadcast:
        """A broadcast, hidden or not: for those who decide about it.

        Raises:
            NotFound: no such broadcast.
        """
        return self._parts.catalogue.broadcasts.get_even_withdrawn(broadcast_id)

    def repeats_of(self, broadcast: Broadcast) -> tuple[Repeat, ...]:
        """Other broadcasts that hold some of the same sound: each is withdrawn by itself."""
        return self._parts.catalogue.fingerprints.repeats_of(broadcast)

    def mute(self, broadcast_id: str) -> None:
        """Make the sound without its hidden stretches now, instead of leaving it to a worker.

        Nothing happens without a recording, or where the whole broadcast is hidden.

        Raises:
            AudioError: the recording cannot be decoded.
            StorageError: it cannot be read, or what is made cannot be kept.
        """
        broadcast = self.find(broadcast_id)
        if broadcast.recording is not None:
            with suppress(Withdrawn):
                make_renditions(self._parts, broadcast.id)

    def _result(self, broadcast: Broadcast, withdrawal: Withdrawal) -> WithdrawalResult:
        is_searchable = True
        try:
            make_searchable(self._parts, broadcast.id)
        except SearchIndexError:
            # nothing hidden is shown: the catalogue is asked for the text of every hit
            self._parts.jobs.put(JobKind.INDEX, [broadcast.id])
            is_searchable = False
        if withdrawal.excerpt is not None and broadcast.recording is not None:
            self._parts.jobs.put(JobKind.PREPARE, [broadcast.id])
        return WithdrawalResult(
            withdrawal=withdrawal,
            repeats=self.repeats_of(broadcast),
            is_searchable=is_searchable,
        )


def _inside(broadcast: Broadcast, excerpt: Excerpt) -> Excerpt:
    end = excerpt.end_ms
    if broadcast.recording is not None:
        end = Milliseconds(min(end, broadcast.recording.duration_ms))
    if not 0 <= excerpt.start_ms < end:
        raise BadTime(
            f"Nothing of broadcast {broadcast.id} lies between {excerpt.start_ms} and {end} ms.",
            hint="Both are milliseconds from its start, the end after the beginning.",
        )
    return Excerpt(start_ms=excerpt.start_ms, end_ms=end)


def _told(text: str, complaint: str) -> str:
    """What somebody wrote, on one line.

    Raises:
        BadInput: nothing, or far too much.
    """
    plain = "".join(" " if unicodedata.category(each) == "Cc" else each for each in text)
    plain = " ".join(plain.encode("utf-8", "replace").decode().split())
    if not 0 < len(plain) <= LONGEST_REASON:
        raise BadInput(complaint, hint=f"Write 1 to {LONGEST_REASON:,} characters.")
    return plain
