"""Voices the whole way: a sample bulletin, real weights, the transcript with its letters."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.model import Check, VoiceFinding, find_finding
from radio_archive.settings import Settings
from radio_archive.worker import run_worker
from tests.support.archives import SAMPLES, settings_for

NEWS = SAMPLES / "2016-11-02-journal.mp3"


def voices_of(archive: Archive) -> Check | None:
    """What `doctor` says of voices."""
    return next((check for check in archive.doctor() if check.name == "voices"), None)


@pytest.mark.weights
def test_the_sentences_of_a_bulletin_have_the_voice_that_reads_them(
    tmp_path: Path, whisper_base: None, voice_weights: Path
) -> None:
    with open_archive(replace(settings_for(tmp_path), voices=True)) as archive:
        assert voices_of(archive) == Check(
            name="voices", is_ok=True, finding="Probable changes of voice are marked."
        )
        (result,) = archive.add([str(NEWS)], AddOptions(language="fr"))
        assert result.broadcast_id is not None, result.error
        run_worker(archive, until_idle=True)
        transcript = archive.get_transcript(result.broadcast_id)
    assert find_finding(transcript) is VoiceFinding.TOLD_APART
    script = json.loads(NEWS.with_suffix(".script.json").read_text(encoding="utf-8"))["turns"]
    readers: dict[str, set[str]] = defaultdict(set)
    for segment in transcript.segments:
        middle = (segment.start_ms + segment.end_ms) / 2
        for turn in script:
            if segment.voice and turn["start_ms"] <= middle <= turn["end_ms"]:
                readers[segment.voice].add(turn["speaker"])
    assert [len(each) for each in readers.values()] == [1, 1]
    assert len(set.union(*readers.values())) == 2
    assert not any(segment.speaker for segment in transcript.segments)


def test_without_the_weights_doctor_names_the_command_that_fetches_them(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, models_dir=str(tmp_path / "models"), voices=True)
    with open_archive(settings) as archive:
        found = voices_of(archive)
        assert found is not None
        assert not found.is_ok
        assert found.remedy == "radio-archive models fetch resemblyzer/ge2e"
    with open_archive(replace(settings, voices=False)) as archive:
        assert voices_of(archive) is None
