"""`make screenshots`: pictures of every page, in two widths and two themes.

They go to var/screenshots/, and the README's picture to docs/screenshot.png. The script plants the
demo garden in a folder of its own, starts the site there, and opens it in the system's Chromium.
`make screenshots ARGS=var` uses a copy of that data folder instead, which is quicker.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genart_site.settings")

import django  # noqa: E402

django.setup()

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.journeys.conftest import ARGUMENTS, NO_CHROMIUM, TOURED, log_in  # noqa: E402
from tests.journeys.garden import PASSWORD, Garden, find_chromium  # noqa: E402

OUT = ROOT / "var" / "screenshots"
WIDTHS = {1440: 900, 390: 844}
FIND_PAGES = (
    "import django, json; django.setup(); from docs import screenshot_pages as s;"
    " print(json.dumps(s.find_pages()))"
)
CREATE_ADMINISTRATOR = f"""
from gallery.models import User
keeper = User.objects.filter(username="keeper").first() or User(username="keeper")
keeper.is_staff = keeper.is_superuser = True
keeper.set_password({PASSWORD!r})
keeper.save()
"""
ADMINISTRATOR_PAGES = {
    "api": "/api/",
    "email": "/accounts/email/",
    "key": "/accounts/2fa/webauthn/add/",
    "app": "/accounts/2fa/totp/activate/",
    "admin": "/admin/",
    "admin-works": "/admin/gallery/artwork/",
    "admin-engine": "/admin/gallery/job/engine/",
}
LIVE = ("home", "bench")  # Pages that never rest; their first frames arrive a little later.


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        if sys.argv[1:]:
            shutil.copytree(
                sys.argv[1], data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static*")
            )
        garden = Garden(Path(data))
        garden.manage("serve", "--prepare-only")
        garden.manage("seed_garden")  # Does nothing where works exist.
        garden.manage("shell", "-c", CREATE_ADMINISTRATOR)
        pages = json.loads(garden.run("-c", FIND_PAGES).splitlines()[-1])
        garden.start()
        try:
            take_all(
                playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS), garden, pages
            )
        finally:
            garden.stop()


def take_all(browser: Browser, garden: Garden, pages: dict[str, tuple[str, str]]) -> None:
    """Takes every page in every width and theme.

    pages: name -> address and session cookie ("" for a visitor).
    """
    OUT.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS.items():
        for theme in ("light", "dark"):
            context = browser.new_context(
                base_url=garden.url,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
            )
            context.add_init_script(TOURED)
            page = context.new_page()
            for name, (address, session) in pages.items():
                use_session(context, garden, session)
                take(page, name, address, OUT / f"{name}-{width}-{theme}.png")
                if (name, width, theme) == ("home", 1440, "light"):
                    take(page, name, address, ROOT / "docs" / "screenshot.png")
            context.clear_cookies()
            log_in(page, "keeper")
            for name, address in ADMINISTRATOR_PAGES.items():
                take(page, name, address, OUT / f"{name}-{width}-{theme}.png")
            context.close()
    print(
        f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}, and"
        " docs/screenshot.png"
    )


def use_session(context: BrowserContext, garden: Garden, session: str) -> None:
    """Replaces the session of the browser. session: a cookie, "" for a visitor."""
    context.clear_cookies()
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": garden.url}])


def take(page: Page, name: str, address: str, path: Path) -> None:
    """Saves the visible part of a page once its pictures have loaded."""
    page.goto(address, wait_until="load" if name in LIVE else "networkidle")
    page.wait_for_timeout(2500 if name in LIVE else 200)
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
