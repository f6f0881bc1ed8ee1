"""Bringing the rows of the species in line with the checkpoints that are installed."""

from django.db import transaction

from gallery.core.audit import record
from gallery.core.permissions import check_administrator
from gallery.models import Medium, Species, User
from generation.checkpoints import Checkpoint, catalogue
from generation.genespaces import species
from generation.refusal import Refused
from generation.words import word

LOGGED_FIELDS = ("key", "version", "digest", "is_available", "problem")
MISSING = word("It is no longer installed here.")


def sync_species() -> list[Species]:
    """Read the catalogue again and write one row for each species; returns all rows, in order.

    A species that is broken or whose folder is gone keeps its texts and is marked as unavailable,
    with the reason.
    """
    found = catalogue(refresh=True)
    with transaction.atomic():
        for checkpoint in found.values():
            _write(checkpoint)
        gone = Species.objects.exclude(key__in=found)
        gone.update(is_available=False, problem=MISSING)
    return list(Species.objects.all())


def reload_species(user: User) -> list[Species]:
    """`sync_species` by an administrator, with an audit entry of which rows changed, and how."""
    check_administrator(user)
    with transaction.atomic():
        before = {row["key"]: row for row in Species.objects.values(*LOGGED_FIELDS)}
        found = sync_species()
        now = {row["key"]: row for row in Species.objects.values(*LOGGED_FIELDS)}
        changed = [
            {"before": before.get(key), "after": row}
            for key, row in now.items()
            if row != before.get(key)
        ]
        record(user, "read species", Species(key="*", name="*"), changed=changed)
    return found


def _write(checkpoint: Checkpoint) -> None:
    """Write the row of a checkpoint; of a broken one that has a row, only that it is broken."""
    problem = checkpoint.problem or _breeding_problem(checkpoint)
    row = Species.objects.filter(key=checkpoint.key).first()
    if checkpoint.problem and row is not None:
        row.is_available, row.problem = False, problem[:300]
        row.save(update_fields=["is_available", "problem"])
        return
    card = checkpoint.card
    medium = str(card.get("medium", ""))
    if medium not in Medium.values:
        problem = (
            problem
            or f"Its card names the medium “{medium[:20]}”, which this version does not know."
        )
        medium = Medium.PICTURE
    version = card.get("version", 1)
    Species.objects.update_or_create(
        key=checkpoint.key[:60],
        defaults={
            "name": str(card.get("name") or checkpoint.key)[:80],
            "medium": medium,
            "version": version if isinstance(version, int) and version > 0 else 1,
            "digest": checkpoint.digest,
            "licence": str(card.get("licence", ""))[:80],
            "credit": str(card.get("credit", ""))[:300],
            "description": str(card.get("description", "")),
            # Where files lie on this machine concerns nobody else.
            "card": {name: value for name, value in card.items() if name != "source"},
            "has_age_gate": checkpoint.terms.has_age_gate,
            "is_available": not problem,
            "problem": problem[:300],
        },
    )


def _breeding_problem(checkpoint: Checkpoint) -> str:
    """Why works of this checkpoint cannot be bred; empty when they can."""
    try:
        species(checkpoint.key)
    except Refused as refused:
        return refused.sentence
    return ""
