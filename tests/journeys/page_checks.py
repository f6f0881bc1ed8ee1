"""Finds what is wrong with a page in a browser.

Checks accessibility, pages wider than the screen, texts in the wrong language, and what jumps while
a page loads.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

from tests.journeys.conftest import PATIENCE_S

# The impacts that count; the two lower ones are advice.
COUNTED = {"serious", "critical"}
ENGLISH = re.compile(r"[A-Za-z][A-Za-z’'-]*(?:,? [A-Za-z][A-Za-z’'-]*){2,}")
# All texts and labels of a page, except those that are marked as English, code or hidden.
TEXTS = """
() => {
  const silent = "script, style, noscript, code, pre, kbd, samp, template, textarea"
    + ", [lang=en], [translate=no], [hidden]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [document.title];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(silent)) said.push(node.data);
  }
  const labels = "aria-label title placeholder alt aria-description aria-valuetext".split(" ");
  for (const name of labels) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(silent)) said.push(element.getAttribute(name));
    }
  }
  return said.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}
"""
# Elements that reach beyond the right edge of the window, if the page scrolls sideways.
TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
}
"""
RUN = """
async ([within, options]) => (await axe.run(within, options)).violations.map(
  ({ id, impact, nodes }) => (
    { id, impact, nodes: nodes.slice(0, 3).map(({ html, any }) => ({ html, any })) }
  )
)
"""
CONTRAST = {"runOnly": ["color-contrast"]}
OTHER_SCHEME = {"light": "dark", "dark": "light"}


def violations(
    page: Page, *, within: str = "html", options: dict[str, Any] | None = None
) -> Iterator[str]:
    """The serious violations that axe finds: the rule, and the first elements.

    within: the part of the page to look at.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    for found in page.evaluate(RUN, [within, {"resultTypes": ["violations"]} | (options or {})]):
        if found["impact"] in COUNTED:
            places = "; ".join(_place(node) for node in found["nodes"])
            yield f"axe {found['id']} ({found['impact']}): {places}"


def contrast_violations(page: Page, *, scheme: str, within: str = "html") -> Iterator[str]:
    """Texts with too little contrast in the other colour scheme, without loading the page again.

    scheme: the present one.
    """
    other = OTHER_SCHEME[scheme]
    page.emulate_media(color_scheme=other)
    yield from (f"{other}: {each}" for each in violations(page, within=within, options=CONTRAST))
    page.emulate_media(color_scheme=scheme)


def _place(node: dict[str, Any]) -> str:
    return " ".join([node["html"][:160], *(reason["message"] for reason in node["any"][:1])])


def width_violations(page: Page) -> Iterator[str]:
    """Elements wider than the window."""
    if wider := page.evaluate(TOO_WIDE):
        yield f"wider than the window: {', '.join(wider)}"


def untranslated_texts(page: Page, *, of_people: Iterable[str]) -> Iterator[str]:
    """Texts with three or more English words in a row.

    of_people: texts that people wrote, in any language.
    """
    written = sorted(filter(None, of_people), key=len, reverse=True)
    for text in page.evaluate(TEXTS):
        if any(text.strip("… ") in each for each in written):
            continue  # A part of such a text, between mentions or cut short.
        rest = text
        for each in written:
            rest = rest.replace(each, "…")
        if found := ENGLISH.search(rest):
            yield f"not translated: {found[0]!r} in {text[:120]!r}"


def problems_of(
    page: Page,
    *,
    language: str,
    of_people: Iterable[str],
    scheme: str | None = None,
    within: str = "html",
) -> list[str]:
    """Everything that is wrong with the page as it is now.

    language: the expected language, "en" or "zh-hans". scheme: the present colour scheme; if given,
    the contrast in the other one is checked, too. within: the part that axe looks at.
    """
    stated = page.locator("html").get_attribute("lang")
    wrong = [] if stated == language else [f"the page says that it is in {stated!r}"]
    wrong += [*violations(page, within=within), *width_violations(page)]
    if scheme:
        wrong += contrast_violations(page, scheme=scheme, within=within)
    return wrong + ([] if language == "en" else list(untranslated_texts(page, of_people=of_people)))


# The sum of all shifts of a page, as browsers measure it for Cumulative Layout Shift
# (https://web.dev/articles/cls): what moves within half a second after somebody's own click or key
# does not count.
MOST_SHIFT = 0.05  # Half of what counts as good.
WATCH_SHIFTS = """
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


class SlowPictures:
    """Lets pictures come only after the page around them was laid out, as over a slow line.

    Chromium is asked itself, because routes of Playwright would switch its cache off, and each page
    would load all scripts and style sheets again.
    """

    def __init__(self, page: Page) -> None:
        self.number = 0  # How many were held so far.
        self._held: list[str] = []
        self._browser = page.context.new_cdp_session(page)
        self._browser.on("Fetch.requestPaused", self._hold)
        self._browser.send("Fetch.enable", {"patterns": [{"resourceType": "Image"}]})
        page.add_init_script(WATCH_SHIFTS)

    def _hold(self, paused: dict[str, Any]) -> None:
        self.number += 1
        self._held.append(paused["requestId"])

    def let_come(self, page: Page) -> None:
        """Until all pictures that the page has asked for are there."""
        end = time.monotonic() + PATIENCE_S
        while True:
            page.evaluate(REST)
            while self._held:
                with suppress(Error):  # The page that asked for it has been left.
                    self._browser.send("Fetch.continueRequest", {"requestId": self._held.pop()})
            if page.evaluate(ALL_LOADED) and not self._held:
                return page.evaluate(REST)
            assert time.monotonic() < end, f"something of {page.url} never came"


def jumps(page: Page, pictures: SlowPictures) -> Iterator[str]:
    """What shifts while the rest of the page comes, and while it is seen to its end."""
    while page.evaluate(SCROLL):
        pictures.let_come(page)
    shifts = page.evaluate("window.shifts")
    shift = sum(value for value, _ in shifts)
    if shift >= MOST_SHIFT:
        worst, sources = max(shifts)
        yield f"shifts by {shift:.3f}: {worst:.3f} by {', '.join(sources[:3])}"
