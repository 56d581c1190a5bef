"""Search by meaning on the command line, from the settings file on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from radio_archive.search.meaning.encoder import find_encoder
from tests.cli.running import Run
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

pytestmark = pytest.mark.skipif(
    find_encoder() is None, reason="the extra `meaning` is not installed"
)
QUESTION = "is organised crime a threat for Mali"


def test_a_station_switches_it_on_and_its_hits_are_marked(run: Run, tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (_, catalogue):
        said = make_transcript("Le crime organisé menace-t-il le Mali ? C'est notre question.")
        add_transcript(catalogue, put_broadcast(catalogue), said)
    (tmp_path / "radio-archive.toml").write_text('meaning_languages = ["fr", "en"]\n')
    assert run("reindex", home=tmp_path)[0] == 0
    status, out, err = run("search", QUESTION, home=tmp_path)
    assert status == 0
    assert "~ Le crime organisé" in out
    assert "Also searched by meaning" in err
    _, out, _ = run("search", QUESTION, "--json", home=tmp_path)
    assert [hit["match"] for hit in json.loads(out)["broadcasts"][0]["hits"]] == ["meaning"]
    _, out, _ = run("search", QUESTION, "--no-expansions", "--json", home=tmp_path)
    assert json.loads(out)["total"] == 0
