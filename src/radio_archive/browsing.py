"""Looking around a search or a broadcast: how often over time, and in which other languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from radio_archive.catalogue import Catalogue
from radio_archive.errors import UnknownLanguage
from radio_archive.languages import LanguageTag, normalise_tag
from radio_archive.model import Broadcast, Query, Trend, TrendMonth
from radio_archive.retrieval import SearchOptions, search
from radio_archive.search import SearchIndex
from radio_archive.search.expander import Expander

MOST_MONTHS = 60
"""Months of one trend: each is a search of its own, so this bounds what a page may cost."""


class Browsing:
    """What changes nothing and is no search itself."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: Callable[[], SearchIndex],
        expander: Expander,
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._expander = expander

    def trend(self, text: str, options: SearchOptions) -> Trend:
        """How often something is said, month by month.

        The last ``MOST_MONTHS`` months in which something is found, each counted by a search of
        its own, so that every engine gives the same. Years without a hit cost none.

        Raises:
            BadQuery: it cannot be understood or costs too much.
            UnknownLanguage: the language filter names none we know.
        """
        plain = replace(options, page=1, page_size=1, counts_names=False)
        page = search(self._catalogue, self._index(), text, plain, self._expander)
        query = replace(page.query, is_said_only=True)
        years = {int(facet.value): facet.count for facet in page.facets.get("year", ())}
        undated = page.total - sum(years.values())
        if not years:
            return Trend(query=query, months=(), undated=undated)
        wanted = [month for month in _months(min(years), max(years)) if _is_inside(month, query)]
        hours = self._hours(query)
        found = [
            TrendMonth(
                month=f"{month:%Y-%m}",
                passages=self._count(query, month) if month.year in years else 0,
                transcribed_hours=round(hours.get(f"{month:%Y-%m}", 0.0), 4),
            )
            for month in wanted[-MOST_MONTHS:]
        ]
        return Trend(
            query=query,
            months=_without_empty_ends(found),
            has_earlier=len(wanted) > MOST_MONTHS,
            undated=undated,
        )

    def editions_of(self, broadcast: Broadcast) -> tuple[Broadcast, ...]:
        """The same bulletin in other languages: aired in the same slot, of one page or kind.

        A page that carries a bulletin in several languages is the address of each; otherwise they
        are of one programme, or of two whose ids differ by the name of the language only
        (``journal-francais``, ``journal-bambara``).

        Returns:
            By language; none where nobody knows when the broadcast was aired.
        """
        if broadcast.aired_at is None:
            return ()
        others = self._catalogue.broadcasts.aired_at(broadcast.aired_at)
        return tuple(
            each
            for each in sorted(others, key=lambda other: (other.language, other.id))
            if each.language != broadcast.language and _are_editions(each, broadcast)
        )

    def _count(self, query: Query, month: datetime) -> int:
        start, end = month, _next(month)
        inside = replace(
            query,
            aired_from=max(start, query.aired_from or start),
            aired_before=min(end, query.aired_before or end),
        )
        return self._index().search(inside).total

    def _hours(self, query: Query) -> Mapping[str, float]:
        """Transcribed hours of each month, of the language and the programme searched."""
        hours: dict[str, float] = defaultdict(float)
        for row in self._catalogue.reports.months(query.language, query.programme_id):
            if row.month is not None:
                hours[row.month] += row.transcribed_hours
        return hours


def _months(first_year: int, last_year: int) -> Iterator[datetime]:
    for year in range(first_year, last_year + 1):
        for month in range(1, 13):
            yield datetime(year, month, 1, tzinfo=UTC)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _is_inside(month: datetime, query: Query) -> bool:
    """Whether a search limited to some dates can find anything in a month."""
    is_early = query.aired_from is not None and _next(month) <= query.aired_from
    is_late = query.aired_before is not None and month >= query.aired_before
    return not (is_early or is_late)


def _without_empty_ends(months: list[TrendMonth]) -> tuple[TrendMonth, ...]:
    """From the first month to the last in which anything is transcribed or found."""
    full = [n for n, each in enumerate(months) if each.passages or each.transcribed_hours]
    return tuple(months[full[0] : full[-1] + 1]) if full else ()


def _are_editions(one: Broadcast, other: Broadcast) -> bool:
    if one.source_url and one.source_url == other.source_url:
        return True
    if one.programme is not None and one.programme == other.programme:
        return True
    kinds = {_kind_of(one), _kind_of(other)}
    return len(kinds) == 1 and kinds != {""}


def _kind_of(broadcast: Broadcast) -> str:
    """A programme's id without the name of its language; empty where it names none."""
    parts = broadcast.programme.id.split("-") if broadcast.programme else []
    kept = [part for part in parts if not _is_name_of(part, broadcast.language)]
    return "-".join(kept) if len(kept) < len(parts) else ""


def _is_name_of(word: str, language: LanguageTag) -> bool:
    try:
        return normalise_tag(word) == language
    except UnknownLanguage:
        return False
