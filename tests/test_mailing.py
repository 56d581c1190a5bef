"""Letters handed to a real mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from radio_archive.errors import BadInput, BadSettings, MailAway, MailError, MailRefused
from radio_archive.mailing import Envelope, Mailer, read_address
from radio_archive.model import Letter
from tests.support.mailbox import Mailbox, open_mailbox

SENDER = "Studio Tamani <alertes@example.org>"
LETTER = Letter(subject="Nouveau : « riz »", text="Le prix du riz ɛɔŋ.\n", html="<p>riz</p>")
ENVELOPE = Envelope(
    to="awa@example.org", message_id="abc", off_url="https://a.example/off", locale="fr"
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


def test_a_letter_has_both_parts_and_the_way_out(mailbox: Mailbox) -> None:
    Mailer(mailbox.url, SENDER).send(LETTER, ENVELOPE)
    (letter,) = mailbox.letters
    assert letter["To"] == "awa@example.org"
    assert letter["From"] == SENDER
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == "<abc@example.org>"
    assert letter["List-Unsubscribe"] == "<https://a.example/off>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Le prix du riz ɛɔŋ." in plain.get_content()
    assert "<p>riz</p>" in html.get_content()


def test_nothing_typed_adds_a_header(mailbox: Mailbox) -> None:
    letter = Letter(subject="riz\r\nBcc: all@example.org\n\nx", text="x", html="x")
    Mailer(mailbox.url, SENDER).send(letter, ENVELOPE)
    assert mailbox.letters[0]["Bcc"] is None
    assert mailbox.letters[0]["Subject"] == "riz Bcc: all@example.org x"
    with pytest.raises(BadSettings, match="mail_sender"):
        Mailer(mailbox.url, "Radio\r\nBcc: b@example.org <a@example.org>")


def test_a_sender_may_hold_a_space_that_does_not_break(mailbox: Mailbox) -> None:
    Mailer(mailbox.url, "Radio\u00a0Kayes <alertes@example.org>\n").send(LETTER, ENVELOPE)
    assert mailbox.letters[0]["From"] == "Radio Kayes <alertes@example.org>"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "awa",
        "awa@",
        "awa@localhost",
        "awa@example.org\nBcc: b@example.org",
        "awa@example.org, b@example.org",
        "Awa <awa@example.org>",
        '"a b"@example.org',
        "awa@exam ple.org",
        "awa..b@example.org",
        "a" * 65 + "@example.org",
        "awa@" + "a." * 130 + "org",
        "awa@example.org\0",
        "awà@example.org",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_address(typed)


def test_an_address_is_kept_as_typed_but_for_its_host() -> None:
    assert read_address(" Awa.Diallo+radio@Example.ORG ") == "Awa.Diallo+radio@example.org"


def test_a_mailbox_that_is_none_is_told_from_one_that_is_full(mailbox: Mailbox) -> None:
    mailer = Mailer(mailbox.url, SENDER)
    mailbox.rcpt_answer = "550 5.1.1 awa@example.org is unknown"
    with pytest.raises(MailRefused, match=r"550, 5\.1\.1") as refusal:
        mailer.send(LETTER, ENVELOPE)
    assert "awa@" not in str(refusal.value)
    mailbox.rcpt_answer = "452 4.2.2 Mailbox full"
    with pytest.raises(MailError, match="452") as full:
        mailer.send(LETTER, ENVELOPE)
    assert not isinstance(full.value, MailRefused | MailAway)
    mailbox.rcpt_answer, mailbox.data_answer = "250 OK", "451 4.3.0 try again"
    with pytest.raises(MailError, match="451"):
        mailer.send(LETTER, ENVELOPE)
    assert mailbox.letters == []


def test_a_server_that_takes_a_letter_and_breaks_off_has_perhaps_taken_it(
    mailbox: Mailbox,
) -> None:
    mailbox.breaks_off = True
    with pytest.raises(MailError, match="broke off") as error:
        Mailer(mailbox.url, SENDER).send(LETTER, ENVELOPE)
    assert not error.value.is_outage
    assert len(mailbox.letters) == 1


def test_a_server_that_hangs_up_before_the_letter_has_not_taken_it(mailbox: Mailbox) -> None:
    mailbox.hangs_up = True
    with pytest.raises(MailAway):
        Mailer(mailbox.url, SENDER).send(LETTER, ENVELOPE)
    assert mailbox.letters == []


def test_half_a_character_stops_no_letter(mailbox: Mailbox) -> None:
    torn = Letter(subject="\ud83d riz", text="\ud83d riz", html="\udc00 riz")
    Mailer(mailbox.url, SENDER).send(torn, ENVELOPE)
    assert len(mailbox.letters) == 1


def test_a_server_that_is_not_there_is_an_outage() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(MailAway):
        Mailer(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER, ENVELOPE)


def test_a_server_wants_the_right_password() -> None:
    with open_mailbox("geheim und lang") as mailbox:
        host = f"127.0.0.1:{mailbox.port}"
        Mailer(f"smtp://awa:geheim%20und%20lang@{host}", SENDER).send(LETTER, ENVELOPE)
        assert len(mailbox.letters) == 1
        with pytest.raises(MailAway, match="535") as error:
            Mailer(f"smtp://awa:faux@{host}", SENDER).send(LETTER, ENVELOPE)
        assert "faux" not in str(error.value)


def test_another_machine_must_speak_tls(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.create_connection
    there = ("127.0.0.1", mailbox.port)
    monkeypatch.setattr(socket, "create_connection", lambda _where, *rest: connect(there, *rest))
    with pytest.raises(MailAway, match="STARTTLS"):
        Mailer("smtp://awa:secret@mail.example.org", SENDER).send(LETTER, ENVELOPE)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example.org", SENDER),
        ("smtp://", SENDER),
        ("smtp://host:99999", SENDER),
        ("smtp://mail.example.org", "nobody"),
        ("smtp://mail.example.org", ""),
    ],
)
def test_settings_that_make_no_sense_are_refused(url: str, sender: str) -> None:
    with pytest.raises(BadSettings):
        Mailer(url, sender)
