"""Every page of the site is HTML as the standard defines it.

html-validate (a development dependency of package.json) reads the pages, by the rules of
tests/html_rules.json, which are those of the standard and none of style.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from gallery.comments.actions import write_comment
from tests.factories import make_artwork
from tests.gallery.doors import Garden, addresses, make_garden
from tests.gallery.test_doors import address_of
from tests.shared import ROOT

pytestmark = pytest.mark.django_db
RULES = ROOT / "tests/html_rules.json"
VALIDATOR = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
# Pages without a door of the gallery: those of allauth, of the admin, and what is not there.
OTHERS = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/?shelf=fresh&colour=red",
    "/search/?q=moss",
    "/search/?q=nothing-like-it",
    "/none/",
)


@pytest.fixture
def garden(settings, squares_engine) -> Garden:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 10**6)
    garden = make_garden()
    work, people = garden.works["public"], garden.people
    make_artwork(people["other"], parents=[work], has_files=True, title="Child ‮ of \x01 moss")
    first = write_comment(people["other"], work, "Lovely, @owner.\n\nhttps://a.example/b")
    write_comment(people["owner"], work, "Thank you!", answered=first)
    return garden


def pages(garden: Garden, who: str, state: str) -> dict[str, str]:
    """Address -> HTML of all pages that this person may open."""
    client, person = Client(), garden.people[who]
    if person.is_authenticated:
        client.force_login(person)
    doors = (address_of(pattern, garden, state) for pattern in addresses())
    found = {}
    for address in (*doors, *OTHERS):
        answer = client.get(address)
        if answer.get("Content-Type", "").startswith("text/html") and answer.content:
            found[address] = answer.content.decode()
    return found


def is_whole(page: str) -> bool:
    """Whether it is a document, not a part of one that htmx puts into a page."""
    return page.lstrip().lower().startswith("<!doctype html>")


def complaints(folder: Path) -> list[str]:
    """What the validator says, each once: rule, message, and the first page."""
    report = subprocess.run(
        ["node", VALIDATOR, "--config", RULES, "-f", f"json={folder}/report", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.returncode in (0, 1), report.stderr
    found: dict[str, str] = {}
    for page in json.loads((folder / "report").read_text(encoding="utf-8")):
        for message in page["messages"]:
            said = f"{message['ruleId']}: {message['message']} ({message.get('selector')})"
            place = f"{Path(page['filePath']).name}:{message['line']}"
            found.setdefault(re.sub(r"\d+", "0", said), f"{place}: {said}")
    return list(found.values())


def test_times_for_programs_have_at_most_three_decimals(garden: Garden):
    shown = pages(garden, "administrator", "public").values()
    times = [time for page in shown for time in re.findall(r'datetime="([^"]*)"', page)]
    assert len(times) > 20 and not [time for time in times if re.search(r"\.\d{4}", time)]


def test_every_page_follows_the_standard(garden: Garden, tmp_path: Path):
    if not shutil.which("node") or not VALIDATOR.exists():
        pytest.skip("Node or html-validate is not here (make node_modules/installed).")
    written = 0
    for who, state in (("visitor", "public"), ("owner", "private"), ("moderator", "quarantined")):
        with translation.override("en"):
            for address, page in pages(garden, who, state).items():
                if is_whole(page):
                    name = re.sub(r"[^a-z0-9]+", "-", address.lower())[:80]
                    (tmp_path / f"{who}{name}.html").write_text(page, encoding="utf-8")
                    written += 1
    assert written > 100
    assert not (found := complaints(tmp_path)), "\n".join(["", *found])
