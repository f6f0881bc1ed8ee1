"""Help texts of the sliders of cloth, of any species whose works wear some; see help_sliders.

They are found by the keys of the sliders alone.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

CLOTH_SLIDERS: dict[str, Promise] = {
    "cloth-scale": gettext_lazy(
        "How large the stripes, checks, dots or flowers are: bold to the left, dainty to the right."
    ),
    "cloth-angle": gettext_lazy(
        "Turns the textile on the garment; stripes go from upright to level."
    ),
    "cloth-balance": gettext_lazy(
        "How much of the cloth has the dark and how much the light colour. Light dots on dark cloth"
        " grow until they are dark dots on light cloth."
    ),
    "cloth-contrast": gettext_lazy(
        "How clearly the textile stands out, from tone in tone to bold. Plain cloth has none."
    ),
    "cloth-accent": gettext_lazy(
        "The third colour, in fine lines, the hearts of flowers and the middle of dots. Plain cloth"
        " has no other."
    ),
    "cloth-drape": gettext_lazy(
        "Whether the textile lies flat like paper or bends around the body and into its folds."
    ),
    "cloth-sheen": gettext_lazy("Matt like wool, or with light and shade as deep as on satin."),
    "cloth-hue": gettext_lazy(
        "Turns the colours of the cloth and its backdrop around the colour wheel together."
    ),
    "cloth-lightness": gettext_lazy("Makes the colours of the cloth darker or lighter."),
    "cloth-vividness": gettext_lazy("Makes the colours of the cloth muted or vivid."),
    "backdrop-pale": gettext_lazy(
        "What is behind the garment: tinted to the left, nearly white to the right."
    ),
}
