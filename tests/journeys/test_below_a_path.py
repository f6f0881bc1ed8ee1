"""A garden below a path of somebody's host: pages, scripts, sockets, cookies and feeds stay there.

Both kinds of proxies stand in front of it: those that pass the path on, and those that strip it.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import open_profile
from tests.journeys.garden import PASSWORD, Garden
from tests.proxy import PATH, ReverseProxy

PATIENCE_MS = 60_000
PAGES = ("", "search/?q=moss", "tag/moss/", "species/", "species/patterns/", "@ada/", "help/")
PAGES += ("about/", "credits/", "bench/", "accounts/login/", "accounts/signup/", "api/", "nothing/")
# Addresses of links and files. The rest of a page may hold paths of drawings, which look alike.
NAMES = {"href", "src", "srcset", "action", "formaction", "poster", "content", "value", "list"}


class Addresses(HTMLParser):
    """Every address in the attributes of a page that begins with a slash or with our host."""

    def __init__(self, page: str, origin: str) -> None:
        super().__init__()
        self.origin = origin
        self.found: set[str] = set()
        self.files: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            is_address = name in NAMES or name.startswith(("hx-", "data-"))
            if not value or not is_address or name == "data-root":  # That is the path itself.
                continue
            for part in value.split(", ") if name == "srcset" else [value]:
                address = part.split(" ")[0].removeprefix(self.origin)
                if re.match(r"/(?!/)", address):
                    self.found.add(address)
                    if tag in ("img", "script", "link") and name != "content":
                        self.files.add(address.split("#")[0])


class BelowGarden(Garden):
    """A garden behind a proxy; `url` is its public address, with a slash at its end."""

    def __init__(self, data: Path, *, is_stripping: bool) -> None:
        super().__init__(data)
        self.proxy = ReverseProxy(self.port, is_stripping=is_stripping)
        self.origin = f"http://localhost:{self.proxy.port}"
        self.url = f"{self.origin}{PATH}/"
        self.environment |= {"ARBORETUM_ORIGIN": self.url, "ARBORETUM_PROXIES": "1"}


@pytest.fixture(scope="module", params=[False, True], ids=["kept", "stripped"])
def garden(
    request: pytest.FixtureRequest,
    chromium: str,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BelowGarden]:
    garden = BelowGarden(tmp_path_factory.mktemp("below"), is_stripping=request.param)
    garden.prepare(shared)
    garden.start()
    yield garden
    garden.stop()
    garden.proxy.close()


@pytest.fixture(scope="module")
def profile(garden: BelowGarden, browser: Browser) -> Iterator[BrowserContext]:
    """The browser profile of this garden."""
    yield from open_profile(garden, browser)


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


def test_every_address_of_every_page_is_below_the_path(garden: BelowGarden):
    files: set[str] = set()
    for page in PAGES:
        try:
            text = read(garden.url + page).decode()
        except urllib.error.HTTPError as error:  # An error page has links as well.
            text = error.read().decode()
        addresses = Addresses(text, garden.origin)
        assert [each for each in addresses.found if not each.startswith(f"{PATH}/")] == [], page
        assert len(addresses.found) > 5, page
        files |= addresses.files
    assert len(files) > 30
    for file in sorted(files):
        assert read(garden.origin + file), file
    feeds = [file for file in files if "feed" in file]
    assert feeds
    for feed in feeds:
        links = re.findall(rf"{garden.origin}[^\s<>\"]*", read(garden.origin + feed).decode())
        assert links and all(link.startswith(f"{garden.origin}{PATH}/") for link in links)
    assert garden.proxy.refused == []


def test_a_person_walks_through_the_site_and_never_leaves_the_path(garden: BelowGarden, page: Page):
    page.goto("")
    page.get_by_role("link", name=re.compile("Child of moss and fern")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Child of moss and fern")
    page.goto("accounts/login/")
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(garden.url)
    cookies = {cookie["name"]: cookie["path"] for cookie in page.context.cookies()}
    assert cookies["sessionid"] == cookies["csrftoken"] == f"{PATH}/"
    with page.expect_websocket(lambda socket: f"{PATH}/ws/bell/" in socket.url):
        page.goto("about/")
    page.goto("bench/")
    expect(page.locator("#bench-status")).to_have_attribute(
        "data-state", "live", timeout=PATIENCE_MS
    )
    expect(page.locator(".bench-seedling[data-state=grown]")).to_have_count(12, timeout=PATIENCE_MS)
    assert page.url.startswith(f"{garden.url}bench/")
    assert garden.proxy.refused == []
