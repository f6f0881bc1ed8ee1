"""Contrast of every pair of colours that meets on a page, in both themes.

WCAG 2.2, 1.4.3 and 1.4.11.
"""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
SURFACES = ("ground", "raised", "well", "leaf-wash")
WORDS, BORDERS = 4.5, 3.0
PAIRS = [
    *product(["text", "quiet", "leaf"], SURFACES, [WORDS]),
    *product(["leaf-strong"], ["ground", "raised", "well"], [WORDS]),
    *product(["text", "danger"], ["danger-wash"], [WORDS]),
    *product(["danger"], ["ground", "raised", "well"], [WORDS]),
    *product(["on-leaf"], ["leaf", "leaf-strong"], [WORDS]),
    *product(["edge", "leaf"], SURFACES, [BORDERS]),
]
THEMES = ("light", "dark")
# Django's admin has variables of its own instead of the tokens.
OTHERS = ("tokens.css", "admin.css")


def tokens(theme: str) -> dict[str, str]:
    """The colours of one theme: name -> "#rrggbb"."""
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: (light, dark)[THEMES.index(theme)] for name, light, dark in pairs}


def luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of sRGB in [0, 255]."""
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def read(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_can_be_read(theme: str, front: str, back: str, least: float):
    known = tokens(theme)
    assert contrast(read(known[front]), read(known[back])) >= least


@pytest.mark.parametrize("words", ["on-scrim", "on-scrim-quiet"])
@pytest.mark.parametrize("picture", [(255, 255, 255), (255, 235, 80), (128, 128, 128), (0, 0, 0)])
def test_words_over_any_picture_can_be_read(words: str, picture: tuple[int, int, int]):
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    red, green, blue, part = map(
        int, re.search(r"--scrim: rgb\((\d+) (\d+) (\d+) / (\d+)%\)", text).groups()
    )
    shade = tuple(
        front * part / 100 + back * (1 - part / 100)
        for front, back in zip((red, green, blue), picture, strict=True)
    )
    assert contrast(read(re.search(rf"--{words}: (#\w+)", text)[1]), shade) >= WORDS


def test_the_contrast_of_black_and_white_is_the_standards():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


def test_pages_take_their_colours_from_the_tokens():
    strays = {
        f"{path.name}: {colour}"
        for path in CSS.rglob("*.css")
        if path.name not in OTHERS
        for colour in re.findall(r":[^;{]*(#[0-9a-fA-F]{3,8})\b", path.read_text(encoding="utf-8"))
    }
    # The background of a QR code, which cameras read in black on white only.
    assert strays <= {"account.css: #fff"}


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("shades", r"rgba?\([^)]*\)"),
        ("sizes of text", r"font(?:-size)?: (?!clamp)[^;{}/]*\d(?:px|rem)\b"),
        ("radii", r"border-radius:[^;{}]*?\b[1-9][\d.]*px"),
    ],
)
def test_pages_take_their_measures_from_the_tokens(what: str, pattern: str):
    strays = {
        f"{path.name}: {found}"
        for path in CSS.rglob("*.css")
        if path.name not in OTHERS
        for found in re.findall(pattern, path.read_text(encoding="utf-8"))
    }
    assert strays == set(), what


def test_every_token_that_a_page_names_exists():
    # A page may define a size of its own, and the other style sheets that it loads may use it.
    known = {
        name
        for path in CSS.rglob("*.css")
        for name in re.findall(r"--([\w-]+):", path.read_text(encoding="utf-8"))
    }
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in (CSS.parent / "js").rglob("*.js")
    )
    unknown = set()
    for path in CSS.rglob("*.css"):
        if path.name in OTHERS:
            continue
        unknown |= {
            f"{path.name}: {name}"
            for name in re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8"))
            if name not in known and f'"--{name}"' not in scripts
        }
    assert unknown == set()
