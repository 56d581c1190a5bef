"""Every ``SearchIndex`` finds what reading everything finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radio_archive.errors import BadQuery, UnknownLanguage
from radio_archive.model import (
    AirDate,
    Band,
    Origin,
    Query,
    SpokenName,
    Trust,
    Variant,
)
from radio_archive.model.bands import floor_of, floors_from
from radio_archive.search import SearchIndex
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import (
    added,
    dated,
    make_passage,
)

WORDS = [
    *("mali", "Mali", "Malí", "école", "ecole", "écoles", "l'école", "plate-forme", "plateforme"),
    *("plate", "forme", "le", "la", "10 000", "10000", "M.O.C.", "MOC", "crime", "crimes", "Gao"),
    *("gouvernement", "gouvernemant", "gouvernments", "a", "boori", "aboori", "plat", "tumutu"),
]
LANGUAGES = ["fr", "bm", "ffm", "taq", "ses", "snk", "dts"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
TYPED = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(lambda word: f"-{word}"),
        st.sampled_from(["éco*", "eco*", "mal*", "pla*", "crim*", "OR", "language:bm"]),
        st.sampled_from(["trust:good", "trust:weak"]),
        PHRASES.map(lambda words: f'"{words}"'),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
ADDED = st.builds(
    added,
    PHRASES,
    st.sampled_from([Origin.ALIAS, Origin.TRANSLATION]),
    st.sampled_from([None, *LANGUAGES]),
)
DATES = st.builds(
    AirDate,
    month=st.sampled_from([9, 10]),
    day=st.sampled_from([16, 17]),
    year=st.sampled_from([None, 2014, 2015]),
)
VARIANTS = st.one_of(
    st.builds(
        lambda terms, origin, date: Variant(
            required=tuple((term,) for term in terms), origin=origin, aired=date
        ),
        st.lists(ADDED, min_size=1, max_size=2),
        st.sampled_from([Origin.ALIAS, Origin.TRANSLATION]),
        st.one_of(st.none(), DATES),
    ),
    st.builds(dated, DATES, st.one_of(st.just(""), PHRASES)),
)
NAMED = (
    SpokenName(name="Mali", terms=(added("Mali"), added("plate forme", language="fr"))),
    SpokenName(name="Gao", terms=(added("gao", language="bm"), added("la crime"))),
    SpokenName(name="MOC", terms=(added("M.O.C."), added("10 000"))),
)
MENTIONS = st.lists(st.sampled_from([each.terms for each in NAMED]), max_size=2).map(tuple)
PASSAGES = st.tuples(
    TEXTS,
    st.sampled_from(LANGUAGES),
    st.sampled_from([Trust.MACHINE, Trust.MACHINE_WEAK, Trust.IMPORTED]),
    st.sampled_from([None, *Band]),
    st.sampled_from([None, 2014, 2015]),
)


@st.composite
def queries(draw: st.DrawFn) -> Query | None:
    """What somebody types, with names and translations added; None when it is refused."""
    matching = draw(st.sampled_from(["", "", "is_exact_only", "is_close"]))
    filters = QueryFilters(
        page_size=50,
        is_exact_only=matching == "is_exact_only",
        is_close=matching == "is_close",
    )
    try:
        query = parse_query(draw(TYPED), filters)
    except (BadQuery, UnknownLanguage):
        return None
    required = tuple((*group, *draw(st.lists(ADDED, max_size=1))) for group in query.required)
    variants = tuple(draw(st.lists(VARIANTS, max_size=1)))
    return replace(query, required=required, variants=variants, mentions=draw(MENTIONS))


@pytest.mark.parametrize("make", [WhooshIndex, TantivyIndex])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(PASSAGES, min_size=1, max_size=8),
    asked=st.lists(queries(), min_size=1, max_size=12),
)
def test_it_finds_what_reading_everything_finds(
    tmp_path_factory: pytest.TempPathFactory,
    make: Callable[[Path], SearchIndex],
    texts: list[tuple[str, str, Trust, Band | None, int | None]],
    asked: list[Query | None],
) -> None:
    passages = [
        replace(
            make_passage(f"b{number // 3}", number, text, language, (None, year)),
            trust=trust,
            band=band,
        )
        for number, (text, language, trust, band, year) in enumerate(texts)
    ]
    index, plain = make(tmp_path_factory.mktemp("index")), MemoryIndex()
    index.rebuild(passages)
    plain.rebuild(passages)
    for query in filter(None, asked):
        found, expected = index.search(query, NAMED), plain.search(query, NAMED)
        assert found.total == expected.total, query
        assert {(h.broadcast_id, h.number) for h in found.hits} == {
            (h.broadcast_id, h.number) for h in expected.hits
        }, query
        assert found.facets == expected.facets
        if query.has_terms:
            searched = [p for p in passages if query.language in (None, p.language)]
            if query.floor is not None:
                searched = [p for p in searched if floor_of(p) in floors_from(query.floor)]
            shown = [make_snippet(passage, query) for passage in searched]
            assert sum(snippet is not None for snippet in shown) == found.total, query
