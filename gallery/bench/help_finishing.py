"""Help texts of the finishing steps of pictures (generation/finishing/steps.py)."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

Texts = dict[str, Promise]
STEPS: Texts = {
    "resolution": gettext_lazy(
        "How the net's small picture is enlarged. Leave it on unless you want a coarse look."
    ),
    "background": gettext_lazy(
        "Removes the background, or puts another one behind the figure. Good for stickers"
        " and covers."
    ),
    "style": gettext_lazy("Repaints the picture in one of 26 styles, or in two at once."),
    "borrowed-style": gettext_lazy(
        "Paints the picture in the style of another work, or of a picture of your own."
    ),
    "colour": gettext_lazy(
        "Adjusts the whole picture as a photo app would: warmer, lighter, stronger."
    ),
    "palette": gettext_lazy(
        "Redraws the picture in a few chosen colours, like a print with few inks."
    ),
    "duotone": gettext_lazy("Prints the picture with only two inks, a dark one and a light one."),
    "detail": gettext_lazy("Sharpens the picture, or adds grain, paper or canvas."),
    "pattern": gettext_lazy("Repeats the picture side by side, as on wallpaper or cloth."),
    "mock-up": gettext_lazy(
        "Shows the picture on an object, such as a poster or a shirt. The object is in the"
        " file too."
    ),
}
SETTINGS: Texts = {
    "resolution.net": gettext_lazy(
        "“Drawn” adds clean outlines, “Smooth” only enlarges, “Pixel art” keeps hard squares;"
        " “tidied” removes stray pixels too."
    ),
    "resolution.colours": gettext_lazy(
        "How many colours the pixel art may use. Fewer look like an old game."
    ),
    "resolution.rounded": gettext_lazy(
        "Rounds the corners of the squares, so that slanting lines look less jagged."
    ),
    "background.kind": gettext_lazy(
        "What is behind the figure: nothing, one colour, or two that fade into each other."
    ),
    "background.colour": gettext_lazy(
        "The colour of the new background; with two, the one at the top or in the middle."
    ),
    "background.second": gettext_lazy("The colour that the background fades into."),
    "background.tolerance": gettext_lazy(
        "Raise it if bits of the old background remain; lower it if parts of the figure vanish."
    ),
    "style.style": gettext_lazy("The style in which the picture is repainted."),
    "style.second": gettext_lazy("Another style to mix in."),
    "style.mix": gettext_lazy(
        "How much of the second style there is. At 0 there is only the first."
    ),
    "style.strength": gettext_lazy(
        "How strong the style is. Lower it until you recognise the picture again."
    ),
    "style.strokes": gettext_lazy(
        "Broad strokes make a bold painting; fine ones keep small details."
    ),
    "style.colours": gettext_lazy(
        "Whether the style brings its own colours or keeps those of the picture."
    ),
    "borrowed-style.vector": gettext_lazy(
        "Whose style to borrow: a parent's, another work's, or that of a picture of yours,"
        " which is not stored."
    ),
    "borrowed-style.strength": gettext_lazy(
        "How strong the borrowed style is. Lower it until you recognise the picture again."
    ),
    "borrowed-style.colours": gettext_lazy(
        "Whether the borrowed style brings its own colours or keeps those of the picture."
    ),
    "colour.warmth": gettext_lazy("Evening light to the right, winter light to the left."),
    "colour.tint": gettext_lazy(
        "Shifts all colours towards green or towards pink. A little goes a long way."
    ),
    "colour.lightness": gettext_lazy("Makes the whole picture darker or lighter."),
    "colour.contrast": gettext_lazy("How far apart dark and light are. Low is soft, high is bold."),
    "colour.saturation": gettext_lazy(
        "How strong the colours are. All the way to the left is grey."
    ),
    "palette.colours": gettext_lazy(
        "The colours to print with. Choose a palette, then change single colours, or take"
        " those of another work."
    ),
    "palette.amount": gettext_lazy("How closely the picture keeps to the palette."),
    "duotone.dark": gettext_lazy("The ink for the shadows."),
    "duotone.light": gettext_lazy("The ink for the highlights; usually the colour of the paper."),
    "duotone.amount": gettext_lazy("How closely the picture keeps to the two inks."),
    "detail.sharpness": gettext_lazy("Makes edges crisper. Too much makes them harsh."),
    "detail.clarity": gettext_lazy("Brings out shapes by raising the contrast around them."),
    "detail.grain": gettext_lazy("Scatters fine grain over the picture, as on old film."),
    "detail.surface": gettext_lazy("Prints the picture on paper or canvas with a visible texture."),
    "detail.relief": gettext_lazy("How clearly the paper or canvas shows."),
    "pattern.layout": gettext_lazy(
        "How the copies are arranged. “Half-drop” shifts every other column, as in wallpaper."
    ),
    "pattern.count": gettext_lazy("How many copies fit along one edge."),
    "pattern.seam": gettext_lazy("Blends the copies into each other, so that no edges show."),
    "mock-up.template": gettext_lazy("The object that carries your picture."),
    "mock-up.scale": gettext_lazy("How large the picture is on the object."),
    "mock-up.ground": gettext_lazy("The colour of the wall or table behind the object."),
    "mock-up.colour": gettext_lazy("The colour of the cloth, the frame or the bag itself."),
}


def about_step(name: str, *, label: str) -> str:
    """What a finishing step does to the picture."""
    written = STEPS.get(name)
    return str(written) if written else gettext("Switches “{label}” on or off.").format(label=label)


def about_setting(step: str, key: str, *, label: str) -> str:
    """What one setting of a step does."""
    written = SETTINGS.get(f"{step}.{key}")
    return str(written) if written else gettext("Sets “{label}” of this step.").format(label=label)
