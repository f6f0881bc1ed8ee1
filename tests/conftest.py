"""Settings and fixtures of all tests.

Tests use plain static files, a throwaway media folder, no job runner, and where they need one, an
engine that paints squares.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from gallery import studio
from gallery.i18n.catalogues import compile_stale
from generation import checkpoints
from generation.engine.engine import LocalEngine
from tests.shared import migrated_database
from tests.squares import make_engine


def pytest_configure() -> None:
    """Translations are compiled before Django reads them, as `make run` does."""
    compile_stale()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: nobody need look through it for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _shipped_species() -> None:
    """No species but the shipped ones: those that somebody imported here are no part of tests."""
    os.environ.pop("ARBORETUM_CHECKPOINTS", None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the database on SQLite: it is a copy of one that has its tables already."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> None:
    """Give this process a database file of its own.

    SQLite's in-memory database does not wait for locks, so threads would fail in tests only.
    """
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copy(migrated_database(shared), path)
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(autouse=True)
def test_settings(settings, tmp_path: Path) -> None:
    """The shipped settings, except for what is slow or writes outside the folder of the test."""
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RUN_JOBS = False
    settings.PRINT_SIZE = 64
    cache.clear()  # Rate limits are counted by user id, and the users of all tests share ids.


@pytest.fixture
def more_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for checkpoints beside the shipped ones.

    The catalogue is read again afterwards.
    """
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    yield tmp_path
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    checkpoints.catalogue(refresh=True)


@pytest.fixture
def squares_engine() -> Iterator[LocalEngine]:
    """The engine of this process, replaced by one that paints squares at once."""
    engine = make_engine()
    studio.use_engine(engine)
    yield engine
    studio.use_engine(None)
