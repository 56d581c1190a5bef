"""What one pair of transcripts teaches: names that people wrote where the machine wrote otherwise.

Words are laid beside one another by time, then by text. Where they differ, a name on the people's
side is taken for the correction of those words on the machine's side that sound most like it; what
does not sound alike is another wording, not another spelling, and teaches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from radio_archive.glossary.words import SpokenWord, find_rows, words_of
from radio_archive.languages.analysis import analyzer_name
from radio_archive.languages.lookup import stems
from radio_archive.languages.sounds import likeness
from radio_archive.languages.tags import LanguageTag
from radio_archive.languages.wordings import is_little
from radio_archive.model import Correction, Transcript

#: words of either side at most: the longest names said in full have four
MAX_WORDS = 4
#: elided words count on the machine's side, where a name is cut up: "C'est coût d'y amitié"
MAX_HEARD_WORDS = 6
#: how alike both sides must sound. In the sample broadcasts the name heard worst had 0.62 ("bohème"
#: for Bourem), the nearest that was none of it 0.57 ("étapote", which is "État peut", for État)
MIN_LIKENESS = 0.6
#: what a longer row of words must be nearer by to be preferred
_BETTER = 0.05
#: a shorter sound has too many neighbours
MIN_LETTERS = 3
#: differing words laid side by side at most: beyond, somebody wrote another text
MAX_DIFFERING = 16

#: people's words compared at a time, and how far both clocks may be apart
_BLOCK = 200
_SLACK_MS = 3_000


def learn(
    machine: Transcript, people: Transcript, is_name: Callable[[str], bool]
) -> tuple[Correction, ...]:
    """The names that people corrected.

    Args:
        machine: as the engine wrote it, in the language of ``people``.
        people: the same broadcast, as people write it.
        is_name: whether a wording is a known name; what is capitalised inside sentences counts
            as one without it.

    Returns:
        One for each place, in order; nothing for what differs in case, accents, punctuation,
        endings or the joining of words only.
    """
    written = words_of(people)
    lesson = _Lesson(people.language, written, is_name)
    return tuple(
        correction
        for heard, said in _differences(words_of(machine), written)
        for correction in lesson.corrections(heard, said)
    )


def _differences(
    heard: Sequence[SpokenWord], written: Sequence[SpokenWord]
) -> Iterator[tuple[Sequence[SpokenWord], Sequence[SpokenWord]]]:
    """Rows of words that stand where the other version has others."""
    for block in _blocks(written):
        start, end = block[0].start_ms - _SLACK_MS, block[-1].start_ms + _SLACK_MS
        near = [word for word in heard if start <= word.start_ms <= end]
        matcher = SequenceMatcher(
            None, [word.folded for word in near], [word.folded for word in block], autojunk=False
        )
        for what, left, last, begin, stop in matcher.get_opcodes():
            if what == "replace" and max(last - left, stop - begin) <= MAX_DIFFERING:
                yield near[left:last], block[begin:stop]


def _blocks(words: Sequence[SpokenWord]) -> Iterator[Sequence[SpokenWord]]:
    """Words in rows of about ``_BLOCK``, cut where a segment ends."""
    first = 0
    for place, (one, other) in enumerate(pairwise(words), start=1):
        if place - first >= _BLOCK and one.segment != other.segment:
            yield words[first:place]
            first = place
    if words:
        yield words[first:]


class _Lesson:
    """Decides what of a difference is a name corrected."""

    def __init__(
        self, tag: LanguageTag, written: Sequence[SpokenWord], is_name: Callable[[str], bool]
    ) -> None:
        self._tag = tag
        self._analyzer = analyzer_name(tag)
        self._written = written
        self._is_name = is_name
        self._proper = _proper_words(written)

    def corrections(
        self, heard: Sequence[SpokenWord], said: Sequence[SpokenWord]
    ) -> Iterator[Correction]:
        """The names in a row of differing words, each with what sounds most like it."""
        rest = list(heard)
        for first, last in self._names(said):
            found = self._best(rest, said, first, last)
            if found is None:
                continue
            wrong, right = found
            rest = rest[rest.index(wrong[-1]) + 1 :]
            if self._is_lesson(wrong, right):
                yield Correction(
                    wrong=_inside_sentence(wrong),
                    right=_text(right) if self._is_proper(right[0]) else _inside_sentence(right),
                    start_ms=wrong[0].start_ms,
                )

    def _names(self, said: Sequence[SpokenWord]) -> Iterator[tuple[int, int]]:
        """The longest rows of name words: first, and past the last."""
        first = 0
        while first < len(said):
            last = first
            while last < len(said) and last - first < MAX_WORDS and self._is_proper(said[last]):
                last += 1
            if last > first:
                yield first, last
            first = max(last, first + 1)

    def _is_proper(self, word: SpokenWord) -> bool:
        if word.key in self._proper:
            return True
        is_written_as_name = word.text[:1] != word.text[:1].casefold()
        return is_written_as_name and self._is_name(word.text)

    def _best(
        self, heard: Sequence[SpokenWord], said: Sequence[SpokenWord], first: int, last: int
    ) -> tuple[Sequence[SpokenWord], Sequence[SpokenWord]] | None:
        """What sounds most like a name, shorter rows first; a little word before it may be in it.

        "Amopti" is "à Mopti", and would lose its preposition.
        """
        rights = [said[first:last]]
        if first and is_little(said[first - 1].text, self._tag):
            rights.append(said[first - 1 : last])
        best, found = MIN_LIKENESS - _BETTER, None
        for right in rights:
            for wrong in _rows(heard):
                alike = likeness(_text(wrong), _text(right), self._tag)
                if alike >= best + _BETTER:
                    best, found = alike, (wrong, right)
        return found

    def _is_lesson(self, wrong: Sequence[SpokenWord], right: Sequence[SpokenWord]) -> bool:
        letters = "".join(word.key for word in (*wrong, *right))
        return (
            sum(len(word.key) for word in wrong) >= MIN_LETTERS
            and not any(letter.isdigit() for letter in letters)
            # the same to search: another case, accent, ending or apostrophe
            and stems(_text(wrong), self._analyzer) != stems(_text(right), self._analyzer)
            and not all(is_little(word.text, self._tag) for word in wrong)
            # a name heard for another one, or a spelling of it that the tables know
            and not (wrong[0].text[:1].isupper() and self._is_name(_text(wrong)))
            # people write these very words elsewhere: they are no misunderstanding of a name
            and next(find_rows(self._written, [word.key for word in wrong]), None) is None
        )


def _proper_words(written: Sequence[SpokenWord]) -> frozenset[str]:
    """Words with a capital inside a sentence, and never in small letters.

    Nothing where most words have one: then capitals mean nothing in this text.
    """
    inside = [word for word in written if not word.begins_sentence]
    capital = {word.key for word in inside if word.text[:1].isupper()}
    small = {word.key for word in written if word.text[:1].islower()}
    is_shouted = 2 * sum(word.text[:1].isupper() for word in inside) > len(inside)
    return frozenset() if is_shouted else frozenset(capital - small)


def _rows(words: Sequence[SpokenWord]) -> Iterator[Sequence[SpokenWord]]:
    """All rows of words of one segment, the shortest first; elided words end none."""
    for length in range(1, MAX_HEARD_WORDS + 1):
        for first in range(len(words) - length + 1):
            row = words[first : first + length]
            if _is_one_segment(row) and row[-1].text[-1].isalnum():
                yield row


def _is_one_segment(row: Sequence[SpokenWord]) -> bool:
    return all(one.segment == other.segment for one, other in pairwise(row))


def _text(words: Sequence[SpokenWord]) -> str:
    """Words as written, elided ones joined to the next."""
    text = ""
    for word in words:
        joined = text and not text[-1].isalnum()
        text += word.text if joined or not text else f" {word.text}"
    return text


def _inside_sentence(words: Sequence[SpokenWord]) -> str:
    """Words as they stand inside a sentence: a capital at its beginning says nothing."""
    text = _text(words)
    return text[0].lower() + text[1:] if words[0].begins_sentence else text
