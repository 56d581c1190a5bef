"""Letters on their way out, through the station's own mail server (RFC 5321, RFC 5322).

No password and no address goes to another machine in the clear: STARTTLS is demanded of all but
this very machine.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from radio_archive.errors import BadInput, BadSettings, MailAway, MailError, MailRefused
from radio_archive.model import Letter

TIMEOUT_S = 20
"""Seconds without an answer of the mail server, at each step; a letter is given up then."""

_OWN = ("localhost", "127.0.0.1", "::1")
#: RFC 5321 section 4.2.3: taken, and taken for somebody who moved
_OK, _FORWARDED = 250, 251
_PORTS = {"smtp": 587, "smtps": 465}
#: RFC 5321 section 4.5.3.1: octets before the @, and in all
_LONGEST_NAME, _LONGEST = 64, 254
#: letters that need no quotation marks (RFC 5322 section 3.2.3), and host names with a dot
_NAME = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
_ADDRESS = re.compile(rf"({_NAME})@({_HOST})", re.ASCII)


def read_address(typed: str) -> str:
    """A mail address somebody typed, its host in small letters.

    Raises:
        BadInput: it is none, or one that needs quotation marks or letters beyond ASCII.
    """
    match = _ADDRESS.fullmatch(typed.strip())
    if match is None or len(match[1]) > _LONGEST_NAME or len(match[0]) > _LONGEST:
        raise BadInput("This is no address of mail.", hint="Write one like awa@example.org.")
    return f"{match[1]}@{match[2].lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands around a letter."""

    to: str
    message_id: str  #: the same when a letter is tried again, so that mailboxes can tell
    off_url: str  #: a POST to it ends the alert (RFC 8058)
    locale: str


class Mailer:
    """Sends letters one by one; nothing is kept open between them."""

    def __init__(self, url: str, sender: str) -> None:
        """Read the settings ``smtp_url`` and ``mail_sender``; nothing is connected to.

        Raises:
            BadSettings: one of them makes no sense.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or port == 0:
            raise BadSettings(
                "smtp_url is no address of a mail server.",
                hint="Write smtp://user:password@mail.example.org:587, or smtps://…",
            )
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        # what `parseaddr` makes of a line break depends on the version of Python
        lines = sender.strip().splitlines()
        name, address = parseaddr(lines[0]) if len(lines) == 1 else ("", "")
        try:
            self.address = read_address(address)
            self._sender = Address(_line(name), addr_spec=self.address)
        except (BadInput, ValueError) as error:
            raise BadSettings(
                f"mail_sender has a wrong value {sender[:60]!r}.",
                hint="Write: Studio Tamani <alertes@example.org>",
            ) from error

    def send(self, letter: Letter, envelope: Envelope) -> None:
        """Hand a letter to the server.

        Raises:
            MailAway: the server does not answer, or takes nothing from us: no letter is to blame.
            MailRefused: there is no such mailbox.
            MailError: it does not take this letter now. Where the connection broke after the
                letter was out, it may have been taken all the same.
        """
        message = self.compose(letter, envelope)
        with self._connected() as server:
            try:
                code, answer = server.mail(self.address)
                if code != _OK:
                    raise self._away(f"it takes nothing from mail_sender: {_told(code, answer)}")
                code, answer = server.rcpt(envelope.to)
            except (smtplib.SMTPException, OSError) as error:
                raise self._away(_reason(error)) from error
            if code not in (_OK, _FORWARDED):
                _refuse(code, answer)
            try:
                code, answer = server.data(message.as_bytes(policy=SMTP))
            except (smtplib.SMTPException, OSError) as error:
                raise MailError(
                    f"The mail server broke off while it took a letter: {_reason(error)}.",
                    hint="It is tried again, under the same name.",
                ) from error
            if code != _OK:
                raise MailError(
                    f"The mail server did not take the letter: {_told(code, answer)}.",
                    hint="It is tried again.",
                )

    def compose(self, letter: Letter, envelope: Envelope) -> EmailMessage:
        """The letter as it goes out: plain text and HTML, and the way out in its head."""
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=envelope.to)
        message["Subject"] = _line(letter.subject)
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{envelope.message_id}@{self._sender.domain}>"
        message["Content-Language"] = envelope.locale
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message["List-Unsubscribe"] = f"<{envelope.off_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(_whole(letter.text), cte="quoted-printable")
        message.add_alternative(_whole(letter.html), subtype="html", cte="quoted-printable")
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise self._away(_reason(error)) from error
        try:
            yield server
            with suppress(smtplib.SMTPException, OSError):  # what was taken before is taken
                server.quit()
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        try:
            server.ehlo_or_helo_if_needed()
            if not self._is_tls and self._host not in _OWN:
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _away(self, reason: str) -> MailAway:
        return MailAway(
            f"The mail server {self._host}:{self._port} cannot be used: {reason}.",
            hint="Check smtp_url and mail_sender; letters wait meanwhile.",
        )


def _refuse(code: int, answer: bytes) -> NoReturn:
    """Say why a mailbox is not written to; the answer may name it, so only its number is told."""
    kind = MailRefused if code >= 500 else MailError
    raise kind(
        f"The mail server does not write to this mailbox ({code}{_enhanced(answer)}).",
        hint="Ask its owner." if kind is MailRefused else "It is tried again.",
    )


def _enhanced(answer: bytes) -> str:
    """The enhanced status code (RFC 3463), where the answer begins with one."""
    match = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", answer)
    return f", {match[0].decode()}" if match else ""


def _told(code: int, answer: bytes) -> str:
    return f"{code} {_line(answer.decode('utf-8', 'replace'))[:200]}".strip()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return _told(error.smtp_code, told if isinstance(told, bytes) else str(told).encode())
    return _line(str(error))[:200] or type(error).__name__


def _line(text: str) -> str:
    """One line without control characters: nothing typed adds a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _whole(text: str) -> str:
    """A text without half characters, which no mail can hold."""
    return text.encode("utf-8", "replace").decode()
