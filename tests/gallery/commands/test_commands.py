"""The management commands, by their output and what they leave behind."""

import os
import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from gallery.management.commands import seed_garden
from gallery.models import Artwork, Species
from tests.factories import make_artwork, make_job

pytestmark = pytest.mark.django_db


def output(*command: str) -> str:
    stream = StringIO()
    call_command(*command, stdout=stream)
    return stream.getvalue()


def test_sync_species_says_what_is_available():
    assert "patterns (version 1): available" in output("sync_species")
    assert Species.objects.filter(key="patterns").exists()


def test_run_jobs_once_prints_everything(squares_engine):
    make_job(), make_job()
    assert "2 jobs done" in output("run_jobs", "--once")
    assert Artwork.objects.listed().count() == 2


def test_prune_media_deletes_what_belongs_to_nothing():
    kept = make_artwork(has_files=True)
    orphan = default_storage.save("works/aa/aaaa/master-dead.png", ContentFile(b"x"))
    fresh = default_storage.save("works/aa/aaaa/master-new.png", ContentFile(b"x"))
    long_ago = time.time() - 7200
    for name in (orphan, kept.master.name):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    assert orphan in output("prune_media", "--dry-run") and default_storage.exists(orphan)
    assert "1 files deleted" in output("prune_media")
    assert not default_storage.exists(orphan)
    assert default_storage.exists(fresh) and default_storage.exists(kept.master.name)


def test_seed_garden_does_nothing_where_works_exist():
    make_artwork()
    assert "nothing is planted" in output("seed_garden")
    assert Artwork.objects.count() == 1


def test_seed_garden_reports_a_refusal(monkeypatch):
    monkeypatch.setattr(
        seed_garden,
        "plant_garden",
        lambda **_: (_ for _ in ()).throw(seed_garden.Refused("No soil.")),
    )
    with pytest.raises(CommandError, match="No soil"):
        output("seed_garden")
