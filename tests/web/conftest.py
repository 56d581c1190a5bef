"""A real archive with a few broadcasts, and the web application over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from radio_archive.archive import Archive
from radio_archive.web import create_app
from tests.web.stocking import Stock, stock_archive

# a machine that has other work draws late
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """The archive all pages are tried on; nothing changes it."""
    with stock_archive(tmp_path_factory.mktemp("home")) as stock:
        yield stock


@pytest.fixture(scope="session")
def archive(stock: Stock) -> Archive:
    """The open archive."""
    return stock.archive


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    """A browser without scripts, its cookies thrown away after each test."""
    with TestClient(create_app(archive)) as client:
        yield client


@pytest.fixture(scope="session")
def home(archive: Archive) -> Path:
    """The archive's folder."""
    return archive.settings.home
