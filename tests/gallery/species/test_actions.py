"""The rows of the species follow what is installed."""

import json

import pytest

from gallery.models import AuditEntry, Species
from gallery.species.actions import reload_species, sync_species
from generation import checkpoints
from generation.refusal import Refused
from tests.factories import make_species, make_user

pytestmark = pytest.mark.django_db
CARD = {
    "key": "mosses",
    "name": "Mosses",
    "medium": "picture",
    "architecture": "patterns",
    "version": 2,
    "licence": "CC0-1.0",
    "credit": "Tests",
    "description": "Patterns by another name.",
}


def write(folder, name: str, card) -> None:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "card.json").write_text(card if isinstance(card, str) else json.dumps(card))


def row(key: str) -> Species:
    return Species.objects.get(key=key)


def test_the_shipped_species_become_rows():
    sync_species()
    patterns = row("patterns")
    assert patterns.is_available and patterns.digest == checkpoints.find("patterns").digest
    assert sync_species() == list(Species.objects.all())


def test_a_new_species_and_its_new_version_are_taken_over(more_checkpoints):
    write(more_checkpoints, "mosses", CARD)
    sync_species()
    before = row("mosses")
    assert before.is_available and before.name == "Mosses" and before.version == 2
    write(more_checkpoints, "mosses", CARD | {"version": 3})
    sync_species()
    assert row("mosses").version == 3 and row("mosses").digest != before.digest


def test_broken_species_are_shown_as_unavailable_with_the_reason(more_checkpoints):
    write(more_checkpoints, "mosses", CARD)
    sync_species()
    write(more_checkpoints, "mosses", CARD | {"weights_sha256": "0" * 64})
    write(more_checkpoints, "torn", "{")
    write(more_checkpoints, "odd", CARD | {"key": "odd", "architecture": "unheard-of"})
    write(more_checkpoints, "smell", CARD | {"key": "smell", "medium": "smell"})
    sync_species()
    assert not row("mosses").is_available and "weights" in row("mosses").problem
    assert row("mosses").name == "Mosses"
    assert not row("torn").is_available and "card.json" in row("torn").problem
    assert not row("odd").is_available and "architecture" in row("odd").problem
    assert not row("smell").is_available and "medium" in row("smell").problem


def test_a_species_that_is_gone_keeps_its_row():
    make_species("ferns")
    sync_species()
    assert not row("ferns").is_available and "no longer installed" in row("ferns").problem


def test_reloading_is_logged_with_what_it_changed(more_checkpoints):
    administrator = make_user(role="administrator")
    sync_species()
    reload_species(administrator)
    write(more_checkpoints, "mosses", CARD)
    reload_species(administrator)
    new, nothing = AuditEntry.objects.all()
    assert (new.staff, new.verb, new.subject_kind) == (administrator, "read species", "species")
    assert nothing.details == {"changed": []}
    [change] = new.details["changed"]
    assert (
        change["before"] is None
        and change["after"]["key"] == "mosses"
        and change["after"]["version"] == 2
    )
    with pytest.raises(Refused, match="administrators"):
        reload_species(make_user(role="moderator"))
    assert AuditEntry.objects.count() == 2
