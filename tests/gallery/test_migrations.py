"""A site made by an older schema opens after the upgrade with all that was in it, and goes back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from gallery.models import (
    Artwork,
    AuditEntry,
    Boundary,
    BoundaryKind,
    Like,
    Notification,
    ScheduledTask,
    Species,
    Tag,
    User,
)
from tests.factories import PASSWORD, make_genome, square

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

OLD = "0012_hidden_collections"  # The last schema with Generator, KeptAway and Chore.
SLUGS = ("mossmossmoss", "fernfernfern")
Migrate = Callable[[str], Apps]


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Migrate]:
    """Moves the tables to a migration of the gallery and returns its models.

    Afterwards the tables are those of the newest migration again, for the tests that follow.
    """

    def to(name: str) -> Apps:
        executor = MigrationExecutor(connection)
        return executor.migrate([("gallery", name)]).apps

    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes("gallery")
    yield to
    MigrationExecutor(connection).migrate(leaves)


@pytest.fixture
def newest() -> str:
    """The name of the newest migration of the gallery."""
    ((_, name),) = MigrationExecutor(connection).loader.graph.leaf_nodes("gallery")
    return name


def plant_old_site(apps: Apps) -> None:
    """Fills the old tables: people, a species, two works, likes, a block, a chore, log and news."""

    def create(model: str, **fields: Any) -> Any:
        return apps.get_model("gallery", model).objects.create(**fields)

    ada, ben, mo = (
        create("User", username=name, password=make_password(PASSWORD), display_name=name.title())
        for name in ("ada", "ben", "mo")
    )
    genome = make_genome(1)
    species = create(
        "Generator",
        key="patterns",
        name="Patterns",
        medium="picture",
        digest=genome.digest,
        licence="CC0-1.0",
        credit="Arboretum contributors",
        description="Drawn by a program.",
    )
    works = [
        create(
            "Artwork",
            slug=slug,
            author=ada,
            generator=species,
            title=title,
            state="published",
            genome=genome.to_json(),
            genome_identity=genome.identity,
            width=64,
            height=64,
            master=default_storage.save(f"works/{slug}/master.png", ContentFile(square("PNG"))),
            thumbnail=default_storage.save(f"works/{slug}/small.webp", ContentFile(square("WEBP"))),
            published_at=timezone.now() - timedelta(days=age),
            mix=float(-age),
            like_count=2,
        )
        for age, (slug, title) in enumerate(zip(SLUGS, ("Moss at Dawn", "Fern"), strict=True), 1)
    ]
    create("LineageEdge", parent=works[0], child=works[1], share=1.0, licence="CC-BY-4.0")
    for work in works:
        for fan in (ben, mo):
            create("Like", user=fan, artwork=work)
    create("KeptAway", user=ada, other=ben, distance="block")
    create("KeptAway", user=ben, other=mo, distance="mute")
    create("Chore", name="tend", due_at=timezone.now() + timedelta(hours=1))
    for kind, key in {"generator": "patterns", "keptaway": "1", "chore": "tend"}.items():
        create(
            "AuditEntry",
            staff=mo,
            staff_name="mo",
            verb="read species",
            subject_kind=kind,
            subject_id=key,
            subject_name=kind,
        )
    create(
        "Notification",
        user=ada,
        kind="moderation",
        text="A moderator asks you to follow the rules of this site. Please.",
        words={
            "template": "A moderator asks you to follow the rules of this site. {reason}",
            "values": {"reason": "Please."},
        },
    )
    create("Notification", user=ada, kind="like", actor=mo, artwork=works[0])


def read_rows(apps: Apps) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables of the gallery, by model."""
    models = apps.get_app_config("gallery").get_models(include_auto_created=True)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }


def log_in(username: str) -> Client:
    client = Client()
    assert client.login(username=username, password=PASSWORD)
    return client


def open_all_pages(work: Artwork) -> None:
    """The pages of the upgraded site, opened by a visitor, by the maker and by staff."""
    for client in (Client(), log_in("ada"), log_in("mo")):
        for address in (
            "/",
            work.get_absolute_url(),
            f"{work.get_absolute_url()}family/",
            work.thumbnail_url,
            "/species/",
            "/species/patterns/",
            "/@ada/",
            "/api/works",
            "/api/generators",
        ):
            assert client.get(address).status_code == 200, address
        assert work.title in client.get("/?shelf=fresh").content.decode()
    ada = log_in("ada")
    assert "Ben" in ada.get("/me/people/").content.decode()
    news = ada.get("/me/notifications/").content.decode()
    assert "follow the rules of this site. Please." in news and "Mo" in news
    User.objects.filter(username="mo").update(
        role="administrator", is_staff=True, is_superuser=True
    )
    staff = log_in("mo")
    for address in (
        "/curate/",
        "/curate/log/",
        "/admin/gallery/auditentry/",
        "/admin/gallery/species/",
        "/admin/gallery/boundary/",
        "/admin/gallery/scheduledtask/",
        "/admin/gallery/job/engine/",
    ):
        assert staff.get(address).status_code == 200, address


