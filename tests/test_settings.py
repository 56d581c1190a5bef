"""The settings file and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from radio_archive.db import Database
from radio_archive.errors import BadSettings, StorageError
from radio_archive.settings import FILE_NAME, Settings, write_setting


def write(home: Path, text: str) -> None:
    (home / FILE_NAME).write_text(text, encoding="utf-8")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'station = "Radio Une"\nport = 9000\nprompt_with_names = false\n')
    settings = Settings.load({"RADIO_ARCHIVE_STATION": "Radio Deux"}, tmp_path)
    assert (settings.station, settings.port) == ("Radio Deux", 9000)
    assert settings.prompt_with_names is False


@pytest.mark.parametrize(
    ("typed", "meant"), [("true", True), ("YES", True), ("1", True), ("no", False), ("0", False)]
)
def test_a_switch_of_the_environment_is_a_word(tmp_path: Path, typed: str, meant: bool) -> None:
    environ = {"RADIO_ARCHIVE_PROMPT_WITH_NAMES": typed}
    assert Settings.load(environ, tmp_path).prompt_with_names is meant


def test_anything_else_for_a_switch_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, 'prompt_with_names = "perhaps"\n')
    with pytest.raises(BadSettings, match="prompt_with_names") as caught:
        Settings.load({}, tmp_path)
    assert caught.value.hint == "Write true or false."


def test_a_setting_nobody_knows_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "prot = 9000\n")
    with pytest.raises(BadSettings, match="prot"):
        Settings.load({}, tmp_path)


def test_a_file_that_is_no_toml_says_so(tmp_path: Path) -> None:
    write(tmp_path, "station = Radio\n")
    with pytest.raises(BadSettings, match="not valid TOML"):
        Settings.load({}, tmp_path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, 'database_url = "sqlite:///x"\n'),
        ("# ours\nport = 9000\n", '# ours\nport = 9000\ndatabase_url = "sqlite:///x"\n'),
        (
            'database_url = "old" # the server\nport = 9000\n',
            'database_url = "sqlite:///x"\nport = 9000\n',
        ),
        (
            'port = 9000\n\n[engines]\nfr = "faster-whisper/base"\n',
            'port = 9000\ndatabase_url = "sqlite:///x"\n\n[engines]\nfr = "faster-whisper/base"\n',
        ),
        (
            '[engines]\nfr = "faster-whisper/base"\n',
            'database_url = "sqlite:///x"\n\n[engines]\nfr = "faster-whisper/base"\n',
        ),
    ],
)
def test_one_setting_is_written_and_all_else_in_the_file_stays(
    tmp_path: Path, before: str | None, after: str
) -> None:
    if before is not None:
        write(tmp_path, before)
    write_setting(tmp_path, "database_url", "sqlite:///x")
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == after
    assert Settings.load({}, tmp_path).database_url == "sqlite:///x"


def test_a_file_that_is_no_toml_is_not_written_into(tmp_path: Path) -> None:
    write(tmp_path, "station = Radio\n")
    with pytest.raises(BadSettings):
        write_setting(tmp_path, "database_url", "sqlite:///x")
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == "station = Radio\n"


def test_a_setting_that_cannot_be_written_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / f".{FILE_NAME}.new").mkdir()
    with pytest.raises(StorageError, match="Write database_url into it by hand") as caught:
        write_setting(tmp_path, "database_url", "postgresql://archive:secret@db/radio")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["what?", "100%", "50%25 done", "a?b=c"])
def test_the_catalogue_lies_in_the_home_whatever_letters_that_has(
    tmp_path: Path, name: str
) -> None:
    settings = Settings(home=tmp_path / name)
    settings.media_dir.mkdir(parents=True)
    database = Database(settings.catalogue_url)
    database.migrate()
    database.close()
    assert (settings.media_dir / "catalogue.sqlite").exists()
    assert [each.name for each in tmp_path.iterdir()] == [name]
