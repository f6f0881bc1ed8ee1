"""Models under the field's own words: Species, Boundary (mutes and blocks) and ScheduledTask."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = {"generator": "species", "keptaway": "boundary", "chore": "scheduledtask"}


def rename_kinds(apps, schema_editor) -> None:
    """The audit log names what was acted on by its model."""
    entries = apps.get_model("gallery", "AuditEntry").objects
    for old, new in KINDS.items():
        entries.filter(subject_kind=old).update(subject_kind=new)
    apps.get_model("gallery", "ScheduledTask").objects.filter(name="tend").update(name="rankings")


def restore_kinds(apps, schema_editor) -> None:
    entries = apps.get_model("gallery", "AuditEntry").objects
    for old, new in KINDS.items():
        entries.filter(subject_kind=new).update(subject_kind=old)
    apps.get_model("gallery", "ScheduledTask").objects.filter(name="rankings").update(name="tend")


LISTED = models.Q(("state", "published"), ("visibility", "public"))
# Index -> what it is ordered by first; the fields that shelves are narrowed by follow.
SHELVES = {
    "wall_newest_first": "published_at",
    "wall_by_love": "love",
    "wall_by_child_count": "child_count",
    "wall_by_rarity": "rarity",
    "wall_by_stepping": "stepping",
    "wall_by_mix": "mix",
}


def drop_indexes() -> list:
    names = [*SHELVES, "works_of_a_generator"]
    return [migrations.RemoveIndex("artwork", name) for name in names]


def add_indexes() -> list:
    shelves = [
        models.Index(
            condition=LISTED,
            fields=[f"-{key}", "-id", "species", "colour", "licence", "depth"],
            name=name,
        )
        for name, key in SHELVES.items()
    ]
    by_species = models.Index(
        condition=LISTED, fields=["species", "-published_at", "-id"], name="works_of_a_generator"
    )
    return [migrations.AddIndex("artwork", index) for index in [*shelves, by_species]]


class Migration(migrations.Migration):
    dependencies = [("gallery", "0012_hidden_collections")]

    operations = [
        migrations.RenameModel("Generator", "Species"),
        # An index keeps the old name of a field that is renamed under it, so it is made anew.
        *drop_indexes(),
        migrations.RenameField("Artwork", "generator", "species"),
        *add_indexes(),
        migrations.RenameModel("KeptAway", "Boundary"),
        migrations.RenameField("Boundary", "distance", "kind"),
        migrations.AlterField(
            "boundary",
            "other",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="boundaries_against",
                to=settings.AUTH_USER_MODEL,
                verbose_name="other person",
            ),
        ),
        migrations.AlterField(
            "boundary",
            "user",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="boundaries",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.RenameModel("Chore", "ScheduledTask"),
        migrations.RunPython(rename_kinds, restore_kinds),
    ]
