"""Indexes that answer what families, spread and credits ask of many works, without reading the long rows."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("gallery", "0010_kept_words")]

    operations = [
        migrations.AddIndex("artwork", models.Index(
            fields=["author", "id"], name="open_works_of_an_author", condition=Q(state="published", visibility="public"),
        )),
        migrations.AddIndex("artwork", models.Index(
            fields=["id", "author", "novelty", "state", "visibility"], name="works_at_a_glance",
        )),
        migrations.RemoveIndex("lineageedge", "children_of_a_parent"),
        migrations.AddIndex("lineageedge", models.Index(
            fields=["parent", "child", "share", "licence"], name="children_of_a_parent",
        )),
    ]
