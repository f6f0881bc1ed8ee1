"""The page of a family: the drawing, the same in words, ways to what is not shown; and the page of
rights.
"""

import re

import pytest
from django.test import Client

from gallery.models import Licence, Visibility
from tests.factories import make_artwork, make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db


def test_a_family_is_drawn_and_told_generation_by_generation(client: Client):
    root = make_artwork(title="Fern", has_files=True)
    middle = make_artwork(
        title="Moss", parents=[root, make_artwork(title="Rust")], shares=[0.7, 0.3]
    )
    make_artwork(title="Lichen", parents=[middle])
    page = html_of(client.get(f"/art/{middle.slug}/family/")).replace("\u202f", " ")
    assert (
        page.index("1 generation earlier")
        < page.index("This work</h3>")
        < page.index("1 generation later")
    )
    assert "70 % from Fern" in page and "30 % from Rust" in page and "100 % from Moss" in page
    assert page.count("<svg xmlns") == 2 and "Lichen by" in page


def test_a_huge_family_links_to_the_rest(client: Client, django_assert_max_num_queries):
    line = [make_artwork()]
    for _ in range(5):
        line.append(make_artwork(parents=line[-1:]))
    for _ in range(3):
        make_artwork(parents=[line[0]])
    page = client.get(f"/art/{line[2].slug}/family/?generations=1").content.decode()
    assert f'href="/art/{line[1].slug}/family/"' in page and "+1 more parent" in page
    assert (
        "+1 more ancestor" in page and "+2 more descendants" in page and line[0].title not in page
    )
    for work in line:
        with django_assert_max_num_queries(14):
            client.get(f"/art/{work.slug}/family/?generations=1")


@pytest.mark.parametrize("asked", ["0", "9999999", "-1", "x", "1.5", "²", "1&generations=2"])
def test_an_odd_number_of_generations_is_answered_with_the_whole(client: Client, asked):
    work = make_artwork(parents=[make_artwork()])
    assert client.get(f"/art/{work.slug}/family/?generations={asked}").status_code == 200


def test_the_pages_cost_the_same_queries_for_three_times_the_family(
    client: Client, django_assert_max_num_queries
):
    for count in (4, 12):
        work = make_artwork(parents=[make_artwork() for _ in range(count)])
        for _ in range(count):
            make_artwork(parents=[work])
        for path in ("family/", "children/"):
            with django_assert_max_num_queries(12):
                assert client.get(f"/art/{work.slug}/{path}").status_code == 200


def test_children_are_listed_but_not_the_closed_ones(client: Client):
    work = make_artwork()
    make_artwork(title="Open one", parents=[work])
    make_artwork(title="Closed one", parents=[work], visibility=Visibility.PRIVATE)
    page = client.get(f"/art/{work.slug}/children/").content.decode()
    assert "Open one" in page and "Closed one" not in page
    assert client.get(f"/art/{work.slug}/children/?after=forged").status_code == 400


def test_titles_are_escaped_in_drawing_and_list(client: Client):
    work = make_artwork(
        parents=[
            make_artwork(make_user(display_name="<i>Ada"), title='"><script>alert(1)</script>')
        ]
    )
    page = client.get(f"/art/{work.slug}/family/").content.decode()
    assert "<script>alert" not in page and "<i>Ada" not in page


@pytest.mark.parametrize(
    ("fields", "may"),
    [({}, True), ({"may_train": False}, False), ({"licence": Licence.CC_BY_NC}, False)],
)
def test_pages_tell_people_and_machines_whether_nets_may_be_trained(client: Client, fields, may):
    work = make_artwork(**fields)
    answer = client.get(f"/art/{work.slug}/")
    page = answer.content.decode()
    assert answer["tdm-reservation"] == ("0" if may else "1")
    assert ("noai, noimageai" in answer.get("X-Robots-Tag", "")) is not may
    assert (f'<meta name="tdm-reservation" content="{0 if may else 1}">' in page) and (
        'content="noai' in page
    ) is not may
    assert ("May be used for AI training." in page) is may
    assert client.get(f"/art/{work.slug}/family/")["tdm-reservation"] == ("0" if may else "1")


def test_the_page_of_rights_holds_the_whole_table(client: Client):
    page = html_of(client.get("/rights/"))
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page)
    assert len(rows) == 5 and all(cells.count("<td") == 5 for _, cells in rows)
    assert page.count('<td class="is-none">no child</td>') == 11
