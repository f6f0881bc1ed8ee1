"""Diffusion nets, by real pipelines with tiny random weights: the same genome, the same bytes."""

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from generation.breeding import breed, sample
from generation.checkpoints import find
from generation.codecs.image import read_image
from generation.engine import render
from generation.engine.frames import RenderKey
from generation.engine.render import render_batch
from generation.genespaces.diffusion import NOISES, read_settings
from generation.genome import Genome, Recipe
from generation.residency import nets
from generation.yielding import Abandoned, ignore_progress
from tests.generation.conftest import KINDS, UNEVEN_KINDS

pytestmark = pytest.mark.usefixtures("diffusion_species")
each_kind = pytest.mark.parametrize("kind", (*KINDS, *UNEVEN_KINDS))


def frames_of(
    genomes: Sequence[Genome],
    *,
    is_live: bool = False,
    yield_point: Callable[[float], None] = ignore_progress,
) -> list[bytes]:
    """Prints, or live frames, as PNG files: their bytes say whether two pictures are the same."""
    first = genomes[0]
    key = RenderKey(first.generator, first.digest, 64, "image/png", 1 if is_live else 2)
    return [frame.payload for frame in render_batch(key, list(genomes), yield_point)]


def paint(genome: Genome, **options: object) -> bytes:
    return frames_of([genome], **options)[0]


def difference(one: bytes, other: bytes) -> float:
    """The mean difference of two pictures, of 255."""
    pixels = [read_image(each).astype(float) for each in (one, other)]
    return float(np.abs(pixels[0] - pixels[1]).mean())


def fox_and_boat(kind: str) -> tuple[Genome, Genome]:
    return sample(kind, seed=1, words="a red fox"), sample(kind, seed=2, words="a paper boat")


@each_kind
def test_a_genome_gives_the_same_bytes_again_in_company_and_after_a_reload(kind):
    fox, boat = fox_and_boat(kind)
    alone = paint(fox)
    assert read_image(alone).std() > 5
    assert frames_of([boat, fox, sample(kind, seed=3)])[1] == alone
    nets.release(idle_s=0)
    assert nets.sizes() == {}
    assert paint(fox) == alone


@pytest.mark.parametrize("kind", (*UNEVEN_KINDS, "pixart-sigma"))
def test_a_picture_of_one_text_is_the_one_that_the_library_paints(kind, tiny_pipelines: Path):
    fox, _ = fox_and_boat(kind)
    settings = read_settings(find(kind))
    pipeline = importlib.import_module("diffusers").DiffusionPipeline.from_pretrained(
        tiny_pipelines / kind, local_files_only=True
    )
    nets_of_words = importlib.import_module("generation.nets.diffusion")
    shape = (pipeline.transformer.config.in_channels, 32, 32)
    noise = np.tensordot(
        fox.genes[:NOISES].astype(np.float64), nets_of_words.fields_of_noise(shape), 1
    )
    options = {} if kind == "z-image" else {"use_resolution_binning": False, "clean_caption": False}
    # Its guidance of none is 0.
    guidance = settings.guidance - 1 if kind == "z-image" else settings.guidance
    painted = pipeline(
        "a red fox",
        latents=importlib.import_module("torch").from_numpy(noise[None].astype(np.float32)),
        num_inference_steps=settings.steps,
        guidance_scale=guidance,
        height=64,
        width=64,
        output_type="np",
        **options,
    ).images[0]
    assert np.array_equal(read_image(paint(fox)), (painted * 255).round().astype(np.uint8))


