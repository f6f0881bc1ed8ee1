"""An account on its way from one garden to another: exported by a job, planted again with the same
genomes and lineage.
"""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gallery.archive import importing
from gallery.archive.export import prune_exports, request_export
from gallery.archive.format import read_archive
from gallery.archive.importing import import_works, request_import
from gallery.archive.plan import ELSEWHERE
from gallery.job_runner import run_next
from gallery.lineage.credit import credits
from gallery.models import (
    Artwork,
    BlockedWord,
    Job,
    JobState,
    Licence,
    LineageEdge,
    Species,
    State,
    Suspension,
    User,
    Visibility,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user

pytestmark = pytest.mark.django_db


def grow_account(works: int) -> User:
    """A person with so many works: each but the first few has two parents, now and then one of
    somebody else's.
    """
    user = make_user("ada", display_name="Ada Fern", email="ada@example.org")
    other = make_artwork(make_user("bo"), title="Foreign")
    closed = make_artwork(visibility=Visibility.UNLISTED, title="Secret")
    own: list[Artwork] = []
    for number in range(works):
        parents = [own[number // 2], own[number - 1]] if number > 3 else []
        if number % 9 == 4:
            parents[0] = other
        if number % 9 == 5:
            parents[0] = closed
        pedigree = {"roots": [parent.slug for parent in parents], "steps": []} if parents else {}
        own.append(
            make_artwork(
                user,
                parents=parents,
                pedigree=pedigree,
                tags=["moss", "fern"] if number % 2 else [],
            )
        )
    LineageEdge.objects.update(licence=Licence.CC_BY)
    return user


def exported(user: User, *, with_files: bool = False) -> bytes:
    job = request_export(user, with_files=with_files, base="https://one.example")
    assert run_next()
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job.result.read()


def told(user: User) -> dict[str, tuple]:
    """What an account is, without addresses: genome -> title, parents by genome with shares,
    tags.
    """
    works = Artwork.objects.filter(author=user).exclude(state=State.REMOVED)
    return {
        work.genome_identity: (
            work.title,
            work.licence,
            work.depth,
            work.novelty,
            sorted(tag.name for tag in work.tags.all()),
            sorted(
                (
                    round(edge.share, 6),
                    edge.licence,
                    edge.parent.genome_identity if edge.parent.author == user else "",
                )
                for edge in work.parent_edges.select_related("parent__author")
            ),
        )
        for work in works
    }


def empty_garden() -> User:
    """The same database as another garden would have it: nobody's works, and a fresh person."""
    LineageEdge.objects.all().delete()
    Job.objects.all().delete()
    Artwork.objects.all().delete()
    return make_user("cleo")


def test_an_account_of_forty_works_comes_over_whole(squares_engine):
    ada = grow_account(40)
    before, data = told(ada), exported(ada)
    cleo = empty_garden()
    job = request_import(cleo, data)
    while run_next():
        pass
    job.refresh_from_db()
    report = job.payload["report"]
    assert report["planted"] == 40 and report["problems"] == []
    assert not any(
        report[count]
        for count in (
            "known",
            "collections",
            "refused",
            "likes",
            "unliked",
            "follows",
            "unfollowed",
        )
    )
    assert told(cleo) == before
    works = Artwork.objects.filter(author=cleo)
    assert all(
        work.state == State.PUBLISHED and work.master.read()[:4] == b"\x89PNG" for work in works
    )
    assert set(works.values_list("width", flat=True)) == {64}
    for work in works:
        shares = [edge.share for edge in work.parent_edges.all()]
        assert not shares or sum(shares) == pytest.approx(1)


def test_roots_of_pedigrees_get_their_new_addresses(squares_engine):
    data = exported(grow_account(8))
    cleo = empty_garden()
    import_works(cleo, read_archive(data))
    here = set(Artwork.objects.values_list("slug", flat=True))
    for work in Artwork.objects.filter(author=cleo):
        assert set(work.pedigree.get("roots", [])) <= here


def test_foreign_parents_leave_empty_places_of_one_closed_account(squares_engine):
    data = exported(grow_account(40))
    cleo = empty_garden()
    import_works(cleo, read_archive(data))
    stubs = Artwork.objects.filter(state=State.REMOVED)
    elsewhere = User.objects.get(display_name=ELSEWHERE)
    assert set(stubs.values_list("author", flat=True)) == {elsewhere.pk} and not elsewhere.is_active
    assert {"title": "Foreign", "maker": "bo"}.items() <= stubs.exclude(
        genome_identity=""
    ).get().pedigree["elsewhere"].items()
    assert not any("Secret" in json.dumps(stub.pedigree) for stub in stubs)
    assert (
        not Artwork.objects.visible_to(make_user(role="administrator"))
        .filter(pk__in=stubs)
        .exists()
    )


def test_importing_twice_doubles_nothing(squares_engine):
    data = exported(grow_account(12))
    cleo = empty_garden()
    import_works(cleo, read_archive(data))
    before = (
        Artwork.objects.count(),
        LineageEdge.objects.count(),
        Job.objects.count(),
        User.objects.count(),
    )
    report = import_works(cleo, read_archive(data))
    assert (report.planted, report.known) == (0, 12)
    assert (
        Artwork.objects.count(),
        LineageEdge.objects.count(),
        Job.objects.count(),
        User.objects.count(),
    ) == before


def test_an_interrupted_import_is_finished_by_importing_again(squares_engine, monkeypatch):
    monkeypatch.setattr(importing, "PIECE", 4)
    ada = grow_account(12)
    before, data = told(ada), exported(ada)
    cleo = empty_garden()
    works = read_archive(data)
    asked: list[float] = []
    assert (
        importing.import_account(
            cleo, works, keep=lambda progress: asked.append(progress) or len(asked) < 3
        )
        is None
    )
    assert Artwork.objects.filter(author=cleo).count() == Job.objects.count() == 8
    for work in Artwork.objects.filter(author=cleo):
        shares = [edge.share for edge in work.parent_edges.all()]
        assert not shares or sum(shares) == pytest.approx(1), "A piece is whole in itself."
    report = import_works(cleo, works)
    assert (report.planted, report.known) == (4, 8) and told(cleo) == before


def test_two_imports_at_once_plant_every_work_once(squares_engine, monkeypatch):
    monkeypatch.setattr(importing, "PIECE", 4)
    ada = grow_account(12)
    before, data = told(ada), exported(ada)
    cleo, works = empty_garden(), read_archive(data)
    others: list[int] = []

    def meanwhile(progress: float) -> bool:
        """After the first piece of one import, the other one comes from beginning to end."""
        if progress and not others:
            others.append(import_works(cleo, works).planted)
        return True

    report = importing.import_account(cleo, works, keep=meanwhile)
    assert others == [8] and (report.planted, report.known) == (4, 8)
    assert (
        told(cleo) == before
        and Artwork.objects.filter(author=cleo).count() == Job.objects.count() == 12
    )


def test_a_runner_that_lost_its_job_plants_nothing_more(squares_engine):
    data = exported(grow_account(3))
    cleo = empty_garden()
    assert importing.import_account(cleo, read_archive(data), is_mine=lambda: False) is None
    assert not Artwork.objects.filter(author=cleo).exists()


def test_the_queries_of_an_import_do_not_grow_with_the_account(
    squares_engine, django_assert_max_num_queries
):
    data = exported(grow_account(90))
    cleo = empty_garden()
    with django_assert_max_num_queries(60):
        assert import_works(cleo, read_archive(data)).planted == 90


def test_a_parent_that_stands_here_is_the_parent(squares_engine):
    ada = grow_account(6)
    data = exported(ada)
    foreign = Artwork.objects.get(title="Foreign")
    cleo = make_user("cleo")
    import_works(cleo, read_archive(data))
    assert LineageEdge.objects.filter(parent=foreign, child__author=cleo).exists()


def test_what_cannot_be_planted_is_told_and_the_rest_comes(squares_engine):
    ada = grow_account(3)
    work = Artwork.objects.filter(author=ada).order_by("pk").last()
    Artwork.objects.filter(pk=work.pk).update(title="Full of thistles")
    data = exported(ada)
    cleo = empty_garden()
    BlockedWord.objects.create(word="thistles")
    report = import_works(cleo, read_archive(data))
    assert report.planted == 2 and [title for title, _, _ in report.problems] == [
        "Full of thistles"
    ]
    Species.objects.update(is_available=False)
    report = import_works(make_user(), read_archive(data))
    assert (
        report.planted == 0
        and len(report.problems) == 3
        and not Artwork.objects.filter(author__username="dan").exists()
    )


def test_a_licence_that_its_parents_forbid_is_told(squares_engine):
    ada = grow_account(5)  # The fifth descends from somebody else's work.
    LineageEdge.objects.update(licence=Licence.CC_BY_NC)
    data = exported(ada)
    report = import_works(empty_garden(), read_archive(data))
    assert report.planted == 4 and len(report.problems) == 1 and "CC BY-NC" in str(report.problems)
    assert not Artwork.objects.filter(state=State.REMOVED).exists()


def test_imported_prints_wait_behind_and_do_not_fill_the_line(squares_engine, settings):
    settings.JOBS_PER_USER = 5
    data = exported(grow_account(12))
    cleo = empty_garden()
    import_works(cleo, read_archive(data))
    fresh = make_job(make_artwork(cleo, state=State.RENDERING))
    assert run_next()
    fresh.refresh_from_db()
    assert fresh.state == JobState.DONE


def test_an_export_holds_the_account_and_nothing_of_others(squares_engine):
    ada = grow_account(6)
    make_artwork(ada, state=State.QUARANTINED, title="Evidence")
    with zipfile.ZipFile(io.BytesIO(exported(ada))) as archive:
        names = set(archive.namelist())
        works, about = (json.loads(archive.read(name)) for name in ("works.json", "account.json"))
        everything = b"".join(archive.read(name) for name in names).decode()
    assert names == {
        "README.txt",
        "account.json",
        "works.json",
        "collections.json",
        "comments.json",
        "likes.json",
        "follows.json",
    }
    assert about["person"]["email"] == "ada@example.org" and len(works) == 6
    assert not any(
        word in everything
        for word in ("Secret", "Evidence", Artwork.objects.get(title="Secret").slug)
    )
    assert {"Foreign"} <= {
        parent["title"] for work in works for parent in work["parents"] if "title" in parent
    }


def test_an_export_credits_as_the_pages_do(squares_engine):
    ada = grow_account(20)
    for number, work in enumerate(Artwork.objects.filter(author=ada)):
        Artwork.objects.filter(pk=work.pk).update(novelty=0.1 * (number % 4))
    with zipfile.ZipFile(io.BytesIO(exported(ada))) as archive:
        works = json.loads(archive.read("works.json"))
    for told_work in works:
        shown = credits(Artwork.objects.get(slug=told_work["slug"]), ada)
        as_rows = {
            (credit.author.name if credit.author else None, credit.is_new): credit.share
            for credit in shown
        }
        assert as_rows == pytest.approx(
            {(row["name"], row["is_new"]): row["share"] for row in told_work["credit"]}
        )
        assert sum(row["share"] for row in told_work["credit"]) == pytest.approx(1)


def test_an_export_brings_the_files_where_they_are_asked_for(squares_engine):
    work = make_artwork(has_files=True)
    with zipfile.ZipFile(io.BytesIO(exported(work.author, with_files=True))) as archive:
        told_files = json.loads(archive.read("works.json"))[0]["files"]
        assert len(told_files) == 2 and all(archive.read(name) for name in told_files)


def test_an_export_is_kept_for_a_week_and_asked_for_once(squares_engine):
    user = make_user()
    assert request_export(user, with_files=True, base="") == request_export(
        user, with_files=True, base=""
    )
    run_next()
    job = Job.objects.get()
    assert prune_exports() == [] and job.result
    name = job.result.name
    assert prune_exports(now=timezone.now() + timedelta(days=8)) == [name]
    assert not Job.objects.get().result


def test_suspended_people_export_but_do_not_import(squares_engine):
    user = grow_account(2)
    Suspension.objects.create(user=user, reason="Spam.")
    data = exported(user)
    with pytest.raises(Refused, match="suspended"):
        request_import(user, data)


def test_bad_uploads_leave_nothing_behind(squares_engine, settings):
    user = make_user()
    for data in (b"", b"no zip", b"PK\x05\x06" + b"\0" * 18):
        with pytest.raises(Refused):
            request_import(user, data)
    assert not Job.objects.exists() and not (settings.MEDIA_ROOT / "imports").exists()


def test_the_command_brings_an_archive(squares_engine, tmp_path, capsys):
    path = tmp_path / "ada.zip"
    path.write_bytes(exported(grow_account(3)))
    empty_garden()
    call_command("import_account", str(path), "--to", "cleo")
    assert "3 planted" in capsys.readouterr().out
    for arguments in (
        [str(path), "--to", "nobody"],
        [str(tmp_path / "none.zip"), "--to", "cleo"],
        [__file__, "--to", "cleo"],
    ):
        with pytest.raises(CommandError):
            call_command("import_account", *arguments)
