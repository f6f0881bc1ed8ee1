"""The full-text index in place of the table of words, the numbers of tags, and indexes for narrowed shelves."""

import re
import unicodedata

from django.db import migrations, models

# What gallery.models.text_index was when this migration was written: a migration must go on doing
# the same, whatever becomes of the code.
TABLE = "gallery_artworktext"
MAX_WORD, MAX_WORDS = 40, 400
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_VOICED = "\u3099\u309a"

CREATE = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, detail=none, prefix='1 2 3', tokenize='ascii')",
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX works_by_words ON {TABLE} USING gin (words)",
    ],
}
CHUNK = 500


def create(apps, schema_editor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    schema_editor.execute(f"DROP TABLE {TABLE}")


def fill(apps, schema_editor) -> None:
    """Index the works that stand in the garden already."""
    works = apps.get_model("gallery", "Artwork").objects.exclude(state="removed").select_related("author")
    works = works.defer("genome", "pedigree").prefetch_related("tags").order_by("pk")
    last = 0
    while chunk := list(works.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        _write(schema_editor.connection, [(work.pk, _text_of(work)) for work in chunk])


def _write(connection, rows: list[tuple[int, str]]) -> None:
    folded = [(key, _terms(text)[:MAX_WORDS]) for key, text in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (id, words) VALUES (%s, array_to_tsvector(%s::text[])) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                folded,
            )
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key, _ in folded])
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",
                [(key, " ".join(words)) for key, words in folded],
            )


def _terms(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(
        letter for letter in decomposed if letter in _VOICED or not unicodedata.combining(letter)
    )
    words = _WORD.findall(unicodedata.normalize("NFC", bare))
    return list(dict.fromkeys(part for word in words for run in _RUN.findall(word) for part in _cut(run)))


def _cut(run: str) -> list[str]:
    if not re.match(f"[{_UNSPACED}]", run):
        return [run[:MAX_WORD]]
    return [*(run[place : place + 2] for place in range(len(run) - 1)), run[-1]]


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
