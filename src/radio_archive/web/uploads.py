"""Forms that send a file: taken from editors only, within a limit, and kept in memory no longer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import BadInput
from radio_archive.web.errors import FormTooLarge
from radio_archive.web.forms import Form
from radio_archive.web.sessions import require_editor
from radio_archive.web.site import get_site

MAX_UPLOAD_BYTES = 21_000_000
"""Of a whole form: the largest document, and room for the fields beside it."""

_MAX_FIELDS = 20
_MAX_FIELD_BYTES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A form with a file."""

    form: Form  #: its other fields
    content: bytes  #: of the file; empty where none was chosen


Handler = Callable[[Request, Upload], Response]


def uploading(handle: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads a form with a file from a signed-in editor.

    Nothing is read of what others send. The handler itself asks `require_ours`.
    """

    async def endpoint(request: Request) -> Response:
        session = await run_in_threadpool(get_site(request).sessions.read, request)
        require_editor(session)
        try:
            parser = MultiPartParser(
                request.headers,
                _bounded(request),
                max_files=1,
                max_fields=_MAX_FIELDS,
                max_part_size=_MAX_FIELD_BYTES,
            )
            found = await parser.parse()
        except (MultiPartException, KeyError) as error:
            raise BadInput("The form cannot be read.", hint="Send it from its own page.") from error
        content, fields = b"", []
        for name, value in found.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
            else:
                fields.append((name, value))
        await found.close()
        form = Form(session=session, fields=tuple(fields))
        return await run_in_threadpool(handle, request, Upload(form=form, content=content))

    return endpoint


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, as long as it may be."""
    total = 0
    async for block in request.stream():
        total += len(block)
        if total > MAX_UPLOAD_BYTES:
            raise FormTooLarge(
                f"The form is larger than {MAX_UPLOAD_BYTES:,} bytes.",
                hint="Nothing was changed. Make the file smaller, or write a link to it.",
            )
        yield block
