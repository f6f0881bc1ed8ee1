"""The report queue: a moderator claims a case and decides it; makers may appeal once.

A case is all pending reports about one work, comment, person or collection.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from gallery.comments import actions as commenting
from gallery.core.audit import record
from gallery.core.permissions import check_moderator
from gallery.lineage.graph import descendant_ids
from gallery.models import Artwork, Collection, Comment, Report, ReportState, State, User
from gallery.models.texts import isolate
from gallery.moderation import actions as moderating
from gallery.moderation import actions_suspensions, decisions
from gallery.moderation.decisions import Verdict, read_reason
from gallery.notifications.actions import send_email, send_notice
from gallery.types import Subject
from generation.refusal import Refused

CLAIM_LASTS = timedelta(hours=12)  # Afterwards another moderator may claim the case.
WARNED = gettext_noop("A moderator asks you to follow the rules of this site. {reason}")
KEPT = gettext_noop("A moderator read your appeal about “{title}”; the decision stands. {reason}")
UPHELD = gettext_noop(
    "Thank you for your report about “{title}”. A moderator reviewed it and took action."
)
DISMISSED = gettext_noop(
    "Thank you for your report about “{title}”. A moderator reviewed it and decided to"
    " leave it as it is. {reason}"
)


def verdicts_about(subject: models.Model) -> list[Verdict]:
    """What can be decided about a work, a comment, a person or a collection."""
    if isinstance(subject, Artwork):
        return [Verdict.DISMISS, Verdict.WARN, Verdict.HIDE, Verdict.QUARANTINE]
    if isinstance(subject, Comment | Collection):
        return [Verdict.DISMISS, Verdict.WARN, Verdict.HIDE]
    return [Verdict.DISMISS, Verdict.WARN, Verdict.CLEAR]


def claim(user: User, report: Report) -> int:
    """Reserve a case for this moderator and return the number of its reports.

    The rows are locked, so of two moderators who click at once one gets it. Raises Refused while
    somebody else has it (for CLAIM_LASTS at most), and when it is decided.
    """
    check_moderator(user)
    with transaction.atomic():
        case = _lock_case(user, report)
        now = timezone.now()
        Report.objects.filter(pk__in=[row.pk for row in case]).update(
            state=ReportState.CLAIMED, claimed_by=user, claimed_at=now
        )
        record(user, "claim", report.subject, reports=[row.pk for row in case])
    return len(case)


def release_claim(user: User, report: Report) -> None:
    """Put a case back into the queue."""
    check_moderator(user)
    with transaction.atomic():
        case = _lock_case(user, report)
        Report.objects.filter(pk__in=[row.pk for row in case]).update(
            state=ReportState.OPEN, claimed_by=None, claimed_at=None
        )
        record(user, "release claim", report.subject, reports=[row.pk for row in case])


def decide(
    user: User,
    report: Report,
    *,
    verdict: str,
    reason: str = "",
    term: str = "",
    also: Sequence[int] = (),
) -> int:
    """Decide all pending reports about one thing, apply the verdict, and return their number.

    reason: for the maker (when dismissed, for the reporters); required unless dismissed. term: one
    of `actions_suspensions.TERMS` to suspend the maker as well. also: ids of descendants of a work
    that are taken down with it; the others stay.
    """
    check_moderator(user)
    reason = read_reason(reason, is_needed=verdict != Verdict.DISMISS)
    with transaction.atomic():
        case = _lock_case(user, report)
        subject, maker = report.subject, report.maker
        if verdict not in verdicts_about(subject):
            raise Refused("That decision isn't possible here. Choose one of those offered.")
        if any(row.countered_at for row in case):
            raise Refused(
                "The maker has appealed. Decide about the appeal: open the work again, or keep it"
                " closed."
            )
        if maker.pk == user.pk:
            raise Refused("You can't decide a case about yourself. Ask another moderator.")
        _apply_verdict(user, subject, maker, verdict=verdict, reason=reason, also=also)
        if term and verdict != Verdict.DISMISS:
            actions_suspensions.suspend_for(user, maker, term=term, reason=reason)
        _close(user, case, verdict, reason)
    return len(case)


def decide_appeal(user: User, report: Report, *, is_restored: bool, reason: str = "") -> None:
    """Decide a maker's appeal: open the work or collection again, or keep it closed."""
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        case = _lock_case(user, report)
        subject = report.subject
        is_appealed = any(row.countered_at for row in case)
        if not is_appealed or not isinstance(subject, Artwork | Collection):
            raise Refused("There is no appeal against this decision.")
        if report.maker.pk == user.pk:
            raise Refused("You can't decide a case about yourself. Ask another moderator.")
        subject.refresh_from_db()
        if is_restored:
            _restore(user, subject, reason=reason)
        else:
            send_notice(
                report.maker,
                KEPT,
                artwork=report.artwork,
                collection=report.collection,
                title=subject.title,
                reason=reason,
            )
        record(
            user,
            "restore" if is_restored else "keep closed",
            subject,
            reason=reason,
            reports=[row.pk for row in case],
        )
        for row in case:
            row.state = ReportState.DISMISSED if is_restored else ReportState.UPHELD
            row.decided_by, row.decided_at, row.claimed_by = user, timezone.now(), user
            row.decision = "\n\n".join(part for part in (row.decision, reason) if part)[
                : decisions.MAX_REASON
            ]
            row.save()


