"""Fills the columns of roles and of the licences of old; apart from the new tables, because PostgreSQL wants it so."""

from django.db import migrations, models


def give_roles(apps, schema_editor) -> None:
    """Operators of old become administrators."""
    apps.get_model("gallery", "User").objects.filter(is_staff=True).update(role="administrator")


def remember_licences(apps, schema_editor) -> None:
    """What a parent's licence was at the time of breeding was not kept; today's is the nearest that is known."""
    artwork, edge = apps.get_model("gallery", "Artwork"), apps.get_model("gallery", "LineageEdge")
    of_parent = artwork.objects.filter(pk=models.OuterRef("parent")).values("licence")[:1]
    edge.objects.update(licence=models.Subquery(of_parent))


class Migration(migrations.Migration):

    dependencies = [("gallery", "0003_people")]

    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop),
        migrations.RunPython(remember_licences, migrations.RunPython.noop),
    ]