@pytest.mark.parametrize("kind", UNEVEN_KINDS)
def test_texts_of_other_lengths_are_mixed_without_jumps_and_in_any_order(kind):
    short = sample(kind, seed=1, words="ox")
    long = sample(kind, seed=1, words="a paper boat with seven red sails on a calm sea at dawn")
    near = [
        paint(breed([short, long], Recipe(weights=(1 - x, x))))
        for x in (0.0, 1e-4, 1e-2, 0.5, 0.99, 0.9999, 1.0)
    ]
    whole = difference(near[0], near[-1])
    assert near[0] == paint(short) and near[-1] == paint(long) and whole > 0
    assert difference(near[0], near[3]) > 0 < difference(near[3], near[-1])
    for end, closest, close in ((0, 1, 2), (-1, -2, -3)):
        assert difference(near[end], near[closest]) < 0.05 * whole
        assert difference(near[end], near[close]) < 0.25 * whole
    swapped = breed([long, short], Recipe(weights=(0.5, 0.5)))
    assert paint(swapped) == near[3]


@each_kind
def test_words_and_noise_both_decide_the_picture(kind):
    fox, _ = fox_and_boat(kind)
    other_words = sample(kind, seed=1, words="seven blue stones on the beach")
    other_noise = sample(kind, seed=2, words="a red fox")
    assert difference(paint(fox), paint(other_noise)) > 1
    assert paint(fox) != paint(other_words)


@each_kind
def test_children_lie_between_their_parents_and_the_ends_are_the_parents(kind):
    parents = fox_and_boat(kind)
    walk = [paint(breed(parents, Recipe(weights=(1 - x, x)))) for x in (0.0, 0.5, 1.0)]
    assert walk[0] == paint(parents[0]) and walk[2] == paint(parents[1])
    ends = difference(walk[0], walk[2])
    assert 0 < difference(walk[0], walk[1]) < 1.2 * ends
    crossed = paint(breed(parents, Recipe("crossover", (0.5, 0.5), seed=1)))
    assert crossed not in walk


def grafts_on(kind: str, **changes: float) -> tuple[Genome, Genome]:
    """The fox over a pattern and over a boat, with these sliders."""
    boat = sample("sd", seed=2, words="a paper boat")
    found = [
        sample(kind, seed=1, words="a red fox", graft=source)
        for source in (sample("patterns", seed=4), boat)
    ]
    one, other = (breed([each], Recipe(weights=(1.0,), edits=changes)) for each in found)
    return one, other


@each_kind
def test_a_graft_gives_the_same_bytes_again_in_company_and_after_a_reload(kind):
    over, other = grafts_on(kind)
    alone = paint(over)
    assert alone not in (paint(other), paint(fox_and_boat(kind)[0]))
    assert frames_of([other, over, fox_and_boat(kind)[0]])[1] == alone
    nets.release(idle_s=0)
    render._sources.clear()
    assert paint(over) == alone


@pytest.mark.parametrize("kind", ["sdxl", "sd3"])
def test_the_closer_to_the_graft_the_more_it_matters_which_one_it_is(kind):
    far, close = (difference(*map(paint, grafts_on(kind, graft=end))) for end in (-1.0, 1.0))
    assert far < close


@pytest.mark.parametrize("kind", ["sd", "flux", "sana", "z-image"])
def test_children_of_grafts_lie_between_and_the_ends_are_the_parents(kind):
    parents = (*grafts_on(kind, graft=1.0), fox_and_boat(kind)[0])
    for one, other in (parents[:2], parents[1:]):
        walk = [paint(breed([one, other], Recipe(weights=(1 - x, x)))) for x in (0.0, 0.5, 1.0)]
        assert walk[0] == paint(one) and walk[2] == paint(other)
        ends = difference(walk[0], walk[2])
        assert 0 < difference(walk[0], walk[1]) < 1.5 * ends


def test_a_graft_of_a_graft_and_a_cut_out_source_are_painted():
    source = replace(
        sample("patterns", seed=4), finishing=(("background", {"kind": "transparent"}),)
    )
    inner = sample("sdxl", seed=1, words="a red fox", graft=source)
    outer = sample("sd", seed=1, words="a paper boat", graft=inner)
    told: list[float] = []
    assert read_image(paint(outer, yield_point=told.append)).shape == (64, 64, 3)
    assert told == sorted(told)


