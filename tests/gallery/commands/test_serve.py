"""`manage.py serve`, which `make run` starts: what it refuses and what it prepares.

The browser journeys test that it serves.
"""

import socket
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from gallery.management.commands import serve
from gallery.models import Artwork, Species
from tests.factories import make_artwork


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
    assert (tmp_path / "static" / "css" / "tokens.css").exists()
    (tmp_path / "static" / "css" / "tokens.css").unlink()
    call_command("serve", prepare_only=True)
    assert not (
        tmp_path / "static" / "css" / "tokens.css"
    ).exists()  # Nothing had changed, so nothing was collected.
    assert not Artwork.objects.exists()


@pytest.mark.django_db
def test_a_garden_with_works_is_not_planted_again(settings, tmp_path: Path):
    settings.DATA_DIR, settings.STATIC_ROOT, settings.DEBUG = tmp_path, tmp_path / "static", True
    make_artwork()
    call_command("serve", prepare_only=True)
    assert Artwork.objects.count() == 1


def test_behind_a_proxy_daphne_believes_its_headers(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert "--proxy-headers" not in serve.daphne_command("127.0.0.1", 8000)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert "--proxy-headers" in serve.daphne_command("127.0.0.1", 8000)
