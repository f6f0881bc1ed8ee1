"""What catches the eye in a picture: its most salient colour, and how well it fills a large tile.

Saliency here is colourfulness times area, away from the border: a colour that stands apart from the
even ground of a picture, is saturated, and covers much of its middle. Achanta et al. ("Frequency-
tuned salient region detection", CVPR 2009) measure distance from the mean in the same way.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.oklab import to_oklab, write_colour

EDGE = 96
BORDER = 4  # Pixels on each side that are taken for the ground, if they are alike.
EVEN_GROUND = 0.62  # The part of the border that has to be alike.
ALIKE = 0.075  # OKLab distance of colours of one ground.
CHROMA_POWER = 1.3
CELLS = (6, 14, 14)  # Of lightness, a and b, by which pixels of one colour are gathered.
MIDDLE = 0.55  # Width of the bell that weighs pixels by their distance from the middle.
BEHIND = (128, 128, 128)  # Transparent pixels.
FULL_COLOUR, FULL_DETAIL, FULL_CONTRAST, FULL_FRAME = 0.16, 0.05, 0.2, 0.8


@dataclass(frozen=True)
class Look:
    """salient: the colour as #rrggbb. presence: from 0, faint or small, to 1."""

    salient: str
    presence: float


def look_at(data: bytes) -> Look:
    """The look of an encoded picture. Raises OSError if it cannot be decoded."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGBA")
    ground = Image.new("RGBA", picture.size, (*BEHIND, 255))
    flat = Image.alpha_composite(ground, picture).convert("RGB")
    small = np.asarray(flat.resize((EDGE, EDGE), Image.Resampling.BOX))
    lab = to_oklab(small)  # [edge, edge, 3]
    is_figure = _figure(lab)
    return Look(_salient(lab, is_figure), _presence(lab, is_figure, np.asarray(flat.convert("L"))))


def _figure(lab: np.ndarray) -> np.ndarray:
    """Which pixels stand apart from an even ground, bool [edge, edge]; all where there is none."""
    rim = np.ones((EDGE, EDGE), bool)
    rim[BORDER:-BORDER, BORDER:-BORDER] = False
    ground = np.median(lab[rim], axis=0)
    distance = np.linalg.norm(lab - ground, axis=-1)
    if (distance[rim] < ALIKE).mean() < EVEN_GROUND:
        return np.ones((EDGE, EDGE), bool)
    figure = distance > ALIKE
    # Without a figure the ground is all there is to see.
    return figure if figure.mean() > 0.01 else np.ones((EDGE, EDGE), bool)


def _salient(lab: np.ndarray, is_figure: np.ndarray) -> str:
    place = (np.arange(EDGE) + 0.5) / EDGE * 2 - 1
    bell = np.exp(-(place[:, None] ** 2 + place[None] ** 2) / (2 * MIDDLE**2))
    points = lab[is_figure]  # [points, 3]
    chroma = np.hypot(points[:, 1], points[:, 2])
    # Very dark and very light pixels look less colourful than they are.
    seen = chroma * np.clip(1 - np.abs(points[:, 0] - 0.62) / 0.62, 0.15, 1)
    weights = bell[is_figure] * (np.maximum(seen, 0.012) ** CHROMA_POWER)
    low, high = np.array([0, -0.32, -0.32]), np.array([1, 0.32, 0.32])
    cells = np.array(CELLS)
    places = np.clip(((points - low) / (high - low) * cells).astype(int), 0, cells - 1)
    filled = np.zeros(CELLS)
    np.add.at(filled, tuple(places.T), weights)
    # Neighbouring cells count together, so that a shaded colour is not split.
    gathered = ndimage.gaussian_filter(filled, 0.8, mode="constant")
    best = np.unravel_index(gathered.argmax(), CELLS)
    near = np.all(np.abs(places - np.array(best)) <= 1, axis=1)
    if not near.any():
        near[:] = True
    colour = np.average(points[near], axis=0, weights=weights[near])
    return write_colour(colour)


def _presence(lab: np.ndarray, is_figure: np.ndarray, grey: np.ndarray) -> float:
    """Colour and detail of what is to be seen, by how much of the frame it fills, 0 to 1."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])[is_figure]
    colour = min(1.0, float(chroma.mean() + chroma.std()) / FULL_COLOUR)
    tones = grey.astype(np.float32) / 255
    fine = tones - ndimage.uniform_filter(tones, 9)
    detail = min(1.0, float(np.abs(fine).mean()) / FULL_DETAIL)
    contrast = min(1.0, float(lab[..., 0][is_figure].std()) / FULL_CONTRAST)
    filled = min(1.0, float(is_figure.mean()) / FULL_FRAME)
    return round(filled * (0.45 * colour + 0.3 * detail + 0.25 * contrast), 4)
