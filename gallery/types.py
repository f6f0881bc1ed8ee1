"""Names for types that many modules share.

At run time this module imports no models, so that every module may import it.

AnyUser: whoever makes a request; `user.is_authenticated` tells the type checker which of the two.
Words: a text, or one that is translated when it is shown (`gettext_lazy`).
Subject: what can be reported.
Request: what every view gets. MemberRequest: what a view gets behind `login_required`.
"""

from typing import TYPE_CHECKING, TypeAlias

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise
    from django_htmx.middleware import HtmxDetails

    from gallery.models import Artwork, Collection, Comment, User

AnyUser: TypeAlias = "User | AnonymousUser"
Words: TypeAlias = "str | _StrPromise"
Subject: TypeAlias = "Artwork | Comment | User | Collection"


class Request(HttpRequest):
    """A request after the middleware, which adds whether htmx made it."""

    htmx: "HtmxDetails"


class MemberRequest(Request):
    """A request by somebody who is signed in."""

    user: "User"
