"""The request and response bodies of the API."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from ninja import Field, Schema
from pydantic import ConfigDict

from gallery.models import Licence, Visibility
from generation.pedigree import MAX_REFERENCE, MAX_ROOTS, MAX_STEPS

# To type checkers these are plain texts; Pydantic accepts only the values of the choices.
if TYPE_CHECKING:
    LicenceName: TypeAlias = str
    VisibilityName: TypeAlias = str
else:
    LicenceName = Literal[tuple(Licence.values)]
    VisibilityName = Literal[tuple(Visibility.values)]
Reference = Annotated[str, Field(min_length=1, max_length=MAX_REFERENCE)]


class Card(Schema):
    """A work in short."""

    slug: str
    title: str
    url: str
    maker: str
    generator: str
    licence: str
    width: int = Field(description="Pixels of the master; 0 while it is being printed.")
    height: int
    thumbnail: str = Field(
        description=(
            "Address of a square picture (WebP, of a tune SVG), empty while it is being printed."
        )
    )
    seconds: float = Field(description="How long a tune plays; 0 for pictures.")
    audio: str = Field(description="Address of a tune's MP3; empty for pictures.")
    published_at: datetime | None = Field(
        description="When it was published on this site; lists are in this order."
    )
    made_elsewhere_at: datetime | None = Field(
        description="When it was published on the site it was imported from, as that site says."
    )


class CardPage(Schema):
    """Some works, and where the next ones begin."""

    items: list[Card]
    next: str = Field(description="Give this as `after` for the next works; empty at the end.")


class Relative(Schema):
    """A parent or a child, and how much was inherited."""

    share: float = Field(description="Part of the child's inheritance, above 0 and at most 1.")
    kind: str = Field(
        description="bred: the child has genes of the parent. graft: it was painted over it."
    )
    work: Card | None = Field(description="null for a work that is not public.")


class Work(Card):
    """A work with its texts and its parents."""

    description: str
    alt_text: str
    tags: list[str]
    visibility: str
    state: str
    may_be_bred: bool
    may_train: bool = Field(description="Whether the maker lets nets be trained on it.")
    likes: int
    novelty: float = Field(description="0 to 1: the part that came from no parent.")
    depth: int = Field(description="Broods between this work and its oldest ancestor.")
    master: str
    parents: list[Relative]


class GenomeOut(Schema):
    """Everything that is needed to render a work again."""

    identity: str = Field(description="SHA-256 of the genome's canonical JSON.")
    genome: dict[str, Any]


class Lineage(Schema):
    """Direct parents and children, and the pedigree: how the work came from its roots through
    unpublished broods.
    """

    parents: list[Relative]
    children: list[Relative]
    pedigree: dict[str, Any] = Field(
        description=(
            "Roots that are not public are null. The steps are left out where they would lead to"
            " a work that is not public or whose maker reserves all rights."
        )
    )


class Species(Schema):
    """A species, as its card describes it."""

    key: str
    name: str
    medium: str
    version: int
    digest: str
    licence: str
    credit: str
    description: str
    is_available: bool
    problem: str


class TagOut(Schema):
    """A tag."""

    slug: str
    name: str


class Me(Schema):
    """Whom the token belongs to."""

    username: str
    name: str
    role: str


class WallQuery(Schema):
    """Which works, and from where on."""

    after: str = Field("", max_length=80, description="The `next` of the page before.")
    size: int = Field(24, ge=1, le=100)
    generator: str = Field("", max_length=60, description="Only works of this species, by key.")
    tag: str = Field("", max_length=80, description="Only works with this tag, by slug.")
    maker: str = Field("", max_length=30, description="Only works of this person, by user name.")


class SearchQuery(Schema):
    """Words, and from where on."""

    q: str = Field(
        min_length=1,
        max_length=100,
        description="All words must occur, the last one also as a beginning.",
    )
    after: str = Field("", max_length=80, description="The `next` of the page before.")
    size: int = Field(24, ge=1, le=100)


class Input(Schema):
    """What is sent to us: a misspelt field is refused instead of being overlooked."""

    model_config = ConfigDict(extra="forbid")


class StepIn(Input):
    """One breeding."""

    parents: list[int] = Field(
        min_length=1,
        max_length=4,
        description=(
            "Positions: 0 to the number of roots less one are roots, then the children of earlier"
            " steps."
        ),
    )
    recipe: dict[str, Any] = Field(
        default_factory=dict,
        description=(
            "operator (blend, crossover), weights, mask, mutation_rate, edits, choices, seed, psi,"
            " finishing, version (4 is the newest way of blending; left out, it is 1)."
        ),
    )


class BreedIn(Input):
    """The way from published works (or new founders) to a child."""

    roots: list[Reference] = Field(
        min_length=1,
        max_length=MAX_ROOTS,
        description="Slugs of works, or new founders: `seed:<species>:<number>`, or of a species"
        " that paints from words `seed:<species>:<number>:<words>`, a comma in them as %2C; what to"
        " keep away from may follow behind %0A. Painted over another work, they are"
        " `graft:<species>:<number>:<slug>:<words>`.",
    )
    steps: list[StepIn] = Field(
        default_factory=list,
        max_length=MAX_STEPS,
        description="The child is that of the last step.",
    )


class BreedAsk(BreedIn):
    """A child to look at."""

    size: int = Field(256, ge=16, le=512, description="Pixels of the preview's edge.")
    is_drawn: bool = Field(True, description="Whether to send a preview, too.")


class Child(GenomeOut):
    """A child that nobody has published: the same request always gives the same one."""

    media_type: str = Field(
        description="Of the preview: image/jpeg, or application/json for notes; empty without one."
    )
    preview: str = Field(description="Base64; empty without one.")
    licences: list[str] = Field(description="Under which it may be published.")


class WordsIn(Input):
    """What is said about a work. What is left out stays as it is."""

    title: str | None = Field(None, min_length=1, max_length=120)
    description: str | None = Field(None, max_length=4000)
    alt_text: str | None = Field(None, max_length=400)
    tags: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=12)
    licence: LicenceName | None = None
    visibility: VisibilityName | None = None
    may_be_bred: bool | None = None
    may_train: bool | None = None


class PublishIn(BreedIn):
    """A child, and what is said about it."""

    title: str = Field(min_length=1, max_length=120)
    description: str = Field("", max_length=4000)
    alt_text: str = Field("", max_length=400)
    tags: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=12)
    licence: LicenceName = "CC-BY-4.0"
    visibility: VisibilityName = "public"
    may_be_bred: bool = True
    may_train: bool = True


class Published(Schema):
    """The new work, and the job that prints it."""

    work: Card
    job: str = Field(description="Its progress is at /jobs/{id}.")


class JobOut(Schema):
    """How far a job is."""

    state: str
    progress: float = Field(description="0 to 1.")
    note: str
    place: int = Field(description="1 is next in the queue; 0 is not queued.")
    left: str = Field(description="How long it will still take, in words; empty where unknown.")
    is_over: bool


class CollectionOut(Schema):
    """A collection in short."""

    slug: str
    title: str
    text: str
    owner: str
    is_public: bool
    is_hidden: bool = Field(
        description="A moderator hid it: it is not open to others, public or not."
    )
    url: str


class CollectionItems(CollectionOut):
    """A collection with its works, in order; those that are not open to you are left out."""

    works: list[Card]


class CollectionPage(Schema):
    """Some collections, and where the next ones begin."""

    items: list[CollectionOut]
    next: str = Field(description="Give this as `after` for the next ones; empty at the end.")


class PageQuery(Schema):
    """From where on, and how many."""

    after: str = Field("", max_length=80, description="The `next` of the page before.")
    size: int = Field(24, ge=1, le=100)


class CollectionIn(Input):
    """A new collection."""

    title: str = Field(min_length=1, max_length=120)
    text: str = Field("", max_length=8000)
    is_public: bool = True


class CollectionEdit(Input):
    """What changes; what is left out stays as it is."""

    title: str | None = Field(None, min_length=1, max_length=120)
    text: str | None = Field(None, max_length=8000)
    is_public: bool | None = None


class OrderIn(Input):
    """All works of the collection in their new order, by slug."""

    works: list[Annotated[str, Field(max_length=20)]] = Field(max_length=500)
