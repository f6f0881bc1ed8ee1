"""Helpers for the media storage."""

from django.core.files.storage import default_storage


def delete_files(names: list[str]) -> None:
    """Delete files from the media storage; files that do not exist are ignored."""
    for name in names:
        default_storage.delete(name)
