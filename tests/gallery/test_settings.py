"""The site as an operator sets it: safe when served over https, documented, and whole without any
other host.
"""

import ast
import os
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from gallery.urls import urlpatterns
from tests.factories import make_artwork, make_user

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "ARBORETUM_HTTPS": "1",
    "ARBORETUM_PROXIES": "1",
    "ARBORETUM_HOSTS": "garden.example",
    "ARBORETUM_ORIGIN": "https://garden.example",
}
JSON_TYPES = ("application/json", "speculationrules")


def manage(*arguments: str, data: Path, **variables: str) -> subprocess.CompletedProcess:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ARBORETUM_", "DJANGO_"))
    }
    environment = kept | {"ARBORETUM_DATA": str(data)} | variables
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_a_deployment_over_https_gives_no_warning(tmp_path: Path):
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", data=tmp_path / "new", **PRODUCTION
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    key = tmp_path / "new" / "secret_key"
    assert len(key.read_text()) >= 64 and stat.S_IMODE(key.stat().st_mode) == 0o600


def read_variables() -> set[str]:
    """Every ARBORETUM_ variable that some module reads, without those that only a text mentions."""
    found = set()
    for path in [
        ROOT / "genart_site/settings.py",
        *ROOT.glob("generation/**/*.py"),
        *ROOT.glob("gallery/**/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or not node.args
                or not isinstance(node.args[0], ast.Constant)
            ):
                continue
            name = node.args[0].value
            if (
                path.name == "settings.py"
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "_read"
            ):
                found.add(f"ARBORETUM_{name}")
            elif isinstance(name, str) and re.fullmatch(r"ARBORETUM_[A-Z_]+", name):
                found.add(name)
    return found


def test_the_readme_explains_every_variable_and_no_other():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(ARBORETUM_[A-Z_]+)` \|", readme, re.MULTILINE)
    assert len(explained) == len(set(explained))
    assert set(explained) == read_variables()


class Page(HTMLParser):
    """What a page loads, and what its Content-Security-Policy would have to forbid."""

    LOADERS = {
        "script": "src",
        "img": "src",
        "link": "href",
        "iframe": "src",
        "source": "src",
        "video": "src",
        "audio": "src",
    }

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if address := found.get(self.LOADERS.get(tag, "")):
            self.loads.append(address)
        if tag == "script" and "src" not in found and found.get("type") not in JSON_TYPES:
            self.inline.append(self.get_starttag_text())
        if tag == "style" or any(name == "style" or name.startswith("on") for name in found):
            self.inline.append(self.get_starttag_text())


def addresses(slug: str) -> list[str]:
    """Every page of the gallery that needs nothing but a work, the account pages, and the
    admin's.
    """
    routes = [str(pattern.pattern) for pattern in urlpatterns]
    simple = [f"/{route}" for route in routes if "<" not in route]
    of_work = [f"/art/{slug}/{page}" for page in ("", "family/", "edit/", "delete/")]
    account = [
        "login/",
        "signup/",
        "logout/",
        "password/reset/",
        "email/",
        "password/change/",
        "2fa/",
        "2fa/webauthn/",
    ]
    admin = ["", "gallery/artwork/", "gallery/job/engine/"]
    return [
        *simple,
        *of_work,
        "/@ada/",
        "/tag/moss/",
        "/species/patterns/",
        "/search/?q=moss",
        "/api/",
        "/nothing/",
        *(f"/accounts/{page}" for page in account),
        *(f"/admin/{page}" for page in admin),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["visitor", "staff"])
def test_no_page_loads_anything_from_elsewhere_or_carries_script_of_its_own(
    client: Client, squares_engine, who: str
):
    ada = make_user("ada", is_staff=True, is_superuser=True, bio="Hello")
    parents = [
        make_artwork(ada, tags=["moss"], has_files=True),
        make_artwork(ada, tags=["moss"], has_files=True),
    ]
    child = make_artwork(ada, parents=parents, tags=["moss"], has_files=True)
    if who == "staff":
        client.force_login(ada)
    checked = 0
    for address in addresses(child.slug):
        response = client.get(address)
        if response.status_code in (301, 302, 405) or not response.headers[
            "Content-Type"
        ].startswith("text/html"):
            continue
        page = Page(response.content.decode())
        assert [
            load
            for load in page.loads
            if not re.match(r"/(?!/)|data:image/|http://testserver/", load)
        ] == [], address
        assert page.inline == [], address
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy + ";" and "unsafe" not in policy, address
        checked += 1
    assert checked > 15
