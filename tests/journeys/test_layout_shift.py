"""Nothing jumps: the layout shift of every kind of page, from its first paint to its end.

It is measured as browsers do for Cumulative Layout Shift (https://web.dev/articles/cls): what moves
within half a second after somebody's own click or key does not count.
"""

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.conftest import PATIENCE_S, Watch, log_in, until
from tests.journeys.test_axe import MISSING, Peopled, open_browser, peopled

__all__ = ["peopled"]  # A fixture of the walk past every page.

MOST = 0.05  # Half of what counts as good.
WATCH = """
window.shifts = [];
const nameOf = ({ node }) => node?.nodeType === 1
  ? `${node.localName}.${node.getAttribute("class") ?? ""}`
  : `text ${node?.data.trim().slice(0, 30)}`;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries())
    if (!hadRecentInput) window.shifts.push([value, sources.map(nameOf)]);
}).observe({ type: "layout-shift", buffered: true });
"""
# Half a window further; whether there is anything left to see.
SCROLL = """() => {
  const before = scrollY;
  scrollBy(0, innerHeight / 2);
  return scrollY > before;
}"""
# Two frames: what was loaded has been laid out by then, and its shift been reported.
REST = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
ALL_LOADED = """[...document.images].every(({ complete, loading, src }) =>
  complete || loading === "lazy" || !src) && document.fonts.status === "loaded"
  && !document.querySelector(".htmx-request") """
# Who opens which kinds of page: names of addresses as in the walk past every page, or addresses.
KINDS = {
    "": (
        "home",
        "tag",
        "tags",
        "search",
        "artwork",
        "artwork_family",
        "artwork_similar",
        "artwork_replay",
        "profile",
        "followers",
        "collection",
        "collections",
        "exhibition",
        "exhibitions",
        "species",
        "species_overview",
        "spread",
        "rights",
        "about",
        "about_ai_art",
        "help",
        "glossary",
        "credits",
        "report_work",
        "artwork_embed",
        "share_link",
        "api-1:openapi-view",
        "account_login",
        "account_signup",
        "/?shelf=loved",
        "/search/?q=moss",
        "/search/?q=nothing-like-it",
        "/art/{tune}/",
        "/art/{tune}/embed/",
        "/bench/?parents={work},{other}",
        "/bench/?parents=seed:patterns:1,seed:patterns:2,seed:patterns:3",
        "/bench/?parents=seed:tunes:1,seed:tunes:2",
        "/bench/publish/?parents={work},{other}",
        MISSING,
    ),
    "ada": (
        "home",
        "artwork",
        "artwork_edit",
        "mine",
        "select",
        "likes",
        "upload",
        "job",
        "notifications",
        "notification_settings",
        "profile_edit",
        "collection",
        "collection_arrange",
        "collection_people",
        "collection_new",
        "my_collections",
        "share_links",
        "account_export",
        "account_email",
        "mfa_index",
        "tokens",
        "boundaries",
    ),
    "keeper": ("curate", "curate_reports", "curate_report", "curate_person", "curate_picks"),
}


class SlowPictures:
    """Lets pictures come only after the page around them was laid out, as over a slow line."""

    def __init__(self, context: BrowserContext) -> None:
        self.held: list[Route] = []
        context.route(
            re.compile(r"\.(png|webp|jpe?g|svg)(\?|$)"), lambda route: self.held.append(route)
        )

    def let_come(self, page: Page) -> None:
        """Until all pictures that the page has asked for are there."""
        end = time.monotonic() + PATIENCE_S
        while True:
            page.evaluate(REST)
            while self.held:
                self.held.pop().continue_()
            if page.evaluate(ALL_LOADED) and not self.held:
                return page.evaluate(REST)
            assert time.monotonic() < end, f"something of {page.url} never came"


def shift_of(page: Page, address: str, pictures: SlowPictures) -> tuple[float, str]:
    """The sum of all shifts of a page until its end was seen, and what moved most."""
    page.goto(address, wait_until="domcontentloaded")
    pictures.let_come(page)
    if "/bench/?" in address:
        until(page, "document.querySelectorAll('.bench-seedling[data-state=grown]').length === 12")
    while page.evaluate(SCROLL):
        pictures.let_come(page)
    shifts = page.evaluate("window.shifts")
    worst = max(shifts, default=[0, []])
    return sum(value for value, _ in shifts), f"{worst[0]:.3f} by {', '.join(worst[1][:3])}"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("person", KINDS, ids=lambda name: name or "visitor")
def test_no_kind_of_page_jumps(
    person: str, language: str, peopled: Peopled, browser: Browser, watch: Watch
):
    """On a phone in Chinese, and in a wide window in English."""
    watch.allow(r"status of 404 .*/nothing-here/")
    context = open_browser(browser, peopled, language)
    context.add_init_script(WATCH)
    pictures = SlowPictures(context)
    page = context.new_page()
    watch.follow(page)
    if person:
        log_in(page, person)
        pictures.let_come(page)
    context.add_cookies([{"name": "django_language", "value": language, "url": peopled.garden.url}])
    jumping = []
    for kind in KINDS[person]:
        address = kind.format(**peopled.things) if "/" in kind else peopled.address_of(kind, person)
        shift, what = shift_of(page, address, pictures)
        if shift >= MOST:
            jumping.append(f"{address}: {shift:.3f}, {what}")
    context.close()
    assert not jumping, "\n".join(jumping)


# A work that is being printed by a runner that never comes back, and the end of that print.
START_PRINT = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from gallery.models import Artwork, Job
work = Artwork.objects.listed().filter(author__username="ada", species="patterns").first()
work.pk, work.slug, work.title = None, "{slug}", "Slow to come"
work.state, work.published_at, work.genome_identity = "rendering", None, ""
work.save()
now = timezone.now()
Job.objects.create(
    kind="print",
    owner=work.author,
    artwork=work,
    payload={{"size": 2048, "purpose": "master"}},
    state="running",
    note="Printing",
    started_at=now,
    lease_until=now + timedelta(hours=1),
)
"""
FINISH_PRINT = """
import django
django.setup()
from django.utils import timezone
from gallery.models import Artwork, Job
now = timezone.now()
Artwork.objects.filter(slug="{slug}").update(state="published", published_at=now)
Job.objects.filter(artwork__slug="{slug}").update(state="done", finished_at=now)
"""


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_the_strip_of_a_print_keeps_its_height_when_it_is_done(
    language: str, width: int, peopled: Peopled, browser: Browser
):
    slug = f"slow{language[:2]}{width}"
    peopled.garden.run("-c", START_PRINT.format(slug=slug))
    context = open_browser(browser, peopled, language)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    log_in(page, "ada")
    context.add_cookies([{"name": "django_language", "value": language, "url": peopled.garden.url}])
    page.goto(f"/art/{slug}/")
    strip = page.locator(".print-strip")
    expect(strip).to_have_attribute("data-state", "running")
    height = strip.bounding_box()["height"]
    peopled.garden.run("-c", FINISH_PRINT.format(slug=slug))
    expect(strip).to_have_attribute("data-state", "done")
    assert strip.bounding_box()["height"] == height
    context.close()
