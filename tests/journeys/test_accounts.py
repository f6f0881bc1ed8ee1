"""Journeys through the account pages: sign up, log in, forget, protect, and what others see of a
person.
"""

import base64
import hashlib
import hmac
import itertools
import struct
import time

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Watch, log_in_by_form
from tests.journeys.garden import PASSWORD, Garden

_numbers = itertools.count(1)


def sign_up(page: Page, *, email: str = "") -> str:
    """A new account; its user name. The page ends where `next` or the home wall is."""
    name = f"newcomer{next(_numbers)}"
    if "/accounts/signup/" not in page.url:
        page.goto("/accounts/signup/")
    page.get_by_label("Username").fill(name)
    if email:
        page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".avatar")).to_be_visible()
    return name


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.wait_for_url("/")


def totp(secret: str) -> str:
    """The six digits of this half minute (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def confirm_password(page: Page) -> None:
    """Before a page that changes the protection, the password is asked for again once some time has
    passed.
    """
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()


def add_virtual_key(page: Page) -> None:
    """A passkey in this device whose owner always consents."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_newcomer_signs_up_and_tells_something_about_themselves(page: Page):
    name = sign_up(page)
    page.goto("/me/profile/")
    page.get_by_label("Display name").fill("Wilma Willow")
    page.get_by_label("About you").fill("I like <b>bark</b>.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"/@{name}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wilma Willow")
    expect(page.get_by_text("I like <b>bark</b>.")).to_be_visible()
    expect(page.get_by_text("Your profile has been updated.")).to_be_visible()
    expect(page.get_by_text("Nothing on your wall yet")).to_be_visible()


def test_signing_up_leads_back_to_where_one_came_from(page: Page):
    page.goto("/accounts/signup/?next=/species/")
    sign_up(page)
    page.wait_for_url("/species/")


def test_a_wrong_password_gets_a_sentence_and_the_right_one_opens(page: Page):
    name = sign_up(page)
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password").fill("something else entirely")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.locator(".errorlist")).to_contain_text("password")
    log_in_by_form(page, name)
    expect(page.locator(".avatar")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_a_letter(page: Page, garden: Garden):
    name = sign_up(page, email="forgetful@example.org")
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("forgetful@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    page.goto(garden.last_email_link("/accounts/password/reset/key/"))
    page.get_by_label("Password", exact=True).fill("quite-another-passphrase")
    page.get_by_label("Repeat password").fill("quite-another-passphrase")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password has been changed")
    log_in_by_form(page, name, "quite-another-passphrase")


def test_an_authenticator_app_becomes_the_second_step(page: Page):
    name = sign_up(page)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page)
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    # The app's code was used a moment ago and is refused twice; the recovery code is for such a
    # day.
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("/")
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("9 codes left")).to_be_visible()
    page.get_by_role("link", name="Switch off").click()
    confirm_password(page)
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Off. An app on your phone")).to_be_visible()


def test_a_passkey_opens_the_account_without_a_password(page: Page):
    name = sign_up(page)
    add_virtual_key(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Log in with this key alone (a passkey)").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop")).to_be_visible()
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name").fill("My old laptop")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("My old laptop")).to_be_visible()
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("/")
    page.locator(".avatar").click()
    expect(page.get_by_role("link", name="Your page")).to_have_attribute("href", f"/@{name}/")


def test_a_key_that_cannot_work_gets_a_sentence(page: Page, garden: Garden):
    page.goto(f"http://127.0.0.1:{garden.port}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text(
        f"Open this page at http://localhost:{garden.port}/"
    )


def test_everybody_sees_a_makers_public_works(page: Page):
    page.goto("/@ada/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Fern")
    expect(
        page.locator(".wall .work").nth(9)
    ).to_be_visible()  # Other journeys may have added to the ten.


def test_no_account_page_is_wider_than_the_window(page: Page, watch: Watch):
    watch.allow("status of 404")  # The link of an email that nobody sent.

    def measure(path: str) -> None:
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            is_within = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert is_within, (path, width)

    outside = [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-x/",
        "confirm-email/",
    ]
    inside = [
        "email/",
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/add/",
        "2fa/webauthn/",
        "logout/",
    ]
    for path in outside:
        page.goto(f"/accounts/{path}")
        measure(path)
    sign_up(page, email="wide@example.org")
    for path in [f"/accounts/{path}" for path in inside] + [
        "/me/",
        "/me/likes/",
        "/me/profile/",
        "/api/",
    ]:
        page.goto(path)
        confirm_password(page)
        measure(path)
