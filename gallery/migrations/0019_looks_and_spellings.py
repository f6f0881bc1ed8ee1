"""What catches the eye in works, the index of people and collections, and the words known to the search."""

from django.db import migrations, models
from django.db.models import Q

# What gallery.models.text_index and spelling were when this migration was written.
WORKS = "gallery_artworktext"
TABLES = ("gallery_persontext", "gallery_collectiontext")
SHORTEST, LONGEST, CHUNK = 4, 24, 2_000


def create(apps, schema_editor) -> None:
    """The tables are filled by the maintenance (gallery.discovery.indexing)."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {table}_by_words ON {table} USING gin (words)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(words, detail=none, prefix='1 2 3', tokenize='ascii')"
            )


def drop(apps, schema_editor) -> None:
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


def remember(apps, schema_editor) -> None:
    """Remember the words by which works are found already."""
    connection = schema_editor.connection
    words = set()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT DISTINCT unnest(tsvector_to_array(words)) FROM {WORKS}")
            words.update(word for (word,) in cursor.fetchall())
        else:
            cursor.execute(f"SELECT words FROM {WORKS}")
            while rows := cursor.fetchmany(CHUNK):
                words.update(word for (text,) in rows for word in text.split())
    spelling = apps.get_model("gallery", "SpellingKey")
    spelt = sorted(
        word for word in words
        if SHORTEST <= len(word) <= LONGEST and word.isalpha() and ord(max(word)) < 0x2E80
    )
    for start in range(0, len(spelt), CHUNK):
        spelling.objects.bulk_create(
            (
                spelling(key=key, word=word)
                for word in spelt[start : start + CHUNK]
                for key in dict.fromkeys([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))])
            ),
            batch_size=400,
        )


class Migration(migrations.Migration):

    dependencies = [("gallery", "0017_planting")]

    operations = [
        migrations.AddField("artwork", "salient", models.CharField(
            "salient colour", max_length=7, blank=True, default="",
            help_text="Empty until the picture was looked at.",
        ), preserve_default=False),
        migrations.AddField("artwork", "presence", models.FloatField(
            "presence", default=0.0, help_text="How well the picture fills a large tile, 0 to 1.",
        )),
        migrations.AlterField("artwork", "colour", models.CharField(
            "name of the colour", max_length=8, blank=True,
            help_text="The name of the salient colour (gallery.discovery.colours).",
        )),
        migrations.AddIndex("artwork", models.Index(
            fields=["-id"], name="works_not_looked_at", condition=Q(salient="", published_at__isnull=False),
        )),
        migrations.CreateModel("SpellingKey", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.CharField("key", max_length=24)),
            ("word", models.CharField("word", max_length=24)),
        ], options={"verbose_name": "spelling", "verbose_name_plural": "spellings"}),
        migrations.AddConstraint("spellingkey", models.UniqueConstraint(
            fields=["key", "word"], name="spellings_by_key",
        )),
        migrations.AddIndex("spellingkey", models.Index(fields=["word"], name="keys_of_a_word")),
        migrations.RunPython(create, drop),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
