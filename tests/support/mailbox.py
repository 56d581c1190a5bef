"""A real mail server on this machine, which takes, refuses or breaks off as a test says."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Mailbox:
    """What the server does with letters, and those it took."""

    letters: list[EmailMessage] = field(default_factory=list)
    rcpt_answer: str = "250 OK"  #: to RCPT TO
    data_answer: str = "250 OK"  #: to a whole letter
    breaks_off: bool = False  #: takes a letter and goes away without a word
    hangs_up: bool = False  #: goes away when it is told whom a letter is for
    port: int = 0

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd looks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.hangs_up:
            server.transport.abort()
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            self.letters.append(message)
        if self.breaks_off:
            server.transport.abort()
            await asyncio.sleep(0)
        return self.data_answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def open_mailbox(password: str = "") -> Iterator[Mailbox]:
    """Serve until the block ends; with a password only ``awa`` may send."""

    def authenticate(
        server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        known = LoginPassword(b"awa", password.encode())
        return AuthResult(success=data == known, handled=False)

    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        auth_required=bool(password),
        auth_require_tls=False,
        authenticator=authenticate if password else None,
    )

    def knock() -> None:
        # the system chose the port: aiosmtpd would knock at port 0
        mailbox.port = cast(Any, controller.server).sockets[0].getsockname()[1]
        socket.create_connection(("127.0.0.1", mailbox.port), 5).close()

    vars(controller)["_trigger_server"] = knock
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
