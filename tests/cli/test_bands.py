"""Hits whose text the machine was not sure of, on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from radio_archive.model import Band
from tests.cli.running import Run
from tests.support.making import make_segment, make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive


def test_they_are_marked_and_the_mark_is_explained(run: Run, tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (_, catalogue):
        segments = (
            replace(make_segment("Le riz recule à Bamako.", 0), band=Band.GOOD),
            replace(make_segment("Le riz un coeur d'onir.", 60_000), band=Band.UNSURE),
        )
        found = put_broadcast(catalogue)
        add_transcript(catalogue, found, replace(make_transcript(), segments=segments))
    assert run("reindex", home=tmp_path)[0] == 0

    status, out, err = run("search", "riz", home=tmp_path)
    assert status == 0, err
    hits = [line.split(maxsplit=1)[1] for line in out.splitlines()[1:]]
    assert hits == ["Le riz recule à Bamako.", "? Le riz un coeur d'onir."]
    assert "marked ?" in err

    status, out, err = run("search", "riz", "--trust", "good", home=tmp_path)
    assert status == 0, err
    assert [line.split(maxsplit=1)[1] for line in out.splitlines()[1:]] == hits[:1]
    assert "marked ?" not in err
    status, _, err = run("search", "riz", "--trust", "sure", home=tmp_path)
    assert status != 0
    assert "trust:good or trust:weak" in err
