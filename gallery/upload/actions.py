"""Importing what somebody uploaded: a melody becomes a work of theirs that can be bred, a picture
one that can be grafted.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from gallery.artworks.printing import enqueue_print
from gallery.artworks.publishing import just_published
from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_may_act
from gallery.discovery.search import index_words
from gallery.discovery.tags import read_tags, set_tags
from gallery.lineage.bonds import allowed_licences, bonds_of_parents, check_terms
from gallery.lineage.originality import genomes_of_others, refuse_import
from gallery.models import Artwork, Job, Licence, Medium, Species, User, Visibility
from gallery.models.texts import clean_line
from gallery.upload import transcription
from generation.genespaces.pictures import ORIGINS, genes_of, stored_species
from generation.genome import Genome
from generation.melodies.files import Melody
from generation.refusal import Refused


def music_species() -> Species:
    """The species that tunes are bred from. Raises Refused where none is installed."""
    found = Species.objects.filter(medium=Medium.MUSIC, is_available=True).order_by("key").first()
    if found is None:
        raise Refused(
            "No music species is available on this site. The operator can run `manage.py"
            " sync_species`."
        )
    return found


def import_tune(
    author: User, *, melody: Melody, style: str, title: str, tags: Sequence[str] = ()
) -> tuple[Artwork, Job]:
    """Create a private work that begins with the melody, and queue the print of its sound.

    The work has no parents, and all of it counts as new. Its licence is CC BY, or else the most
    open one that the species allows. Importing the same twice within a minute gives the first work
    again. Raises Refused for a melody that is too short, an unknown style, an empty title and a
    full queue.
    """
    check_may_act(author)
    title = clean_line(title)[:120]
    if not title:
        raise Refused("Give the tune a title.")
    read_tags(tags)  # Refuses before anything is stored.
    check_words(title, *tags)
    species = music_species()
    genome = transcription.tune_of(melody, generator=species.key, style=style)
    if genomes_of_others(author, [genome.identity]):
        # Somebody else uploaded the same melody. The seed makes this a tune of one's own.
        genome = replace(genome, seed=author.pk)
    allowed = allowed_licences([], author=author, child=genome)
    licence = Licence.CC_BY if Licence.CC_BY in allowed else allowed[0]
    return _write(
        author, genome, species, title=title, licence=licence, tags=tags, upload=melody.source
    )


def picture_species() -> Species:
    """The species of uploaded pictures. Raises Refused where it is not installed."""
    found = Species.objects.filter(is_available=True, key__in=stored_species()).first()
    if found is None:
        raise Refused(
            "Pictures can't be uploaded on this site. The operator can run `manage.py"
            " sync_species`."
        )
    return found


def import_picture(
    author: User,
    *,
    picture: bytes,
    origin: str,
    title: str,
    licence: str,
    tags: Sequence[str] = (),
) -> tuple[Artwork, Job]:
    """Create a private work that is this picture, and queue its print.

    picture: as `generation.codecs.stored_picture` makes it. origin: one of
    `generation.genespaces.pictures.ORIGINS`. The work has no parents, and all of it counts as new.
    Importing the same twice within a minute gives the first work again. Raises Refused for a
    picture that is somebody else's work here, an empty title, blocked words and a full queue.
    """
    check_may_act(author)
    title = clean_line(title)[:120]
    if not title:
        raise Refused("Give the picture a title.")
    read_tags(tags)  # Refuses before anything is stored.
    check_words(title, *tags)
    species = picture_species()
    genome = Genome(species.key, species.digest, genes_of(origin), picture=picture)
    # Whatever its maker says about how it came to be, it is the same picture.
    same = [replace(genome, genes=genes_of(each)).identity for each in ORIGINS]
    if taken := genomes_of_others(author, same):
        raise refuse_import(next(iter(taken.values())))
    check_terms(
        bonds_of_parents([], author=author, child=genome),
        licence=licence,
        visibility=Visibility.PRIVATE,
    )
    # Their maker may allow it later. Nobody should have to forbid it for a photo of their own.
    return _write(
        author,
        genome,
        species,
        title=title,
        licence=licence,
        tags=tags,
        upload=origin,
        may_train=False,
    )


def _write(
    author: User,
    genome: Genome,
    species: Species,
    *,
    title: str,
    licence: str,
    tags: Sequence[str],
    upload: str,
    may_train: bool = True,
) -> tuple[Artwork, Job]:
    """Write a private work without parents, and queue its print, in one transaction."""
    with transaction.atomic():
        author = User.objects.select_for_update().get(pk=author.pk)
        if known := just_published(author, genome):
            return known
        artwork = Artwork.objects.create(
            author=author,
            species=species,
            title=title,
            licence=licence,
            visibility=Visibility.PRIVATE,
            genome=genome.to_json(),
            genome_identity=genome.identity,
            pedigree={"upload": upload},
            may_train=may_train,
            novelty=1.0,
        )
        set_tags(artwork, tags)
        index_words(artwork)
        job = enqueue_print(author, artwork, size=0 if artwork.is_music else settings.PRINT_SIZE)
    return artwork, job
