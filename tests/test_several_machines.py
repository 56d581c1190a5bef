"""A station on several machines: a replicated database, an object store, workers come and go.

Two machines with folders of their own share nothing but PostgreSQL and the store. Workers are
killed and added, the primary loses power and comes back; readers go on throughout.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import SearchOptions, open_archive
from radio_archive.db import Database
from radio_archive.settings import Settings
from radio_archive.web import create_app
from tests.support.archives import settings_for
from tests.support.fleet import Fleet, Machines, Watch, stock
from tests.support.object_store import BUCKET, KEYS, ObjectServer
from tests.support.postgresql import PostgresqlServer

MACHINES: Machines = (
    ("one", ("prepare", "transcribe", "index")),
    ("two", ("prepare", "transcribe")),
)
BROADCASTS = 16
PATIENCE_S = 240
AWAY_S = 5


@pytest.fixture
def settings(
    primary: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Of all machines, but for their names, folders and steps."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with primary.replica() as replica, ObjectServer() as store:
        store.make_bucket(BUCKET)
        yield replace(
            settings_for(tmp_path / "machines", primary.url),
            database_replica_url=replica.url,
            media_url=f"s3://{BUCKET}/studio",
            media_endpoint=store.endpoint,
        )


def wait_for(watch: Watch, count: int) -> None:
    """Until so many broadcasts are searchable."""
    end = time.monotonic() + PATIENCE_S
    while watch.searchable() < count:
        assert time.monotonic() < end, f"only {watch.searchable()} of {count} can be found"
        time.sleep(0.2)


def test_readers_go_on_and_nothing_is_lost_while_machines_and_the_primary_come_and_go(
    primary: PostgresqlServer, settings: Settings, tmp_path: Path
) -> None:
    first = replace(settings, home=settings.home / "one")
    ids = stock(first, BROADCASTS, tmp_path)
    watch = Watch(Database(primary.url))
    fleet = Fleet(
        settings=settings, engine_s=0.1, machines=MACHINES, are_apart=True, environment=KEYS
    )
    with open_archive(first, may_lag=True) as archive, TestClient(create_app(archive)) as reader:
        try:
            fleet.start(2)
            wait_for(watch, 3)
            fleet.start(2)  # a machine grows
            lost = fleet.lose_machine("two")  # and another loses power
            assert lost
            primary.stop("immediate")
            page = reader.get(f"/broadcasts/{ids[0]}", headers={"accept-language": "en"})
            assert page.status_code == 200
            assert "as it was a moment ago" in page.text
            time.sleep(AWAY_S)
            primary.start()
            fleet.start(2)
            wait_for(watch, BROADCASTS)
        finally:
            fleet.stop()
        assert watch.transcripts() == dict.fromkeys(ids, 1)
        assert archive.search("", SearchOptions(language="fr")).total == watch.passages()
        for identity in ids:
            part = reader.get(f"/media/{identity}.mp3", headers={"range": "bytes=0-99"})
            assert part.status_code == 206
            assert len(part.content) == 100
        assert archive.status().jobs_failed == 0
    assert not list(first.media_dir.rglob("*.mp3"))  # the sound lies in the store alone
