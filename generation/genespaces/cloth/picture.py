"""Lays a cloth over the form of a garment that a net drew.

The net's picture remains the form. Where it differs from its ground is the garment; its light and
dark give the folds; and its silhouette, taken for an inflated body, bends the textile and shades
it, so that it looks worn. Textile, edge and light are computed at the size of the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.oklab import FROM_CONES, FROM_LAB
from generation.genespaces.cloth.plan import Cloth
from generation.genespaces.cloth.textiles import BY_NAME, FINENESS
from generation.yielding import YieldPoint, ignore_progress

BAND = 1 << 16  # Pixels that are painted at once; they stay in the cache of a CPU.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32) / 255
_EDGE_AT = 0.5  # Of the usual distance of the garment's colours from the ground's.
_NEAREST, _FURTHEST = 0.035, 0.16  # The edge lies between these distances in any case.
_CRUMB = 0.06  # Pieces up to this share of the garment vanish; up to twice as much, in part.
_BODY = 1.9  # How far the body is inflated, in pixels of a picture of 32.
_BEND = 0.06  # Of the picture's edge: how far the textile is drawn around the body.
_FOLD_BEND = 0.16
_FOLDS = 1.6  # How deep folds are, in OKLab lightness for every unit of the net's.
_DEEPEST, _BRIGHTEST = 0.2, 0.06
_ROUND, _RIM = 0.2, 0.13  # Light on the body, and darkness where it turns away.
_LIGHT_FROM = (-0.55, -0.83)  # Across and down.
_SHADOW = 0.075  # The garment's shadow on the backdrop.
_THREADS = 170  # Over the picture's edge; they show in prints.
_THREADS_FROM = 640  # px


def dress(
    small: np.ndarray,
    form: np.ndarray,
    cloth: Cloth,
    *,
    size: int,
    yield_point: YieldPoint = ignore_progress,
) -> np.ndarray:
    """The garment in its cloth before its backdrop, uint8 sRGB [size, size, 3].

    small: what the net drew, uint8 [edge, edge, 3]. form: the same, enlarged as far as it gains by
    it. yield_point: called with the progress after every band of rows.
    """
    body = _read_body(small, form, size, cloth.weave["drape"])
    picture = np.empty((size, size, 3), np.uint8)
    rows = max(1, BAND // size)
    for top in range(0, size, rows):
        band = slice(top, min(top + rows, size))
        lab = _paint(cloth, body, band, size)
        picture[band] = _to_bytes(lab)
        yield_point(band.stop / size)
    return picture


@dataclass(frozen=True)
class _Body:
    """What the form says at every pixel of the result, float32 [size, size].

    cover: how much of the pixel is garment. light: added to the cloth's lightness. across, down:
    how far the textile is drawn aside, in picture edges. shadow: taken from the backdrop's
    lightness.
    """

    cover: np.ndarray
    light: np.ndarray
    across: np.ndarray
    down: np.ndarray
    shadow: np.ndarray


def _read_body(small: np.ndarray, form: np.ndarray, size: int, drape: float) -> _Body:
    ground = _ground_of(small)
    away, luma = _apart(small, ground)
    edge = float(np.clip(_EDGE_AT * (away**2).sum() / max(away.sum(), 1e-6), _NEAREST, _FURTHEST))
    inside = np.clip(away / edge - 0.5, 0, 1)
    usual = float((luma * inside).sum() / max(inside.sum(), 1e-6))
    # Bodies are read from the net's own small picture, so that all sizes are bent alike.
    scale = len(small) / 32
    round_body = ndimage.gaussian_filter(inside, _BODY * scale, mode="nearest")
    folds = ndimage.gaussian_filter((luma - usual) * inside, 1.1 * scale, mode="nearest")
    down, across = np.gradient(round_body, 1 / len(small))
    fold_down, fold_across = np.gradient(folds, 1 / len(small))
    lit = -_ROUND * (_LIGHT_FROM[0] * across + _LIGHT_FROM[1] * down) / 32
    lit -= _RIM * np.hypot(across, down) / 32
    bend_across = np.multiply(-drape, _BEND * across / 6 + _FOLD_BEND * fold_across / 6)
    bend_down = np.multiply(-drape, _BEND * down / 6 + _FOLD_BEND * fold_down / 6)
    shifted = ndimage.shift(round_body, (1.3 * scale, 0.8 * scale), order=1, mode="nearest")

    fine_away, fine_luma = _apart(form, ground)
    fine_away *= _resized(_without_crumbs(inside), len(form))
    # What the garment encloses belongs to it, however near its dye is to the ground.
    core = ndimage.binary_erosion(ndimage.binary_fill_holes(inside > 0.4))
    fine_away = np.maximum(fine_away, 2 * edge * _resized(core, len(form)))
    folds = (_FOLDS / (0.5 + usual)) * (fine_luma - usual)
    # Along its edge the form has an outline and fades into the ground; neither is light on it.
    folds *= _resized(np.clip((round_body - 0.55) * 4, 0, 1), len(form))
    bright, dark = np.clip(folds, 0, _BRIGHTEST), np.minimum(folds, 0)
    light = bright + dark / (1 - dark / _DEEPEST) + _resized(lit, len(form))
    distance = _resized(fine_away, size)
    steps = np.gradient(distance)
    slope = np.maximum(np.hypot(*steps), 0.25 / size)
    cover = np.clip((distance - edge) / slope + 0.5, 0, 1)
    return _Body(
        cover,
        _resized(light, size),
        _resized(bend_across, size),
        _resized(bend_down, size),
        _SHADOW * _resized(shifted, size),
    )


def _without_crumbs(inside: np.ndarray) -> np.ndarray:
    """1 almost everywhere, and less around small pieces that lie apart from the garment."""
    pieces, count = ndimage.label(inside > 0.25)
    kept = np.ones(inside.shape, np.float32)
    if count < 2:
        return kept
    sizes = ndimage.sum_labels(inside, pieces, np.arange(1, count + 1))
    shares = np.clip((sizes / sizes.max() - _CRUMB) / _CRUMB, 0, 1)
    for number in np.flatnonzero(shares < 1):
        around = ndimage.binary_dilation(pieces == number + 1, iterations=2)
        kept[around & ((pieces == 0) | (pieces == number + 1))] = shares[number]
    return kept


def _ground_of(small: np.ndarray) -> np.ndarray:
    """The colour behind the garment, float32 [3]: the usual one along the border."""
    border = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    return np.median(border, axis=0).astype(np.float32)


def _apart(pixels: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far every colour is from the ground's, 0 to 1, and how light it is."""
    values = pixels.astype(np.float32)
    gap = (values - ground) * np.float32(1 / 255)
    return np.sqrt((gap * gap).sum(axis=-1) * np.float32(1 / 3)), values @ _LUMA


