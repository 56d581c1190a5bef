"""Transcripts of others in a real archive: stored, searched, exported, or refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from radio_archive.archive import (
    Archive,
    ImportOptions,
    SearchOptions,
    TranscriptChoice,
    open_archive,
)
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import (
    BadImport,
    BadInput,
    NotFound,
    RadioArchiveError,
    UnknownFormat,
    UnknownLanguage,
)
from radio_archive.importing import MAX_BYTES
from radio_archive.jobs import Jobs
from radio_archive.model import (
    BroadcastId,
    BroadcastState,
    JobKind,
    LanguageTag,
    Outcome,
    TranscriptKind,
    Trust,
)
from radio_archive.search.storage import writer_lock
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast

GRIOTS = """1
00:00:01,000 --> 00:00:20,000
An bɛ baro de la.
On est en causerie.

2
00:00:05,000 --> 00:00:20,000
I ni sɔgɔma.
Bonjour.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An archive, and the way round its front door."""

    path: Path
    archive: Archive
    catalogue: Catalogue

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def put(self, guid: str = "griots", language: str = "bm") -> BroadcastId:
        return put_broadcast(self.catalogue, guid, language=language)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_archive(settings_for(tmp_path)) as archive:
        database = Database(f"sqlite:///{tmp_path / 'media' / 'catalogue.sqlite'}")
        yield Home(path=tmp_path, archive=archive, catalogue=Catalogue(database))
        database.close()


def found(home: Home, text: str) -> list[tuple[str, str, int]]:
    page = home.archive.search(text, SearchOptions())
    return [
        (hit.language, hit.match, hit.start_ms) for group in page.broadcasts for hit in group.hits
    ]


def test_an_import_is_current_and_searchable_at_once(home: Home) -> None:
    identity = home.put()
    home.catalogue.broadcasts.set_problem(identity, BroadcastState.NOT_TRANSCRIBED, "No engine.")
    text = "1\n00:00:01,000 --> 00:00:02,000\nAn bɛ baro de la.\n"
    result = home.archive.import_transcript(identity, home.write("a.srt", text))
    assert (result.outcome, result.is_searchable) == (Outcome.ADDED, True)
    assert home.archive.get_broadcast(identity).state is BroadcastState.TRANSCRIBED
    transcript = home.archive.get_transcript(identity)
    assert (transcript.kind, transcript.trust) == (TranscriptKind.IMPORTED, Trust.IMPORTED)
    assert dict(transcript.parameters) == {"file": "a.srt", "format": "srt", "encoding": "utf-8"}
    assert [(language, start) for language, _, start in found(home, "baro")] == [("bm", 1_000)]
    assert home.catalogue.reports.without(JobKind.TRANSCRIBE) == []


def test_two_languages_become_the_transcript_and_its_translation(home: Home) -> None:
    identity = home.put()
    path = home.write("griots.srt", GRIOTS)
    result = home.archive.import_transcript(identity, path, ImportOptions(language="bam+fr"))
    assert [(track.language, track.kind, track.is_current) for track in result.tracks] == [
        ("bm", TranscriptKind.IMPORTED, True),
        ("fr", TranscriptKind.TRANSLATION, False),
    ]
    assert result.notes == ("1 cue claiming to go on after the next, or the recording, cut short.",)
    assert home.archive.get_transcript(identity).text == "An bɛ baro de la.\nI ni sɔgɔma."
    assert [language for language, *_ in found(home, "sɔgɔma")] == ["bm"]
    assert [(language, match) for language, match, _ in found(home, "causerie")] == [
        ("fr", "translated")
    ]
    choice = TranscriptChoice(kind=TranscriptKind.TRANSLATION)
    assert b"Bonjour." in home.archive.export(identity, "srt", choice).content
    choice = TranscriptChoice(language=LanguageTag("fra"))
    assert "sɔgɔma" not in home.archive.export(identity, "srt", choice).content.decode()


def test_importing_the_same_text_again_changes_nothing(home: Home) -> None:
    identity = home.put()
    path = home.write("griots.srt", GRIOTS)
    options = ImportOptions(language="bm+fr")
    home.archive.import_transcript(identity, path, options)
    version = home.catalogue.transcripts.version_of(identity)
    again = home.archive.import_transcript(identity, path, options)
    assert again.outcome is Outcome.UNCHANGED
    assert home.catalogue.transcripts.version_of(identity) == version


def test_two_lines_that_nobody_explained_are_kept_and_asked_about(home: Home) -> None:
    identity = home.put()
    cues = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\nsɔgɔma {n}\nmatin {n}\n\n"
        for n in range(1, 13)
    )
    result = home.archive.import_transcript(identity, home.write("a.srt", cues))
    assert "--language bm+TAG" in result.notes[0]
    assert "matin 1" in home.archive.get_transcript(identity).text


def test_another_language_than_the_broadcast_s_is_a_track(home: Home) -> None:
    identity = home.put()
    text = "[00:05] Merci et bonsoir."
    options = ImportOptions(language="français")
    result = home.archive.import_transcript(identity, home.write("a.txt", text), options)
    assert [(track.kind, track.is_current) for track in result.tracks] == [("imported", False)]
    assert home.archive.get_broadcast(identity).state is BroadcastState.WAITING
    assert [language for language, *_ in found(home, "bonsoir")] == ["fr"]


@pytest.mark.parametrize(("told", "expected"), [("bm", "bm"), (None, "und")])
def test_a_broadcast_without_language_takes_only_one_that_was_said(
    home: Home, told: str | None, expected: str
) -> None:
    identity = home.put(language="und")
    path = home.write("a.txt", "[00:05] An bɛ baro de la.")
    home.archive.import_transcript(identity, path, ImportOptions(language=told))
    assert home.archive.get_broadcast(identity).language == expected
    assert home.archive.get_transcript(identity).language == expected


def test_a_translation_does_not_say_what_is_spoken(home: Home) -> None:
    identity = home.put(language="und")
    path = home.write("a.txt", "[00:05] We are chatting.")
    options = ImportOptions(language="en", kind="translation")
    home.archive.import_transcript(identity, path, options)
    assert home.archive.get_broadcast(identity).language == "und"
    assert home.archive.find_transcript(identity) is None
    assert [match for _, match, _ in found(home, "chatting")] == ["translated"]


def test_whisper_on_a_language_it_does_not_know_is_weak(home: Home) -> None:
    segments = '[{"start": 0, "end": 1, "text": "ambe barode la", "avg_logprob": -1}]'
    path = home.write("a.json", f'{{"segments": {segments}, "language": "bm"}}')
    for language, trust in (("bm", Trust.MACHINE_WEAK), ("und", Trust.MACHINE_WEAK)):
        identity = home.put(language, language)
        home.archive.import_transcript(identity, path)
        assert home.archive.get_transcript(identity).trust is trust


def test_a_queued_transcription_leaves_what_people_wrote(home: Home) -> None:
    identity = home.put(language="fr")
    jobs = Jobs(home.archive._database)
    jobs.put(JobKind.TRANSCRIBE, [identity])
    home.archive.import_transcript(identity, home.write("a.txt", "[00:05] Bonsoir."))
    job = home.archive.claim()
    assert job is not None
    result = home.archive.run(job, lambda job, progress: None, lambda: False)
    assert result is not None
    assert result.is_done
    assert home.archive.get_transcript(identity).text == "Bonsoir."


def test_while_another_process_writes_the_index_the_text_is_kept_for_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = home.put()
    path = home.write("a.txt", "[00:05] An bɛ baro de la.")
    index = home.archive._parts.index()
    engine = index._get("whoosh")  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "_lock_timeout_s", 0.1)
    with writer_lock(index._folder, 1):  # type: ignore[attr-defined]
        result = home.archive.import_transcript(identity, path)
    assert not result.is_searchable
    assert home.catalogue.reports.without(JobKind.INDEX, expected=index.fingerprint) == [
        (identity, "bm")
    ]
    home.archive.plan()
    job = home.archive.claim()
    assert job is not None
    assert job.kind is JobKind.INDEX
    home.archive.run(job, lambda job, progress: None, lambda: False)
    assert [language for language, *_ in found(home, "baro")] == ["bm"]


@pytest.mark.parametrize(
    ("name", "content", "options", "error"),
    [
        ("a.srt", GRIOTS, ImportOptions(language="bambra"), UnknownLanguage),
        ("a.srt", GRIOTS, ImportOptions(language="bm+fr+en"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(language="bm+bam"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(language="bm+"), UnknownLanguage),
        ("a.srt", GRIOTS, ImportOptions(language="und"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(kind="corrected"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(kind="translation"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(kind="translation", language="bm"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(kind="translation", language="bm+fr"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(language="fr+bm"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(encoding="klingon"), BadInput),
        ("a.srt", GRIOTS, ImportOptions(format_name="pdf"), UnknownFormat),
        ("a.docx", GRIOTS, ImportOptions(), UnknownFormat),
        ("a.vtt", "WEBVTT\nLanguage: fr\n\n00:01.000 --> 00:02.000\nun", ImportOptions(), BadInput),
        ("a.txt", "[00:05] An bɛ baro de la.", ImportOptions(language="bm+fr"), BadImport),
        ("a.srt", b"", ImportOptions(), BadImport),
        ("a.srt", b"\xff\xfb\x90\x00" * 99, ImportOptions(), BadImport),
        ("a.srt", "Bonsoir.", ImportOptions(), BadImport),
        ("a.srt", "1\n30:00:00,000 --> 30:00:01,000\nun\n", ImportOptions(), BadImport),
        ("a.srt", "1\n00:09:00,000 --> 00:09:01,000\nun\n", ImportOptions(), BadImport),
        ("a.srt", b" " * (MAX_BYTES + 1), ImportOptions(), BadImport),
        ("missing.srt", None, ImportOptions(), NotFound),
    ],
)
def test_what_cannot_be_used_leaves_the_archive_as_it_was(
    home: Home,
    name: str,
    content: str | bytes | None,
    options: ImportOptions,
    error: type[RadioArchiveError],
) -> None:
    identity = home.put()
    home.catalogue.transcripts.add(identity, make_transcript("baro"), [])
    before = home.catalogue.transcripts.version_of(identity)
    path = home.path / name if content is None else home.write(name, content)
    with pytest.raises(error) as refusal:
        home.archive.import_transcript(identity, path, options)
    assert refusal.value.hint
    assert home.catalogue.transcripts.version_of(identity) == before
    assert home.archive.get_transcript(identity).text == "baro"


def test_the_real_griots_come_in_as_two_tracks(home: Home, shared_data: Path) -> None:
    identity = put_broadcast(home.catalogue, "r1", language="bm", duration_ms=3_600_000)
    path = shared_data / "languages" / "bam_jeli_srt" / "griots_r1.srt"
    options = ImportOptions(language="bm+fr")
    result = home.archive.import_transcript(identity, path, options)
    assert [(track.language, track.segments) for track in result.tracks] == [
        ("bm", 980),
        ("fr", 980),
    ]
    assert result.notes == (
        "727 cues claiming to go on after the next, or the recording, cut short.",
    )
    assert {language for language, *_ in found(home, "nisɔndiya")} == {"bm"}
    assert all(match == "translated" for _, match, _ in found(home, "causerie"))
    assert found(home, "causerie")
    passages = home.catalogue.transcripts.passages_of(identity)
    assert [passage.number for passage in passages] == list(range(len(passages)))
    assert {passage.kind for passage in passages} == {"imported", "translation"}


def test_the_real_kallaama_programmes_come_in_with_their_speakers(
    home: Home, shared_data: Path
) -> None:
    path = shared_data / "languages" / "ful_kallaama_fuc_stm" / "fuc_33412.stm"
    identity = put_broadcast(home.catalogue, "fuc", language="ffm", duration_ms=2_100_000)
    result = home.archive.import_transcript(identity, path)
    assert result.tracks[0].segments == 127
    transcript = home.archive.get_transcript(identity)
    assert transcript.segments[0].speaker == "locuteur1"
    assert ":fra" not in transcript.text
