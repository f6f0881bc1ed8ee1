"""The profile picture (one of one's own works) and the links."""

import pytest
from django.test import Client

from gallery.accounts.actions import edit_profile
from gallery.accounts.closing import close_account
from gallery.archive.importing import import_account
from gallery.archive.reading import read_archive, read_ties
from gallery.artworks.deleting import delete_work
from gallery.core.links import read_links
from gallery.models import Artwork, State, User, Visibility
from gallery.moderation.actions import clear_profile
from generation.refusal import Refused
from tests.factories import make_artwork, make_comment, make_follow, make_user
from tests.gallery.archive.accounts import exported

pytestmark = pytest.mark.django_db
LINKS = ["https://example.org/ada", "https://moss.example/"]


def form(**changes: object) -> dict[str, object]:
    return {"display_name": "Ada", "bio": "", "language": "", "links": "", "avatar": ""} | changes


def test_picture_and_links_are_chosen_and_shown(client: Client):
    ada = make_user("ada")
    work = make_artwork(ada, has_files=True)
    note = make_comment(make_artwork(has_files=True), author=ada)
    make_follow(ada, make_user("bo"))
    client.force_login(ada)
    assert work.thumbnail_url in client.get("/me/profile/").content.decode()
    answer = client.post("/me/profile/", form(links="\n".join(LINKS) + "\n\n", avatar=work.pk))
    assert answer.status_code == 302, answer.content.decode()
    page = client.get("/@ada/").content.decode()
    for link in LINKS:
        assert f'href="{link}" rel="nofollow ugc me noopener"' in page
    assert "example.org/ada" in page
    face = f'<img src="{work.thumbnail_url}"'
    for path in ("/about/", "/@ada/", work.get_absolute_url(), note.artwork.get_absolute_url()):
        assert face in client.get(path).content.decode()
    client.logout()
    for path in ("/@ada/", "/@bo/followers/", note.artwork.get_absolute_url()):
        assert face in client.get(path).content.decode()


def test_the_menu_of_a_work_makes_it_the_picture(client: Client):
    ada = make_user("ada")
    work, hidden = make_artwork(ada, has_files=True), make_artwork(ada, visibility="private")
    client.force_login(ada)
    assert "Use as profile picture" in client.get(work.get_absolute_url()).content.decode()
    assert client.post(f"/art/{work.slug}/portrait/").headers["Location"] == "/@ada/"
    assert client.post(f"/art/{hidden.slug}/portrait/").status_code == 400
    assert User.objects.get(pk=ada.pk).avatar == work


@pytest.mark.parametrize("fields", [{"visibility": Visibility.PRIVATE}, {"state": State.HIDDEN}])
def test_a_work_that_is_not_public_takes_the_picture_away(client: Client, fields):
    ada = make_user("ada")
    work = make_artwork(ada, has_files=True)
    edit_profile(ada, display_name="", bio="", avatar=work)
    assert User.objects.get(pk=ada.pk).avatar_url == work.thumbnail_url
    Artwork.objects.filter(pk=work.pk).update(**fields)
    assert User.objects.get(pk=ada.pk).avatar_url == ""
    Artwork.objects.filter(pk=work.pk).update(state=State.PUBLISHED, visibility="public")
    delete_work(ada, work)
    assert work.thumbnail_url not in client.get("/@ada/").content.decode()
    work.delete()
    assert User.objects.get(pk=ada.pk).avatar is None


def test_only_ones_own_works_and_https_addresses_are_taken(client: Client):
    ada, other = make_user("ada"), make_artwork(has_files=True)
    with pytest.raises(Refused, match="your own works"):
        edit_profile(ada, display_name="", bio="", avatar=other)
    client.force_login(ada)
    assert client.post("/me/profile/", form(avatar=other.pk)).status_code == 400
    for bad in (
        "http://example.org",
        "javascript:alert(1)",
        "https://",
        "https://you@example.org/",
        "https://example.org/" + "a" * 200,
        "https://a b.example",
        "\n".join(f"https://example.org/{number}" for number in range(6)),
    ):
        with pytest.raises(Refused):
            read_links(bad.splitlines())
        assert client.post("/me/profile/", form(links=bad)).status_code == 400
    assert read_links(["", " https://example.org ", "https://example.org"]) == [
        "https://example.org"
    ]


def test_lists_of_people_with_pictures_cost_one_query_more(
    client: Client, django_assert_max_num_queries
):
    bo = make_user("bo")
    for _ in range(8):
        fan = make_user()
        User.objects.filter(pk=fan.pk).update(avatar=make_artwork(fan, has_files=True))
        make_follow(fan, bo)
    with django_assert_max_num_queries(6):
        assert client.get("/@bo/followers/").content.decode().count("thumbnail.webp") == 8


def test_links_move_with_the_account_and_go_with_it(squares_engine):
    ada = make_user("ada")
    edit_profile(ada, display_name="", bio="", links=LINKS)
    data = exported(ada)
    cleo, dora = make_user("cleo"), make_user("dora", links=["https://dora.example"])
    for person in (cleo, dora):
        import_account(person, read_archive(data), (), read_ties(data))
        person.refresh_from_db()
    assert cleo.links == LINKS and dora.links == ["https://dora.example"]
    clear_profile(make_user(role="moderator"), cleo, reason="Spam.")
    cleo.refresh_from_db()
    assert cleo.links == []
    with pytest.raises(Refused, match="removed this text"):
        edit_profile(cleo, display_name="", bio="", links=LINKS[:1])
    close_account(dora, user_name="dora")
    dora.refresh_from_db()
    assert dora.links == [] and dora.avatar is None
