"""How a child comes from a parent: bred, or painted over it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("gallery", "0020_unaccented_tags_and_rewording")]

    operations = [
        migrations.AddField("lineageedge", "kind", models.CharField(
            "kind", max_length=8, default="bred",
            choices=[("bred", "Bred"), ("graft", "Grafted")],
        )),
    ]
