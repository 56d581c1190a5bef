"""Which passages mention which names: what the facet of names counts.

Found by the same terms as a search for the name, so that a count is what its link gives. Kept by
what says a name, not by the name: when a table of names changes, only what changed is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from radio_archive.model import FacetCount, SpokenName, Term
from radio_archive.search.postings import Mask
from radio_archive.search.vocabulary import Numbers

#: names shown of one search
MOST_NAMES = 10

Terms = tuple[Term, ...]
Holders = Callable[[Sequence[Terms]], Mapping[Terms, Numbers]]
"""Finds, for what says each of some names, the passages that hold any of it."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Passages and the names they mention: one entry for each pair."""

    names: tuple[SpokenName, ...]
    docs: Numbers
    numbers: Numbers  #: place in ``names``, in step with ``docs``

    @classmethod
    def join(cls, names: tuple[SpokenName, ...], parts: Iterable[tuple[Mentions, int]]) -> Mentions:
        """The mentions of several parts of an index, each with the number of its first passage."""
        known = list(parts)
        docs = [part.docs + first for part, first in known]
        numbers = [part.numbers for part, _ in known]
        return cls(names, _concatenate(docs), _concatenate(numbers))

    def count(self, is_found: Mask) -> tuple[FacetCount, ...]:
        """The names that most of the found passages mention, most first, equals by name."""
        counts = np.bincount(self.numbers[is_found[self.docs]], minlength=len(self.names))
        mentioned = [
            FacetCount(value=self.names[number].name, count=int(counts[number]))
            for number in np.flatnonzero(counts).tolist()
        ]
        return tuple(sorted(mentioned, key=lambda each: (-each.count, each.value))[:MOST_NAMES])


class KnownMentions:
    """The mentions in passages that never change, looked up when first asked for.

    Two states of an index share them; what they look up at the same time is the same.
    """

    def __init__(self) -> None:
        self._holders: dict[Terms, Numbers] = {}
        self._mentions = Mentions((), _concatenate([]), _concatenate([]))

    def of(self, names: tuple[SpokenName, ...], find: Holders) -> Mentions:
        """The mentions of some names; the others are forgotten.

        Args:
            names: which ones; the same tuple again costs nothing.
            find: looks up what is not known yet.
        """
        mentions = self._mentions
        if mentions.names is not names:
            known = self._holders
            missing = [each.terms for each in names if each.terms not in known]
            known = {**known, **(find(missing) if missing else {})}
            docs = [known[each.terms] for each in names]
            numbers = np.repeat(np.arange(len(names)), [len(each) for each in docs])
            mentions = self._mentions = Mentions(names, _concatenate(docs), numbers)
            self._holders = {each.terms: known[each.terms] for each in names}
        return mentions


def _concatenate(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.empty(0, np.int64), *parts])
