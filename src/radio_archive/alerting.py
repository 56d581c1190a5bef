"""Alerts on saved searches: asked for, confirmed, ended; what is new is found and told.

What came into the index is looked at once, broadcast by broadcast, for every search that somebody
follows. Each passage found is noted for each alert in a ledger before it is told, and struck out
when it was: several workers never tell it twice.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from radio_archive.catalogue.alerts import ROOM_MS, FreshText
from radio_archive.editors import WINDOW, Editors
from radio_archive.errors import (
    BadInput,
    BadSettings,
    FetchError,
    Forbidden,
    Gone,
    MailError,
    MailRefused,
    NotFound,
    RadioArchiveError,
    RefusedAddress,
    TooManyAttempts,
)
from radio_archive.fetch.posting import Poster
from radio_archive.links import alert_url, whole_url
from radio_archive.mailing import Envelope, Mailer, read_address
from radio_archive.model import (
    Alert,
    AlertId,
    AlertKind,
    AlertReport,
    AlertState,
    Finding,
    Hit,
    JobKind,
    Letter,
    News,
    NewsItem,
    Pace,
    Parcel,
    SavedSearch,
    SearchId,
)
from radio_archive.pipeline import Parts
from radio_archive.search.expander import Expander
from radio_archive.settings import Settings
from radio_archive.standing import answers_in, query_of

log = logging.getLogger(__name__)

UNCONFIRMED = timedelta(days=3)
"""How long an address may wait for a yes; then it is forgotten."""
BACK_OFF = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720, 1_440))
"""Waits between attempts: over two days in all, for a mailbox that is full over the weekend."""
OUTAGE = timedelta(minutes=5)
"""Until the station's own mail server is tried again."""

#: letters that ask for a yes, within `editors.WINDOW`: to one address, and from one visitor
_LIMITS = {"to": 3, "from": 10}
_FRESH_AT_ONCE = 20
_ID_BYTES, _KEY_BYTES = 10, 20

Write = Callable[[News], Letter]
"""Writes a letter in the language of its reader."""
Render = Callable[[News], Mapping[str, object]]
"""The same as JSON, for a webhook."""


