"""Asking moderators to look at something, and answering what they decided."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from gallery.core.permissions import check_may_act
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
from gallery.models.moderation import SUBJECTS
from generation.refusal import Refused

LONGEST_TEXT, LONGEST_ANSWER = 2000, 4000
MOST_OPEN = 20  # Reports of one person, or of one address, that wait at a time.
TAKEN_DOWN = (State.HIDDEN, State.QUARANTINED)


def file_report(
    reporter, subject: Model, *, reason: str, text: str = "", email: str = ""
) -> Report:
    """Report a work, a comment, a person, a collection or an exhibition.

    Visitors leave an address, to which the outcome is sent.

    Raises Refused for what is not open to the reporter or their own, for a second open report about
    the same thing, and for too many open ones. While a moderator already looks at the thing, the
    new report joins that case.
    """
    text, email = _read(text, longest=LONGEST_TEXT), email.strip().lower()
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
            User.objects.select_for_update().get(
                pk=reporter.pk
            )  # Two clicks at once make one report.
        open_ones = Report.objects.pending().filter(**who)
        if open_ones.about(subject).exists():
            raise Refused("You have already reported this. A moderator will review it.")
        if open_ones.count() >= MOST_OPEN:
            raise Refused(
                "You have {most} reports waiting for a moderator. Wait until some are decided.",
                most=MOST_OPEN,
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
        column = SUBJECTS[subject._meta.model_name]
        return Report.objects.create(**who, **{column: subject}, reason=reason, text=text, **case)


def file_automatic_report(artwork: Artwork, *, reason: str, text: str) -> Report:
    """A report that nobody made: the block list or the score stopped the work when it was
    printed.
    """
    return Report.objects.create(artwork=artwork, reason=reason, text=text)


def appeal_takedown(user, subject: Artwork | Collection, *, text: str) -> Report:
    """The maker's counter-notice: why the work or collection should be open again. It brings the
    case back to the moderators.

    Suspended people may answer too: it is their only way to be heard. One answer a takedown; raises
    Refused for a second one, for what is not taken down, and for somebody else's.
    """
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    text = _read(text, longest=LONGEST_ANSWER)
    if not text:
        raise Refused("Say in a few sentences why it should be open again.")
    with transaction.atomic():
        found = (
            taken_down_of(user, type(subject))
            .select_for_update(of=("self",))
            .filter(pk=subject.pk)
            .first()
        )
        if found is None:
            raise Refused("This isn't yours, or it hasn't been taken down.")
        case = report_of_takedown(found)
        if case is None:
            # It was closed before takedowns had reports.
            case = Report(reason=ReportReason.OTHER, **{SUBJECTS[found._meta.model_name]: found})
        elif case.countered_at is not None:
            raise Refused("You have already appealed this decision.")
        elif case.decided_at is None:
            raise Refused("A moderator hasn't decided yet. You can appeal once they have.")
        case.counter_notice, case.countered_at = text, timezone.now()
        case.state, case.claimed_by, case.claimed_at = ReportState.OPEN, None, None
        case.save()
    return case


def taken_down_of(user, kind: type[Artwork] | type[Collection]) -> QuerySet:
    """The works, or the collections and exhibitions, of this person that moderators closed."""
    if kind is Collection:
        return Collection.objects.filter(owner=user, hidden_at__isnull=False)
    return Artwork.objects.filter(author=user, state__in=TAKEN_DOWN)


def report_of_takedown(subject: Artwork | Collection) -> Report | None:
    """The report that a closed thing's maker reads and answers: the last that was upheld or
    answered, else one that waits.
    """
    about = Report.objects.about(subject)
    decided = (
        about.exclude(state=ReportState.DISMISSED)
        .exclude(decided_at=None)
        .order_by("-decided_at", "-pk")
        .first()
    )
    return decided or about.pending().filter(reporter=None, email="").order_by("-pk").first()


def _check_subject(reporter, subject: Model) -> None:
    """Only what one can see can be reported, and nothing of one's own."""
    if isinstance(subject, Artwork):
        is_open, maker = (
            Artwork.objects.visible_to(reporter).filter(pk=subject.pk).exists(),
            subject.author_id,
        )
    elif isinstance(subject, Comment):
        is_open = not (subject.is_hidden or subject.deleted_at)
        is_open = (
            is_open and Artwork.objects.visible_to(reporter).filter(pk=subject.artwork_id).exists()
        )
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
    text = text.strip()
    if len(text) > longest or "\x00" in text:
        raise Refused(
            "Your text can have at most {most} plain characters. Shorten it.", most=longest
        )
    return text


def name_of(subject: models.Model) -> str:
    """What to call a work, a comment, a person or a collection in a sentence."""
    return (
        subject.title
        if isinstance(subject, Artwork)
        else subject.name
        if isinstance(subject, User)
        else str(subject)
    )
