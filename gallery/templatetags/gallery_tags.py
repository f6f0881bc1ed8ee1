"""Template tags of many pages: inline icons, labels, numbers, share bars and lineage rings."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django import template
from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from gallery.discovery.colours import is_pale
from gallery.i18n.stored_sentences import translated
from gallery.lineage.credit import Credit, percent
from gallery.lineage.licences import rights
from gallery.models.texts import is_other_way, isolate

register = template.Library()
register.filter(percent)
register.filter(is_pale)

# Drawn for this site on a 24 px grid, 1.5 px strokes in the colour of the text. One path each.
ICONS = {
    "leaf": "M5 19c0-9 5-14 15-14 0 10-5 15-12 15M5 19c2-5 5-8 9-10",
    "turn": "M4 11c0-3 3.6-5 8-5s8 2 8 5-3.6 5-8 5h-3M12 13l-3 3 3 3",
    "search": "M16 16l4.5 4.5M10.5 18a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15z",
    "heart": (
        "M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.5 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z"
    ),
    "download": "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 20h14",
    "share": (
        "M8 12l8-4.5M8 12l8 4.5M18.5 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zm0 11a2.5 2.5 0 1 0 0-5"
        " 2.5 2.5 0 0 0 0 5zM5.5 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
    ),
    "family": "M6 4v4a4 4 0 0 0 4 4h4a4 4 0 0 1 4 4v4M18 4v4a4 4 0 0 1-4 4h-4a4 4 0 0 0-4 4v4",
    "graft": "M12 21V11M12 14c0-5-3-8-8-8 0 5 3 8 8 8zm0-3c0-4 3-7 8-7 0 4-3 7-8 7z",
    "layers": "M12 4l8 4.5-8 4.5-8-4.5zM4 12.5l8 4.5 8-4.5M4 16.5l8 4.5 8-4.5",
    "dice": (
        "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm2.8 4.8h.01m6.4"
        " 0h.01M12 12h.01m-3.2 3.2h.01m6.4 0h.01"
    ),
    "print": "M7 9V4h10v5M7 17H4v-6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6h-3M7 14h10v6H7z",
    "pencil": "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
    "trash": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
    "help": "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM9.3 9.6A2.8 2.8 0 1 1 12 13v1.2m0 2.7v.1",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h10v11H9zM15 6V4H5v11h2",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "undo": "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12H9",
    "redo": "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h5",
    "pocket": "M4 6h16v6a8 8 0 0 1-16 0zM8.5 11l3.5 3.5 3.5-3.5",
    "reset": "M5 12a7 7 0 1 0 2.2-5.1M5 4v4.5h4.5",
    "warning": "M12 4L2.8 20h18.4zM12 10v4.5m0 2.6v.1",
    "info": "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM12 11v5.5M12 7.6v.1",
    "play": "M8 5l11 7-11 7z",
    "pause": "M8.5 5v14M15.5 5v14",
    "previous": "M18 5v14L8 12zM6 5v14",
    "next": "M6 5v14l10-7zM18 5v14",
    "loop": ("M4 12a6 6 0 0 1 6-6h9m0 0l-3-3m3 3l-3 3M20 12a6 6 0 0 1-6 6H5m0 0l3 3m-3-3l3-3"),
    "queue": "M4 6h16M4 11h16M4 16h9M17 14v6m-3-3h6",
    "sound": "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
    "muted": "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5m0-5l-5 5",
    "microphone": (
        "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"
    ),
    "lock": "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
    "link": (
        "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7"
        " 5.7l1-1"
    ),
    "eye-off": (
        "M4 4l16 16M9.5 9.6a3.4 3.4 0 0 0 4.8 4.8M7 6.8C4 8.6 2.5 12 2.5 12S6 18.5 12 18.5c1.8 0"
        " 3.3-.5 4.6-1.3M10 5.7c.6-.1 1.3-.2 2-.2 6 0 9.5 6.5 9.5 6.5s-.8 1.5-2.3 3"
    ),
    "star": "M12 4l2.5 5.1 5.6.8-4 4 1 5.6-5.1-2.7-5 2.7.9-5.6-4-4 5.6-.8z",
    "arrow": "M5 12h14m0 0l-5-5m5 5l-5 5",
    "feed": "M5 19h.01M5 12a7 7 0 0 1 7 7M5 5a14 14 0 0 1 14 14",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7.5 8.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
    "dots": (
        "M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0zm7 0a1 1 0 1 0 2 0 1 1 0 1 0-2 0zm7 0a1 1 0 1 0 2 0 1 1"
        " 0 1 0-2 0z"
    ),
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4",
    "speech": "M4 5h16v11.5h-8.5L7 20.5v-4H4z",
    "block": "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM5.7 5.7l12.6 12.6",
    "letter": "M3.5 6h17v12h-17zM4 7l8 6 8-6",
    "grip": (
        "M8.5 6a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zm6 0a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zm-6 6a.5.5 0 1 0 1"
        " 0 .5.5 0 1 0-1 0zm6 0a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zm-6 6a.5.5 0 1 0 1 0 .5.5 0 1 0-1"
        " 0zm6 0a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z"
    ),
    "collect": "M5 9h14v11H5zM7 6h10M9 3h6M12 12v5M9.5 14.5h5",
    "up": "M12 19V5m0 0l-5 5m5-5l5 5",
    "down": "M12 5v14m0 0l-5-5m5 5l5-5",
    "fold": "M6 9.5l6 6 6-6",
    "before": "M15 5l-7 7 7 7",
    "after": "M9 5l7 7-7 7",
    "target": "M12 3v4m0 10v4M3 12h4m10 0h4M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z",
    "fit": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG icon. Without a label it is decoration, which screen readers skip."""
    attributes = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none"'
        ' stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"'
        ' focusable="false" {}><path d="{}"/></svg>',
        attributes,
        ICONS[name],
    )


