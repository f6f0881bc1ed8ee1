"""Pages about people: profiles, followers, boundaries, one's own works and likes."""

import pytest
from django.test import Client

from gallery.discovery.large_tiles import SQUARES
from gallery.models import (
    Boundary,
    BoundaryKind,
    Follow,
    JobState,
    Like,
    State,
    Suspension,
    Visibility,
)
from tests.factories import make_artwork, make_boundary, make_follow, make_job, make_user

pytestmark = pytest.mark.django_db


def test_a_profile_shows_public_works_and_nothing_else(client: Client):
    ada = make_user("ada", display_name="Ada Fern", bio="Slow <spirals>.")
    for title, fields in {
        "Open": {},
        "Secret": {"visibility": Visibility.PRIVATE},
        "Linked": {"visibility": Visibility.UNLISTED},
        "Away": {"state": State.HIDDEN},
    }.items():
        make_artwork(ada, title=title, **fields)
    client.force_login(ada)  # Even to its owner the profile is what everybody sees.
    page = client.get("/@ada/").content.decode()
    assert "Ada Fern" in page and "Slow &lt;spirals&gt;." in page and "Open" in page
    assert not any(title in page for title in ("Secret", "Linked", "Away"))


def test_a_profile_is_found_in_any_spelling_and_closed_ones_are_not(client: Client):
    make_user("ada")
    make_user("gone", is_active=False)
    assert client.get("/@Ada/").headers["Location"] == "/@ada/"
    assert client.get("/@gone/").status_code == client.get("/@nobody/").status_code == 404


def test_a_profile_costs_the_same_few_queries_at_any_length(
    client: Client, django_assert_max_num_queries
):
    ada = make_user("ada")
    for _ in range(20):
        make_artwork(ada)
    with django_assert_max_num_queries(5):
        client.get("/@ada/")


def test_profile_pages_follow_each_other(client: Client):
    ada = make_user("ada")
    titles = [make_artwork(ada, title=f"Number {n:03}").title for n in range(SQUARES + 2)][::-1]
    first = client.get("/@ada/").context["page"]
    more = client.get(f"/@ada/?after={first.next_cursor}", headers={"HX-Request": "true"})
    assert [work.title for work in [*first.items, *more.context["page"].items]] == titles
    assert "<html" not in more.content.decode()


@pytest.mark.parametrize("path", ["/me/", "/me/likes/", "/me/profile/"])
def test_own_pages_ask_visitors_to_log_in(client: Client, path: str):
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_own_works_are_shown_in_every_state_but_quarantine(client: Client):
    ada = make_user("ada")
    make_artwork(ada, title="Secret", visibility=Visibility.PRIVATE, has_files=True)
    make_artwork(ada, title="Taken off", state=State.HIDDEN, has_files=True)
    make_artwork(ada, title="Closed", state=State.QUARANTINED)
    make_artwork(title="Of somebody else")
    waiting = make_job(
        make_artwork(ada, title="On its way", state=State.RENDERING, published_at=None)
    )
    broken = make_artwork(ada, title="Broken", state=State.FAILED, published_at=None)
    make_job(broken, state=JobState.FAILED, error="Disk full.")
    client.force_login(ada)
    page = client.get("/me/").content.decode()
    assert all(
        title in page for title in ("Secret", "Taken off", "On its way", "Broken", "Disk full.")
    )
    assert "Closed" not in page and "Of somebody else" not in page
    assert f'hx-get="/job/{waiting.pk}/"' in page


def test_own_works_cost_the_same_few_queries_at_any_length(
    client: Client, django_assert_max_num_queries
):
    ada = make_user("ada")
    for _ in range(15):
        make_artwork(ada)
        make_job(make_artwork(ada, state=State.RENDERING, published_at=None))
    client.force_login(ada)
    with django_assert_max_num_queries(7):
        client.get("/me/")


def test_likes_come_last_liked_first_without_closed_works(
    client: Client, django_assert_max_num_queries
):
    user = make_user()
    works = [make_artwork(title=title) for title in ("First", "Second", "Closed")]
    for work in works:
        Like.objects.create(user=user, artwork=work)
    works[2].visibility = Visibility.PRIVATE
    works[2].save()
    client.force_login(user)
    with django_assert_max_num_queries(6):
        page = client.get("/me/likes/").context["page"]
    assert [work.title for work in page.items] == ["Second", "First"]


