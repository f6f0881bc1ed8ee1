"""Reports about collections, and when makers were told that an exhibition with their works has opened."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

NAMED = ("artwork", "comment", "person", "collection")


def tell_nobody_again(apps, schema_editor) -> None:
    """Exhibitions that are open already have been seen; their makers are not told now."""
    opened = apps.get_model("gallery", "Collection").objects.filter(kind="exhibition", opens_at__lte=timezone.now())
    opened.update(announced_at=F("opens_at"))


def names_only(column: str) -> Q:
    return Q(**{f"{other}__isnull": other != column for other in NAMED})


class Migration(migrations.Migration):

    dependencies = [("gallery", "0008_names")]

    operations = [
        migrations.AddField("collection", "announced_at", models.DateTimeField(
            blank=True, editable=False, help_text="When makers were told that the exhibition with their works has opened.",
            null=True, verbose_name="announced at",
        )),
        migrations.RunPython(tell_nobody_again, migrations.RunPython.noop),
        migrations.RemoveConstraint("report", "report_is_about_one_thing"),
        migrations.AddField("report", "collection", models.ForeignKey(
            blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reports",
            to="gallery.collection", verbose_name="collection",
        )),
        migrations.AddConstraint("report", models.CheckConstraint(
            name="report_is_about_one_thing",
            condition=names_only("artwork") | names_only("comment") | names_only("person") | names_only("collection"),
        )),
    ]
