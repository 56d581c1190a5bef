"""Names and their other names, found in whatever spelling somebody types.

``Names`` is the authority file made searchable: by the folded form of every language, so case,
accents, special letters and hyphens make no difference, and names of several words count whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.resources.abc import Traversable

from radio_archive.languages.analysis import analyze_as, analyzer_name
from radio_archive.languages.lookup import Lookup, analyzers, folded_key
from radio_archive.languages.name_table import (
    FILE_NAME,
    Form,
    Name,
    NameKind,
    NameTable,
    protected_words,
    read_names,
)
from radio_archive.languages.tables import same_text
from radio_archive.languages.tags import LanguageTag
from radio_archive.languages.wordings import without_little_words

__all__ = ["FILE_NAME", "Form", "Name", "NameKind", "Names", "protected_words"]

#: words of the longest name looked for in running text
MAX_WORDS = 6
#: what a prompt says of names at most; engines keep the last 224 tokens of it
MAX_PROMPT_CHARACTERS = 400
_FRENCH = LanguageTag("fr")
_PROMPTED = frozenset(NameKind) - {NameKind.COMMON, NameKind.PEOPLE}


class Names:
    """All names the archive knows."""

    def __init__(self, table: NameTable) -> None:
        """Make a table searchable; nothing is computed before the first question."""
        self.all = table.names
        self._common = table.common

    @classmethod
    def load(cls, paths: Sequence[Traversable] = ()) -> Names:
        """The built-in names and those of further tables.

        Raises:
            BadTable: a line makes no sense, or two names share a variant.
        """
        return cls(read_names(paths))

    def with_misheard(self, heard: Iterable[tuple[LanguageTag, str, str]]) -> Names:
        """These names, and what the station's glossary says machines write for them.

        Args:
            heard: language, wrong form, right form. A right form that is no name yet becomes one;
                a wrong form that is a name already stays with that one.
        """
        names = {same_text(name.name): name for name in self.all}
        owners = {same_text(form.text): key for key, name in names.items() for form in name.forms}
        for language, wrong, written in heard:
            right = without_little_words(written, language)
            key = owners.setdefault(same_text(right), same_text(right))
            if owners.setdefault(same_text(wrong), key) != key:
                continue
            name = names.get(key) or _corrected(right)
            form = Form(text=wrong, language=language)
            if form not in name.forms and same_text(wrong) != same_text(right):
                name = replace(name, forms=(*name.forms, form))
            names[key] = name
        return Names(NameTable(names=tuple(names.values()), common=self._common))

    def find(self, text: str) -> tuple[Name, ...]:
        """The names a text is, whole, in any of their forms and spellings.

        An ordinary word that is a name as well ("dire", "Diré") is taken for the name only when
        written exactly as one of its forms. An acronym may be in small letters, unless these are
        the word itself.
        """
        names = (
            name
            for analyzer in analyzers()
            for name in self._lookup.find(analyzer, folded_key(text, analyzer))
        )
        return tuple(dict.fromkeys(name for name in names if self._is_meant(name, text)))

    def counts_in(self, form: Form) -> tuple[LanguageTag | None, ...]:
        """The languages in whose texts a form can be looked for; ``(None,)`` for all of them.

        A spelling of one language is looked for in French texts too, for French transcripts hold
        names in all spellings. A form that is an ordinary word of some language would find that
        word there: it counts in its own language and in French, where it is not one.
        """
        common = self._common_in(form.text)
        if form.language is None and not common:
            return (None,)
        places = (_FRENCH,) if form.language is None else (form.language, _FRENCH)
        return tuple(dict.fromkeys(tag for tag in places if tag not in common))

    def found_in(self, text: str) -> tuple[Name, ...]:
        """The names a running text mentions, each once, in order; the longest where they overlap.

        Single words count with a capital only, so that no verb is taken for a town.
        """
        places = sorted(
            {token.position: token for token in reversed(analyze_as(text, analyzers()[0]))}.items()
        )
        words = [token for _, token in places]
        found: dict[Name, None] = {}
        first = 0
        while first < len(words):
            for last in range(min(first + MAX_WORDS, len(words)), first, -1):
                span = text[words[first].char_start : words[last - 1].char_end]
                names = self.find(span) if span[:1].isupper() else ()
                if names:
                    found.update(dict.fromkeys(names))
                    break
            else:
                last = first + 1
            first = last
        return tuple(found)

    def prompt_for(self, text: str, *people: str) -> str:
        """The names a broadcast's page holds, for an engine's prompt.

        Names and commas, nothing else: with a title before them Whisper base once wrote one of them
        nine times over.

        Args:
            text: its title and summary, one after another.
            people: its guests as the page writes them, whether they are in the table or not.

        Returns:
            Guests first, then the names the text mentions as the station's pages write them,
            separated by commas; at most ``MAX_PROMPT_CHARACTERS``, empty when there are none.
        """
        mentioned = (name.name for name in self.found_in(text) if name.kind in _PROMPTED)
        prompt = ""
        for name in dict.fromkeys((*people, *mentioned)):
            longer = f"{prompt}, {name}" if prompt else name
            if len(longer) <= MAX_PROMPT_CHARACTERS:
                prompt = longer
        return prompt

    @cached_property
    def _lookup(self) -> Lookup[Name]:
        return Lookup(
            (analyzer, folded_key(form.text, analyzer), name)
            for name in self.all
            for form in name.forms
            for analyzer in (analyzers() if form.language is None else _with_french(form.language))
        )

    @cached_property
    def _ordinary(self) -> Lookup[LanguageTag]:
        return Lookup(
            (analyzer, folded_key(form.text, analyzer), form.language or _FRENCH)
            for form in self._common
            for analyzer in _with_french(form.language or _FRENCH)
        )

    def _common_in(self, text: str) -> tuple[LanguageTag, ...]:
        """The languages in which a text is an ordinary word."""
        tags = (
            tag
            for analyzer in analyzers()
            for tag in self._ordinary.find(analyzer, folded_key(text, analyzer))
        )
        return tuple(dict.fromkeys(tags))

    def _is_meant(self, name: Name, text: str) -> bool:
        if not self._common_in(text) or any(form.text == text for form in name.forms):
            return True
        # "ua" is no word, though the rules of Bambara make one of it: "wa"
        small = text.casefold()
        is_acronym = any(
            form.text.isupper() and form.text.casefold() == small for form in name.forms
        )
        return is_acronym and all(form.text.casefold() != small for form in self._common)


def _corrected(right: str) -> Name:
    return Name(
        kind=NameKind.CORRECTED, name=right, forms=(Form(text=right),), source="corrections"
    )


def _with_french(tag: LanguageTag) -> tuple[str, ...]:
    """The analyzers by which a spelling of one language is recognised: its own, and the French."""
    return tuple(dict.fromkeys((analyzer_name(tag), analyzers()[0])))