def test_likes_page_by_page(client: Client):
    user = make_user()
    works = [make_artwork() for _ in range(SQUARES + 2)]
    for work in works:
        Like.objects.create(user=user, artwork=work)
    client.force_login(user)
    first = client.get("/me/likes/").context["page"]
    rest = client.get(f"/me/likes/?after={first.next_cursor}").context["page"]
    assert [*first.items, *rest.items] == works[::-1] and rest.next_cursor == ""


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "١"])
def test_a_bad_cursor_is_refused_with_a_sentence(client: Client, after: str):
    client.force_login(make_user("ada"))
    for path in ("/me/likes/", "/@ada/", "/me/"):
        assert client.get(path, {"after": after}).status_code == 400


def test_a_profile_shows_counts_and_how_two_people_relate(client: Client):
    ada, bo = make_user("ada"), make_user("bo")
    make_follow(ada, bo), make_follow(make_user(), bo), make_follow(bo, ada)
    client.force_login(ada)
    person = client.get("/@bo/").context["person"]
    assert (person.follower_count, person.following_count) == (2, 1)
    assert (
        person.is_followed
        and person.follows_you
        and person.boundary == ""
        and not person.is_suspended
    )
    Suspension.objects.create(user=bo, reason="Spam.")
    make_boundary(ada, bo, BoundaryKind.MUTE)
    page = client.get("/@bo/").content.decode()
    assert "suspended" in page and "You have muted" in page


def test_followers_and_following_page_by_page_without_closed_accounts(
    client: Client, django_assert_max_num_queries
):
    ada = make_user("ada")
    fans = [make_follow(followed=ada).follower for _ in range(60)][::-1]
    fans[3].is_active = False
    fans[3].save()
    client.force_login(fans[0])
    with django_assert_max_num_queries(8):
        first = client.get("/@ada/followers/")
    rest = client.get(
        "/@ada/followers/", {"after": first.context["next_cursor"]}, headers={"HX-Request": "true"}
    )
    assert [*first.context["people"], *rest.context["people"]] == [
        fan for fan in fans if fan.is_active
    ]
    assert client.get(f"/@{fans[0].username}/following/").context["people"] == [ada]
    assert client.get("/@ada/followers/", {"after": "x"}).status_code == 400
    assert client.get("/@Ada/followers/").headers["Location"] == "/@ada/followers/"


def test_following_by_the_form_and_by_htmx(client: Client):
    ada, bo = make_user("ada"), make_user("bo")
    assert (
        client.post("/@bo/follow/", {"follow": "1"})
        .headers["Location"]
        .startswith("/accounts/login/")
    )
    client.force_login(ada)
    assert client.post("/@bo/follow/", {"follow": "1"}).headers["Location"] == "/@bo/#follow-bo"
    assert Follow.objects.get().followed == bo
    part = client.post(
        "/@bo/follow/", {"follow": "0"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'aria-pressed="false"' in part and "<html" not in part and not Follow.objects.exists()
    assert client.post("/@ada/follow/", {"follow": "1"}).status_code == 400
    assert client.post("/@nobody/follow/", {"follow": "1"}).status_code == 404


def test_people_are_blocked_and_unblocked_from_the_list(client: Client):
    ada, bo = make_user("ada"), make_user("bo")
    client.force_login(ada)
    client.post("/@bo/distance/", {"boundary": "block"})
    assert Boundary.objects.get().kind == BoundaryKind.BLOCK
    bo.is_active = False
    bo.save()
    assert "@bo" in client.get("/me/people/").content.decode()
    assert client.post("/@bo/distance/", {"from": "list"}).headers["Location"] == "/me/people/"
    assert not Boundary.objects.exists()
    assert client.post("/@bo/distance/", {"boundary": "shout"}).status_code == 400
    assert client.post("/@ada/distance/", {"boundary": "mute"}).status_code == 400
