"""A whole site for the journeys: the command `make run` uses, in a process of its own, on a free port, with its own data."""

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

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 90
PASSWORD = "a-long-enough-passphrase"  # Of everybody in it.
CHROMIUMS = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The browser: CHROMIUM from the environment, else what the system has. Playwright's own download is never used."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)


class Garden:
    """The site under test. `url` names localhost, because a passkey belongs to a name and not to a number."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "server.log"
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self.port = finder.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ARBORETUM_", "DJANGO_"))}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "genart_site.settings", "ARBORETUM_DATA": str(data), "ARBORETUM_DEMO_GARDEN": "0",
            "ARBORETUM_PRINT_SIZE": "256", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen | None = None

    def prepare(self) -> None:
        """Tables, static files with hashed names, and a few works."""
        self.manage("serve", "--prepare-only")
        self.run("-m", "tests.journeys.plant")

    def manage(self, *arguments: str) -> str:
        """A command of manage.py in this garden; its output."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT)
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
