"""The files of works on their way out: who may keep a copy, and sending them in pieces."""

import hashlib
import re
from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

PIECE = 2**18
WEEK = 604_800
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def send_file(
    request: HttpRequest, stored: FieldFile, *, media_type: str, is_public: bool
) -> HttpResponseBase:
    """A stored file as it is, in pieces; 304 when the browser has it, and a part of it when a
    player asks for that.

    A work's picture never changes, so everybody may keep a public one; only the person's own
    browser keeps another, and asks again each time whether it is still open to them.
    """
    etag = f'"{hashlib.sha256(stored.name.encode()).hexdigest()[:24]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        # A part of another version than the asker holds would not fit, so they get the whole file
        # (RFC 9110 section 13.1.5).
        asked = (
            request.headers.get("Range", "")
            if request.headers.get("If-Range", etag) == etag
            else ""
        )
        response = _answer(request, stored.open("rb"), media_type, asked)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = (
        f"public, max-age={WEEK}, immutable" if is_public else "private, no-cache"
    )
    # Pages elsewhere may show what is public (oEmbed, feeds), and nothing else.
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    return response


def _answer(request: HttpRequest, file: File, media_type: str, asked: str) -> HttpResponseBase:
    """The whole file, the asked part of it (206), or a refusal of a part that it does not have
    (416).
    """
    size = file.size
    try:
        part = read_range(asked, size=size)
    except ValueError:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return _stream(request, file, media_type, length=size)
    start, stop = part
    file.seek(start)
    response = _stream(request, file, media_type, length=stop - start)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def read_range(asked: str, *, size: int) -> tuple[int, int] | None:
    """Start and stop of the one part that a Range header asks for, in bytes; None for the whole
    file.

    What is no range of bytes, or several at once, is ignored, as RFC 9110 section 14.2 allows.
    Raises ValueError for a part beyond the file.
    """
    found = RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None
    if start >= stop:
        raise ValueError(f"The file has {size} bytes.")
    return start, stop


def _stream(request: HttpRequest, file: File, media_type: str, *, length: int) -> HttpResponseBase:
    headers = {"Content-Length": str(length)}
    if not isinstance(request, ASGIRequest):
        return StreamingHttpResponse(
            _pieces(file, length), content_type=media_type, headers=headers
        )
    # Django would read an ordinary iterator to its end before it sends the first byte under ASGI.
    return StreamingHttpResponse(
        _pieces_later(file, length), content_type=media_type, headers=headers
    )


def _pieces(file: File, length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece


async def _pieces_later(file: File, length: int) -> AsyncIterator[bytes]:
    try:
        while length > 0 and (
            piece := await sync_to_async(file.read, thread_sensitive=False)(min(PIECE, length))
        ):
            length -= len(piece)
            yield piece
    finally:
        await sync_to_async(file.close, thread_sensitive=False)()
