"""Sharing a work: share links and the pages they open, a new address, and QR codes."""

from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.core.http import absolute_url, find_work
from gallery.core.tunes import tune_page
from gallery.lineage.licences import rights
from gallery.models import Artwork, ShareLink
from gallery.sharing import downloads
from gallery.sharing.actions import is_open, make_link, renew_address, revoke_link
from gallery.sharing.forms import LinkForm
from gallery.sharing.qr import qr_svg
from gallery.sharing.views_dialog import links_of
from gallery.sharing.work_files import send_variant
from gallery.types import MemberRequest, Request
from generation.refusal import Refused

Response = TypeVar("Response", bound=HttpResponseBase)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: MemberRequest, slug: str) -> HttpResponse:
    """The maker's links to a work that is not public; POST makes another one."""
    artwork = find_own(request, slug)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            make_link(
                request.user,
                artwork,
                note=form.cleaned_data["note"],
                days=form.cleaned_data["days"],
            )
            messages.success(
                request, gettext("The link is ready. Copy it and send it to whoever it is for.")
            )
            return redirect("share_links", slug=artwork.slug)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"artwork": artwork, "form": form, "links": links_of(request, artwork)}
    return render(
        request, "gallery/sharing/links.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_POST
def revoke(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Revoke one link."""
    share_links = find_own(request, slug).share_links.select_related("artwork")
    link = get_object_or_404(share_links, pk=pk)
    revoke_link(request.user, link)
    messages.success(request, gettext("The link is revoked and no longer works."))
    return redirect("share_links", slug=link.artwork.slug)


@login_required
@require_POST
def new_address(request: MemberRequest, slug: str) -> HttpResponse:
    """Give the work another secret address."""
    artwork = renew_address(request.user, find_own(request, slug))
    messages.success(request, gettext("The work has a new address. The old one no longer works."))
    return redirect("share_links", slug=artwork.slug)


def find_own(request: MemberRequest, slug: str) -> Artwork:
    """The person's own work, else 404."""
    own = Artwork.objects.editable_by(request.user).filter(author=request.user)
    return get_object_or_404(own.select_related("author", "species"), slug=slug)


@require_safe
def opened(request: Request, token: str) -> HttpResponse:
    """The work of a share link, to look at and listen to."""
    link = find_link(token)
    if link is None:
        return gone(request)
    artwork = link.artwork
    context = {
        "artwork": artwork,
        "rights": rights(artwork.licence),
        "token": token,
        "expires_at": link.expires_at,
        "tune": tune_page(artwork) if artwork.is_music and artwork.master else None,
        "picture": reverse(
            "share_file",
            args=[
                token,
                "master.png" if downloads.may_download(artwork, request.user) else "page.webp",
            ],
        ),
        "sound": reverse("share_file", args=[token, "audio.mp3"]) if artwork.audio else "",
        "cover": reverse("share_file", args=[token, artwork.thumbnail_url.rpartition("/")[2]])
        if artwork.thumbnail_url
        else "",
    }
    return private(render(request, "gallery/sharing/shared.html", context))


@require_safe
def opened_file(request: Request, token: str, variant: str) -> HttpResponseBase:
    """A file of the work of a share link."""
    link = find_link(token)
    if link is None:
        return gone(request)
    return private(send_variant(request, link.artwork, variant, is_public=False))


def find_link(token: str) -> ShareLink | None:
    """The link, if it opens its work; None once it has expired or was revoked.

    404 for a link that never existed.
    """
    links = ShareLink.objects.select_related("artwork", "artwork__author", "artwork__species")
    link = get_object_or_404(links, token=token)
    return link if is_open(link) else None


def gone(request: Request) -> HttpResponse:
    """410 Gone: the link has expired or was revoked."""
    return private(render(request, "gallery/sharing/gone.html", status=410))


def private(response: Response) -> Response:
    """The response, kept out of search engines and shared caches.

    Browsers send its secret address to no other site.
    """
    response["X-Robots-Tag"] = "noindex, noimageindex"
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def qr(request: Request, slug: str) -> HttpResponse:
    """The address of a work as a QR code, for whoever may open it."""
    artwork = find_work(request, slug)
    return _code(absolute_url(request, artwork.get_absolute_url()), is_public=artwork.is_listed)


@login_required
@require_safe
def link_qr(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """One of the maker's links as a QR code."""
    link = get_object_or_404(find_own(request, slug).share_links, pk=pk)
    return _code(absolute_url(request, reverse("share_link", args=[link.token])), is_public=False)


def _code(address: str, *, is_public: bool) -> HttpResponse:
    label = escape(gettext("QR code of %(address)s") % {"address": address})
    caching = "public, max-age=86400" if is_public else "private, no-cache"
    return HttpResponse(
        qr_svg(address, label=label), "image/svg+xml", headers={"Cache-Control": caching}
    )
