"""Accounts for tests to export and import."""

import io
import json
import zipfile
from typing import Any

from gallery.archive.export import request_export
from gallery.job_runner import run_next
from gallery.models import Artwork, Job, JobState, Licence, LineageEdge, State, User, Visibility
from tests.factories import make_artwork, make_user


def grow_account(works: int) -> User:
    """A person with so many works; most have two parents, some of those by other people."""
    user = make_user("ada", display_name="Ada Fern", email="ada@example.org")
    other = make_artwork(make_user("bo"), title="Foreign")
    closed = make_artwork(visibility=Visibility.UNLISTED, title="Secret")
    own: list[Artwork] = []
    for number in range(works):
        parents = [own[number // 2], own[number - 1]] if number > 3 else []
        if number % 9 == 4:
            parents[0] = other
        if number % 9 == 5:
            parents[0] = closed
        pedigree = {"roots": [parent.slug for parent in parents], "steps": []} if parents else {}
        own.append(
            make_artwork(
                user,
                parents=parents,
                pedigree=pedigree,
                tags=["moss", "fern"] if number % 2 else [],
            )
        )
    LineageEdge.objects.update(licence=Licence.CC_BY)
    return user


def exported(user: User, *, with_files: bool = False) -> bytes:
    job = request_export(user, with_files=with_files, base="https://one.example")
    assert run_next()
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job.result.read()


def described(user: User) -> dict[str, tuple[Any, ...]]:
    """An account without addresses: genome -> title, licence, depth, novelty, tags, parents."""
    works = Artwork.objects.filter(author=user).exclude(state=State.REMOVED)
    return {
        work.genome_identity: (
            work.title,
            work.licence,
            work.depth,
            work.novelty,
            sorted(tag.name for tag in work.tags.all()),
            sorted(
                (
                    round(edge.share, 6),
                    edge.licence,
                    edge.parent.genome_identity if edge.parent.author == user else "",
                )
                for edge in work.parent_edges.select_related("parent__author")
            ),
        )
        for work in works
    }


def empty_site() -> User:
    """Turn the database into that of another site: no works, and a new person, who is returned."""
    LineageEdge.objects.all().delete()
    Job.objects.all().delete()
    Artwork.objects.all().delete()
    return make_user("cleo")


def repacked(data: bytes, **documents: Any) -> bytes:
    """The archive with other contents of these JSON documents, by name without ending."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as changed:
        for name in archive.namelist():
            stem = name.removesuffix(".json")
            is_changed = stem in documents
            changed.writestr(
                name, json.dumps(documents[stem]) if is_changed else archive.read(name)
            )
    return buffer.getvalue()
