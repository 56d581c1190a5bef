"""Whoosh and Tantivy answer one corpus alike, hit by hit: order, scores, facets, totals, marks.

Scores agree to four digits, for Tantivy computes with four bytes; where two broadcasts differ less
than that, either may come first. In everything else the answers are the same.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.names import Names
from radio_archive.model import (
    Band,
    IndexHit,
    IndexPage,
    Passage,
    ProgrammeId,
    Query,
    Sort,
    TranscriptKind,
    Trust,
)
from radio_archive.search import SearchIndex
from radio_archive.search.expansion import expand, spoken_names
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from tests.contracts.indexes import make_passage

#: how far two engines' scores of one passage may be apart, as a share of them
NEAR = 1e-4

NAMES, LEXICON = Names.load(), Lexicon.load()
COUNTED = spoken_names(NAMES)

#: words that are said, the first most often
SAID = {
    "fr": """
        le la les de un une et à crime crimes organisé organisée organisés gouvernement
        gouvernemant gouvernements ministre ministres Mali Bamako Tombouctou Tumutu Gao
        école écoles ecole élèves élève élevé plate-forme plateforme plate forme riz mil
        prix francs marché marchés sécurité armée armées paix accord accords santé
        médecin médecins l'école d'eau eau pluie pluies AQMI
    """,
    "bm": """
        mɔgɔ mogo mɔgɔw bɛ be ka kɔnɔ sɔrɔ soro dugu duguw fɔra fɔ Mali Gao Tumutu kalan
        kalanso lakɔli dɔgɔtɔrɔ ji sanji san kelen fila a boori aboori
    """,
    "ffm": """
        leydi leyɗe wuro gure ndiyam yimɓe neɗɗo haala haalooji Mali Gao jam janngo
    """,
    "en": """
        the crime crimes organised organized government school schools peace Mali rice
    """,
}
SPOKEN = {tag: words.split() for tag, words in SAID.items()}


def make_corpus(count: int = 900) -> Iterator[Passage]:
    """Passages of every language, trust, band, kind, length and date; always the same."""
    chance = random.Random(20141016)
    for number in range(count):
        language = chance.choices(list(SPOKEN), [6, 3, 2, 1])[0]
        words = SPOKEN[language]
        weights = [1 / (place + 1) for place in range(len(words))]
        text = " ".join(chance.choices(words, weights, k=chance.randint(5, 140)))
        aired = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(hours=number // 9 * 29)
        name = hashlib.sha256(b"%d" % (number // 9)).hexdigest()[:16]
        passage = make_passage(name, number % 9, text, language)
        is_translation = language == "en" or chance.random() < 0.05
        yield replace(
            passage,
            programme_id=chance.choice([None, *map(ProgrammeId, ("journal", "dialogue"))]),
            aired_at=None if number // 9 % 11 == 0 else aired,
            trust=chance.choice([Trust.MACHINE, Trust.MACHINE_WEAK, Trust.CHECKED]),
            band=chance.choice([None, *Band]),
            kind=TranscriptKind.TRANSLATION if is_translation else TranscriptKind.MACHINE,
        )


TYPED = [
    *("crime", "école", "ecole", "Écoles", "élèves", "mɔgɔ", "mogo", "Mali", "gouvernement"),
    *("crime organisé", "le crime", "riz mil prix", "riz OR mil", "eau -pluie", "absent"),
    *('"crime organisé"', '"le ministre"', '"la plate forme"', '"l\'école de"', 'mali -"le mali"'),
    *("plate-forme", "plate forme", "a boori", "aboori", "éco*", "gouv*", "mɔg*", "crim* riz"),
    *("language:bm", "programme:journal mali", "after:2013-03 accord", "before:2013-04", "jam"),
    *("trust:good paix", "trust:weak", "", "organised crime", "Tombouctou", "Bamako accord"),
    *("16 janvier 2013", "crime 16 janvier", "crime janvier 2013", "haala", "leyɗe", "neɗɗo jam"),
    *("gouvernmant", "ministere", "organisation", "Bamaco"),
]


@pytest.fixture(scope="module")
def corpus() -> list[Passage]:
    return list(make_corpus())


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[Passage]
) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    folder: Path = tmp_path_factory.mktemp("engines")
    whoosh, tantivy = WhooshIndex(folder / "w"), TantivyIndex(folder / "t")
    for index in (whoosh, tantivy):
        index.rebuild(iter(corpus))
    yield whoosh, tantivy
    for index in (whoosh, tantivy):
        index.close()


def broadcasts_of(page: IndexPage) -> dict[str, list[IndexHit]]:
    """The hits of each broadcast, in order."""
    found: dict[str, list[IndexHit]] = {}
    for hit in page.hits:
        found.setdefault(hit.broadcast_id, []).append(hit)
    return found


def assert_alike(one: IndexPage, other: IndexPage, query: Query) -> None:
    """The same hits with the same scores, in the same order but for scores that are near."""
    assert (one.total, one.total_broadcasts) == (other.total, other.total_broadcasts), query
    assert one.in_translations == other.in_translations
    assert one.facets == other.facets, query
    ours, theirs = broadcasts_of(one), broadcasts_of(other)
    assert len(ours) == len(theirs)
    for (name, hits), (like, hits_there) in zip(ours.items(), theirs.items(), strict=True):
        best, best_there = hits[0].score, hits_there[0].score
        assert best == pytest.approx(best_there, rel=NEAR, abs=1e-9), query
        if name == like:
            scores = [hit.score for hit in hits]
            assert scores == pytest.approx([hit.score for hit in hits_there], rel=NEAR, abs=1e-9)
            assert [hit.number for hit in hits] == [hit.number for hit in hits_there], query
        else:  # near: then it stands beside
            assert query.sort is Sort.RELEVANCE
            beside = theirs.get(name) or ours.get(like)
            assert beside is None or beside[0].score == pytest.approx(best, rel=NEAR), query


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("typed", TYPED)
def test_both_engines_answer_alike(
    engines: tuple[SearchIndex, SearchIndex], corpus: list[Passage], typed: str, sort: Sort
) -> None:
    whoosh, tantivy = engines
    passages = {(each.broadcast_id, each.number): each for each in corpus}
    for matching in ("", "is_exact_only", "is_close"):
        for page in (1, 2):
            filters = QueryFilters(
                sort=sort,
                page=page,
                page_size=20,
                is_exact_only=matching == "is_exact_only",
                is_close=matching == "is_close",
            )
            query = expand(parse_query(typed, filters), NAMES, LEXICON)
            one, other = whoosh.search(query, COUNTED), tantivy.search(query, COUNTED)
            assert_alike(one, other, query)
            if query.has_terms:
                for hit in (*one.hits, *other.hits):
                    snippet = make_snippet(passages[hit.broadcast_id, hit.number], query)
                    assert snippet is not None, (query, hit)
            assert whoosh.suggest(query) == tantivy.suggest(query)


def test_both_engines_answer_alike_after_changes(tmp_path: Path, corpus: list[Passage]) -> None:
    whoosh, tantivy = WhooshIndex(tmp_path / "w"), TantivyIndex(tmp_path / "t")
    for index in (whoosh, tantivy):
        index.rebuild(corpus[:450])
        for first in range(0, 900, 90):
            some = corpus[first : first + 9]
            index.replace(some[0].broadcast_id, some if first % 180 else some[:4])
    for typed in ("crime", "mali", '"crime organisé"', "gouv*", "", "trust:good école"):
        query = parse_query(typed, QueryFilters(page_size=100))
        one, other = whoosh.search(query), tantivy.search(query)
        assert (one.total, one.facets) == (other.total, other.facets)
        assert {(hit.broadcast_id, hit.number) for hit in one.hits} == {
            (hit.broadcast_id, hit.number) for hit in other.hits
        }
