"""The staff's desk: who may open it, how many queries it needs, and what its forms do."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gallery.models import (
    Artwork,
    AuditEntry,
    BlockedPicture,
    BlockedWord,
    Comment,
    Report,
    ReportState,
    State,
    Suspension,
    User,
)
from gallery.reports.actions import appeal_takedown
from tests.factories import make_artwork, make_genome, make_report, make_user

pytestmark = pytest.mark.django_db
MODERATORS = ("/reports/", "/quarantine/", "/people/", "/words/", "/pictures/", "/log/")
XSS = "<script>alert(1)</script>"


@pytest.fixture
def moderator(client: Client) -> User:
    """A moderator, logged in."""
    moderator = make_user("mo", role="moderator")
    client.force_login(moderator)
    return moderator


@pytest.mark.parametrize(
    ("role", "house", "desk"),
    [
        ("member", 403, 403),
        ("curator", 200, 403),
        ("moderator", 200, 200),
        ("administrator", 200, 200),
    ],
)
def test_every_page_has_its_door(client: Client, role: str, house: int, desk: int):
    work = make_artwork(make_user("ada"))
    case = make_report(work)
    client.force_login(make_user(role=role))
    assert client.get("/curate/").status_code == house
    for page in (*MODERATORS, f"/reports/{case.pk}/", f"/work/{work.slug}/", "/people/ada/"):
        assert client.get(f"/curate{page}").status_code == desk, page
    if desk == 403:
        forms = (
            f"/reports/{case.pk}/claim/",
            f"/reports/{case.pk}/decide/",
            f"/work/{work.slug}/",
            "/people/ada/suspend/",
            "/people/ada/role/",
            "/people/ada/lock/",
            "/words/",
        )
        assert {
            client.post(f"/curate{form}", {"verb": "hide", "word": "x"}).status_code
            for form in forms
        } == {403}
        assert not AuditEntry.objects.exists()


def test_visitors_are_sent_to_log_in(client: Client):
    for page in ("/", *MODERATORS):
        assert client.get(f"/curate{page}").headers["Location"].startswith("/accounts/login/")


def test_roles_are_given_by_administrators_alone(client: Client, moderator: User):
    make_user("ada")
    assert client.post("/curate/people/ada/role/", {"role": "administrator"}).status_code == 403
    client.force_login(make_user("boss", role="administrator"))
    assert (
        client.post(
            "/curate/people/ada/role/", {"role": "moderator", "reason": "Thanks"}
        ).status_code
        == 302
    )
    assert User.objects.get(username="ada").is_moderator
    page = client.post("/curate/people/boss/role/", {"role": "member"})
    assert page.status_code == 400 and "last administrator" in page.content.decode()


@pytest.mark.usefixtures("moderator")
def test_lists_cost_the_same_few_queries_at_any_length(
    client: Client, django_assert_max_num_queries
):
    for number in range(45):
        person = make_user(f"gardener-of-row-{number}")
        work = make_artwork(person, state=State.QUARANTINED)
        make_report(work)
        make_report(Comment.objects.create(artwork=work, author=person, text="Hm"))
        make_report(person)
        Suspension.objects.create(user=person, reason="x")
        AuditEntry.objects.create(
            staff_name="mo",
            verb="hide",
            subject_kind="artwork",
            subject_id="1",
            subject_name="A work",
        )
        BlockedWord.objects.create(word=f"w{number}")
        BlockedPicture.objects.create(hash=f"{number:016x}")
    # Session, user, bell, suspension, two counts of the nav, and the rows; the home page has four
    # counts besides.
    for page, most in (("", 12), *((page, 10) for page in MODERATORS)):
        with django_assert_max_num_queries(most):
            assert client.get(f"/curate/{page.lstrip('/')}").status_code == 200, page


def test_a_case_is_claimed_and_decided_by_forms(client: Client, moderator: User):
    work = make_artwork(has_files=True, title=XSS)
    child = make_artwork(parents=[work], has_files=True, title="A child")
    case = make_report(work, text=XSS)
    page = client.get("/curate/reports/").content.decode()
    assert "&lt;script&gt;" in page and XSS not in page
    assert client.post(f"/curate/reports/{case.pk}/claim/").status_code == 302
    assert Report.objects.get().claimed_by == moderator
    assert f"/curate/reports/{case.pk}/" in client.get("/curate/reports/?tab=mine").content.decode()
    page = client.get(f"/curate/reports/{case.pk}/").content.decode()
    assert "A child" in page and XSS not in page
    answer = client.post(f"/curate/reports/{case.pk}/decide/", {"verdict": "hide"})
    assert answer.status_code == 400 and "Give the reason" in answer.content.decode()
    decision = {"verdict": "hide", "reason": "A copy.", "term": "7", "also": [child.pk]}
    assert client.post(f"/curate/reports/{case.pk}/decide/", decision).status_code == 302
    work.refresh_from_db(), child.refresh_from_db()
    assert work.state == child.state == State.HIDDEN and work.author.suspension
    assert "A copy." in client.get("/curate/log/").content.decode()


def test_descendants_that_hold_the_picture_are_ticked_and_go_down_with_it(
    client: Client, moderator: User
):
    work = make_artwork(has_files=True)
    over = replace(make_genome(seed=5), grafts=((work.read_genome(), 0.5),))
    painted = make_artwork(parents=[work], genome=over)
    below = make_artwork(parents=[painted], genome=replace(over, seed=6))
    bred = make_artwork(parents=[work, painted])
    case = make_report(work)
    for address in (f"/curate/reports/{case.pk}/", f"/curate/work/{work.slug}/"):
        page = client.get(address).content.decode()
        boxes = dict(re.findall(r'name="also"\s+value="(\d+)"\s*(checked)?', page))
        assert {int(pk): bool(tick) for pk, tick in boxes.items()} == {
            painted.pk: True,
            below.pk: True,
            bred.pk: False,
        }
        assert page.count("painted over it") == 2
    wrong = {"verdict": "hide", "also": [bred.pk]}
    page = client.post(f"/curate/reports/{case.pk}/decide/", wrong).content.decode()
    assert re.findall(r'value="(\d+)"\s*checked', page) == [str(bred.pk)]
    chosen = {"verb": "quarantine", "reason": "A photo of me.", "also": [painted.pk, below.pk]}
    client.post(f"/curate/work/{work.slug}/", chosen | {"also": [make_artwork().pk]})
    assert Artwork.objects.get(pk=work.pk).state == State.PUBLISHED
    client.post(f"/curate/work/{work.slug}/", chosen)
    closed = Artwork.objects.filter(state=State.QUARANTINED)
    assert set(closed.values_list("pk", flat=True)) == {work.pk, painted.pk, below.pk}


def test_forged_ids_and_lists_change_nothing(client: Client, moderator: User):
    work, stranger = make_artwork(has_files=True), make_artwork(has_files=True)
    case = make_report(work)
    decision = {"verdict": "hide", "reason": "A copy.", "also": [stranger.pk]}
    assert client.post(f"/curate/reports/{case.pk}/decide/", decision).status_code == 400
    assert Report.objects.get().state == ReportState.OPEN
    for address in (
        "reports/?after=x",
        "reports/?tab=all",
        "log/?after=-1",
        "people/?kind=gods",
        f"people/?after={'9' * 40}",
    ):
        assert client.get(f"/curate/{address}").status_code == 400, address
    for address in ("reports/99999/", f"reports/{'9' * 40}/", "work/nothing/", "people/nobody/"):
        assert client.get(f"/curate/{address}").status_code == 404, address
    assert client.post(f"/curate/work/{work.slug}/", {"verb": "burn"}).status_code == 404


def test_an_answer_comes_back_into_the_queue_and_is_settled(client: Client, moderator: User):
    work = make_artwork(has_files=True)
    client.post(f"/curate/work/{work.slug}/", {"verb": "hide", "reason": "A copy."})
    case = appeal_takedown(work.author, work, text="It is mine.")
    assert "Open case" in client.get("/curate/reports/?tab=answered").content.decode()
    assert "It is mine." in client.get(f"/curate/reports/{case.pk}/").content.decode()
    assert (
        client.post(
            f"/curate/reports/{case.pk}/decide/", {"answer": "restore", "reason": "Sorry."}
        ).status_code
        == 302
    )
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_a_work_is_put_into_quarantine_and_released(client: Client, moderator: User):
    work = make_artwork(has_files=True)
    client.post(f"/curate/work/{work.slug}/", {"verb": "quarantine", "reason": "Let us look."})
    assert "Let us look." in client.get("/curate/quarantine/").content.decode()
    answer = client.post(f"/curate/work/{work.slug}/", {"verb": "release", "back": "quarantine"})
    assert answer.headers["Location"] == "/curate/quarantine/"
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_words_are_blocked_and_unblocked(client: Client, moderator: User):
    assert client.post("/curate/words/", {"word": "Bäd"}).status_code == 302
    assert client.post("/curate/words/", {"word": "two words"}).status_code == 400
    word = BlockedWord.objects.get()
    assert "bad" in client.get("/curate/words/").content.decode()
    client.post(f"/curate/words/{word.pk}/unblock/")
    assert not BlockedWord.objects.exists()


def test_people_are_found_suspended_and_let_back(client: Client, moderator: User):
    ada = make_user("ada", display_name="Ada Fern")
    assert "Ada Fern" in client.get("/curate/people/?q=fern").content.decode()
    assert client.post("/curate/people/ada/suspend/", {"term": "7"}).status_code == 400
    client.post("/curate/people/ada/suspend/", {"term": "7", "reason": "Spam."})
    assert ada.suspension.by == moderator
    assert "Ada Fern" in client.get("/curate/people/?kind=suspended").content.decode()
    client.post("/curate/people/ada/suspend/", {"lift": "1"})
    assert ada.suspension is None


def test_a_suspended_person_reads_it_on_every_page_and_cannot_act(client: Client):
    ada, work = make_user("ada"), make_artwork()
    Suspension.objects.create(
        user=ada, reason="Too much spam.", ends_at=timezone.now() + timedelta(days=2)
    )
    client.force_login(ada)
    assert "Too much spam." in client.get("/").content.decode()
    assert client.post(f"/art/{work.slug}/like/", {"keep": "1"}).status_code == 400
    assert client.post("/me/profile/", {"display_name": "Boss", "bio": ""}).status_code == 400
    ada.refresh_from_db()
    assert ada.likes.count() == 0 and ada.display_name == ""


def test_the_log_is_narrowed_by_who_and_what(client: Client, moderator: User):
    client.post("/curate/words/", {"word": "mud"})
    client.force_login(make_user("second", role="moderator"))
    client.post("/curate/words/", {"word": "sand"})
    client.get("/curate/")  # The notices are read here.
    page = client.get("/curate/log/?staff=mo").content.decode()
    assert "mud" in page and "sand" not in page
    assert "mud" not in client.get("/curate/log/?subject=sand").content.decode()
