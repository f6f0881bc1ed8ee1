"""A day of a site, in processes of its own: `python -m tests.quiet_day FOLDER`.

It opens the site, reads its wall, prints a picture and screens it, listens to a recording, and
learns for a moment. FOLDER holds `data` (of the site, with its tables) and `work` (of training).
"""

import fcntl
import importlib.util
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genart_site.settings")
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PATIENCE_S = 120
TINY = ["z=8", "embedding=8", "encoder=16", "conductor=16", "plan=8", "decoder=24", "batch=16"]
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def raise_loopback() -> None:
    """Let 127.0.0.1 work in a new network namespace, where even that is off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(control, SIOCGIFFLAGS, request), 16)
        if not flags & IFF_UP:
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def open_site() -> None:
    """Start the server as `make run` does, and read its wall."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    server = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(port)])
    end = time.monotonic() + PATIENCE_S
    try:
        while True:
            assert server.poll() is None and time.monotonic() < end, "The site did not open."
            try:
                with LOCAL.open(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.2)
    finally:
        server.kill()
        server.wait()


def use_studio(work: Path) -> None:
    """Print, screen, listen and learn."""
    from django.core.management import call_command  # noqa: PLC0415 - Django has to be set up

    from gallery.job_runner import run_next  # noqa: PLC0415
    from gallery.models import Artwork, State, User  # noqa: PLC0415
    from gallery.species.actions import sync_species  # noqa: PLC0415
    from generation.codecs.transcription import transcribe  # noqa: PLC0415
    from generation.genome import Recipe  # noqa: PLC0415
    from tests.generation.codecs.test_transcription import make_recording  # noqa: PLC0415
    from tests.generation.data.test_music import make_book  # noqa: PLC0415
    from tests.journeys.plant import publish  # noqa: PLC0415

    sync_species()
    ada = User.objects.create_user("ada", password="a-long-enough-passphrase")
    for species in ("things", "tunes"):
        recipe = Recipe(weights=(1.0,), mutation_rate=0.1, seed=1)
        publish(ada, species.title(), (f"seed:{species}:1",), recipe)
    assert not run_next()
    assert Artwork.objects.filter(state=State.PUBLISHED).count() == 2
    if importlib.util.find_spec("basic_pitch"):
        assert transcribe(make_recording()[0]).notes

    os.chdir(work)
    Path("mine").mkdir()
    Path("mine/book.abc").write_text(make_book(60), encoding="utf-8")
    call_command("prepare_data", "mine")
    call_command("train", "music-vae", "--data", "mine", "--hours", "0.0003", "--set", *TINY)


if __name__ == "__main__":
    raise_loopback()
    open_site()
    django.setup()
    use_studio(Path(sys.argv[1]) / "work")