class Alerts:
    """Who is told what is new."""

    def __init__(
        self, parts: Parts, settings: Settings, editors: Editors, expand: Expander
    ) -> None:
        self._catalogue = parts.catalogue
        #: whether this machine looks for what is new: the one that keeps the index does
        self.is_here = JobKind.INDEX in parts.kinds
        self._settings = settings
        self._editors = editors
        self._expand = expand
        self._poster = Poster(allowed_private_hosts=settings.allowed_private_hosts)

    # asking

    @property
    def kinds(self) -> frozenset[AlertKind]:
        """What can be sent as this machine is set up."""
        if not self._settings.base_url:
            return frozenset()
        mail = {AlertKind.MAIL} if self._settings.smtp_url else set()
        return frozenset({AlertKind.WEBHOOK} | mail)

    def ask_by_mail(self, search: SavedSearch, wish: Alert, visitor: str) -> None:
        """Ask an address whether it wants to be told; whether it is told already, nobody learns.

        Args:
            search: what is followed.
            wish: address, pace and language; see `wish`.
            visitor: where it was asked from; counted, never kept as it is.

        Raises:
            BadInput: it is no address, or no letters can be sent.
            TooManyAttempts: too many were asked of late.
        """
        self._require(AlertKind.MAIL)
        address = read_address(wish.address)
        digest = self._editors.digest
        counted = {"to": address.lower(), "from": visitor}
        limits = {digest(f"alert {how}\0{counted[how]}"): most for how, most in _LIMITS.items()}
        if not self._catalogue.editors.count_attempt(limits, datetime.now(UTC) - WINDOW):
            raise TooManyAttempts(
                "Too many letters were asked for.",
                hint=f"Wait {WINDOW.seconds // 60} minutes, and try again.",
            )
        alert = replace(wish, address=address, due_at=wish.made_at, state=AlertState.ASKED)
        self._catalogue.alerts.add(replace(alert, search_id=search.id))

    def add_webhook(self, search: SavedSearch, wish: Alert) -> Alert:
        """Tell a machine; it is told from now on.

        Raises:
            BadInput: nothing can be sent, or the address is told already.
            RefusedAddress: it is no address that we post to.
        """
        self._require(AlertKind.WEBHOOK)
        url = self._poster.check(wish.address[:2_000])
        alert = replace(wish, address=url, search_id=search.id, state=AlertState.LIVE)
        if not self._catalogue.alerts.add(alert):
            raise BadInput("This webhook is told already.", hint="End that alert first.")
        return alert

    def get(self, alert_id: str, key: str) -> Alert:
        """An alert, for whoever has its key.

        Raises:
            NotFound: there is none, or it was ended.
            Forbidden: the key is another's.
        """
        alert = self._catalogue.alerts.get(alert_id)
        if not hmac.compare_digest(alert.key.encode(), key.encode("utf-8", "replace")):
            raise Forbidden(
                "This address is not complete.", hint="Open the one in the letter, whole."
            )
        return alert

    def confirm(self, alert: Alert) -> None:
        """Say yes; saying it twice changes nothing."""
        self._catalogue.alerts.confirm(alert.id)

    def end(self, alert_id: AlertId) -> None:
        """Tell nothing any more, and forget the address."""
        self._catalogue.alerts.remove(alert_id)

    def end_by_operator(self, alert_id: str) -> None:
        """The same for whoever keeps the archive.

        Raises:
            NotFound: there is no such alert.
        """
        self.end(self._catalogue.alerts.get(alert_id).id)

    def all(self) -> tuple[tuple[Alert, SavedSearch], ...]:
        """Every alert with its search."""
        return self._catalogue.alerts.all()

    def report(self) -> AlertReport:
        """How they are."""
        return self._catalogue.alerts.report()

    def reopen(self) -> int:
        """Try again what was given up; returns how many alerts."""
        return self._catalogue.parcels.reopen(datetime.now(UTC))

    # finding

    def look(self) -> int:
        """Find what is new in the texts that came into the index; returns passages noted."""
        self._catalogue.alerts.forget_unconfirmed(datetime.now(UTC) - UNCONFIRMED)
        count = 0
        while texts := self._catalogue.alerts.fresh(_FRESH_AT_ONCE):
            searches = self._catalogue.alerts.watched()
            count += sum(self._look_at(text, searches) for text in texts)
        return count

    def _look_at(self, text: FreshText, searches: tuple[SavedSearch, ...]) -> int:
        found = [(search, self._places(search, text)) for search in searches]
        return self._catalogue.alerts.record(text, found, datetime.now(UTC))

    def _places(self, search: SavedSearch, text: FreshText) -> list[Finding]:
        """Where a text answers a search."""
        try:
            query = query_of(search.asked, self._expand)
        except BadInput as error:
            log.warning("a saved search is not understood", extra={"error": str(error)})
            self._catalogue.alerts.complain(search.id, str(error))
            return []
        passages = self._catalogue.transcripts.passages_of(text.broadcast_id)
        return [
            Finding(
                broadcast_id=text.broadcast_id,
                language=hit.language,
                start_ms=hit.start_ms,
                end_ms=hit.end_ms,
            )
            for _, hit in answers_in(passages, query)
        ]

    # telling

    def waiting(self) -> tuple[tuple[Alert, SavedSearch], ...]:
        """What is due now."""
        now = datetime.now(UTC)
        live = (AlertState.ASKED, AlertState.LIVE)
        return tuple(
            (alert, search)
            for alert, search in self.all()
            if alert.state in live and alert.due_at is not None and alert.due_at <= now
        )

    def send_one(self, write: Write, render: Render) -> bool:
        """Send what is due first; False when nothing is, or nothing can be sent from here."""
        parcel = (
            self._catalogue.parcels.claim(self.kinds, datetime.now(UTC)) if self.kinds else None
        )
        if parcel is None:
            return False
        try:
            self._deliver(parcel, write, render)
        except (MailError, FetchError, BadSettings) as error:
            self._set_aside(parcel, error)
        return True

    def _deliver(self, parcel: Parcel, write: Write, render: Render) -> None:
        news = self._news(parcel)
        is_question = parcel.alert.state is AlertState.ASKED
        if news.items or is_question:
            if parcel.alert.kind is AlertKind.MAIL:
                self._mailer.send(write(news), self._envelope(news))
            else:
                self._post(news, render(news))
        self._catalogue.parcels.settle(parcel, datetime.now(UTC))

    def _news(self, parcel: Parcel) -> News:
        """The passages as they stand now: what was taken out or corrected away is not told."""
        items = [item for place in parcel.findings for item in self._items(parcel, place)]
        return News(
            alert=parcel.alert,
            search=parcel.search,
            batch=parcel.batch,
            items=tuple(items),
            left=parcel.left,
        )

    def _items(self, parcel: Parcel, place: Finding) -> list[NewsItem]:
        try:
            broadcast = self._catalogue.broadcasts.get(place.broadcast_id)
            query = query_of(parcel.search.asked, self._expand)
        except (NotFound, BadInput):
            return []
        passages = [
            each
            for each in self._catalogue.transcripts.passages_of(place.broadcast_id)
            if each.language == place.language
        ]
        hits = [hit for _, hit in answers_in(passages, query)]
        still = [hit for hit in hits if _is_there(hit, place)]
        return [NewsItem(broadcast=broadcast, hit=hit) for hit in still[:1]]

    @property
    def _mailer(self) -> Mailer:
        return Mailer(self._settings.smtp_url, self._settings.mail_sender)

    def _envelope(self, news: News) -> Envelope:
        alert = news.alert
        # a question has no batch: it is one letter, however often it is tried
        return Envelope(
            to=alert.address,
            message_id=news.batch or f"{alert.id}.ask",
            off_url=whole_url(self._settings.base_url, alert_url(alert, "off")),
            locale=alert.locale,
        )

    def _post(self, news: News, answer: Mapping[str, object]) -> None:
        body, headers = sign(answer, news.alert, datetime.now(UTC))
        self._poster.post(news.alert.address, body, {**headers, "radio-archive-id": news.batch})

    def _set_aside(self, parcel: Parcel, error: RadioArchiveError) -> None:
        """Try again later, or give up."""
        alert, now = parcel.alert, datetime.now(UTC)
        log.warning("an alert was not told", extra={"alert": alert.id, "code": error.code})
        is_final = isinstance(error, MailRefused | RefusedAddress | Gone)
        if error.is_outage or isinstance(error, BadSettings):
            self._catalogue.parcels.put_off(parcel, now + OUTAGE, error.message, counts=False)
        elif is_final or alert.attempts >= len(BACK_OFF):
            if alert.state is AlertState.ASKED:  # nobody said yes, and nobody will
                self.end(alert.id)
            else:
                self._catalogue.parcels.park(parcel, error.message)
        else:
            wait = now + BACK_OFF[alert.attempts]
            self._catalogue.parcels.put_off(parcel, wait, error.message, counts=True)

    def _require(self, kind: AlertKind) -> None:
        if kind not in self.kinds:
            raise BadInput(
                f"This archive sends no {'letters' if kind is AlertKind.MAIL else 'webhooks'}.",
                hint="Whoever keeps it sets base_url, and for letters smtp_url and mail_sender.",
            )