@each_kind
def test_the_slider_of_a_graft_has_no_jumps_although_the_sampler_takes_two_steps(kind):
    ends = np.linspace(-1, 1, 21)
    walk = [paint(grafts_on(kind, graft=float(end))[0]) for end in ends]
    steps = [difference(one, other) for one, other in pairwise(walk)]
    # What stays grows faster and faster; one place of the slider is like the next.
    assert min(steps) > 0
    assert all(0.5 < after / before < 2 for before, after in pairwise(steps))


@each_kind
def test_a_larger_mutation_differs_more(kind):
    (fox, _), at_home = fox_and_boat(kind), paint(fox_and_boat(kind)[0])
    differences = [
        difference(at_home, paint(breed([fox], Recipe(weights=(1.0,), mutation_rate=rate, seed=5))))
        for rate in (0.05, 0.2, 0.6)
    ]
    assert differences == sorted(differences) and differences[0] > 0


@each_kind
def test_a_live_frame_inside_a_print_disturbs_neither(kind):
    fox, boat = fox_and_boat(kind)
    sliders = dict.fromkeys(("guidance", "lora-ink") if kind == "sd" else (), -1.0)
    other = breed([boat], Recipe(weights=(1.0,), edits=sliders))
    print_alone, live_alone = paint(fox), paint(other, is_live=True)
    inside: list[bytes] = []
    disturbed = paint(fox, yield_point=lambda progress: inside.append(paint(other, is_live=True)))
    assert disturbed == print_alone
    assert len(inside) >= 2 and set(inside) == {live_alone}


@each_kind
def test_every_step_yields_its_progress(kind):
    told: list[float] = []
    paint(fox_and_boat(kind)[0], yield_point=told.append)
    assert told == sorted(told)
    assert sum(0 < progress < 0.95 for progress in told) >= 1


@each_kind
def test_a_picture_that_is_given_up_leaves_nothing_behind(kind):
    fox, _ = fox_and_boat(kind)
    alone = paint(fox)

    def give_up(progress: float) -> None:
        raise Abandoned

    with pytest.raises(Abandoned):
        paint(fox, yield_point=give_up)
    assert paint(fox) == alone


def test_sliders_of_loras_and_guidance_change_the_picture():
    fox, _ = fox_and_boat("sd")
    changed = {
        slider: paint(breed([fox], Recipe(weights=(1.0,), edits={slider: -1.0})))
        for slider in ("guidance", "lora-ink", "lora-felt")
    }
    assert len({paint(fox), *changed.values()}) == 4


@pytest.mark.parametrize("kind", ["sd", "sd3", "pixart", "z-image"])
def test_words_to_keep_away_from_decide_the_picture_by_their_weight(kind):
    plain, _ = fox_and_boat(kind)
    away, other = (
        sample(kind, seed=1, words="a red fox", avoided=words)
        for words in ("text and letters", "seven blue stones on the beach")
    )
    walk = [breed([plain, away], Recipe(weights=(1 - x, x))) for x in (0.0, 0.5, 1.0)]
    frames = [paint(each) for each in walk]
    assert frames[0] == paint(plain) and frames[2] == paint(away) != paint(other)
    assert len(set(frames)) == 3


def test_a_live_frame_may_come_from_a_small_decoder_and_is_else_the_print():
    fox, _ = fox_and_boat("sd")
    assert paint(fox, is_live=True) != paint(fox)
    assert paint(fox, is_live=True) == paint(fox, is_live=True)
    fox, _ = fox_and_boat("sdxl")
    assert paint(fox, is_live=True) == paint(fox)


def test_a_net_is_counted_by_all_its_files(diffusion_species: Path):
    paint(fox_and_boat("sdxl")[0])
    weights = (diffusion_species / "sdxl").rglob("*.safetensors")
    assert nets.sizes()["sdxl"] >= sum(path.stat().st_size for path in weights) > 1_000_000


def test_the_libraries_are_told_to_stay_offline():
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DISABLE_TELEMETRY"):
        assert os.environ[name] == "1"
