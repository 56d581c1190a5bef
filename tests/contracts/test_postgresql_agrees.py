"""PostgreSQL finds what Whoosh finds, in the same order with the same scores."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radio_archive.model import Band, BroadcastId, IndexPage, Passage, Query, TranscriptKind, Trust
from radio_archive.search.postgresql_index import PostgresqlIndex
from radio_archive.search.whoosh_index import WhooshIndex
from tests.contracts.indexes import make_passage
from tests.contracts.test_indexes_agree import NAMED, PASSAGES, queries
from tests.support.postgresql import PostgresqlServer

Said = tuple[str, str, Trust, Band | None, int | None]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.tuples(PASSAGES, st.booleans()), min_size=1, max_size=10),
    asked=st.lists(queries(), min_size=1, max_size=12),
)
def test_postgresql_answers_as_whoosh_does(
    tmp_path_factory: pytest.TempPathFactory,
    postgresql_server: PostgresqlServer,
    texts: list[tuple[Said, bool]],
    asked: list[Query | None],
) -> None:
    passages = [_passage(number, *each) for number, each in enumerate(texts)]
    last = passages[-1].broadcast_id
    postgresql = PostgresqlIndex(postgresql_server.url, time_limit_s=30)
    whoosh = WhooshIndex(tmp_path_factory.mktemp("index"))
    with closing(postgresql), closing(whoosh):
        for index in (postgresql, whoosh):
            index.rebuild(each for each in passages if each.broadcast_id != last)
            index.replace(last, [each for each in passages if each.broadcast_id == last])
        for query in filter(None, asked):
            expected = _comparable(whoosh.search(query, NAMED))
            assert _comparable(postgresql.search(query, NAMED)) == expected, query
            assert postgresql.suggest(query) == whoosh.suggest(query), query


def _passage(number: int, said: Said, is_translation: bool) -> Passage:
    text, language, trust, band, year = said
    passage = make_passage(f"b{number // 3}", number, text, language, (None, year))
    kind = TranscriptKind.TRANSLATION if is_translation else TranscriptKind.MACHINE
    return replace(passage, trust=trust, band=band, kind=kind)


def _comparable(page: IndexPage) -> tuple[object, ...]:
    hits: list[tuple[BroadcastId, int, object]] = [
        (hit.broadcast_id, hit.number, pytest.approx(hit.score)) for hit in page.hits
    ]
    counts = (page.total, page.total_broadcasts, page.in_translations)
    return hits, counts, dict(page.facets)
