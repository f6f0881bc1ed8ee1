"""What the people of the demo garden say to each other under works. Data only.

Every remark is said at most once, under a work that it fits. Words in braces are filled in from the
work (`Facts.words`); `{friend}` is the user name of somebody else who likes such works.
"""

from dataclasses import dataclass

from gallery.demo.facts import Fits


@dataclass(frozen=True)
class Remark:
    """A comment by a person, the answer to it, and what the first person says then.

    answers_by: "maker" of the work, or "friend".
    """

    by: str
    text: str
    answer: str = ""
    then: str = ""
    fits: Fits = Fits()
    answers_by: str = "maker"


REMARKS = (
    Remark(
        "pim",
        "I have stood in front of a lot of portraits, and this one would get a bench opposite.",
        "Then I shall breed it a bench.",
        fits=Fits(("people",)),
    ),
    Remark(
        "mina",
        "My class voted: {title} wins this week, eleven to nine.",
        "Please tell the nine that I am working on it.",
        fits=Fits(("people",), without=("wallpaper",)),
    ),
    Remark(
        "brook",
        "Look at the eyebrows. “{parent}” had the same doubt.",
        "You would notice. Yes, that is where it comes from.",
        fits=Fits(("people",), parents=1),
    ),
    Remark(
        "lark",
        "As a woodcut it finally holds still. May I ask what was under it?",
        "The woodcut is only the last step of the recipe; take it off on the bench and you will see. "
        "{share} of what is left is “{parent}”.",
        fits=Fits(("people",), ("woodcut",), parents=1),
    ),
    Remark(
        "umbra", "{Colour} and {second}: that is how I dream.", fits=Fits(("people",), parents=1)
    ),
    Remark(
        "finn",
        "Taking this one to the table on Saturday. Level three, carries too much rope.",
        "Please report back how it dies.",
        "It will not. I roll well for the pretty ones.",
        fits=Fits(("creatures",), without=("wallpaper",)),
    ),
    Remark(
        "yuto",
        "I counted. Every second row is moved by half a step, as it should be. Thank you.",
        "That is the repeat among the finishing steps. I knew somebody would count.",
        fits=Fits(("creatures", "things", "garments"), ("wallpaper",)),
    ),
    Remark(
        "finn",
        "{share} from “{parent}”, and you can still tell who it is from across the room.",
        fits=Fits(("creatures",), parents=2),
    ),
    Remark(
        "thea",
        "Would knit up in two colours. @{friend}, you have the {colour} left over from winter, haven't you?",
        "If you do knit it, I want to see it here.",
        fits=Fits(("garments",), without=("wallpaper",)),
    ),
    Remark(
        "juniper",
        "{share} “{parent}”, the page says. I would have guessed more, "
        "and I would have been wrong about “{other}” too.",
        "I guessed wrong as well, and I was there.",
        fits=Fits(("garments",), parents=2),
    ),
    Remark(
        "ilka",
        "I own three of these and would still buy the fourth.",
        fits=Fits(("garments",), ("pink", "red", "violet")),
    ),
    Remark(
        "hana",
        "It looks like clay that somebody put down in a hurry. I would not touch it.",
        "I did not. That is just how it came out of the brood.",
        fits=Fits(("things",), without=("wallpaper", "candy-pencil")),
    ),
    Remark(
        "mina",
        "Half of the class would keep it in a pocket, the other half in a museum.",
        "Both halves are right.",
        fits=Fits(("things",), without=("wallpaper",)),
    ),
    Remark(
        "saffi",
        "You kept some {colour}! I was sure it would all go grey in this generation.",
        "So was I. “{parent}” is stubborn.",
        fits=Fits(("things",), parents=1, without=("grey",)),
    ),
    Remark(
        "pavel",
        "Walked it back: “{parent}”, and from there on down to the seeds. Good view all the way.",
        "Thank you for walking. They are all still open to everybody.",
        fits=Fits(("patterns",), parents=1),
    ),
    Remark(
        "kestrel",
        "Too symmetrical for me, and I have been looking at it for ten minutes.",
        "I will take the ten minutes.",
        fits=Fits(("patterns",), ("kaleidoscope", "tile")),
    ),
    Remark(
        "marlow",
        "This could be a brooch. Hot enamel, {colour}, a thin silver rim.",
        "Make it and I will wear it.",
        "Careful, I know a silversmith.",
        fits=Fits(("patterns",), ("emblem", "enamel")),
    ),
    Remark(
        "oskar",
        "That {colour} is the sea here at about four in the afternoon.",
        fits=Fits(("patterns",), main=("blue", "teal")),
    ),
    Remark(
        "thea",
        "Where does the repeat begin? I have followed it twice and got lost both times.",
        "At the upper left corner, but it does not matter, which is the nice thing about it.",
        fits=Fits(("patterns",), ("tile",)),
    ),
    Remark(
        "umbra",
        "“{child}” brought me here. I like where it comes from even better.",
        "Do not tell it. But thank you.",
        fits=Fits(("patterns",), children=1),
    ),
    Remark(
        "greta-moss",
        "I see a moth, my daughter sees a fox.",
        "I started out wanting an owl, so all three of us are right.",
        fits=Fits(("patterns",), ("mirror",)),
    ),
    Remark(
        "saffi",
        "“{parent}” was lovely, and this is kinder to the eye.",
        fits=Fits(("patterns",), ("pastel", "iridescent"), 2),
    ),
    Remark("lark", "Two inks and you do not miss the third.", fits=Fits(tags=("two-inks",))),
    Remark(
        "pavel",
        "If I follow the spiral inwards I get dizzy; outwards I get “{parent}”.",
        fits=Fits(("patterns",), ("spiral",), 2),
    ),
    Remark(
        "brook",
        "I keep coming back to this. It has no face, and it still looks at me.",
        fits=Fits(("patterns",), ("flow", "kaleidoscope")),
    ),
    Remark(
        "alder",
        "I would like to hang this one day. {first_name}, would you mind?",
        "Not at all. Next to “{parent}”, if there is room.",
        fits=Fits(parents=1, without=("tune",)),
    ),
    Remark(
        "dov",
        "The bass takes its time, and I love it for that.",
        "It was too tired to hurry. So was I.",
        fits=Fits(("tunes",), ("lo-fi", "slow")),
    ),
    Remark(
        "bento",
        "Cooked rice to this. The rice was good.",
        "The highest praise a tune of mine has ever got.",
        fits=Fits(("tunes",), ("bossa-nova",)),
    ),
    Remark(
        "tern",
        "I think I can hear “{parent}” in this. @{friend}, what do you say?",
        "Now that you say it: yes. It has the same way of walking.",
        answers_by="friend",
        fits=Fits(("tunes",), parents=1),
    ),
    Remark(
        "cass",
        "Four in the morning, ward is quiet, this on one earphone. Thank you.",
        "Made at about that hour, too.",
        fits=Fits(("tunes",), ("lullaby", "slow", "lo-fi")),
    ),
    Remark(
        "nocturne",
        "Half the tempo and it would be mine.",
        "The slider is free, go on.",
        fits=Fits(("tunes",), ("fast",)),
    ),
    Remark(
        "dov",
        "Somebody should play this in a real hall, with a real draught.",
        fits=Fits(("tunes",), ("chamber", "folk-band")),
    ),
    Remark(
        "pim",
        "In the museum I would stand beside this one. Two children at least, the page says, and I see why.",
        fits=Fits(children=2),
    ),
    Remark("wes", "Never commented before. This is good.", "Welcome! Stay a while.", fits=Fits()),
)
