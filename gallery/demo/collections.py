"""Collections, exhibitions and words of the curator in the demo garden. Data only.

Words in braces are filled in from the work (`Facts.words`).
"""

from dataclasses import dataclass

from gallery.demo.facts import Fits


@dataclass(frozen=True)
class Gathering:
    """A collection: whose, what it is called, which works are in it. members: people who also put
    works in.
    """

    owner: str
    title: str
    text: str
    fits: Fits
    most: int = 9
    members: tuple[str, ...] = ()
    is_public: bool = True
    captions: tuple[str, ...] = ()


COLLECTIONS = (
    Gathering(
        "pim",
        "People I Would Let In after Closing Time",
        "The museum shuts at six. These may stay.",
        Fits(("people",), without=("wallpaper",)),
        12,
        captions=("Would not touch anything.", "May bring a friend."),
    ),
    Gathering(
        "thea",
        "Repeats to Knit",
        "Everything here could be charted on squared paper. Started alone, now there are three of us.",
        Fits(tags=("wallpaper", "tile")),
        12,
        members=("juniper", "yuto"),
        captions=("Eleven stitches, I think.", "Needs a quiet border."),
    ),
    Gathering(
        "oskar",
        "Sea Weather",
        "Blue first, everything else afterwards.",
        Fits(main=("blue", "teal")),
        10,
    ),
    Gathering(
        "finn",
        "Party of Six",
        "My table on Saturdays. One of them will not come back.",
        Fits(("creatures",), without=("wallpaper",)),
        6,
        captions=("Carries the rope.", "Reads the map upside down."),
    ),
    Gathering(
        "lark",
        "Few Inks",
        "Works that would come off the press in an afternoon.",
        Fits(tags=("two-inks", "riso-palette", "woodcut", "dusk-palette")),
        10,
    ),
    Gathering(
        "hana",
        "On My Windowsill",
        "Things, lined up in the morning light.",
        Fits(("things",), without=("wallpaper",)),
        9,
    ),
    Gathering(
        "cass",
        "Night Shift",
        "For the hours between two and five. Tunes welcome: Otto and Umbra put some in, too.",
        Fits(tags=("night", "slow", "lo-fi")),
        12,
        members=("nocturne", "umbra"),
        captions=("For the long corridor.",),
    ),
    Gathering(
        "pavel",
        "Far from the Seed",
        "At least two generations of somebody's patience in every one.",
        Fits(("patterns",), parents=2),
        12,
        captions=("{share} “{parent}”, and worth the walk.",),
    ),
    Gathering("ilka", "Pink, No Apologies", "", Fits(main=("pink", "red")), 10),
    Gathering(
        "bento",
        "Kitchen Radio",
        "Loud enough to hear over the fan.",
        Fits(("tunes",), ("bossa-nova", "folk-band", "fast")),
        8,
    ),
    Gathering(
        "saffi",
        "Colours to Borrow",
        "A notebook for the bench, hence closed.",
        Fits(tags=("pastel",)),
        8,
        is_public=False,
    ),
)

# An exhibition of families: two parents and then their child, again and again.
FAMILIES = 4
OPEN_TITLE = "Two and One"
OPEN_TEXT = """Every work on these walls has parents, apart from those that were seeds. It is easy to say and hard to see: on \
the wall of the garden a child may hang a month away from the two that it comes from. So here they hang in a row: first \
the one that gave most, then the other, then the child.

Look at what came through. Sometimes it is a colour, sometimes only the way in which something is drawn, and sometimes the \
child seems to be nobody's at all until you go back and look at the first picture again. The shares under each child are \
counted from the genes. They do not always agree with the eye, which is the best reason to look.

All makers shown here let others breed what they made. If you think that a child could have turned out otherwise, you may \
well be right: put the same two on the bench and find out."""
PARENT_CAPTION = "A parent: {share} of “{child}” comes from it."
CHILD_CAPTION = "The child: {share} “{parent}”, the rest “{other}” and a little chance."
DRAFT_TITLE = "After Dark"
DRAFT_TEXT = """Works that are best looked at with the lights off.

Still to do: find the right order, ask the makers for a sentence each, and decide whether tunes may play in this room."""
DRAFT_FITS = Fits(tags=("night",))
DRAFT_WORKS = 8

PICK_NOTES = (
    "Stop here for a moment before you walk on.",
    "The whole family is worth a look; start with this one.",
    "{Colour} has rarely been used so well here.",
    "By {first_name}, who makes this look easy.",
    "Small on the wall, but open it large.",
    "I picked it for its quiet.",
)
