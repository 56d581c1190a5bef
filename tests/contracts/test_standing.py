"""A search asked of single broadcasts, without an engine, finds what every engine finds in all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.names import Names
from radio_archive.model import Passage
from radio_archive.search import SearchIndex
from radio_archive.search.expansion import expand
from radio_archive.search.query import parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.standing import answers_in
from tests.contracts.test_engines_agree import TYPED, make_corpus

NAMES, LEXICON = Names.load(), Lexicon.load()


@pytest.fixture(scope="module")
def corpus() -> list[Passage]:
    return list(make_corpus(300))


@pytest.fixture(scope="module", params=[WhooshIndex, TantivyIndex])
def index(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    corpus: list[Passage],
) -> Iterator[SearchIndex]:
    made: SearchIndex = request.param(tmp_path_factory.mktemp("standing"))
    made.rebuild(iter(corpus))
    yield made
    made.close()


@pytest.mark.parametrize("typed", TYPED)
def test_reading_finds_what_the_engine_finds(
    index: SearchIndex, corpus: list[Passage], typed: str
) -> None:
    query = expand(parse_query(typed), NAMES, LEXICON)
    read = {(passage.broadcast_id, passage.number) for passage, _ in answers_in(corpus, query)}
    page = index.search(query)
    assert len(read) == page.total
    assert {(hit.broadcast_id, hit.number) for hit in page.hits} <= read
