"""What every format says of an entry, in French, as exports do beside the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from radio_archive.exports.context import TRUST_SENTENCES
from radio_archive.exports.lines import one_line, short_clock
from radio_archive.links import (
    broadcast_url,
    clip_url,
    document_url,
    dossier_url,
    pdf_url,
    quote_url,
)
from radio_archive.model import (
    Broadcast,
    DocumentState,
    Dossier,
    DossierItem,
    EntryKind,
    Quote,
    QuoteState,
    Trust,
)

KINDS = {
    EntryKind.PASSAGE: "Passage",
    EntryKind.BROADCAST: "Émission",
    EntryKind.DOCUMENT: "Document",
}

WITHDRAWN = "Retiré : ce contenu n'est plus montré."

QUOTES = {
    QuoteState.CORRECTED: "La transcription a changé depuis que ces mots ont été cités.",
    QuoteState.UNKNOWN: "La version citée n'est pas dans l'archive.",
    QuoteState.NO_TEXT: "Personne n'a encore écrit ce qui est dit ici.",
}

DOCUMENTS = {
    DocumentState.LINK: "Lien : seule l'adresse est gardée.",
    DocumentState.PART_READ: "Seules les premières pages se cherchent.",
    DocumentState.NO_TEXT: "Pages sans texte : le document ne se cherche pas.",
    DocumentState.LOCKED: "Document protégé : il ne se cherche pas.",
    DocumentState.DAMAGED: "Document abîmé : il ne se cherche pas.",
    DocumentState.TOO_HEAVY: "Document trop lourd à lire : il ne se cherche pas.",
}

_SYNTHETIC = "Exemple fabriqué : voix de synthèse, propos inventés."


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierContext:
    """What a dossier does not know of itself."""

    base_url: str  #: address of the site, without a slash at its end
    station: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as a reader gets it, on single lines but for words and note."""

    kind: str
    title: str
    source: str = ""  #: programme, day and stretch of a passage, or the language of a document
    text: str = ""  #: what was said
    language: str = ""
    remarks: tuple[str, ...] = ()  #: how far to believe it, the most important first
    note: str = ""
    url: str = ""  #: whole address; empty where there is nothing to be opened
    sound_url: str = ""  #: of a passage
    length_ms: int = 0  #: of its sound, pauses aside


def entry_of(item: DossierItem, dossier: Dossier, context: DossierContext) -> Entry:
    """What is written of an item; of what was withdrawn, only that it was."""
    kind = KINDS[item.entry.kind]
    if item.is_withdrawn or (item.broadcast is None and item.entry.document is None):
        return Entry(kind=kind, title=WITHDRAWN)
    if item.entry.document is not None:
        return _document(item, dossier, context)
    assert item.broadcast is not None  # noqa: S101 (what has none was withdrawn)
    broadcast = item.broadcast
    known = Entry(
        kind=kind,
        title=one_line(broadcast.title),
        source=_source(broadcast),
        language=str(broadcast.language),
        remarks=(_SYNTHETIC,) if broadcast.is_synthetic else (),
        note=item.note,
        url=context.base_url + broadcast_url(broadcast.id),
    )
    return known if item.quote is None else _passage(item.quote, known, context)


def _passage(quote: Quote, known: Entry, context: DossierContext) -> Entry:
    excerpt = quote.excerpt
    text = quote.text or quote.text_now
    trust = TRUST_SENTENCES[quote.source.trust if quote.source else Trust.MACHINE]
    remarks = [trust] if text else []
    remarks += [QUOTES[quote.state]] if quote.state in QUOTES else []
    identity = quote.broadcast.id
    lasting = quote_url(identity, excerpt, quote.version, quote.digest)
    stretch = f"{short_clock(excerpt.start_ms)} – {short_clock(excerpt.end_ms)}"
    return Entry(
        kind=known.kind,
        title=known.title,
        source=", ".join(part for part in (known.source, stretch) if part),
        text=one_line(text),
        language=str(quote.source.language) if quote.source else known.language,
        remarks=(*remarks, *known.remarks),
        note=known.note,
        url=context.base_url + lasting,
        sound_url=context.base_url + clip_url(identity, excerpt),
        length_ms=excerpt.length_ms,
    )


def _document(item: DossierItem, dossier: Dossier, context: DossierContext) -> Entry:
    document = item.entry.document
    assert document is not None  # noqa: S101 (its caller looked)
    kept = pdf_url(dossier.slug, document.id)
    return Entry(
        kind=KINDS[EntryKind.DOCUMENT],
        title=one_line(document.title),
        source="traduction" if document.original_id else "",
        language=str(document.language),
        remarks=(DOCUMENTS[document.state],) if document.state in DOCUMENTS else (),
        note=item.note,
        url=context.base_url + kept if document.is_kept else document.url,
    )


def dossier_address(dossier: Dossier, context: DossierContext) -> str:
    """Whole address of a dossier's page."""
    return context.base_url + dossier_url(dossier.slug)


def document_address(dossier: Dossier, item: DossierItem, context: DossierContext) -> str:
    """Whole address of the page that shows a document's text; empty for a link."""
    document = item.entry.document
    if document is None or not document.is_kept:
        return ""
    return context.base_url + document_url(dossier.slug, document.id)


def _source(broadcast: Broadcast) -> str:
    programme = broadcast.programme.title if broadcast.programme else ""
    aired = broadcast.aired_at
    day = aired.astimezone(UTC).strftime("%Y-%m-%d") if aired else ""
    return ", ".join(one_line(part) for part in (programme, day) if part)
