"""From what somebody typed to hits at the exact moment.

The engine finds passages; the catalogue gives their text and says what may be shown; our own
highlighter finds the words. A hit the catalogue no longer knows is never shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from radio_archive.airings import fold_repeats
from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadInput, BadQuery
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import (
    Broadcast,
    BroadcastHits,
    BroadcastId,
    Expansion,
    FacetCount,
    Hit,
    IndexHit,
    IndexPage,
    LanguageTag,
    Origin,
    Passage,
    Query,
    SearchPage,
    Sort,
    SpokenName,
    TranscriptKind,
    Trust,
)
from radio_archive.search import SearchIndex
from radio_archive.search.expander import Expander
from radio_archive.search.expansion import ALL
from radio_archive.search.highlight import Spans, find_spans, make_snippet
from radio_archive.search.query import MAX_PAGE_SIZE, QueryFilters, parse_query
from radio_archive.search.sentences import Neighbours, sentences_around

#: switches hits in translations off in an address, as the ids of added words do
TRANSLATIONS = "translations"

Passages = Mapping[tuple[BroadcastId, int], Passage]

_IN_TRANSLATIONS = Expansion(typed="", added=(), origin=Origin.TRANSLATED_TEXT, id=TRANSLATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """Filters and paging beside the words; all as typed."""

    language: str | None = None
    programme: str | None = None
    aired_from: str | None = None  #: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, inclusive
    aired_to: str | None = None  #: likewise, inclusive
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 20
    is_exact_only: bool = False  #: only the spelling typed
    is_close: bool = False  #: words spelt much alike as well
    #: ids of the expansions that are switched off (``translations``: of texts); ``all``: every one
    without: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  #: to be mentioned
    trust: str | None = None  #: floor of trust: ``good`` or ``weak``
    counts_names: bool = True  #: whether the facet of names is wanted
    #: hits come with the sentences around them, and what was aired twice is shown once
    is_for_reading: bool = False


def search(
    catalogue: Catalogue,
    index: SearchIndex,
    text: str,
    options: SearchOptions,
    expand: Expander | None = None,
) -> SearchPage:
    """Answer one search.

    When nothing is found as typed, words spelt much alike are let in; the page then says so. When
    still nothing is, it holds spellings to try, and the languages in which there would be hits.

    Raises:
        BadQuery: it cannot be understood, filters by an unknown name or costs too much.
        UnknownLanguage: the language filter is no language of the registry.
    """
    started = time.perf_counter()
    query = read_query(text, options, expand)
    names: tuple[SpokenName, ...] = ()
    if expand is not None and options.counts_names:
        names = expand.spoken_names
    shown = _Shown(catalogue, options)
    with ThreadPoolExecutor(1, "titles") as beside:
        titles = beside.submit(_titles, catalogue, query)
        found = shown.search(index, query, names)
        is_retried = False
        if not found.total and query.has_terms and not (query.is_exact_only or query.is_close):
            closely = replace(query, is_close=True)
            again = shown.search(index, closely, names)
            if again.total:
                query, found, is_retried = closely, again, True
    if found.in_translations:
        query = replace(query, expansions=(*query.expansions, _IN_TRANSLATIONS))
    return SearchPage(
        query=query,
        total=found.total,
        total_broadcasts=found.total_broadcasts,
        took_ms=round((time.perf_counter() - started) * 1000, 1),
        facets=found.facets,
        coverage=catalogue.reports.coverage(),
        broadcasts=shown.groups,
        titles=titles.result(),
        is_close=is_retried,
        suggestions=() if found.total else _suggestions(catalogue, index, query, options),
        elsewhere=() if found.total else _elsewhere(catalogue, index, query),
    )


class _Shown:
    """What the catalogue shows of a search; read while the engine is still counting."""

    def __init__(self, catalogue: Catalogue, options: SearchOptions) -> None:
        self._catalogue = catalogue
        self._options = options
        self.groups: tuple[BroadcastHits, ...] = ()

    def search(
        self, index: SearchIndex, query: Query, names: tuple[SpokenName, ...] = ()
    ) -> IndexPage:
        """What an engine finds; nothing where the catalogue gives out none of it any more.

        An index that is still to follow holds what was withdrawn: its counts alone would say so.
        """

        def read(hits: tuple[IndexHit, ...]) -> None:
            self.groups = _group(self._catalogue, query, hits, self._options)

        found = index.search(query, names, read)
        is_much = found.total_broadcasts > MAX_PAGE_SIZE  # more than are looked at
        if self.groups or not found.total or is_much or not self._is_all_gone(index, query):
            return found
        return IndexPage(
            hits=(), total=0, total_broadcasts=0, facets=dict.fromkeys(found.facets, ())
        )

    def _is_all_gone(self, index: SearchIndex, query: Query) -> bool:
        """Whether there is nothing, on any page, besides hits none of which are shown."""
        first = replace(query, page=1, page_size=MAX_PAGE_SIZE)
        found = index.search(first)
        ids = list({hit.broadcast_id for hit in found.hits})
        if found.total_broadcasts > len(ids) or _group(
            self._catalogue, first, found.hits, SearchOptions()
        ):
            return False
        # of a broadcast that stays, the hits that were not looked at may stay too
        return found.total == len(found.hits) or not self._catalogue.broadcasts.get_many(ids)


def _finds(catalogue: Catalogue, index: SearchIndex, query: Query) -> IndexPage:
    """What a search finds that is not shown itself."""
    return _Shown(catalogue, SearchOptions()).search(index, replace(query, page=1))


def _titles(catalogue: Catalogue, query: Query) -> tuple[Broadcast, ...]:
    """Broadcasts whose pages answer; those of a text spelt nearly so are none of them."""
    return catalogue.titles.find(query) if query.page == 1 else ()


def read_query(text: str, options: SearchOptions, expand: Expander | None = None) -> Query:
    """What somebody typed and chose, understood; for what it raises see `search`."""
    is_said_only = TRANSLATIONS in options.without or ALL in options.without
    query = replace(parse_query(text, _filters(options)), is_said_only=is_said_only)
    return query if expand is None else expand(query, options.without)


def word_finder(text: str, language: LanguageTag, expand: Expander) -> Callable[[str], Spans]:
    """What marks the words of a search in sentences of one language, added words included.

    It gives character spans; none for a search nobody understands.
    """
    try:
        query = expand(parse_query(text))
    except BadInput:
        query = Query()
    is_asked = query.has_terms or bool(query.mentions)
    return lambda sentence: find_spans(sentence, query, language) if is_asked else ()


def _suggestions(
    catalogue: Catalogue, index: SearchIndex, query: Query, options: SearchOptions
) -> tuple[str, ...]:
    """Spellings to try that find something, under the same filters.

    Words near those typed always occur somewhere: in a question of many words, together they seldom
    do.
    """

    def finds(text: str) -> bool:
        try:
            again = parse_query(text, _filters(options))
            same = replace(again, mentions=query.mentions, is_said_only=query.is_said_only)
            return bool(_finds(catalogue, index, same).total)
        except BadQuery:  # longer than what may be typed, or too dear
            return False

    near = index.suggest(query) if query.has_terms else ()
    return tuple(filter(finds, near))


def _elsewhere(catalogue: Catalogue, index: SearchIndex, query: Query) -> tuple[FacetCount, ...]:
    """The languages in which there are hits, when there are none in the language asked for."""
    if query.language is None or not query.has_terms:
        return ()
    return _finds(catalogue, index, replace(query, language=None)).facets["language"]


def _group(
    catalogue: Catalogue, query: Query, found: tuple[IndexHit, ...], options: SearchOptions
) -> tuple[BroadcastHits, ...]:
    """Hits under their broadcasts, in the engine's order."""
    reach = (0, -1, 1) if options.is_for_reading else (0,)
    passages = catalogue.transcripts.get_passages(
        {(hit.broadcast_id, hit.number + step) for hit in found for step in reach}
    )
    broadcasts = catalogue.broadcasts.get_many(list({hit.broadcast_id for hit in found}))
    grouped: dict[str, list[tuple[Passage, Hit]]] = {}
    for index_hit in found:
        passage = passages.get((index_hit.broadcast_id, index_hit.number))
        broadcast = broadcasts.get(index_hit.broadcast_id)
        if passage is None or broadcast is None:
            continue
        beside = _beside(passage, passages) if options.is_for_reading else None
        hit = hit_of(query, passage, index_hit.score, beside)
        if hit is not None:
            grouped.setdefault(index_hit.broadcast_id, []).append((passage, hit))
    groups = tuple(
        BroadcastHits(
            broadcast=broadcasts[pairs[0][0].broadcast_id],
            trust=_trust([passage for passage, _ in pairs]),
            hits=tuple(hit for _, hit in pairs),
        )
        for pairs in grouped.values()
    )
    if not options.is_for_reading:
        return groups
    repeats = catalogue.fingerprints.repeats_of_all([each.broadcast for each in groups])
    return fold_repeats(groups, repeats)


