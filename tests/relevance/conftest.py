"""Archives of real text, filled once for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.relevance import texts
from tests.relevance.station import Station, open_station
from tests.relevance.texts import LANGUAGE_DATA


@pytest.fixture(scope="session")
def language_data() -> Path:
    """Real text in the languages of the archive, beside the checkout."""
    if not LANGUAGE_DATA.is_dir():
        pytest.skip("the texts (../shared/data/languages) are not beside this checkout")
    return LANGUAGE_DATA


@pytest.fixture(scope="session")
def griots(language_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """Three griots' programmes in Bambara, with their French track, in one archive."""
    with open_station(tmp_path_factory.mktemp("griots"), texts.jeli()) as station:
        yield station


@pytest.fixture(scope="session")
def sample_station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """The sample broadcasts, as they were spoken."""
    with open_station(tmp_path_factory.mktemp("samples"), texts.samples()) as station:
        yield station
