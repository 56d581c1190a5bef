"""Recordings in a folder, real files on a real disk."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.errors import IngestError
from radio_archive.media import EXTENSIONS
from radio_archive.model import NewBroadcast, RecordingKey
from radio_archive.sources import folder
from radio_archive.sources.folder import describe_file, find_recordings

KEY = RecordingKey("a" * 64)
OLD = time.time() - 3600


def put(path: Path, content: bytes = b"sound", modified: float = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def describe(path: Path, **sidecar: object) -> NewBroadcast:
    if sidecar:
        path.with_suffix(".json").write_text(json.dumps(sidecar), encoding="utf-8")
    return describe_file(path, KEY)


def names(root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in find_recordings(root)]


def test_recordings_are_found_in_order_in_all_subfolders(tmp_path: Path) -> None:
    for name in ("b/2.mp3", "a.WAV", "b/1.ogg", "c/d/e.flac", "b/10.opus"):
        put(tmp_path / name)
    assert names(tmp_path) == ["a.WAV", "b/1.ogg", "b/10.opus", "b/2.mp3", "c/d/e.flac"]


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "a.json", "a.script.json", "a.mp3.part", "a.mp3.tmp", ".a.mp3", "~a.mp3",
     ".cache/a.mp3", "noending", "a.m3u8"],
)  # fmt: skip
def test_what_is_no_finished_recording_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    assert names(tmp_path) == []


def test_an_empty_file_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "a.mp3", b"")
    assert names(tmp_path) == []


def test_links_are_followed_only_inside_the_folder(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "secret.mp3")
    inside = put(tmp_path / "root" / "a.mp3")
    (tmp_path / "root" / "leaving.mp3").symlink_to(outside)
    (tmp_path / "root" / "leaving").symlink_to(outside.parent)
    (tmp_path / "root" / "staying.mp3").symlink_to(inside)
    (tmp_path / "root" / "round").symlink_to(tmp_path / "root")
    (tmp_path / "root" / "broken.mp3").symlink_to(tmp_path / "nowhere.mp3")
    assert names(tmp_path / "root") == ["a.mp3", "staying.mp3"]


def test_what_cannot_be_read_is_told_and_the_rest_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to(tmp_path / "a.mp3")
    put(tmp_path / "b.mp3")
    told: list[OSError] = []
    found = [path.name for path in find_recordings(tmp_path, on_unreadable=told.append)]
    assert found == ["b.mp3"]
    assert [Path(error.filename).name for error in told] == ["a.mp3"]


def test_a_file_still_being_copied_is_left_for_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "slow.mp3", modified=time.time())

    def copy_meanwhile(_seconds: float) -> None:
        with path.open("ab") as stream:
            stream.write(b"more")

    with monkeypatch.context() as copying:
        copying.setattr(time, "sleep", copy_meanwhile)
        assert names(tmp_path) == []
    assert names(tmp_path) == ["slow.mp3"]


def test_every_ending_looked_for_can_be_kept() -> None:
    assert set(EXTENSIONS) >= folder._SUFFIXES


@pytest.mark.parametrize(
    ("stem", "language", "day"),
    [
        ("JOURNAL_TAMASHEQ-2016-07-11", "taq", (2016, 7, 11)),
        ("JOURNAL_TAMASHAQ-2016-07-12", "taq", (2016, 7, 12)),
        ("JOURNAL_TAMASHEQ_-_2016-08-02", "taq", (2016, 8, 2)),
        ("JOURNAL_TAMASHEQ_2018_11-14", "taq", (2018, 11, 14)),
        ("JOURNAL_TAMASHEQ-_2018_-_02-14", "taq", (2018, 2, 14)),
        ("JOURNAL_TAMASHEQ_-2018_-_02_-_23", "taq", (2018, 2, 23)),
        ("journal_sonrhaï_20200812", "ses", (2020, 8, 12)),
    ],
)
def test_a_file_name_tells_language_day_and_programme(
    tmp_path: Path, stem: str, language: str, day: tuple[int, int, int]
) -> None:
    new = describe(put(tmp_path / f"{stem}.mp3"))
    assert (new.source, new.guid) == ("file", KEY)
    assert new.language == language
    assert new.aired_at == datetime(*day, 12, tzinfo=UTC)
    assert new.programme is not None
    assert new.programme.language == language
    assert new.title.startswith(f"{new.programme.title} du {day[2]} ")


def test_the_edition_in_a_file_name_gives_the_hour(tmp_path: Path) -> None:
    new = describe(put(tmp_path / "Journal_Bambara_2020-08-12_soir.mp3"))
    assert new.aired_at == datetime(2020, 8, 12, 18, tzinfo=UTC)
    assert new.title == "Journal en bambara du 12 août 2020 (soir)"


def test_a_name_that_tells_nothing_is_the_title(tmp_path: Path) -> None:
    new = describe(put(tmp_path / "entretien__avec la marchande.mp3"))
    assert new.title == "entretien avec la marchande"
    assert (new.language, new.aired_at, new.programme) == (None, None, None)


def test_a_sidecar_wins_over_the_name(tmp_path: Path) -> None:
    new = describe(
        put(tmp_path / "JOURNAL_TAMASHEQ-2016-07-11.mp3"),
        programme={"id": "magazine-sante", "title": "Magazine santé", "description": "Inventé."},
        title="Dormir au frais",
        language="fr",
        aired_at="2015-08-19T10:30:00Z",
        guests=["Oumou Exemple", "Oumou Exemple", " "],
        summary="Un sujet\ninventé.",
        source_url=None,
        synthetic=True,
        licence="CC0-1.0",
    )
    assert new.programme is not None
    assert (new.programme.id, new.programme.description) == ("magazine-sante", "Inventé.")
    assert (new.title, new.language) == ("Dormir au frais", "fr")
    assert new.aired_at == datetime(2015, 8, 19, 10, 30, tzinfo=UTC)
    assert (new.guests, new.summary) == (("Oumou Exemple",), "Un sujet\ninventé.")
    assert new.is_synthetic


def test_what_a_sidecar_leaves_out_comes_from_the_name(tmp_path: Path) -> None:
    new = describe(put(tmp_path / "JOURNAL_TAMASHEQ-2016-07-11.mp3"), guests=["Un Fictif"])
    assert (new.language, new.is_synthetic) == ("taq", False)
    assert new.aired_at == datetime(2016, 7, 11, 12, tzinfo=UTC)


def test_what_a_sidecar_tells_is_no_guess(tmp_path: Path) -> None:
    path = put(tmp_path / "JOURNAL_TAMASHEQ-2016-07-11.mp3")
    assert describe(path).guessed == {"title", "programme", "language", "aired_at", "is_synthetic"}
    new = describe(path, title="Dormir au frais", language="fr", synthetic=False)
    assert new.guessed == {"programme", "aired_at"}


def test_a_script_is_no_sidecar(tmp_path: Path) -> None:
    path = put(tmp_path / "sample.mp3")
    path.with_name("sample.script.json").write_text('{"title": "Script"}', encoding="utf-8")
    assert describe(path).title == "sample"


@pytest.mark.parametrize(
    "sidecar",
    [
        {"title": 3},
        {"language": "klingon"},
        {"aired_at": "bientôt"},
        {"guests": "Un Fictif"},
        {"guests": [1]},
        {"programme": "journal"},
        {"programme": {"description": "sans nom"}},
        {"source_url": "javascript:alert(1)"},
    ],
)
def test_a_wrong_sidecar_is_named_with_the_remedy(
    tmp_path: Path, sidecar: dict[str, object]
) -> None:
    with pytest.raises(IngestError, match=r"a\.json .*Mend it"):
        describe(put(tmp_path / "a.mp3"), **sidecar)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"1" * 2_000_000])
def test_a_sidecar_that_is_no_json_object_is_an_error(tmp_path: Path, content: bytes) -> None:
    put(tmp_path / "a.json", content)
    with pytest.raises(IngestError, match=r"a\.json"):
        describe(put(tmp_path / "a.mp3"))


@pytest.mark.parametrize("stem", ["..", "CON", "a" * 200, "\u202egnp", "é\u0301", "<script>"])
def test_odd_names_become_titles_and_nothing_else(tmp_path: Path, stem: str) -> None:
    new = describe(put(tmp_path / f"{stem}x.mp3"))
    assert new.guid == KEY
    assert "\u202e" not in new.title


def test_the_samples_describe_themselves() -> None:
    samples = Path(__file__).parent.parent.parent / "media" / "samples"
    found = list(find_recordings(samples))
    assert found
    for path in found:
        new = describe_file(path, KEY)
        assert new.is_synthetic
        assert new.programme is not None
        assert (new.language, new.aired_at is not None) == ("fr", True)
