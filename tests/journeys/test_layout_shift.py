"""The strip that tells of a print keeps its height when the print is done, in every language and
width, so that nothing below it jumps.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.journeys.conftest import log_in
from tests.journeys.garden import Garden

WIDTHS = (320, 390, 768, 1440)
# Works that are being printed by a runner that never comes back, and the end of their prints.
SETUP = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from gallery.models import Artwork, Job
now = timezone.now()
"""
START_PRINTS = """
work = Artwork.objects.listed().filter(author__username="ada", species="patterns").first()
for language in ("zh-hans", "en"):
    work.pk, work.slug, work.title = None, f"slow{language[:2]}", "Slow to come"
    work.state, work.published_at, work.genome_identity = "rendering", None, ""
    work.save()
    Job.objects.create(
        kind="print",
        owner=work.author,
        artwork=work,
        payload={"size": 2048, "purpose": "master"},
        state="running",
        note="Printing",
        started_at=now,
        lease_until=now + timedelta(hours=1),
    )
"""
FINISH_PRINT = (
    "UPDATE gallery_artwork SET state = 'published', published_at = datetime('now') WHERE slug = ?",
    "UPDATE gallery_job SET state = 'done', finished_at = datetime('now')"
    " WHERE artwork_id = (SELECT id FROM gallery_artwork WHERE slug = ?)",
)
REMOVE_PRINTS = """
Artwork.objects.filter(slug__in=("slowzh", "slowen")).delete()
"""


@pytest.fixture(scope="module")
def prints(garden: Garden) -> Iterator[None]:
    garden.run("-c", SETUP + START_PRINTS)
    yield
    garden.run("-c", SETUP + REMOVE_PRINTS)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_strip_of_a_print_keeps_its_height_when_it_is_done(
    language: str, prints: None, garden: Garden, context: BrowserContext
):
    def open_strip(width: int) -> tuple[Locator, float]:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/art/slow{language[:2]}/")
        strip = page.locator(".print-strip")
        expect(strip).to_have_attribute("data-state", "running")
        return strip, strip.bounding_box()["height"]

    log_in(context.new_page(), "ada")
    context.add_cookies([{"name": "django_language", "value": language, "url": garden.url}])
    opened = [open_strip(width) for width in WIDTHS]
    for statement in FINISH_PRINT:
        garden.ask(statement, f"slow{language[:2]}")
    for (strip, height), width in zip(opened, WIDTHS, strict=True):
        expect(strip).to_have_attribute("data-state", "done")
        assert strip.bounding_box()["height"] == height, width
