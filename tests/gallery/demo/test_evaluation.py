"""Beauty and portraits of demo works."""

import numpy as np

from gallery.demo.evaluation import evaluate_pixels


def test_the_portrait_is_of_the_figure_and_not_its_ground():
    pixels = np.full((64, 64, 3), (250, 240, 230), np.uint8)
    pixels[20:50, 20:50] = (20, 60, 190)
    beauty, portrait = evaluate_pixels(pixels, kind="garments")
    assert portrait.colours[0].family == "blue" and portrait.form == "garments"
    plain, _ = evaluate_pixels(np.full((64, 64, 3), 200, np.uint8), kind="garments")
    assert beauty > plain
