"""Which pages the screenshots show. Needs Django to be set up."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from django.urls import reverse

from gallery.models import Artwork, State, Tag, User


def find_pages() -> dict[str, tuple[str, str]]:
    """All pages: name -> address and session cookie ("" for a visitor)."""
    works = Artwork.objects.listed()
    relatives = Count("parent_edges", distinct=True) * 3 + Count("child_edges", distinct=True)
    work = (
        works.annotate(relatives=relatives)
        .order_by("-relatives", "-depth")
        .select_related("author", "species")
        .first()
    )
    if work is None:
        raise SystemExit("The site has no works. Plant some first: manage.py seed_garden")
    maker = sign_in(work.author)
    tag = Tag.objects.annotate(size=Count("artworks")).order_by("-size").first()
    visitor = {
        "home": reverse("home"),
        "featured": reverse("home") + "?shelf=featured",
        "work": work.get_absolute_url(),
        "family": reverse("artwork_family", args=[work.slug]),
        "search": f"{reverse('search')}?q={work.title.split()[0].lower()}",
        "search-empty": reverse("search") + "?q=unfindable",
        "tag": tag.get_absolute_url() if tag else reverse("search"),
        "species": reverse("species_overview"),
        "one-species": work.species.get_absolute_url(),
        "credits": reverse("credits"),
        "about": reverse("about"),
        "about-ai-art": reverse("about_ai_art"),
        "glossary": reverse("glossary"),
        "help": reverse("help"),
        "profile": work.author.get_absolute_url(),
        "bench": reverse("bench") + f"?parents={work.slug}",
        "choose": reverse("bench_choose"),
        "login": reverse("account_login"),
        "signup": reverse("account_signup"),
        "reset": reverse("account_reset_password"),
        "not-found": "/nothing-here/",
        "refused": reverse("home") + "?after=damaged",
    }
    member = {
        "home-member": reverse("home"),
        "work-maker": work.get_absolute_url(),
        "edit": reverse("artwork_edit", args=[work.slug]),
        "delete": reverse("artwork_delete", args=[work.slug]),
        "mine": reverse("mine"),
        "likes": reverse("likes"),
        "profile-edit": reverse("profile_edit"),
        "password": reverse("account_change_password"),
        "two-factors": reverse("mfa_index"),
    }
    if printing := Artwork.objects.filter(author=work.author, state=State.RENDERING).first():
        member["printing"] = printing.get_absolute_url()
    return {name: (path, "") for name, path in visitor.items()} | {
        name: (path, maker) for name, path in member.items()
    }


def sign_in(user: User) -> str:
    """The cookie of a new session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
