"""The authority file of names: what ``names.tsv`` says, checked, and the words stemmers spare.

The built-in table lies beside this module; a station's own ``names.tsv`` adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import regex

from radio_archive.errors import UnknownLanguage
from radio_archive.languages.registry import normalise_tag
from radio_archive.languages.repair import fold
from radio_archive.languages.tables import Row, read_table, same_text, split_cell
from radio_archive.languages.tags import LanguageTag

#: what the first line of a table names
COLUMNS = ("kind", "name", "language", "variants", "source")
FILE_NAME = "names.tsv"

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}'’]+")


class NameKind(StrEnum):
    """What a name names."""

    REGION = "region"
    CERCLE = "cercle"
    PLACE = "place"
    COUNTRY = "country"
    PEOPLE = "people"  #: and its language
    ARMED_GROUP = "armed group"
    INSTITUTION = "institution"
    PERSON = "person"
    PART = "family or first name"
    CORRECTED = "corrected name"  #: learnt from corrections: nobody said what it names
    COMMON = "common word"  #: not a name: a spelling that is an ordinary word of a language


#: kinds whose every capitalised word is a name; long forms of the others are ordinary words
_PROPER = frozenset(
    {
        NameKind.REGION,
        NameKind.CERCLE,
        NameKind.PLACE,
        NameKind.PERSON,
        NameKind.PART,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a name."""

    text: str
    language: LanguageTag | None = None  #: a spelling of this language only; None: of any


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name with all its forms."""

    kind: NameKind
    name: str  #: as the station's pages write it
    forms: tuple[Form, ...]  #: ``name`` first, each once
    source: str  #: where they were seen


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """All names, those of the station included."""

    names: tuple[Name, ...]
    common: tuple[Form, ...]  #: spellings that are ordinary words of a language


@dataclass(slots=True)
class _Entry:
    kind: NameKind
    name: str
    row: Row
    reading: int  #: which table it came from
    forms: dict[str, Form] = field(default_factory=dict)  #: by `same_text`
    sources: list[str] = field(default_factory=list)


class _Reader:
    """Merges tables, the built-in one first."""

    def __init__(self) -> None:
        self.entries: dict[str, _Entry] = {}
        self.owners: dict[str, _Entry] = {}
        self.common: dict[tuple[str, LanguageTag | None], Form] = {}
        self.reading = 0

    def read(self, rows: Sequence[Row]) -> None:
        self.reading += 1
        named = {same_text(row.cells[1]): row for row in reversed(rows)}
        seen: dict[tuple[str, LanguageTag | None, bool], Row] = {}
        for row in rows:
            kind, language = _kind(row), _language(row)
            if not row.cells[1]:
                raise row.refuse("there is no name.", hint="Write it in the second column.")
            key = (same_text(row.cells[1]), language, kind is NameKind.COMMON)
            first = seen.setdefault(key, row)
            if first is not row:
                raise row.refuse(f"{row.cells[1]!r} is on line {first.line} as well.", hint=_ONE)
            if kind is NameKind.COMMON:
                self.common[key[:2]] = Form(text=row.cells[1], language=language)
            else:
                self._take(row, kind, language, named)

    def _take(
        self, row: Row, kind: NameKind, language: LanguageTag | None, named: dict[str, Row]
    ) -> None:
        entry = self._entry(row, kind)
        if row.cells[4] and row.cells[4] not in entry.sources:
            entry.sources.append(row.cells[4])
        for variant in split_cell(row.cells[3]):
            if variant.startswith("-"):
                self._remove(row, entry, variant[1:].strip())
                continue
            key = same_text(variant)
            if key == same_text(row.cells[1]):
                raise row.refuse(
                    f"{variant!r} is given as another name of itself.",
                    hint="Leave it out of the variants; case makes no difference.",
                )
            other = named.get(key)
            if other is not None and entry.reading == self.reading:
                raise row.refuse(
                    f"{variant!r} is a variant here and a name of its own on line {other.line}.",
                    hint=_ONE,
                )
            self._add(row, entry, Form(text=variant, language=language))

    def _entry(self, row: Row, kind: NameKind) -> _Entry:
        """The entry a row speaks of: its own, or the one that has its name as a variant."""
        name = row.cells[1]
        known = self.owners.get(same_text(name))
        if known is None:
            entry = _Entry(kind, name, row, self.reading)
            self.entries[same_text(name)] = entry
            self._add(row, entry, Form(text=name))
            return entry
        is_same_table = known.reading == self.reading
        if is_same_table and same_text(known.name) != same_text(name):
            raise row.refuse(
                f"{name!r} is already a variant of {known.name!r} on line {known.row.line}.",
                hint=_ONE,
            )
        if is_same_table and known.kind is not kind:
            raise row.refuse(
                f"{name!r} is a {kind} here and a {known.kind} on line {known.row.line}.", hint=_ONE
            )
        return known

    def _add(self, row: Row, entry: _Entry, form: Form) -> None:
        key = same_text(form.text)
        owner = self.owners.setdefault(key, entry)
        if owner is not entry:
            raise row.refuse(
                f"{form.text!r} is already a name of {owner.name!r}"
                f" ({owner.row.table}, line {owner.row.line}).",
                hint=f"Take it from there first, with -{form.text} among the variants of"
                f" {owner.name}, or leave it out here.",
            )
        entry.forms.setdefault(key, form)

    def _remove(self, row: Row, entry: _Entry, variant: str) -> None:
        key = same_text(variant)
        if key not in entry.forms or key == same_text(entry.name):
            raise row.refuse(
                f"{entry.name!r} has no variant {variant!r} that could be removed.",
                hint="Run `radio-archive names` to see its variants.",
            )
        del entry.forms[key]
        del self.owners[key]


_ONE = "Keep one line for a name, with all its variants, and one for each language."


def read_names(paths: Sequence[Traversable] = ()) -> NameTable:
    """The built-in names, then those of further tables, which may add to them and remove variants.

    Args:
        paths: further tables; a row whose name is known adds its variants to that name, a variant
            with a minus sign before it is taken away.

    Raises:
        BadTable: a line makes no sense, or two names share a variant.
    """
    reader = _Reader()
    reader.read(_rows(_built_in(), "built-in names.tsv"))
    for path in paths:
        reader.read(_rows(path))
    return NameTable(
        names=tuple(
            Name(
                kind=entry.kind,
                name=entry.name,
                forms=tuple(entry.forms.values()),
                source="; ".join(entry.sources),
            )
            for entry in reader.entries.values()
        ),
        common=tuple(reader.common.values()),
    )


@cache
def protected_words() -> frozenset[str]:
    """The words of the built-in names that a stemmer leaves whole, folded.

    Every capitalised word of places and people, and the names of countries and institutions that
    are one word; words that are ordinary French words as well are not among them. A station's own
    table has no part in it: the index would have to be built again with each of its lines.
    """
    table = read_names()
    words = {
        fold(word.casefold())
        for name in table.names
        for form in name.forms
        if name.kind is not NameKind.PEOPLE and form.language is None
        for word in _proper_words(form.text, name.kind)
    }
    common = {fold(form.text.casefold()) for form in table.common if form.language == "fr"}
    return frozenset(words - common)


def _proper_words(text: str, kind: NameKind) -> list[str]:
    words = _WORD.findall(text)
    if kind not in _PROPER and (len(words) > 1 or "-" in text):
        return []
    return [word for word in words if word[0].isupper()]


def _built_in() -> Traversable:
    return resources.files(__package__).joinpath("data", FILE_NAME)


def _rows(path: Traversable, label: str = "") -> tuple[Row, ...]:
    rows = read_table(path, COLUMNS, label=label)
    if not rows:
        row = Row(table=label or path.name, line=1, cells=())
        raise row.refuse("no name follows the names of the columns.", hint="Add one, or delete it.")
    return rows


def _kind(row: Row) -> NameKind:
    try:
        return NameKind(row.cells[0].casefold())
    except ValueError as error:
        raise row.refuse(
            f"{row.cells[0]!r} is no kind of name.",
            hint=f"Known kinds: {', '.join(NameKind)}.",
        ) from error


def _language(row: Row) -> LanguageTag | None:
    try:
        return normalise_tag(row.cells[2]) if row.cells[2] else None
    except UnknownLanguage as error:
        raise row.refuse(error.message, hint=error.hint) from error
