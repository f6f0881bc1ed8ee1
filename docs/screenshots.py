"""`make screenshots`: the README's picture (docs/wall.png), and every page at two widths in both themes (var/screenshots/).

It grows the demo garden in a folder of its own, opens the site there, and looks at it with the system's Chromium.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.journeys.conftest import ARGUMENTS, NO_CHROMIUM, log_in  # noqa: E402
from tests.journeys.garden import PASSWORD, Garden, find_chromium  # noqa: E402

OUT = ROOT / "var" / "screenshots"
WIDTHS = {1440: 900, 390: 844}
OPEN_PAGES = {
    "wall": "/", "featured": "/?shelf=featured", "bench": "/bench/", "search": "/search/?q=a", "species": "/species/",
    "one-species": "/species/patterns/", "about": "/about/", "credits": "/credits/", "api": "/api/", "lost": "/nowhere/",
    "log-in": "/accounts/login/", "sign-up": "/accounts/signup/", "reset": "/accounts/password/reset/",
}
OWN_PAGES = {
    "mine": "/me/", "favourites": "/me/favourites/", "profile-edit": "/me/profile/", "email": "/accounts/email/",
    "password": "/accounts/password/change/", "security": "/accounts/2fa/", "key": "/accounts/2fa/webauthn/add/",
    "admin": "/admin/gallery/artwork/", "engine": "/admin/gallery/job/engine/",
}


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        garden = Garden(Path(data))
        garden.manage("serve", "--prepare-only")
        garden.manage("seed_garden")
        garden.manage("shell", "-c", f"from gallery.models import *; User.objects.create_superuser('keeper', '', {PASSWORD!r})")
        garden.start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            take_all(browser, garden)
        finally:
            garden.stop()


def take_all(browser: Browser, garden: Garden) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS.items():
        for theme in ("light", "dark"):
            context = browser.new_context(
                base_url=garden.url, viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto("/")
            work = page.locator(".wall .work a").last.get_attribute("href")
            maker = page.goto(work) and page.locator('a[href^="/@"]').first.get_attribute("href")
            pages = OPEN_PAGES | {"work": work, "family": f"{work}family/", "profile": maker}
            for name, address in pages.items():
                take(page, address, OUT / f"{name}-{width}-{theme}.png")
            if (width, theme) == (1440, "light"):
                take(page, "/", ROOT / "docs" / "wall.png")
            log_in(page, "keeper")
            for name, address in OWN_PAGES.items():
                take(page, address, OUT / f"{name}-{width}-{theme}.png")
            context.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}, and docs/wall.png")


def take(page: Page, address: str, path: Path) -> None:
    """One window full of a page, once its pictures and its first live frames are there."""
    page.goto(address, wait_until="networkidle" if "/bench/" not in address else "load")
    page.wait_for_timeout(2500 if address in ("/", "/bench/") else 300)
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