# Opacity of the parts of a share bar, the largest first; all further parts have the last one.
STRENGTHS = (1.0, 0.72, 0.52, 0.38, 0.28)
BAR_WIDTH, BAR_GAP = 300.0, 2.0

# The rings around the works of a family tree, as rectangles (x = y, edge, radius, class) on a work
# of 64 units. Their shapes differ, so that nobody needs to tell colours apart.
RINGS = {
    "self": ((-5, 74, 10, "ring-strong"),),
    "own": ((-1, 66, 7, "ring"), (-5, 74, 10, "ring")),
    "other": ((-1, 66, 7, "ring"),),
    "closed": ((0, 64, 6, "ring-dashed"),),
}
LOCK = "M25 31v-4a7 7 0 0 1 14 0v4M22 31h20v14H22z"


@register.filter
def word(text: str) -> str:
    """A label of the studio (of a slider, a style, a species' card) in the reader's language."""
    return translated(str(text or ""))


@register.filter
def licence_name(licence: str) -> str:
    """The short name of a licence: "CC BY 4.0"."""
    return str(rights(licence).name)


@register.filter
def bare_address(link: str) -> str:
    """An https address as people read it: without its scheme, shortened in the middle."""
    bare = link.removeprefix("https://").removeprefix("www.").rstrip("/")
    return bare if len(bare) <= 40 else f"{bare[:26]}…{bare[-13:]}"


@register.filter
def bdi(text: str) -> SafeString:
    """A title or name inside a sentence of a page: it may run from right to left, the rest not."""
    return format_html("<bdi>{}</bdi>" if is_other_way(str(text)) else "{}", text)


register.filter(isolate)  # The same for labels, page titles and plain emails.


@register.filter
def nth(number: int) -> str:
    """A number as an ordinal, in the reader's language: 3 is 3rd."""
    return _nth(int(number), get_language())


