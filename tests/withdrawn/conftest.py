"""An archive of one's own, out of which something may be taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.stocking import Stock, stock_archive

from radio_archive.web import create_app


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    """A filled archive."""
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    """A reader's browser, in French."""
    with TestClient(create_app(stock.archive), headers={"accept-language": "fr"}) as client:
        yield client