def wish(kind: AlertKind, address: str, pace: Pace, locale: str) -> Alert:
    """An alert that somebody wants, not stored yet."""
    return Alert(
        id=AlertId(secrets.token_hex(_ID_BYTES)),
        search_id=SearchId(""),
        kind=kind,
        address=address,
        pace=pace,
        locale=locale,
        key=secrets.token_urlsafe(_KEY_BYTES),
        state=AlertState.ASKED,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )


def secret_of(alert: Alert) -> str:
    """What its webhooks are signed with; other than the key that ends it."""
    return sha256(f"webhook\0{alert.key}".encode()).hexdigest()


def sign(answer: Mapping[str, object], alert: Alert, now: datetime) -> tuple[bytes, dict[str, str]]:
    """The body of a webhook, and the headers that prove whose it is and when it was sent.

    The signature is HMAC-SHA256 (RFC 2104) of the moment, a point and the body: what is sent again
    by somebody else later carries an old moment.
    """
    body = json.dumps(answer).encode()  # ASCII: half characters come through as well
    moment = str(int(now.timestamp()))
    signed = hmac.new(secret_of(alert).encode(), moment.encode() + b"." + body, sha256)
    return body, {
        "radio-archive-timestamp": moment,
        "radio-archive-signature": f"v1={signed.hexdigest()}",
    }


def _is_there(hit: Hit, place: Finding) -> bool:
    """Whether a passage still stands where it was found."""
    return place.start_ms - ROOM_MS <= hit.start_ms < place.end_ms
