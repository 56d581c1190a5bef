"""Webhooks: signed, tried again, and given up where nobody wants them."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from radio_archive.archive import secret_of, wish
from radio_archive.errors import RefusedAddress
from radio_archive.model import AlertKind, Pace
from tests.fetch.test_posting import open_receiver
from tests.support.newsroom import BASE, Newsroom, open_newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path) as room:
        yield room


def test_a_webhook_is_signed_and_says_why(room: Newsroom) -> None:
    with open_receiver() as receiver:
        alert = room.archive.alerts.add_webhook(
            room.search, wish(AlertKind.WEBHOOK, receiver.url, Pace.AT_ONCE, "fr")
        )
        new = room.say("new", "Le riz du Delta.")
        room.tell()
        ((_, headers, body),) = receiver.got
    moment = headers["radio-archive-timestamp"]
    expected = hmac.new(secret_of(alert).encode(), f"{moment}.".encode() + body, sha256).hexdigest()
    assert headers["radio-archive-signature"] == f"v1={expected}"
    assert abs(int(moment) - datetime.now(UTC).timestamp()) < 60
    told = json.loads(body)
    assert told["id"] == headers["radio-archive-id"]
    (passage,) = told["passages"]
    assert passage["broadcast"]["id"] == new
    assert passage["match"] == "exact"
    assert passage["text"][slice(*passage["highlights"][0])] == "riz"
    assert passage["url"] == f"{BASE}/broadcasts/{new}?t=0.4&q=riz#t=0.4"
    assert passage["trust"] == "machine"


def test_a_webhook_that_fails_is_tried_again_and_one_that_is_gone_is_not(room: Newsroom) -> None:
    with open_receiver() as receiver:
        alert = room.archive.alerts.add_webhook(
            room.search, wish(AlertKind.WEBHOOK, receiver.url, Pace.AT_ONCE, "fr")
        )
        room.say("new", "Le riz du Delta.")
        receiver.status = 503
        room.tell()
        receiver.status = 204
        room.let_be_due(alert)
        room.tell()
        first, again = receiver.got
        assert first[1]["radio-archive-id"] == again[1]["radio-archive-id"]
        room.say("newer", "Le riz de Gao.")
        receiver.status = 410
        room.tell()
        assert room.archive.status().alerts.parked[0].kind is AlertKind.WEBHOOK


def test_a_webhook_to_the_inside_is_refused_or_given_up(room: Newsroom) -> None:
    for url in ("http://example.org/", "file:///etc/passwd", "https://u:p@example.org"):
        with pytest.raises(RefusedAddress):
            room.archive.alerts.add_webhook(
                room.search, wish(AlertKind.WEBHOOK, url, Pace.AT_ONCE, "fr")
            )
    room.archive.alerts.add_webhook(
        room.search, wish(AlertKind.WEBHOOK, "https://10.0.0.1/", Pace.AT_ONCE, "fr")
    )
    room.say("new", "Le riz du Delta.")
    room.tell()
    assert room.archive.status().alerts.parked[0].attempts == 1
