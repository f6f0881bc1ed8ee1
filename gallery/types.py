"""Names for types that many modules share.

Only type checkers look behind them: at run time this module imports no models, so every room may
import it.

`AnyUser` is whoever looks: `user.is_authenticated` tells the checker which of the two it is.
`Words` is a text, or one that is translated when it is shown (`gettext_lazy`).
`Request` is what every view gets; `MemberRequest` is what it gets behind `login_required`.
"""

from typing import TYPE_CHECKING, TypeAlias

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise
    from django_htmx.middleware import HtmxDetails

    from gallery.models import User

AnyUser: TypeAlias = "User | AnonymousUser"
Words: TypeAlias = "str | _StrPromise"


class Request(HttpRequest):
    """A request after the middleware: it knows whether htmx asks."""

    htmx: "HtmxDetails"


class MemberRequest(Request):
    """A request of somebody who is signed in."""

    user: "User"
