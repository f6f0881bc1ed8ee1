"""`manage.py serve`, which `make run` starts: what it refuses and what it prepares.

The browser journeys test that it serves.
"""

import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from gallery.management.commands import serve
from gallery.models import Artwork, Planting, Species
from tests.factories import make_artwork
from tests.shared import ROOT, environment_of, migrated_database


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000 ", "٨"])
def test_a_port_that_is_none_is_refused(port: str):
    with pytest.raises(CommandError, match="PORT must be a number from 1 to 65535"):
        serve.read_port(port)


def test_a_taken_port_is_told_before_anything_is_prepared_and_the_next_is_proposed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            CommandError, match=f"Port {port} is already in use.*PORT={port % 65535 + 1}"
        ):
            call_command("serve", host="127.0.0.1", port=str(port))


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CommandError, match="Cannot listen on 203.0.113.7"):
        serve.check_address("203.0.113.7", 8000)


@pytest.mark.django_db
def test_preparing_reads_the_species_and_collects_static_files_once(
    settings, tmp_path: Path, capsys
):
    settings.DATA_DIR, settings.STATIC_ROOT, settings.DEMO_GARDEN = (
        tmp_path,
        tmp_path / "static",
        False,
    )
    call_command("serve", prepare_only=True)
    assert Species.objects.filter(key="patterns", is_available=True).exists()
    tokens = tmp_path / "static" / "css" / "tokens.css"
    tokens.unlink()
    call_command("serve", prepare_only=True)
    assert not tokens.exists()  # Nothing had changed, so nothing was collected.
    assert not Artwork.objects.exists() and not Planting.objects.exists()


@pytest.mark.django_db
def test_an_empty_site_opens_before_its_garden_grows_and_a_full_one_gets_none(
    settings, tmp_path: Path
):
    settings.DATA_DIR, settings.STATIC_ROOT, settings.DEBUG = tmp_path, tmp_path / "static", True
    work = make_artwork()
    call_command("serve", prepare_only=True)
    assert Artwork.objects.count() == 1 and not Planting.objects.exists()
    work.delete()
    call_command("serve", prepare_only=True)
    call_command("serve", prepare_only=True)
    planting = Planting.objects.get()
    assert planting.total > 100 and planting.planted == 0 and planting.finished_at is None
    assert not Artwork.objects.exists()
    # A garden that has grown and was cleared away does not come back.
    Planting.objects.update(finished_at=timezone.now())
    call_command("serve", prepare_only=True)
    assert Planting.objects.get().finished_at is not None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("2001:db8::7", "http://[2001:db8::7]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, address: str):
    assert serve.address_of(host, 8000) == address


class Start:
    """`manage.py serve` in a process of its own, which the test can interrupt."""

    def __init__(self, data: Path, *arguments: str, **variables: str) -> None:
        self.port = free_port()
        # As from a terminal: a test run in the background may ignore Ctrl-C, and pass that on.
        code = (
            "import signal, runpy, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            " sys.argv = ['manage.py', *sys.argv[1:]];"
            " runpy.run_path('manage.py', run_name='__main__')"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", "--port", str(self.port), *arguments],
            cwd=ROOT,
            env=environment_of(data) | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, words: str) -> str:
        """The output up to the line with these words."""
        read = ""
        for line in self.process.stdout or ():
            read += line
            if words in line:
                return read
        raise AssertionError(f"It ended without “{words}”:\n{read}")

    def interrupt(self) -> str:
        """Press Ctrl-C, and return the rest of the output."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def free_port() -> int:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


@pytest.mark.slow
def test_the_address_is_told_once_it_answers_and_ctrl_c_ends_in_one_sentence(
    shared: Path, tmp_path: Path
):
    shutil.copy(migrated_database(shared), tmp_path)
    start = Start(tmp_path, "--host", "::1", ARBORETUM_DEMO_GARDEN="1", ARBORETUM_RUN_JOBS="1")
    assert f"http://[::1]:{start.port}/" in start.read_until("is open at")
    with urllib.request.urlopen(f"http://[::1]:{start.port}/", timeout=60) as answer:
        assert answer.status == 200
    rest = start.interrupt()
    assert rest.splitlines()[-1] == (
        "Arboretum is closed. The demo garden goes on growing at the next start."
    )
    assert "Traceback" not in rest and start.process.returncode == 0
    with sqlite3.connect(tmp_path / "arboretum.sqlite3") as database:
        held = database.execute("SELECT token FROM gallery_planting").fetchall()
    assert held == [(None,)]  # The next start need not wait for the end of a lease.


@pytest.mark.slow
def test_ctrl_c_while_it_prepares_ends_in_one_sentence(shared: Path, tmp_path: Path):
    shutil.copy(migrated_database(shared), tmp_path)
    start = Start(tmp_path)
    start.read_until("Collecting styles and scripts.")
    assert start.interrupt().strip() == "Stopped. The next start goes on from here."
    assert start.process.returncode == 130
