"""Stored files: sending them (caching, ranges, streaming in chunks) and deleting them."""

import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.text import slugify

from gallery.models.text_index import is_symbol
from gallery.models.texts import slug_of

CHUNK = 2**18  # Bytes.
MAX_NAME_BYTES = 180  # File systems allow 255 for a name with its ending.
WEEK = 604_800  # Seconds.
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def send_file(
    request: HttpRequest, stored: FieldFile, *, media_type: str, is_public: bool
) -> HttpResponseBase:
    """Stream a stored file: 304 if the browser has it, 206 for the range that a player asks for.

    Files of works never change, so everybody may cache a public one. Other files are cached by the
    person's own browser only, which revalidates each time whether they are still open to them.
    """
    etag = f'"{hashlib.sha256((stored.name or "").encode()).hexdigest()[:24]}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        # A range of another version than the client has would not fit, so it gets the whole file
        # (RFC 9110 section 13.1.5).
        range_header = (
            request.headers.get("Range", "")
            if request.headers.get("If-Range", etag) == etag
            else ""
        )
        response = _respond(request, stored.open("rb"), media_type, range_header)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = (
        f"public, max-age={WEEK}, immutable" if is_public else "private, no-cache"
    )
    # Other sites may show public files only (oEmbed, feeds).
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    return response


def _respond(
    request: HttpRequest, file: "File[bytes]", media_type: str, range_header: str
) -> HttpResponseBase:
    """The whole file, the requested range (206), or 416 for a range beyond the file."""
    size = file.size
    try:
        part = read_range(range_header, size=size)
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


def read_range(header: str, *, size: int) -> tuple[int, int] | None:
    """Start and stop (exclusive) of the range in a Range header, in bytes; None for the whole file.

    Several ranges, and headers that are not valid, are ignored, as RFC 9110 section 14.2 allows.
    Raises ValueError for a range beyond the file.
    """
    found = RANGE.fullmatch(header.strip())
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


def _stream(
    request: HttpRequest, file: "File[bytes]", media_type: str, *, length: int
) -> HttpResponseBase:
    headers = {"Content-Length": str(length)}
    if not isinstance(request, ASGIRequest):
        return StreamingHttpResponse(
            _chunks(file, length), content_type=media_type, headers=headers
        )
    # Under ASGI, Django would read a synchronous iterator to its end before sending the first byte.
    return StreamingHttpResponse(
        _chunks_later(file, length), content_type=media_type, headers=headers
    )


def _chunks(file: "File[bytes]", length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


async def _chunks_later(file: "File[bytes]", length: int) -> AsyncIterator[bytes]:
    try:
        while length > 0 and (
            chunk := await sync_to_async(file.read, thread_sensitive=False)(min(CHUNK, length))
        ):
            length -= len(chunk)
            yield chunk
    finally:
        await sync_to_async(file.close, thread_sensitive=False)()


def attachment(title: str, *, fallback: str, ending: str) -> str:
    """A Content-Disposition that saves a file under a title in its own script (RFC 6266).

    Programs that do not know `filename*` get a name in ASCII. fallback: the name for a title
    without letters and digits. ending: what follows both names, such as "-512.png".
    """
    plain = (slugify(title)[:MAX_NAME_BYTES] or fallback) + ending
    shown = (file_stem(title) or fallback) + ending
    extended = "" if shown == plain else f"; filename*=UTF-8''{quote(shown, safe='')}"
    return f'attachment; filename="{plain}"{extended}'


def file_stem(title: str) -> str:
    """A title as the name of a file, in its own script; "" for one without letters and digits."""
    kept = "".join(letter for letter in slug_of(title) if _is_for_names(letter))
    name = re.sub("-{2,}", "-", kept).strip("-")
    while len(name.encode()) > MAX_NAME_BYTES:
        name = name[:-1]
    return name


def _is_for_names(letter: str) -> bool:
    """Whether a file's name keeps a character: letters, digits, emoji; no other punctuation."""
    return letter in "-_+" or unicodedata.category(letter)[0] in "LMN" or is_symbol(letter)


def delete_files(names: list[str]) -> None:
    """Delete files from the media storage; files that do not exist are ignored."""
    for name in names:
        default_storage.delete(name)
