"""What a moderator hid is marked so, and stays hidden until a moderator shows it again; before, it was only made private."""

from django.db import migrations, models


def mark_hidden(apps, schema_editor) -> None:
    """Of the collections that moderators made private, those that are private still and say what they said then."""
    collections, entries = apps.get_model("gallery", "Collection"), apps.get_model("gallery", "AuditEntry")
    last = {}
    for entry in entries.objects.filter(verb="hide collection", subject_kind="collection").order_by("pk"):
        last[int(entry.subject_id)] = entry
    for pk, entry in last.items():
        said = {"title": entry.details.get("title", ""), "text": entry.details.get("text", "")}
        collections.objects.filter(pk=pk, is_public=False, **said).update(hidden_at=entry.created_at)


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0011_narrow_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='collection',
            name='hidden_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When a moderator hid it. Empty: no moderator did.', null=True, verbose_name='hidden at'),
        ),
        migrations.RunPython(mark_hidden, migrations.RunPython.noop, elidable=True),
    ]
