"""A browser without scripts in the hands of an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path

from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from radio_archive.archive import Archive
from radio_archive.catalogue import Catalogue
from radio_archive.model import BroadcastId
from radio_archive.web import create_app
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

PASSWORD = "quatre mots assez longs"
HEARD = ("La route de Nionau est coupée.", "Bonsoir à tous.", "Le riz coûte cher.")

_FORM = re.compile(r'<form method="post" action="[^"]+/correct">.*?</form>', re.DOTALL)
_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody's browser."""

    client: TestClient
    identity: BroadcastId
    extra: dict[str, str] = field(default_factory=dict)

    def token(self, path: str) -> str:
        found = _TOKEN.search(self.client.get(path).text)
        assert found is not None
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD) -> Response:
        form = {"token": self.token("/sign-in"), "name": name, "password": password}
        return self.client.post("/sign-in", data=form, follow_redirects=False)

    def sentences(self) -> list[dict[str, str]]:
        """The forms of the page of corrections, as a browser fills them in."""
        page = self.client.get(f"/broadcasts/{self.identity}/correct").text
        return [_fields(form) for form in _FORM.findall(page)]

    def save(self, form: dict[str, str], **changes: str) -> Response:
        return self.client.post(
            f"/broadcasts/{self.identity}/correct", data={**form, **changes}, follow_redirects=False
        )


def _fields(form: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    assert text is not None
    return {**{name: unescape(value) for name, value in fields.items()}, "text": unescape(text[1])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An archive with one broadcast and editors."""

    archive: Archive
    catalogue: Catalogue
    identity: BroadcastId

    @contextmanager
    def hand(self, name: str = "", **scope: object) -> Iterator[Hand]:
        with TestClient(create_app(self.archive), **scope) as client:  # type: ignore[arg-type]
            hand = Hand(client=client, identity=self.identity)
            if name:
                assert hand.sign_in(name).status_code == 303
            yield hand

    def text(self) -> str:
        return self.archive.get_transcript(self.identity).text


@cache
def hashed() -> str:
    """The password as it is kept: half a second's work, done once."""
    return PasswordHasher().hash(PASSWORD)


@contextmanager
def open_office(home: Path) -> Iterator[Office]:
    """A new archive; its editors are Awa and Bakary."""
    with bare_archive(home) as (archive, catalogue):
        identity = put_broadcast(catalogue)
        add_transcript(catalogue, identity, make_transcript(*HEARD))
        archive.reindex()
        for name in ("Awa", "Bakary"):
            catalogue.editors.add(name, hashed())
        yield Office(archive=archive, catalogue=catalogue, identity=identity)
