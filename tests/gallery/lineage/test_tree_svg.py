"""The family tree as SVG: everything has a place inside the drawing, and rings tell whose a work is
without colour.
"""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage import graph
from gallery.lineage.tree_svg import THUMB, Tree, draw, draw_both
from gallery.models import Visibility
from gallery.templatetags.gallery_tags import RINGS, ring
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> graph.Family:
    """Two founders (one closed), their child by ada, and five grandchildren of which one skips a
    generation.
    """
    ada = make_user("ada")
    first, closed = make_artwork(ada), make_artwork(visibility=Visibility.PRIVATE)
    middle = make_artwork(ada, parents=[first, closed], shares=[0.9, 0.1])
    for _ in range(4):
        make_artwork(parents=[middle])
    make_artwork(
        parents=[middle, first], title="A very long name that nobody could read below a square"
    )
    return graph.family(middle, ada)


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_nothing_overlaps_or_leaves_the_drawing(family: graph.Family, layout: str):
    tree = draw(family, layout=layout)
    assert len(tree.spots) == 8 and len(tree.lines) == 8
    for spot in tree.spots:
        assert (
            spot.x >= 0
            and spot.x + THUMB <= tree.width
            and spot.y >= 0
            and spot.name_y <= tree.height
        )
        for other in tree.spots:
            assert other is spot or abs(other.x - spot.x) >= THUMB or abs(other.y - spot.y) >= THUMB


def steps(tree: Tree) -> dict[str, set[float]]:
    places: dict[str, set[float]] = {}
    for spot in tree.spots:
        places.setdefault(spot.member.relation, set()).add(
            spot.x if tree.layout == "wide" else spot.y
        )
    return places


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_generations_step_to_the_right_on_wide_windows_and_down_on_phones(
    family: graph.Family, layout: str
):
    places = steps(draw(family, layout=layout))
    assert max(places["ancestor"]) < min(places["self"]) and max(places["self"]) < min(
        places["descendant"]
    )


def test_the_wider_line_is_the_larger_share(family: graph.Family):
    widths = {line.words: line.width for line in draw(family, layout="wide").lines}
    large = next(width for words, width in widths.items() if words.startswith("90\u202f% of "))
    small = next(width for words, width in widths.items() if words.startswith("10\u202f% of "))
    assert large > 3 * small


def test_lines_are_paths_of_plain_numbers(family: graph.Family):
    for tree in draw_both(family):
        for line in tree.lines:
            assert re.fullmatch(r"M[-\d.]+ [-\d.]+(C([-\d.]+ ){5}[-\d.]+)+", line.path)


def test_every_kind_of_work_has_a_ring_of_another_shape(family: graph.Family):
    kinds = {spot.kind for spot in draw(family, layout="wide").spots}
    assert kinds == {"self", "own", "other", "closed"} == set(RINGS)
    shapes = {re.sub(r"class=\"[^\"]*\"", "", ring(kind)) for kind in RINGS}
    assert len(shapes) == len(RINGS)


def test_a_closed_work_has_no_name(family: graph.Family):
    closed = [spot for spot in draw(family, layout="wide").spots if spot.kind == "closed"]
    assert [spot.name for spot in closed] == ["not public"]


def test_long_names_are_shortened_and_alone_there_is_no_tree(family: graph.Family):
    names = [spot.name for spot in draw(family, layout="tall").spots]
    assert max(map(len, names)) <= 13 and any(name.endswith("…") for name in names)
    alone = make_artwork()
    assert draw_both(graph.family(alone, AnonymousUser())) == []
