"""Every type of page, for what all of them must pass: a new page is a line in `PAGES`.

A page that only a form leads to is a line in `ANSWERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from radio_archive.archive import DocumentWish, wish
from radio_archive.links import alert_url, quote_url
from radio_archive.model import (
    AlertKind,
    Excerpt,
    LanguageTag,
    Pace,
    QuoteRequest,
    Wish,
)
from radio_archive.model.withdrawals import NewWithdrawal
from tests.support.documents import make_pdf
from tests.support.making import make_transcript, ms
from tests.web.editing import Hand, hashed
from tests.web.payloads import PAYLOADS
from tests.web.stocking import Stock, add_hostile, add_transcript, stock_archive


@dataclass(frozen=True, slots=True, kw_only=True)
class PageType:
    """An address, ``{debate}`` and the like to be filled in, and who sees what there."""

    path: str
    status: int = 200
    is_for_editors: bool = False  #: looked at signed in
    form: Mapping[str, str] | None = None  #: sent there; None to go there


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
    "months": _reader("/search/trend?q=riz"),
    "months, nothing found": _reader("/search/trend?q=xylophone"),
    "player for other sites": _reader("/embed/{debate}?start=30&end=33"),
    "player without sound": _reader("/embed/{silent}"),
    "two texts": _reader("/broadcasts/{bulletin}/versions/{version}"),
    "dossiers": _reader("/dossiers"),
    "dossier": _reader("/dossiers/{dossier}"),
    "document": _reader("/dossiers/{dossier}/documents/{document}"),
    "saved search": _reader("/searches/{saved}"),
    "saved searches": _reader("/searches"),
    "saving a search": _reader("/searches/new?q=riz&language=fr"),
    "alert to confirm": _reader("{asked}"),
    "alert that is live": _reader("{live}"),
    "alert for a machine": _reader("{hook}"),
    "sign in": _reader("/sign-in"),
    "not found": _reader("/nowhere", 404),
    "correcting": _editor("/broadcasts/{debate}/correct"),
    "history, for editors": _editor("/broadcasts/{debate}/history"),
    "glossary": _editor("/glossary"),
    "proposals": _editor("/glossary/{entry}"),
    "tasks": _editor("/tasks?done=thanks"),
    "broadcast, for editors": _editor("/broadcasts/{debate}"),
    "withdrawing": _editor("/broadcasts/{kibaruw}/withdraw"),
    "dossiers, for editors": _editor("/dossiers"),
    "dossier, for editors": _editor("/dossiers/{dossier}"),
    "dossier being edited": _editor("/dossiers/{dossier}/edit?added=read"),
    "adding a passage": _editor("/dossiers/add?broadcast={debate}&start=30&end=33"),
    "adding a broadcast": _editor("/dossiers/add?broadcast={silent}"),
    "saved search, for editors": _editor("/searches/{saved}?asked=yes"),
    "saved searches, for editors": _editor("/searches"),
    "saving a search, for editors": _editor("/searches/new?q=riz"),
    "signed in": _editor("/sign-in"),
}

#: what a form is answered with; all of them can be sent again
ANSWERS = {
    "alert ended": PageType(path="{ended}", form={}),
    "alert refused": PageType(
        path="/searches/{saved}/alerts", form={"kind": "mail", "address": "nobody"}, status=400
    ),
    "withdrawing, second look": PageType(
        path="/broadcasts/{kibaruw}/withdraw",
        form={"what": "stretch", "start": "0:01", "end": "0:09", "reason": "demandé"},
        is_for_editors=True,
    ),
    "withdrawing, refused": PageType(
        path="/broadcasts/{kibaruw}/withdraw",
        form={"what": "stretch", "start": "hier", "reason": "demandé"},
        is_for_editors=True,
        status=400,
    ),
    "dossier, refused": PageType(
        path="/dossiers", form={"title": " "}, is_for_editors=True, status=400
    ),
    "note of two editors": PageType(
        path="/dossiers/{dossier}/edit",
        form={"action": "note", "entry": "{noted}", "seen": "avant", "note": "Une autre note."},
        is_for_editors=True,
        status=409,
    ),
    "document, refused": PageType(
        path="/dossiers/{dossier}/edit",
        form={"action": "document", "entry": "3", "title": "", "language": "fr"},
        is_for_editors=True,
        status=400,
    ),
    "note, session ended": PageType(
        path="/dossiers/{dossier}/edit",
        form={"action": "note", "entry": "1", "seen": "", "note": "Une note\nde deux lignes."},
        status=403,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """An archive that has something to show on every page."""

    stock: Stock
    places: dict[str, str]  #: what stands in addresses of `PAGES`

    def address(self, name: str) -> str:
        """Where a page is."""
        return (PAGES.get(name) or ANSWERS[name]).path.format(**self.places)

    def form(self, name: str) -> dict[str, str]:
        """What a form of `ANSWERS` says."""
        fields = ANSWERS[name].form or {}
        return {field: value.format(**self.places) for field, value in fields.items()}


@contextmanager
def open_show(home: Path) -> Iterator[Show]:
    """A new archive with editors, corrections, what they taught, and a broadcast full of markup."""
    settings = {"base_url": "http://archive.example", "smtp_url": "smtp://127.0.0.1:9"}
    with stock_archive(home, **settings, mail_sender="alertes@example.org") as stock:
        for name in ("Awa", "Bakary"):
            stock.catalogue.editors.add(name, hashed())
        hostile = add_hostile(stock, 0, "".join(PAYLOADS[::5]))
        entry = stock.catalogue.glossary.add(LanguageTag("fr"), "Mali", "Mopti")
        quoted, corrected = _quote(stock, 2), _quote(stock, 1)
        places = {**_gather(stock), **_follow(stock), "version": _write_again(stock)}
        _correct(stock, 1, "Nous parlons ce soir du prix du mil à Bamako.")
        _correct(stock, 4, None)
        _withdraw(stock)
        stock.archive.reindex()
        named = ("debate", "bulletin", "kibaruw", "silent", "dossier", "saved")
        ids = {name: getattr(stock, name) for name in named}
        found = {"quoted": quoted, "corrected": corrected, "entry": str(entry.id)}
        yield Show(stock=stock, places={**ids, **found, **places, "hostile": hostile})


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


def _gather(stock: Stock) -> dict[str, str]:
    """Fill the dossier: a passage that is corrected later, a broadcast, a PDF in two languages."""
    dossiers = stock.archive.dossiers
    [*_, kept] = dossiers.documents(stock.dossier)
    asked = QuoteRequest(excerpt=Excerpt(start_ms=ms(12_000), end_ms=ms(18_000)))
    number = dossiers.add_passage(stock.dossier, stock.debate, asked, "Deux\nlignes.", "Awa")
    dossiers.add_broadcast(stock.dossier, stock.silent, "", "Awa")
    pages = make_pdf("The salt caravans of Taoudeni.")
    english = DocumentWish(title="Report", language="en", content=pages, original=kept.id)
    dossiers.add_document(stock.dossier, english, "Awa")
    dossiers.change(stock.dossier, "Les routes du sel", "Une présentation.", True, "Awa")
    dossiers.make("Privé", "Bakary")
    return {"document": str(kept.id), "noted": str(number)}


def _follow(stock: Stock) -> dict[str, str]:
    """Ask for alerts: one is not confirmed yet, one is live, one posts, one was ended."""
    alerts = stock.archive.alerts
    search = stock.archive.searches.get(stock.saved)
    addresses = {name: f"{name}@example.org" for name in ("asked", "live", "ended")}
    for address in addresses.values():
        request = wish(AlertKind.MAIL, address, Pace.DAILY, "fr")
        alerts.ask_by_mail(search, request, address)
    made = {each.address: each for each, _ in alerts.all()}
    alerts.confirm(made[addresses["live"]])
    alerts.end(made[addresses["ended"]].id)
    posted = wish(AlertKind.WEBHOOK, "https://93.184.216.34/hook", Pace.AT_ONCE, "fr")
    hook = alerts.add_webhook(search, posted)
    return {
        "asked": alert_url(made[addresses["asked"]]),
        "live": alert_url(made[addresses["live"]]),
        "hook": alert_url(hook),
        "ended": alert_url(made[addresses["ended"]], "off"),
    }


def _write_again(stock: Stock) -> str:
    """Let a machine write down again what people checked; the number of its text."""
    stock.catalogue.renewals.ask([stock.bulletin], "Awa")
    again = make_transcript("Le prix du riz recule à Bamako.", "À Ségou, une campagne commence.")
    add_transcript(stock.catalogue, stock.bulletin, again)
    [edit, *_] = stock.archive.desk.history(stock.bulletin)
    return str(edit.transcript_id)


def _withdraw(stock: Stock) -> None:
    """Hide two stretches, and show one of them again."""
    for start, reason in ((50_000, "Un nom."), (55_000, "<b>Une erreur.</b>")):
        excerpt = Excerpt(start_ms=ms(start), end_ms=ms(start + 2_000))
        hidden = NewWithdrawal(excerpt=excerpt, by="Awa", reason=reason)
        done = stock.archive.withdrawing.withdraw(stock.kibaruw, hidden)
    stock.archive.withdrawing.undo(stock.kibaruw, done.withdrawal.id, "Bakary", "C'était public.")
