"""How far somebody's works have spread: other people's public descendants only."""

import pytest

from gallery.lineage.spread import spread
from gallery.models import Artwork, State, Visibility
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_descendants_by_others_are_counted_once_with_depth_people_and_sources(
    django_assert_num_queries,
):
    ada, ben, cleo = make_user(), make_user(), make_user()
    one, two = make_artwork(ada), make_artwork(ada)
    make_artwork(ada)
    own = make_artwork(ada, parents=[one])
    child = make_artwork(ben, parents=[one, two], novelty=0.5, like_count=1)
    grandchild = make_artwork(
        cleo, parents=[child, make_artwork(cleo)], shares=[0.5, 0.5], like_count=9
    )
    late = make_artwork(ben, parents=[own])
    with django_assert_num_queries(3):
        found = spread(ada)
    assert (found.works, found.direct, found.people, found.depth, found.sources) == (3, 2, 2, 2, 3)
    assert [work for work, _ in found.top] == [grandchild, child, late] and not found.is_more
    assert [share for _, share in found.top] == [
        pytest.approx(0.25),
        pytest.approx(0.5),
        pytest.approx(1),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
    ],
)
def test_what_is_not_on_walls_counts_for_nobody(fields):
    ada = make_user()
    make_artwork(parents=[make_artwork(ada)], title="Secret", **fields)
    assert spread(ada).works == 0 and spread(ada).top == ()
    hidden_source = make_artwork(ada, **fields)
    make_artwork(parents=[hidden_source])
    assert spread(ada).works == 0


def test_a_huge_spread_is_cut_off_and_says_so():
    ada = make_user()
    work = make_artwork(ada)
    for _ in range(5):
        make_artwork(parents=[work])
    assert spread(ada, limit=3).is_more and spread(ada, limit=3).works == 3


def test_the_page_shows_figures_and_descendants(client):
    ada = make_user("ada", display_name="Ada")
    work = make_artwork(ada)
    assert "No descendants by others yet" in client.get("/@ada/spread/").content.decode()
    make_artwork(make_user(), parents=[work], title="<b>Moss</b>", has_files=True)
    page = client.get("/@ada/spread/").content.decode()
    assert "&lt;b&gt;Moss&lt;/b&gt;" in page and "came through Ada" in page.replace("\xa0", " ")
    assert client.get("/@nobody/spread/").status_code == 404
    assert client.get("/@ADA/spread/")["Location"] == "/@ada/spread/"
    Artwork.objects.update(visibility=Visibility.PRIVATE)
    assert "No descendants by others yet" in client.get("/@ada/spread/").content.decode()
