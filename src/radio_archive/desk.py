"""The editors' desk: sentences corrected, checked, taken back, and who did it.

Every change makes another version of the transcript; none is ever overwritten. A sentence is told
by the digest of what its editor saw: where somebody else changed it meanwhile, nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from radio_archive.catalogue.editors import key_of_editor
from radio_archive.catalogue.edits import recording
from radio_archive.corrections import (
    Row,
    changed_rows,
    clean_lines,
    clean_text,
    find_nearest,
    find_row,
    find_sentence,
    joined,
    kind_of,
    moved,
    replaced,
    require_place,
    require_shown,
    reviewed,
    revised,
    sentences_of,
    split,
    text_of,
    times_of,
    told_of,
    version_of,
)
from radio_archive.errors import BadInput, Conflict, NotFound, RadioArchiveError, SearchIndexError
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    Draft,
    Edit,
    EditId,
    EditKind,
    Milliseconds,
    NewEdit,
    Saved,
    Sentence,
    SentenceVersion,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
    Wish,
    Worksheet,
)
from radio_archive.pipeline import Parts, make_searchable
from radio_archive.search.passages import split_passages

LONGEST_DRAFT = 20_000
"""Characters kept of what an editor writes without saving: chosen, four sentences' worth."""

#: others who may each save a sentence of the same broadcast while one is saved
_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Another version of a transcript, and what is written down of it."""

    transcript: Transcript
    number: int  #: of the sentence, or the first of several, in it
    edit: NewEdit
    voices: TranscriptId | None = None  #: the version whose voices it has; None: the one before


_Make = Callable[[Transcript, Broadcast], _Made | Saved]
"""What a person wants, made of the current transcript; where nothing is to be done, what is."""


class Desk:
    """What editors do with the current transcript of a broadcast."""

    def __init__(self, parts: Parts, learn: Callable[[str], object]) -> None:
        """Take the parts.

        Args:
            parts: the archive's.
            learn: told a broadcast whose text people have gone through.
        """
        self._parts = parts
        self._learn = learn

    def worksheet(self, broadcast_id: str, editor: str) -> Worksheet:
        """Every sentence of a broadcast, with what an editor wrote and did not save.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
        """
        broadcast, current = self._current(broadcast_id)
        kept = self._parts.catalogue.drafts.of(key_of_editor(editor), broadcast.id)
        drafts = {draft.version: draft.text for draft in kept}
        sentences = sentences_of(current, drafts)
        known = {sentence.version for sentence in sentences}
        strays = tuple(draft for draft in kept if draft.version not in known)
        return Worksheet(transcript=current, sentences=sentences, strays=strays)

    def nearest(self, broadcast_id: str, number: int, start_ms: int | None) -> Sentence | None:
        """What stands now where somebody saw another sentence.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
        """
        _, current = self._current(broadcast_id)
        place = find_nearest(current, number, start_ms)
        return None if place is None else sentences_of(current)[place]

    def save(self, wish: Wish, by: str, kind: EditKind | None = None) -> Saved:
        """Make a sentence what a person says it is, as another version of the transcript.

        Args:
            wish: what they saw, and what they want.
            by: name of the editor; empty for listeners who agreed.
            kind: None: corrected where the text changes, retimed where only its times do, else
                checked.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
            BadInput: the text is none, or too long.
            BadSentence: it cannot be said at these times.
            Conflict: the sentence was changed meanwhile.
        """
        text = None if wish.text is None else clean_text(wish.text)
        now = datetime.now(UTC)

        def make(current: Transcript, broadcast: Broadcast) -> _Made | Saved:
            number = _find(current, wish)
            segment = current.segments[number]
            new = reviewed(segment, text_of(segment, text), by, now)
            if wish.times is not None and wish.times != times_of(segment):
                new = moved(new, wish.times, by, now)
                require_place(current, number, new, broadcast)
            usual = kind_of(segment, new)
            if segment.review and usual is EditKind.CHECKED:
                return Saved(sentence=sentences_of(current)[number], edit=None)
            row = range(number, number + 1)
            return _made(current, row, (new,), NewEdit(kind=kind or usual, by=by))

        return self._save(wish, by, make)

    def split(self, wish: Wish, by: str) -> Saved:
        """Cut a sentence where its text has line ends, as another version of the transcript.

        Args:
            wish: what they saw, and what they want: one sentence in each line.
            by: name of the editor.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
            BadInput: the text is none, or too long.
            BadSentence: it is a single line.
            Conflict: the sentence was changed meanwhile.
        """
        texts = clean_lines(wish.text or "")
        now = datetime.now(UTC)

        def make(current: Transcript, _: Broadcast) -> _Made:
            number = _find(current, wish)
            parts = split(current.segments[number], texts, by, now)
            edit = NewEdit(kind=EditKind.SPLIT, by=by)
            return _made(current, range(number, number + 1), parts, edit)

        return self._save(wish, by, make)

    def join(self, wish: Wish, following: str, by: str) -> Saved:
        """Make one sentence of two, as another version of the transcript.

        Args:
            wish: the first of them as they saw it, and what it says.
            following: version of the sentence after it, as they saw it.
            by: name of the editor.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
            BadInput: the text is none, or too long.
            BadSentence: they are in two languages, or something between them is hidden.
            Conflict: one of them was changed meanwhile, or another stands between them.
        """
        text = None if wish.text is None else clean_text(wish.text)
        now = datetime.now(UTC)

        def make(current: Transcript, _: Broadcast) -> _Made:
            number = _find(current, wish)
            row = range(number, number + 2)
            pair = current.segments[row.start : row.stop]
            if len(pair) < 2 or version_of(pair[1]) != following:
                raise Conflict(
                    "Somebody changed the sentence after this one meanwhile.",
                    hint="Look at both, then join them.",
                )
            first = reviewed(pair[0], text_of(pair[0], text), by, now)
            new = joined(first, pair[1], by, now)
            clean_text(new.text)
            require_shown(current, new)
            return _made(current, row, (new,), NewEdit(kind=EditKind.JOINED, by=by))

        return self._save(wish, by, make)

    def keep_draft(self, wish: Wish, start_ms: int, editor: str) -> None:
        """Keep what an editor wrote over a sentence without saving it.

        Raises:
            NotFound: no such broadcast.
            BadInput: it is far longer than a sentence, or of no version.
        """
        broadcast = self._parts.catalogue.broadcasts.get(wish.broadcast_id)
        text = wish.text or ""
        if len(text) > LONGEST_DRAFT or not 0 < len(wish.version) <= 64 or start_ms < 0:
            raise BadInput(
                f"A draft of {len(text):,} characters is not kept.",
                hint=f"At most {LONGEST_DRAFT:,} are.",
            )
        draft = Draft(
            version=SentenceVersion(wish.version),
            start_ms=Milliseconds(start_ms),
            text=text.encode("utf-8", "replace").decode().replace("\0", ""),
            at=datetime.now(UTC),
        )
        self._parts.catalogue.drafts.put(key_of_editor(editor), broadcast.id, draft)

    def drop_draft(self, broadcast_id: str, version: str, editor: str) -> None:
        """Forget what an editor wrote and does not want."""
        self._parts.catalogue.drafts.drop(key_of_editor(editor), broadcast_id, version)

    def history(self, broadcast_id: str, at_ms: int | None = None) -> tuple[Edit, ...]:
        """Who changed what, the last first; at one moment of the sound only, if it is given.

        Raises:
            NotFound: no such broadcast.
        """
        broadcast = self._parts.catalogue.broadcasts.get(broadcast_id)
        return self._parts.catalogue.edits.of(broadcast.id, at_ms)

    def undo(self, broadcast_id: str, edit_id: int, by: str) -> Saved | None:
        """Take a change back, as another version.

        Returns:
            The sentence as it is again; None where the whole text was changed.

        Raises:
            NotFound: the broadcast has no such change.
            BadInput: it was taken back already.
            Conflict: the sentence was changed after it: that has to be taken back first.
        """
        edit = self._parts.catalogue.edits.get(broadcast_id, edit_id)
        if edit.before_id is None or edit.is_undone:
            raise BadInput(
                f"The correction {edit_id} was taken back already.",
                hint="Take back the taking back, if it was right.",
            )
        earlier = self._parts.catalogue.transcripts.get(edit.before_id)
        if edit.start_ms is None:
            self._restore(broadcast_id, earlier, by, edit)
            return None
        made_version = self._parts.catalogue.transcripts.get(edit.transcript_id)
        before, changed = changed_rows(earlier, made_version)

        def make(current: Transcript, _: Broadcast) -> _Made:
            row = find_row(current, changed)
            if row is None:
                raise Conflict(
                    f"The sentence was changed after the correction {edit_id}.",
                    hint="Take back what was done last first.",
                )
            taken_back = NewEdit(kind=EditKind.UNDONE, by=by, undoes=edit.id)
            return _made(current, row, before, taken_back)

        return self._store(broadcast_id, make)

    def restore(self, broadcast_id: str, transcript_id: int, by: str) -> None:
        """Bring an earlier version back whole, as another version.

        Raises:
            NotFound: the broadcast has no such version.
        """
        known = self.history(broadcast_id)
        if not any(transcript_id in (each.transcript_id, each.before_id) for each in known):
            raise NotFound(
                f"Broadcast {broadcast_id[:64]} has no version {transcript_id}.",
                hint="Its history lists them.",
            )
        earlier = self._parts.catalogue.transcripts.get(TranscriptId(transcript_id))
        self._restore(broadcast_id, earlier, by, None)

    def note(self, broadcast_id: BroadcastId, by: str, before: TranscriptId | None) -> None:
        """Write into the history that a name of the glossary was put right, or taken back."""
        _, current = self._current(broadcast_id)
        if current.id is not None and current.id != before:
            edit = NewEdit(kind=EditKind.REWORDED, by=by)
            self._parts.catalogue.edits.add(broadcast_id, edit, (before, current.id))

    def _restore(
        self, broadcast_id: str, earlier: Transcript, by: str, undone: Edit | None
    ) -> None:
        kind = EditKind.RESTORED if undone is None else EditKind.UNDONE

        def make(current: Transcript, _: Broadcast) -> _Made:
            if undone is not None and current.id != undone.transcript_id:
                raise Conflict(
                    f"The text was changed after the correction {undone.id}.",
                    hint="Take back what was done last first, or bring back a version.",
                )
            edit = NewEdit(kind=kind, by=by, undoes=undone.id if undone else None)
            # corrected, so that no machine takes it for its own
            made = revised(earlier, earlier.segments)
            return _Made(transcript=made, number=0, edit=edit, voices=earlier.id)

        self._store(broadcast_id, make)

    def _save(self, wish: Wish, by: str, make: _Make) -> Saved:
        saved = self._store(wish.broadcast_id, make)
        self._parts.catalogue.drafts.drop(key_of_editor(by), wish.broadcast_id, wish.version)
        return saved

    def _store(self, broadcast_id: str, make: _Make) -> Saved:
        for _ in range(_TRIES):
            broadcast, current = self._current(broadcast_id)
            made = make(current, broadcast)
            if isinstance(made, Saved):
                return made
            assert current.id is not None  # noqa: S101 (it comes from the catalogue)
            try:
                edit_id = self._revise(broadcast, current.id, made)
            except Conflict:  # another sentence was saved meanwhile: fit this one in anew
                continue
            return self._saved(broadcast, made, edit_id)
        raise Conflict(
            f"Others save sentences of broadcast {broadcast_id[:64]} faster than this one.",
            hint="Try again.",
        )

    def _revise(self, broadcast: Broadcast, before: TranscriptId, made: _Made) -> EditId:
        recorded: list[EditId] = []
        self._parts.catalogue.transcripts.revise(
            broadcast.id,
            made.transcript,
            split_passages(made.transcript, broadcast),
            instead_of=before,
            then=recording(broadcast.id, made.edit, before, made.voices or before, recorded),
        )
        return recorded[0]

    def _saved(self, broadcast: Broadcast, made: _Made, edit_id: EditId) -> Saved:
        if made.transcript.trust is Trust.CHECKED:
            with suppress(RadioArchiveError):  # what it teaches can be learnt by hand
                self._learn(broadcast.id)
        try:
            make_searchable(self._parts, broadcast.id)
        except SearchIndexError:  # the catalogue shows that it is missing: the next `work` does it
            is_searchable = False
        else:
            is_searchable = True
        sentence = sentences_of(made.transcript)[made.number]
        return Saved(sentence=sentence, edit=edit_id, is_searchable=is_searchable)

    def _current(self, broadcast_id: str) -> tuple[Broadcast, Transcript]:
        """The broadcast, and its transcript without the names that people gave to voices."""
        broadcast = self._parts.catalogue.broadcasts.get(broadcast_id)
        found = self._parts.catalogue.transcripts.find_unnamed(broadcast.id)
        if found is None or found.kind is TranscriptKind.TRANSLATION:
            raise NotFound(
                f"Broadcast {broadcast.id} has no transcript to correct ({broadcast.state}).",
                hint="`radio-archive work` writes what is missing; texts by people are imported.",
            )
        return broadcast, found


def _made(current: Transcript, row: range, new: Row, edit: NewEdit) -> _Made:
    """A transcript with some sentences changed, and the words for the history."""
    segments = replaced(current, row, new)
    told = told_of(edit, current.segments[row.start : row.stop], new)
    return _Made(transcript=revised(current, segments), number=segments.index(new[0]), edit=told)


def _find(current: Transcript, wish: Wish) -> int:
    """Where the sentence of a wish stands now.

    Raises:
        Conflict: it was changed meanwhile.
    """
    number = find_sentence(current, wish.number, wish.version)
    if number is None:
        raise Conflict(
            "Somebody changed this sentence meanwhile: nothing was overwritten.",
            hint="Choose between both texts.",
        )
    return number
