"""An artwork: a genome somebody gave a title, and its files."""

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from gallery.models import text_index
from gallery.models.fields import LineField, ProseField
from gallery.models.social import Boundary, BoundaryKind
from gallery.models.species import Medium, Species
from gallery.models.terms import GONE, Licence, State, Visibility
from gallery.models.texts import isolate
from gallery.types import AnyUser
from generation.finishing.steps import is_learnt, is_see_through
from generation.genespaces.pictures import DRAWING, PHOTO, STORED, origin_of, stored_species
from generation.genome import Genome
from generation.refusal import Refused

if TYPE_CHECKING:
    from gallery.models import Job


class ArtworkQuerySet(models.QuerySet["Artwork"]):
    """Queries of artworks, above all: which works a person may open, edit and breed."""

    def visible_to(self, user: AnyUser) -> "ArtworkQuerySet":
        """Works that this person may open: published public and unlisted ones, and their own.

        A quarantined work is closed to its maker too. Moderators may open every work but deleted
        and removed ones.
        """
        if user.is_authenticated and user.is_moderator:
            return self.exclude(state__in=GONE)
        open_to_all = Q(
            state=State.PUBLISHED, visibility__in=[Visibility.PUBLIC, Visibility.UNLISTED]
        )
        if not user.is_authenticated:
            return self.filter(open_to_all)
        return self.filter(
            open_to_all | (Q(author=user) & ~Q(state__in=[State.QUARANTINED, *GONE]))
        )

    def editable_by(self, user: AnyUser) -> "ArtworkQuerySet":
        """Works that this person may change: their own outside quarantine; moderators, all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_moderator:
            return self.exclude(state__in=GONE)
        return self.filter(author=user).exclude(state__in=[State.QUARANTINED, *GONE])

    def listed(self) -> "ArtworkQuerySet":
        """Works that are shown on walls: published and public."""
        return self.filter(state=State.PUBLISHED, visibility=Visibility.PUBLIC)

    def within_boundaries(self, user: AnyUser) -> "ArtworkQuerySet":
        """Without what this person does not want to see.

        That are works of people whom they mute or block, and works for adults, unless they asked
        for those.
        """
        works = self.suitable_for(user)
        if not user.is_authenticated:
            return works
        return works.exclude(author__in=Boundary.objects.filter(user=user).values("other"))

    def suitable_for(self, user: AnyUser) -> "ArtworkQuerySet":
        """Without works for adults, unless this person asked for them."""
        if sees_adult_works(user):
            return self
        return self.exclude(species__in=Species.objects.filter(has_age_gate=True).values("pk"))

    def matching(self, query: str) -> "ArtworkQuerySet":
        """Works with all words of the query in title, description, tags or maker.

        The last word also matches as the beginning of a word.
        """
        return text_index.narrow(self, query)

    def breedable_by(self, user: AnyUser) -> "ArtworkQuerySet":
        """Works that this person may breed: those whose makers allow it, and their own.

        Use it after `visible_to`. Left out are works in which somebody else reserves all rights,
        works by somebody who blocks this person, works for adults unless this person asked for
        them, and private works: moderators may look at those, but a child would show them to
        others.
        """
        shared = Q(visibility__in=[Visibility.PUBLIC, Visibility.UNLISTED])
        allowed = Q(state=State.PUBLISHED, may_be_bred=True) & shared & ~Q(licence=Licence.RESERVED)
        if user.is_authenticated:
            blocking = Boundary.objects.filter(other=user, kind=BoundaryKind.BLOCK)
            allowed &= ~Q(author__in=blocking.values("user"))
            allowed |= Q(author=user, state__in=[State.PUBLISHED, State.RENDERING])
        return self.suitable_for(user).filter(allowed, species__is_available=True)

    def with_genes(self) -> "ArtworkQuerySet":
        """Without uploaded pictures, which can be grafted but not bred."""
        return self.exclude(species__in=stored_species())

    def for_cards(self) -> "ArtworkQuerySet":
        """The same works, fetched with what a card on a wall needs and no more."""
        return self.select_related("author", "species").defer("genome", "pedigree", "description")


def sees_adult_works(user: AnyUser) -> bool:
    """Whether this person said that they are of age and want to see works for adults."""
    return user.is_authenticated and user.sees_adult_works


def make_slug() -> str:
    """A random short address. Unlisted works rely on nobody guessing it (60 bits)."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(12))


