"""Publishing a child, editing and deleting works: what is recorded, and what is refused."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from gallery.artworks.deleting import delete_work
from gallery.artworks.publishing import TEXTS, edit_work, publish_child
from gallery.models import Artwork, Job, Licence, LineageEdge, State, Visibility
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.factories import make_artwork, make_species, make_user
from tests.gallery.deletions import after_a_minute

pytestmark = pytest.mark.django_db


def pedigree_of(*roots: str, recipes: tuple[Recipe, ...] = (), **recipe) -> Pedigree:
    first = Recipe(**({"weights": (1.0,) * len(roots), "mutation_rate": 0.2, "seed": 7} | recipe))
    steps = [Step(tuple(range(len(roots))), first)]
    steps += [Step((len(roots) + number,), each) for number, each in enumerate(recipes)]
    return Pedigree(roots, tuple(steps))


def publish(author, *roots: str, pedigree: Pedigree | None = None, **words):
    defaults = {"title": "Moss at dusk", "licence": Licence.CC_BY, "visibility": Visibility.PUBLIC}
    return publish_child(author, pedigree=pedigree or pedigree_of(*roots), **(defaults | words))


def edit(user, artwork, **words):
    names = ("title", "description", "alt_text", "licence", "visibility", "may_be_bred")
    said = {name: getattr(artwork, name) for name in names}
    return edit_work(user, artwork, **(said | {"tags": ()} | words))


def test_a_published_child_records_every_parent_with_its_share():
    author, one, two = make_user(), make_artwork(), make_artwork()
    pedigree = pedigree_of(one.slug, two.slug, weights=(0.6, 0.2), mutation_rate=0.25)
    artwork, job = publish(author, pedigree=pedigree, tags=["Deep Sea", "moss"])
    shares = dict(artwork.parent_edges.values_list("parent_id", "share"))
    assert shares == {one.pk: pytest.approx(0.75), two.pk: pytest.approx(0.25)}
    assert artwork.novelty == pytest.approx(0.25)
    assert artwork.depth == 1
    assert artwork.state == State.RENDERING and job.artwork == artwork and job.payload["size"] == 64
    assert {tag.slug for tag in artwork.tags.all()} == {"deep-sea", "moss"}
    assert Artwork.objects.matching("moss dusk deep sea").get() == artwork
    assert Pedigree.from_json(artwork.pedigree) == pedigree


def test_shares_go_through_unpublished_broods_and_depth_counts_them():
    author, old = make_user(), make_artwork(depth=3)
    pedigree = pedigree_of(
        old.slug, recipes=(Recipe(mutation_rate=0.5, weights=(1.0,), seed=1),), mutation_rate=0.5
    )
    artwork, _ = publish(author, pedigree=pedigree)
    assert artwork.parent_edges.get().share == 1
    assert artwork.novelty == pytest.approx(0.75)
    assert artwork.depth == 5


def test_a_parent_without_a_share_gets_no_edge():
    one, two = make_artwork(), make_artwork()
    artwork, _ = publish(make_user(), pedigree=pedigree_of(one.slug, two.slug, weights=(1.0, 0.0)))
    assert [edge.parent for edge in artwork.parent_edges.all()] == [one]


def test_what_comes_from_fresh_seeds_is_new():
    one = make_artwork()
    pedigree = pedigree_of(one.slug, "seed:patterns:4", weights=(0.5, 0.5), mutation_rate=0.0)
    artwork, _ = publish(make_user(), pedigree=pedigree)
    assert artwork.parent_edges.get().share == 1
    assert artwork.novelty == pytest.approx(0.5)


def test_a_fresh_seed_can_be_published_without_parents():
    make_species()
    artwork, _ = publish(make_user(), pedigree=Pedigree(("seed:patterns:4",), ()))
    assert not artwork.parent_edges.exists()
    assert artwork.novelty == 1 and artwork.depth == 0


def test_a_double_click_publishes_once():
    author, one = make_user(), make_artwork()
    first = publish(author, one.slug)
    assert publish(author, one.slug, title="Again") == first
    assert Artwork.objects.filter(author=author).count() == 1
    assert Job.objects.count() == 1
    with pytest.raises(Refused, match="Move a slider"):
        publish(make_user(), one.slug)  # Somebody else's double click is no publication of theirs.


def test_a_refusal_writes_nothing(settings):
    author, one = make_user(), make_artwork()
    settings.JOBS_PER_USER = 0
    with pytest.raises(Refused) as refused:
        publish(author, one.slug)
    assert refused.value.retry_after
    assert not Artwork.objects.filter(author=author).exists()
    assert not LineageEdge.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"title": "   "}, "Give the work a title"),
        ({"title": "x" * 121}, "shorten it to 120"),
        ({"description": "x" * 4001}, "shorten it to 4000"),
        ({"licence": "WTFPL"}, "Choose a licence"),
        ({"visibility": "everywhere"}, "Choose who may see"),
        ({"tags": ["!!!"]}, "can't be a tag"),
        ({"tags": [f"tag {number}" for number in range(13)]}, "keep the 12"),
        ({"size": 100_000}, "A print can be"),
    ],
)
def test_impossible_words_are_refused(words, sentence):
    one = make_artwork()
    with pytest.raises(Refused, match=sentence):
        publish(make_user(), one.slug, **words)
    assert Artwork.objects.count() == 1


def test_a_text_that_is_too_long_is_named_in_the_readers_language():
    with pytest.raises(Refused) as refusal:
        publish(make_user(), make_artwork().slug, alt_text="x" * 401)
    english = "The alt text has 401 characters; shorten it to 400."
    assert str(refusal.value) == refusal.value.sentence == english
    with translation.override("zh-hans"):
        assert refusal.value.sentence == "替代文字有 401 个字符；请缩短到 400 个以内。"
    with pytest.raises(Refused) as refusal, translation.override("zh-hans"):
        publish(make_user(), make_artwork().slug, title="\u200b")
    with translation.override("zh-hans"):
        assert refusal.value.sentence == "请给作品起个标题。"


@pytest.mark.parametrize("field", TEXTS)
def test_texts_may_be_as_long_as_their_columns_and_no_longer(field: str):
    author, parent = make_user(), make_artwork().slug
    longest = Artwork._meta.get_field(field).max_length
    artwork, _ = publish(author, parent, **{field: "x" * longest})
    assert len(getattr(artwork, field)) == longest
    with pytest.raises(Refused, match=f"shorten it to {longest}"):
        publish(author, parent, **{field: "x" * (longest + 1)})


def test_private_unknown_and_removed_parents_are_refused_with_one_sentence():
    private = make_artwork(visibility=Visibility.PRIVATE)
    removed = make_artwork(state=State.REMOVED)
    sentences = set()
    for name in (private.slug, removed.slug, "nowhere"):
        with pytest.raises(Refused) as refused:
            publish(make_user(), name)
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1


def test_a_work_that_may_not_be_bred_is_its_makers_alone():
    kept = make_artwork(may_be_bred=False)
    with pytest.raises(Refused, match="not open for breeding"):
        publish(make_user(), kept.slug)
    assert publish(kept.author, kept.slug)[0].parent_edges.get().parent == kept


def test_an_exact_copy_of_a_parent_is_refused():
    one = make_artwork()
    with pytest.raises(Refused, match="exact copy"):
        publish(make_user(), pedigree=pedigree_of(one.slug, mutation_rate=0.0))
    with pytest.raises(Refused, match="Breed something"):
        publish(make_user(), pedigree=Pedigree((one.slug,), ()))


def test_a_visitor_cannot_publish():
    from_nobody = type("Visitor", (), {"is_authenticated": False})()
    with pytest.raises(Refused, match="Log in"):
        publish(from_nobody, make_artwork().slug)


def test_only_the_maker_and_staff_may_edit():
    artwork = make_artwork()
    with pytest.raises(Refused, match="can't edit this work"):
        edit(make_user(), artwork, title="Stolen")
    edit(make_user(is_staff=True, role="moderator"), artwork, title="Tidied")
    edited = edit(
        artwork.author, artwork, description="Rain", tags=["fern"], visibility=Visibility.UNLISTED
    )
    assert edited.title == artwork.title and edited.visibility == Visibility.UNLISTED
    assert Artwork.objects.matching("rain fern").filter(pk=artwork.pk).exists()


def test_a_quarantined_work_is_closed_to_its_makers_edits():
    artwork = make_artwork(state=State.QUARANTINED)
    with pytest.raises(Refused):
        edit(artwork.author, artwork, title="Free")
    with pytest.raises(Refused):
        delete_work(artwork.author, artwork)


def test_an_edit_cannot_escape_the_parents_licence():
    parent = make_artwork(licence=Licence.CC_BY_SA)
    child, _ = publish(make_user(), parent.slug, licence=Licence.CC_BY_SA)
    with pytest.raises(Refused, match="CC BY-SA"):
        edit(child.author, child, licence=Licence.CC0)


def test_a_childless_work_is_deleted_with_its_files(django_capture_on_commit_callbacks):
    artwork = make_artwork(has_files=True)
    storage, name = artwork.master.storage, artwork.master.name
    delete_work(artwork.author, artwork)
    with django_capture_on_commit_callbacks(execute=True):
        after_a_minute()
    assert not Artwork.objects.filter(pk=artwork.pk).exists()
    assert not storage.exists(name)


def test_a_work_with_children_leaves_a_gap_that_keeps_their_lineage(
    django_capture_on_commit_callbacks,
):
    artwork = make_artwork(has_files=True, title="Root", tags=["moss"], licence=Licence.CC_BY_SA)
    child = make_artwork(parents=[artwork])
    delete_work(artwork.author, artwork)
    with django_capture_on_commit_callbacks(execute=True):
        after_a_minute()
    artwork.refresh_from_db()
    assert artwork.state == State.REMOVED and artwork.genome == {} and not artwork.master
    assert artwork.licence == Licence.CC_BY_SA
    assert child.parent_edges.get().parent == artwork
    assert not Artwork.objects.matching("root").exists() and not artwork.tags.exists()
    for person in (artwork.author, make_user(is_staff=True, role="moderator")):
        assert not Artwork.objects.visible_to(person).filter(pk=artwork.pk).exists()
        assert not Artwork.objects.editable_by(person).filter(pk=artwork.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_publish_once():
    author, one = make_user(), make_artwork()
    published, barrier = [], threading.Barrier(4)

    def click() -> None:
        try:
            barrier.wait()
            published.append(publish(author, one.slug)[0].pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(published) == 4 and len(set(published)) == 1
    assert Artwork.objects.filter(author=author).count() == 1 and Job.objects.count() == 1
