"""Workers of two machines are killed again and again: nothing is lost, nothing is done twice."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

from radio_archive.archive import open_archive
from radio_archive.db import Database
from tests.support.archives import settings_for
from tests.support.fleet import Fleet, Reclaiming, Watch, stock

BROADCASTS = 60
KILLS = 10
WORKERS = 4
ENGINE_S = 0.1
PATIENCE_S = 240


def test_every_broadcast_is_written_down_once_each_whoever_is_killed(
    database: Database, tmp_path: Path
) -> None:
    url = "" if database.is_sqlite else database.url
    settings = replace(settings_for(tmp_path / "home"), database_url=url)
    ids = stock(settings, BROADCASTS, tmp_path)
    if database.is_sqlite:
        database = Database(f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}")
    watch, chance = Watch(database), random.Random(20141016)
    reclaiming = Reclaiming(watch)
    fleet = Fleet(settings=settings, engine_s=ENGINE_S)
    fleet.start(WORKERS)
    kills, end = 0, time.monotonic() + PATIENCE_S
    try:
        while reclaiming.look() or watch.held() or watch.searchable() < BROADCASTS:
            assert time.monotonic() < end, "waited too long"
            done = len(watch.transcripts())
            if kills < KILLS and done * KILLS >= kills * BROADCASTS * 0.8:
                # what kills its workers three times is given up: see test_jobs
                spared = {process for process, tries in watch.held().values() if tries > 1}
                reclaiming.note({fleet.kill(chance, spared)})
                kills += 1
            time.sleep(0.05)
    finally:
        fleet.stop()
    assert kills >= KILLS - 2
    assert watch.transcripts() == dict.fromkeys(ids, 1)
    assert max(reclaiming.seconds, default=0) < 90
    with open_archive(settings) as archive:
        status = archive.status()
        assert status.jobs_failed == 0
        assert status.passages == watch.passages()
        assert not {"transcribe", "index"} & status.jobs_waiting.keys()
    if database.is_sqlite:
        database.close()
