"""The finishings from which one is chosen by chance, for each species: all were looked at.

A finishing that suits one species spoils another, so nothing is put together by chance: on sheets
of 24 works of the species, these left hardly any work worse than it was. Two inks turn garments and
things into dark silhouettes and take the light out of windows and paintings, and the style of
woodcuts hides faces, so they are not among them. Nor are repeats of sculptures, flames, paintings
and windows, whose light grounds and margins end at a seam.
"""

from collections.abc import Mapping
from typing import Any

from generation.finishing.presets import PALETTES
from generation.finishing.steps import STEPS, Finishing, read_steps


def _step(name: str, **settings: Any) -> tuple[str, Mapping[str, Any]]:
    return name, STEPS[name].fresh | settings


def _palette(name: str) -> Finishing:
    return read_steps([_step("palette", colours=list(PALETTES[name]))])


def _inks(dark: str, light: str) -> Finishing:
    return read_steps([_step("duotone", dark=dark, light=light)])


def _repeat(layout: str, count: int) -> Finishing:
    return read_steps([_step("pattern", layout=layout, count=count)])


def _style(name: str, **settings: Any) -> Finishing:
    return read_steps([_step("style", style=name, **settings)])


NIGHT = _inks("#1b2a49", "#f6ead2")
BERRY = _inks("#5a1a3b", "#ffd9c7")
DUSK = _inks("#2b1055", "#f7d9a3")

# Key of a species -> its finishings; of others, none is chosen by chance.
CURATED: dict[str, tuple[Finishing, ...]] = {
    "patterns": (_palette("riso"), _palette("dusk"), NIGHT, BERRY),
    "people": (
        *map(_palette, ("riso", "dusk", "bauhaus", "blossom", "desert")),
        NIGHT,
        BERRY,
        _style("candy", colours="own"),
        _repeat("brick", 4),
    ),
    "garments": (
        *(_repeat("half-drop", 4), _repeat("brick", 4)),
        *(_palette("sea"), _palette("riso")),
    ),
    "sculptures": (
        *map(_palette, ("riso", "dusk", "sea", "blossom", "desert")),
        *(NIGHT, BERRY, DUSK),
        _style("candy", colours="own"),
    ),
    "flames": (
        *map(_palette, ("riso", "dusk", "sea", "forest", "blossom", "desert")),
        *(NIGHT, BERRY, DUSK),
    ),
    "brushwork": tuple(
        map(_palette, ("riso", "dusk", "sea", "forest", "bauhaus", "blossom", "desert"))
    ),
    "ink": (
        *map(_palette, ("riso", "sea", "blossom", "desert")),
        *(NIGHT, BERRY),
        *(_repeat("half-drop", 4), _repeat("brick", 4)),
    ),
    "glass": tuple(map(_palette, ("riso", "dusk", "sea", "forest", "blossom", "desert"))),
    "creatures": (
        *(_repeat("half-drop", 4), _repeat("brick", 4)),
        *(_palette("dusk"), _palette("forest"), DUSK),
    ),
    "things": (
        *(_repeat("half-drop", 4), _repeat("brick", 4)),
        *(_palette("riso"), _palette("blossom")),
        _style("candy", colours="own"),
    ),
}
