"""Journeys: people use the real server with a real Chromium.

Every page must be free of script errors, of violations of the Content-Security-Policy, and of
requests to other hosts.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.journeys.garden import PASSWORD, Garden, find_chromium

# The suggestions below the address bar, which a headless browser has too: each new window would
# load two pages for them, in a process of its own, which takes longer than most of ours.
SUGGESTIONS = ["WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup"]
# What Playwright itself turns off. The browser heeds only the last of such lists, and that is ours.
TURNED_OFF_ANYWAY = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
]
ARGUMENTS = [
    f"--disable-features={','.join([*SUGGESTIONS, *TURNED_OFF_ANYWAY])}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = (
    "No Chromium was found. Install one (Debian: apt install chromium), or name it:"
    " CHROMIUM=/path/to/chromium."
)
HOME_HOSTS = {"localhost", "127.0.0.1"}
# Reported by the page itself, because the console's wording differs between versions.
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}`);
});
"""

# Notes what the sockets of a page request and receive, so that journeys can wait for it instead of
# for some time.
FOLLOW_SOCKETS = """
{
  const { send } = WebSocket.prototype;
  window.received = 0;
  WebSocket.prototype.send = function (text) {
    const { recipe, id, size } = JSON.parse(text);
    if (recipe) window.requested = { id, size, at: performance.now() };
    send.call(this, text);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", () => window.received += 1);
    }
  };
}
"""
PATIENCE_S = 60  # Long, because the machine may be busy with other things.
expect.set_options(timeout=PATIENCE_S * 1000)

# Marks the tour of the bench as seen, because it would cover the page; its own journey clears this.
# An empty page has no storage.
TOURED = "try { localStorage.setItem('arboretum.tour', 'seen'); } catch {}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark the journeys. They run first, then the files with slow tests, and the quick ones last:
    so none of the test processes works on alone at the end.

    Before all of them come the longest journey and the longest other file: one process plants the
    garden of all journeys meanwhile, for which the other would have to wait.

    This runs after pytest-django has sorted the tests.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
    yield
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    first = [here / "test_axe.py", here.parent / "gallery" / "test_doors.py"]

    def place(item: pytest.Item) -> tuple[int, bool, bool]:
        rank = first.index(item.path) if item.path in first else len(first)
        return rank, not item.path.is_relative_to(here), item.path not in slow

    items.sort(key=place)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Without one every journey is skipped with the reason."""
    path = find_chromium()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    return path


@pytest.fixture(scope="session")
def garden(
    chromium: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Garden]:
    """The running site, with a few works of ada and a staff account keeper.

    All journeys of a test process share it.
    """
    garden = Garden(tmp_path_factory.mktemp("garden"))
    garden.prepare(shared)
    garden.start()
    yield garden
    garden.stop()


# Pages ask again for the pictures that a busy studio refused.
REFUSED_FOR_NOW = r"status of 429 .*/step/"


class Watch:
    """Collects what goes wrong in the pages of one journey.

    `allow` a pattern where the journey causes an error on purpose.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self.allowed: list[str] = [REFUSED_FOR_NOW]

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def note(self, problem: str) -> None:
        self.found.append(problem)

    def problems(self) -> list[str]:
        return [
            found
            for found in self.found
            if not any(re.search(pattern, found) for pattern in self.allowed)
        ]

    def follow(self, page: Page) -> None:
        page.on(
            "console",
            lambda message: (
                self.note(f"{message.text} ({message.location['url']}) [{page.url}]")
                if message.type == "error"
                else None
            ),
        )
        page.on("pageerror", lambda error: self.note(f"{error} [{page.url}]"))
        page.on("request", lambda request: self.check_host(request.url))

    def check_host(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in HOME_HOSTS:
            self.note(f"a request to another host: {address}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the journey at its end if something went wrong that was not allowed."""
    watch = Watch()
    yield watch
    assert watch.problems() == []


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What starts browsers. It ends with the last journey of a test process, because its event
    loop must not run during other tests.
    """
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for the journeys of a test process."""
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def profile(garden: Garden, browser: Browser) -> Iterator[BrowserContext]:
    """The browser profile of the garden, which keeps the scripts and style sheets that it has
    loaded once; each journey finds it empty otherwise.
    """
    yield from open_profile(garden, browser)


def open_profile(garden: Garden, browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile for the journeys in one garden."""
    context = browser.new_context(
        base_url=garden.url,
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        locale="en",
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    for script in (REPORT_BREACHES, FOLLOW_SOCKETS, TOURED):
        context.add_init_script(script)
    yield context
    context.close()


@pytest.fixture
def context(garden: Garden, profile: BrowserContext, watch: Watch) -> Iterator[BrowserContext]:
    """A browser for this journey that knows nobody and remembers nothing."""
    profile.on("page", watch.follow)
    yield profile
    profile.remove_listener("page", watch.follow)
    for page in profile.pages:
        page.close()
    profile.clear_cookies()
    profile.clear_permissions()
    storage = profile.new_cdp_session(profile.new_page())
    origin = "/".join(garden.url.split("/")[:3])
    storage.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    profile.pages[0].close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of a visitor."""
    return context.new_page()


def until(page: Page, condition: str) -> None:
    """Wait until a JavaScript expression is true.

    Playwright's own function needs eval, which the Content-Security-Policy forbids.
    """
    end = time.monotonic() + PATIENCE_S
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came: {condition}"
        page.wait_for_timeout(50)


_sessions: dict[str, list[Any]] = {}  # The cookies of a session, by user name.


def log_in(page: Page, username: str) -> None:
    """Log in, and end on a page without sockets of its own.

    The first journey of a person fills in the form, the others go on in their session.
    """
    if username in _sessions:
        page.context.add_cookies(_sessions[username])
        page.goto("/about/")
        if page.locator(".avatar").count():
            return
        page.context.clear_cookies(name="sessionid")  # It ended, or is another garden's.
    log_in_by_form(page, username)
    cookies = page.context.cookies()
    _sessions[username] = [cookie for cookie in cookies if cookie["name"] == "sessionid"]


def log_in_by_form(page: Page, username: str, password: str = PASSWORD) -> None:
    """Log in through the form, and end on a page without sockets of its own."""
    page.goto("/accounts/login/?next=/about/")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("/about/")
