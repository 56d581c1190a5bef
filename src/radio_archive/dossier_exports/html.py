"""One HTML file that needs no other: to send, to keep, to put on any site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from html import escape

from radio_archive.dossier_exports.lines import (
    DossierContext,
    Entry,
    document_address,
    dossier_address,
    entry_of,
)
from radio_archive.model import DossierItem, DossierPage

_STYLE = """
body { font: 1rem/1.55 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem;
  color: #1d1b18; background: #fff; overflow-wrap: anywhere; }
h1, h2 { line-height: 1.25; } h2 { font-size: 1.15rem; margin-bottom: .2rem; }
article { border-top: 1px solid #dedad1; padding: .6rem 0 1rem; }
.facts, .remark { color: #5f5a52; margin: .2rem 0; } .note { white-space: pre-line; }
blockquote { margin: .5rem 0; padding-inline-start: 1rem; border-inline-start: 4px solid #8a3b12; }
audio { width: 100%; max-width: 40rem; }
.beside { display: grid; gap: 0 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
"""


def write(page: DossierPage, context: DossierContext) -> str:
    """Write a dossier as a page without scripts; sound and documents stay on the station's site."""
    dossier = page.dossier
    address = dossier_address(dossier, context)
    day = dossier.changed_at.astimezone(UTC).strftime("%Y-%m-%d")
    head = [
        "<!doctype html>",
        '<html lang="fr">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(dossier.title)}</title>",
        f"<style>{_STYLE}</style></head>",
        '<body dir="auto"><main>',
        f'<h1 dir="auto">{escape(dossier.title)}</h1>',
        f'<p class="note" dir="auto">{escape(dossier.summary)}</p>' if dossier.summary else "",
        f'<p class="facts">{escape(context.station)} {day} '
        f'<a href="{escape(address)}">{escape(address)}</a></p>',
    ]
    body = [part for group in page.groups for part in _group(group, page, context)]
    return "\n".join(line for line in (*head, *body, "</main></body></html>", "") if line) + "\n"


def _group(
    group: tuple[DossierItem, ...], page: DossierPage, context: DossierContext
) -> Iterator[str]:
    is_beside = len(group) > 1
    if is_beside:
        yield '<div class="beside">'
    for item in group:
        entry = entry_of(item, page.dossier, context)
        yield from _entry(entry, document_address(page.dossier, item, context))
    if is_beside:
        yield "</div>"


def _entry(entry: Entry, text_url: str) -> Iterator[str]:
    title = escape(entry.title)
    linked = f'<a href="{escape(entry.url)}">{title}</a>' if entry.url else title
    spoken = f' lang="{escape(entry.language)}"' if entry.language else ""
    facts = " · ".join(part for part in (entry.kind, entry.source, entry.language) if part)
    yield "<article>"
    yield f'<h2{spoken} dir="auto">{linked}</h2>'
    yield f'<p class="facts">{escape(facts)}</p>'
    if entry.text:
        yield f'<blockquote{spoken} dir="auto">{escape(entry.text)}</blockquote>'
    for remark in entry.remarks:
        yield f'<p class="remark">{escape(remark)}</p>'
    if entry.note:
        yield f'<p class="note" dir="auto">{escape(entry.note)}</p>'
    if entry.sound_url:
        yield f'<audio controls preload="none" src="{escape(entry.sound_url)}"></audio>'
    if text_url:
        yield f'<p><a href="{escape(text_url)}">Lire le texte</a></p>'
    yield "</article>"
