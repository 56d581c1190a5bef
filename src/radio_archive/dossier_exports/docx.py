"""Office Open XML document (ECMA-376): a dossier to print, to mark up and to quote from."""

from __future__ import annotations

import io
from datetime import UTC

from docx import Document as WordDocument
from docx.document import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from radio_archive.dossier_exports.lines import DossierContext, Entry, dossier_address, entry_of
from radio_archive.exports.lines import one_line
from radio_archive.model import DossierPage
from radio_archive.model.text import printable


def write(page: DossierPage, context: DossierContext) -> bytes:
    """Write a dossier as a document: what it is about, then a heading for each entry."""
    document = WordDocument()
    dossier = page.dossier
    properties = document.core_properties
    properties.title = printable(dossier.title)
    properties.author = printable(context.station or dossier.made_by)
    properties.created = dossier.made_at.replace(tzinfo=None)
    properties.modified = dossier.changed_at.replace(tzinfo=None)
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(printable(one_line(dossier.title)), level=1)
    _lines(document, dossier.summary)
    day = dossier.changed_at.astimezone(UTC).strftime("%Y-%m-%d")
    head = document.add_paragraph(f"{context.station}, {day} : ".lstrip(", "))
    address = dossier_address(dossier, context)
    _link(head, address, address)
    for number, item in enumerate(page.items, 1):
        _entry(document, number, entry_of(item, dossier, context))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _entry(document: Word, number: int, entry: Entry) -> None:
    document.add_heading(printable(f"{number}. {entry.title}"), level=2)
    facts = " · ".join(part for part in (entry.kind, entry.source, entry.language) if part)
    document.add_paragraph(printable(facts))
    if entry.text:
        document.add_paragraph(printable(f"« {entry.text} »"), style="Quote")
    for remark in entry.remarks:
        document.add_paragraph().add_run(printable(remark)).italic = True
    _lines(document, entry.note)
    for label, address in (("Ouvrir", entry.url), ("Écouter", entry.sound_url)):
        if address:
            _link(document.add_paragraph(f"{label} : "), address, address)


def _lines(document: Word, text: str) -> None:
    for line in text.split("\n"):
        if line.strip():
            document.add_paragraph(printable(line))


def _link(paragraph: Paragraph, address: str, text: str) -> None:
    """Put a link at the end of a paragraph; the library has no method for it."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(printable(text))
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)  # type: ignore[arg-type] # the stubs know runs only
