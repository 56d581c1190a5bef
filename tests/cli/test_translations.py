"""Hits in what a machine translated, on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from radio_archive.model import LanguageTag, TranscriptKind, Trust
from radio_archive.search.passages import split_passages
from tests.cli.running import Run
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive


def test_they_are_marked_announced_and_left_out_with_the_expansions(
    run: Run, tmp_path: Path
) -> None:
    with bare_archive(tmp_path) as (_, catalogue):
        found = put_broadcast(catalogue)
        add_transcript(catalogue, found, make_transcript("Le riz recule à Bamako."))
        said = catalogue.transcripts.find(found)
        assert said is not None
        made = make_transcript(
            "Rice falls in Bamako.", kind=TranscriptKind.TRANSLATION, trust=Trust.MACHINE_WEAK
        )
        english = replace(made, language=LanguageTag("en"), made_from=said.id)
        cut = split_passages(english, catalogue.broadcasts.get(found))
        catalogue.transcripts.add_track(found, english, cut)
    assert run("reindex", home=tmp_path)[0] == 0

    status, out, err = run("search", "Bamako", home=tmp_path)

    assert status == 0
    assert "= (Rough machine translation, do not quote.) Rice falls in Bamako." in out
    assert "Also searched in translations" in err
    _, out, err = run("search", "Bamako", "--no-expansions", home=tmp_path)
    assert "Le riz recule" in out
    assert "Rice falls" not in out
    assert "translations" not in err
