"""Gives works that were featured before there were picks a pick of their own, so that they stay on the shelf."""

from django.db import migrations
from django.utils import timezone


def pick_featured(apps, schema_editor) -> None:
    """A pick without a curator, from the work's publication on."""
    artwork, pick = apps.get_model("gallery", "Artwork"), apps.get_model("gallery", "Pick")
    featured = artwork.objects.filter(is_featured=True, picks__isnull=True).values_list("pk", "published_at")
    pick.objects.bulk_create(pick(artwork_id=pk, starts_at=moment or timezone.now()) for pk, moment in featured)


class Migration(migrations.Migration):

    dependencies = [("gallery", "0005_features")]

    operations = [migrations.RunPython(pick_featured, migrations.RunPython.noop)]
