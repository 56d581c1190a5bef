"""Having broadcasts transcribed again that have a text: another engine, a better recipe.

A wish is kept in the catalogue until a machine's new text is stored, so that it survives whatever
is killed meanwhile. People's text stays the current one; the machine's is kept beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from radio_archive.corrections.comparing import Difference, differences
from radio_archive.errors import BadInput, NotFound
from radio_archive.model import UNDETERMINED, BroadcastId, EditKind, TranscriptId
from radio_archive.pipeline import Parts, plan, require_engine
from radio_archive.transcription.recipe import RECIPE_VERSION


class TranscribingAgain:
    """Wishes to have broadcasts transcribed again, and what came of them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def outdated(self, *, engine: str | None, older_recipe: bool) -> tuple[BroadcastId, ...]:
        """Broadcasts that a machine wrote with this engine, or with an earlier recipe.

        Text that people imported or went through as a whole is left out.
        """
        recipe = RECIPE_VERSION if older_recipe else None
        return self._parts.catalogue.renewals.outdated(engine=engine, other_than_recipe=recipe)

    def ask(self, ids: Sequence[str], by: str) -> int:
        """Have broadcasts transcribed again; `work` does it. Answers how many wishes are new.

        Raises:
            NotFound: there is no such broadcast.
            Withdrawn: it is hidden.
            BadInput: it has no recording, or nobody said its language.
            NoEngine: nothing on this machine knows its language.
            WeightsMissing: the weights of the engine are not here.
        """
        wanted = [self._require_able(each) for each in dict.fromkeys(ids)]
        new = self._parts.catalogue.renewals.ask(wanted, by)
        plan(self._parts)
        return new

    def compare(
        self, broadcast_id: str, transcript_id: int
    ) -> tuple[TranscriptId, tuple[Difference, ...]]:
        """Where a text that a machine wrote again differs from the current one.

        Raises:
            NotFound: no such broadcast, or no machine wrote it again with this number.
        """
        versions = self._parts.catalogue.transcripts
        broadcast = self._parts.catalogue.broadcasts.get(broadcast_id)
        known = self._parts.catalogue.edits.of(broadcast.id)
        is_known = any(
            each.transcript_id == transcript_id and each.kind is EditKind.TRANSCRIBED_AGAIN
            for each in known
        )
        unknown = NotFound(
            f"Broadcast {broadcast.id} was not transcribed again as version {transcript_id}.",
            hint="Its history lists what was.",
        )
        if not is_known:  # before it is asked for: a number may be larger than a database holds
            raise unknown
        current = versions.find(broadcast.id)
        other = versions.find_version(broadcast.id, TranscriptId(transcript_id))
        if current is None or other is None:
            raise unknown
        if other.id == current.id:
            edit = next(each for each in known if each.transcript_id == transcript_id)
            other = versions.find_version(broadcast.id, edit.before_id) or other
        return TranscriptId(transcript_id), differences(current, other)

    def _require_able(self, broadcast_id: str) -> BroadcastId:
        broadcast = self._parts.catalogue.broadcasts.get(broadcast_id)
        if broadcast.recording is None or broadcast.language == UNDETERMINED:
            raise BadInput(
                f"Broadcast {broadcast.id} has no recording, or nobody said its language.",
                hint="`radio-archive add FILE --language TAG` gives it both.",
            )
        require_engine(self._parts, broadcast.language)
        return broadcast.id
