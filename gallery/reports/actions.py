"""Reporting something to moderators, and appealing their decisions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from gallery.core.permissions import check_may_act, require_user
from gallery.models import (
    Artwork,
    Collection,
    Comment,
    Report,
    ReportReason,
    ReportState,
    State,
    User,
)
from gallery.models.artwork import ArtworkQuerySet
from gallery.models.collection import CollectionQuerySet
from gallery.models.moderation import subject_column
from gallery.models.texts import clean_text
from gallery.types import AnyUser, Subject
from generation.refusal import Refused

MAX_TEXT, MAX_APPEAL = 2000, 4000
MAX_OPEN = 20  # Undecided reports of one person, or of one email address.
TAKEN_DOWN = (State.HIDDEN, State.QUARANTINED)


def file_report(
    reporter: AnyUser, subject: Subject, *, reason: str, text: str = "", email: str = ""
) -> Report:
    """Report a work, a comment, a person, a collection or an exhibition.

    Visitors leave an email address, to which the outcome is sent. If a moderator has already
    claimed the case, the new report joins it. Raises Refused for what the reporter may not open or
    what is their own, for a second open report about the same thing, and for too many open ones.
    """
    text, email = _read(text, longest=MAX_TEXT), email.strip().lower()
    if reason not in ReportReason.values:
        raise Refused("Choose one of the reasons.")
    if reporter.is_authenticated:
        check_may_act(reporter)
        who: dict[str, Any] = {"reporter": reporter}
    else:
        _check_address(email)
        who = {"reporter": None, "email": email}
    _check_subject(reporter, subject)
    with transaction.atomic():
        if reporter.is_authenticated:
            # The lock makes sure that a double click files one report.
            User.objects.select_for_update().get(pk=reporter.pk)
        open_ones = Report.objects.pending().filter(**who)
        if open_ones.about(subject).exists():
            raise Refused("You have already reported this. A moderator will review it.")
        if open_ones.count() >= MAX_OPEN:
            raise Refused(
                "You have {most} reports waiting for a moderator. Wait until some are decided.",
                most=MAX_OPEN,
            )
        claimed = Report.objects.about(subject).filter(state=ReportState.CLAIMED).first()
        case = (
            {
                "state": claimed.state,
                "claimed_by": claimed.claimed_by,
                "claimed_at": claimed.claimed_at,
            }
            if claimed
            else {}
        )
        column = subject_column(subject)
        return Report.objects.create(**who, **{column: subject}, reason=reason, text=text, **case)


def file_automatic_report(artwork: Artwork, *, reason: str, text: str) -> Report:
    """Report a work that the block list or the unsafe score stopped when it was printed."""
    return Report.objects.create(artwork=artwork, reason=reason, text=text)


def appeal_takedown(user: AnyUser, subject: Artwork | Collection, *, text: str) -> Report:
    """File the maker's appeal: why the work or collection should be open again.

    The case goes back to the moderators. Suspended people may appeal too. Raises Refused for a
    second appeal, for what is not taken down, and for somebody else's.
    """
    user = require_user(user)
    text = _read(text, longest=MAX_APPEAL)
    if not text:
        raise Refused("Say in a few sentences why it should be open again.")
    with transaction.atomic():
        closed = (
            hidden_collections_of(user)
            if isinstance(subject, Collection)
            else taken_down_works_of(user)
        )
        found = closed.select_for_update(of=("self",)).filter(pk=subject.pk).first()
        if found is None:
            raise Refused("This isn't yours, or it hasn't been taken down.")
        case = report_of_takedown(found)
        if case is None:
            # It was taken down before takedowns had reports.
            case = Report(reason=ReportReason.OTHER, **{subject_column(found): found})
        elif case.countered_at is not None:
            raise Refused("You have already appealed this decision.")
        elif case.decided_at is None:
            raise Refused("A moderator hasn't decided yet. You can appeal once they have.")
        case.counter_notice, case.countered_at = text, timezone.now()
        case.state, case.claimed_by, case.claimed_at = ReportState.OPEN, None, None
        case.save()
    return case


def taken_down_works_of(user: User) -> ArtworkQuerySet:
    """The works of this person that moderators took down."""
    return Artwork.objects.filter(author=user, state__in=TAKEN_DOWN)


def hidden_collections_of(user: User) -> CollectionQuerySet:
    """The collections and exhibitions of this person that moderators hid."""
    return Collection.objects.filter(owner=user, hidden_at__isnull=False)


def report_of_takedown(subject: Artwork | Collection) -> Report | None:
    """The report that the maker reads: the last upheld or appealed one, else a pending one."""
    about = Report.objects.about(subject)
    decided = (
        about.exclude(state=ReportState.DISMISSED)
        .exclude(decided_at=None)
        .order_by("-decided_at", "-pk")
        .first()
    )
    return decided or about.pending().filter(reporter=None, email="").order_by("-pk").first()


def _check_subject(reporter: AnyUser, subject: Subject) -> None:
    """Raises Refused for what the reporter may not open and for what is their own."""
    if isinstance(subject, Artwork):
        is_open = Artwork.objects.visible_to(reporter).filter(pk=subject.pk).exists()
        maker = subject.author_id
    elif isinstance(subject, Comment):
        works = Artwork.objects.visible_to(reporter)
        is_standing = not (subject.is_hidden or subject.deleted_at)
        is_open = is_standing and works.filter(pk=subject.artwork_id).exists()
        maker = subject.author_id
    elif isinstance(subject, Collection):
        is_open = Collection.objects.visible_to(reporter).filter(pk=subject.pk).exists()
        maker = subject.owner_id
    else:
        is_open, maker = subject.is_active, subject.pk
    if not is_open:
        raise Refused("This no longer exists, or you don't have access to it.")
    if reporter.pk == maker:
        raise Refused("This is your own. You can change or remove it yourself.")


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            "Leave an email address so we can tell you the outcome of your report, or log in."
        ) from None


def _read(text: str, *, longest: int) -> str:
    text = clean_text(text)
    if len(text) > longest:
        raise Refused(
            "Your text can have at most {most} plain characters. Shorten it.", most=longest
        )
    return text
