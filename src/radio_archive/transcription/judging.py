"""Which language each group is in, and which groups are decoded together in which language.

What the catalogue says is spoken is decoded as that. A passage that is surely in another language
the engine may write is decoded as that one; every other passage stays unwritten, and is shown as a
gap with the language where it is sure, else without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from radio_archive.model import Gap, GapReason, LanguageTag
from radio_archive.speech import SpeechGroup
from radio_archive.transcribers import Transcriber
from radio_archive.transcription.gate import (
    Heard,
    is_doubtful,
    is_in_language,
    is_short,
    is_sure,
    is_surely_another,
)
from radio_archive.transcription.windows import Pack, Window, halve


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The languages of a broadcast."""

    language: LanguageTag  #: the catalogue's
    others: frozenset[LanguageTag] = frozenset()  #: what else the engine may write where it is sure
    threshold: float = 0.6  #: probability (0-1) with which a group must be in ``language``


@dataclass(slots=True)
class Judgement:
    """What is to be decoded, and what is left out."""

    windows: list[Window]
    gaps: list[Gap]
    until_ms: int = 0  #: all groups that end by then are decided about


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A pack whose groups have been heard, and wait for the group after them."""

    pack: Pack
    parts: tuple[Heard, ...]


class Judge:
    """Hears packs one after the other and decides about each when the next one is known."""

    def __init__(self, transcriber: Transcriber, spoken: Spoken) -> None:
        self._transcriber = transcriber
        self.spoken = spoken
        self._before: list[Heard] = []  # the group before the undecided ones
        self._undecided: list[_Candidate] = []
        # the group cut last: it is judged, then taken apart, and heard once for both
        self._halved: tuple[SpeechGroup | None, tuple[Heard, ...]] = (None, ())

    def hear(self, packs: Sequence[Pack]) -> Judgement:
        """Ask which language each group is in, and decide about all packs but the last."""
        sounds = [pack.samples for pack in packs]
        found = self._transcriber.identify_parts(sounds, [pack.spans for pack in packs])
        for pack, languages in zip(packs, found, strict=True):
            heard = [
                self._heard(group, each) for group, each in zip(pack.groups, languages, strict=True)
            ]
            parts = tuple(self._second_look(each, heard) for each in heard)
            self._undecided.append(_Candidate(pack, parts))
        return self._decide(len(self._undecided) - 1)

    def finish(self) -> Judgement:
        """Decide about what is left."""
        return self._decide(len(self._undecided))

    def hear_again(self, window: Window) -> Judgement:
        """Decide about sound of a window that the engine passed over, by itself.

        What an engine passes over within a window is often in another language than the rest,
        which spoke for it: Pular after a French sentence was written as French nonsense. Real
        French that had been passed over got 0.97 and more.
        """
        language = window.language or self.spoken.language
        (found,) = self._transcriber.identify_parts([window.pack.samples], [window.pack.spans])
        heard = [
            self._heard(part.group, each) for part, each in zip(window.parts, found, strict=True)
        ]
        is_own = [
            probability_of(language, languages) >= self.spoken.threshold for languages in found
        ]
        fitting = [each for each, own in zip(window.parts, is_own, strict=True) if own]
        gaps = [gap_of(each) for each, own in zip(heard, is_own, strict=True) if not own]
        windows = [window] if not gaps else [window.again(fitting)] if fitting else []
        return Judgement(windows, gaps)

    def _heard(self, group: SpeechGroup, languages: Mapping[LanguageTag, float]) -> Heard:
        language = self.spoken.language
        primary = LanguageTag(language.split("-")[0])
        others = {tag: each for tag, each in languages.items() if tag not in (language, primary)}
        best = max(others, key=lambda tag: others[tag], default=None)
        return Heard(
            group=group,
            probability=probability_of(language, languages),
            other=best,
            other_probability=0.0 if best is None else others[best],
        )

    def _second_look(self, heard: Heard, company: Sequence[Heard]) -> Heard:
        """Hear a group alone where company left a doubt, or is itself in no known language."""
        others = [each for each in company if each is not heard]
        is_stranger = bool(others) and all(
            each.probability < self.spoken.threshold for each in others
        )
        is_settled = is_sure(heard, self.spoken.threshold) and not (is_stranger and is_short(heard))
        return heard if is_settled else self._alone(heard.group)

    def _alone(self, group: SpeechGroup) -> Heard:
        (languages,) = self._transcriber.identify([group.samples])
        return self._heard(group, languages)

    def _decide(self, count: int) -> Judgement:
        judgement = Judgement([], [])
        for _ in range(count):
            candidate, *later = self._undecided
            after = [*candidate.parts[1:], *(later[0].parts[:1] if later else ())]
            fitting: list[Heard] = []
            for index, heard in enumerate(candidate.parts):
                next_one = after[index : index + 1]
                if self._fits(heard, [*self._before, *next_one]):
                    fitting.append(heard)
                else:
                    self._take_apart(heard, self._before, next_one, judgement)
                self._before = [heard]
            judgement.windows += self._windows(candidate, fitting)
            judgement.until_ms = candidate.pack.groups[-1].end_ms
            self._undecided = later
        return judgement

    def _fits(self, heard: Heard, neighbours: Sequence[Heard]) -> bool:
        """Whether a group is in the broadcast's language, all of it."""
        if not is_in_language(heard, neighbours, self.spoken.threshold):
            return False
        return is_sure(heard, self.spoken.threshold) or not any(
            map(is_surely_another, self._halves(heard))
        )

    def _take_apart(
        self,
        heard: Heard,
        before: Sequence[Heard],
        after: Sequence[Heard],
        judgement: Judgement,
    ) -> None:
        """Give a group that is not in the broadcast's language to its own, or leave it out.

        Where it can be cut and is not surely in one language, both halves are judged again: people
        go on in another language without a pause that would end a group.
        """
        is_another = is_surely_another(heard)
        halves = () if is_another else self._halves(heard)
        if is_another and heard.other in self.spoken.others:
            judgement.windows.append(Window.of([heard], language=heard.other))
        elif not halves:
            judgement.gaps.append(gap_of(heard))
        for half, sides in zip(halves, ((before, halves[1:]), (halves[:1], after)), strict=False):
            if self._fits(half, [*sides[0], *sides[1]]):
                judgement.windows.append(Window.of([half]))
            else:
                self._take_apart(half, *sides, judgement)

    def _halves(self, heard: Heard) -> tuple[Heard, ...]:
        """Both halves of a group, each heard alone; none where it cannot be cut."""
        if self._halved[0] is not heard.group:
            self._halved = (heard.group, tuple(map(self._alone, halve(heard.group))))
        return self._halved[1]

    def _windows(self, candidate: _Candidate, fitting: list[Heard]) -> Iterator[Window]:
        """A window per run of neighbours; a doubtful group stays alone, unless it is short.

        A few words are heard better in the company of others, and cannot spoil much.
        """
        run: list[Heard] = []
        previous = -1
        for heard in fitting:
            index = candidate.parts.index(heard)
            doubtful = is_doubtful(heard, self.spoken.threshold) and not is_short(heard)
            if run and (doubtful or index != previous + 1):
                yield Window.of(run, candidate.pack)
                run = []
            run.append(heard)
            previous = -1 if doubtful else index
        if run:
            yield Window.of(run, candidate.pack)


def probability_of(language: LanguageTag, languages: Mapping[LanguageTag, float]) -> float:
    """Probability (0-1) of a language, which engines may know by its primary tag only."""
    primary = LanguageTag(language.split("-")[0])
    return languages.get(language, languages.get(primary, 0.0))


def gap_of(heard: Heard) -> Gap:
    """The stretch of a group in another language, which is named where it is sure."""
    return Gap(
        start_ms=heard.group.start_ms,
        end_ms=heard.group.end_ms,
        reason=GapReason.OTHER_LANGUAGE,
        language=heard.other if is_surely_another(heard) else None,
    )
