"""The sound itself, in the parts a player asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from radio_archive.archive import Archive
from radio_archive.errors import BadInput, NotFound
from radio_archive.links import MADE_FROM, PLAYED_FORMATS, audio_url
from radio_archive.model import Broadcast, Sound
from radio_archive.web.bench import COPIES
from radio_archive.web.byte_ranges import ByteRange, parse_range
from radio_archive.web.site import get_site

#: readers may keep sound for an hour without asking; shared caches may not keep it at all, so that
#: a withdrawn broadcast falls silent everywhere
_CACHE = "private, max-age=3600, no-transform"


async def sound(request: Request) -> Response:
    """``/media/{broadcast}.{mp3,opus,webm}``; ``?q=low`` gives the smallest Opus.

    Raises:
        BadInput: ``q`` is something else than ``low``, or low MP3 is asked for.
        NotFound: no such broadcast, extension, or rendition.
        StorageError: the store of the sound does not give it.
        TooBusy: too many wait for a copy that is still to be made.
    """
    identity, extension = request.path_params["broadcast"], request.path_params["extension"]
    name = _rendition_name(extension, request.query_params.get("q"))
    archive = get_site(request).archive
    wanted = (identity, name)
    found = await COPIES.give(
        wanted, partial(archive.find_sound, *wanted), partial(archive.open_sound, *wanted)
    )
    return await answer_sound(found, request)


def _rendition_name(extension: str, quality: str | None) -> str:
    if extension not in ("mp3", "opus", "webm"):
        raise NotFound(
            f"There is no sound with the extension .{extension}.", hint="Ask for .mp3 or .opus."
        )
    if quality is None:
        return extension
    if quality != "low" or extension == "mp3":
        raise BadInput(
            f"There is no quality {quality!r} of .{extension} sound.",
            hint="Only .opus?q=low is smaller than the ordinary one.",
        )
    return "low" if extension == "opus" else "webm-low"


def sources_of(archive: Archive, found: Broadcast) -> list[tuple[str, str]]:
    """Addresses of all of a sound for a player, with their types, best first."""
    held = {rendition.name for rendition in archive.renditions(found.id)}
    return [
        (audio_url(found.id, name), kind)
        for name, kind in PLAYED_FORMATS.items()
        if MADE_FROM.get(name, name) in held
    ]


async def answer_sound(found: Sound, request: Request) -> Response:
    """Whole, part, "not modified" or "no such part", as RFC 9110 wants for the request.

    Raises:
        StorageError: the first bytes cannot be had; nothing was sent.
    """
    etag = f'"{found.etag}"'
    headers = {"accept-ranges": "bytes", "etag": etag, "cache-control": _CACHE}
    if _names(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    part = _asked_part(request, found, etag)
    if part is not None and not part.is_satisfiable:
        headers["content-range"] = f"bytes */{found.size_bytes}"
        return Response(status_code=416, headers=headers)
    part_or_whole = part or ByteRange(start=0, end=found.size_bytes)
    headers["content-length"] = str(part_or_whole.end - part_or_whole.start)
    headers["content-type"] = found.media_type
    if request.method == "HEAD":
        return Response(headers=headers)
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{found.size_bytes}"
    # in a worker thread: a store that lies elsewhere is asked here already
    blocks = await run_in_threadpool(found.read, part_or_whole.start, part_or_whole.end)
    return StreamingResponse(_stream(blocks), status_code=206 if part else 200, headers=headers)


def _asked_part(request: Request, found: Sound, etag: str) -> ByteRange | None:
    """The part asked for; None for the whole (no range, HEAD, or ``If-Range`` of older bytes)."""
    condition = request.headers.get("if-range")
    if request.method == "HEAD" or (condition is not None and condition.strip() != etag):
        return None
    return parse_range(request.headers.get("range"), found.size_bytes)


def _names(header: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header names this ETag (weak comparison)."""
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return header.strip() == "*" or etag in tags


async def _stream(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read in worker threads, so that a slow disk never holds up other readers; always close."""
    try:
        async for block in iterate_in_threadpool(blocks):
            yield block
    finally:
        close = getattr(blocks, "close", None)
        if close is not None:
            close()