def _beside(passage: Passage, passages: Passages) -> Neighbours:
    """The passages of the same text around one, where they are in its language."""

    def find(number: int) -> Passage | None:
        other = passages.get((passage.broadcast_id, number))
        mine = (passage.choice, passage.language)
        return other if other and (other.choice, other.language) == mine else None

    return Neighbours(before=find(passage.number - 1), after=find(passage.number + 1))


def hit_of(
    query: Query, passage: Passage, score: float = 0.0, beside: Neighbours | None = None
) -> Hit | None:
    """What a result shows of a passage; None where it does not answer the query.

    Args:
        query: what was searched.
        passage: as stored now.
        score: what the engine gave it.
        beside: the passages around it, where the sentences around the hit are wanted.
    """
    snippet = make_snippet(passage, query)
    if snippet is None:
        return None
    return Hit(
        broadcast_id=passage.broadcast_id,
        language=passage.language,
        start_ms=snippet.start_ms,
        end_ms=passage.end_ms,
        text=snippet.text,
        highlights=snippet.highlights,
        match=snippet.match,
        score=round(score, 3),
        trust=passage.trust,
        band=passage.band,
        choice=passage.choice,
        sentences=sentences_around(passage, snippet, beside) if beside else (),
    )


def _trust(passages: list[Passage]) -> Trust:
    """The least any of the shown passages deserves; translations count where nothing said is."""
    order = [Trust.MACHINE_WEAK, Trust.MACHINE, Trust.IMPORTED, Trust.CHECKED]
    said = [each for each in passages if each.kind is not TranscriptKind.TRANSLATION]
    return min((passage.trust for passage in said or passages), key=order.index)


def _filters(options: SearchOptions) -> QueryFilters:
    language = normalise_tag(options.language) if options.language else None
    return QueryFilters(
        language=None if language is None else LanguageTag(language),
        programme=options.programme or None,
        aired_from=options.aired_from or None,
        aired_to=options.aired_to or None,
        names=options.names,
        trust=options.trust,
        sort=options.sort,
        page=options.page,
        page_size=options.page_size,
        is_exact_only=options.is_exact_only,
        is_close=options.is_close,
    )
