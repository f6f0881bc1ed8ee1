"""Stored files: deleting them."""

from django.core.files.storage import default_storage


def delete_files(names: list[str]) -> None:
    """Take files out of the storage; those that are gone already are no mistake."""
    for name in names:
        default_storage.delete(name)