def check_upgraded_rows() -> None:
    """Everything of `plant_old_site` is in the newest tables."""
    assert [species.name for species in Species.objects.all()] == ["Patterns"]
    works = Artwork.objects.listed().order_by("pk")
    assert [(work.slug, work.species_id, work.like_count) for work in works] == [
        (slug, "patterns", 2) for slug in SLUGS
    ]
    assert all(work.read_genome().identity == work.genome_identity for work in works)
    assert sorted(Like.objects.values_list("user__username", "artwork__slug")) == sorted(
        (name, slug) for name in ("ben", "mo") for slug in SLUGS
    )
    assert sorted(Boundary.objects.values_list("user__username", "other__username", "kind")) == [
        ("ada", "ben", BoundaryKind.BLOCK),
        ("ben", "mo", BoundaryKind.MUTE),
    ]
    assert list(ScheduledTask.objects.values_list("name", flat=True)) == ["rankings"]
    assert list(AuditEntry.objects.order_by("pk").values_list("subject_kind", flat=True)) == [
        "species",
        "boundary",
        "scheduledtask",
    ]
    assert Notification.objects.filter(user__username="ada").count() == 2


def test_an_upgrade_keeps_all_can_be_undone_without_loss_and_opens_every_page(
    migrate: Migrate, newest: str
):
    """One test, because each way through the migrations takes seconds."""
    old = migrate(OLD)
    plant_old_site(old)
    before = read_rows(old)
    assert all(before[name] for name in ("User", "Generator", "Artwork", "KeptAway", "Chore"))
    migrate(newest)
    check_upgraded_rows()
    assert read_rows(migrate(OLD)) == before
    migrate(newest)
    check_upgraded_rows()
    open_all_pages(Artwork.objects.get(slug=SLUGS[0]))


BEFORE_TAGS = "0014_texts"
# Address and name of a tag as older sites stored them.
OLD_TAGS = (
    ("1", "第1朵"),
    ("2", "红花2"),
    ("c", "C++"),
    ("strae", "Straße"),
    ("strasse", "strasse"),
    ("moss", "Moss"),
    ("rocknroll", "rock'n'roll"),
)


def test_tags_get_addresses_in_their_script_and_keep_their_works(migrate: Migrate, newest: str):
    old = migrate(BEFORE_TAGS)
    plant = old.get_model("gallery", "Tag").objects.create
    tags = {slug: plant(slug=slug, name=name, number=1) for slug, name in OLD_TAGS}
    ada = old.get_model("gallery", "User").objects.create(username="ada")
    genome = make_genome(1)
    species = old.get_model("gallery", "Species").objects.create(
        key="patterns", name="Patterns", medium="picture", digest=genome.digest
    )
    works = [
        old.get_model("gallery", "Artwork").objects.create(
            slug=slug,
            author=ada,
            species=species,
            title="Bloom 🌸",
            state="published",
            genome=genome.to_json(),
            genome_identity=genome.identity,
        )
        for slug in SLUGS
    ]
    works[0].tags.set([tag for slug, tag in tags.items() if slug != "strasse"])
    works[1].tags.set([tags["strasse"], tags["strae"]])
    migrate(newest)

    assert sorted(Tag.objects.values_list("slug", "name")) == [
        ("c++", "C++"),
        ("moss", "Moss"),
        ("rock'n'roll", "rock'n'roll"),
        ("strasse", "Straße"),
        ("第1朵", "第1朵"),
        ("红花2", "红花2"),
    ]
    assert Artwork.objects.get(slug=SLUGS[0]).tags.count() == 6
    assert [tag.slug for tag in Artwork.objects.get(slug=SLUGS[1]).tags.all()] == ["strasse"]
    assert Artwork.objects.matching("🌸").count() == 2

    back = migrate(BEFORE_TAGS).get_model("gallery", "Tag").objects
    assert sorted(back.values_list("slug", "name")) == sorted(
        [
            ("1", "第1朵"),
            ("2", "红花2"),
            ("c", "C++"),
            ("moss", "Moss"),
            ("rocknroll", "rock'n'roll"),
            ("strae", "Straße"),
        ]
    )
