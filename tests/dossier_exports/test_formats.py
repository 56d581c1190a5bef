"""A dossier as a page, a document, a table and a play list."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import docx
import lxml.html
import pytest

from radio_archive.dossier_exports import DOSSIER_EXPORTS, DossierContext, get_dossier_format
from radio_archive.errors import UnknownFormat
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    BroadcastState,
    Document,
    DocumentId,
    DocumentState,
    Dossier,
    DossierEntry,
    DossierId,
    DossierItem,
    DossierPage,
    EntryKind,
    EntryNumber,
    Excerpt,
    LanguageTag,
    Quote,
    QuoteState,
    TranscriptId,
)
from tests.support.making import AIRED, DEBATE, make_recording, make_transcript, ms

SITE = "https://archive.example"
CONTEXT = DossierContext(base_url=SITE, station="Radio Sel")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
HOSTILE = '=cmd("x")<script>alert(1)</script>\n"deux"'

BROADCAST = Broadcast(
    id=BroadcastId("0f3a9c1d2b4e5f60"),
    title="Le débat & l'État",
    programme=DEBATE,
    language=LanguageTag("fr"),
    aired_at=AIRED,
    recording=make_recording(),
    state=BroadcastState.TRANSCRIBED,
)


def entry(kind: EntryKind, note: str = "", document: Document | None = None) -> DossierEntry:
    return DossierEntry(
        number=EntryNumber(1),
        kind=kind,
        note=note,
        added_by="Awa",
        added_at=NOW,
        broadcast_id=None if document else BROADCAST.id,
        document=document,
    )


def passage(state: QuoteState = QuoteState.UNCHANGED, note: str = HOSTILE) -> DossierItem:
    quote = Quote(
        broadcast=BROADCAST,
        excerpt=Excerpt(start_ms=ms(1_249), end_ms=ms(4_000)),
        state=state,
        text="" if state is QuoteState.WITHDRAWN else "Le crime organisé.",
        text_now="",
        source=make_transcript("Le crime organisé."),
        version=TranscriptId(7),
        digest="abc",
    )
    return DossierItem(entry=entry(EntryKind.PASSAGE, note), broadcast=BROADCAST, quote=quote)


def held(state: DocumentState = DocumentState.READ, **changes: object) -> DossierItem:
    values: dict[str, object] = {
        "id": DocumentId(3),
        "title": "Rapport",
        "language": LanguageTag("fr"),
        "url": "",
        "state": state,
        "pages": 2,
        "size_bytes": 10,
        **changes,
    }
    document = Document(**values)  # type: ignore[arg-type]
    return DossierItem(entry=entry(EntryKind.DOCUMENT, document=document))


def page(*items: DossierItem) -> DossierPage:
    dossier = Dossier(
        id=DossierId(1),
        slug="sel",
        title="Le sel <b>",
        summary="Un\nDeux",
        is_public=True,
        made_by="Awa",
        made_at=NOW,
        changed_by="Awa",
        changed_at=NOW,
        entries=len(items),
    )
    return DossierPage(dossier=dossier, groups=tuple((each,) for each in items), total=len(items))


WHOLE = DossierItem(entry=entry(EntryKind.BROADCAST, "entier"), broadcast=BROADCAST)
LINK = held(DocumentState.LINK, url="https://example.org/a?b=1&c=2", pages=0, size_bytes=0)


def written(name: str, *items: DossierItem) -> bytes:
    return get_dossier_format(name).encode(page(*items), CONTEXT)


def test_a_table_has_a_row_for_each_entry_and_no_formula() -> None:
    text = written("csv", passage(), WHOLE, held(), LINK).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Sorte"] for row in rows] == ["Passage", "Émission", "Document", "Document"]
    assert rows[0]["Texte"] == "Le crime organisé."
    assert rows[0]["Note"] == "'" + HOSTILE
    assert rows[0]["Son"] == f"{SITE}/clips/{BROADCAST.id}?start=1.249&end=4.000&format=mp3"
    assert rows[0]["Adresse"].startswith(f"{SITE}/quotes/{BROADCAST.id}?start=1.249&end=4.000")
    assert rows[2]["Adresse"] == f"{SITE}/dossiers/sel/documents/3.pdf"
    assert rows[3]["Adresse"] == "https://example.org/a?b=1&c=2"


def test_a_play_list_has_what_sounds_only() -> None:
    lines = written("m3u", passage(), WHOLE, held(), LINK).decode().splitlines()
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == [
        f"{SITE}/clips/{BROADCAST.id}?start=1.249&end=4.000&format=mp3",
        f"{SITE}/media/{BROADCAST.id}.mp3",
    ]
    assert lines[2].startswith("#EXTINF:3,Le débat & l'État – Le Grand Dialogue, 2014-10-16")


def test_a_page_runs_nothing_that_editors_wrote() -> None:
    found = lxml.html.fromstring(written("html", passage(), WHOLE, held(), LINK).decode())
    assert found.xpath("//script") == []
    assert found.xpath("//h1")[0].text == "Le sel <b>"
    assert found.xpath("//blockquote/@lang") == ["fr"]
    assert HOSTILE in found.text_content()
    assert len(found.xpath("//audio")) == 1
    assert all(url.startswith("https://") for url in found.xpath("//a/@href | //audio/@src"))


def test_a_document_for_word_has_headings_words_and_links() -> None:
    opened = docx.Document(io.BytesIO(written("docx", passage(), WHOLE, held(), LINK)))
    texts = [each.text for each in opened.paragraphs]
    assert "« Le crime organisé. »" in texts
    assert '=cmd("x")<script>alert(1)</script>' in texts
    headings = [
        each.text
        for each in opened.paragraphs
        if each.style is not None and each.style.name == "Heading 2"
    ]
    assert [text.partition(".")[0] for text in headings] == ["1", "2", "3", "4"]
    targets = {each.target_ref for each in opened.part.rels.values() if each.is_external}
    assert f"{SITE}/dossiers/sel" in targets
    assert "https://example.org/a?b=1&c=2" in targets


@pytest.mark.parametrize("name", DOSSIER_EXPORTS)
@pytest.mark.parametrize(
    "gone",
    [
        passage(QuoteState.WITHDRAWN, note="Secret"),
        replace(passage(note="Secret"), broadcast=None, quote=None),
        replace(WHOLE, broadcast=None, entry=entry(EntryKind.BROADCAST, "Secret")),
    ],
)
def test_nothing_of_what_was_withdrawn_leaves_the_archive(name: str, gone: DossierItem) -> None:
    content = written(name, gone)
    if name == "docx":
        opened = docx.Document(io.BytesIO(content))
        text = "\n".join(each.text for each in opened.paragraphs)
    else:
        text = content.decode()
    for secret in ("Secret", "débat", "crime", str(BROADCAST.id), "clips"):
        assert secret not in text
    assert ("Retiré" in text) is (name != "m3u")


@pytest.mark.parametrize("name", DOSSIER_EXPORTS)
def test_an_empty_dossier_is_written_too(name: str) -> None:
    assert written(name)


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UnknownFormat, match="html, docx, csv, m3u"):
        get_dossier_format("exe")
