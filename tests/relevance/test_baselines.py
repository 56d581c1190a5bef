"""The baselines are what they claim to be, so that nothing is won against a straw man."""

from __future__ import annotations

import pytest

from tests.relevance.baselines import Baseline, SqliteFts5, WhooshDefault
from tests.relevance.station import Station, key_of


@pytest.fixture(scope="module", params=[WhooshDefault, SqliteFts5])
def baseline(request: pytest.FixtureRequest, sample_station: Station) -> Baseline:
    return request.param(sample_station.passages)  # type: ignore[no-any-return]


def test_it_finds_words_without_their_accents(baseline: Baseline, sample_station: Station) -> None:
    texts = {key_of(passage): passage.text for passage in sample_station.passages}
    found = baseline.search("Secheresse", "fr")
    assert found
    assert all("sécheresse" in texts[key] for key in found)


def test_it_wants_all_words_in_one_passage(baseline: Baseline, sample_station: Station) -> None:
    texts = {key_of(passage): passage.text.casefold() for passage in sample_station.passages}
    wanted = {key for key, text in texts.items() if "trafic" in text and "drogue" in text}
    assert set(baseline.search("trafic drogue", "fr")) == wanted


def test_it_keeps_to_the_language(baseline: Baseline) -> None:
    assert not baseline.search("drogue", "bm")


def test_nothing_typed_is_an_operator(baseline: Baseline) -> None:
    assert not baseline.search('trafic" OR "xyz* NOT (', "fr")
