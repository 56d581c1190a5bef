"""Quotations: the words, their sound, what became of them, and how to take them along."""

from __future__ import annotations

from functools import partial
from html import escape

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from radio_archive.archive import estimate_bytes
from radio_archive.errors import BadInput
from radio_archive.links import CLIP_FORMATS, PLAYED_FORMATS, broadcast_url, clip_url, quote_url
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    Excerpt,
    Milliseconds,
    Quote,
    QuoteRequest,
    Transcript,
    TranscriptId,
)
from radio_archive.web.bench import CLIPS
from radio_archive.web.embeds import frame_of
from radio_archive.web.media import answer_sound
from radio_archive.web.parameters import SearchState, read_excerpt
from radio_archive.web.site import get_site
from radio_archive.web.trust_words import QUOTES

#: other sites may play a clip that they quote
_FOR_ALL = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def quote(request: Request) -> Response:
    """``/quotes/{id}?start=&end=&version=&text=``: a quotation, and whether it still stands.

    Without a version it is one of today's text, and leads to its lasting address.

    Raises:
        BadTime: the stretch is none, or not in the recording.
        BadInput: the version is no number.
    """
    site = get_site(request)
    asked = read_quote(request.query_params)
    found = site.archive.quotes.get(request.path_params["id"], asked)
    broadcast, excerpt = found.broadcast, found.excerpt
    lasting = quote_url(broadcast.id, excerpt, found.version, found.digest)
    if found.version is not None and asked.version is None:
        return RedirectResponse(lasting, status_code=303)
    cite = site.renderer.wording(request).citation(broadcast, site.archive.settings.station)
    context = {
        "state": SearchState(),
        "quote": found,
        "broadcast": broadcast,
        "state_words": QUOTES[found.state],
        "opened": broadcast_url(broadcast.id, excerpt.start_ms),
        "clips": [
            (name, clip_url(broadcast.id, excerpt, name), estimate_bytes(excerpt, name))
            for name in CLIP_FORMATS
        ],
        "sounds": [
            (clip_url(broadcast.id, excerpt, name), kind) for name, kind in PLAYED_FORMATS.items()
        ],
        "longer": _longer(found),
        "cite": cite,
        "adding": adding_url(broadcast.id, lasting),
        "copies": _copies(request, found, cite, lasting) if found.text else (),
    }
    return site.renderer.page(request, "quote.html", context)


async def clip(request: Request) -> Response:
    """``/clips/{broadcast}?start=&end=&format=``: the sound of a stretch, cut in pauses.

    With ``exact=1`` it begins and ends where asked: the lists of results play it so.

    Raises:
        BadTime: the stretch is none, or not in the recording.
        NotFound: no such broadcast, or its sound is not ready.
        UnknownFormat: no clip is made in that format.
        StorageError: the store of the sound does not give it.
        TooBusy: too many wait for theirs.
    """
    excerpt = read_excerpt(request.query_params)
    identity = request.path_params["broadcast"]
    name = request.query_params.get("format", "mp3")
    is_exact = request.query_params.get("exact") == "1"
    quotes = get_site(request).archive.quotes
    wanted = (identity, excerpt, name)
    found = await CLIPS.give(
        (*wanted, is_exact),
        partial(quotes.find_clip, *wanted, is_exact=is_exact),
        partial(quotes.clip, *wanted, is_exact=is_exact),
    )
    response = await answer_sound(found, request)
    first, last = excerpt.start_ms // 1000, -(-excerpt.end_ms // 1000)
    file_name = f"{identity}-{first}-{last}{found.extension}"
    response.headers["content-disposition"] = f'inline; filename="{file_name}"'
    response.headers.update(_FOR_ALL)
    return response


def offer(broadcast: Broadcast, transcript: Transcript | None, moment: Milliseconds | None) -> str:
    """Where to quote the sentence said at a moment, or the first one; empty where none is said."""
    segments = () if transcript is None or broadcast.recording is None else transcript.segments
    begun = [each for each in segments if each.start_ms <= (moment or 0)]
    said = (begun[-1:] or segments[:1]) if segments else ()
    for each in said:
        end = Milliseconds(max(each.end_ms, each.start_ms + 1))
        return quote_url(broadcast.id, Excerpt(start_ms=each.start_ms, end_ms=end))
    return ""


def adding_url(broadcast_id: BroadcastId, quoted: str) -> str:
    """Where what stands at the address of a quotation is put into a dossier."""
    return f"/dossiers/add?broadcast={broadcast_id}&{quoted.partition('?')[2]}"


def read_quote(params: QueryParams) -> QuoteRequest:
    """What an address, or a form, says of a quotation.

    Raises:
        BadTime: start or end is missing, or no time.
        BadInput: the version is no number.
    """
    version = params.get("version", "")
    if version and not (version.isascii() and version.isdigit() and len(version) <= 18):
        raise BadInput(f"{version[:40]!r} is no version of a text.", hint="Leave it out.")
    return QuoteRequest(
        excerpt=read_excerpt(params),
        version=TranscriptId(int(version)) if version else None,
        digest=params.get("text", "")[:64],
    )


def _longer(found: Quote) -> dict[str, str]:
    """Addresses of the same quotation with a sentence more, where there is one."""
    start, end = found.excerpt.start_ms, found.excerpt.end_ms
    wider = {"before": (found.before_ms, end), "after": (start, found.after_ms)}
    return {
        side: quote_url(found.broadcast.id, Excerpt(start_ms=first, end_ms=Milliseconds(last)))
        for side, (first, last) in wider.items()
        if first is not None and last is not None
    }


def _copies(request: Request, found: Quote, cite: str, lasting: str) -> list[tuple[str, str]]:
    """The quotation as newsrooms paste it: name of the format, and the text."""
    base = str(request.base_url).rstrip("/")
    link = base + lasting
    sound = base + clip_url(found.broadcast.id, found.excerpt)
    language = str(found.source.language if found.source else found.broadcast.language)
    html = (
        f'<blockquote lang="{escape(language)}" cite="{escape(link)}">'
        f"<p>{escape(found.text)}</p></blockquote>\n"
        f'<p><a href="{escape(link)}">{escape(cite)}</a></p>\n'
        f'<audio controls preload="none" src="{escape(sound)}"></audio>'
    )
    return [
        ("Texte", f"« {found.text} »\n{cite}\n{link}"),
        ("Markdown", f"> {_markdown(found.text)}\n>\n> [{_markdown(cite)}]({link})"),
        ("HTML", html),
        ("iframe", frame_of(base, found.broadcast.id, found.excerpt, cite)),
    ]


def _markdown(text: str) -> str:
    """Text in which nothing is taken for a mark."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|" else each for each in text)
