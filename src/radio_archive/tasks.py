"""Ten-second tasks: one sentence to listen to, and what comes of several people's answers.

Two different persons who agree make a line checked; where they do not, an editor decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from radio_archive.catalogue.opinions import Place
from radio_archive.corrections import clean_text, find_sentence, sentences_of
from radio_archive.desk import Desk
from radio_archive.errors import Conflict
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import (
    Band,
    BroadcastId,
    EditKind,
    Opinion,
    Sentence,
    Task,
    Transcript,
    TranscriptKind,
    Wish,
)
from radio_archive.model.bands import score_of
from radio_archive.pipeline import Parts

#: bands of the sentences offered, the least sure first; None: nobody measured the machine
_DOUBT = (Band.UNSURE, None, Band.WEAK, Band.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who answers."""

    key: str  #: tells persons apart; never shown
    origin: str  #: digest of the address: two answers from one address are one person's
    editor: str = ""  #: name, where it is one


class Tasks:
    """Sentences of low trust, one at a time."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self._parts = parts
        self._desk = desk
        self._opinions = parts.catalogue.opinions

    def next(self, person: Person, language: str | None = None) -> Task | None:
        """The next sentence for somebody: what others began first, then what is doubted most.

        Args:
            person: who asks; what they answered does not come again.
            language: only in this one.

        Raises:
            UnknownLanguage: the language is none we know.
        """
        tag = None if not language else normalise_tag(language)
        for place in self._opinions.begun(tag, least=1):
            if not self._is_disputed(place):
                task = self._task(place, person)
                if task is not None:
                    return task
        tasks = (self._task(place, person) for place in self._opinions.doubtful(tag, person.key))
        return next((task for task in tasks if task is not None), None)

    def disputed(self) -> tuple[Task, ...]:
        """Sentences that got different answers: an editor decides."""
        found = (self._disputed(place) for place in self._opinions.begun(None, least=2))
        return tuple(task for task in found if task is not None)

    def answer(self, wish: Wish, person: Person) -> bool:
        """Take somebody's answer; two that agree are written into the transcript.

        Args:
            wish: the sentence they heard, and what it says; a text of None accepts it.
            person: whose answer it is.

        Returns:
            Whether the line is checked now.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
            BadInput: the text is none, or too long.
            Conflict: the sentence was changed meanwhile.
        """
        sentence = self._find(wish)
        text = sentence.segment.text if wish.text is None else clean_text(wish.text)
        opinion = _opinion(person, text)
        self._opinions.put(
            self._broadcast_id(wish), sentence.version, sentence.segment.start_ms, opinion
        )
        given = self._opinions.of(wish.broadcast_id, sentence.version)
        agreeing = _agreeing(given, opinion)
        if agreeing is None:
            return False
        names = " + ".join(dict.fromkeys(each.name for each in agreeing if each.name))
        settled = Wish(
            broadcast_id=wish.broadcast_id,
            number=sentence.number,
            version=sentence.version,
            text=text,
        )
        self._desk.save(settled, names, EditKind.AGREED)
        # were it taken back, they would agree again at once
        self._opinions.settle(wish.broadcast_id, sentence.version)
        return True

    def skip(self, wish: Wish, person: Person) -> None:
        """Somebody cannot tell: the sentence does not come to them again.

        Raises:
            NotFound: no such broadcast, or it has no transcript.
        """
        try:
            sentence = self._find(wish)
        except Conflict:  # it is another one now, and may come
            return
        self._opinions.put(
            self._broadcast_id(wish),
            sentence.version,
            sentence.segment.start_ms,
            _opinion(person, None),
        )

    def _broadcast_id(self, wish: Wish) -> BroadcastId:
        return self._parts.catalogue.broadcasts.get(wish.broadcast_id).id

    def _find(self, wish: Wish) -> Sentence:
        transcript = self._desk.worksheet(wish.broadcast_id, "").transcript
        number = find_sentence(transcript, wish.number, wish.version)
        if number is None:
            raise Conflict("Somebody changed this sentence meanwhile.", hint="Take the next one.")
        return sentences_of(transcript)[number]

    def _is_disputed(self, place: Place) -> bool:
        given = self._opinions.of(place.broadcast_id, place.version or "")
        return len({each.text for each in given}) > 1

    def _task(self, place: Place, person: Person) -> Task | None:
        """A sentence at a place that the person did not answer; None where there is none."""
        transcript = self._current(place)
        if transcript is None:
            return None
        done = self._opinions.answered(person.key, place.broadcast_id)
        open_ones = [
            sentence
            for sentence in _unreviewed(transcript, place)
            if sentence.version not in done and not self._is_answered(place, sentence)
        ]
        if not open_ones:
            return None
        return self._made(place, transcript, min(open_ones, key=_doubt))

    def _is_answered(self, place: Place, sentence: Sentence) -> bool:
        """Whether a sentence looked for among others has answers that differ already."""
        if place.version is not None:
            return False
        seen = Place(
            broadcast_id=place.broadcast_id,
            start_ms=sentence.segment.start_ms,
            end_ms=sentence.segment.end_ms,
            version=sentence.version,
        )
        return self._is_disputed(seen)

    def _disputed(self, place: Place) -> Task | None:
        transcript = self._current(place)
        given = self._opinions.of(place.broadcast_id, place.version or "")
        if transcript is None or len({each.text for each in given}) < 2:
            return None
        for sentence in _unreviewed(transcript, place):
            return self._made(place, transcript, sentence, given)
        return None

    def _current(self, place: Place) -> Transcript | None:
        return self._parts.catalogue.transcripts.find(place.broadcast_id)

    def _made(
        self,
        place: Place,
        transcript: Transcript,
        sentence: Sentence,
        given: Sequence[Opinion] = (),
    ) -> Task:
        return Task(
            broadcast_id=place.broadcast_id,
            title=self._parts.catalogue.broadcasts.get(place.broadcast_id).title,
            sentence=sentence,
            language=sentence.segment.language or transcript.language,
            opinions=tuple({each.text: each for each in given}.values()),
        )


def _opinion(person: Person, text: str | None) -> Opinion:
    return Opinion(person=person.key, origin=person.origin, name=person.editor, text=text)


def _agreeing(given: Sequence[Opinion], last: Opinion) -> tuple[Opinion, Opinion] | None:
    """The last answer and one of another person that says the same.

    Two without an account count as two only from two addresses.
    """
    for each in given:
        is_other = each.person != last.person
        is_elsewhere = each.origin != last.origin or bool(each.name and last.name)
        if each.text == last.text and is_other and is_elsewhere:
            return each, last
    return None


def _unreviewed(transcript: Transcript, place: Place) -> Iterator[Sentence]:
    """The sentences at a place that no person stands for."""
    if transcript.kind is TranscriptKind.TRANSLATION:
        return
    for sentence in sentences_of(transcript):
        segment = sentence.segment
        is_there = (
            place.start_ms <= segment.start_ms <= place.end_ms
            if place.version is None
            else place.version == sentence.version
        )
        if is_there and segment.review is None:
            yield sentence


def _doubt(sentence: Sentence) -> tuple[int, float]:
    segment = sentence.segment
    score = score_of(segment.words)
    return _DOUBT.index(segment.band), 1.0 if score is None else score
