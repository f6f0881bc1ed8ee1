"""What every test stands on: plain static files, a throwaway media folder, no job runner, and an engine that paints squares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery import studio
from generation.engine import LocalEngine
from tests.squares import make_engine


@pytest.fixture(autouse=True)
def test_settings(settings, tmp_path: Path) -> None:
    """The site as it is shipped, without what makes tests slow or lets them write outside their own folder."""
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RUN_JOBS = False
    settings.PRINT_SIZE = 64


@pytest.fixture
def squares_engine() -> Iterator[LocalEngine]:
    """The engine of this process replaced by one that paints squares at once."""
    engine = make_engine()
    studio.use_engine(engine)
    yield engine
    studio.use_engine(None)
