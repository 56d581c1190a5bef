"""The history of corrections as JSON, and taking one back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import corrections_answer
from radio_archive.errors import NotFound
from radio_archive.web.forms import Form, require_ours
from radio_archive.web.parameters import read_time
from radio_archive.web.sessions import require_editor
from radio_archive.web.site import get_site


def corrections(request: Request) -> Response:
    """``/api/v1/broadcasts/{id}/corrections?t=``: who changed what, the last first."""
    desk = get_site(request).archive.desk
    identity = request.path_params["id"]
    moment = read_time(request.query_params.get("t"))
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    return JSONResponse(corrections_answer(desk.history(identity, moment)), headers=headers)


def undo(request: Request, form: Form) -> Response:
    """``POST /api/v1/broadcasts/{id}/corrections/{edit}/undo``: take it back, as another version.

    For editors who signed in, with the token of their pages as ``X-CSRF-Token``.
    """
    editor = require_editor(form.session)
    require_ours(request, form)
    identity, edit = request.path_params["id"], request.path_params["edit"]
    if not (edit.isascii() and edit.isdigit() and len(edit) < 12):
        raise NotFound("There is no such correction.", hint="Their ids are numbers.")
    desk = get_site(request).archive.desk
    desk.undo(identity, int(edit), editor)
    answer = corrections_answer(desk.history(identity))
    return JSONResponse(answer, headers={"cache-control": "no-store"})
