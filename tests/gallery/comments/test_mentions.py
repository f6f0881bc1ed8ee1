"""Comments as HTML: everything is escaped, and `@name` links to the person mentioned."""

import pytest

from gallery.comments.mentions import Mentions, mentioned_names, render
from tests.factories import make_boundary, make_comment, make_user


def shown(text: str, mentions: Mentions | None = None, *, writer: int = 0) -> str:
    return str(render(text, writer=writer, mentions=mentions or Mentions()))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "{{ 7|add:7 }}<!--",
        "&lt;b&gt;",
        "https://a.example/<script>",
        'https://a.example/"onmouseover="x',
        "javascript:alert(1)",
        "http://x'onclick='y",
    ],
)
def test_every_special_character_is_escaped(text: str):
    made = shown(text)
    bare = made.replace("<p>", "").replace("</p>", "")
    without_links = bare.replace("</a>", "")
    assert "<script" not in made and "<img" not in made and "<svg" not in made
    assert without_links.count("<") == bare.count('<a href="http')
    assert "javascript:" not in made or "href" not in made


def test_paragraphs_and_lines_stay():
    assert shown("one\ntwo\n\n\nthree") == "<p>one<br>two</p><p>three</p>"


def test_addresses_become_nofollow_links_without_trailing_punctuation():
    made = shown("see (https://a.example/b?c=1&d=2). Or https://en.example/X_(y)!")
    assert (
        '<a href="https://a.example/b?c=1&amp;d=2" rel="nofollow noopener'
        ' ugc">https://a.example/b?c=1&amp;d=2</a>).' in made
    )
    assert '<a href="https://en.example/X_(y)" ' in made and "</a>!" in made


def test_long_addresses_are_shown_short():
    made = shown("https://a.example/" + "x" * 200)
    assert made.count("x") > 200 and "…</a>" in made


def test_names_are_found_once_and_not_in_addresses_or_mail():
    assert mentioned_names("@Ada, @ada @bo-fern! mail@cy.example https://x.example/@di (@ev)") == [
        "ada",
        "bo-fern",
        "ev",
    ]
    assert mentioned_names(" ".join(f"@n{n}" for n in range(11))) == []


@pytest.mark.django_db
def test_only_people_who_exist_and_have_not_blocked_the_writer_are_linked(
    django_assert_max_num_queries,
):
    make_user("ada", display_name="Ada <Fern>"), make_user("gone", is_active=False)
    comment = make_comment(text="@ada @ADA- @gone @nobody @blocker")
    make_boundary(make_user("blocker"), comment.author)
    with django_assert_max_num_queries(2):
        mentions = Mentions.in_comments([comment] * 50)
    made = shown(comment.text, mentions, writer=comment.author_id)
    assert made.count('href="/@ada/"') == 2 and "Ada &lt;Fern&gt;" in made
    assert not any(f'href="/@{name}/"' in made for name in ("gone", "nobody", "blocker"))
    assert 'href="/@blocker/"' in shown(comment.text, mentions, writer=make_user().pk)
