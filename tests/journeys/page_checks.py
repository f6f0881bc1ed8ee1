"""What is wrong with a page that a browser shows: for people with other eyes, for small screens,
and for other languages.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Rules that say how badly somebody is hindered; the two lower grades are advice.
GRAVE = {"serious", "critical"}
ENGLISH = re.compile(r"[A-Za-z][A-Za-z’'-]*(?:,? [A-Za-z][A-Za-z’'-]*){2,}")
# Texts and labels that are read or heard, without those that are marked as English, or are code or
# hidden.
SPOKEN = """
() => {
  const silent = "script, style, noscript, code, pre, kbd, samp, template, textarea, [lang=en], [translate=no], [hidden]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [document.title];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(silent)) said.push(node.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(silent)) said.push(element.getAttribute(name));
    }
  }
  return said.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}
"""
# What sticks out of the window on the right, unless something around it scrolls by itself.
WIDER = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
}
"""
RUN = """
async ([within, options]) => (await axe.run(within, options)).violations.map(
  ({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, any }) => ({ html, any })) })
)
"""
CONTRAST = {"runOnly": ["color-contrast"]}
OTHER_SCHEME = {"light": "dark", "dark": "light"}


def hindrances(
    page: Page, *, within: str = "html", options: dict[str, Any] | None = None
) -> Iterator[str]:
    """The grave violations that axe finds: the rule, and the first places. within: the part of the
    page to look at.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    for found in page.evaluate(RUN, [within, {"resultTypes": ["violations"]} | (options or {})]):
        if found["impact"] in GRAVE:
            places = "; ".join(_place(node) for node in found["nodes"])
            yield f"axe {found['id']} ({found['impact']}): {places}"


def pale_words(page: Page, *, scheme: str, within: str = "html") -> Iterator[str]:
    """What is hard to read in the other colour scheme, without loading the page again. scheme: the
    one that it has now.
    """
    other = OTHER_SCHEME[scheme]
    page.emulate_media(color_scheme=other)
    yield from (f"{other}: {each}" for each in hindrances(page, within=within, options=CONTRAST))
    page.emulate_media(color_scheme=scheme)


def _place(node: dict[str, Any]) -> str:
    return " ".join([node["html"][:160], *(reason["message"] for reason in node["any"][:1])])


def width_breaches(page: Page) -> Iterator[str]:
    """What is wider than the window."""
    if wider := page.evaluate(WIDER):
        yield f"wider than the window: {', '.join(wider)}"


def english_left(page: Page, *, of_people: Iterable[str]) -> Iterator[str]:
    """Texts of three English words in a row and more. of_people: what people wrote, in whatever
    language.
    """
    written = sorted(filter(None, of_people), key=len, reverse=True)
    for text in page.evaluate(SPOKEN):
        if any(text.strip("… ") in each for each in written):
            continue  # A part of it, between mentions or cut short.
        rest = text
        for each in written:
            rest = rest.replace(each, "…")
        if found := ENGLISH.search(rest):
            yield f"not translated: {found[0]!r} in {text[:120]!r}"


def breaches(
    page: Page,
    *,
    language: str,
    of_people: Iterable[str],
    scheme: str | None = None,
    within: str = "html",
) -> list[str]:
    """All that is wrong with the page as it stands.

    language: what the page should be in, "en" or "zh-hans". scheme: the colour scheme that it has,
    where the other one is to be looked at, too. within: the part of it that axe looks at.
    """
    told = page.locator("html").get_attribute("lang")
    wrong = [] if told == language else [f"the page says that it is in {told!r}"]
    wrong += [*hindrances(page, within=within), *width_breaches(page)]
    if scheme:
        wrong += pale_words(page, scheme=scheme, within=within)
    return wrong + ([] if language == "en" else list(english_left(page, of_people=of_people)))
