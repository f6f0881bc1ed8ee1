"""The page of one work, its family, its like button, its editing and its removal."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gallery.models import Artwork, Job, JobState, Licence, Like, State, User, Visibility
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from tests.factories import make_artwork, make_job, make_user
from tests.gallery.deletions import after_a_minute
from tests.shared import html_of

pytestmark = pytest.mark.django_db
KINDS = {
    "public": {},
    "unlisted": {"visibility": Visibility.UNLISTED},
    "private": {"visibility": Visibility.PRIVATE},
    "hidden": {"state": State.HIDDEN},
    "quarantined": {"state": State.QUARANTINED},
    "removed": {"state": State.REMOVED},
    "rendering": {"state": State.RENDERING, "published_at": None},
}
# Who may open a work of which kind.
OPEN = {
    "visitor": {"public", "unlisted"},
    "other": {"public", "unlisted"},
    "maker": {"public", "unlisted", "private", "hidden", "rendering"},
    "staff": {"public", "unlisted", "private", "hidden", "quarantined", "rendering"},
}


@pytest.fixture
def ada() -> User:
    return make_user("ada", display_name="Ada Fern")


def log_in_as(client: Client, person: str, ada: User) -> None:
    if person == "maker":
        client.force_login(ada)
    elif person != "visitor":
        client.force_login(make_user(person, role="moderator" if person == "staff" else "member"))


@pytest.mark.parametrize("person", OPEN)
@pytest.mark.parametrize("kind", KINDS)
def test_who_may_open_a_work_and_everything_of_it(
    client: Client, ada: User, person: str, kind: str
):
    work = make_artwork(ada, has_files=True, **KINDS[kind])
    log_in_as(client, person, ada)
    expected = 200 if kind in OPEN[person] else 404
    # The maker of a work in quarantine is led to the reason.
    page = 302 if (person, kind) == ("maker", "quarantined") else expected
    assert client.get(f"/art/{work.slug}/").status_code == page
    for path in ("family/", "master.png", "thumbnail.webp", "download/png/", "download/jpeg/"):
        assert client.get(f"/art/{work.slug}/{path}").status_code == expected, path


@pytest.mark.parametrize("person", OPEN)
@pytest.mark.parametrize("path", ["edit/", "delete/"])
def test_only_the_maker_and_staff_may_change_a_work(
    client: Client, ada: User, person: str, path: str
):
    work = make_artwork(ada)
    log_in_as(client, person, ada)
    expected = {"visitor": 302, "other": 404, "maker": 200, "staff": 200}[person]
    assert client.get(f"/art/{work.slug}/{path}").status_code == expected
    if person in ("visitor", "other"):
        client.post(f"/art/{work.slug}/{path}", {"title": "Mine now"})
        assert Artwork.objects.get(pk=work.pk).title == work.title


def test_a_work_tells_maker_licence_shares_parents_and_story(client: Client, ada: User):
    first = make_artwork(ada, title="Ember Iris", has_files=True)
    second = make_artwork(make_user("bo"), title="Salt Moon")
    pedigree = Pedigree(
        (first.slug, second.slug), (Step((0, 1), Recipe(weights=(0.75, 0.25), mutation_rate=0.2)),)
    )
    child = make_artwork(
        ada,
        title="Ember Moon",
        parents=[first, second],
        shares=[0.75, 0.25],
        novelty=0.2,
        pedigree=pedigree.to_json(),
        licence=Licence.CC_BY_SA,
        tags=["moss"],
        description="First line.\n\nSecond <line>.",
        has_files=True,
    )
    page = html_of(client.get(child.get_absolute_url()))
    for words in (
        "Ember Moon",
        "Ada Fern",
        "CC BY-SA 4.0",
        "Ember Iris",
        "Salt Moon",
        "75\u202f%",
        "20\u202f%",
        "moss",
        "Second &lt;line&gt;.",
        "It is a blend of",
    ):
        assert words in page, words
    assert f"/bench/?parents={child.slug}" in page
    assert re.search(r'<img\s[^>]*width="64"\s+height="64"', page)


def test_a_work_that_may_not_be_bred_says_so_and_offers_no_breeding(client: Client, ada: User):
    work = make_artwork(ada, may_be_bred=False)
    page = client.get(work.get_absolute_url()).content.decode()
    assert f"parents={work.slug}" not in page and "doesn't allow breeding with this work" in page
    client.force_login(ada)
    assert f"parents={work.slug}" in client.get(work.get_absolute_url()).content.decode()


def test_relatives_that_are_not_open_have_no_name_picture_or_address(client: Client, ada: User):
    secret = make_artwork(ada, title="Secret mother", visibility=Visibility.PRIVATE, has_files=True)
    unlisted = make_artwork(
        ada, title="Unlisted father", visibility=Visibility.UNLISTED, has_files=True
    )
    child = make_artwork(make_user("bo"), parents=[secret, unlisted])
    make_artwork(ada, title="Secret grandchild", parents=[child], visibility=Visibility.PRIVATE)
    for path in ("", "family/"):
        page = client.get(f"/art/{child.slug}/{path}").content.decode()
        assert not any(
            word in page
            for word in (
                "Secret",
                "Unlisted father",
                secret.slug,
                unlisted.slug,
                "Ada Fern",
                "@ada",
            )
        )
        assert "not public" in page
    client.force_login(ada)
    assert "Secret mother" in client.get(f"/art/{child.slug}/family/").content.decode()


def test_what_makers_write_is_escaped(client: Client, ada: User):
    evil = '"><script>alert(1)</script>'
    parent = make_artwork(ada, title=evil, has_files=True)
    work = make_artwork(
        make_user(display_name=evil),
        parents=[parent],
        title=evil,
        alt_text=evil,
        description=evil,
        has_files=True,
    )
    work.tags.create(slug="evil", name="a <b>")
    client.force_login(work.author)
    for path in ("", "family/", "edit/", "delete/"):
        page = client.get(f"/art/{work.slug}/{path}").content.decode()
        assert "<script>alert" not in page and "a <b>" not in page


def test_a_page_costs_the_same_queries_for_a_big_family(client: Client, ada: User):
    def count(work: Artwork) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(work.get_absolute_url())
        return len(captured)

    small = make_artwork(ada, parents=[make_artwork(ada), make_artwork(ada)], tags=["moss"])
    make_artwork(ada, parents=[small])
    founders = [make_artwork(make_user()) for _ in range(4)]
    middle = [make_artwork(make_user(), parents=founders[:2], tags=["a", "b"]) for _ in range(6)]
    big = make_artwork(ada, parents=[*middle[:3], founders[3]], tags=["moss", "fern", "silk"])
    for _ in range(20):
        make_artwork(make_user(), parents=[big])
    assert count(big) <= count(small) <= 20


def test_a_fresh_work_shows_its_maker_how_far_the_print_is(client: Client, ada: User):
    work = make_artwork(ada, state=State.RENDERING, published_at=None, width=0, height=0)
    job = make_job(work, state=JobState.RUNNING, progress=0.4, note="Painting")
    client.force_login(ada)
    page = client.get(work.get_absolute_url()).content.decode()
    assert (
        f'hx-get="/job/{job.pk}/?as=strip"' in page
        and "Painting" in page
        and 'value="0.400"' in page
    )


def test_a_failed_print_is_told_and_can_be_asked_for_again(client: Client, ada: User):
    work = make_artwork(ada, state=State.FAILED, published_at=None, width=0, height=0)
    make_job(work, state=JobState.FAILED, error="The species was taken away.")
    client.force_login(ada)
    page = client.get(work.get_absolute_url()).content.decode()
    assert "The species was taken away." in page and "Print again" in page
    response = client.post(f"/art/{work.slug}/print/", {"size": "64"})
    job = Job.objects.exclude(state=JobState.FAILED).get()
    assert response.headers["Location"] == f"/job/{job.pk}/"


def test_a_work_off_the_wall_asks_search_engines_to_stay_away(client: Client, ada: User):
    public, unlisted = make_artwork(ada), make_artwork(ada, visibility=Visibility.UNLISTED)
    assert "X-Robots-Tag" not in client.get(public.get_absolute_url())
    assert client.get(unlisted.get_absolute_url())["X-Robots-Tag"] == "noindex"


def test_keeping_a_work_by_form_and_by_htmx(client: Client, ada: User):
    work = make_artwork()
    client.force_login(ada)
    path = f"/art/{work.slug}/like/"
    assert client.post(path, {"keep": "1"}).headers["Location"] == f"{work.get_absolute_url()}#like"
    assert Like.objects.filter(user=ada, artwork=work).count() == 1
    fragment = client.post(path, {"keep": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="false"' in fragment and "<html" not in fragment
    assert not Like.objects.exists()


def test_a_visitor_who_keeps_or_prints_is_sent_to_log_in_and_back(client: Client):
    work = make_artwork(has_files=True)
    for path in ("like/", "print/"):
        address = client.post(f"/art/{work.slug}/{path}", {"keep": "1", "size": "64"}).headers[
            "Location"
        ]
        assert address == f"/accounts/login/?next=%2Fart%2F{work.slug}%2F"
    response = client.post(f"/art/{work.slug}/like/", {"keep": "1"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/accounts/login/")
    assert not Like.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("path", ["like/", "print/", "edit/", "delete/"])
def test_a_closed_work_takes_no_orders_from_others(client: Client, ada: User, path: str):
    work = make_artwork(ada, visibility=Visibility.PRIVATE, has_files=True)
    client.force_login(make_user())
    assert (
        client.post(
            f"/art/{work.slug}/{path}", {"keep": "1", "size": "1024", "title": "Mine"}
        ).status_code
        == 404
    )
    assert Artwork.objects.get(pk=work.pk).title == work.title


@pytest.mark.parametrize("size", ["", "100000", "-1", "nan", "1025"])
def test_an_impossible_print_is_refused_in_words(client: Client, ada: User, size: str):
    work = make_artwork(ada, has_files=True)
    client.force_login(ada)
    response = client.post(f"/art/{work.slug}/print/", {"size": size})
    assert response.status_code == 400 and not Job.objects.exists()
    assert 'role="alert"' in response.content.decode()


def test_too_many_waiting_prints_are_refused_with_the_time_to_wait(
    client: Client, ada: User, settings
):
    settings.JOBS_PER_USER = 1
    client.force_login(ada)
    make_job(owner=ada)
    response = client.post(
        f"/art/{make_artwork(ada, has_files=True).slug}/print/", {"size": "1024"}
    )
    assert response.status_code == 429 and int(response["Retry-After"]) > 0


def edit_form(**changes: str) -> dict[str, str]:
    return {
        "title": "New title",
        "description": "",
        "alt_text": "",
        "tags": "fern, Moss",
        "licence": Licence.CC_BY,
        "visibility": Visibility.UNLISTED,
        "may_be_bred": "on",
    } | changes


def test_editing_changes_the_words_and_never_the_picture(client: Client, ada: User):
    work = make_artwork(ada)
    client.force_login(ada)
    assert (
        client.post(f"/art/{work.slug}/edit/", edit_form()).headers["Location"]
        == work.get_absolute_url()
    )
    changed = Artwork.objects.get(pk=work.pk)
    assert (changed.title, changed.visibility) == ("New title", Visibility.UNLISTED)
    assert sorted(tag.slug for tag in changed.tags.all()) == ["fern", "moss"]
    assert changed.genome_identity == work.genome_identity


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "Give the work a title."),
        ({"licence": "beer"}, "licence"),
        ({"tags": "…"}, "tag"),
        ({"visibility": "everywhere"}, "visib"),
    ],
)
def test_a_mistaken_edit_is_told_beside_the_field_and_changes_nothing(
    client: Client, ada: User, changes, words: str
):
    work = make_artwork(ada)
    client.force_login(ada)
    response = client.post(f"/art/{work.slug}/edit/", edit_form(**changes))
    assert response.status_code == 400 and "errorlist" in response.content.decode()
    assert words in response.content.decode()
    assert Artwork.objects.get(pk=work.pk).title == work.title


def test_deleting_asks_first_and_then_removes(client: Client, ada: User):
    work = make_artwork(ada, has_files=True)
    client.force_login(ada)
    assert "Delete" in client.get(f"/art/{work.slug}/delete/").content.decode()
    assert Artwork.objects.filter(pk=work.pk).exists()
    assert client.post(f"/art/{work.slug}/delete/").headers["Location"] == "/me/"
    assert client.get(work.get_absolute_url()).status_code == 404


def test_children_of_a_deleted_work_keep_their_family(client: Client, ada: User):
    parent = make_artwork(ada, title="Old oak", has_files=True)
    child = make_artwork(make_user(), parents=[parent])
    client.force_login(ada)
    assert "It has children" in client.get(f"/art/{parent.slug}/delete/").content.decode()
    client.post(f"/art/{parent.slug}/delete/")
    after_a_minute()
    client.logout()
    page = client.get(child.get_absolute_url()).content.decode()
    assert "Old oak" not in page and "not public" in page
