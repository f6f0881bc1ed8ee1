"""Addresses of tags in their own script: 红花2 and 蓝花2, C++ and C#, are tags of their own.

Emoji and other symbols, which can be searched from now on, are added to the index of words.
"""

import re
import unicodedata
from collections import defaultdict
from importlib import import_module

from django.db import migrations, models
from django.utils.text import slugify

LONGEST, LONGEST_BEFORE = 80, 40
IGNORED = re.compile("[\u00ad\u061c\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def fold(name: str) -> str:
    """The address of a tag from now on, as `gallery.models.texts.slug_of` makes it."""
    folded = IGNORED.sub("", unicodedata.normalize("NFKC", name).casefold())
    slug = re.sub(r"[\s/\\-]+", "-", unicodedata.normalize("NFKC", folded)).strip("-")
    return slug if any(unicodedata.category(letter)[0] in "LNS" for letter in slug) else ""


def write_in_own_script(apps, schema_editor) -> None:
    """Tags whose folded names are equal become one, the older, with the works of both."""
    tags = apps.get_model("gallery", "Tag").objects
    through = apps.get_model("gallery", "Artwork").tags.through.objects
    same: dict[str, list] = defaultdict(list)
    for tag in tags.order_by("pk"):
        slug = fold(tag.name)
        same[slug if 0 < len(slug) <= LONGEST else tag.slug].append(tag)
    for first, *others in same.values():
        for other in others:
            tagged = through.filter(tag_id=first.pk).values("artwork_id")
            through.filter(tag_id=other.pk).exclude(artwork_id__in=tagged).update(tag_id=first.pk)
            tags.filter(pk=other.pk).delete()
    rename(tags, {found[0].pk: slug for slug, found in same.items()})


def write_in_ascii(apps, schema_editor) -> None:
    """Every tag gets an address of a to z again; those that would share one, with their number."""
    tags = apps.get_model("gallery", "Tag").objects
    taken: set[str] = set()
    slugs: dict[int, str] = {}
    for tag in tags.order_by("pk"):
        slug = slugify(tag.name)[:LONGEST_BEFORE]
        if not slug or slug in taken:
            number = f"-{tag.pk}"
            slug = f"{(slug or 'tag')[: LONGEST_BEFORE - len(number)]}{number}"
        taken.add(slug)
        slugs[tag.pk] = slug
    rename(tags, slugs)


def rename(tags, slugs: dict[int, str]) -> None:
    """Give tags their new addresses, in two steps, as one may be another's old one."""
    changed = [tag for tag in tags.filter(pk__in=slugs) if tag.slug != slugs[tag.pk]]
    for tag in changed:
        tag.slug = f"~{tag.pk}"
    tags.bulk_update(changed, ["slug"], batch_size=500)
    for tag in changed:
        tag.slug = slugs[tag.pk]
    tags.bulk_update(changed, ["slug"], batch_size=500)


def index_symbols(apps, schema_editor) -> None:
    """Index the works again whose texts have a symbol."""
    index = import_module("gallery.migrations.0007_text_index")
    works = apps.get_model("gallery", "Artwork").objects.exclude(state="removed")
    works = works.select_related("author").defer("genome", "pedigree").prefetch_related("tags")
    rows = []
    for work in works.order_by("pk").iterator(chunk_size=500):
        text = index._text_of(work)
        symbols = [sign for sign in text if unicodedata.category(sign) == "So"]
        if symbols:
            terms = list(dict.fromkeys([*symbols, *index._terms(text)]))
            rows.append((work.pk, terms[: index.MAX_WORDS]))
    with schema_editor.connection.cursor() as cursor:
        for key, terms in rows:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(
                    f"INSERT INTO {index.TABLE} (id, words) VALUES (%s, array_to_tsvector(%s::text[]))"
                    " ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                    [key, terms],
                )
            else:
                cursor.execute(f"DELETE FROM {index.TABLE} WHERE rowid = %s", [key])
                cursor.execute(
                    f"INSERT INTO {index.TABLE} (rowid, words) VALUES (%s, %s)",
                    [key, " ".join(terms)],
                )


class Migration(migrations.Migration):
    dependencies = [("gallery", "0014_texts")]

    operations = [
        migrations.AlterField(
            "tag",
            "slug",
            models.CharField(max_length=LONGEST, unique=True, verbose_name="address"),
        ),
        migrations.RunPython(write_in_own_script, write_in_ascii),
        migrations.RunPython(index_symbols, migrations.RunPython.noop),
    ]
