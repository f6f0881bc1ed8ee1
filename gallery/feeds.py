"""The wall for feed readers (Atom, RFC 4287)."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from gallery.models import Artwork

ENTRIES = 30


class Wall(Feed):
    """The newest public works."""

    feed_type = Atom1Feed
    subtitle = "The newest works of the garden."

    def title(self) -> str:
        return settings.GARDEN_NAME

    def link(self) -> str:
        return reverse("home")

    def items(self) -> QuerySet[Artwork]:
        return Artwork.objects.listed().filter(published_at__isnull=False).for_cards()[:ENTRIES]

    def item_title(self, item: Artwork) -> str:
        return item.title

    def item_description(self, item: Artwork) -> str:
        """The picture and its words, as HTML; the address of the picture is made whole, for readers elsewhere."""
        picture = settings.ORIGIN + item.thumbnail_url
        return format_html('<img src="{}" alt="{}">', picture, item.alt)

    def item_author_name(self, item: Artwork) -> str:
        return item.author.name

    def item_author_link(self, item: Artwork) -> str:
        return item.author.get_absolute_url()

    def item_pubdate(self, item: Artwork) -> datetime:
        return item.published_at
