"""Help texts of the genes on the bench: what a slider, a choice or a group does.

Texts of a species are found by "species.key". Learnt species of other checkpoints name their
sliders "group-property"; those have a text by their property
(generation/training/pictures/sliders.py). A slider without a text gets one from its labels.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from gallery.bench.help_cloth import CLOTH_SLIDERS
from gallery.bench.help_formulas import FORMULA_SLIDERS

Texts = dict[str, Promise]
SLIDERS: Texts = FORMULA_SLIDERS | {
    "creatures.ground-ground-warmth": gettext_lazy(
        "Makes the plain background behind the figure cool and bluish, or warm."
    ),
    "creatures.dress-warmth": gettext_lazy(
        "Dyes the clothes and the armour: blue and grey to the left, gold and red to the right."
    ),
    "creatures.dress-green": gettext_lazy(
        "Dyes the clothes from red to green. Try it together with the slider above."
    ),
    "creatures.figure-height": gettext_lazy(
        "To the left, staffs and weapons rise beside the head; to the right, the weight"
        " sinks to the legs."
    ),
    "creatures.figure-lightness": gettext_lazy(
        "Makes the figure itself darker or lighter, its skin and its gear."
    ),
    "creatures.figure-length": gettext_lazy(
        "Makes the figure shorter or taller, up to the tips of hats and staffs."
    ),
    "garments.ground-ground-warmth": gettext_lazy(
        "Makes the paper behind the garment cool and bluish, or warm."
    ),
    "garments.cut-detail": gettext_lazy(
        "A smooth form to the left; folds, pleats and seams to the right."
    ),
    "garments.cut-warmth": gettext_lazy(
        "Dyes the garment: cool blues to the left, warm reds and yellows to the right."
    ),
    "garments.cut-green": gettext_lazy(
        "Dyes the garment from red to green. Together with the other dye it reaches every colour."
    ),
    "garments.cloth-green": gettext_lazy(
        "Shifts the cloth's tone finely from red to green, when the dye is nearly right."
    ),
    "ink.ground-ground-warmth": gettext_lazy(
        "Makes the background behind the portrait cool and bluish, or warm."
    ),
    "ink.portrait-lightness": gettext_lazy(
        "Draws more or less hair. Some faces change a little with it."
    ),
    "people.ground-ground-warmth": gettext_lazy(
        "Makes the background behind the portrait cool and bluish, or warm."
    ),
    "people.face-lightness": gettext_lazy(
        "Makes the skin darker or lighter. Some faces change a little with it."
    ),
    "people.colour-green": gettext_lazy("Dyes the hair from red to green, natural or not."),
    "people.colour-lightness": gettext_lazy(
        "Makes the hair darker or lighter, from black to blond."
    ),
    "people.colour-warmth": gettext_lazy("Dyes the hair from cool blue to warm orange."),
    "things.tint-warmth": gettext_lazy("Casts a cooler or warmer light over the whole object."),
    "things.tint-ground-warmth": gettext_lazy(
        "Makes the background behind the object cool and bluish, or warm."
    ),
    "things.tint-ground": gettext_lazy("Makes the background behind the object darker or lighter."),
    "things.form-fullness": gettext_lazy(
        "Makes the object slimmer or fuller, from a twig to a pumpkin."
    ),
    "things.form-height": gettext_lazy(
        "Whether the weight sits at the top, like a tree, or at the bottom, like a vase."
    ),
    "things.form-lightness": gettext_lazy(
        "Shifts the shape towards dark or light objects; handy for finding similar shapes."
    ),
    "things.colour-warmth": gettext_lazy(
        "Colours the object in cool blues or warm reds and keeps its shape."
    ),
    "things.colour-green": gettext_lazy(
        "Colours the object from red to green and keeps its shape."
    ),
    "things.colour-lightness": gettext_lazy(
        "Makes the colours darker or lighter and keeps the shape."
    ),
    "tunes.density": gettext_lazy(
        "How many notes the melody has. Fewer notes sound calm; more sound busy and lively."
    ),
    "tunes.syncopation": gettext_lazy(
        "Whether the notes fall on the beat, like a march, or between the beats, with a swing."
    ),
    "tunes.height": gettext_lazy(
        "Moves the melody lower or higher, from a cello's range to a flute's."
    ),
    "tunes.range": gettext_lazy(
        "How far the melody climbs and falls. Narrow tunes are easy to sing; wide ones are bold."
    ),
    "tunes.tempo": gettext_lazy("How fast the tune is played. Everything else stays the same."),
    "tunes.key": gettext_lazy(
        "Moves the whole tune down or up. Its shape stays the same; it just starts on another note."
    ),
}
PROPERTIES: Texts = CLOTH_SLIDERS | {
    "lightness": gettext_lazy("Makes this part of the picture darker or lighter."),
    "warmth": gettext_lazy("Moves the colours of this part towards cool blue or warm red."),
    "green": gettext_lazy("Moves the colours of this part from red towards green."),
    "vividness": gettext_lazy("Makes the colours of this part muted or vivid."),
    "fullness": gettext_lazy("Makes the figure slimmer or fuller."),
    "width": gettext_lazy("Makes the figure narrower or wider."),
    "length": gettext_lazy("Makes the figure shorter or longer."),
    "height": gettext_lazy("Moves the weight of the figure up or down."),
    "side": gettext_lazy("Makes the figure lean to the left or right."),
    "detail": gettext_lazy("Makes this part plainer or busier."),
    "ground": gettext_lazy("Makes the background behind the figure darker or lighter."),
    "ground-warmth": gettext_lazy("Makes the background behind the figure cooler or warmer."),
}
CHOICES: Texts = {
    "garments.kind": gettext_lazy(
        "Turns the child into another kind of garment; its colours and style stay."
    ),
    "garments.textile": gettext_lazy(
        "How the cloth is woven or printed; its colours and the form stay. “Only dyed” takes the"
        " cloth off and leaves the one colour of the form."
    ),
    "patterns.material": gettext_lazy("What the picture is made of; its shapes and colours stay."),
    "sculptures.material": gettext_lazy(
        "What the sculpture is chiefly made of; its form and colours stay."
    ),
    "tunes.style": gettext_lazy(
        "Which band plays: its instruments, its chords and its drums. The melody stays the same."
    ),
    "tunes.lead": gettext_lazy("Which instrument of the band plays the melody."),
}
GROUPS: Texts = {
    "patterns.symmetry": gettext_lazy("How the picture repeats and mirrors itself."),
    "patterns.warp": gettext_lazy("How space bends before anything is painted in it."),
    "patterns.pattern": gettext_lazy(
        "The lines and shapes themselves. They have no slider: take them from a parent, or"
        " let Surprise change them."
    ),
    "patterns.palette": gettext_lazy("Which colours there are, and how they follow one another."),
    "patterns.surface": gettext_lazy(
        "What it is made of, and the light, depth and shine over everything."
    ),
    "flames.shape": gettext_lazy(
        "The maps that throw the points on: how they turn, shrink and bend the plane."
    ),
    "flames.symmetry": gettext_lazy("How the flame repeats and mirrors itself."),
    "flames.view": gettext_lazy("From where the flame is seen, and through which lens."),
    "flames.palette": gettext_lazy(
        "The colours, which map has which of them, and the ground behind."
    ),
    "flames.light": gettext_lazy("Brightness, gamma, vibrancy and glow."),
    "brushwork.land": gettext_lazy("Hills, water, and the sun or moon."),
    "brushwork.figures": gettext_lazy(
        "What stands in the picture: trees, fruit, flowers or things without a name."
    ),
    "brushwork.flow": gettext_lazy("Which way the strokes run, and where they whirl."),
    "brushwork.light": gettext_lazy("Where the light comes from, and how deep the shadows are."),
    "brushwork.palette": gettext_lazy(
        "The colours, and how they are mixed. The paper belongs to them."
    ),
    "brushwork.brush": gettext_lazy(
        "The brush and the paint: width, length, bristles, dryness, relief."
    ),
    "brushwork.paper": gettext_lazy("The margin, the grain, and how much of the paper stays bare."),
    "glass.cells": gettext_lazy(
        "How the panes are arranged: order, size, disorder, twist, and bent lines."
    ),
    "glass.gaps": gettext_lazy("Which panes are missing, and the outline of the window."),
    "glass.shapes": gettext_lazy("Discs and curved lines that lie over the panes."),
    "glass.tones": gettext_lazy("Which pane has which colour of the palette."),
    "glass.palette": gettext_lazy("The colours of the glass, of the metal and of the wall."),
    "glass.glass": gettext_lazy("What the glass is like: streaks, milkiness, surface, cut rims."),
    "glass.lead": gettext_lazy("The lines between the panes."),
    "glass.light": gettext_lazy("The light behind the window, and the shadows."),
    "sculptures.body": gettext_lazy(
        "The whole form: its sides, twist, edges, lattice and ripples."
    ),
    "sculptures.folds": gettext_lazy(
        "How often and where space is folded before the parts are put into it."
    ),
    "sculptures.parts": gettext_lazy(
        "The plain bodies that the sculpture is made of: a core, a limb and a leaf."
    ),
    "sculptures.material": gettext_lazy("What it is made of. Materials can mix."),
    "sculptures.colour": gettext_lazy(
        "The three colours, and how they follow one another along the form."
    ),
    "sculptures.camera": gettext_lazy("From where you look at it."),
    "sculptures.light": gettext_lazy("Where the lamp stands."),
    "sculptures.backdrop": gettext_lazy("The room around it."),
    "creatures.ground": gettext_lazy("What lies behind the figure, and the light on it."),
    "creatures.dress": gettext_lazy("The colours of the clothes and armour."),
    "creatures.figure": gettext_lazy("Who it is: body, hat, cloak and whatever they carry."),
    "creatures.detail": gettext_lazy(
        "The last small strokes. They have no slider: take them from a parent, or let"
        " Surprise change them."
    ),
    "garments.ground": gettext_lazy("What is behind the garment, and the tint over its form."),
    "garments.cut": gettext_lazy("The shape of the garment, its folds and seams."),
    "garments.cloth": gettext_lazy("What the garment is made of: its textile and its colours."),
    "ink.ground": gettext_lazy("The colour behind the portrait."),
    "ink.portrait": gettext_lazy("The face, its mood and the shape of the hair."),
    "people.ground": gettext_lazy("What lies behind the portrait."),
    "people.face": gettext_lazy("The face, its mood and the shape of the hair."),
    "people.colour": gettext_lazy("The colour of the hair."),
    "things.tint": gettext_lazy("What lies behind the object, and the light over it."),
    "things.form": gettext_lazy("What it is: its outline and its parts."),
    "things.colour": gettext_lazy("How it is painted."),
    "tunes.phrase_a": gettext_lazy(
        "The melody the tune starts with and comes back to. It has no slider: take it from a"
        " parent."
    ),
    "tunes.phrase_b": gettext_lazy(
        "The answer to the first phrase. It has no slider: take it from a parent."
    ),
    "tunes.style": gettext_lazy("The band: instruments, chords and drums."),
    "tunes.key": gettext_lazy("The note the tune is built on."),
    "tunes.tempo": gettext_lazy("How fast it goes."),
    "tunes.expression": gettext_lazy(
        "How the melody moves: many notes or few, calm or swinging, low or high."
    ),
}


# Of every species that paints from words.
WORDED_SLIDERS: Texts = {
    "graft": gettext_lazy(
        "How much of the grafted picture stays. To the left it only guides the composition; to the"
        " right it is repainted lightly."
    ),
    "guidance": gettext_lazy(
        "How strictly the picture keeps to its words, and away from those that it should avoid."
    ),
}


def about_slider(species: str, key: str, *, label: str, low: str, high: str) -> str:
    """What a gene slider does. label, low, high: its labels, for sliders without a text."""
    written = SLIDERS.get(f"{species}.{key}") or WORDED_SLIDERS.get(key) or _by_property(key)
    if written:
        return str(written)
    return gettext(
        "Moves “{label}” from {low} to {high}. In the middle, the child stays as bred."
    ).format(label=label, low=low, high=high)


def about_choice(species: str, key: str, *, label: str) -> str:
    """What a choice does."""
    written = CHOICES.get(f"{species}.{key}")
    return (
        str(written)
        if written
        else gettext("Sets “{label}” for the child; “As bred” leaves it to the parents.").format(
            label=label
        )
    )


def about_group(species: str, key: str, *, label: str) -> str:
    """What a group of genes decides."""
    written = GROUPS.get(f"{species}.{key}")
    return (
        str(written) if written else gettext("The genes that decide “{label}”.").format(label=label)
    )


def _by_property(key: str) -> Promise | None:
    """The text of the longest property that the key ends with.

    "shape-ground-warmth" is found by "ground-warmth", not by "warmth".
    """
    endings = [name for name in PROPERTIES if key == name or key.endswith(f"-{name}")]
    return PROPERTIES[max(endings, key=len)] if endings else None
