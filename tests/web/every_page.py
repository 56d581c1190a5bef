"""Every type of page, for what all of them must pass: a new page is a line in `PAGES`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from radio_archive.links import quote_url
from radio_archive.model import Excerpt, LanguageTag, QuoteRequest, Wish
from tests.web.editing import Hand, hashed
from tests.web.payloads import PAYLOADS
from tests.web.stocking import Stock, add_hostile, stock_archive


@dataclass(frozen=True, slots=True, kw_only=True)
class PageType:
    """An address, ``{debate}`` and the like to be filled in, and who sees what there."""

    path: str
    status: int = 200
    is_for_editors: bool = False  #: looked at signed in


def _reader(path: str, status: int = 200) -> PageType:
    return PageType(path=path, status=status)


def _editor(path: str) -> PageType:
    return PageType(path=path, is_for_editors=True)


PAGES = {
    "home": _reader("/"),
    "search": _reader("/search"),
    "results": _reader("/search?q=crime"),
    "results, narrowed": _reader("/search?q=riz&language=fr&trust=weak&sort=newest"),
    "nothing found": _reader("/search?q=xylophone&language=fr"),
    "search not understood": _reader("/search?q=ab*", 400),
    "broadcast": _reader("/broadcasts/{debate}?t=30&q=crime"),
    "broadcast, little data": _reader("/broadcasts/{bulletin}?data=low"),
    "broadcast without text": _reader("/broadcasts/{kibaruw}"),
    "broadcast without sound": _reader("/broadcasts/{silent}"),
    "broadcast full of markup": _reader("/broadcasts/{hostile}?q=hostile"),
    "programme": _reader("/programmes/journal"),
    "language": _reader("/languages/bm"),
    "quotation": _reader("{quoted}"),
    "quotation, corrected since": _reader("{corrected}"),
    "quotation without text": _reader("/quotes/{kibaruw}?start=1&end=4"),
    "quotation, impossible": _reader("/quotes/{debate}?start=4&end=1", 400),
    "history": _reader("/broadcasts/{debate}/history"),
    "sign in": _reader("/sign-in"),
    "not found": _reader("/nowhere", 404),
    "correcting": _editor("/broadcasts/{debate}/correct"),
    "history, for editors": _editor("/broadcasts/{debate}/history"),
    "glossary": _editor("/glossary"),
    "proposals": _editor("/glossary/{entry}"),
    "tasks": _editor("/tasks?done=thanks"),
    "signed in": _editor("/sign-in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """An archive that has something to show on every page."""

    stock: Stock
    places: dict[str, str]  #: what stands in addresses of `PAGES`

    def address(self, name: str) -> str:
        """Where a page is."""
        return PAGES[name].path.format(**self.places)


@contextmanager
def open_show(home: Path) -> Iterator[Show]:
    """A new archive with editors, corrections, what they taught, and a broadcast full of markup."""
    with stock_archive(home) as stock:
        for name in ("Awa", "Bakary"):
            stock.catalogue.editors.add(name, hashed())
        hostile = add_hostile(stock, 0, "".join(PAYLOADS[::5]))
        entry = stock.catalogue.glossary.add(LanguageTag("fr"), "Mali", "Mopti")
        quoted, corrected = _quote(stock, 2), _quote(stock, 1)
        _correct(stock, 1, "Nous parlons ce soir du prix du mil à Bamako.")
        _correct(stock, 4, None)
        stock.archive.reindex()
        ids = {name: getattr(stock, name) for name in ("debate", "bulletin", "kibaruw", "silent")}
        found = {"quoted": quoted, "corrected": corrected, "entry": str(entry.id)}
        yield Show(stock=stock, places={**ids, **found, "hostile": hostile})


def open_hands(show: Show, client: TestClient) -> Hand:
    """An editor's browser."""
    hand = Hand(client=client, identity=show.stock.debate)
    assert hand.sign_in("Awa").status_code == 303
    return hand


def _quote(stock: Stock, number: int) -> str:
    """The lasting address of a sentence, as its words are now."""
    said = stock.archive.get_transcript(stock.debate).segments[number]
    asked = QuoteRequest(excerpt=Excerpt(start_ms=said.start_ms, end_ms=said.end_ms))
    quote = stock.archive.quotes.get(stock.debate, asked)
    return quote_url(stock.debate, quote.excerpt, quote.version, quote.digest)


def _correct(stock: Stock, number: int, text: str | None) -> None:
    desk = stock.archive.desk
    version = desk.worksheet(stock.debate, "Bakary").sentences[number].version
    wish = Wish(broadcast_id=stock.debate, number=number, version=version, text=text)
    desk.save(wish, "Bakary")
