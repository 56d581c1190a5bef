"""What every ``SearchIndex`` promises, of the one in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive.search import SearchIndex
from radio_archive.search.postgresql_index import PostgresqlIndex
from tests.contracts.indexes import OpenedIndex
from tests.contracts.test_index_dates import IndexDatesContract
from tests.contracts.test_index_names import IndexNamesContract
from tests.contracts.test_index_pages import IndexPagesContract
from tests.contracts.test_index_upkeep import IndexUpkeepContract
from tests.contracts.test_search_index import SearchIndexContract
from tests.support.postgresql import PostgresqlServer

#: seconds a search may take: more than a busy machine needs, for the server's time counts as well
PATIENCE_S = 30.0


class InPostgresql(OpenedIndex):
    """Makes the index in a server of the tests' own."""

    @pytest.fixture(autouse=True)
    def _server(self, postgresql_server: PostgresqlServer) -> None:
        self._url = postgresql_server.url

    def make(self, folder: Path) -> SearchIndex:
        return PostgresqlIndex(self._url, time_limit_s=PATIENCE_S)


class TestSearch(InPostgresql, SearchIndexContract):
    pass


class TestPages(InPostgresql, IndexPagesContract):
    pass


class TestDates(InPostgresql, IndexDatesContract):
    pass


class TestNames(InPostgresql, IndexNamesContract):
    pass


class TestUpkeep(InPostgresql, IndexUpkeepContract):
    pass
