"""What addresses say after the question mark, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from radio_archive.archive import SearchOptions, TranscriptChoice
from radio_archive.errors import BadInput, BadTime
from radio_archive.links import broadcast_url
from radio_archive.model import Excerpt, Hit, LanguageTag, Milliseconds, Sort, TranscriptKind

#: plain seconds, or a clock: ``754.2``, ``12:34``, ``1:02:03.5`` (W3C Media Fragments, npt)
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)", re.ASCII)

#: a year, a month or a day; the day does not matter here
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)

#: how strictly spellings are compared: by the rules of each language, as typed, nearly
SPELLINGS = ("", "exact", "close")

#: expansions that an address may switch off one by one
_MOST_WITHOUT = 20
#: names read of an address; fewer may be searched at once
_MOST_NAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchState:
    """All that a search page's address holds, as typed."""

    q: str = ""
    language: str = ""
    programme: str = ""
    aired_from: str = ""
    aired_to: str = ""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    spelling: str = ""  #: ``exact``, ``close``, or empty for the rules of each language
    without: tuple[str, ...] = ()  #: ids of expansions switched off; ``all`` for every one
    names: tuple[str, ...] = ()  #: that must be mentioned
    trust: str = ""  #: floor of trust: ``good``, ``weak``, or empty for none
    data: str = ""  #: how much sound to load: ``low``, ``full``, or empty for what the browser says

    @classmethod
    def read(cls, params: QueryParams) -> SearchState:
        """Take the state out of an address.

        Raises:
            BadInput: the sort, the spelling or the page is not one.
        """
        return cls(
            q=params.get("q", "").strip(),
            language=params.get("language", ""),
            programme=params.get("programme", ""),
            aired_from=params.get("from", "").strip(),
            aired_to=params.get("to", "").strip(),
            sort=_read_sort(params.get("sort", "")),
            page=read_page(params),
            spelling=_read_spelling(params.get("spelling", "")),
            without=tuple(dict.fromkeys(params.getlist("without")[:_MOST_WITHOUT])),
            names=tuple(dict.fromkeys(_read_names(params))),
            trust=params.get("trust", "").strip().lower(),
            data=read_data(params),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: neither words nor filters nor names."""
        return not (self.q or self.is_narrowed)

    @property
    def has_filters(self) -> bool:
        """Whether language, programme, dates or a floor of trust narrow the search."""
        chosen = (self.language, self.programme, self.aired_from, self.aired_to, self.trust)
        return any(chosen)

    @property
    def is_narrowed(self) -> bool:
        """Whether filters or names narrow the search."""
        return self.has_filters or bool(self.names)

    def options(self, page_size: int = 20) -> SearchOptions:
        """The same for the archive, so many broadcasts to a page."""
        return SearchOptions(
            language=self.language or None,
            programme=self.programme or None,
            aired_from=self.aired_from or None,
            aired_to=self.aired_to or None,
            sort=self.sort,
            page=self.page,
            page_size=page_size,
            is_exact_only=self.spelling == "exact",
            is_close=self.spelling == "close",
            without=self.without,
            names=self.names,
            trust=self.trust or None,
        )

    def url(self, path: str = "/search") -> str:
        """Address of this search; defaults are left out."""
        pairs = {
            "q": self.q,
            "language": self.language,
            "programme": self.programme,
            "from": self.aired_from,
            "to": self.aired_to,
            "sort": "" if self.sort is Sort.RELEVANCE else self.sort.value,
            "page": "" if self.page == 1 else str(self.page),
            "spelling": self.spelling,
            "trust": self.trust,
            "data": self.data,
        }
        kept = [(key, value) for key, value in pairs.items() if value]
        kept += [("name", name) for name in self.names]
        asked = urlencode([*kept, *(("without", identity) for identity in self.without)])
        return f"{path}?{asked}" if asked else path

    def opened(self, hit: Hit) -> str:
        """Address of the broadcast of a hit, opened at its moment."""
        return broadcast_url(
            hit.broadcast_id, hit.start_ms, self.q, choice=hit.choice, data=self.data
        )

    def loading(self, data: str) -> str:
        """Address of the same page with less sound to load, or with all of it."""
        return replace(self, data=data).url()

    def on_page(self, page: int) -> str:
        """Address of another page of the same search."""
        return replace(self, page=page).url()

    def sorted_by(self, sort: Sort) -> str:
        """Address of the same search in another order, from its first page."""
        return replace(self, sort=sort, page=1).url()

    def in_language(self, tag: str) -> str:
        """Address of the same search in one language; empty means in all."""
        return replace(self, language=tag, page=1).url()

    def in_programme(self, identity: str) -> str:
        """Address of the same search in one programme; empty means in all."""
        return replace(self, programme=identity, page=1).url()

    def between(self, aired_from: str, aired_to: str) -> str:
        """Address of the same search between two dates; empty means open."""
        return replace(self, aired_from=aired_from, aired_to=aired_to, page=1).url()

    def in_year(self, year: str) -> str:
        """Address of the same search in one year."""
        return self.between(year, year)

    def mentioning(self, name: str) -> str:
        """Address of the same search, narrowed to what mentions a name as well."""
        return replace(self, names=tuple(dict.fromkeys([*self.names, name])), page=1).url()

    def not_mentioning(self, name: str) -> str:
        """Address of the same search, whether or not a name is mentioned."""
        return replace(self, names=tuple(each for each in self.names if each != name), page=1).url()

    def trusting(self, floor: str) -> str:
        """Address of the same search from a floor of trust on; empty means none."""
        return replace(self, trust=floor, page=1).url()

    def spelt(self, spelling: str) -> str:
        """Address of the same search with another rule of spelling; empty means the usual."""
        return replace(self, spelling=spelling, page=1).url()

    def but(self, *identities: str) -> str:
        """Address of the same search without these expansions too; none: with all of them."""
        without = tuple(dict.fromkeys([*self.without, *identities])) if identities else ()
        return replace(self, without=without, page=1).url()

    def for_words(self, words: str) -> str:
        """Address of a search for other words with the same filters."""
        kept = ("all",) if "all" in self.without else ()
        return replace(self, q=words, page=1, without=kept).url()

    def without_filters(self) -> str:
        """Address of the same words in everything."""
        return SearchState(q=self.q).url()


def read_time(text: str | None) -> Milliseconds | None:
    """The moment an address asks for; None when it asks for none.

    Raises:
        BadTime: ``text`` is not a time.
    """
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadTime(
            f"{text[:40]!r} is not a time.", hint="Write seconds (754.2) or a clock (12:34)."
        )
    hours, minutes, seconds = (match[1] or 0, match[2] or 0, match[3])
    return Milliseconds(
        (int(hours) * 3600 + int(minutes) * 60) * 1000 + round(float(seconds) * 1000)
    )


def read_data(params: QueryParams) -> str:
    """How much sound a reader chose to load: ``low``, ``full``, or empty where nothing is said."""
    asked = params.get("data", "")
    return asked if asked in ("low", "full") else ""


def read_excerpt(params: QueryParams) -> Excerpt:
    """The stretch that ``start`` and ``end`` ask for.

    Raises:
        BadTime: one of them is missing, or no time.
    """
    start, end = (read_time(params.get(name)) for name in ("start", "end"))
    if start is None or end is None:
        raise BadTime("A start and an end are needed.", hint="Ask for ?start=754.2&end=761.9.")
    return Excerpt(start_ms=start, end_ms=end)


def read_page(params: QueryParams) -> int:
    """Which page of a list is asked for, 1-based.

    Raises:
        BadInput: not a number from 1 to 99,999.
    """
    text = params.get("page") or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text, re.ASCII):
        raise BadInput(f"{text[:40]!r} is not a page number.", hint="Pages are counted from 1.")
    return int(text)


def read_months(params: QueryParams) -> tuple[str, str]:
    """The first and the last month asked for, ``2014-10``; what is open spans everything.

    Raises:
        BadInput: ``from`` or ``to`` is no year, month or day.
    """
    return _read_month(params.get("from"), "0000-01"), _read_month(params.get("to"), "9999-12")


def _read_month(text: str | None, default: str) -> str:
    """The month of a date; a year alone, or nothing, takes what is missing from ``default``."""
    if not text or not text.strip():
        return default
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"{text[:40]!r} is not a date.", hint="Write 2014, 2014-10 or 2014-10-16.")
    return f"{match[1]}-{match[2] or default[5:]}"


def read_choice(params: QueryParams) -> TranscriptChoice:
    """Which version of a transcript is asked for.

    Raises:
        BadInput: ``kind`` is not a kind of transcript.
    """
    kind, language = params.get("kind"), params.get("language")
    if kind and kind not in set(TranscriptKind):
        raise BadInput(
            f"There is no kind of transcript {kind[:40]!r}.",
            hint=f"Kinds: {', '.join(TranscriptKind)}.",
        )
    return TranscriptChoice(
        kind=TranscriptKind(kind) if kind else None,
        language=LanguageTag(language) if language else None,
    )


def _read_names(params: QueryParams) -> list[str]:
    return [name.strip() for name in params.getlist("name")[:_MOST_NAMES] if name.strip()]


def _read_spelling(text: str) -> str:
    if text not in SPELLINGS:
        raise BadInput(
            f"There is no spelling {text[:40]!r}.", hint="Write exact or close, or leave it out."
        )
    return text


def _read_sort(text: str) -> Sort:
    if text and text not in set(Sort):
        raise BadInput(
            f"Results cannot be sorted by {text[:40]!r}.", hint=f"Orders: {', '.join(Sort)}."
        )
    return Sort(text) if text else Sort.RELEVANCE
