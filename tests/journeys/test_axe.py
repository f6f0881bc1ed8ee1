"""Every page of the site, opened by the people it is for.

Nothing jumps from the first paint to the end of the page, axe finds nothing serious, nothing is
wider than the window, and all texts are in the language of the page. Each page is opened once in
Chinese on a small dark screen, and once in English on a wide light one, where contrast is also
checked in the dark: what a small screen leaves out or moves keeps its colours.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.gallery.doors import addresses
from tests.journeys.conftest import REPORT_BREACHES, TOURED, Watch, log_in_by_form
from tests.journeys.garden import Garden
from tests.journeys.page_checks import SlowPictures, jumps, problems_of
from tests.journeys.test_bench import GROWN, open_bench
from tests.journeys.test_bench_music import TUNES

# Who opens a page (nobody: a visitor) -> the names of its addresses.
WALKS = {
    "": (
        "home",
        "search",
        "tag",
        "tags",
        "artwork_similar",
        "species_overview",
        "species",
        "credits",
        "about",
        "artwork",
        "bench",
        "bench_choose",
        "artwork_family",
        "artwork_children",
        "artwork_replay",
        "spread",
        "rights",
        "profile",
        "followers",
        "following",
        "collections",
        "collection",
        "person_collections",
        "exhibitions",
        "exhibition",
        "report_work",
        "report_comment",
        "report_person",
        "report_collection",
        "artwork_embed",
        "share_link",
        "help",
        "glossary",
        "about_ai_art",
        "comment",
        "api-1:openapi-view",
        "account_login",
        "account_signup",
        "account_reset_password",
    ),
    "ada": (
        "artwork",
        "artwork_edit",
        "artwork_delete",
        "upload",
        "upload_picture",
        "job",
        "mine",
        "select",
        "likes",
        "tokens",
        "profile_edit",
        "artwork_comments",
        "boundaries",
        "notifications",
        "notification_settings",
        "collection",
        "collection_new",
        "collection_edit",
        "collection_delete",
        "collection_arrange",
        "collection_people",
        "artwork_collect",
        "my_collections",
        "takedown",
        "collection_takedown",
        "share_links",
        "account_export",
        "account_import",
        "account_close",
        "profile",
        "account_email",
        "account_change_password",
        "mfa_index",
        "account_logout",
    ),
    "keeper": (
        "curate",
        "curate_reports",
        "curate_report",
        "curate_quarantine",
        "curate_work",
        "curate_collection",
        "curate_people",
        "curate_person",
        "curate_words",
        "curate_pictures",
        "curate_log",
        "curate_picks",
        "curate_pick_new",
        "curate_pick",
        "curate_exhibitions",
        "curate_exhibition_new",
        "curate_exhibition",
    ),
    # The desk of a curator and of a moderator, each with what only they see of it.
    "cora": (
        "curate",
        "curate_picks",
        "curate_pick_new",
        "curate_pick",
        "curate_exhibitions",
        "curate_exhibition_new",
        "curate_exhibition",
    ),
    "moss": (
        "curate",
        "curate_reports",
        "curate_report",
        "curate_work",
        "curate_people",
        "curate_person",
    ),
    "rook": ("artwork", "notifications"),  # Suspended.
}
BENCH, MISSING = "/bench/?parents={work},{other}", "/nothing-here/"
# Pages at other addresses: a tune, an invitation, what is not found, and what the same page shows
# in other cases.
MORE = {
    "": (
        "/art/{tune}/",
        "/art/{tune}/embed/",
        "/?shelf=loved",
        "/search/?q=moss",
        "/search/?q=nothing-like-it",
        BENCH,
        "/bench/?parents=seed:patterns:1,seed:patterns:2,seed:patterns:3",
        TUNES,
        "/bench/publish/?parents={work},{other}",
        MISSING,
    ),
    "ada": ("/", "/collection/{invitation}/", "/collection/{hidden}/", "/art/{private}/"),
    "keeper": (),
    "cora": (),
    "moss": (),
    "rook": (),
}
# Addresses that are no pages: files, feeds and answers for programs, and what only acts.
NO_PAGES = {
    "feed",
    "person_feed",
    "tag_feed",
    "teaser_sheet",
    "species_file",
    "artwork_download",
    "artwork_file",
    "artwork_audio",
    "artwork_solid",
    "artwork_step",
    "artwork_preview",
    "tags_complete",
    "upload_sketch",
    "upload_listen",
    "artwork_qr",
    "share_link_qr",
    "share_file",
    "oembed",
    "words",
    "health",
    "growing",
    "job_result",
    "notification",
    "stop_emails",
    "artwork_like",
    "artwork_portrait",
    "artwork_print",
    "restore",
    "bench_borrow",
    "bench_hear",
    "bench_pair",
    "bench_founder",
    "bench_founders",
    "bench_publish",
    # A page only where a species paints from words; `test_grafts.py` walks it.
    "bench_graft",
    "bench_develop",
    "bench_development",
    "bench_developed",
    "job_cancel",
    "token_revoke",
    "comment_answer",
    "comment_edit",
    "comment_remove",
    "comment_hide",
    "follow",
    "boundary",
    "notifications_read",
    "collection_order",
    "collection_item",
    "collection_dismiss",
    "collection_answer",
    "collection_leave",
    "curate_pick_end",
    "curate_report_claim",
    "curate_report_decide",
    "curate_person_suspend",
    "curate_person_role",
    "curate_person_lock",
    "curate_word_unblock",
    "curate_picture_unblock",
    "share_revoke",
    "share_new_address",
    "language",
}
SCREENS = {
    "zh-hans": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "en": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
}
# Where contrast is also checked in the other colour scheme: language -> the present scheme.
BOTH_SCHEMES = {"en": "light"}
# The words of a standard, quoted as they stand in files, and the names of a game and of books.
QUOTED = (
    "trained algorithmic media",
    "Dungeon Crawl Stone Soup",
    "O'Neill's Music of Ireland",
    "Ryan's Mammoth Collection",
)


@dataclass
class Peopled:
    """The running site, what its addresses name, and every text that a person wrote."""

    garden: Garden
    things: dict[str, Any]
    texts: list[str]

    def addresses(self, person: str) -> list[str]:
        named = [self.address_of(name, person) for name in WALKS[person]]
        return named + [template.format(**self.things) for template in MORE[person]]

    def address_of(self, name: str, person: str) -> str:
        """The address of that name, with what it names for this person."""
        pattern = next((each.pattern for each in addresses() if each.name == name), None)
        keys = {*pattern.regex.groupindex, *getattr(pattern, "converters", ())} if pattern else ()
        return reverse(name, kwargs={key: self._argument(name, key) for key in keys})

    def _argument(self, name: str, key: str) -> Any:
        kind = name.removeprefix("curate_").removeprefix("report_").partition("_")[0]
        if key == "username":
            return self.things["suspended" if name == "curate_person" else "maker"]
        if key in ("key", "token"):
            return {"key": "patterns", "token": self.things["link"]}[key]
        if name == "collection_takedown":
            return self.things["hidden"]
        special = {"tag": "moss", "takedown": self.things["taken"], "share": self.things["private"]}
        return special.get(kind) or self.things.get(kind) or self.things["work"]


@pytest.fixture(scope="module")
def peopled(
    chromium: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Peopled]:
    """A site of its own, so that the other journeys find the garden as empty of people as they
    expect it.
    """
    garden = Garden(tmp_path_factory.mktemp("peopled"))
    garden.prepare(shared)
    message = json.loads(garden.run("-m", "tests.journeys.plant_people").splitlines()[-1])
    garden.start()
    yield Peopled(garden, message["things"], [*message["texts"], *QUOTED])
    garden.stop()


def open_browser(browser: Browser, peopled: Peopled, language: str) -> BrowserContext:
    context = browser.new_context(
        base_url=peopled.garden.url, locale="en", reduced_motion="reduce", **SCREENS[language]
    )
    context.set_default_timeout(60_000)
    context.add_init_script(REPORT_BREACHES)
    context.add_init_script(TOURED)
    context.add_init_script(AXE_SCRIPT)  # The browser keeps what it has read of it.
    return context


def test_every_address_is_walked_or_is_no_page():
    walked = {name for names in WALKS.values() for name in names}
    named = {pattern.name for pattern in addresses()}
    assert named - walked == NO_PAGES & named and not walked & NO_PAGES


@pytest.mark.parametrize("language", SCREENS)
@pytest.mark.parametrize("person", WALKS, ids=lambda name: name or "visitor")
def test_pages_hinder_nobody_speak_one_language_and_do_not_jump(
    person: str,
    language: str,
    peopled: Peopled,
    browser: Browser,
    watch: Watch,
):
    watch.allow(r"status of 404 .*/nothing-here/")
    context = open_browser(browser, peopled, language)
    page = context.new_page()
    watch.follow(page)
    if person:
        log_in_by_form(page, person)
    pictures = SlowPictures(page)
    context.add_cookies([{"name": "django_language", "value": language, "url": peopled.garden.url}])
    wrong, scheme = [], BOTH_SCHEMES.get(language)
    for address in peopled.addresses(person):
        answer = page.goto(address, wait_until="domcontentloaded")
        pictures.let_come(page)
        if re.search(r"/bench/(\?|$)", page.url):
            expect(page.locator(GROWN)).to_have_count(12)
        found = [*jumps(page, pictures)]
        found += problems_of(page, language=language, scheme=scheme, of_people=peopled.texts)
        found += [] if answer.ok or address == MISSING else [f"answered {answer.status}"]
        wrong += [f"{address}: {each}" for each in found]
    context.close()
    assert pictures.number > 0
    assert not wrong, "\n".join(wrong)


def open_all_of_the_bench(page: Page) -> Iterator[str]:
    """Whatever opens on the bench, one after the other: the part of the page that it is."""
    # Shown without being switched on: the nets of all steps together would paint for a minute.
    page.evaluate(
        "document.querySelectorAll('.bench-step-settings').forEach((settings) => (settings.hidden ="
        " false)); document.querySelectorAll('.bench-fold').forEach((fold) => (fold.open = true))"
    )
    yield "#bench"
    page.locator("#bench-tab-finish").click()
    yield "#bench-side"
    page.locator("#bench-tab-genes").click()
    page.locator(".bench-seedling").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#bench-compare")).to_be_visible()
    yield "#bench"
    page.keyboard.press("p")
    page.locator(".bench-kept button").click()
    yield "#bench-pocket-menu"
    page.keyboard.press("Escape")
    page.locator(".bench-end").first.click()
    yield "#bench-parent-menu"
    page.keyboard.press("Escape")
    page.locator(".bench-brood .help-mark").click()
    yield ".help-words:popover-open"
    page.keyboard.press("Escape")
    page.locator("#bench-help summary").click()
    yield "#bench-help"
    page.locator("[data-opens=bench-keys]").click()
    yield "#bench-keys"
    page.keyboard.press("Escape")
    page.locator("#bench-help summary").click()
    page.locator("#bench-tour").click()
    yield "#tour"
    page.keyboard.press("Escape")
    page.locator("#bench-add").click()
    expect(page.locator("#bench-picker .bench-pick")).not_to_have_count(0)
    yield "#bench-picker"
    page.keyboard.press("Escape")
    yield from open_publisher(page)


def open_publisher(page: Page) -> Iterator[str]:
    page.locator("#bench-publish").click()
    expect(page.locator("#bench-publisher-form h2")).to_be_visible()
    yield "#bench-publisher"


@pytest.mark.parametrize("language", SCREENS)
def test_what_opens_on_the_bench_hinders_nobody(
    language: str, peopled: Peopled, browser: Browser, watch: Watch
):
    context = open_browser(browser, peopled, language)
    page = context.new_page()
    watch.follow(page)
    log_in_by_form(page, "ada")
    scheme, wrong = BOTH_SCHEMES.get(language), []

    def look(opened: Callable[[Page], Iterable[str]], address: str) -> None:
        context.add_cookies(
            [{"name": "django_language", "value": language, "url": peopled.garden.url}]
        )
        open_bench(page, address)
        for part in opened(page):
            found = problems_of(
                page, language=language, scheme=scheme, of_people=peopled.texts, within=part
            )
            wrong.extend(f"{part} of {address}: {each}" for each in found)

    pictures = BENCH.format(**peopled.things)
    look(open_all_of_the_bench, pictures)
    look(lambda page: ["#bench"], TUNES)
    context.clear_cookies()
    look(open_publisher, pictures)  # A visitor's.
    context.close()
    assert not wrong, "\n".join(wrong)