@lru_cache(maxsize=1024)
def _nth(number: int, language: str | None) -> str:
    # Cached, because `ordinal` translates eleven texts at each call, an eighth of a wall's time.
    if language and language.startswith("zh"):
        return f"第 {number} "  # Django's own has no space between Chinese and a number.
    return str(ordinal(number))


@register.filter
def ago(moment: datetime) -> str:
    """How long ago something happened, in its largest unit: "5 minutes ago".

    Django's `naturaltime` adds a second unit, and in Chinese no space before the unit.
    """
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if (hours := minutes // 60) < 24:
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    if (days := hours // 24) < 31:
        return ngettext("{n} day ago", "{n} days ago", days).format(n=days)
    if (months := days // 30) < 12:
        return ngettext("{n} month ago", "{n} months ago", months).format(n=months)
    years = max(1, days // 365)
    return ngettext("{n} year ago", "{n} years ago", years).format(n=years)


@register.filter
def moment(time: datetime) -> SafeString:
    """When something happened, the one form for recent things: how long ago, the time as a tip."""
    full = date_format(timezone.localtime(time), "DATETIME_FORMAT")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', _machine_time(time), full, ago(time)
    )


@register.filter
def day(time: datetime) -> SafeString:
    """A day, the one form for dates: "March 1, 2030"."""
    local = timezone.localtime(time)
    return format_html(
        '<time datetime="{}">{}</time>', _machine_time(time), date_format(local, "DATE_FORMAT")
    )


@register.filter
def minute(time: datetime) -> SafeString:
    """A day with its time, where that matters: "March 1, 2030, 9:30 a.m."."""
    local = timezone.localtime(time)
    return format_html(
        '<time datetime="{}">{}</time>', _machine_time(time), date_format(local, "DATETIME_FORMAT")
    )


def _machine_time(time: datetime) -> str:
    """A time for programs, in whole seconds; HTML allows three decimals, but nobody needs them."""
    return timezone.localtime(time).isoformat(timespec="seconds")


@register.filter
def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 83.4 is 1:23."""
    whole = int(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}"


@register.simple_tag
def share_bar(credits: Sequence[Credit]) -> SafeString:
    """Who contributed to a work, as a split bar; decoration beside a list that says the same."""
    x, parts = 0.0, []
    for index, credit in enumerate(credits):
        width = credit.share * BAR_WIDTH
        parts.append(
            (
                f"{x:.2f}",
                f"{max(0.5, width - BAR_GAP):.2f}",
                _share_class(credit.is_new),
                _strength(index),
            )
        )
        x += width
    rects = format_html_join(
        "", '<rect x="{}" width="{}" height="6" class="{}" fill-opacity="{}"/>', parts
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 {} 6" width="300" height="6" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        f"{BAR_WIDTH:g}",
        rects,
    )


@register.simple_tag
def share_key(index: int, is_new: bool) -> SafeString:
    """The colour of one part of a share bar, as the key of the list beside it."""
    return format_html(
        '<svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        '<rect width="10" height="10" rx="2" class="{}" fill-opacity="{}"/></svg>',
        _share_class(is_new),
        _strength(index),
    )


def _share_class(is_new: bool) -> str:
    return "share-new" if is_new else "share"


def _strength(index: int) -> str:
    return f"{STRENGTHS[min(index, len(STRENGTHS) - 1)]:g}"


@register.simple_tag
def ring(kind: str) -> SafeString:
    """The ring around a work in a family tree."""
    rects = format_html_join(
        "",
        '<rect x="{0}" y="{0}" width="{1}" height="{1}" rx="{2}" class="{3}" fill="none"/>',
        RINGS[kind],
    )
    return (
        rects + format_html('<path d="{}" class="ring" fill="none"/>', LOCK)
        if kind == "closed"
        else rects
    )


@register.simple_tag
def ring_key(kind: str) -> SafeString:
    """A small ring, for the legend of a family tree."""
    return format_html(
        '<svg viewBox="-8 -8 80 80" width="22" height="22" aria-hidden="true">{}</svg>', ring(kind)
    )
