"""Bringing the rows of the species in line with what is installed."""

from django.db import transaction

from gallery.core.audit import record
from gallery.core.permissions import check_administrator
from gallery.models import Medium, Species
from generation.checkpoints import Checkpoint, catalogue
from generation.genespaces import species
from generation.refusal import Refused
from generation.words import word

TOLD = ("key", "version", "digest", "is_available", "problem")
MISSING = word("It is no longer installed here.")


def sync_species() -> list[Species]:
    """Read the catalogue anew and write one row for each species; the rows of this garden, in the
    order of its page.

    A broken species keeps its words and is shown as unavailable with the reason; so is one whose
    folder is gone.
    """
    found = catalogue(refresh=True)
    with transaction.atomic():
        for checkpoint in found.values():
            _write(checkpoint)
        gone = Species.objects.exclude(key__in=found)
        gone.update(is_available=False, problem=MISSING)
    return list(Species.objects.all())


def reload_species(user) -> list[Species]:
    """`sync_species` by an administrator, with one line in the log that says which rows changed,
    and how.
    """
    check_administrator(user)
    with transaction.atomic():
        before = {row["key"]: row for row in Species.objects.values(*TOLD)}
        found = sync_species()
        now = {row["key"]: row for row in Species.objects.values(*TOLD)}
        changed = [
            {"before": before.get(key), "after": row}
            for key, row in now.items()
            if row != before.get(key)
        ]
        record(user, "read species", Species(key="*", name="*"), changed=changed)
    return found


def _write(checkpoint: Checkpoint) -> None:
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
            "card": dict(card),
            "is_available": not problem,
            "problem": problem[:300],
        },
    )


def _breeding_problem(checkpoint: Checkpoint) -> str:
    try:
        species(checkpoint.key)
    except Refused as refused:
        return refused.sentence
    return ""
