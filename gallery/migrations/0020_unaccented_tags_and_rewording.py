"""The spelling of tags without accents, and when the words of a work last changed."""

import re
import unicodedata

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ACCENT = re.compile("[\u0300-\u036f]")
CHUNK = 500


def spell(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Write the spelling of every tag, as `gallery.models.texts.unaccented` makes it."""
    tags = apps.get_model("gallery", "Tag").objects
    chunk = []
    for tag in tags.only("pk", "slug").iterator(chunk_size=CHUNK):
        bare = ACCENT.sub("", unicodedata.normalize("NFD", tag.slug))
        tag.unaccented = unicodedata.normalize("NFC", bare)
        chunk.append(tag)
        if len(chunk) == CHUNK:
            tags.bulk_update(chunk, ["unaccented"])
            chunk = []
    tags.bulk_update(chunk, ["unaccented"])


class Migration(migrations.Migration):

    dependencies = [("gallery", "0019_looks_and_spellings")]

    operations = [
        migrations.AddField("tag", "unaccented", models.CharField(
            "address without accents", max_length=80, default="", editable=False,
        ), preserve_default=False),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.AddIndex("tag", models.Index(
            fields=["unaccented", "-number"], name="tags_by_unaccented",
        )),
        migrations.AddField("artwork", "reworded_at", models.DateTimeField(
            "reworded at", blank=True, null=True, editable=False,
            help_text="When its title, description, alt text or licence last changed.",
        )),
    ]
