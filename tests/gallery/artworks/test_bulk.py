"""Doing one thing with many of one's own works."""

import io
import zipfile

import pytest
from django.test import Client

from gallery.models import Artwork, Deletion, Licence, State, User, Visibility
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    ada = make_user("ada")
    client.force_login(ada)
    return ada


def post(client: Client, do: str, *works: Artwork, **data: str):
    fields = {"do": do, "works": [work.slug for work in works], **data}
    return client.post("/me/select/", fields, follow=True)


def test_audience_licence_and_tags_change_where_the_parents_allow_it(client: Client, ada: User):
    free, theirs = make_artwork(ada, tags=["moss"]), make_artwork(make_user("bo"), title="Theirs")
    bound = make_artwork(
        ada,
        parents=[make_artwork(licence=Licence.CC_BY_SA)],
        licence=Licence.CC_BY_SA,
        title="Bound",
    )
    page = post(client, "licence", free, bound, theirs, licence=Licence.CC0).content.decode()
    assert "1 work changed." in page and "“Bound”:" in page and "Theirs" not in page
    post(client, "visibility", free, bound, theirs, visibility=Visibility.UNLISTED)
    post(client, "add_tags", free, bound, tags="fern, Deep Sea")
    post(client, "remove_tags", free, bound, tags="MOSS")
    for work in (free, bound, theirs):
        work.refresh_from_db()
    assert (free.licence, bound.licence, theirs.licence) == ("CC0-1.0", "CC-BY-SA-4.0", "CC-BY-4.0")
    assert (free.visibility, bound.visibility, theirs.visibility) == (
        "unlisted",
        "unlisted",
        "public",
    )
    for work in (free, bound):
        assert {tag.slug for tag in work.tags.all()} == {"fern", "deep-sea"}


def test_chosen_works_are_deleted_together_and_come_back_together(client: Client, ada: User):
    works = [make_artwork(ada) for _ in range(3)]
    kept, theirs = make_artwork(ada), make_artwork()
    page = post(client, "delete", *works, theirs).content.decode()
    assert "3 works deleted." in page and theirs in Artwork.objects.listed()
    assert set(Artwork.objects.listed().filter(author=ada)) == {kept}
    client.post("/me/restore/", {"deletion": Deletion.objects.first().pk})
    assert Artwork.objects.listed().filter(author=ada).count() == 4


def test_files_come_as_one_zip_with_their_metadata(client: Client, ada: User):
    works = [make_artwork(ada, title="Reef", has_files=True) for _ in range(2)]
    answer = post(client, "download", *works, make_artwork(ada), make_artwork(has_files=True))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        assert len(names) == 2 and "reef.png" in names
        assert all(archive.read(name)[:4] == b"\x89PNG" for name in names)
        assert b"Reef" in archive.read("reef.png"), "The metadata names the work."


@pytest.mark.parametrize(
    ("do", "data", "words"),
    [
        ("delete", {}, "Choose some of your works first"),
        ("add_tags", {"tags": " , "}, "Write the tags first"),
        ("visibility", {"visibility": "everywhere"}, "Select a valid choice"),
        ("explode", {}, ""),
    ],
)
def test_mistakes_change_nothing_and_say_what_to_do(client: Client, ada: User, do, data, words):
    work = make_artwork(ada)
    chosen = [] if do == "delete" else [work]
    answer = post(client, do, *chosen, **data)
    assert answer.status_code == 400 and words in answer.content.decode()
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_quarantined_works_and_those_of_others_are_not_offered(client: Client, ada: User):
    mine, theirs = make_artwork(ada), make_artwork()
    held = make_artwork(ada, state=State.QUARANTINED)
    page = client.get("/me/select/").content.decode()
    assert mine.slug in page and theirs.slug not in page and held.slug not in page
    client.logout()
    assert client.get("/me/select/").status_code == 302
