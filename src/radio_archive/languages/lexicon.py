"""A small lexicon of the news: the same thing said in the languages of the archive.

Only words with a source are in it (``data/lexicon.tsv`` says which): it is there so that a query
in one language finds what was said in another, not to translate texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from radio_archive.languages.analysis import analyzer_name, is_stop_word
from radio_archive.languages.lookup import Lookup, singular_key
from radio_archive.languages.tables import Row, read_table, same_text, split_cell
from radio_archive.languages.tags import LanguageTag

#: the languages of the lexicon, one column each
LANGUAGES = tuple(LanguageTag(tag) for tag in ("fr", "en", "bm", "ffm", "taq", "ses"))
#: what the first line of the table names
COLUMNS = (*LANGUAGES, "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to say a thing in one language."""

    text: str
    language: LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing, as several languages say it."""

    wordings: tuple[Wording, ...]  #: in the order of ``LANGUAGES``; each once
    source: str  #: where the words were seen


class Lexicon:
    """The concepts, found by any of their words."""

    def __init__(self, concepts: tuple[Concept, ...]) -> None:
        """Make concepts searchable; nothing is computed before the first question."""
        self.all = concepts

    @classmethod
    def load(cls, path: Traversable | None = None) -> Lexicon:
        """Read a table; by default the built-in one.

        Raises:
            BadTable: it cannot be read, or a line makes no sense.
        """
        built_in = resources.files(__package__).joinpath("data", "lexicon.tsv")
        return cls(tuple(_concept(row) for row in read_table(path or built_in, COLUMNS)))

    def find(self, text: str) -> tuple[tuple[Concept, LanguageTag], ...]:
        """What a text may mean, whole: concepts, and the language it is said in.

        Each language reads it by its own rules, plurals included, so one text may mean several
        things. The little words of a language mean nothing in it.
        """
        found = (
            (concept, tag)
            for tag in LANGUAGES
            if not is_stop_word(text, analyzer_name(tag))
            for concept in self._lookup.find(tag, singular_key(text, tag))
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def _lookup(self) -> Lookup[Concept]:
        return Lookup(
            (wording.language, singular_key(wording.text, wording.language), concept)
            for concept in self.all
            for wording in concept.wordings
        )


def _concept(row: Row) -> Concept:
    wordings: dict[tuple[str, LanguageTag], Wording] = {}
    for tag, cell in zip(LANGUAGES, row.cells, strict=False):
        for text in split_cell(cell):
            key = (same_text(text), tag)
            if key in wordings:
                raise row.refuse(f"{text!r} is given twice.", hint="Keep one of them.")
            wordings[key] = Wording(text=text, language=tag)
    if len(wordings) < 2:
        raise row.refuse(
            "nothing is said in two ways.", hint="Fill in at least two words, or delete the line."
        )
    if not row.cells[-1]:
        raise row.refuse(
            "no source is named.", hint="Say in the last column where the words come from."
        )
    return Concept(wordings=tuple(wordings.values()), source=row.cells[-1])
