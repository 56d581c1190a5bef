"""What editors do with dossiers, and what readers get of them.

A passage in a dossier is a quotation: it names a version of the transcript and keeps no words of
its own. Whatever is taken out of the archive is therefore gone from every dossier and its exports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from radio_archive.catalogue import Catalogue
from radio_archive.documents import MAX_BYTES, read_pdf
from radio_archive.dossier_exports import DossierContext, get_dossier_format
from radio_archive.dossiers.texts import clean_note, clean_title, clean_url, slug_of
from radio_archive.errors import BadDocument, BadInput, BadTime, NotFound
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    Document,
    DocumentId,
    DocumentState,
    DocumentText,
    Dossier,
    DossierEntry,
    DossierItem,
    DossierNear,
    DossierPage,
    EntryKind,
    EntryNumber,
    Export,
    LanguageTag,
    NewDocument,
    NewEntry,
    Quote,
    QuoteRequest,
    group_entries,
)
from radio_archive.quoting import Quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWish:
    """A document as a form gives it; all as typed."""

    title: str
    language: str
    url: str = ""
    content: bytes = b""  #: of a PDF; empty for a link
    original: int | None = None  #: number of the document it is a translation of
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as its page shows it, beside those it is a translation of or that translate it."""

    dossier: Dossier
    document: Document
    pages: tuple[str, ...]
    beside: tuple[tuple[Document, tuple[str, ...]], ...]  #: with the text of their pages


