"""An archive with a few words in it, a saved search for rice, and a mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from radio_archive.archive import Archive, wish
from radio_archive.catalogue import Catalogue
from radio_archive.messenger import tell
from radio_archive.model import (
    Alert,
    AlertKind,
    AlertState,
    Asked,
    BroadcastId,
    Pace,
    SavedSearch,
    Transcript,
)
from tests.support.mailbox import Mailbox, open_mailbox
from tests.support.making import make_new_broadcast, make_transcript
from tests.web.stocking import add_transcript, bare_archive, run_jobs

BASE = "https://archive.example"


def never() -> bool:
    """Nobody stops anything here."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """What the tests of alerts work with."""

    archive: Archive
    catalogue: Catalogue
    mailbox: Mailbox
    old: BroadcastId  #: says rice, from before the search was saved
    search: SavedSearch

    def say(self, guid: str, *texts: str, transcript: Transcript | None = None) -> BroadcastId:
        """Let something be said, written down and indexed; again, it is written down anew."""
        broadcast_id, _ = self.catalogue.broadcasts.put(make_new_broadcast(guid))
        add_transcript(self.catalogue, broadcast_id, transcript or make_transcript(*texts))
        self.archive.reindex()
        return broadcast_id

    def follow(self, address: str = "awa@example.org", pace: Pace = Pace.AT_ONCE) -> Alert:
        """Somebody asks for letters, gets one, and says yes; the mailbox is emptied."""
        self.archive.alerts.ask_by_mail(
            self.search, wish(AlertKind.MAIL, address, pace, "fr"), "10.0.0.1"
        )
        alert = next(each for each, _ in self.archive.alerts.all() if each.address == address)
        self.tell()
        self.archive.alerts.confirm(alert)
        self.mailbox.letters.clear()
        return self.archive.alerts.get(alert.id, alert.key)

    def tell(self) -> int:
        """What a worker does now and then."""
        return tell(self.archive, never)

    def let_be_due(self, alert: Alert) -> None:
        """Let the time of an alert have come."""
        with self.catalogue.alerts._database.write() as connection:
            connection.exec_driver_sql(f"update alerts set due_at = 1 where id = '{alert.id}'")

    def bodies(self, letters: list[EmailMessage] | None = None) -> list[str]:
        """Letters as plain text; all that arrived, where none are given."""
        chosen = self.mailbox.letters if letters is None else letters
        parts = [letter.get_body(("plain",)) for letter in chosen]
        return [part.get_content() for part in parts if part is not None]


def leave_news(archive: Archive, catalogue: Catalogue) -> None:
    """Have a machine follow a saved search: something is to be told, something to be looked at."""
    search = archive.searches.save(Asked(text="riz"), "Awa")
    hook = wish(AlertKind.WEBHOOK, "https://example.org/hook", Pace.DAILY, "fr")
    catalogue.alerts.add(replace(hook, search_id=search.id, state=AlertState.LIVE))
    for guid in ("found", "not looked at"):
        assert archive.alerts.look() == 0
        broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(guid))
        add_transcript(catalogue, broadcast_id, make_transcript("Le riz du Delta."))
        run_jobs(archive)
        if guid == "found":
            assert archive.alerts.look() == 1


@contextmanager
def open_newsroom(home: Path, **changes: Any) -> Iterator[Newsroom]:
    """Open it, in an empty folder."""
    with open_mailbox() as mailbox:
        settings = {
            "base_url": BASE,
            "smtp_url": mailbox.url,
            "mail_sender": "Studio Tamani <alertes@example.org>",
            "allowed_private_hosts": ("127.0.0.1",),
            **changes,
        }
        with bare_archive(home, **settings) as (archive, catalogue):
            old, _ = catalogue.broadcasts.put(make_new_broadcast("old"))
            add_transcript(catalogue, old, make_transcript("Le prix du riz monte à Gao."))
            archive.reindex()
            search = archive.searches.save(Asked(text="riz"), "Awa")
            yield Newsroom(
                archive=archive, catalogue=catalogue, mailbox=mailbox, old=old, search=search
            )
