"""Works in cloth through the engine's renderer, beside older ones without."""

import numpy as np

from generation.breeding import FIRST_FRESH, FIRST_OF_MATERIALS, breed, sample
from generation.codecs.image import read_image
from generation.engine.frames import RenderKey
from generation.engine.render import OneSize, render_batch
from generation.finishing.picture import finish
from generation.genespaces import species
from generation.genespaces.latent import latent_space
from generation.genome import Genome, Recipe
from generation.nets import style_vae, style_vae_onnx
from generation.yielding import ignore_progress

OLD = [sample("garments", seed=seed) for seed in (3, FIRST_OF_MATERIALS + 3)]
NEW = [sample("garments", seed=FIRST_FRESH + seed) for seed in (3, 4)]


def render(genomes: list[Genome], size: int, *, is_live: bool = False) -> list[bytes]:
    media_type = "image/jpeg" if is_live else "image/png"
    key = RenderKey("garments", OLD[0].digest, size, media_type, 1 if is_live else 2)
    return [frame.payload for frame in render_batch(key, genomes, ignore_progress)]


def test_works_without_cloth_are_painted_by_the_net_alone():
    checkpoint = species("garments").checkpoint
    net = style_vae_onnx.serve(style_vae.load(checkpoint.folder))
    plain = OneSize(net, truncate=latent_space(checkpoint).truncate)
    drawn = plain.paint(OLD, size=96, supersample=2, yield_point=ignore_progress)
    for genome, pixels, payload in zip(OLD, drawn, render(OLD, 96), strict=True):
        expected = finish(pixels, genome.finishing, size=96, seed=genome.seed)
        assert np.array_equal(read_image(payload), expected)


def test_a_work_in_cloth_has_the_same_bytes_in_any_company():
    for is_live in (True, False):
        together = render([OLD[0], *NEW], 96, is_live=is_live)
        assert together[1:] == [render([one], 96, is_live=is_live)[0] for one in NEW]


def test_a_live_frame_shows_what_a_print_shows():
    live, printed = (read_image(render(NEW[:1], 128, is_live=one)[0]) for one in (True, False))
    assert np.abs(live.astype(int) - printed).mean() < 8


def test_from_dye_to_cloth_is_a_steady_way():
    stops = [
        breed([OLD[0], NEW[0]], Recipe(weights=(1 - way, way), version=4))
        for way in (0, 0.001, 0.999, 1)
    ]
    pictures = [read_image(payload).astype(int) for payload in render(stops, 64)]
    assert stops[0].genes.tobytes() == OLD[0].genes.tobytes()
    assert np.abs(pictures[1] - pictures[0]).mean() < 2
    assert np.abs(pictures[3] - pictures[2]).mean() < 2
    assert np.abs(pictures[3] - pictures[0]).mean() > 8
