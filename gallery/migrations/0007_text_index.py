"""The full-text index in place of the table of words, the numbers of tags, and indexes for narrowed shelves."""

from django.db import migrations, models

from gallery import text_index

CREATE = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {text_index.TABLE} USING fts5(words, detail=none, prefix='1 2 3', tokenize='ascii')",
    ],
    "postgresql": [
        f"CREATE TABLE {text_index.TABLE} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX works_by_words ON {text_index.TABLE} USING gin (words)",
    ],
}
CHUNK = 500


def create(apps, schema_editor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    schema_editor.execute(f"DROP TABLE {text_index.TABLE}")


def fill(apps, schema_editor) -> None:
    """Index the works that stand in the garden already."""
    works = apps.get_model("gallery", "Artwork").objects.exclude(state="removed").select_related("author")
    works = works.defer("genome", "pedigree").prefetch_related("tags").order_by("pk")
    last = 0
    while chunk := list(works.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        text_index.write((work.pk, _text_of(work)) for work in chunk)


def _text_of(work) -> str:
    tags = " ".join(tag.name for tag in work.tags.all())
    return f"{work.title} {tags} {work.author.username} {work.author.display_name} {work.description}"


def wall_index(key: str, name: str, *others: str) -> models.Index:
    return models.Index(
        fields=[f"-{key}", "-id", *others], name=name, condition=models.Q(state="published", visibility="public")
    )


WALLS = {
    "published_at": "wall_newest_first", "love": "wall_by_love", "child_count": "wall_by_child_count",
    "rarity": "wall_by_rarity", "stepping": "wall_by_stepping", "mix": "wall_by_mix",
}


class Migration(migrations.Migration):

    dependencies = [("gallery", "0006_picks")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.DeleteModel("ArtworkWord"),
        migrations.AddField(
            "tag", "number", models.PositiveIntegerField(default=0, help_text="Public works under it, as last counted.")
        ),
        migrations.AddIndex("tag", models.Index(fields=["-number", "slug"], name="tags_by_number")),
        *(migrations.RemoveIndex("artwork", name) for name in WALLS.values()),
        *(
            migrations.AddIndex("artwork", wall_index(key, name, "generator", "colour", "licence", "depth"))
            for key, name in WALLS.items()
        ),
    ]