def _restore(user: User, subject: Artwork | Collection, *, reason: str) -> None:
    if isinstance(subject, Collection):
        moderating.show_collection(user, subject, reason=reason)
        return
    # A work is either hidden or in quarantine, so only one of the two changes it.
    moderating.show(user, [subject], reason=reason)
    moderating.release(user, [subject], reason=reason)


def _lock_case(user: User, report: Report) -> list[Report]:
    """The pending reports about the same thing, locked until the transaction ends.

    Raises Refused when there are none, and while another moderator has the case.
    """
    # Without a join: PostgreSQL reads a row that it had to wait for again, but not what was joined
    # to it before, so who claimed the case meanwhile would be missing.
    case = list(Report.objects.pending().about(report.subject).order_by("pk").select_for_update())
    if not case:
        raise Refused("This case has already been decided. See the decision.")
    fresh = timezone.now() - CLAIM_LASTS
    for row in case:
        if row.claimed_by and row.claimed_by != user and row.claimed_at and row.claimed_at > fresh:
            raise Refused(
                "{name} is reviewing this case. Take another one.", name=row.claimed_by.name
            )
    return case


def _apply_verdict(
    user: User,
    subject: Subject,
    maker: User,
    *,
    verdict: str,
    reason: str,
    also: Sequence[int],
) -> None:
    if verdict == Verdict.WARN:
        record(user, "warn", maker, reason=reason, about=str(subject)[:160])
        send_notice(
            maker,
            WARNED,
            artwork=subject if isinstance(subject, Artwork) else None,
            collection=subject if isinstance(subject, Collection) else None,
            reason=reason,
        )
    elif verdict == Verdict.CLEAR:
        moderating.clear_profile(user, maker, reason=reason)
    elif isinstance(subject, Comment) and verdict == Verdict.HIDE:
        commenting.hide_comment(user, subject, reason=reason)
    elif isinstance(subject, Collection) and verdict == Verdict.HIDE:
        moderating.hide_collection(user, subject, reason=reason, has_case=True)
    elif isinstance(subject, Artwork) and verdict in (Verdict.HIDE, Verdict.QUARANTINE):
        to = State.HIDDEN if verdict == Verdict.HIDE else State.QUARANTINED
        take_down_with(user, subject, also, to=to, reason=reason, has_case=True)


def take_down_with(
    user: User,
    artwork: Artwork,
    chosen: Sequence[int],
    *,
    to: State,
    reason: str,
    has_case: bool = False,
) -> int:
    """Take down a work and some of its descendants, and return how many works changed.

    chosen: ids of the descendants, each of which gets a case of its own. has_case: of the work, as
    for `take_down`. Raises Refused when one is no descendant.
    """
    if not set(chosen) <= set(descendant_ids([artwork.pk])):
        raise Refused(
            "One of the chosen works does not descend from this one. Open the case again."
        )
    descendants = Artwork.objects.filter(pk__in=chosen).only("pk")
    with transaction.atomic():
        return moderating.take_down(
            user, [artwork], to=to, reason=reason, has_case=has_case
        ) + moderating.take_down(user, descendants, to=to, reason=reason)


def _close(user: User, case: Sequence[Report], verdict: str, reason: str) -> None:
    state = ReportState.DISMISSED if verdict == Verdict.DISMISS else ReportState.UPHELD
    subject = case[0].subject
    record(
        user,
        "decide",
        subject,
        reason=reason,
        verdict=str(verdict),
        reports=[row.pk for row in case],
    )
    Report.objects.filter(pk__in=[row.pk for row in case]).update(
        state=state, decided_by=user, decided_at=timezone.now(), decision=reason, claimed_by=user
    )
    template = DISMISSED if verdict == Verdict.DISMISS else UPHELD
    title, explanation = isolate(subject), reason if verdict == Verdict.DISMISS else ""
    for row in case:
        if row.reporter:
            send_notice(row.reporter, template, title=title, reason=explanation)
        elif row.email:
            text = gettext(template).format(title=title, reason=explanation).strip()
            send_email(row.email, subject=gettext("Your report"), text=text)
