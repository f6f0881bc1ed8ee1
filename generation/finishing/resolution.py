"""Resolution: from the size a net paints at to the wanted size.

- Drawn: a net trained on drawn pictures enlarges the picture four times, once up to 256 px for a
  picture of 64 px, twice beyond. Live frames are drawn by a small net that learnt from it, which
  takes a sixth of the time, and interpolated beyond.
- Smooth: Lanczos in linear light, then sharpening without halos; it needs no weights.
- Pixels: for pixel art, the picture's few colours are recovered and its pixels stay square or are
  rounded; tidied, it also loses what strays from the figures.

A print is the preview's picture enlarged once more, so both show the same picture.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.codecs.image import to_linear, to_srgb
from generation.finishing import superres
from generation.finishing.pixel_art import pixel_art
from generation.yielding import YieldPoint

PIXEL_ART = ("pixels", "tidied")
LIVE_EDGE = 256  # The bench's size; up to here a second pass is not worth its time.
CLEAN_EDGE = 128  # A picture from this size on has been enlarged by a net already.
LARGEST_DRAWN = 512  # Beyond, interpolation looks as good as the net.
SHARPENING = 0.8
SETTLED = 0.35  # Share of the first pass in a picture that was enlarged twice.


def enlarge(
    pixels: np.ndarray,
    size: int,
    settings: Mapping[str, Any],
    *,
    is_live: bool = False,
    yield_point: YieldPoint,
) -> np.ndarray:
    """uint8 [edge, edge, 3] -> uint8 [size, size, 3] by the method `settings["net"]`.

    is_live: for a live frame, which nobody keeps and somebody waits for.
    """
    if max(pixels.shape[:2]) == size:
        return pixels
    if settings["net"] == "smooth":
        return smooth(pixels, size)
    if settings["net"] in PIXEL_ART:
        whole = pixel_art(
            pixels,
            size,
            colours=int(settings["colours"]),
            is_rounded=bool(settings["rounded"]),
            is_tidied=settings["net"] == "tidied",
        )
        return resize(whole, size)
    return draw(pixels, size, net=settings["net"], is_live=is_live, yield_point=yield_point)


def draw(
    pixels: np.ndarray, size: int, *, net: str, is_live: bool = False, yield_point: YieldPoint
) -> np.ndarray:
    """Enlarge the picture by a net, once or twice, then resize.

    A pass is left out when the picture has the size already or would gain nothing. The second pass
    is always the fast net's: on a picture that is already clean the better one shows no difference.
    A live frame has the live net in place of the fast one.
    """
    fast = superres.LIVE if is_live else superres.FAST
    layers, names = 0, [fast if net == superres.FAST else net, fast]
    while names and _gains(len(pixels), size, is_live=is_live):

        def count() -> None:
            nonlocal layers
            layers += 1
            # Two passes have about forty layers, which take very different times.
            yield_point(1 - 1 / (1 + layers / 20))

        before = pixels
        pixels = superres.enlarge(superres.load(names.pop(0)), pixels, yield_point=count)
        if len(before) >= CLEAN_EDGE:
            pixels = settle(pixels, before)
    return resize(pixels, size)


def _gains(edge: int, size: int, *, is_live: bool) -> bool:
    """Whether a net that enlarges a picture of `edge` pixels is worth its time.

    What is smaller than CLEAN_EDGE always gains. A live frame is not enlarged beyond its size only
    to be shrunk again.
    """
    if edge < CLEAN_EDGE:
        return edge < size
    largest = size // superres.SCALE if is_live else size - 1
    return edge <= min(largest, LARGEST_DRAWN) and size > LIVE_EDGE


def settle(large: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Mix in the picture before the last pass.

    The net makes lines bolder at every pass, and a print should look like its preview.
    """
    before = resize(small, large.shape[0])
    return ((1 - SETTLED) * large + SETTLED * before + 0.5).astype(np.uint8)


def smooth(pixels: np.ndarray, size: int) -> np.ndarray:
    """Lanczos in linear light, then edges made steeper.

    No pixel leaves the range of its surroundings, so there are no halos and no ringing.
    """
    factor = size / max(pixels.shape[:2])
    large = resize(pixels, size)
    if factor <= 1:
        return large
    for channel in range(3):
        plane = large[..., channel].astype(np.float32)
        soft = ndimage.gaussian_filter(plane, factor, mode="nearest", truncate=2.5)
        low, high = surroundings(pixels[..., channel].astype(np.float32), size)
        large[..., channel] = np.clip(plane + SHARPENING * (plane - soft), low, high) + 0.5
    return large


def resize(pixels: np.ndarray, size: int) -> np.ndarray:
    """To [size, size, 3] by Lanczos in linear light.

    When enlarging, no pixel leaves the range of its surroundings.
    """
    edge = max(pixels.shape[:2])
    if edge == size:
        return pixels
    planes = []
    for channel in range(3):
        plane = to_linear(pixels[..., channel])
        large = _resized(plane, size, Image.Resampling.LANCZOS)
        planes.append(np.clip(large, *surroundings(plane, size)) if size > edge else large)
    return to_srgb(np.stack(planes, axis=-1))


def surroundings(plane: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the largest value around each place of a small float32 plane, enlarged.

    They are enlarged bilinearly, without steps.
    """
    low, high = (
        ndimage.minimum_filter(plane, 3, mode="nearest"),
        ndimage.maximum_filter(plane, 3, mode="nearest"),
    )
    return _resized(low, size, Image.Resampling.BILINEAR), _resized(
        high, size, Image.Resampling.BILINEAR
    )


def _resized(plane: np.ndarray, size: int, way: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(plane).resize((size, size), way))
