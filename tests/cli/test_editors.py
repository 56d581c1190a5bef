"""``radio-archive editors``: passwords come from a terminal or standard input only."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from radio_archive.archive import open_archive
from radio_archive.cli import app
from radio_archive.errors import Forbidden
from tests.support.archives import settings_for

PASSWORD = "quatre mots assez longs"


def editors(home: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["editors", *arguments, "--home", str(home)], input=typed)
    return result.exit_code, result.stdout, result.stderr


def test_an_editor_is_added_listed_and_removed(tmp_path: Path) -> None:
    assert (
        editors(tmp_path, "list")[2] == "Nobody may correct yet: radio-archive editors add NAME\n"
    )
    assert editors(tmp_path, "add", "Awa Diallo", typed=f"{PASSWORD}\n")[:2] == (0, "Awa Diallo\n")
    status, out, _ = editors(tmp_path, "list")
    assert (status, out.split("  ")[1]) == (0, "Awa Diallo\n")
    assert PASSWORD.encode() not in (tmp_path / "media" / "catalogue.sqlite").read_bytes()
    assert editors(tmp_path, "remove", "awa diallo")[0] == 0
    status, _, err = editors(tmp_path, "remove", "Awa Diallo")
    assert (status, "editors list" in err) == (1, True)


def test_another_password_takes_the_place_of_the_first(tmp_path: Path) -> None:
    editors(tmp_path, "add", "Awa", typed=f"{PASSWORD}\n")
    assert editors(tmp_path, "password", "awa", typed="tout autre chose\n")[0] == 0
    with open_archive(settings_for(tmp_path)) as archive:
        with pytest.raises(Forbidden):
            archive.editors.sign_in("Awa", PASSWORD, "here")
        assert archive.editors.sign_in("Awa", "tout autre chose", "here").name == "Awa"


@pytest.mark.parametrize(("typed", "says"), [("", "No password"), ("court\n", "Choose 10 to")])
def test_a_password_that_is_none_is_refused(tmp_path: Path, typed: str, says: str) -> None:
    status, out, err = editors(tmp_path, "add", "Awa", typed=typed)
    assert (status, out) == (1, "")
    assert says in err
