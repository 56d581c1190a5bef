"""Text out of real, damaged and hostile PDFs."""

from __future__ import annotations

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from radio_archive.documents import MAX_PAGES, read_pdf
from radio_archive.documents.pdf_reader import tidy
from radio_archive.model import DocumentState, DocumentText
from tests.support.documents import make_pdf


def test_every_page_is_read_with_its_accents() -> None:
    read = read_pdf(make_pdf("Le crime organisé", "L'État\nrépond"))
    assert read.state is DocumentState.READ
    assert read.pages == ("Le crime organisé", "L'État répond")


def test_words_divided_at_the_end_of_a_line_are_whole_again() -> None:
    assert tidy("le crime orga-\nnisé") == "le crime organisé"
    assert tidy("soft\u00ad\nware") == "software"
    assert tidy("16-\n17 octobre, Sévaré-\nMopti") == "16-\n17 octobre, Sévaré-\nMopti"
    assert tidy("la ma\ufb01a, di\ufb03cile") == "la mafia, difficile"
    assert tidy("e\u0301tat \0\ud800") == "état \ufffd"


def test_lines_of_a_sentence_are_joined_and_those_of_a_list_are_not() -> None:
    assert tidy("Il est dans le \ndomaine public.\nTitre\n1. Les formes") == (
        "Il est dans le domaine public.\nTitre\n1. Les formes"
    )
    assert tidy("une justice ;\ndes emplois") == "une justice ;\ndes emplois"


def test_pages_without_letters_say_so() -> None:
    assert read_pdf(make_pdf("", " ")) == DocumentText(state=DocumentState.NO_TEXT)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.4\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 100,
        make_pdf("Un.")[:200],
        make_pdf("Un.").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
    ],
)
def test_what_is_damaged_says_so(content: bytes) -> None:
    assert read_pdf(content) == DocumentText(state=DocumentState.DAMAGED)


def test_a_password_is_not_guessed() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("Secret."))))
    writer.encrypt("mot de passe", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert read_pdf(out.getvalue()) == DocumentText(state=DocumentState.LOCKED)


def test_a_document_beyond_the_limit_is_read_as_far_as_it_goes() -> None:
    read = read_pdf(make_pdf(*["Un."] * (MAX_PAGES + 3)))
    assert read.state is DocumentState.PART_READ
    assert len(read.pages) == MAX_PAGES


def test_a_document_that_takes_too_long_is_given_up() -> None:
    slow = make_pdf(*["mot " * 2_000] * 400)
    assert read_pdf(slow, seconds=0.5) == DocumentText(state=DocumentState.TOO_HEAVY)


def test_a_bomb_ends_in_a_state_and_not_in_the_memory_of_the_site() -> None:
    packed = zlib.compress(b"\0" * 300_000_000)
    plain = make_pdf("Un.")
    start, end = plain.index(b"<< /Length"), plain.index(b"endstream")
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\n" % (len(packed), packed)
    read = read_pdf(plain[:start] + bomb + plain[end:])
    assert read.state in (DocumentState.TOO_HEAVY, DocumentState.NO_TEXT, DocumentState.DAMAGED)
    assert read.pages == ()
