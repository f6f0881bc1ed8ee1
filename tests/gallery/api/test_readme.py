"""The README's script does what the README says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gallery.accounts.tokens import make_token
from gallery.models import Artwork
from tests.factories import make_artwork, make_user

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_readme_breeds_and_publishes(live_server, squares_engine):
    ada = make_user("ada")
    parents = {make_artwork(), make_artwork()}
    _, secret = make_token(ada, name="readme", scopes=["read", "publish"])
    script = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S).group(1)
    environment = {**os.environ, "GARDEN": live_server.url, "TOKEN": secret, "no_proxy": "*"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    work = Artwork.objects.get(author=ada)
    assert done.stdout.split() == [f"/art/{work.slug}/", "queued"]
    assert {edge.parent for edge in work.parent_edges.all()} == parents