def _resized(plane: np.ndarray, size: int) -> np.ndarray:
    if len(plane) == size:
        return plane.astype(np.float32)
    image = Image.fromarray(plane.astype(np.float32))
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC))


def _paint(cloth: Cloth, body: _Body, band: slice, size: int) -> list[np.ndarray]:
    """Some rows of the picture as OKLab planes."""
    cover = body.cover[band]
    lab = [
        cloth.backdrop[0] - body.shadow[band],
        np.full_like(cover, cloth.backdrop[1]),
        np.full_like(cover, cloth.backdrop[2]),
    ]
    columns = np.flatnonzero(cover.any(axis=0))
    if len(columns) == 0:
        return lab
    part = slice(int(columns[0]), int(columns[-1]) + 1)
    cover = cover[:, part]
    place = band, part
    x = (np.arange(size, dtype=np.float32)[part] + 0.5) / size - 0.5 + body.across[place]
    y = (np.arange(size, dtype=np.float32)[band, None] + 0.5) / size - 0.5 + body.down[place]
    light, accent = _weave(cloth, x, y, size)
    shade = body.light[place]
    # Satin is lighter where it is lit, and darker in folds.
    shade = shade * np.float32(0.85 + 1.3 * cloth.weave["sheen"])
    if size >= _THREADS_FROM:
        shade = shade + _threads(x, y, size)
    for index, plane in enumerate(lab):
        dark, pale = np.float32(cloth.dark[index]), np.float32(cloth.light[index])
        colour = dark + (pale - dark) * light
        colour += (np.float32(cloth.accent[index]) - colour) * accent
        if index == 0:
            colour += shade
            np.clip(colour, 0.06, 0.97, out=colour)
        plane[:, part] += (colour - plane[:, part]) * cover
    return lab


def _weave(cloth: Cloth, x: np.ndarray, y: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the light colour and the accent lie, 0 to 1."""
    weave = cloth.weave
    share, contrast = weave["balance"], weave["contrast"]
    cosine, sine = np.float32(np.cos(weave["angle"])), np.float32(np.sin(weave["angle"]))
    along, over = x * cosine + y * sine, y * cosine - x * sine
    light, accent = np.zeros_like(along), np.zeros_like(along)
    for name, part in cloth.textiles:
        fine = cloth.repeats * FINENESS.get(name, 1.0)
        u = along * np.float32(fine) + np.float32(weave["across"])
        v = over * np.float32(fine) + np.float32(weave["down"])
        is_light, is_accent = BY_NAME[name](u, v, fine / size, share)
        strength = 1.0 if name == "plain" else weave["accent"]
        light = light + np.float32(part) * is_light
        accent = accent + np.float32(part * strength) * is_accent
    return np.float32(share) + (light - np.float32(share)) * np.float32(contrast), accent


def _threads(x: np.ndarray, y: np.ndarray, size: int) -> np.ndarray:
    """The twill of the cloth itself, which only large pictures can show."""
    turn = np.float32(2 * np.pi * _THREADS)
    strength = 0.014 * min(1.0, (size - _THREADS_FROM) / _THREADS_FROM)
    return np.float32(strength) * np.sin((x + y) * turn) * np.sin((x - y) * turn * np.float32(0.5))


def _to_bytes(lab: Sequence[np.ndarray]) -> np.ndarray:
    """OKLab planes as uint8 sRGB [rows, columns, 3]."""
    cones = [sum(part * plane for part, plane in zip(row, lab, strict=True)) for row in FROM_LAB]
    cubes = [cone * cone * cone for cone in cones]
    lights = [sum(part * cube for part, cube in zip(row, cubes, strict=True)) for row in FROM_CONES]
    encoded = [_ENCODED[(np.sqrt(np.clip(one, 0, 1)) * _STEPS).astype(np.int32)] for one in lights]
    return np.stack(encoded, axis=-1)


def _encoded_table() -> np.ndarray:
    """The byte of linear light by its root, which is close to how bytes are spaced."""
    light = ((np.arange(int(_STEPS) + 1) + 0.5) / _STEPS) ** 2
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return (np.clip(encoded, 0, 1) * 255 + 0.5).astype(np.uint8)


_STEPS = np.float32(4095)
_ENCODED = _encoded_table()
