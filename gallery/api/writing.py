"""Breeding, publishing, changing; with a token, or with a session cookie and its CSRF token."""

import base64
from concurrent.futures import TimeoutError as TooSlow
from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Router, Status
from ninja.errors import HttpError

from gallery import studio
from gallery.api import schemas
from gallery.api.callers import Caller
from gallery.api.core import READ_ERRORS, WRITE_ERRORS, Done
from gallery.api.payloads import card_payload, find_work, work_payload
from gallery.api.reading import works
from gallery.artworks.deleting import delete_work
from gallery.artworks.likes import set_like
from gallery.artworks.publishing import edit_work, publish_child
from gallery.jobs.progress import find_progress
from gallery.lineage.bonds import allowed_licences
from gallery.lineage.parents import find_parents
from gallery.models import Artwork
from gallery.types import MemberRequest
from generation.pedigree import Pedigree, grow

PREVIEW_TIMEOUT_S = 60

bench = Router(tags=["bench"])


def read_pedigree(body: schemas.BreedIn) -> Pedigree:
    """The pedigree in a request. Raises Refused for what is none."""
    steps = [{"parents": step.parents, "recipe": step.recipe} for step in body.steps]
    return Pedigree.from_json({"roots": body.roots, "steps": steps})


@bench.post(
    "/breed",
    response={200: schemas.Child, **WRITE_ERRORS},
    auth=Caller("read"),
    summary="Breed a child to look at",
)
def breed(request: MemberRequest, body: schemas.BreedAsk) -> dict[str, Any]:
    """Nothing is stored. Send the same roots and steps to `POST /works` to publish exactly this
    child.
    """
    pedigree = read_pedigree(body)
    parents = find_parents(request.user, pedigree.roots)
    # Without a step the first root itself is looked at.
    grown = grow(pedigree, [parent.genome for parent in parents])
    child = grown[-1] if pedigree.steps else grown[0]
    payload = {
        "identity": child.identity,
        "genome": child.to_json(),
        "media_type": "",
        "preview": "",
        "licences": list(allowed_licences(parents, author=request.user)),
    }
    if body.is_drawn:
        try:
            frame = studio.preview(child, size=body.size, owner=f"user:{request.user.pk}").result(
                timeout=PREVIEW_TIMEOUT_S
            )
        except TooSlow:
            raise HttpError(
                503, "The studio is busy. Try again in a minute, or ask without a preview."
            ) from None
        payload |= {
            "media_type": frame.media_type,
            "preview": base64.b64encode(frame.payload).decode("ascii"),
        }
    return payload


@works.post(
    "",
    response={201: schemas.Published, **WRITE_ERRORS},
    auth=Caller("publish"),
    summary="Publish a child",
)
def publish(request: MemberRequest, body: schemas.PublishIn) -> Status[dict[str, Any]]:
    """Breeds it again, stores it with its lineage, and queues its print."""
    words = body.dict(exclude={"roots", "steps"})
    artwork, job = publish_child(request.user, pedigree=read_pedigree(body), **words)
    return Status(201, {"work": card_payload(artwork), "job": str(job.pk)})


@works.patch(
    "/{slug}",
    response={200: schemas.Work, **WRITE_ERRORS},
    auth=Caller("write"),
    summary="Edit a work's details",
)
def change(request: MemberRequest, slug: str, body: schemas.WordsIn) -> dict[str, Any]:
    """Title, description, tags, licence, audience. The work itself never changes."""
    work = find_own_work(request, slug)
    names = (
        "title",
        "description",
        "alt_text",
        "licence",
        "visibility",
        "may_be_bred",
        "may_train",
    )
    now = {name: getattr(work, name) for name in names} | {
        "tags": [tag.name for tag in work.tags.all()]
    }
    edit_work(request.user, work, **now | body.dict(exclude_none=True))
    return work_payload(request, find_own_work(request, slug))


@works.delete(
    "/{slug}", response={200: Done, **WRITE_ERRORS}, auth=Caller("publish"), summary="Delete a work"
)
def delete(request: MemberRequest, slug: str) -> dict[str, Any]:
    """Hides it at once, and deletes its files and texts a minute later.

    Its descendants keep a placeholder in their lineage.
    """
    delete_work(request.user, find_own_work(request, slug))
    return {}


@works.put(
    "/{slug}/like",
    response={200: Done, **WRITE_ERRORS},
    auth=Caller("write"),
    summary="Like a work",
)
def like(request: MemberRequest, slug: str) -> dict[str, Any]:
    """Doing it twice changes nothing."""
    set_like(request.user, find_work(request, slug), True)
    return {}


@works.delete(
    "/{slug}/like",
    response={200: Done, **WRITE_ERRORS},
    auth=Caller("write"),
    summary="Remove a like",
)
def unlike(request: MemberRequest, slug: str) -> dict[str, Any]:
    """Doing it twice changes nothing."""
    set_like(request.user, find_work(request, slug), False)
    return {}


@bench.get(
    "/jobs/{id}",
    response={200: schemas.JobOut, **READ_ERRORS},
    auth=Caller("read"),
    summary="How far a job is",
)
def job(request: MemberRequest, id: UUID) -> dict[str, Any]:
    """Only your own jobs."""
    progress = find_progress(request.user, id)
    if progress is None:
        raise Http404("There is no such job of yours.")
    return progress


@bench.get(
    "/me", response={200: schemas.Me, **READ_ERRORS}, auth=Caller("read"), summary="Who you are"
)
def me(request: MemberRequest) -> Any:
    """Whom the token belongs to."""
    return request.user


def find_own_work(request: MemberRequest, slug: str) -> Artwork:
    """The work; 404 if the caller may not change it."""
    own = (
        Artwork.objects.editable_by(request.user)
        .select_related("author", "species")
        .prefetch_related("tags")
    )
    work = own.filter(slug=slug.replace("\0", "")).first()
    if work is None:
        raise Http404("There is no such work of yours.")
    return work
