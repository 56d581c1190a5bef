"""Collections on a theme: what editors put into them, and what readers get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from radio_archive.archive import Archive, DocumentWish
from radio_archive.catalogue import Catalogue
from radio_archive.db.dossier_tables import document_blocks, document_words
from radio_archive.dossiers.texts import LONGEST_NOTE, slug_of
from radio_archive.errors import (
    BadDocument,
    BadInput,
    Conflict,
    NotFound,
    TooLong,
    UnknownLanguage,
)
from radio_archive.model import (
    BroadcastId,
    DocumentState,
    DossierItem,
    Excerpt,
    QuoteRequest,
    QuoteState,
    TranscriptKind,
)
from tests.support.documents import make_pdf
from tests.support.making import make_transcript, ms, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

SAID = ("Le crime organisé menace.", "La route est coupée.", "Bonsoir à tous.")
AWA = "Awa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """An archive with a broadcast and an empty dossier."""

    archive: Archive
    catalogue: Catalogue
    broadcast: BroadcastId
    slug: str

    def items(self, *, is_editor: bool = True) -> tuple[DossierItem, ...]:
        return self.archive.dossiers.page(self.slug, is_editor=is_editor).items

    def add_passage(self, note: str = "") -> int:
        asked = QuoteRequest(excerpt=Excerpt(start_ms=ms(0), end_ms=ms(3_000)))
        return self.archive.dossiers.add_passage(self.slug, self.broadcast, asked, note, AWA)

    def add_pdf(self, *pages: str, **wish: object) -> DocumentState:
        values = {"title": "Rapport", "language": "fr", "content": make_pdf(*pages), **wish}
        asked = DocumentWish(**values)  # type: ignore[arg-type]
        return self.archive.dossiers.add_document(self.slug, asked, AWA)

    def publish(self) -> None:
        self.archive.dossiers.change(self.slug, "Sel", "", True, AWA)

    def found(self, words: str) -> list[tuple[str, list[int]]]:
        page = self.archive.search(words)
        return [(each.document.title, [hit.page for hit in each.hits]) for each in page.documents]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with bare_archive(tmp_path) as (archive, catalogue):
        broadcast = put_broadcast(catalogue)
        add_transcript(catalogue, broadcast, make_transcript(*SAID))
        archive.reindex()
        slug = archive.dossiers.make("Les routes du sel", AWA).slug
        yield Room(archive=archive, catalogue=catalogue, broadcast=broadcast, slug=slug)


def test_a_dossier_begins_private_and_only_editors_see_it(room: Room) -> None:
    assert room.archive.dossiers.all(is_editor=False) == ()
    with pytest.raises(NotFound):
        room.archive.dossiers.page(room.slug, is_editor=False)
    room.publish()
    assert [each.slug for each in room.archive.dossiers.all(is_editor=False)] == [room.slug]


def test_equal_titles_get_addresses_of_their_own(room: Room) -> None:
    made = [room.archive.dossiers.make(title, AWA).slug for title in ("Sel !", "sel", "SEL")]
    assert made == ["sel", "sel-2", "sel-3"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("L'école à Ségou", "l-ecole-a-segou"),
        ("add", "dossier-add"),
        ("سلام", "dossier"),
        ("../../etc/passwd", "etc-passwd"),
        ("sɛnɛ kɔrɔ", "sene-koro"),
        ("x" * 500, "x" * 60),
    ],
)
def test_an_address_has_letters_digits_and_hyphens_only(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_passage_keeps_the_words_as_they_were_and_says_that_they_changed(room: Room) -> None:
    room.add_passage("à vérifier")
    (item,) = room.items()
    assert item.quote is not None
    assert (item.quote.text, item.quote.state) == (SAID[0], QuoteState.UNCHANGED)
    again = make_transcript("Le crime organise menace.", *SAID[1:], kind=TranscriptKind.CORRECTED)
    add_transcript(room.catalogue, room.broadcast, again)
    (item,) = room.items()
    assert item.quote is not None
    assert item.quote.state is QuoteState.CORRECTED
    assert (item.quote.text, item.quote.text_now) == (SAID[0], "Le crime organise menace.")


def test_words_taken_out_of_a_transcript_are_gone_from_the_dossier(room: Room) -> None:
    room.add_passage("il dit : crime organisé")
    redacted = make_transcript("[…]", *SAID[1:], kind=TranscriptKind.REDACTED)
    add_transcript(room.catalogue, room.broadcast, redacted)
    (item,) = room.items()
    assert item.is_withdrawn
    assert item.note == ""
    assert item.quote is not None
    assert item.quote.text == ""


def test_a_broadcast_that_is_gone_is_shown_as_withdrawn(room: Room) -> None:
    room.archive.dossiers.add_broadcast(room.slug, room.broadcast, "secret", AWA)
    (item,) = room.items()
    assert not item.is_withdrawn
    gone = replace(item, broadcast=None)
    assert gone.is_withdrawn
    assert gone.note == ""


def test_entries_go_where_editors_want_them(room: Room) -> None:
    first, second, third = (room.add_passage(str(number)) for number in range(3))
    room.archive.dossiers.move(room.slug, third, 0, AWA)
    assert [item.note for item in room.items()] == ["2", "0", "1"]
    room.archive.dossiers.move(room.slug, third, 99, AWA)
    room.archive.dossiers.remove(room.slug, first, AWA)
    assert [item.note for item in room.items()] == ["1", "2"]
    with pytest.raises(NotFound):
        room.archive.dossiers.move(room.slug, first, 0, AWA)
    assert second != third


def test_a_note_is_not_written_over_another(room: Room) -> None:
    number = room.add_passage("avant")
    room.archive.dossiers.annotate(room.slug, number, "Awa", "avant", AWA)
    with pytest.raises(Conflict):
        room.archive.dossiers.annotate(room.slug, number, "Bakary", "avant", "Bakary")
    assert [item.note for item in room.items()] == ["Awa"]


def test_a_note_of_100_kb_is_refused_and_nothing_changes(room: Room) -> None:
    number = room.add_passage("avant")
    with pytest.raises(TooLong):
        room.archive.dossiers.annotate(room.slug, number, "é" * 50_000, "avant", AWA)
    room.archive.dossiers.annotate(room.slug, number, "é" * LONGEST_NOTE, "avant", AWA)
    assert len(room.items()[0].note) == LONGEST_NOTE


def test_lines_of_a_note_stay_and_signs_nobody_sees_go(room: Room) -> None:
    room.add_passage("un\r\ndeux\u202e\0\n<b>trois</b>  ")
    assert room.items()[0].note == "un\ndeux\n<b>trois</b>"


def test_the_text_of_a_document_is_found_beside_the_broadcasts_once_it_is_public(
    room: Room,
) -> None:
    room.add_pdf("Introduction.", "Le crime organisé et\nses causes.", title="Compte rendu")
    assert room.found("crime organisé") == []
    room.publish()
    assert room.found("crime organisé") == [("Compte rendu", [2])]
    page = room.archive.search("crime organisé")
    (found,) = page.documents
    (hit,) = found.hits
    marked = [hit.text[start:end] for start, end in hit.highlights]
    assert marked == ["crime", "organisé"]
    assert page.total == 1, "hits in broadcasts are counted as ever"


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ('"crime organisé"', True),
        ('"organisé crime"', False),
        ("crimes", True),
        ("cri*", True),
        ("crime -causes", False),
        ("introduction causes", False),  # on different pages
        ("organised crime", True),  # by its translation
        ("compte rendu", True),  # the title
        ("crime language:fr", True),
        ("crime language:en", False),
        ("crime after:2014", False),  # a document was not aired
        ("crime programme:journal", False),
    ],
)
def test_documents_are_found_by_the_rules_of_their_language(
    room: Room, typed: str, is_found: bool
) -> None:
    room.add_pdf("Introduction.", "Le crime organisé et ses causes.", title="Compte rendu")
    room.publish()
    assert bool(room.found(typed)) is is_found


def test_only_the_exact_spelling_is_found_where_that_is_asked_for(room: Room) -> None:
    room.add_pdf("Le crime organisé.")
    room.publish()
    exact = replace(room.archive.search("organise").query, is_exact_only=True)
    assert exact.is_exact_only
    from radio_archive.document_retrieval import find_documents

    assert find_documents(room.catalogue, exact) == ()
    assert find_documents(room.catalogue, replace(exact, is_exact_only=False))


def test_a_document_in_two_languages_stands_side_by_side(room: Room) -> None:
    room.add_pdf("Le crime organisé.", title="Rapport")
    room.add_passage()
    original = room.archive.dossiers.documents(room.slug)[0].id
    room.add_pdf("Organised crime.", title="Report", language="en", original=original)
    groups = room.archive.dossiers.page(room.slug, is_editor=True).groups
    titles = [[item.entry.document and item.entry.document.title for item in g] for g in groups]
    assert titles == [["Rapport", "Report"], [None]]
    view = room.archive.dossiers.document(room.slug, original, is_editor=True)
    assert [(each.title, pages) for each, pages in view.beside] == [
        ("Report", ("Organised crime.",))
    ]


def test_a_search_in_english_finds_the_english_document_before_the_french_one(room: Room) -> None:
    room.add_pdf("Le crime organisé.", title="Rapport")
    room.add_pdf("Organised crime.", title="Report", language="en")
    room.publish()
    assert [title for title, _ in room.found("organised crime")] == ["Report", "Rapport"]


def test_a_document_that_is_taken_out_is_found_no_more_and_leaves_nothing(room: Room) -> None:
    room.add_pdf("Le crime organisé.")
    room.publish()
    room.archive.dossiers.remove(room.slug, room.items()[0].entry.number, AWA)
    assert room.found("crime") == []
    with room.catalogue.documents._database.read() as connection:
        for table in (document_blocks, document_words):
            assert connection.execute(table.select()).first() is None


def test_a_dossier_that_is_deleted_takes_its_documents_along(room: Room) -> None:
    room.add_pdf("Le crime organisé.")
    room.publish()
    room.archive.dossiers.delete(room.slug)
    assert room.found("crime") == []
    assert room.archive.get_broadcast(room.broadcast)


def test_another_language_of_a_document_searches_it_by_other_rules(room: Room) -> None:
    room.add_pdf("The organised crimes.")
    number = room.items()[0].entry.number
    room.publish()
    english = DocumentWish(title="Report", language="english")
    room.archive.dossiers.change_document(room.slug, number, english, AWA)
    assert room.found("crime language:en") == [("Report", [1])]
    assert room.found("report") == [("Report", [0])]


def test_a_large_file_comes_back_as_it_was(room: Room) -> None:
    content = make_pdf("Un.") + b"%" + bytes(range(256)) * 3_000
    room.add_pdf(content=content)
    (document,) = room.archive.dossiers.documents(room.slug)
    assert room.archive.dossiers.content(room.slug, document.id, is_editor=True) == content


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"content": b"<html>"}, BadDocument),
        ({"content": b""}, BadDocument),
        ({"content": b"", "url": "javascript:alert(1)"}, BadDocument),
        ({"content": b"", "url": "https://"}, BadDocument),
        ({"content": b"", "url": "http://[::1"}, BadDocument),
        ({"title": " "}, BadInput),
        ({"title": "x" * 1_000}, TooLong),
        ({"language": "klingon!"}, UnknownLanguage),
        ({"original": 99}, BadInput),
    ],
)
def test_what_is_no_document_is_refused(
    room: Room, wish: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        room.add_pdf("Un.", **wish)
    assert room.items() == ()


def test_words_made_by_older_rules_are_renewed(room: Room) -> None:
    room.add_pdf("Le crime organisé.")
    room.publish()
    database = room.catalogue.documents._database
    with database.write() as connection:
        connection.exec_driver_sql("update documents set words_version = 0")
        connection.execute(document_words.delete())
    assert room.found("crime") == []
    assert room.catalogue.documents.refresh() == 1
    assert room.found("crime") == [("Rapport", [1])]
