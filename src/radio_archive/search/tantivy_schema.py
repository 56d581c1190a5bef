"""How a passage lies in a Tantivy index.

Each word is three terms at one position: its stem, its folded and its exact form, so that any of
them finds it with one posting list, a phrase may be of any of them, and BM25 weighs each kind by
itself. All languages share one field, the analyzer's letter before each term: lengths and numbers
of passages are then those of the whole index, as in ``search.postings``.

What filters, counts and sorts is a column (fast field); the text itself stays in the catalogue.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import chain
from typing import Any

import tantivy

from radio_archive.languages.analysis import (
    ANALYZERS,
    Word,
    analyzer_name,
    bare_words_of,
)
from radio_archive.model import BroadcastId, Passage, TranscriptKind, Trust
from radio_archive.model.bands import floor_of
from radio_archive.search.lengths import LENGTH_PARTS, LENGTHENED_BY
from radio_archive.search.postings import TRANSLATED_WEIGHT
from radio_archive.search.ranking import NO_DATE
from radio_archive.search.vocabulary import term_of

#: raised when the same passage gives other fields or terms
SCHEMA_VERSION = 2

WORDS = "words"
#: a term of every passage, often enough to make up the length that BM25 is to see
FILLER = " "
#: traits of a passage, terms of the field ``traits``
TRANSLATED, OPEN = "translated", "open"

#: how much the newest passage counts more than the oldest: so little that it only decides between
#: equals. The four bytes of a score tell some twelve years apart: `Finder` puts them in order
_NEWNESS = 1e-6
_MINUTES = 100_000_000
#: minutes from 1900 to 1970
_BEFORE_1970 = 36_816_480
#: bits of a sort key that hold the beginning of a broadcast's id, below its date
_ID_BITS = 28
#: bits of a number that stands for something: JSON and doubles hold it exactly
KEY_BITS = 52
#: bits for the place of a passage, below the key of its broadcast: four thousand half minutes
PLACE_BITS = 64 - KEY_BITS

_CODES = {name: chr(ord("a") + number) for number, name in enumerate(ANALYZERS)}

#: what ids of broadcasts look like
_HEXADECIMAL = re.compile("[0-9a-f]{16}")


class Form(StrEnum):
    """Which form of a word a term is."""

    STEM = "s"
    FOLDED = "f"
    EXACT = "e"


def make_schema() -> tantivy.Schema:
    """The fields of a passage."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(WORDS, tokenizer_name="raw", index_option="position")
    builder.add_text_field("broadcast", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("language", "programme", "traits"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("day", tokenizer_name="raw", index_option="basic")
    for name in ("key", "number", "ident"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("aired", "year", "newest", "oldest"):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("weight", fast=True)
    return builder.build()


def word_term(analyzer: str, form: Form, text: str) -> str:
    """The term of one form of a word."""
    return _CODES[analyzer] + form + text


def analyzer_code(analyzer: str) -> str:
    """The letter that stands for an analyzer."""
    return _CODES[analyzer]


def key_of(text: str) -> int:
    """A number that stands for a text; two texts in a million million share one."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") >> 64 - KEY_BITS


def _ident(passage: Passage) -> int:
    """A number for a passage alone, in one column: what counts hundreds of thousands reads half.

    In a broadcast of more than 34 hours some share one.
    """
    place = passage.number % (1 << PLACE_BITS)
    return (key_of(passage.broadcast_id) << PLACE_BITS) + place


def make_document(schema: tantivy.Schema, passage: Passage) -> tuple[tantivy.Document, list[str]]:
    """A passage as Tantivy takes it, and the index terms of its words."""
    fields: dict[str, Any] = {
        "broadcast": str(passage.broadcast_id),
        "language": str(passage.language),
        "traits": list(_traits(passage)),
        "key": key_of(passage.broadcast_id),
        "number": passage.number,
        "ident": _ident(passage),
        "newest": _newest(passage),
        "oldest": _oldest(passage),
        "weight": _weight(passage),
    }
    if passage.programme_id:
        fields["programme"] = str(passage.programme_id)
    if passage.aired_at is not None:
        fields |= {
            "aired": int(passage.aired_at.timestamp()),
            "year": passage.aired_at.year,
            "day": f"{passage.aired_at.month}-{passage.aired_at.day}",
        }
    document = tantivy.Document.from_dict(fields, schema)
    tokens, terms = _tokens(passage)
    document.add_pre_tokenized_text(WORDS, tantivy.PreTokenizedString("", tokens))
    return document, terms


def _tokens(passage: Passage) -> tuple[list[tantivy.Token], list[str]]:
    """What Tantivy is to find a passage by, and the index terms of its words."""
    analyzer, token = analyzer_name(passage.language), tantivy.Token
    words = bare_words_of(passage.text, analyzer)
    made: list[tantivy.Token] = []
    found: list[str] = []
    for position, word in enumerate(words):
        forms, terms = word.kept or _keep(word, analyzer)
        made += [token(form, position, 0, 0) for form in forms]
        found += terms
    wanted = LENGTH_PARTS * (len(words) + LENGTHENED_BY - len(found))
    return made + [_FILLING] * max(1, wanted), found


def _keep(word: Word, analyzer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms of all forms of a word, and its index terms; remembered with the word."""
    code = _CODES[analyzer]
    stem, folded, exact = (code + form for form in Form)
    forms = ((stem + each.stem, folded + each.folded, exact + each.exact) for each in word.pieces)
    word.kept = tuple(chain.from_iterable(forms)), tuple(map(term_of, word.pieces))
    return word.kept


_FILLING = tantivy.Token(FILLER, 0, 0, 0)


def _traits(passage: Passage) -> Iterable[str]:
    is_translation = passage.kind is TranscriptKind.TRANSLATION
    if is_translation:
        yield TRANSLATED
    elif passage.trust is Trust.MACHINE_WEAK:
        yield OPEN
    floor = floor_of(passage)
    if floor is not None:
        yield floor_trait(floor)


def floor_trait(floor: str) -> str:
    """The trait of passages whose highest floor of trust is this one."""
    return f"floor-{floor}"


def _weight(passage: Passage) -> float:
    """What Tantivy multiplies a score by is log2(2 + this): never less than one."""
    is_translation = passage.kind is TranscriptKind.TRANSLATION
    weight = 1.0 if is_translation else 1 / TRANSLATED_WEIGHT
    aired_at = passage.aired_at
    weight *= newness(NO_DATE if aired_at is None else int(aired_at.timestamp()))
    return float(2.0**weight - 2.0)


def newness(aired: int) -> float:
    """What a score is multiplied by so that of equals those of newer years come first.

    Args:
        aired: seconds since 1970, ``NO_DATE`` when nobody knows.
    """
    minutes = min(max(aired // 60 + _BEFORE_1970, 0), _MINUTES)
    return 1 + _NEWNESS * minutes / _MINUTES


def _newest(passage: Passage) -> int:
    """Sorts by date, newest first, those of no date last, equals by id, in descending order."""
    aired_at = passage.aired_at
    seconds = -(2**34) if aired_at is None else int(aired_at.timestamp())
    return (seconds << _ID_BITS) + _place_of_id(passage.broadcast_id)


def _oldest(passage: Passage) -> int:
    """Likewise with the oldest first."""
    aired_at = passage.aired_at
    seconds = -(2**34) if aired_at is None else -int(aired_at.timestamp())
    return (seconds << _ID_BITS) + _place_of_id(passage.broadcast_id)


def aired_of(newest: int) -> int:
    """The seconds since 1970 in a sort key, ``NO_DATE`` when nobody knows."""
    seconds = newest >> _ID_BITS
    return NO_DATE if seconds == -(2**34) else seconds


def _place_of_id(broadcast_id: BroadcastId) -> int:
    """The greater, the earlier the id in the alphabet, as far as its first letters tell."""
    if _HEXADECIMAL.fullmatch(broadcast_id):
        beginning = int(broadcast_id[: _ID_BITS // 4], 16)
    else:
        letters = broadcast_id.encode("utf-8", "replace")[:4].ljust(4, b"\0")
        beginning = int.from_bytes(letters, "big") >> 32 - _ID_BITS
    return (1 << _ID_BITS) - 1 - beginning
