"""``radio-archive alerts``: seen, sent and ended from the shell, never with an address."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from radio_archive.archive import wish
from radio_archive.cli import app
from radio_archive.model import AlertKind, Pace
from tests.support.newsroom import Newsroom, open_newsroom


def alerts(home: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    return result.exit_code, result.stdout, result.stderr


def write_settings(room: Newsroom, home: Path) -> None:
    settings = room.archive.settings
    lines = (f'{name} = "{getattr(settings, name)}"' for name in ("base_url", "smtp_url"))
    sender = f'mail_sender = "{settings.mail_sender}"'
    (home / "radio-archive.toml").write_text("\n".join([*lines, sender]), encoding="utf-8")


def test_alerts_are_listed_sent_and_removed(tmp_path: Path) -> None:
    with open_newsroom(tmp_path) as room:
        write_settings(room, tmp_path)
        asked = wish(AlertKind.MAIL, "reader@example.org", Pace.AT_ONCE, "fr")
        room.archive.alerts.ask_by_mail(room.search, asked, "10.0.0.1")
        status, out, _ = alerts(tmp_path, "alerts", "list")
        assert (status, "riz" in out, "asked" in out, "reader" in out) == (0, True, True, False)
        status, out, _ = alerts(tmp_path, "alerts", "send", "--dry-run")
        assert (status, "riz" in out, room.mailbox.letters) == (0, True, [])
        assert alerts(tmp_path, "alerts", "send")[:2] == (0, "1 tried\n")
        assert len(room.mailbox.letters) == 1
        (found,) = json.loads(alerts(tmp_path, "alerts", "list", "--json")[1])["alerts"]
        assert "address" not in found
        assert "1 asked" in alerts(tmp_path, "status")[1]
        assert alerts(tmp_path, "alerts", "remove", found["id"])[0] == 0
        status, _, err = alerts(tmp_path, "alerts", "remove", found["id"])
        assert (status, "no alert" in err) == (1, True)
        assert "There is no alert yet" in alerts(tmp_path, "alerts", "list")[2]
