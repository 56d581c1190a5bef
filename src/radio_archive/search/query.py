"""Our query language: what somebody types, parsed into a ``Query``.

Words must all be there; ``"several words"`` (or « ... ») follow one another; ``-word`` must not be
there; ``one OR other``; ``word*`` is the beginning of a word; ``programme:SLUG``,
``language:TAG``, ``after:DATE`` and ``before:DATE`` filter, ``after:"16 octobre 2014"`` as well;
``name:NAME`` wants a name mentioned, ``trust:good`` or ``trust:weak`` a floor of trust. No engine's
own syntax ever passes.

The limits bound what one search can cost an engine; with Whoosh, one prefix of a thousand words
took ten seconds (measured at 20,000 passages).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import regex

from radio_archive.errors import BadQuery
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import Band, LanguageTag, ProgrammeId, Query, Sort, Term
from radio_archive.model.bands import FLOORS
from radio_archive.search.dates import find_date

MAX_CHARACTERS = 256
MAX_TERMS = 12
#: words in all, those inside phrases counted: a whole quoted sentence fits
MAX_WORDS = 24
#: names that one passage must mention
MAX_NAMES = 4
MIN_PREFIX_LETTERS = 3
MAX_PAGE = 50
MAX_PAGE_SIZE = 100
#: broadcasts from the first of page 1 to the last of the page asked for
MAX_WINDOW = 1_000

_QUOTES = '"“”„‟«»＂'
_QUOTE = regex.compile(f"[{_QUOTES}]")
_NAMES = "programme|language|after|before|name|trust"
#: one piece of a query: a filter, or a term with its sign; a quote never closed runs to the end
_PIECE = regex.compile(
    rf"""
    (?P<minus>[-\N{{MINUS SIGN}}])?
    (?: (?P<bare>{_NAMES}):(?=\s|\Z)
      | (?:(?P<filter>{_NAMES}):)?
        (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|\Z) | (?P<word>[^\s{_QUOTES}]+))
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
#: control characters and lone surrogates, which no text worth finding holds
_JUNK = regex.compile(r"[\p{Cc}\p{Cs}]")
#: "10 000" typed as two words is one number, as in the index
_GROUPED_NUMBER = regex.compile(
    r"(?<![\p{L}\p{N}])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\p{L}\p{N}])"
)
_NUMBER = regex.compile(r"\d+")
#: what a word may begin and end with; apostrophes are letters in Fulfulde and mark clipped words
_EDGES = r"[^\p{L}\p{M}\p{N}'’‘ʼꞌʻ`´′]+"
_TRIM = regex.compile(rf"^{_EDGES}|{_EDGES}$")
_SPOKEN = regex.compile(r"[\p{L}\p{N}]")
#: a word that means the same without quotes
_PLAIN = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’\-]*")
_SLUG = regex.compile(r"[a-z0-9][a-z0-9-]*", regex.ASCII)
#: radio is younger than 1900
_YEAR = regex.compile(r"(?:19|20)\d\d", regex.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFilters:
    """What is chosen beside the words: filters as typed, order and page."""

    language: LanguageTag | None = None
    programme: str | None = None  #: slug
    aired_from: str | None = None  #: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, inclusive
    aired_to: str | None = None  #: likewise, inclusive: ``2014`` is all of 2014
    names: tuple[str, ...] = ()  #: to be mentioned
    trust: str | None = None  #: floor of trust: ``good`` or ``weak``
    sort: Sort = Sort.RELEVANCE
    page: int = 1  #: 1-based
    page_size: int = 20  #: broadcasts
    is_exact_only: bool = False  #: only the spelling typed
    is_close: bool = False  #: words spelt much alike as well


@dataclass(slots=True)
class _Draft:
    """A query while it is read."""

    required: list[tuple[Term, ...]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def parse_query(text: str, filters: QueryFilters | None = None) -> Query:
    """Understand a search.

    ``after:`` and ``before:`` count from the first moment of the date given: ``after:2014`` takes
    2014 in, ``before:2014`` leaves it out. A filter typed among the words and the same one chosen
    beside them must agree; dates and names narrow one another.

    Args:
        text: what was typed.
        filters: what was chosen beside the words.

    Raises:
        BadQuery: it makes no sense or passes a limit; the hint says what to change.
        UnknownLanguage: ``language:`` names no language of the registry.
    """
    chosen = filters or QueryFilters()
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(
            f"The search is {len(text)} characters long, at most {MAX_CHARACTERS} are read.",
            hint="Leave some words out.",
        )
    cleaned = _JUNK.sub(" ", text).strip()
    draft = _read(cleaned)
    _check_terms(draft)
    _check_page(chosen)
    aired_from, aired_before = _dates(draft, chosen)
    return Query(
        text=cleaned,
        required=tuple(draft.required),
        excluded=tuple(dict.fromkeys(draft.excluded)),
        language=_language(draft, chosen),
        programme_id=_programme(draft, chosen),
        aired_from=aired_from,
        aired_before=aired_before,
        floor=_floor(draft, chosen),
        names=_names(draft, chosen),
        sort=chosen.sort,
        page=chosen.page,
        page_size=chosen.page_size,
        is_exact_only=chosen.is_exact_only,
        is_close=chosen.is_close and not chosen.is_exact_only,
    )


def format_query(query: Query) -> str:
    """Write a query in the query language: parsed again, it gives the same query.

    Order, page and the ways to match have no words and are left out. ``text`` is not looked at.
    """
    groups = [" OR ".join(_format_term(term) for term in group) for group in query.required]
    words = [*groups, *(f"-{_format_term(term)}" for term in query.excluded)]
    named = {
        "language": query.language,
        "programme": query.programme_id,
        "after": query.aired_from and f"{query.aired_from:%Y-%m-%d}",
        "before": query.aired_before and f"{query.aired_before:%Y-%m-%d}",
        "trust": query.floor,
    }
    words += [f"{name}:{value}" for name, value in named.items() if value]
    words += [f'name:"{name}"' for name in query.names]
    return " ".join(words)


def _format_term(term: Term) -> str:
    if term.is_prefix:
        return f"{term.words[0]}*"
    word = term.words[0]
    is_plain = len(term.words) == 1 and word != "OR" and _PLAIN.fullmatch(word)
    return word if is_plain and not _NUMBER.fullmatch(word) else f'"{" ".join(term.words)}"'


def _read(text: str) -> _Draft:
    draft = _Draft()
    can_join = joins_next = False
    for piece in _PIECE.finditer(_GROUPED_NUMBER.sub(_close_up, text)):
        if piece["word"] == "OR" and not (piece["minus"] or piece["filter"]):
            joins_next = can_join
            continue
        if piece["bare"] or piece["filter"]:
            _read_filter(draft, piece)
        else:
            _read_term(draft, piece, joins_next=joins_next)
        joins_next = False
        can_join = bool(draft.required) and not (piece["minus"] or piece["bare"] or piece["filter"])
    return draft


def _close_up(number: regex.Match[str]) -> str:
    return "".join(number[0].split())


def _read_filter(draft: _Draft, piece: regex.Match[str]) -> None:
    name = (piece["bare"] or piece["filter"]).lower()
    value = (piece["phrase"] or piece["word"] or "").strip()
    if piece["minus"]:
        raise BadQuery(f"-{name}: cannot be excluded.", hint="A minus sign goes before words only.")
    if not value:
        raise BadQuery(f"{name}: stands alone.", hint=f"Write {name}:{_EXAMPLES[name]}.")
    if name == "name":
        draft.names.append(value)
    elif draft.filters.setdefault(name, value) != value:
        raise BadQuery(f"{name}: is given twice.", hint="Keep one of them.")


_EXAMPLES = {
    "programme": "journal",
    "language": "fr",
    "after": "2014-10",
    "before": "2015",
    "name": "Tombouctou",
    "trust": "good",
}


def _read_term(draft: _Draft, piece: regex.Match[str], *, joins_next: bool) -> None:
    term = _phrase(piece["phrase"]) if piece["word"] is None else _word(piece["word"])
    if term is None:
        return
    if piece["minus"]:
        draft.excluded.append(term)
    elif joins_next:
        draft.required[-1] = tuple(dict.fromkeys((*draft.required[-1], term)))
    else:
        draft.required.append((term,))


def _phrase(text: str) -> Term | None:
    words = " ".join(word for word in (_trim(part) for part in text.split()) if word)
    return Term(words=tuple(_GROUPED_NUMBER.sub(_close_up, words).split())) if words else None


def _word(text: str) -> Term | None:
    if "*" not in text:
        word = _trim(text)
        return Term(words=(word,)) if word else None
    stem, star, rest = text.partition("*")
    word = _trim(stem)
    letters = len(_SPOKEN.findall(word))
    if _trim(rest) or not word:
        raise BadQuery(
            f"The star in {text!r} can only end a word.", hint="Write mal* for words with mal-."
        )
    if letters < MIN_PREFIX_LETTERS:
        raise BadQuery(
            f"{word}{star} is too short.",
            hint=f"Write at least {MIN_PREFIX_LETTERS} letters before the star.",
        )
    return Term(words=(word,), is_prefix=True)


def _trim(text: str) -> str:
    """A word without the punctuation around it; empty when nothing is spoken in it."""
    word = _TRIM.sub("", text)
    return word if _SPOKEN.search(word) else ""


def _check_terms(draft: _Draft) -> None:
    terms = [term for group in draft.required for term in group] + draft.excluded
    if len(terms) > MAX_TERMS:
        raise BadQuery(
            f"The search has {len(terms)} words and phrases, at most {MAX_TERMS} are looked for.",
            hint="Leave some out, or put a sentence in quotation marks.",
        )
    words = sum(len(term.words) for term in terms)
    if words > MAX_WORDS:
        raise BadQuery(
            f"The search has {words} words, at most {MAX_WORDS} are looked for.",
            hint="Leave some out.",
        )
    if draft.excluded and not draft.required:
        raise BadQuery(
            "The search only says what must not be there.", hint="Add a word to look for."
        )


def _check_page(filters: QueryFilters) -> None:
    if not 1 <= filters.page <= MAX_PAGE:
        raise BadQuery(
            f"There is no page {filters.page}: pages 1 to {MAX_PAGE} can be asked for.",
            hint="Narrow the search with more words or dates.",
        )
    if not 1 <= filters.page_size <= MAX_PAGE_SIZE:
        raise BadQuery(
            f"A page cannot hold {filters.page_size} broadcasts.", hint=f"Ask 1 to {MAX_PAGE_SIZE}."
        )
    if filters.page * filters.page_size > MAX_WINDOW:
        raise BadQuery(
            f"Results end at broadcast {MAX_WINDOW:,}.",
            hint="Narrow the search with more words or dates.",
        )


def _language(draft: _Draft, filters: QueryFilters) -> LanguageTag | None:
    typed = draft.filters.get("language")
    tag = None if typed is None else normalise_tag(typed)
    chosen = None if filters.language is None else normalise_tag(filters.language)
    _check_agreement("language", tag, chosen)
    return tag or chosen


def _programme(draft: _Draft, filters: QueryFilters) -> ProgrammeId | None:
    typed, chosen = draft.filters.get("programme"), filters.programme or None
    for value in (typed, chosen):
        if value is not None and not _SLUG.fullmatch(value.lower()):
            raise BadQuery(
                f"{value!r} is not the short name of a programme.",
                hint="Short names hold letters without accents, digits and hyphens.",
            )
    typed, chosen = typed and typed.lower(), chosen and chosen.lower()
    _check_agreement("programme", typed, chosen)
    slug = typed or chosen
    return ProgrammeId(slug) if slug else None


def _floor(draft: _Draft, filters: QueryFilters) -> Band | None:
    typed, chosen = draft.filters.get("trust"), filters.trust or None
    for value in (typed, chosen):
        if value is not None and value.lower() not in FLOORS:
            raise BadQuery(
                f"{value[:40]!r} is not a floor of trust.",
                hint=f"Write {' or '.join(f'trust:{floor}' for floor in FLOORS)}.",
            )
    typed, chosen = typed and typed.lower(), chosen and chosen.lower()
    _check_agreement("trust", typed, chosen)
    floor = typed or chosen
    return Band(floor) if floor else None


def _names(draft: _Draft, filters: QueryFilters) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(filter(None, map(_name, (*draft.names, *filters.names)))))
    if len(names) > MAX_NAMES:
        raise BadQuery(
            f"The search asks for {len(names)} names at once, at most {MAX_NAMES} are looked for.",
            hint="Leave some out.",
        )
    return names


def _name(text: str) -> str:
    """A name that can be written in quotation marks."""
    return " ".join(_QUOTE.sub(" ", _JUNK.sub(" ", text)).split())


def _check_agreement(name: str, typed: str | None, chosen: str | None) -> None:
    if typed and chosen and typed != chosen:
        raise BadQuery(
            f"The search asks for {name} {typed} among its words and {chosen} beside them.",
            hint="Keep one of the two.",
        )


def _dates(draft: _Draft, filters: QueryFilters) -> tuple[datetime | None, datetime | None]:
    after, before = draft.filters.get("after"), draft.filters.get("before")
    starts = [_span(date)[0] for date in (after, filters.aired_from) if date]
    ends = [_span(before)[0]] if before else []
    ends += [_span(filters.aired_to)[1]] if filters.aired_to else []
    aired_from, aired_before = max(starts, default=None), min(ends, default=None)
    if aired_from and aired_before and aired_from >= aired_before:
        raise BadQuery(
            f"The dates end ({aired_before:%Y-%m-%d}) before they begin ({aired_from:%Y-%m-%d}).",
            hint="Swap the two dates.",
        )
    return aired_from, aired_before


def _span(text: str) -> tuple[datetime, datetime]:
    """First moment of the date, and first moment after it; UTC, which is Mali's own time."""
    year = _YEAR.fullmatch(text.strip())
    if year:
        start = datetime(int(year[0]), 1, 1, tzinfo=UTC)
        return start, start.replace(year=start.year + 1)
    found = find_date([word for part in text.split() if (word := _trim(part))])
    if found is None or found.date is None or found.date.span is None:
        raise BadQuery(
            f"{text[:40]!r} is not a date.",
            hint='Write 2014, 2014-10, 2014-10-16 or "16 octobre 2014".',
        )
    return found.date.span
