"""The language switch, the language of pages, emails and modules."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gallery.i18n.views import words_version
from tests.factories import make_user

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9"}


def lang(response) -> str:
    return response.content.decode().split('<html lang="')[1].split('"')[0]


@pytest.mark.django_db
def test_a_page_speaks_the_language_of_the_browser(client: Client):
    response = client.get("/about/", **CHINESE)
    assert lang(response) == "zh-hans"
    assert response["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response["Vary"]


@pytest.mark.django_db
def test_a_page_speaks_english_to_whom_it_does_not_understand(client: Client):
    assert lang(client.get("/about/", HTTP_ACCEPT_LANGUAGE="tlh")) == "en"
    assert lang(client.get("/about/")) == "en"


@pytest.mark.django_db
def test_a_visitor_s_choice_outlasts_the_browser_s_wish_and_leads_back(client: Client):
    response = client.post("/language/", {"language": "en", "next": "/search/?q=leaf"}, **CHINESE)
    assert response.status_code == 302 and response["Location"] == "/search/?q=leaf"
    assert lang(client.get("/about/", **CHINESE)) == "en"


@pytest.mark.django_db
def test_a_person_s_choice_follows_them_to_another_browser(client: Client):
    user = make_user()
    client.force_login(user)
    client.post("/language/", {"language": "zh-hans"})
    user.refresh_from_db()
    assert user.language == "zh-hans"
    another = Client()
    another.force_login(user)
    assert lang(another.get("/about/")) == "zh-hans"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "xx", "zh-hans'; --", "x" * 10_000])
def test_an_unknown_language_is_refused_and_nothing_changes(client: Client, language: str):
    user = make_user()
    client.force_login(user)
    response = client.post("/language/", {"language": language})
    user.refresh_from_db()
    assert (
        response.status_code == 400
        and "isn&#x27;t available in that language" in response.content.decode()
    )
    assert user.language == "" and "django_language" not in response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_the_switch_leads_nowhere_else(client: Client, back: str):
    assert client.post("/language/", {"language": "en", "next": back})["Location"] == "/"


@pytest.mark.django_db
def test_the_switch_wants_a_post(client: Client):
    assert client.get("/language/").status_code == 405


def test_modules_get_their_words_as_a_script_that_may_be_kept(client: Client):
    response = client.get(reverse("words", args=["zh-hans", words_version("zh-hans")]))
    assert (
        response["Content-Type"].startswith("text/javascript")
        and "immutable" in response["Cache-Control"]
    )
    assert b"django.gettext" in response.content
    assert client.get("/words/xx/none.js").status_code == 404


@pytest.mark.django_db
def test_letters_come_in_the_language_of_their_reader(client: Client):
    make_user(username="wei", email="wei@garden.example", language="zh-hans")
    client.post(reverse("account_reset_password"), {"email": "wei@garden.example"})
    message = mail.outbox[0]
    assert (
        message.subject == "Arboretum：重设密码"
        and "wei" in message.body
        and "/accounts/password/reset/key/" in message.body
    )
    assert "您" not in message.body and "Hello" not in message.body


@pytest.mark.django_db
def test_every_letter_about_accounts_is_the_gardens_own(client: Client):
    user = make_user(username="wei", email="wei@garden.example")
    client.post(reverse("account_reset_password"), {"email": "nobody@garden.example"})
    client.force_login(user)
    client.post(reverse("account_email"), {"email": "new@garden.example", "action_add": ""})
    unknown, confirm = mail.outbox
    assert (
        unknown.subject == "Arboretum: No account with this address"
        and "/accounts/signup/" in unknown.body
    )
    assert (
        confirm.subject == "Arboretum: Confirm your email address"
        and "The account wei gave this as its email address" in confirm.body
    )
    assert all("testserver!" not in message.body for message in mail.outbox)


@pytest.mark.django_db
def test_a_new_account_keeps_the_language_it_was_made_in(client: Client, django_user_model):
    words = {"username": "newcomer", "password1": "moss-and-fern-9", "password2": "moss-and-fern-9"}
    client.post(reverse("account_signup"), words, **CHINESE)
    assert django_user_model.objects.get(username="newcomer").language == "zh-hans"


@pytest.mark.django_db
def test_the_profile_holds_the_language_too_and_gives_it_back_to_the_browser(client: Client):
    user = make_user()
    client.force_login(user)
    client.post(reverse("profile_edit"), {"display_name": "", "bio": "", "language": "zh-hans"})
    assert lang(client.get("/about/")) == "zh-hans"
    client.post("/language/", {"language": "en"})
    client.post(reverse("profile_edit"), {"display_name": "", "bio": "", "language": ""})
    assert lang(client.get("/about/", **CHINESE)) == "zh-hans"
    assert client.post(reverse("profile_edit"), {"language": "xx"}).status_code == 400
