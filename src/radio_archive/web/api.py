"""The same answers as JSON, and the probes of whoever runs the server."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import (
    Answer,
    SoundFacts,
    broadcast_answer,
    coverage_answer,
    error_answer,
    glossary_answer,
    quote_answer,
    search_answer,
    transcript_answer,
)
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import Ground
from radio_archive.web.errors import RETRY_AFTER_S, public
from radio_archive.web.parameters import SearchState, read_choice, read_months
from radio_archive.web.quotes import read_quote
from radio_archive.web.site import get_site

#: public text without cookies: scripts of other sites may read it
_HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-cache"}

_DESCRIPTION = Path(__file__).with_name("openapi.json")


def search(request: Request) -> Response:
    """``/api/v1/search``: the parameters of the search page, the answer of ``search --json``."""
    state = SearchState.read(request.query_params)
    page = get_site(request).archive.search(state.q, state.options())
    return _json(search_answer(page))


def coverage(request: Request) -> Response:
    """``/api/v1/coverage``: what can be searched, by language and month."""
    archive = get_site(request).archive
    params = request.query_params
    tag = normalise_tag(params["language"]) if params.get("language") else None
    first, last = read_months(params)
    is_open = not (params.get("from") or params.get("to"))
    rows = [row for row in archive.coverage() if tag in (None, row.language)]
    months = [
        row
        for row in archive.coverage_by_month(tag)
        if (is_open if row.month is None else first <= row.month <= last)
    ]
    return _json(coverage_answer(rows, months))


def glossary(request: Request) -> Response:
    """``/api/v1/glossary``: what the station's corrections taught."""
    language = request.query_params.get("language") or None
    return _json(glossary_answer(get_site(request).archive.glossary(language)))


def broadcast(request: Request) -> Response:
    """``/api/v1/broadcasts/{id}``: what the archive knows of one broadcast."""
    archive = get_site(request).archive
    found = archive.get_broadcast(request.path_params["id"])
    text = archive.find_transcript(found.id)
    return _json(
        broadcast_answer(
            found,
            transcript=text,
            sound=SoundFacts(
                renditions=archive.renditions(found.id),
                repeats=archive.repeats_of(found.id),
                chapters=archive.chapters_of(found, text),
                sound_map=archive.find_sound_map(found.id),
            ),
        )
    )


def transcript(request: Request) -> Response:
    """``/api/v1/broadcasts/{id}/transcript``: every segment and word with its times."""
    archive = get_site(request).archive
    found = archive.get_broadcast(request.path_params["id"])
    choice = read_choice(request.query_params)
    return _json(transcript_answer(found, archive.get_transcript(found.id, choice)))


def quote(request: Request) -> Response:
    """``/api/v1/quotes/{id}``: a quotation, its lasting address, and whether it still stands."""
    archive = get_site(request).archive
    return _json(
        quote_answer(
            archive.quotes.get(request.path_params["id"], read_quote(request.query_params))
        )
    )


def openapi(_request: Request) -> Response:
    """``/api/v1/openapi.json``: the answers above, described; kept by hand, checked by tests."""
    return Response(
        _DESCRIPTION.read_bytes(), headers={**_HEADERS, "content-type": "application/json"}
    )


def healthz(_request: Request) -> Response:
    """Whether the process answers at all; says nothing else to strangers."""
    return JSONResponse({"status": "ok"}, headers={"cache-control": "no-store"})


def readyz(request: Request) -> Response:
    """Whether catalogue and index answer; the error shape with status 503 when they do not.

    Either way ``parts`` says of each part ``ok``, ``degraded`` or ``down``. Without sound pages and
    search are still of use, so that this alone is no reason to send readers elsewhere.
    """
    troubles = get_site(request).archive.look()
    states = {each.ground: "down" if each.is_down else "degraded" for each in troubles}
    parts = {ground.value: states.get(ground, "ok") for ground in Ground}
    stopping = [each for each in troubles if each.is_down and each.ground is not Ground.SOUND]
    headers = {"cache-control": "no-store"}
    if not stopping:
        return JSONResponse({"status": "ready", "parts": parts}, headers=headers)
    headers["retry-after"] = str(RETRY_AFTER_S)
    answer = {**error_answer(public(stopping[0].error)), "parts": parts}
    return JSONResponse(answer, status_code=503, headers=headers)


def _json(answer: Answer) -> JSONResponse:
    return JSONResponse(answer, headers=_HEADERS)
