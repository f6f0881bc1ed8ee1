"""Publishing a child of the bench, and changing what is said about a work."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, TextField
from django.utils import timezone

from gallery.artworks.announcing import announce
from gallery.artworks.printing import enqueue_print
from gallery.core.audit import record
from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_may_act
from gallery.core.rate_limits import find_double_click
from gallery.discovery.search import index_words
from gallery.discovery.tags import read_tags, set_tags
from gallery.lineage.bonds import bonds_of_child, bonds_of_parents, check_terms
from gallery.lineage.originality import check_is_new
from gallery.lineage.parents import NOT_FOUND, Parent, find_parents
from gallery.models import Artwork, Descent, Job, LineageEdge, User
from gallery.models.terms import GONE
from gallery.models.texts import clean_line, clean_text
from generation.breeding import closeness
from generation.genome import Genome
from generation.pedigree import Pedigree, grow, inheritance
from generation.refusal import Refused
from generation.words import Word, word

# The texts of a work: field -> its name for people.
TEXTS: dict[str, Word] = {
    "title": word("title"),
    "description": word("description"),
    "alt_text": word("alt text"),
}


def publish_child(
    author: User,
    *,
    pedigree: Pedigree,
    title: str,
    description: str = "",
    alt_text: str = "",
    tags: Sequence[str] = (),
    licence: str,
    visibility: str,
    may_be_bred: bool = True,
    may_train: bool = True,
    size: int | None = None,
) -> tuple[Artwork, Job]:
    """Breed the child of a pedigree again, and publish it.

    One transaction writes the work, an edge to every parent, its tags, and the job of its print.
    Publishing the same child twice within a minute gives the first work again. Raises Refused for
    parents that may not be bred, an impossible licence, an empty title, a child that is an exact
    copy of a parent or of somebody else's work, and a full queue.
    """
    check_may_act(author)
    texts = _read_texts(title=title, description=description, alt_text=alt_text)
    read_tags(tags)  # Refuses before anything is bred.
    check_words(*texts.values(), *tags)
    parents = find_parents(author, pedigree.roots)
    child = _grow_child(pedigree, parents)
    check_words(*words_of(child))
    shares, novelty = inherit(pedigree, parents, child)
    contributing = list(
        {
            parent.work.pk: parent.work
            for parent in parents
            if parent.work and parent.work.pk in shares
        }.values()
    )
    bred = {parent.artwork.pk for parent in parents if parent.artwork}
    with transaction.atomic():
        # Locking the person makes a second click wait, and find the work that the first one made.
        author = User.objects.select_for_update().get(pk=author.pk)
        if known := just_published(author, child):
            return known
        licences = _lock_parents(author, contributing)
        bonds = bonds_of_parents(contributing, author=author, child=child)
        # The parents are locked, so of two people who publish the same child one comes first.
        check_is_new(author, child.identity)
        check_terms(bonds, licence=licence, visibility=visibility)
        artwork = Artwork.objects.create(
            author=author,
            species_id=child.generator,
            **texts,
            licence=licence,
            visibility=visibility,
            may_be_bred=may_be_bred,
            may_train=may_train,
            genome=child.to_json(),
            genome_identity=child.identity,
            pedigree=pedigree.to_json(),
            novelty=novelty,
            depth=_depth(pedigree, parents),
        )
        LineageEdge.objects.bulk_create(
            LineageEdge(
                parent_id=parent,
                child=artwork,
                share=share,
                licence=licences[parent],
                kind=Descent.BRED if parent in bred else Descent.GRAFTED,
            )
            for parent, share in shares.items()
        )
        set_tags(artwork, tags)
        index_words(artwork)
        job = enqueue_print(author, artwork, size=size or settings.PRINT_SIZE)
    return artwork, job


def _read_texts(*, title: str, description: str, alt_text: str) -> dict[str, str]:
    """The texts by field, clean. Raises Refused for an empty title and for what is too long."""
    texts = {
        "title": clean_line(title),
        "description": clean_text(description),
        "alt_text": clean_line(alt_text),
    }
    if not texts["title"]:
        raise Refused("Give the work a title.")
    for field, text in texts.items():
        name, column = TEXTS[field], Artwork._meta.get_field(field)
        longest = column.max_length if isinstance(column, CharField | TextField) else None
        if longest is not None and len(text) > longest:
            raise Refused(
                "The {name} has {n_text} characters; shorten it to {longest}.",
                name=name,
                n_text=len(text),
                longest=longest,
            )
    return texts


def _grow_child(pedigree: Pedigree, parents: Sequence[Parent]) -> Genome:
    if not pedigree.steps and (len(parents) > 1 or parents[0].artwork):
        raise Refused("Breed something on the bench first, then publish the child.")
    child = grow(pedigree, [parent.genome for parent in parents])[-1]
    for parent in parents:
        if parent.artwork and replace(parent.genome, seed=child.seed) == child:
            raise Refused(
                "This child is an exact copy of “{parent}”. Move a slider or add some surprise.",
                parent=parent.title,
            )
    return child


def words_of(genome: Genome) -> list[str]:
    """All words that people wrote into a genome, and into those that it is grafted onto."""
    return [
        words
        for one in (genome, *genome.grafted)
        for words, _weight in (*one.prompts, *one.avoided)
    ]


def inherit(
    pedigree: Pedigree, parents: Sequence[Parent], child: Genome
) -> tuple[dict[int, float], float]:
    """The share of each parent work by id, and the novelty of the child.

    Shares sum to 1. What came from founders that are no works counts as new; of one that is painted
    over a work, that is what does not stay of it.
    """
    shares, novelty = inheritance(pedigree)
    from_works: dict[int, float] = {}
    for parent in parents:
        share = shares.get(parent.reference, 0.0) * (1.0 if parent.artwork else closeness(child))
        if parent.work and share > 0:
            from_works[parent.work.pk] = from_works.get(parent.work.pk, 0.0) + share
    total = sum(from_works.values())
    if total < 1e-6:
        return {}, 1.0
    novelty = min(1.0, max(0.0, 1 - (1 - novelty) * total))
    return {pk: share / total for pk, share in from_works.items()}, novelty


def _depth(pedigree: Pedigree, parents: Sequence[Parent]) -> int:
    """How many broods lie between the child and its oldest ancestor."""
    depths = [
        parent.artwork.depth if parent.artwork else parent.graft.depth + 1 if parent.graft else 0
        for parent in parents
    ]
    for step in pedigree.steps:
        depths.append(1 + max(depths[position] for position in step.parents))
    return depths[-1]


def just_published(author: User, child: Genome) -> tuple[Artwork, Job] | None:
    """The same child, if the same person published it a moment ago, with the job of its print."""
    same = Artwork.objects.filter(author=author, genome_identity=child.identity)
    artwork = find_double_click(same.exclude(state__in=GONE))
    job = artwork.jobs.order_by("created_at").first() if artwork else None
    return (artwork, job) if artwork and job else None


def _lock_parents(author: User, parents: Sequence[Artwork]) -> dict[int, str]:
    """Lock the parents, so that none is deleted or closed before the child is written.

    Returns their licences by id, and sets them on `parents` too, because they may have changed
    since the works were read.
    """
    keys = [parent.pk for parent in parents]
    still_open = Artwork.objects.visible_to(author).breedable_by(author).filter(pk__in=keys)
    licences = dict(
        still_open.select_for_update(of=("self",)).order_by("pk").values_list("pk", "licence")
    )
    if len(licences) < len(keys):
        raise Refused(NOT_FOUND)
    for parent in parents:
        parent.licence = licences[parent.pk]
    return licences


def edit_work(
    user: User,
    artwork: Artwork,
    *,
    title: str,
    description: str,
    alt_text: str,
    tags: Sequence[str],
    licence: str,
    visibility: str,
    may_be_bred: bool,
    may_train: bool | None = None,
) -> Artwork:
    """Change what is said about a work, never the picture itself.

    A new licence or visibility must be one that its parents allow. may_train: None leaves it as it
    is. Existing children keep what the licence allowed when they were bred.
    """
    check_may_act(user)
    texts = _read_texts(title=title, description=description, alt_text=alt_text)
    check_words(*texts.values(), *tags)
    with transaction.atomic():
        found = _lock_editable(user, artwork)
        if licence != found.licence or visibility != found.visibility:
            check_terms(
                bonds_of_child(found), licence=licence, visibility=visibility, keeps=found.licence
            )
        values = {
            **texts,
            "licence": licence,
            "visibility": visibility,
            "may_be_bred": may_be_bred,
            **({} if may_train is None else {"may_train": may_train}),
        }
        if found.author_id != user.pk:
            changed = [name for name, value in values.items() if getattr(found, name) != value]
            record(user, "edit work", found, changed=changed, title=found.title)
        if any(getattr(found, name) != values[name] for name in (*TEXTS, "licence")):
            values["reworded_at"] = timezone.now()
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        announce(found)
        set_tags(found, tags)
        index_words(found)
    return found


def _lock_editable(user: User, artwork: Artwork) -> Artwork:
    works = Artwork.objects.editable_by(user).select_for_update(of=("self",))
    found = works.filter(pk=artwork.pk).first()
    if found is None:
        raise Refused("You can't edit this work.")
    return found
