"""Importing an account into another site: the same genomes and lineage, each work once."""

import json

import pytest
from django.core.management import CommandError, call_command

from gallery.archive import importing
from gallery.archive.importing import import_works, request_import
from gallery.archive.plan import EXTERNAL_AUTHOR
from gallery.archive.reading import read_archive
from gallery.job_runner import run_next
from gallery.models import (
    Artwork,
    BlockedWord,
    Job,
    JobState,
    Licence,
    LineageEdge,
    Species,
    State,
    User,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user
from tests.gallery.archive.accounts import described, empty_site, exported, grow_account

pytestmark = pytest.mark.django_db


def test_an_account_of_twenty_works_is_imported_completely(squares_engine):
    ada = grow_account(20)
    before, data = described(ada), exported(ada)
    cleo = empty_site()
    job = request_import(cleo, data)
    while run_next():
        pass
    job.refresh_from_db()
    report = job.payload["report"]
    assert report["planted"] == 20 and report["problems"] == []
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
    assert described(cleo) == before
    works = Artwork.objects.filter(author=cleo)
    assert all(
        work.state == State.PUBLISHED and work.master.read()[:4] == b"\x89PNG" for work in works
    )
    assert set(works.values_list("width", flat=True)) == {64}
    for work in works:
        shares = [edge.share for edge in work.parent_edges.all()]
        assert not shares or sum(shares) == pytest.approx(1)


def test_roots_of_pedigrees_get_their_new_slugs(squares_engine):
    data = exported(grow_account(8))
    cleo = empty_site()
    import_works(cleo, read_archive(data))
    here = set(Artwork.objects.values_list("slug", flat=True))
    for work in Artwork.objects.filter(author=cleo):
        assert set(work.pedigree.get("roots", [])) <= here


def test_missing_parents_become_placeholders_of_one_closed_account(squares_engine):
    data = exported(grow_account(40))
    cleo = empty_site()
    import_works(cleo, read_archive(data))
    stubs = Artwork.objects.filter(state=State.REMOVED)
    elsewhere = User.objects.get(display_name=EXTERNAL_AUTHOR)
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
    cleo = empty_site()
    import_works(cleo, read_archive(data))
    before = (
        Artwork.objects.count(),
        LineageEdge.objects.count(),
        Job.objects.count(),
        User.objects.count(),
    )
    report = import_works(cleo, read_archive(data))
    assert (report.imported, report.known) == (0, 12)
    assert (
        Artwork.objects.count(),
        LineageEdge.objects.count(),
        Job.objects.count(),
        User.objects.count(),
    ) == before


def test_an_interrupted_import_is_finished_by_importing_again(squares_engine, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 4)
    ada = grow_account(12)
    before, data = described(ada), exported(ada)
    cleo = empty_site()
    works = read_archive(data)
    asked: list[float] = []
    assert (
        importing.import_account(
            cleo, works, on_progress=lambda progress: asked.append(progress) or len(asked) < 3
        )
        is None
    )
    assert Artwork.objects.filter(author=cleo).count() == Job.objects.count() == 8
    for work in Artwork.objects.filter(author=cleo):
        shares = [edge.share for edge in work.parent_edges.all()]
        assert not shares or sum(shares) == pytest.approx(1), "A chunk is complete in itself."
    report = import_works(cleo, works)
    assert (report.imported, report.known) == (4, 8) and described(cleo) == before


def test_two_imports_at_once_write_every_work_once(squares_engine, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 4)
    ada = grow_account(12)
    before, data = described(ada), exported(ada)
    cleo, works = empty_site(), read_archive(data)
    others: list[int] = []

    def meanwhile(progress: float) -> bool:
        """After the first chunk of one import, run the other one from beginning to end."""
        if progress and not others:
            others.append(import_works(cleo, works).imported)
        return True

    report = importing.import_account(cleo, works, on_progress=meanwhile)
    assert others == [8] and (report.imported, report.known) == (4, 8)
    assert (
        described(cleo) == before
        and Artwork.objects.filter(author=cleo).count() == Job.objects.count() == 12
    )


def test_a_runner_that_lost_its_lease_writes_nothing_more(squares_engine):
    data = exported(grow_account(3))
    cleo = empty_site()
    assert importing.import_account(cleo, read_archive(data), holds_lease=lambda: False) is None
    assert not Artwork.objects.filter(author=cleo).exists()


def test_the_queries_of_an_import_do_not_grow_with_the_account(
    squares_engine, django_assert_max_num_queries
):
    data = exported(grow_account(90))
    cleo = empty_site()
    with django_assert_max_num_queries(60):
        assert import_works(cleo, read_archive(data)).imported == 90


def test_a_parent_on_this_site_is_used(squares_engine):
    ada = grow_account(6)
    data = exported(ada)
    foreign = Artwork.objects.get(title="Foreign")
    for work in Artwork.objects.filter(author=ada).order_by("-pk"):
        work.delete()  # Of two sites, only the first has ada's works.
    cleo = make_user("cleo")
    import_works(cleo, read_archive(data))
    assert LineageEdge.objects.filter(parent=foreign, child__author=cleo).exists()


def test_what_cannot_be_imported_is_reported_and_the_rest_is_imported(squares_engine):
    ada = grow_account(3)
    work = Artwork.objects.filter(author=ada).order_by("pk").last()
    Artwork.objects.filter(pk=work.pk).update(title="Full of thistles")
    data = exported(ada)
    cleo = empty_site()
    BlockedWord.objects.create(word="thistles")
    report = import_works(cleo, read_archive(data))
    assert report.imported == 2 and [title for title, _, _ in report.problems] == [
        "Full of thistles"
    ]
    Species.objects.update(is_available=False)
    report = import_works(make_user(), read_archive(data))
    assert (
        report.imported == 0
        and len(report.problems) == 3
        and not Artwork.objects.filter(author__username="dan").exists()
    )


def test_a_licence_that_the_parents_forbid_is_reported(squares_engine):
    ada = grow_account(5)  # The fifth descends from somebody else's work.
    LineageEdge.objects.update(licence=Licence.CC_BY_NC)
    data = exported(ada)
    report = import_works(empty_site(), read_archive(data))
    assert report.imported == 4 and len(report.problems) == 1 and "CC BY-NC" in str(report.problems)
    assert not Artwork.objects.filter(state=State.REMOVED).exists()


def test_imported_prints_come_last_and_do_not_count_for_the_limit(squares_engine, settings):
    settings.JOBS_PER_USER = 5
    data = exported(grow_account(12))
    cleo = empty_site()
    import_works(cleo, read_archive(data))
    fresh = make_job(make_artwork(cleo, state=State.RENDERING))
    assert run_next()
    fresh.refresh_from_db()
    assert fresh.state == JobState.DONE


def test_bad_uploads_leave_nothing_behind(squares_engine, settings):
    user = make_user()
    for data in (b"", b"no zip", b"PK\x05\x06" + b"\0" * 18):
        with pytest.raises(Refused):
            request_import(user, data)
    assert not Job.objects.exists() and not (settings.MEDIA_ROOT / "imports").exists()


def test_the_command_imports_an_archive(squares_engine, tmp_path, capsys):
    path = tmp_path / "ada.zip"
    path.write_bytes(exported(grow_account(3)))
    empty_site()
    call_command("import_account", str(path), "--to", "cleo")
    assert "3 imported" in capsys.readouterr().out
    for arguments in (
        [str(path), "--to", "nobody"],
        [str(tmp_path / "none.zip"), "--to", "cleo"],
        [__file__, "--to", "cleo"],
    ):
        with pytest.raises(CommandError):
            call_command("import_account", *arguments)
