"""Borrowing for the bench: the style or the colours of a work, or of an uploaded picture."""

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from gallery.bench.borrowing import check_size, colours_of, picture_of_work, style_of
from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.types import Request
from generation.refusal import Refused

KINDS = ("style", "palette")
rate_limiter = RateLimiter("borrow", 30)


@require_POST
def borrow(request: Request) -> JsonResponse:
    """Answer the kind "style" with {"vector"}, the kind "palette" with {"colours"}.

    They are those of `work` (a slug or an address) or of the file `picture`. A refusal comes as
    {"error"} with status 400, or 429 where waiting helps.
    """
    try:
        if wait := rate_limiter.take(caller_of(request)):
            raise Refused(
                "That was a lot in one minute. Wait a moment and try again.",
                retry_after=max(1, round(wait)),
            )
        kind = request.POST.get("kind", "style")
        if kind not in KINDS:
            raise Refused("You can only borrow one of these: {kinds}.", kinds=", ".join(KINDS))
        data = read_example(request)
        return JsonResponse(
            {"vector": style_of(data)} if kind == "style" else {"colours": colours_of(data)}
        )
    except Refused as refused:
        status = 429 if refused.retry_after else 400
        return JsonResponse(
            {"error": refused.sentence, "retry_after": refused.retry_after}, status=status
        )


def read_example(request: Request) -> bytes:
    """The content of the picture to borrow from: the uploaded file, or a work's thumbnail."""
    picture = request.FILES.get("picture")
    if picture is not None:
        check_size(picture.size or 0)
        return picture.read()
    if not request.POST.get("work", "").strip():
        raise Refused("Send a picture, or give the address of a work's page.")
    return picture_of_work(request.user, request.POST["work"])[0]
