"""Plants a little garden for the journeys: `python -m tests.journeys.plant` in the environment of
their server.

Two people (ada, and keeper who is staff), eight public works and two children, printed small by the
real engine. The film between two works on the home page is drawn, as the first visitors of a site
have it drawn, so that not every garden of a run draws one while journeys walk in it.
"""

import time

import django

django.setup()

from gallery.artworks.publishing import publish_child  # noqa: E402
from gallery.discovery.hero_pair import choose_pair  # noqa: E402
from gallery.job_runner import run_next  # noqa: E402
from gallery.models import Artwork, User  # noqa: E402
from gallery.species.actions import sync_species  # noqa: E402
from generation.genome import Recipe  # noqa: E402
from generation.pedigree import Pedigree, Step  # noqa: E402
from tests.journeys.garden import PASSWORD  # noqa: E402

TITLES = ("Moss", "Fern", "Lichen", "Reed", "Sedge", "Clover", "Thistle", "Ivy")


def main() -> None:
    sync_species()
    ada = User.objects.create_user(
        "ada", email="ada@example.org", password=PASSWORD, display_name="Ada Fern"
    )
    User.objects.create_superuser("keeper", password=PASSWORD)
    for number, title in enumerate(TITLES):
        # A parent alone with a little mutation: a work must be bred, a seed as it is cannot be
        # published.
        publish(
            ada,
            title,
            (f"seed:patterns:{number + 1}",),
            Recipe(weights=(1.0,), mutation_rate=0.1, seed=number),
        )
    slugs = list(Artwork.objects.order_by("pk").values_list("slug", flat=True))
    publish(ada, "Child of moss and fern", tuple(slugs[:2]), Recipe(weights=(0.5, 0.5)))
    publish(ada, "Child of fern and lichen", tuple(slugs[1:3]), Recipe(weights=(0.3, 0.7)))
    while not (pair := choose_pair()) or not pair.still:  # Drawn by a thread.
        time.sleep(0.2)


def publish(author: User, title: str, roots: tuple[str, ...], recipe: Recipe) -> None:
    pedigree = Pedigree(roots, (Step(tuple(range(len(roots))), recipe),))
    publish_child(
        author,
        pedigree=pedigree,
        title=title,
        licence="CC-BY-4.0",
        visibility="public",
        tags=["moss"],
        size=128,
    )
    while run_next():
        pass


if __name__ == "__main__":
    main()
