"""Template tags of the fragments that show a job."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.models import Job

register = template.Library()


@register.simple_tag
def job_attributes(job: Job, kind: str = "") -> SafeString:
    """The attributes by which a fragment follows its job: it asks for itself until the job is over.

    js/jobs/job.js moves its bar in between, and makes it ask at once when the state changes. kind:
    what kind of fragment it is, as `gallery.jobs.views.show` reads it from the query.
    """
    known = format_html('id="job-{0}" data-job="{0}" data-state="{1}"', job.pk, job.state)
    if job.is_over:
        return known
    address = reverse("job", args=[job.pk]) + (f"?as={kind}" if kind else "")
    return format_html(
        '{} hx-get="{}" hx-trigger="every 2s, job-changed" hx-swap="outerHTML"', known, address
    )
