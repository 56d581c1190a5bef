"""Random edits, undoing, transcription anew and imports, beside what may never happen.

No version is lost or changed, and no machine changes a sentence that a person stands for.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from radio_archive.archive import Person
from radio_archive.corrections import version_of
from radio_archive.db import Database
from radio_archive.db.schema import transcripts
from radio_archive.errors import BadInput, BadSentence, Conflict
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    Milliseconds,
    Segment,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
    Wish,
)
from radio_archive.pipeline import renew
from radio_archive.search.passages import split_passages
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import bare_archive

WORDS = ("Niono", "Nionau", "riz", "le", "à", "l'eau", "ɲɔ", "أرز", "🍚", "<b>", "Bamako.")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
SOUND = st.lists(TEXTS, min_size=1, max_size=5)
PEOPLE = st.sampled_from(("Awa", "Bakary"))
SHIFT = st.integers(min_value=-3_000, max_value=3_000)
ANY = st.integers(min_value=0, max_value=50)

#: all of a version but whether it is the one that is shown and searched
VERSIONS = select(*(each for each in transcripts.c if each.name not in ("is_current", "is_track")))

#: a folder in memory, where a machine has one: thousands of small transactions need no disk
MEMORY = next((place for place in ("/dev/shm",) if Path(place).is_dir()), None)


@cache
def empty_home() -> Path:
    """An archive without broadcasts, its tables made: copied, not made anew, for each history."""
    home = Path(tempfile.mkdtemp(dir=MEMORY))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    with bare_archive(home):
        return home


class Corrections(RuleBasedStateMachine):
    """One broadcast in a real archive, and everything that may be done to its text."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        home = Path(self._open.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        shutil.copytree(empty_home(), home, dirs_exist_ok=True)
        self.archive, self.catalogue = self._open.enter_context(bare_archive(home))
        self.identity: BroadcastId = put_broadcast(self.catalogue)
        self._database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
        self._open.callback(self._database.close)
        #: every version that was ever there, byte for byte
        self.known: dict[TranscriptId, tuple[object, ...]] = {}
        #: what people stand for, as it stood after the last thing a person did
        self.stands: tuple[Segment, ...] = ()

    def teardown(self) -> None:
        self._open.close()

    @initialize(texts=SOUND)
    def transcribe(self, texts: list[str]) -> None:
        self._store(make_transcript(*texts))
        self.archive.reindex()

    @rule(number=ANY, text=TEXTS, by=PEOPLE)
    def correct(self, number: int, text: str, by: str) -> None:
        self.archive.desk.save(self._wish(number, text), by)
        self._people_did()

    @rule(number=ANY, by=PEOPLE)
    def check(self, number: int, by: str) -> None:
        self.archive.desk.save(self._wish(number, None), by)
        self._people_did()

    @rule(number=ANY, start=SHIFT, end=SHIFT, by=PEOPLE)
    def retime(self, number: int, start: int, end: int, by: str) -> None:
        wish = self._wish(number, None)
        there = self.sentences[wish.number]
        times = Excerpt(
            start_ms=Milliseconds(max(0, there.start_ms + start)),
            end_ms=Milliseconds(max(0, there.end_ms + end)),
        )
        try:
            saved = self.archive.desk.save(replace(wish, times=times), by)
        except BadSentence:
            return
        now = saved.sentence.segment
        assert (now.start_ms, now.end_ms, now.text) == (times.start_ms, times.end_ms, there.text)
        self._people_did()

    @rule(number=ANY, lines=st.lists(TEXTS, min_size=2, max_size=3), by=PEOPLE)
    def split(self, number: int, lines: list[str], by: str) -> None:
        before = self.sentences
        wish = self._wish(number, "\n".join(lines))
        self.archive.desk.split(wish, by)
        assert len(self.sentences) == len(before) + len(lines) - 1
        self._people_did()

    @rule(number=ANY, by=PEOPLE)
    def join(self, number: int, by: str) -> None:
        wish, there = self._wish(number, None), self.sentences
        if wish.number + 1 == len(there):
            return
        pair = there[wish.number : wish.number + 2]
        saved = self.archive.desk.join(wish, version_of(pair[1]), by)
        assert saved.sentence.segment.text == " ".join(each.text for each in pair)
        assert len(self.sentences) == len(there) - 1
        self._people_did()

    @rule(number=ANY, text=TEXTS)
    def save_over_what_is_gone(self, number: int, text: str) -> None:
        before = self.current
        wish = Wish(broadcast_id=self.identity, number=number, version="gone", text=text)
        try:
            self.archive.desk.save(wish, "Awa")
        except Conflict:
            assert self.current == before
        else:
            raise AssertionError("it was overwritten")

    @rule(number=ANY, text=TEXTS)
    def agree(self, number: int, text: str) -> None:
        wish = self._wish(number, text)
        for who in ("one", "two"):
            self.archive.tasks.answer(wish, Person(key=who, origin=who))
        self._people_did()

    @rule(choice=ANY, by=PEOPLE)
    def undo(self, choice: int, by: str) -> None:
        history = self.archive.desk.history(self.identity)
        if not history:
            return
        edit = history[choice % len(history)]
        try:
            self.archive.desk.undo(self.identity, edit.id, by)
        except BadInput:
            return
        self._people_did()

    @rule(choice=ANY, by=PEOPLE)
    def restore(self, choice: int, by: str) -> None:
        history = self.archive.desk.history(self.identity)
        if history:
            edit = history[choice % len(history)]
            self.archive.desk.restore(self.identity, edit.transcript_id, by)
            self._people_did()

    @rule(texts=SOUND)
    def transcribe_anew(self, texts: list[str]) -> None:
        machine = make_transcript(*texts)
        self._store(machine)
        renew(self.archive._parts, self.catalogue.broadcasts.get(self.identity), machine)

    @rule(texts=SOUND)
    def import_what_a_machine_wrote(self, texts: list[str]) -> None:
        machine = make_transcript(*texts, kind=TranscriptKind.IMPORTED)
        self._store(machine)
        renew(self.archive._parts, self.catalogue.broadcasts.get(self.identity), machine)

    @rule(texts=SOUND)
    def import_what_people_wrote(self, texts: list[str]) -> None:
        self._store(make_transcript(*texts, kind=TranscriptKind.IMPORTED, trust=Trust.IMPORTED))
        self._people_did()

    @invariant()
    def no_version_is_lost_or_changed(self) -> None:
        with self._database.read() as connection:
            rows = connection.execute(VERSIONS).all()
        now = {TranscriptId(row.id): tuple(row) for row in rows}
        assert self.known.items() <= now.items()
        self.known = now

    @invariant()
    def no_machine_changes_what_people_stand_for(self) -> None:
        assert self.standing == self.stands

    @invariant()
    def what_is_current_makes_sense(self) -> None:
        current = self.current
        if current is None:
            return
        if current.trust is Trust.CHECKED:
            assert all(segment.review for segment in current.segments)
        for segment in current.segments:
            starts = [word.start_ms for word in segment.words]
            assert starts == sorted(starts)
            assert all(word.start_ms <= word.end_ms for word in segment.words)

    @property
    def current(self) -> Transcript | None:
        return self.archive.find_transcript(self.identity)

    def _wish(self, number: int, text: str | None) -> Wish:
        current = self.current
        assert current is not None
        number %= len(current.segments)
        version = version_of(current.segments[number])
        return Wish(broadcast_id=self.identity, number=number, version=version, text=text)

    @property
    def sentences(self) -> tuple[Segment, ...]:
        current = self.current
        return () if current is None else current.segments

    def _store(self, transcript: Transcript) -> None:
        cut = split_passages(transcript, self.catalogue.broadcasts.get(self.identity))
        self.catalogue.transcripts.add(self.identity, transcript, cut)

    def _people_did(self) -> None:
        self.stands = self.standing

    @property
    def standing(self) -> tuple[Segment, ...]:
        """What people stand for: all of a text they imported, else what they went over."""
        current = self.current
        if current is None:
            return ()
        is_machine_s = current.trust in (Trust.MACHINE, Trust.MACHINE_WEAK)
        return tuple(each for each in current.segments if each.review or not is_machine_s)
