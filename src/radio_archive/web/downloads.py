"""Files that pages refer to: transcripts to take away, style, script and icon."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import NotFound
from radio_archive.web.parameters import read_choice
from radio_archive.web.site import get_site


def transcript(request: Request) -> Response:
    """``/broadcasts/{id}/transcript.{vtt,srt,txt,docx,…}``; ``?kind=`` and ``?language=`` choose.

    Other sites' players may read it (``Access-Control-Allow-Origin``): it is public text.
    """
    identity, extension = request.path_params["id"], request.path_params["extension"]
    choice = read_choice(request.query_params)
    export = get_site(request).archive.export(identity, extension, choice)
    return Response(
        export.content,
        headers={
            "content-type": export.media_type,
            "content-disposition": f'inline; filename="{export.file_name}"',
            "access-control-allow-origin": "*",
            "cache-control": "private, no-cache",
        },
    )


def static(request: Request) -> Response:
    """``/static/{name}``: a name changes with its content, so browsers may keep it for ever."""
    asset = get_site(request).assets.find(request.path_params["name"])
    if asset is None:
        raise NotFound("There is no such file on this server.", hint="Reload the page.")
    return Response(
        asset.content,
        headers={
            "content-type": asset.media_type,
            "cache-control": "public, max-age=31536000, immutable",
        },
    )
