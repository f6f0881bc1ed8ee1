"""What every address answers to seven people, one row an address.

A row lists the answers in the order of PEOPLE: visitor, owner, other, somebody the owner has
blocked, curator, moderator, administrator. `login` leads to the login page.
"""

from collections.abc import Mapping
from typing import Any

from tests.gallery.doors import PEOPLE, STATES

Row = str | Mapping[str, str]


def each(answer: str) -> str:
    return " ".join([answer] * len(PEOPLE))


def by_state(public: str, private: str, quarantined: str, *, unlisted: str = "") -> dict[str, str]:
    return {
        "public": public,
        "unlisted": unlisted or public,
        "private": private,
        "quarantined": quarantined,
    }


def of_work(
    answer: str = "200",
    *,
    visitor: str = "",
    owner: str = "",
    blocked: str = "",
    own_quarantined: str = "404",
) -> Row:
    """Who may open the work is answered so, the others 404; `visitor`, `owner` and `blocked` where
    they differ.
    """
    visitor, owner, blocked = visitor or answer, owner or answer, blocked or answer
    return by_state(
        f"{visitor} {owner} {answer} {blocked} {answer} {answer} {answer}",
        f"404 {owner} 404 404 404 {answer} {answer}",
        f"404 {own_quarantined} 404 404 404 {answer} {answer}",
    )


def of_maker(answer: str, *, moderators: str = "404") -> Row:
    """Only who made the work, and not while it is in quarantine."""
    row = f"login {answer} 404 404 404 {moderators} {moderators}"
    return by_state(row, row, f"login 404 404 404 404 {moderators} {moderators}")


def only_owner(answer: str) -> str:
    return f"login {answer} 404 404 404 404 404"


def members(answer: str) -> str:
    return f"login {' '.join([answer] * 6)}"


def curators(answer: str) -> str:
    return f"login 403 403 403 {answer} {answer} {answer}"


def moderators(answer: str) -> str:
    return f"login 403 403 403 403 {answer} {answer}"


def administrators(answer: str) -> str:
    return f"login 403 403 403 403 403 {answer}"


OPEN, MEMBERS = each("200"), members("200")
JOB = "404 200 404 404 404 200 200"
COLLECTION = {
    **dict.fromkeys(STATES, "404 200 404 404 404 404 404"),
    "public": OPEN,
    "quarantined": "404 200 404 404 404 200 200",
}
COLLECTION_DESK = by_state(
    moderators("200"), moderators("404"), moderators("200"), unlisted=moderators("404")
)
DRAFT = "404 404 404 404 200 200 200"
# Under a work that is not open to others nobody talks, its maker neither.
TALK = by_state(
    "login 302 302 400 302 302 302", "404 400 404 404 404 400 400", "404 404 404 404 404 400 400"
)
KEPT = "login 200 404 404 404 404 404"

# Name of the address -> what it is asked by GET.
PAGES: dict[str, Row] = {
    **dict.fromkeys(
        (
            "home",
            "feed",
            "search",
            "tag",
            "tags",
            "tags_complete",
            "species_overview",
            "species",
            "credits",
            "about",
            "bench",
            "bench_choose",
            "bench_pair",
            "rights",
            "spread",
            "profile",
            "followers",
            "following",
            "collections",
            "person_collections",
            "exhibitions",
            "report_person",
            "person_feed",
            "tag_feed",
            "help",
            "glossary",
            "about_ai_art",
            "words",
            "health",
            "growing",
        ),
        OPEN,
    ),
    "bench_graft": each("400"),
    "bench_founder": each("400"),
    "bench_founders": each("302"),
    **dict.fromkeys(
        (
            "upload",
            "upload_picture",
            "mine",
            "select",
            "likes",
            "tokens",
            "profile_edit",
            "boundaries",
            "notifications",
            "notification_settings",
            "collection_new",
            "my_collections",
            "account_export",
            "account_import",
        ),
        MEMBERS,
    ),
    **dict.fromkeys(
        (
            "artwork_similar",
            "artwork_download",
            "artwork_file",
            "artwork_family",
            "artwork_children",
            "artwork_replay",
            "artwork_comments",
            "comment",
            "report_work",
            "report_comment",
            "artwork_qr",
        ),
        of_work(),
    ),
    **dict.fromkeys(
        ("curate", "curate_picks", "curate_pick_new", "curate_pick", "curate_exhibitions"),
        curators("200"),
    ),
    "bench_publish": each("400"),  # Nothing was bred.
    "bench_development": "404 200 404 404 404 404 404",
    "bench_developed": each("404"),  # Nothing is developed yet.
    "artwork_preview": "404 302 404 404 404 302 302",
    **dict.fromkeys(("curate_exhibition_new", "curate_exhibition"), curators("200")),
    **dict.fromkeys(
        (
            "curate_reports",
            "curate_report",
            "curate_quarantine",
            "curate_work",
            "curate_people",
            "curate_person",
            "curate_words",
            "curate_pictures",
            "curate_log",
        ),
        moderators("200"),
    ),
    **dict.fromkeys(
        ("collection_edit", "collection_delete", "collection_arrange", "collection_people"),
        only_owner("200"),
    ),
    **dict.fromkeys(("share_links", "share_link_qr"), of_maker("200")),
    **dict.fromkeys(("artwork_edit", "artwork_delete"), of_maker("200", moderators="200")),
    **dict.fromkeys(
        ("share_link", "share_file"), {**dict.fromkeys(STATES, OPEN), "quarantined": each("410")}
    ),
    **dict.fromkeys(("job", "job_result"), JOB),
    "teaser_sheet": each("204"),
    "species_file": each("302"),
    "stop_emails": each("400"),
    "oembed": each("404"),
    "artwork_audio": each("404"),
    "artwork_solid": each("404"),
    "artwork_step": each("404"),
    "account_close": members("302"),
    "artwork": of_work(own_quarantined="302"),
    "notification": only_owner("302"),
    **dict.fromkeys(("collection", "report_collection"), COLLECTION),
    "exhibition": {**dict.fromkeys(STATES, DRAFT), "public": OPEN},
    "artwork_collect": by_state(
        MEMBERS, "login 200 404 404 404 200 200", "login 404 404 404 404 200 200"
    ),
    "artwork_embed": {**dict.fromkeys(STATES, each("404")), "public": OPEN},
    **dict.fromkeys(
        ("takedown", "collection_takedown"),
        {**dict.fromkeys(STATES, only_owner("404")), "quarantined": KEPT},
    ),
    "curate_collection": COLLECTION_DESK,
}