class Dossiers:
    """Collections on a theme. Who may not see a private one is told that there is none."""

    def __init__(self, catalogue: Catalogue, quotes: Callable[[], Quotes], station: str) -> None:
        """Take the parts.

        Args:
            catalogue: where dossiers are kept.
            quotes: looks quotations up.
            station: its name, for exports.
        """
        self._catalogue = catalogue
        self._quotes = quotes
        self._station = station

    def all(self, *, is_editor: bool) -> tuple[Dossier, ...]:
        """Every dossier somebody may see, what changed last first."""
        return self._catalogue.dossiers.all(is_public_only=not is_editor)

    def get(self, slug: str, *, is_editor: bool) -> Dossier:
        """One dossier.

        Raises:
            NotFound: there is none, or it is private and this is no editor.
        """
        found = self._catalogue.dossiers.find(slug)
        if found is None or not (found.is_public or is_editor):
            raise NotFound(
                f"There is no dossier {slug[:64]!r}.", hint="Those there are: /dossiers."
            )
        return found

    def page(
        self,
        slug: str,
        *,
        is_editor: bool,
        part: slice = slice(None),
        is_grouped: bool = True,
    ) -> DossierPage:
        """A dossier with what its entries stand for now.

        Args:
            slug: of the dossier.
            is_editor: whether a private one may be seen.
            part: groups that are looked up.
            is_grouped: whether documents stand with their translations; else each alone.

        Raises:
            NotFound: as for `get`.
        """
        dossier = self.get(slug, is_editor=is_editor)
        entries = self._catalogue.dossiers.entries(dossier.id)
        groups = group_entries(entries) if is_grouped else tuple((each,) for each in entries)
        chosen = groups[part]
        known = self._broadcasts(list(chain.from_iterable(chosen)))
        items = tuple(tuple(self._item(each, known) for each in group) for group in chosen)
        return DossierPage(dossier=dossier, groups=items, total=len(groups))

    def near(self, broadcast_id: str) -> tuple[DossierNear, ...]:
        """The public dossiers that hold a broadcast, and the first things beside it in each."""
        return self._catalogue.related.near(broadcast_id)

    def make(self, title: str, by: str) -> Dossier:
        """Begin a dossier, private and empty.

        Raises:
            BadInput: the title is none.
        """
        cleaned = clean_title(title)
        return self._catalogue.dossiers.make(slug_of(cleaned), cleaned, by)

    def change(self, slug: str, title: str, summary: str, is_public: bool, by: str) -> None:
        """Give a dossier another title and summary, and say who may see it; its address stays.

        Raises:
            NotFound: there is no such dossier.
            BadInput: one of the texts cannot be kept.
        """
        dossier = self._own(slug)
        wanted = replace(
            dossier, title=clean_title(title), summary=clean_note(summary), is_public=is_public
        )
        self._catalogue.dossiers.change(wanted, by)

    def delete(self, slug: str) -> None:
        """Forget a dossier with its notes and documents; broadcasts stay.

        Raises:
            NotFound: there is no such dossier.
        """
        self._catalogue.dossiers.delete(self._own(slug).id)

    def add_broadcast(self, slug: str, broadcast_id: str, note: str, by: str) -> EntryNumber:
        """Put a whole broadcast at the end.

        Raises:
            NotFound: there is no such dossier or broadcast.
            BadInput: the note is too long, or the dossier full.
        """
        broadcast = self._catalogue.broadcasts.get(broadcast_id)
        new = NewEntry(kind=EntryKind.BROADCAST, note=clean_note(note), broadcast_id=broadcast.id)
        return self._catalogue.dossiers.add(self._own(slug).id, new, by)

    def add_passage(
        self, slug: str, broadcast_id: str, request: QuoteRequest, note: str, by: str
    ) -> EntryNumber:
        """Put what was said in a stretch of a broadcast at the end, as it stands now.

        Raises:
            NotFound: there is no such dossier, broadcast or recording.
            BadTime: the stretch is none.
            BadInput: the note is too long, or the dossier full.
        """
        found = self._quotes().get(broadcast_id, request)
        quoted = QuoteRequest(excerpt=found.excerpt, version=found.version, digest=found.digest)
        new = NewEntry(
            kind=EntryKind.PASSAGE,
            note=clean_note(note),
            broadcast_id=found.broadcast.id,
            quoted=quoted,
        )
        return self._catalogue.dossiers.add(self._own(slug).id, new, by)

    def add_document(self, slug: str, wish: DocumentWish, by: str) -> DocumentState:
        """Put a PDF or a link at the end; what became of its text is returned.

        A PDF that cannot be read is kept all the same: people can open it.

        Raises:
            NotFound: there is no such dossier.
            UnknownLanguage: the language is none we know.
            BadInput: a text cannot be kept, or there is neither a file nor an address.
        """
        dossier = self._own(slug)
        new, note = self._new_document(dossier, wish), clean_note(wish.note)
        if not (new.content or new.url):
            raise BadDocument(
                "Neither a file nor an address was given.", hint="Choose a PDF, or write a link."
            )
        read = DocumentText(state=DocumentState.LINK)
        if new.content:
            read = read_pdf(_require_pdf(new.content))
        self._catalogue.dossiers.add_document(dossier.id, new, read, note, by)
        return read.state

    def change_document(self, slug: str, number: int, wish: DocumentWish, by: str) -> None:
        """Give a document another title, language, address or original; the file stays.

        Raises:
            NotFound: there is no such dossier or entry.
            UnknownLanguage: the language is none we know.
            BadInput: a text cannot be kept.
        """
        dossier = self._own(slug)
        new = self._new_document(dossier, wish)
        for entry in self._catalogue.dossiers.entries(dossier.id):
            if entry.number == number and entry.document and entry.document.id == new.original_id:
                raise BadInput("A document is no translation of itself.", hint="Choose another.")
        self._catalogue.dossiers.change_document(dossier.id, number, new, by)

    def annotate(self, slug: str, number: int, note: str, seen: str, by: str) -> None:
        """Write another note beside an entry; for what it raises see `catalogue.dossiers`."""
        self._catalogue.dossiers.annotate(
            self._own(slug).id, number, clean_note(note), clean_note(seen), by
        )

    def move(self, slug: str, number: int, place: int, by: str) -> None:
        """Put an entry at a place, from 0.

        Raises:
            NotFound: there is no such dossier or entry.
        """
        self._catalogue.dossiers.move(self._own(slug).id, number, place, by)

    def remove(self, slug: str, number: int, by: str) -> None:
        """Take an entry out; a document is forgotten with it.

        Raises:
            NotFound: there is no such dossier or entry.
        """
        self._catalogue.dossiers.remove(self._own(slug).id, number, by)

    def document(self, slug: str, document_id: int, *, is_editor: bool) -> DocumentView:
        """A document with its text, and the same in other languages beside it.

        Raises:
            NotFound: there is no such dossier, or no such document in it.
        """
        dossier = self.get(slug, is_editor=is_editor)
        entries = self._catalogue.dossiers.entries(dossier.id)
        for group in group_entries(entries):
            kept = [entry.document for entry in group if entry.document]
            wanted = next((each for each in kept if each.id == document_id), None)
            if wanted is not None:
                texts = self._catalogue.documents
                return DocumentView(
                    dossier=dossier,
                    document=wanted,
                    pages=texts.pages(wanted.id),
                    beside=tuple(
                        (each, texts.pages(each.id)) for each in kept if each.id != wanted.id
                    ),
                )
        raise NotFound(
            f"The dossier {dossier.slug!r} has no document {document_id}.",
            hint="Open the dossier again.",
        )

    def documents(self, slug: str) -> tuple[Document, ...]:
        """The documents of a dossier, for its editors.

        Raises:
            NotFound: there is no such dossier.
        """
        entries = self._catalogue.dossiers.entries(self._own(slug).id)
        return tuple(entry.document for entry in entries if entry.document)

    def content(self, slug: str, document_id: int, *, is_editor: bool) -> bytes:
        """The bytes of a PDF.

        Raises:
            NotFound: as for `document`, or nothing is kept of it.
        """
        view = self.document(slug, document_id, is_editor=is_editor)
        return self._catalogue.documents.content(view.document.id)

    def export(self, slug: str, format_name: str, base_url: str, *, is_editor: bool) -> Export:
        """A dossier in one of the formats of `dossier_exports`.

        Args:
            slug: of the dossier.
            format_name: ``html``, ``docx``, ``csv`` or ``m3u``.
            base_url: address of the site, which all addresses in the file begin with.
            is_editor: whether a private one may be seen.

        Raises:
            NotFound: as for `get`.
            UnknownFormat: we do not write this format.
        """
        written = get_dossier_format(format_name)
        page = self.page(slug, is_editor=is_editor)
        context = DossierContext(base_url=base_url.rstrip("/"), station=self._station)
        return Export(
            content=written.encode(page, context),
            media_type=written.media_type,
            file_name=f"{page.dossier.slug}.{written.extension}",
        )

    def _own(self, slug: str) -> Dossier:
        return self.get(slug, is_editor=True)

    def _broadcasts(self, entries: Sequence[DossierEntry]) -> dict[BroadcastId, Broadcast]:
        ids = [entry.broadcast_id for entry in entries if entry.broadcast_id is not None]
        return self._catalogue.broadcasts.get_many(ids)

    def _item(self, entry: DossierEntry, known: dict[BroadcastId, Broadcast]) -> DossierItem:
        broadcast = None if entry.broadcast_id is None else known.get(entry.broadcast_id)
        return DossierItem(entry=entry, broadcast=broadcast, quote=self._quote(entry, broadcast))

    def _quote(self, entry: DossierEntry, broadcast: Broadcast | None) -> Quote | None:
        if broadcast is None or entry.quoted is None:
            return None
        try:
            return self._quotes().get(broadcast.id, entry.quoted)
        except (NotFound, BadTime):  # its sound is gone, or another one has taken its place
            return None

    def _new_document(self, dossier: Dossier, wish: DocumentWish) -> NewDocument:
        entries = self._catalogue.dossiers.entries(dossier.id)
        # a translation of a translation stands beside the original too
        originals = {
            each.document.id: each.document.original_id or each.document.id
            for each in entries
            if each.document
        }
        if wish.original is not None and wish.original not in originals:
            raise BadInput(
                f"The dossier has no document {wish.original}.", hint="Open the dossier again."
            )
        original = None if wish.original is None else originals[DocumentId(wish.original)]
        return NewDocument(
            title=clean_title(wish.title),
            language=LanguageTag(normalise_tag(wish.language)),
            url=clean_url(wish.url),
            content=wish.content,
            original_id=original,
        )


def _require_pdf(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise BadDocument(
            f"The file has {len(content):,} bytes; at most {MAX_BYTES:,} are kept.",
            hint="Make it smaller, or write a link to it.",
        )
    if b"%PDF-" not in content[:1024]:
        raise BadDocument("The file is no PDF.", hint="Save it as PDF, or write a link to it.")
    return content
