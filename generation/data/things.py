"""Which emoji are drawn as things: single objects, animals, plants and dishes.

Names and categories are Unicode's, as Iconify's sets spell them. What is left out has a reason, so
that a net learns from drawings that can be told at a glance, and breeds nothing that should not be
bred.
"""

from collections.abc import Mapping, Sequence

KEPT = ("Animals & Nature", "Food & Drink", "Objects", "Activities", "Travel & Places")
PEOPLE = "shows people, hands or faces"
SIGN = "a sign, letter, number or flag"
OTHER_CATEGORIES = {
    "People & Body": PEOPLE,
    "Smileys & Emotion": PEOPLE,
    "Symbols": SIGN,
    "Flags": SIGN,
}
FAULTY = "the drawing tool fails on it"
# Of those categories, what is no single thing that a stranger names at 128 pixels.
LEFT_OUT = {
    PEOPLE: """
        first-quarter-moon-face full-moon-face japanese-dolls last-quarter-moon-face new-moon-face
        performing-arts sun-with-face wind-face
    """,
    SIGN: """
        1st-place-medal 2nd-place-medal 3rd-place-medal admission-tickets antenna-bars bank
        bar-chart bell-with-slash bus-stop calendar chart-decreasing chart-increasing
        chart-increasing-with-yen club-suit construction control-knobs convenience-store
        credit-card cyclone department-store diamond-suit dollar-banknote e-mail
        envelope-with-arrow euro-banknote flower-playing-cards heart-suit hospital hot-springs
        hotel identification-card incoming-envelope japanese-post-office joker label level-slider
        link love-hotel mahjong-red-dragon mobile-phone-with-arrow money-with-wings musical-note
        musical-notes musical-score muted-speaker placard post-office pound-banknote school
        slot-machine spade-suit sparkles speaker-high-volume speaker-low-volume
        speaker-medium-volume spiral-calendar splatter stop-sign tear-off-calendar ticket
        white-flower yen-banknote
    """,
    "a clock or a moon that only its phase tells from others": """
        eight-oclock eight-thirty eleven-oclock eleven-thirty first-quarter-moon five-oclock
        five-thirty four-oclock four-thirty last-quarter-moon new-moon nine-oclock nine-thirty
        one-oclock one-thirty seven-oclock seven-thirty six-oclock six-thirty ten-oclock ten-thirty
        three-oclock three-thirty twelve-oclock twelve-thirty two-oclock two-thirty
        waning-crescent-moon waning-gibbous-moon waxing-crescent-moon waxing-gibbous-moon
    """,
    "a scene or several things at once": """
        aerial-tramway beach-with-umbrella bridge-at-night building-construction camping
        carp-streamer cityscape cityscape-at-dusk confetti-ball derelict-house desert desert-island
        empty-nest field-hockey fireworks flag-in-hole fog foggy fountain framed-picture goal-net
        hammer-and-pick hammer-and-wrench house-with-garden houses ice-hockey lacrosse landslide
        microbe milky-way moon-viewing-ceremony motorway mount-fuji mountain mountain-cableway
        mountain-railway national-park night-with-stars playground-slide railway-track rainbow
        roller-coaster snow-capped-mountain sparkler stadium station sunrise sunrise-over-mountains
        sunset suspension-railway tanabata-tree volcano water-wave wedding
    """,
    "a holy place or thing": """
        church hamsa hindu-temple kaaba mosque prayer-beads shinto-shrine synagogue
    """,
    "a sheet, folder or box that only its fine print tells from others": """
        ballot-box-with-ballot blue-book bookmark-tabs card-file-box card-index card-index-dividers
        clipboard closed-mailbox-with-lowered-flag computer-disk dvd elevator eraser fax-machine
        file-cabinet file-folder film-frames green-book inbox-tray ledger low-battery map-of-japan
        memo newspaper notebook notebook-with-decorative-cover open-file-folder
        open-mailbox-with-lowered-flag open-mailbox-with-raised-flag orange-book outbox-tray
        page-facing-up page-with-curl pager petri-dish receipt red-envelope rolled-up-newspaper
        spiral-notepad trackball videocassette window world-map x-ray
    """,
}


def why_left_out(categories: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The reason for each emoji that is left out, and "" for each that is kept, by name.

    categories: the names of the emoji of each category, as the metadata of a set lists them.
    """
    reasons = {name: reason for reason, names in LEFT_OUT.items() for name in names.split()}
    found = {}
    for category, names in categories.items():
        for name in names:
            found[name] = reasons.get(name, "") if category in KEPT else OTHER_CATEGORIES[category]
    return dict(sorted(found.items()))
