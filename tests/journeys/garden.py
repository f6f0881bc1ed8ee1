"""A whole site for the journeys.

It is started by the command of `make run`, in a process of its own, on a free port, with its own
data.
"""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from django.test import override_settings

from gallery.management.commands.serve import static_fingerprint
from tests.shared import (
    ROOT,
    environment_of,
    finish_process,
    make_once,
    migrated_database,
    start_process,
)

PATIENCE_S = 180
PASSWORD = "a-long-enough-passphrase"  # Of all accounts.
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The path of the browser: CHROMIUM from the environment, or one that is installed.

    The download of Playwright is never used.
    """
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)


def planted_data(shared: Path) -> Path:
    """The data of a garden with a few works, which every garden of this run copies.

    shared: the folder of the run.
    """

    def make(data: Path) -> None:
        static = start_process(data, "manage.py", "collectstatic", "--verbosity", "0", "--no-input")
        shutil.copy(migrated_database(shared), data)
        finish_process(start_process(data, "-m", "tests.journeys.plant"))
        finish_process(static)

    return make_once(shared / "planted", make)


class Garden:
    """The site under test. Its `url` has a host name, because passkeys do not work with numbers."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "server.log"
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self.port = finder.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        # Children differ by chance, and none is to wait for a moderator because of its score.
        self.environment = environment_of(data) | {"ARBORETUM_UNSAFE_SCORE": "1"}
        self.process: subprocess.Popen | None = None

    def prepare(self, shared: Path) -> None:
        """Copy a database, static files with hashed names, and a few works.

        The server then finds nothing to prepare.
        """
        shutil.copytree(planted_data(shared), self.data, dirs_exist_ok=True)
        with override_settings(STATIC_ROOT=self.data / "static"):
            (self.data / "static.stamp").write_text(static_fingerprint())

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py in this garden, and return its output."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        return finish_process(start_process(self.data, *arguments, **self.environment))

    def ask(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        """Ask the garden's database, or change it: the rows of the answer.

        A process that asks Django would take seconds to start.
        """
        database = sqlite3.connect(self.data / "arboretum.sqlite3", timeout=PATIENCE_S)
        with closing(database), database:
            return database.execute(sql, values).fetchall()

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
        """Kill the server as a power cut would: what matters must be on disk already."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def last_email_link(self, pattern: str) -> str:
        """The newest link in the emails so far; without SMTP they are written to the console."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := re.findall(rf"https?://\S*{pattern}\S*", self.log.read_text()):
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"No email with {pattern}:\n{self.log.read_text()[-3000:]}")
