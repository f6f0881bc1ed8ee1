"""Django's admin: who may open it, how many queries its lists need, and what its actions do."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client

from gallery import models
from gallery.models import Artwork, Job, JobState, Like, State, User
from tests.factories import make_artwork, make_job, make_report, make_species, make_user

pytestmark = pytest.mark.django_db
# Indexes, a clock, and what is gone in a minute.
NOT_NOUNS = {"ArtworkFeature", "ScheduledTask", "FeatureBand", "Deletion"}


@pytest.fixture
def keeper(client: Client) -> User:
    """Staff with every right, logged in."""
    keeper = make_user("keeper", is_staff=True, is_superuser=True)
    client.force_login(keeper)
    return keeper


def run_action(client: Client, action: str, *works: Model, to: str = "artwork", reason: str = ""):
    data = {"action": action, "reason": reason, "_selected_action": [work.pk for work in works]}
    return client.post(f"/admin/gallery/{to}/", data, follow=True)


def test_every_noun_has_a_desk():
    nouns = {
        getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "_meta")
    }
    missing = {noun.__name__ for noun in nouns if noun not in admin.site._registry} - NOT_NOUNS
    assert missing == set()


@pytest.mark.parametrize("path", ["", "gallery/artwork/", "gallery/job/engine/"])
def test_the_door_is_the_sites_own_log_in(client: Client, path: str):
    response = client.get(f"/admin/{path}", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    client.force_login(make_user())
    assert client.get(f"/admin/{path}", follow=True).status_code == 403


@pytest.mark.parametrize(
    "name", ["artwork", "like", "species", "job", "lineageedge", "tag", "user"]
)
def test_a_list_costs_the_same_few_queries_at_any_length(
    client: Client, keeper: User, name: str, django_assert_max_num_queries
):
    ada = make_user()
    parent = make_artwork(ada)
    for _ in range(15):
        work = make_artwork(ada, parents=[parent], tags=[f"tag {_}"])
        make_job(work)
        Like.objects.create(user=make_user(), artwork=work)
    # Session, user, COUNT, rows, and the choices of the filters.
    with django_assert_max_num_queries(6):
        assert client.get(f"/admin/gallery/{name}/").status_code == 200


def test_a_work_is_looked_at_not_changed(client: Client, keeper: User):
    work = make_artwork(parents=[make_artwork()], has_files=True, title="Moss <i>")
    page = client.get(f"/admin/gallery/artwork/{work.pk}/change/").content.decode()
    assert "Moss &lt;i&gt;" in page and work.genome_identity in page and "thumbnail.webp" in page
    assert (
        client.post(f"/admin/gallery/artwork/{work.pk}/change/", {"title": "Mine"}).status_code
        == 403
    )


def test_works_are_featured_hidden_and_shown_again(client: Client, keeper: User):
    works = [make_artwork(has_files=True), make_artwork(has_files=True)]
    assert "2 of 2 picked." in run_action(client, "feature", *works).content.decode()
    assert Artwork.objects.filter(is_featured=True).count() == 2
    assert "1 of 1 hidden." in run_action(client, "hide", works[0]).content.decode()
    answer = run_action(client, "show", *works).content.decode()
    assert "1 of 2 shown again. The others couldn&#x27;t be shown." in answer
    run_action(client, "quarantine", works[0])
    assert Artwork.objects.get(pk=works[0].pk).state == State.QUARANTINED
    run_action(client, "release", works[0])
    assert Artwork.objects.get(pk=works[0].pk).state == State.PUBLISHED


def test_staff_without_the_right_get_no_actions(client: Client):
    helper = make_user(is_staff=True, role="moderator")
    helper.user_permissions.set(Permission.objects.filter(codename="view_artwork"))
    client.force_login(helper)
    work = make_artwork()
    assert client.get("/admin/gallery/artwork/").status_code == 200
    run_action(client, "feature", work)
    assert not Artwork.objects.get(pk=work.pk).is_featured


@pytest.mark.parametrize("name", ["artwork", "job", "lineageedge", "user"])
def test_nothing_is_deleted_past_the_sites_own_actions(client: Client, keeper: User, name: str):
    child = make_artwork(parents=[make_artwork()])
    rows = {
        "artwork": child,
        "job": make_job(),
        "lineageedge": child.parent_edges.get(),
        "user": child.author,
    }
    assert (
        client.post(f"/admin/gallery/{name}/{rows[name].pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert 'value="delete_selected"' not in client.get(f"/admin/gallery/{name}/").content.decode()


def test_waiting_jobs_are_cancelled(client: Client, keeper: User):
    waiting, done = make_job(), make_job(state=JobState.DONE)
    answer = run_action(client, "cancel", waiting, done, to="job").content.decode()
    assert "1 of 2 jobs cancelled; the others had already finished." in answer
    assert Job.objects.get(pk=waiting.pk).state == JobState.CANCELLED


@pytest.mark.usefixtures("keeper", "squares_engine")
def test_the_status_page_tells_lines_jobs_and_species(
    client: Client, django_assert_max_num_queries
):
    make_species("broken", is_available=False, problem="Its weights file is missing.")
    make_job()
    make_job(state=JobState.FAILED, error="The disk is full.")
    with django_assert_max_num_queries(8):
        page = client.get("/admin/gallery/job/engine/").content.decode()
    for words in (
        "Its weights file is missing.",
        "The disk is full.",
        "Queue",
        "Batches by size",
        "The oldest was queued",
    ):
        assert words in page
    fragment = client.get(
        "/admin/gallery/job/engine/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in fragment and "Batches by size" in fragment


def test_the_species_are_read_again_on_demand(client: Client, keeper: User):
    assert client.get("/admin/gallery/job/engine/species/").status_code == 405
    answer = client.post("/admin/gallery/job/engine/species/", follow=True).content.decode()
    assert "species read." in answer and "Patterns" in answer


def test_a_reason_goes_with_the_act_into_the_log(client: Client, keeper: User):
    work = make_artwork(has_files=True)
    run_action(client, "hide", work, reason="It copies a photo.")
    entry = models.AuditEntry.objects.get()
    assert (entry.staff, entry.verb, entry.reason) == (keeper, "hide", "It copies a photo.")


def test_reports_are_decided_from_their_list(client: Client, keeper: User):
    case = make_report(make_artwork(has_files=True))
    assert (
        "Give the reason" in run_action(client, "decide_hide", case, to="report").content.decode()
    )
    assert (
        "1 of 1 rows changed."
        in run_action(client, "decide_hide", case, to="report", reason="A copy.").content.decode()
    )
    assert Artwork.objects.get().state == State.HIDDEN


def test_words_come_and_go_through_the_actions(client: Client, keeper: User):
    client.post("/admin/gallery/blockedword/add/", {"word": "Müd"})
    word = models.BlockedWord.objects.get()
    assert word.word == "mud" and word.added_by == keeper
    answer = client.post("/admin/gallery/blockedword/add/", {"word": "two words"}, follow=True)
    assert (
        "Enter a single word" in answer.content.decode() and models.BlockedWord.objects.count() == 1
    )
    run_action(client, "unblock_word", word, to="blockedword")
    assert not models.BlockedWord.objects.exists()
    assert set(models.AuditEntry.objects.values_list("verb", flat=True)) == {
        "block word",
        "unblock word",
    }


def test_roles_and_locks_go_through_the_actions_and_the_last_administrator_stays(
    client: Client, keeper: User
):
    ada = make_user("ada")
    run_action(client, "make_moderator", ada, to="user")
    ada.refresh_from_db()
    assert ada.role == "moderator" and not ada.is_staff
    assert (
        "last administrator"
        in run_action(client, "make_member", keeper, to="user").content.decode()
    )
    page = f"/admin/gallery/user/{ada.pk}/change/"
    form = {
        "username": "ada",
        "display_name": "Ada",
        "bio": "",
        "email": "",
        "role": "administrator",
        "is_active": "on",
    }
    client.post(page, form)
    ada.refresh_from_db()
    assert ada.is_superuser and ada.is_staff and ada.display_name == "Ada"
    own = f"/admin/gallery/user/{keeper.pk}/change/"
    ada.role, ada.is_superuser, keeper.role = "member", False, "administrator"
    ada.save(), keeper.save()
    answer = client.post(
        own, form | {"username": "keeper", "role": "member"}, follow=True
    ).content.decode()
    keeper.refresh_from_db()
    assert "last administrator" in answer and keeper.is_administrator and keeper.display_name == ""
    verbs = list(models.AuditEntry.objects.values_list("verb", flat=True))
    assert verbs.count("set role") == 2 and verbs.count("edit account") == 1


def test_the_log_cannot_be_changed(client: Client, keeper: User):
    run_action(client, "hide", make_artwork(has_files=True))
    entry = models.AuditEntry.objects.get()
    for verb in ("change", "delete"):
        assert (
            client.post(
                f"/admin/gallery/auditentry/{entry.pk}/{verb}/", {"reason": "x", "post": "yes"}
            ).status_code
            == 403
        )
    assert client.post("/admin/gallery/auditentry/add/", {"verb": "x"}).status_code == 403
    assert models.AuditEntry.objects.get().reason == entry.reason


@pytest.mark.parametrize("role", ["curator", "moderator"])
def test_curators_and_moderators_stay_outside(client: Client, role: str):
    client.force_login(make_user(role=role))
    assert client.get("/admin/gallery/artwork/", follow=True).status_code == 403


def test_every_list_opens(client: Client, keeper: User):
    make_report(make_artwork(keeper))
    names = {
        model._meta.model_name
        for model in admin.site._registry
        if model._meta.app_label == "gallery"
    }
    assert len(names) > 15
    assert {
        name for name in names if client.get(f"/admin/gallery/{name}/").status_code != 200
    } == set()
