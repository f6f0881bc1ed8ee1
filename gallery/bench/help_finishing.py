"""Plain words about the finishing steps of pictures and their settings
(generation/finishing/steps.py).
"""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

Texts = dict[str, Promise]
STEPS: Texts = {
    "resolution": gettext_lazy(
        "How the small picture of the net is drawn larger. Leave it on unless you want it coarse."
    ),
    "background": gettext_lazy(
        "Takes the ground away, or puts another one behind the figure. Good for stickers and"
        " covers."
    ),
    "style": gettext_lazy(
        "Paints the picture anew in the manner of one of 26 looks, or of two at once."
    ),
    "borrowed-style": gettext_lazy(
        "Paints the picture in the manner of another work, or of a picture of your own."
    ),
    "colour": gettext_lazy(
        "Corrects the whole picture as in a photo program: warmer, lighter, stronger."
    ),
    "palette": gettext_lazy(
        "Redraws the picture in a few chosen colours, as a printer with few inks would."
    ),
    "duotone": gettext_lazy("Prints the picture with two inks only, a dark one and a light one."),
    "detail": gettext_lazy("Sharpens the picture, or lays grain, paper or canvas over it."),
    "pattern": gettext_lazy("Lays the picture side by side as on wallpaper or cloth."),
    "mock-up": gettext_lazy(
        "Shows the picture on a thing, such as a poster or a shirt. The thing is in the file too."
    ),
}
SETTINGS: Texts = {
    "resolution.net": gettext_lazy(
        "“Drawn” adds clean outlines, “Smooth” only enlarges, “Pixel art” keeps hard squares."
    ),
    "resolution.colours": gettext_lazy(
        "With how many colours the pixel art may paint. Fewer look like an old game."
    ),
    "resolution.rounded": gettext_lazy(
        "Rounds the corners of the squares, so that slanting lines look less like stairs."
    ),
    "background.kind": gettext_lazy(
        "What stands behind the figure: nothing, one colour, or two that run into each other."
    ),
    "background.colour": gettext_lazy(
        "The colour of the new ground; of two, the one above or in the middle."
    ),
    "background.second": gettext_lazy("The colour that the ground runs into."),
    "background.tolerance": gettext_lazy(
        "Raise it if rests of the old ground remain, lower it if parts of the figure vanish."
    ),
    "style.style": gettext_lazy("The look in which the picture is painted anew."),
    "style.second": gettext_lazy("Another look to mix in."),
    "style.mix": gettext_lazy(
        "How much of the second look there is. At nought there is only the first."
    ),
    "style.strength": gettext_lazy(
        "How far the painting goes. Lower it until you know the picture again."
    ),
    "style.strokes": gettext_lazy(
        "Broad strokes make a bold painting, fine ones keep small things."
    ),
    "style.colours": gettext_lazy(
        "Whether the painting brings its own colours or keeps those of the picture."
    ),
    "borrowed-style.vector": gettext_lazy(
        "Whose manner to take: a parent's, a work's, or that of a picture of yours, which is not"
        " kept."
    ),
    "borrowed-style.strength": gettext_lazy(
        "How far the borrowed manner goes. Lower it until you know the picture again."
    ),
    "borrowed-style.colours": gettext_lazy(
        "Whether the borrowed manner brings its colours or keeps those of the picture."
    ),
    "colour.warmth": gettext_lazy("Evening light to the right, winter light to the left."),
    "colour.tint": gettext_lazy("Moves all colours towards green or towards pink. Small steps do."),
    "colour.lightness": gettext_lazy("Makes the whole picture darker or lighter."),
    "colour.contrast": gettext_lazy("How far dark and light lie apart. Low is soft, high is bold."),
    "colour.saturation": gettext_lazy(
        "How strong the colours are. All the way to the left is grey."
    ),
    "palette.colours": gettext_lazy(
        "The colours to print with. Choose a row, then change single colours, or take those of"
        " another work."
    ),
    "palette.amount": gettext_lazy("How strictly the picture keeps to the palette."),
    "duotone.dark": gettext_lazy("The ink for the shadows."),
    "duotone.light": gettext_lazy("The ink for the lights; mostly the colour of the paper."),
    "duotone.amount": gettext_lazy("How strictly the picture keeps to the two inks."),
    "detail.sharpness": gettext_lazy("Makes edges crisper. Too much of it makes them hard."),
    "detail.clarity": gettext_lazy("Brings out forms by raising the contrast around them."),
    "detail.grain": gettext_lazy("Scatters fine grain over the picture as on old film."),
    "detail.surface": gettext_lazy("Prints the picture on paper or canvas that one can see."),
    "detail.relief": gettext_lazy("How strongly one sees the paper or the canvas."),
    "pattern.layout": gettext_lazy(
        "How the copies lie. “Half-drop” shifts every other column, as wallpaper makers do."
    ),
    "pattern.count": gettext_lazy("How many copies lie along one edge."),
    "pattern.seam": gettext_lazy("Lets the copies run into each other, so that one sees no edges."),
    "mock-up.template": gettext_lazy("The thing that carries your picture."),
    "mock-up.scale": gettext_lazy("How large the picture stands on the thing."),
    "mock-up.ground": gettext_lazy("The colour of the wall or the table behind the thing."),
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
