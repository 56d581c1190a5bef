"""What the tests of withdrawing withdraw, and how they look for it afterwards."""

from __future__ import annotations

import io
import zipfile

import pytest
from httpx2 import Response
from tests.support.making import ms
from tests.web.stocking import (
    CRIME_MS,
    Stock,
)

from radio_archive.archive import Archive
from radio_archive.model import Asked, BroadcastId, Excerpt, QuoteRequest, SavedSearch
from radio_archive.model.withdrawals import NewWithdrawal, Withdrawal

#: the sentence about organised crime, from before its first word to behind its last
CRIME = Excerpt(start_ms=ms(CRIME_MS - 100), end_ms=ms(CRIME_MS + 5_000))
QUOTED = QuoteRequest(excerpt=Excerpt(start_ms=ms(CRIME_MS), end_ms=ms(CRIME_MS + 2_900)))
SECRET = "menace-t-il"
KEPT = "prix du riz"
NOTE = "il aurait dit cela"
TITLE = "Grand Dialogue du 16 octobre"

#: a whole broadcast, and a stretch of it
SCOPES = pytest.mark.parametrize("excerpt", [None, CRIME], ids=["whole", "stretch"])


def withdraw(
    archive: Archive, broadcast_id: BroadcastId, excerpt: Excerpt | None = None
) -> Withdrawal:
    wish = NewWithdrawal(excerpt=excerpt, reason="demandé par l'invité", by="Awa")
    return archive.withdrawing.withdraw(broadcast_id, wish).withdrawal


def undo(stock: Stock, withdrawal: Withdrawal) -> None:
    stock.archive.withdrawing.undo(withdrawal.broadcast_id, withdrawal.id, "Awa", "d'accord")


def told(answer: Response) -> str:
    """All that an answer says, packed or not."""
    assert answer.status_code == 200, answer.url
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(each).decode("utf-8", "replace") for each in packed.namelist())


def save(stock: Stock, words: str) -> tuple[SavedSearch, list[str]]:
    """Save a search; where it is shown."""
    saved = stock.archive.searches.save(Asked(text=words), "Awa")
    page = f"/searches/{saved.id}"
    parts = ("", "/hits.csv", "/hits.csv?when=now", "/feed.atom")
    return saved, [*(page + each for each in parts), f"/api/v1{page}"]
