"""What a machine writes anew where people corrected: theirs stays, sentence by sentence."""

from __future__ import annotations

from radio_archive.catalogue.edits import recording
from radio_archive.corrections import keep_reviewed
from radio_archive.errors import Conflict
from radio_archive.model import Broadcast, EditKind, NewEdit, Transcript, TranscriptId
from radio_archive.pipeline.parts import Parts
from radio_archive.search.passages import split_passages

#: editors that may each save a sentence while one new text is fitted in; more never met
_TRIES = 50


def renew(parts: Parts, broadcast: Broadcast, machine: Transcript) -> bool:
    """Fit a machine's text, stored already, around the sentences that people stand for.

    Args:
        parts: the archive's.
        broadcast: whose transcript it is.
        machine: what was written anew.

    Returns:
        Whether another version became the current one; False where no person's sentence stands.

    Raises:
        Conflict: people saved faster than this could.
    """
    versions = parts.catalogue.transcripts
    for _ in range(_TRIES):
        current = versions.find(broadcast.id)
        if current is None or current.id is None or current.language != machine.language:
            return False
        merged = keep_reviewed(current, machine)
        if merged is None:
            return False
        try:
            _put(parts, broadcast, merged, current.id)
        except Conflict:  # somebody saved a sentence meanwhile
            continue
        return True
    raise Conflict(
        f"Broadcast {broadcast.id} is being corrected: its new transcript could not be fitted in.",
        hint="Run `radio-archive work` again.",
    )


def _put(parts: Parts, broadcast: Broadcast, merged: Transcript, before: TranscriptId) -> None:
    edit = NewEdit(kind=EditKind.RENEWED, by="")
    parts.catalogue.transcripts.revise(
        broadcast.id,
        merged,
        split_passages(merged, broadcast),
        instead_of=before,
        then=recording(broadcast.id, edit, before, voices=None),
    )
