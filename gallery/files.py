"""The files of works on their way out: who may keep a copy, and sending them in pieces."""

import hashlib
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

PIECE = 2**18
WEEK = 604_800


def send_file(request: HttpRequest, stored: FieldFile, *, media_type: str, is_public: bool) -> HttpResponseBase:
    """A stored file as it is, in pieces; 304 when the browser has it.

    A work's picture never changes, so everybody may keep a public one; only the person's own browser keeps another, and asks
    again each time whether it is still open to them.
    """
    etag = f'"{hashlib.sha256(stored.name.encode()).hexdigest()[:24]}"'
    response = get_conditional_response(request, etag=etag) or _stream(request, stored.open("rb"), media_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={WEEK}, immutable" if is_public else "private, no-cache"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _stream(request: HttpRequest, file: File, media_type: str) -> HttpResponseBase:
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=media_type)
    # Django would read an ordinary iterator to its end before it sends the first byte under ASGI.
    return StreamingHttpResponse(_pieces(file), content_type=media_type, headers={"Content-Length": str(file.size)})


async def _pieces(file: File) -> AsyncIterator[bytes]:
    try:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(PIECE):
            yield piece
    finally:
        await sync_to_async(file.close, thread_sensitive=False)()
