"""Titles, tags and sentences of the demo works of learnt species."""

import numpy as np
import pytest

from gallery.demo.looks import judge
from gallery.demo.names import GARMENTS, alt_text_of, tags_of, title_of
from generation.finishing.steps import PALETTES, read_steps
from generation.genespaces.patterns_portrait import Colour, Portrait
from generation.genome import Genome

BOOT = Portrait(
    "ankle-boot",
    0,
    False,
    (Colour("green", "dark", 0.7), Colour("pink", "light", 0.2)),
    0.5,
    (),
    np.zeros(2),
)


def genome(species: str, *steps) -> Genome:
    return Genome(species, "", np.zeros(4, np.float32), finishing=read_steps(steps))


def test_a_garment_is_called_what_it_is():
    boot = genome("garments")
    title = title_of(boot, BOOT, taken=set(), rng=np.random.default_rng(1))
    assert any(noun in title for noun in GARMENTS["ankle-boot"])
    assert tags_of(boot, BOOT) == ["fashion", "ankle boot", "green", "pink", "vivid"]
    assert alt_text_of(boot, BOOT) == "A garment, ankle boot, mostly in dark green and pale pink."


def test_finishing_is_told():
    cloth = genome("garments", ("pattern", {}), ("palette", {"colours": list(PALETTES["sea"])}))
    assert title_of(cloth, BOOT, taken=set(), rng=np.random.default_rng(1)).endswith("(Wallpaper)")
    assert tags_of(cloth, BOOT)[-2:] == ["wallpaper", "sea palette"]
    assert "A repeat as on cloth" in alt_text_of(
        cloth, BOOT
    ) and "printed as sea palette." in alt_text_of(cloth, BOOT)


@pytest.mark.parametrize("species", ["people", "creatures", "things"])
def test_a_hundred_works_have_a_hundred_titles(species):
    rng, taken = np.random.default_rng(1), set()
    portrait = Portrait(species, 0, False, BOOT.colours, 0.5, (), np.zeros(2))
    for _ in range(100):
        taken.add(title_of(genome(species), portrait, taken=taken, rng=rng))
    assert len(taken) == 100


def test_the_figure_is_named_and_not_its_ground():
    pixels = np.full((64, 64, 3), (250, 240, 230), np.uint8)
    pixels[20:50, 20:50] = (20, 60, 190)
    beauty, portrait = judge(pixels, kind="things")
    assert portrait.colours[0].family == "blue" and portrait.form == "things"
    plain, _ = judge(np.full((64, 64, 3), 200, np.uint8), kind="things")
    assert beauty > plain
