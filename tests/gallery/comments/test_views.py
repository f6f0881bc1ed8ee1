"""Pages and fragments of comments."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gallery.models import BoundaryKind, Comment, Role, State, Visibility
from tests.factories import make_artwork, make_boundary, make_comment, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_threads_are_shown_newest_first_with_their_last_answers(client: Client):
    work = make_artwork()
    first, second = make_comment(work), make_comment(work)
    answers = [make_comment(parent=first) for _ in range(5)]
    page = client.get(work.get_absolute_url())
    threads = page.context["conversation"].threads
    assert [thread.comment for thread in threads] == [second, first]
    assert (
        threads[1].answers == answers[2:]
        and threads[1].earlier == str(answers[2].pk)
        and not threads[0].earlier
    )
    assert all(comment.text in page.content.decode() for comment in (first, second, *answers[2:]))
    earlier = client.get(f"/comment/{first.pk}/", {"before": threads[1].earlier}, headers=HTMX)
    assert (
        earlier.context["thread"].answers == answers[:2] and "<html" not in earlier.content.decode()
    )


def test_a_long_conversation_goes_on_page_by_page(client: Client):
    work = make_artwork()
    comments = [make_comment(work) for _ in range(45)][::-1]
    seen, after = [], ""
    while True:
        page = client.get(f"/art/{work.slug}/comments/", {"after": after}).context["conversation"]
        seen += [thread.comment for thread in page.threads]
        after = page.next_cursor
        if not after:
            break
    assert seen == comments


def test_a_conversation_costs_the_same_few_queries_at_any_length(
    client: Client, django_assert_max_num_queries
):
    reader = make_user("reader")
    work = make_artwork()
    client.force_login(reader)

    def grow(count: int) -> None:
        for number in range(count):
            first = make_comment(
                work, text=f"Hello @reader and @{make_user().username}, number {number}"
            )
            for _ in range(4):
                make_comment(parent=first, text="And you, @reader?")

    grow(2)
    with django_assert_max_num_queries(9):
        client.get(f"/art/{work.slug}/comments/")
    grow(6)
    with django_assert_max_num_queries(9):
        client.get(f"/art/{work.slug}/comments/")


def test_writing_answers_with_the_page_and_htmx_with_the_part(client: Client):
    work, user = make_artwork(), make_user()
    client.force_login(user)
    path = f"/art/{work.slug}/comments/"
    response = client.post(path, {"text": "Fine moss."})
    first = Comment.objects.get()
    assert response.headers["Location"] == f"{work.get_absolute_url()}#comment-{first.pk}"
    part = client.post(path, {"text": "Once more."}, headers=HTMX).content.decode()
    assert (
        "Once more." in part
        and "Fine moss." in part
        and "<html" not in part
        and "autofocus" in part
    )
    part = client.post(
        f"/comment/{first.pk}/answer/", {"text": "Yes."}, headers=HTMX
    ).content.decode()
    assert "Yes." in part and "Once more." not in part
    part = client.post(
        f"/comment/{first.pk}/edit/", {"text": "Finer moss."}, headers=HTMX
    ).content.decode()
    assert "Finer moss." in part and "edited" in part
    part = client.post(f"/comment/{first.pk}/remove/", headers=HTMX).content.decode()
    assert "Comment removed." in part and "Yes." in part and "Finer moss." not in part
    answer = Comment.objects.get(parent=first)
    part = client.post(f"/comment/{answer.pk}/remove/", headers=HTMX).content.decode()
    assert "Undo" in part and "Yes." not in part and "comment-body" not in part
    assert client.post(f"/comment/{Comment.objects.standing().get().pk}/remove/").status_code == 302
    assert not Comment.objects.standing().exists()


def test_no_markup_of_a_text_reaches_the_page(client: Client):
    comment = make_comment(text=XSS, author=make_user(display_name=XSS[:60]))
    make_comment(parent=comment, text=XSS)
    client.force_login(comment.author)
    for path in (
        comment.artwork.get_absolute_url(),
        f"/comment/{comment.pk}/",
        f"/art/{comment.artwork.slug}/comments/",
    ):
        page = client.get(path).content.decode()
        assert (
            "<script>alert" not in page
            and "<img src=x" not in page
            and "&lt;script&gt;alert" in page
        )


def test_refusals_change_nothing(client: Client):
    comment = make_comment()
    other = make_user()
    client.force_login(other)
    assert client.post(f"/art/{comment.artwork.slug}/comments/", {"text": " "}).status_code == 400
    assert client.post(
        f"/art/{comment.artwork.slug}/comments/", {"text": "a" * 1_000_000}
    ).status_code in (400, 413)
    assert client.post(f"/comment/{comment.pk}/edit/", {"text": "Mine"}).status_code == 400
    assert client.post(f"/comment/{comment.pk}/remove/").status_code == 400
    assert client.post(f"/comment/{comment.pk}/hide/", {"hide": "1"}).status_code == 400
    Comment.objects.update(author=other, created_at=timezone.now() - timedelta(hours=1))
    assert client.post(f"/comment/{comment.pk}/edit/", {"text": "Late"}).status_code == 400
    found = Comment.objects.get()
    assert found.text == comment.text and not found.is_hidden


def test_visitors_are_sent_to_log_in_and_back(client: Client):
    comment = make_comment()
    path = f"/art/{comment.artwork.slug}/comments/"
    assert (
        client.post(path, {"text": "Hi"}).headers["Location"].startswith("/accounts/login/?next=")
    )
    assert client.post(f"/comment/{comment.pk}/answer/", {"text": "Hi"}, headers=HTMX).headers[
        "HX-Redirect"
    ]
    for verb in ("edit", "remove", "hide"):
        assert client.post(
            f"/comment/{comment.pk}/{verb}/", {"text": "Hi", "hide": "1"}
        ).status_code in (302, 400)
    assert Comment.objects.get().text == comment.text
    assert "Log in to comment" in client.get(f"/art/{comment.artwork.slug}/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"visibility": Visibility.PRIVATE}, {"state": State.HIDDEN}, {"state": State.QUARANTINED}],
)
def test_under_a_work_that_was_closed_nothing_is_read_or_written(client: Client, fields: dict):
    comment = make_comment()
    type(comment.artwork).objects.update(**fields)
    client.force_login(comment.author)
    for path in (f"/comment/{comment.pk}/", f"/art/{comment.artwork.slug}/comments/"):
        assert client.get(path).status_code == 404
    for path in (
        f"/comment/{comment.pk}/answer/",
        f"/comment/{comment.pk}/edit/",
        f"/art/{comment.artwork.slug}/comments/",
    ):
        assert client.post(path, {"text": "Still here?"}).status_code == 404
    assert Comment.objects.count() == 1


def test_a_muter_reads_nothing_of_the_muted_and_others_do(client: Client):
    muted, work = make_user(), make_artwork()
    theirs = make_comment(work, author=muted, text="Muted words")
    make_comment(parent=theirs, text="Below the muted words")
    make_comment(parent=make_comment(work, text="A fine thread"), author=muted, text="Muted answer")
    reader = make_user()
    make_boundary(reader, muted, BoundaryKind.MUTE)
    assert "Muted words" in client.get(work.get_absolute_url()).content.decode()
    client.force_login(reader)
    page = client.get(work.get_absolute_url()).content.decode()
    assert "A fine thread" in page and "Muted" not in page and "Below the muted words" not in page
    assert client.get(f"/comment/{theirs.pk}/").status_code == 404


def test_hidden_comments_are_read_by_moderators_alone(client: Client):
    hidden = make_comment(text="Rude words", is_hidden=True)
    make_comment(parent=hidden, text="Calm down.")
    client.force_login(hidden.author)
    page = client.get(hidden.artwork.get_absolute_url()).content.decode()
    assert (
        "Rude words" not in page
        and "A moderator hid this comment." in page
        and "Calm down." in page
    )
    moderator = make_user(role=Role.MODERATOR)
    client.force_login(moderator)
    assert "Rude words" in client.get(hidden.artwork.get_absolute_url()).content.decode()
    client.post(f"/comment/{hidden.pk}/hide/", {"hide": "0"})
    assert not Comment.objects.get(pk=hidden.pk).is_hidden


def test_the_address_of_an_answer_leads_to_it_however_deep(client: Client):
    first = make_comment()
    answers = Comment.objects.bulk_create(
        Comment(artwork=first.artwork, author=first.author, parent=first, text=f"Answer {n}")
        for n in range(120)
    )
    target = answers[30]
    response = client.get(f"/comment/{target.pk}/")
    assert response.headers["Location"].endswith(f"#comment-{target.pk}")
    assert (
        target
        in client.get(response.headers["Location"].partition("#")[0]).context["thread"].answers
    )


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "١", "1 OR 1=1"])
def test_forged_cursors_are_refused(client: Client, cursor: str):
    comment = make_comment()
    assert (
        client.get(f"/art/{comment.artwork.slug}/comments/", {"after": cursor}).status_code == 400
    )
    assert client.get(f"/comment/{comment.pk}/", {"before": cursor}).status_code == 400


def test_comments_that_are_not_there_are_404(client: Client):
    client.force_login(make_user())
    assert (
        client.get("/comment/999/").status_code
        == client.post("/comment/999/answer/", {"text": "a"}).status_code
        == 404
    )
    assert client.get(f"/comment/{2**70}/").status_code == 404