# Column by which a shelf is ordered -> its index.
SHELF_INDEXES = {
    "published_at": "wall_newest_first",
    "love": "wall_by_love",
    "child_count": "wall_by_child_count",
    "rarity": "wall_by_rarity",
    "stepping": "wall_by_stepping",
    "mix": "wall_by_mix",
}
FILE_FIELDS = ("master", "thumbnail", "notes", "audio")


def master_path(artwork: "Artwork", filename: str) -> str:
    """Where a file of a work lies in the media storage."""
    return f"works/{artwork.slug[:2]}/{artwork.slug}/{filename}"


class Artwork(models.Model):
    """A work: a genome that was rendered ("printed"), with a title, a maker and a licence.

    width and height are those of the master in pixels, 0 while it is being printed and for a tune.
    A tune has its length in seconds, its notes, and beside its lossless master a smaller file for
    players. accent is the dominant colour as #rrggbb, often the ground's; salient is the one that
    catches the eye. novelty in [0, 1] is the part that came from no parent; depth is the number of
    broods between the work and its oldest ancestor.
    """

    is_breedable: bool  # Annotated by gallery.lineage.parents.
    finishing: Any  # The steps of the genome; annotated by gallery.discovery.hero_pair.
    is_large: bool  # Set on the cards of a wall by gallery.discovery.large_tiles.

    slug = models.SlugField(
        gettext_lazy("address"), max_length=20, unique=True, default=make_slug, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("maker"),
        on_delete=models.CASCADE,
        related_name="artworks",
    )
    species = models.ForeignKey(
        "gallery.Species",
        verbose_name=gettext_lazy("species"),
        on_delete=models.PROTECT,
        related_name="artworks",
    )
    title = LineField(gettext_lazy("title"), max_length=120)
    description = ProseField(gettext_lazy("description"), max_length=4000, blank=True)
    alt_text = LineField(gettext_lazy("alt text"), max_length=400, blank=True)
    licence = models.CharField(
        gettext_lazy("licence"), max_length=24, choices=Licence.choices, default=Licence.CC_BY
    )
    visibility = models.CharField(
        gettext_lazy("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
    )
    state = models.CharField(
        gettext_lazy("state"), max_length=12, choices=State.choices, default=State.RENDERING
    )
    may_be_bred = models.BooleanField(gettext_lazy("may be bred"), default=True)
    may_train = models.BooleanField(gettext_lazy("may be used for training"), default=True)
    is_featured = models.BooleanField(gettext_lazy("featured"), default=False)
    tags = models.ManyToManyField(
        "gallery.Tag", verbose_name=gettext_lazy("tags"), related_name="artworks", blank=True
    )

    genome = models.JSONField(gettext_lazy("genome"))
    genome_identity = models.CharField(
        gettext_lazy("identity of the genome"), max_length=64, db_index=True
    )
    pedigree = models.JSONField(
        gettext_lazy("pedigree"),
        default=dict,
        help_text=gettext_lazy("How the genome came from its parents; kept as a record."),
    )
    novelty = models.FloatField(
        gettext_lazy("novelty"),
        default=1.0,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    depth = models.PositiveIntegerField(
        gettext_lazy("generations since its oldest ancestor"), default=0
    )

    master = models.FileField(
        gettext_lazy("full-quality file"), upload_to=master_path, blank=True, max_length=200
    )
    thumbnail = models.FileField(
        gettext_lazy("small picture"), upload_to=master_path, blank=True, max_length=200
    )
    notes = models.FileField(
        gettext_lazy("notes"),
        upload_to=master_path,
        blank=True,
        max_length=200,
        help_text=gettext_lazy("What a tune plays, as JSON."),
    )
    audio = models.FileField(
        gettext_lazy("audio file"),
        upload_to=master_path,
        blank=True,
        max_length=200,
        help_text=gettext_lazy("A tune as MP3, for players."),
    )
    seconds = models.FloatField(
        gettext_lazy("length in seconds"),
        default=0.0,
        help_text=gettext_lazy("How long a tune plays; 0 for pictures."),
    )
    width = models.PositiveIntegerField(gettext_lazy("width"), default=0)
    height = models.PositiveIntegerField(gettext_lazy("height"), default=0)
    accent = models.CharField(gettext_lazy("main colour"), max_length=7, default="#8a8f86")
    colour = models.CharField(
        gettext_lazy("name of the colour"),
        max_length=8,
        blank=True,
        help_text=gettext_lazy("The name of the salient colour (gallery.discovery.colours)."),
    )
    salient = models.CharField(
        gettext_lazy("salient colour"),
        max_length=7,
        blank=True,
        help_text=gettext_lazy("Empty until the picture was looked at."),
    )
    presence = models.FloatField(
        gettext_lazy("presence"),
        default=0.0,
        help_text=gettext_lazy("How well the picture fills a large tile, 0 to 1."),
    )

    # What the shelves are ordered by; see gallery.discovery.shelves.
    like_count = models.PositiveIntegerField(gettext_lazy("likes"), default=0)
    love = models.FloatField(
        gettext_lazy("love"),
        default=0.0,
        help_text=gettext_lazy(
            "Likes, each weighing half as much after every half-life; a logarithm."
        ),
    )
    child_count = models.PositiveIntegerField(
        gettext_lazy("children"), default=0, help_text=gettext_lazy("Public children.")
    )
    rarity = models.FloatField(gettext_lazy("rarity"), default=0.0)
    stepping = models.FloatField(
        gettext_lazy("stepping stone"),
        default=0.0,
        help_text=gettext_lazy("How much love its descendants have received."),
    )
    mix = models.FloatField(
        gettext_lazy("place on the mixed shelf"),
        default=0.0,
        help_text=gettext_lazy("Place on the mixed shelf."),
    )

    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    published_at = models.DateTimeField(gettext_lazy("published at"), null=True, blank=True)
    made_elsewhere_at = models.DateTimeField(
        gettext_lazy("made elsewhere at"),
        null=True,
        blank=True,
        help_text=gettext_lazy(
            "When an imported work was published on its first site, as its archive says."
        ),
    )

    reworded_at = models.DateTimeField(
        gettext_lazy("reworded at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When its title, description, alt text or licence last changed."),
    )

    reason: str  # Why it was taken down; only on rows of the quarantine page.
    # Set by gallery.people.views for the list of one's unfinished works.
    newest_job: "Job | None"
    progress: dict[str, Any]

    objects = ArtworkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("work")
        verbose_name_plural = gettext_lazy("works")
        ordering = ["-published_at", "-id"]
        indexes = [
            # Walls are read along these, the highest first, by keyset pagination. They also hold
            # the columns that walls are filtered by, so that rows that do not match are skipped
            # without reading them: rows are long, because of the genome.
            *(
                models.Index(
                    fields=[f"-{key}", "-id", "species", "colour", "licence", "depth"],
                    name=name,
                    condition=Q(state="published", visibility="public"),
                )
                for key, name in SHELF_INDEXES.items()
            ),
            models.Index(
                fields=["-published_at", "-id"],
                name="wall_featured",
                condition=Q(state="published", visibility="public", is_featured=True),
            ),
            models.Index(fields=["author", "-published_at", "-id"], name="works_of_an_author"),
            # For families and credits, which read a few columns of thousands of works at once.
            models.Index(
                fields=["author", "id"],
                name="open_works_of_an_author",
                condition=Q(state="published", visibility="public"),
            ),
            models.Index(
                fields=["id", "author", "novelty", "state", "visibility"], name="works_at_a_glance"
            ),
            models.Index(
                fields=["species", "-published_at", "-id"],
                name="works_of_a_generator",
                condition=Q(state="published", visibility="public"),
            ),
            models.Index(
                fields=["-id"],
                name="works_not_looked_at",
                condition=Q(salient="", published_at__isnull=False),
            ),
            models.Index(
                fields=["colour", "-published_at", "-id"],
                name="works_of_a_colour",
                condition=Q(state="published", visibility="public"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("artwork", args=[self.slug])

    @property
    def is_listed(self) -> bool:
        return self.state == State.PUBLISHED and self.visibility == Visibility.PUBLIC

    @property
    def is_being_published(self) -> bool:
        """Whether it will be on walls once its first print is done."""
        return self.state == State.RENDERING and self.visibility == Visibility.PUBLIC

    @property
    def medium(self) -> str:
        """What it is: a picture or music."""
        return self.species.medium

    @property
    def is_for_adults(self) -> bool:
        """Whether its pictures are shown only to people who asked for such works."""
        return self.species.has_age_gate

    @property
    def is_reserved(self) -> bool:
        """Whether the maker reserves all rights: genome and full-size files are theirs alone."""
        return self.licence == Licence.RESERVED

    @property
    def is_brought(self) -> bool:
        """Whether it is an uploaded picture, which no species here made."""
        return self.species.card.get("architecture") in STORED

    @property
    def is_handmade(self) -> bool:
        """Whether it is an uploaded picture that no AI made or finished either.

        False for a damaged genome.
        """
        try:
            genome = self.read_genome() if self.is_brought else None
        except Refused:
            return False
        return (
            genome is not None
            and origin_of(genome) in (DRAWING, PHOTO)
            and not is_learnt(genome.finishing)
        )

    @property
    def is_music(self) -> bool:
        return self.medium == Medium.MUSIC

    @property
    def is_see_through(self) -> bool:
        """Whether the picture has a transparent background; False for a damaged genome."""
        try:
            return not self.is_music and is_see_through(self.read_genome().finishing)
        except Refused:
            return False

    @property
    def file_names(self) -> list[str]:
        """Paths in the media storage of all its files."""
        return [name for name in (getattr(self, field).name for field in FILE_FIELDS) if name]

    @property
    def thumbnail_url(self) -> str:
        """Address of the small square picture (of a tune, its drawing); "" before it is printed."""
        if not self.thumbnail.name:
            return ""
        ending = self.thumbnail.name.rsplit(".", 1)[-1]
        return reverse("artwork_file", args=[self.slug, f"thumbnail.{ending}"])

    @property
    def audio_url(self) -> str:
        """Address of a tune's sound, for players; "" for pictures and before it is printed."""
        return reverse("artwork_audio", args=[self.slug]) if self.audio else ""

    @property
    def alt(self) -> str:
        """The alt text of the picture: the maker's own, else one made of what is known."""
        if self.is_music and not self.alt_text:
            sentence = gettext("{title}, a tune by {maker}, drawn as a piano roll")
            return sentence.format(title=isolate(self.title), maker=isolate(self.author.name))
        sentence = (
            gettext("{title}, a picture by {maker}")
            if self.is_brought
            else gettext("{title}, a {species} picture by {maker}")
        )
        species = gettext(self.species.name)
        return self.alt_text or sentence.format(
            title=isolate(self.title), species=species, maker=isolate(self.author.name)
        )

    def read_genome(self) -> Genome:
        """The genome. Raises Refused if what is stored is damaged."""
        return Genome.from_json(self.genome)
