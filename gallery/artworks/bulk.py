"""Doing one thing with many of one's own works: who sees them, licence, tags, deletion, files."""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from typing import IO

from django.utils import timezone

from gallery.artworks.deleting import delete_work
from gallery.artworks.publishing import edit_work
from gallery.core.files import file_stem
from gallery.core.permissions import check_may_act
from gallery.models import Artwork, User
from gallery.sharing.downloads import make_copy
from generation.refusal import Refused

MAX_WORKS = 48  # Works of one request, as many as a page shows.

# Works that were changed, and (title, sentence) of those that were not.
Outcome = tuple[int, list[tuple[str, str]]]


def find_chosen(user: User, slugs: Sequence[str]) -> list[Artwork]:
    """The person's own works with these slugs, newest first.

    Raises Refused for none and for more than MAX_WORKS.
    """
    check_may_act(user)
    if len(slugs) > MAX_WORKS:
        raise Refused("Choose at most {most} works at once.", most=MAX_WORKS)
    own = Artwork.objects.editable_by(user).filter(author=user, slug__in=slugs)
    works = list(own.select_related("author", "species").prefetch_related("tags"))
    if not works:
        raise Refused("Choose some of your works first.")
    return works


def change_visibility(user: User, works: Sequence[Artwork], visibility: str) -> Outcome:
    """Give works another audience, where their parents allow it."""
    return _each(works, lambda work: _edit(user, work, visibility=visibility))


def change_licence(user: User, works: Sequence[Artwork], licence: str) -> Outcome:
    """Give works another licence, where their parents allow it."""
    return _each(works, lambda work: _edit(user, work, licence=licence))


def add_tags(user: User, works: Sequence[Artwork], names: Sequence[str]) -> Outcome:
    """Add tags to those that the works have."""
    return _each(works, lambda work: _edit(user, work, tags=[*_tags(work), *names]))


def remove_tags(user: User, works: Sequence[Artwork], names: Sequence[str]) -> Outcome:
    """Take tags off the works that have them."""
    gone = {name.casefold() for name in names}

    def strip(work: Artwork) -> None:
        _edit(user, work, tags=[name for name in _tags(work) if name.casefold() not in gone])

    return _each(works, strip)


def delete_works(user: User, works: Sequence[Artwork]) -> Outcome:
    """Delete works; one undo brings all of them back."""
    now = timezone.now()
    return _each(works, lambda work: delete_work(user, work, at=now))


def pack_files(works: Sequence[Artwork]) -> IO[bytes]:
    """A ZIP of the works in full quality (PNG, FLAC), each with its metadata, in a temporary file.

    Raises Refused when none of them has been printed.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response that sends it closes it.
    names: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for work in works:
            kind = "flac" if work.is_music else "png"
            try:
                data, _ = make_copy(work, kind) if work.master else (b"", "")
            except FileNotFoundError:
                continue
            if data:
                name = f"{file_stem(work.title) or work.slug}.{kind}"
                archive.writestr(f"{work.slug}-{name}" if name in names else name, data)
                names.add(name)
    if not names:
        file.close()
        raise Refused("None of these works has been printed yet, so there are no files.")
    file.seek(0)
    return file


def _edit(user: User, work: Artwork, **changes: object) -> None:
    """Edit a work with everything else as it is."""
    kept = ("title", "description", "alt_text", "licence", "visibility", "may_be_bred")
    values = {name: getattr(work, name) for name in kept} | {"tags": _tags(work)}
    edit_work(user, work, **(values | changes))


def _tags(work: Artwork) -> list[str]:
    return [tag.name for tag in work.tags.all()]


def _each(works: Sequence[Artwork], act: Callable[[Artwork], object]) -> Outcome:
    """Do something with each work; a refusal for one does not stop the others."""
    problems = []
    for work in works:
        try:
            act(work)
        except Refused as refused:
            problems.append((work.title, refused.sentence))
    return len(works) - len(problems), problems