# Name of the address -> what is sent by POST, and the answers.
ACTIONS: dict[str, tuple[dict[str, Any], Row]] = {
    "artwork_like": ({"keep": "1"}, of_work("302", visitor="login", owner="400", blocked="400")),
    "artwork_print": ({"size": "1"}, of_work("400", visitor="login")),
    "artwork_edit": ({}, of_maker("200", moderators="200")),
    "artwork_delete": ({}, of_maker("302", moderators="302")),
    "artwork_comments": ({"text": "Fine."}, TALK),
    "comment_answer": ({"text": "Fine."}, TALK),
    "comment_edit": (
        {"text": "Mine."},
        by_state("400 302 400 400 400 400 400", TALK["private"], TALK["quarantined"]),
    ),
    "comment_remove": ({}, of_work("400", owner="302")),
    "comment_hide": (
        {},
        by_state(
            "400 400 400 400 400 302 302",
            "404 400 404 404 404 302 302",
            "404 404 404 404 404 302 302",
        ),
    ),
    "bench_borrow": ({}, each("400")),
    "bench_hear": ({}, each("400")),
    "bench_develop": ({}, each("400")),
    "upload_sketch": ({}, members("400")),
    "upload_listen": ({}, members("400")),
    "bench_publish": ({}, each("400")),
    "upload": ({}, members("400")),
    "upload_picture": ({}, members("400")),
    "tokens": ({}, members("400")),
    "select": ({}, members("400")),
    "restore": ({}, members("400")),
    "artwork_portrait": (
        {},
        by_state(
            only_owner("302"), only_owner("400"), only_owner("404"), unlisted=only_owner("400")
        ),
    ),
    "profile_edit": ({}, MEMBERS),
    "token_revoke": ({}, only_owner("302")),
    "job_cancel": ({}, "404 302 404 404 404 302 302"),
    "follow": ({"follow": "1"}, "login 400 302 400 302 302 302"),
    "boundary": ({"boundary": "mute"}, "login 400 302 302 302 302 302"),
    "notifications_read": ({}, members("302")),
    "notification_settings": ({}, members("302")),
    "stop_emails": ({}, each("400")),
    "collection_new": ({}, MEMBERS),
    "collection_edit": ({}, only_owner("200")),
    "collection_delete": ({}, only_owner("302")),
    "collection_arrange": ({}, only_owner("200")),
    "collection_item": ({}, only_owner("400")),
    "collection_order": ({"order": "0"}, only_owner("400")),
    "collection_people": ({}, only_owner("200")),
    "collection_dismiss": ({}, only_owner("302")),
    "collection_answer": ({}, members("404")),
    "collection_leave": ({}, members("404")),
    "artwork_collect": (
        {},
        by_state(
            members("302"),
            "login 302 404 404 404 302 302",
            "login 404 404 404 404 302 302",
        ),
    ),
    "curate_pick_new": ({}, curators("200")),
    "curate_pick": ({}, curators("200")),
    "curate_pick_end": ({}, curators("302")),
    "curate_exhibition_new": ({}, curators("200")),
    "curate_exhibition": ({}, curators("200")),
    "curate_report_claim": ({}, moderators("302")),
    "curate_report_decide": ({}, moderators("400")),
    "curate_work": ({}, moderators("404")),
    "curate_person_suspend": ({}, moderators("400")),
    "curate_words": ({}, moderators("200")),
    "curate_word_unblock": ({}, moderators("302")),
    "curate_picture_unblock": ({}, moderators("302")),
    "curate_person_role": ({}, administrators("400")),
    "curate_person_lock": ({}, administrators("302")),
    "report_work": ({}, of_work("400")),
    "report_comment": ({}, of_work("400")),
    "report_person": ({}, each("400")),
    "report_collection": (
        {},
        {state: row.replace("200", "400") for state, row in COLLECTION.items()},
    ),
    **dict.fromkeys(
        ("takedown", "collection_takedown"),
        ({}, {**dict.fromkeys(STATES, only_owner("404")), "quarantined": KEPT}),
    ),
    "curate_collection": ({}, moderators("404")),
    "share_links": (
        {},
        by_state(
            only_owner("400"),
            only_owner("302"),
            only_owner("404"),
            unlisted=only_owner("302"),
        ),
    ),
    "share_revoke": ({}, of_maker("302")),
    "share_new_address": (
        {},
        by_state(
            only_owner("400"),
            only_owner("302"),
            only_owner("404"),
            unlisted=only_owner("302"),
        ),
    ),
    "account_export": ({}, members("302")),
    "account_import": ({}, members("400")),
    "account_close": ({}, members("302")),
    "language": ({}, each("400")),
}
FEEDS = {"feed", "person_feed", "tag_feed"}  # Django's own views, which answer every method alike.
