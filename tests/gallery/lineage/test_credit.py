"""Credits: whose inheritance a work is made of, through all generations."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from gallery.lineage.credit import credit_line, credits
from gallery.models import LineageEdge, State, Visibility
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def shares_of(found) -> dict[str, float]:
    names = [
        credit.author.username if credit.author else "new" if credit.is_new else "unnamed"
        for credit in found
    ]
    return dict(zip(names, (credit.share for credit in found), strict=True))


def test_credits_go_through_all_generations_and_sum_to_one():
    ada, ben = make_user("ada"), make_user("ben")
    root = make_artwork(ada)
    middle = make_artwork(ben, parents=[root], novelty=0.5)
    work = make_artwork(parents=[middle, root], shares=[0.8, 0.2], novelty=0.1)
    found = shares_of(credits(work, VISITOR))
    assert found == {
        "ada": pytest.approx(0.9 * (0.8 * 0.5 + 0.2)),
        "ben": pytest.approx(0.9 * 0.8 * 0.5),
        "new": pytest.approx(0.1),
    }
    assert sum(found.values()) == pytest.approx(1)


def test_a_founder_is_all_new():
    assert shares_of(credits(make_artwork(), VISITOR)) == {"new": 1}


def test_a_removed_parent_keeps_its_makers_credit_and_a_private_one_does_not_tell_the_name():
    gone, secret = make_artwork(state=State.REMOVED), make_artwork(visibility=Visibility.PRIVATE)
    found = shares_of(credits(make_artwork(parents=[gone, secret]), VISITOR))
    assert found == {gone.author.username: pytest.approx(0.5), "unnamed": pytest.approx(0.5)}


def test_a_damaged_share_does_not_break_the_sum():
    work = make_artwork(parents=[make_artwork(), make_artwork()])
    LineageEdge.objects.filter(child=work).update(share=0.2)
    assert sum(credit.share for credit in credits(work, VISITOR)) == pytest.approx(1)


def test_a_cross_of_five_generations_by_six_people_credits_all_six(django_assert_max_num_queries):
    people = [make_user(f"maker{number}") for number in range(6)]
    first, second, third = (make_artwork(person) for person in people[:3])
    one = make_artwork(people[3], parents=[first, second], shares=[0.7, 0.3], novelty=0.2)
    two = make_artwork(people[4], parents=[one, third], shares=[0.55, 0.45], novelty=0.1)
    three = make_artwork(people[5], parents=[two, first], shares=[0.9, 0.1], novelty=0.05)
    four = make_artwork(people[0], parents=[three, second], shares=[0.5, 0.5], novelty=0.15)
    work = make_artwork(people[1], parents=[four, three], shares=[0.8, 0.2], novelty=0.08)
    with django_assert_max_num_queries(5):
        found = credits(work, VISITOR)
    assert sum(credit.share for credit in found) == pytest.approx(1, abs=1e-6)
    assert {credit.author for credit in found if credit.author} == set(people)
    assert found[-1].is_new and found[-1].share == pytest.approx(0.08)
    in_three = 0.92 * (
        0.8 * 0.85 * 0.5 + 0.2
    )  # What comes through the work of maker5, on both ways.
    assert shares_of(found)["maker5"] == pytest.approx(in_three * 0.05)
    assert shares_of(found)["maker4"] == pytest.approx(in_three * 0.95 * 0.9 * 0.1)


def test_a_family_that_is_cut_off_owes_the_rest_to_the_farthest(monkeypatch):
    line = [make_artwork(make_user("origin"))]
    for number in range(6):
        line.append(make_artwork(make_user(f"link{number}"), parents=line[-1:], novelty=0.1))
    monkeypatch.setattr("gallery.lineage.graph.ties_above.__kwdefaults__", {"limit": 3})
    found = shares_of(credits(line[-1], VISITOR))
    assert sum(found.values()) == pytest.approx(1, abs=1e-6)
    assert "origin" not in found and found["link2"] == pytest.approx(0.9**3)


def test_the_page_says_where_the_credit_of_a_very_long_family_goes(client: Client, monkeypatch):
    work = make_artwork(parents=[make_artwork(parents=[make_artwork()])], has_files=True)
    sentence = "credited to the makers of the most distant ones"
    assert sentence not in client.get(work.get_absolute_url()).content.decode()
    monkeypatch.setattr("gallery.lineage.graph.MAX_KIN", 2)
    assert sentence in client.get(work.get_absolute_url()).content.decode()


def test_a_line_of_credit_names_everybody():
    ada, secret = make_user("ada"), make_artwork(visibility=Visibility.PRIVATE)
    work = make_artwork(parents=[make_artwork(ada), secret], shares=[0.75, 0.25], novelty=0.2)
    line = credit_line(credits(work, VISITOR)).replace("\u202f", " ")
    assert line == "60 % from @ada, 20 % from works that are not public, 20 % new"


def test_a_long_line_costs_as_many_queries_as_a_short_one(django_assert_max_num_queries):
    line = [make_artwork()]
    for _ in range(30):
        line.append(make_artwork(parents=[line[-1], make_artwork()], novelty=0.05))
    with django_assert_max_num_queries(5):
        assert sum(credit.share for credit in credits(line[-1], VISITOR)) == pytest.approx(1)
