"""Species whose works are for adults, and people who asked to see them."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def read_cards(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Mark the species whose card says so; the next start reads the cards again anyway."""
    for species in apps.get_model("gallery", "Species").objects.all():
        if species.card.get("age_gate", False) is not False:
            species.has_age_gate = True
            species.save(update_fields=["has_age_gate"])


class Migration(migrations.Migration):

    dependencies = [("gallery", "0021_grafts")]

    operations = [
        migrations.AddField("species", "has_age_gate", models.BooleanField(
            "for adults", default=False,
            help_text="Its works are hidden from people who have not asked for them.",
        )),
        migrations.AddField("user", "sees_adult_works", models.BooleanField(
            "shows works for adults", default=False,
            help_text="Whether they said that they are of age, and want to see them.",
        )),
        migrations.RunPython(read_cards, migrations.RunPython.noop),
    ]
