"""A whole site for the journeys: the command `make run` uses, in a process of its own, on a free
port, with its own data.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.test import override_settings

from gallery.management.commands.serve import static_fingerprint
from tests.shared import ROOT, begin, environment_of, finish, make_once, tables

PATIENCE_S = 180
PASSWORD = "a-long-enough-passphrase"  # Of everybody in it.
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The browser: CHROMIUM from the environment, else what the system has. Playwright's own
    download is never used.
    """
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)


def planted(shared: Path) -> Path:
    """The data of a garden with a few works, from which every garden of this run is copied. shared:
    the run's own folder.
    """

    def make(data: Path) -> None:
        static = begin(data, "manage.py", "collectstatic", "--verbosity", "0", "--no-input")
        shutil.copy(tables(shared), data)
        finish(begin(data, "-m", "tests.journeys.plant"))
        finish(static)

    return make_once(shared / "planted", make)


class Garden:
    """The site under test. `url` names localhost, because a passkey belongs to a name and not to a
    number.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "server.log"
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self.port = finder.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.environment = environment_of(data)
        self.process: subprocess.Popen | None = None

    def prepare(self, shared: Path) -> None:
        """Tables, static files with hashed names, and a few works: a copy, which the server finds
        in order.
        """
        shutil.copytree(planted(shared), self.data, dirs_exist_ok=True)
        with override_settings(STATIC_ROOT=self.data / "static"):
            (self.data / "static.stamp").write_text(static_fingerprint())

    def manage(self, *arguments: str) -> str:
        """A command of manage.py in this garden; its output."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        return finish(begin(self.data, *arguments))

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [
                sys.executable,
                "manage.py",
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                str(self.port),
            ]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            assert self.process.poll() is None, f"The server stopped:\n{self.log.read_text()}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"The server did not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """As abruptly as a power cut: whatever matters must be on disk already."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def last_letter_link(self, pattern: str) -> str:
        """The newest link in the letters so far (without SMTP they go to the console)."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := re.findall(rf"https?://\S*{pattern}\S*", self.log.read_text()):
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"No letter with {pattern}:\n{self.log.read_text()[-3000:]}")
