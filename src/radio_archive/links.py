"""Addresses inside the archive's own web site; pure text, no server needed.

Every address is relative to the site (it starts with ``/``), so that the same answer is right
behind any host name. Times follow W3C Media Fragments: ``t`` in seconds with one decimal. It stands
twice: ``?t=`` reaches the server (pages without scripts, logs, previews), ``#t=`` the player.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from radio_archive.model import (
    Alert,
    BroadcastId,
    DocumentId,
    Excerpt,
    LanguageTag,
    Milliseconds,
    ProgrammeId,
    SearchId,
    TranscriptChoice,
    TranscriptId,
)

#: formats of clips, the one that plays everywhere first
CLIP_FORMATS = ("mp3", "opus", "low")

#: formats that players are offered, best first, with their media types
PLAYED_FORMATS = {"webm": "audio/webm; codecs=opus", "mp3": "audio/mpeg"}

#: of what is made for players when it is asked for: the rendition it is made from
MADE_FROM = {"webm": "opus", "webm-low": "low"}

#: rendition name -> (file extension, query string) of its address
_RENDITIONS = {
    "mp3": ("mp3", ""),
    "opus": ("opus", ""),
    "low": ("opus", "?q=low"),
    "webm": ("webm", ""),
    "webm-low": ("webm", "?q=low"),
}


def seconds_text(time_ms: int) -> str:
    """Write milliseconds as seconds with one decimal: ``754249`` -> ``754.2``.

    Rounded down, so that playing from there never cuts into the word.
    """
    tenths = time_ms // 100
    return f"{tenths // 10}.{tenths % 10}"


def choice_text(choice: TranscriptChoice) -> str:
    """The parameters that ask for a version of a transcript; empty for the current one."""
    chosen = {"language": choice.language, "kind": choice.kind}
    return urlencode({name: value for name, value in chosen.items() if value})


def broadcast_url(
    broadcast_id: BroadcastId,
    start_ms: Milliseconds | None = None,
    query: str = "",
    *,
    choice: TranscriptChoice | None = None,
    data: str = "",
) -> str:
    """Page of a broadcast, opened at a moment, with the searched words marked.

    Args:
        broadcast_id: which broadcast.
        start_ms: where to start playing; None opens it at its beginning.
        query: what was searched, as typed; empty leaves it out.
        choice: which of its texts; None for the current one.
        data: ``low`` or ``full`` where the reader chose how much sound to load.
    """
    time = "" if start_ms is None else f"t={seconds_text(start_ms)}"
    words = f"q={quote(query, safe='')}" if query else ""
    text = choice_text(choice or TranscriptChoice())
    kept = f"data={quote(data, safe='')}" if data else ""
    asked = "&".join(part for part in (time, words, text, kept) if part)
    return (
        f"/broadcasts/{quote(broadcast_id, safe='')}"
        + (f"?{asked}" if asked else "")
        + (f"#{time}" if time else "")
    )


def audio_url(
    broadcast_id: BroadcastId, rendition: str = "mp3", start_ms: Milliseconds | None = None
) -> str:
    """Sound of a broadcast, as a player wants it.

    Args:
        broadcast_id: which broadcast.
        rendition: ``mp3``, ``opus`` or ``low``; for players ``webm`` or ``webm-low``.
        start_ms: where the player should start; None for the beginning.

    Raises:
        KeyError: no rendition has this name; a mistake of the caller.
    """
    extension, asked = _RENDITIONS[rendition]
    fragment = "" if start_ms is None else f"#t={seconds_text(start_ms)}"
    return f"/media/{quote(broadcast_id, safe='')}.{extension}{asked}{fragment}"


def exact_seconds(time_ms: int) -> str:
    """Write milliseconds as seconds, all of them: ``754249`` -> ``754.249``."""
    return f"{time_ms // 1000}.{time_ms % 1000:03d}"


def quote_url(
    broadcast_id: BroadcastId,
    excerpt: Excerpt,
    version: TranscriptId | None = None,
    digest: str = "",
) -> str:
    """Page of a quotation; with version and digest it tells later whether the words still stand."""
    asked = {
        "start": exact_seconds(excerpt.start_ms),
        "end": exact_seconds(excerpt.end_ms),
        **({} if version is None else {"version": version, "text": digest}),
    }
    return f"/quotes/{quote(broadcast_id, safe='')}?{urlencode(asked)}"


def clip_url(broadcast_id: BroadcastId, excerpt: Excerpt, format_name: str = "mp3") -> str:
    """Sound of a stretch of a broadcast, in one of ``CLIP_FORMATS`` or ``PLAYED_FORMATS``."""
    start, end = exact_seconds(excerpt.start_ms), exact_seconds(excerpt.end_ms)
    asked = urlencode({"start": start, "end": end, "format": format_name})
    return f"/clips/{quote(broadcast_id, safe='')}?{asked}"


def embed_url(broadcast_id: BroadcastId, excerpt: Excerpt) -> str:
    """Player of a stretch of a broadcast, for other sites' pages."""
    asked = {"start": exact_seconds(excerpt.start_ms), "end": exact_seconds(excerpt.end_ms)}
    return f"/embed/{quote(broadcast_id, safe='')}?{urlencode(asked)}"


def transcript_url(
    broadcast_id: BroadcastId, export_format: str, choice: TranscriptChoice | None = None
) -> str:
    """A broadcast's transcript in an export format: ``vtt``, ``srt``, ``txt``, ``json``."""
    text = choice_text(choice or TranscriptChoice())
    return (
        f"/broadcasts/{quote(broadcast_id, safe='')}/transcript.{quote(export_format, safe='')}"
        + (f"?{text}" if text else "")
    )


def programme_url(programme_id: ProgrammeId) -> str:
    """Page of a programme."""
    return f"/programmes/{quote(programme_id, safe='')}"


def language_url(tag: LanguageTag) -> str:
    """Page of a language."""
    return f"/languages/{quote(tag, safe='')}"


def dossier_url(slug: str) -> str:
    """Page of a dossier."""
    return f"/dossiers/{quote(slug, safe='')}"


def document_url(slug: str, document_id: DocumentId, page: int = 0) -> str:
    """Text of a document, from a page on."""
    fragment = f"#page-{page}" if page else ""
    return f"{dossier_url(slug)}/documents/{document_id}{fragment}"


def pdf_url(slug: str, document_id: DocumentId, page: int = 0) -> str:
    """A document as PDF, opened at a page where the reader knows how (RFC 8118)."""
    fragment = f"#page={page}" if page else ""
    return f"{dossier_url(slug)}/documents/{document_id}.pdf{fragment}"


def saved_search_url(search_id: SearchId) -> str:
    """Lasting page of a saved search."""
    return f"/searches/{quote(search_id, safe='')}"


def alert_url(alert: Alert, action: str = "") -> str:
    """Where its owner confirms and ends an alert; whoever has this address may.

    Args:
        alert: the alert.
        action: ``confirm`` or ``off`` for what a form or a mail program sends to.
    """
    path = f"/alerts/{quote(alert.id, safe='')}" + (f"/{action}" if action else "")
    return f"{path}?key={quote(alert.key, safe='')}"


def whole_url(base_url: str, path: str) -> str:
    """An address as it stands outside the site, in letters."""
    return base_url.rstrip("/") + path
