"""Rendering with real nets: determinism, sizes, progress, and clear refusals."""

import io
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generation import checkpoints, devices
from generation.breeding import breed, sample
from generation.card import REQUIRED
from generation.card import REQUIRED as card_fields
from generation.codecs import solids
from generation.codecs.image import read_image, shrink
from generation.codecs.solids import STL
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.engine.frames import Priority, RenderKey
from generation.genome import Genome, Recipe
from generation.refusal import Refused
from generation.yielding import Abandoned, ignore_progress


@pytest.fixture(scope="module")
def genomes() -> list[Genome]:
    return [sample("patterns", seed=seed) for seed in range(3)]


def key(
    genome: Genome, size: int = 64, *, media_type: str = "image/png", supersample: int = 1
) -> RenderKey:
    return RenderKey(genome.generator, genome.digest, size, media_type, supersample)


def test_the_same_genome_gives_the_same_bytes_in_any_batch(genomes):
    together = render.render_batch(key(genomes[0]), genomes, ignore_progress)
    for genome, frame in zip(genomes, together, strict=True):
        assert (
            render.render_batch(key(genome), [genome], ignore_progress)[0].payload == frame.payload
        )
    assert len({frame.payload for frame in together}) == 3


@pytest.mark.parametrize(
    ("media_type", "kind"), [("image/jpeg", "JPEG"), ("image/png", "PNG"), ("image/webp", "WEBP")]
)
def test_a_frame_is_a_file_of_the_asked_kind_and_size(genomes, media_type, kind):
    (frame,) = render.render_batch(
        key(genomes[0], 80, media_type=media_type), genomes[:1], ignore_progress
    )
    with Image.open(io.BytesIO(frame.payload)) as picture:
        assert (picture.format, picture.size) == (kind, (80, 80))
    assert (frame.width, frame.height, frame.media_type) == (80, 80, media_type)
    assert frame.render_ms > 0


def test_masters_carry_their_dominant_colour_and_live_frames_do_not(genomes):
    (master,) = render.render_batch(key(genomes[0]), genomes[:1], ignore_progress)
    (live,) = render.render_batch(
        key(genomes[0], media_type="image/jpeg"), genomes[:1], ignore_progress
    )
    assert len(master.accent) == 7
    assert int(master.accent[1:], 16) >= 0
    assert live.accent == ""


def test_what_was_previewed_is_what_is_printed(genomes):
    for genome in genomes:
        (preview,) = render.render_batch(
            key(genome, 128, media_type="image/jpeg"), [genome], ignore_progress
        )
        (print_,) = render.render_batch(key(genome, 256, supersample=2), [genome], ignore_progress)
        shrunk = shrink(read_image(print_.payload), edge=128).astype(int)
        near = np.abs(shrunk - read_image(preview.payload)).mean()
        others = [
            np.abs(
                shrunk
                - read_image(
                    render.render_batch(key(other, 128), [other], ignore_progress)[0].payload
                )
            ).mean()
            for other in genomes
            if other != genome
        ]
        assert near < 12
        assert near < min(others) / 2


def test_progress_rises_from_strip_to_strip(genomes):
    reported: list[float] = []
    render.render_batch(key(genomes[0], 384), genomes[:2], reported.append)
    assert len(reported) >= 4
    assert reported == sorted(reported)
    assert reported[0] >= 0
    assert reported[-1] <= 1


def test_what_a_yield_point_raises_ends_the_batch(genomes):
    def yield_point(progress: float) -> None:
        raise Abandoned

    with pytest.raises(Abandoned):
        render.render_batch(key(genomes[0], 256), genomes, yield_point)


def test_the_time_of_yield_points_is_not_the_nets(genomes):
    away: list[float] = []

    def yield_point(progress: float) -> None:
        began = time.perf_counter()
        time.sleep(0.05)
        away.append(time.perf_counter() - began)

    began = time.perf_counter()
    (frame,) = render.render_batch(key(genomes[0], 32), genomes[:1], yield_point)
    assert frame.render_ms <= 1000 * (time.perf_counter() - began - sum(away))


def test_the_engine_gets_yield_points_while_a_large_picture_is_encoded():
    noise = np.random.default_rng(0).integers(0, 256, (2048, 2048, 3), dtype=np.uint8)
    calls: list[int] = []
    payload = render._encode(noise, "image/png", lambda: calls.append(1))
    assert calls
    assert np.array_equal(read_image(payload), noise)


def test_a_genome_of_another_version_is_refused(genomes):
    other = replace(genomes[0], digest="0" * 64)
    with pytest.raises(Refused, match="another version of the species “Patterns”.*install"):
        render.render_batch(key(other), [other], ignore_progress)


def test_an_unknown_species_is_refused(genomes):
    other = replace(genomes[0], generator="unicorns")
    with pytest.raises(Refused, match="not installed"):
        render.render_batch(key(other), [other], ignore_progress)


def test_an_unknown_finishing_step_is_refused(genomes):
    other = replace(genomes[0], finishing=(("gold leaf", {}),))
    with pytest.raises(Refused, match="gold leaf"):
        render.render_batch(key(other), [other], ignore_progress)


@pytest.fixture
def install(tmp_path: Path, monkeypatch):
    """Installs a species beside the shipped ones.

    Its key, which is its architecture too -> its card.json.
    """

    def install(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        card = dict.fromkeys(REQUIRED, "-") | {
            "key": name,
            "architecture": name,
            "name": name.title(),
        }
        (folder / "card.json").write_text(json.dumps(card))
        checkpoints.catalogue(refresh=True)
        return folder / "card.json"

    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    yield install
    monkeypatch.undo()
    checkpoints.catalogue(refresh=True)


class BatchedNet:
    """A net with one forward for the whole batch, as learnt nets have it."""

    def paint(self, genomes, *, size, supersample, yield_point):
        yield_point(0.0)
        genes = torch.tensor(np.stack([genome.genes for genome in genomes]))  # [batch, 3]
        assert torch.is_inference_mode_enabled()
        return (genes[:, None, None, :].expand(-1, size, size, -1) * 255).to(torch.uint8).numpy()


def test_a_net_with_a_batched_forward_fits_in(install, monkeypatch):
    install("stripes")
    monkeypatch.setitem(render.PAINTERS, "stripes", lambda checkpoint: BatchedNet())
    digest = checkpoints.find("stripes").digest
    genomes = [Genome("stripes", digest, np.array(genes)) for genes in ([1, 0, 0], [0, 1, 0])]
    frames = render.render_batch(key(genomes[0], 16), genomes, ignore_progress)
    assert [frame.accent for frame in frames] == ["#ff0000", "#00ff00"]


def test_a_species_whose_architecture_is_missing_here_is_refused(install):
    install("dots")
    genome = Genome("dots", checkpoints.find("dots").digest, np.zeros(3))
    with pytest.raises(Refused, match="needs the architecture “dots”"):
        render.render_batch(key(genome), [genome], ignore_progress)


def test_a_damaged_checkpoint_is_refused_and_the_others_still_paint(install, genomes):
    install("stripes").write_text("{")
    checkpoints.catalogue(refresh=True)
    broken = Genome("stripes", "", np.zeros(3))
    engine = LocalEngine()
    with pytest.raises(Refused, match="unavailable"):
        engine.submit(broken, size=32).result(60)
    assert engine.submit(genomes[0], size=32).result(60).width == 32
    engine.close()


def test_an_engine_without_a_net_of_its_own_renders_with_the_real_ones(genomes):
    engine = LocalEngine()
    live = engine.submit(genomes[0], size=64)
    master = engine.submit(
        genomes[1], size=64, media_type="image/png", supersample=2, priority=Priority.JOB
    )
    assert live.result(60).media_type == "image/jpeg"
    expected = render.render_batch(key(genomes[1], supersample=2), [genomes[1]], ignore_progress)[0]
    assert master.result(60).payload == expected.payload
    engine.close()


def test_one_core_is_kept_for_pages():
    threads: list[int] = []

    def look() -> None:
        devices.use_cores()
        threads.append(torch.get_num_threads())

    looker = threading.Thread(target=look)
    looker.start()
    looker.join()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert threads == [max(1, cores - 1)]


@pytest.fixture(scope="module")
def people() -> list[Genome]:
    return [sample("people", seed=seed) for seed in range(2)]


def test_a_fresh_learnt_genome_carries_the_finishing_of_its_species(people):
    assert people[0].finishing[0][0] == "resolution"
    assert breed(people, Recipe("blend", (0.5, 0.5))).finishing == people[0].finishing


def test_a_learnt_picture_is_the_same_in_any_batch_and_its_print_is_its_preview_drawn_finer(people):
    together = render.render_batch(key(people[0], 256), people, ignore_progress)
    alone = [render.render_batch(key(one, 256), [one], ignore_progress)[0] for one in people]
    assert [frame.payload for frame in together] == [frame.payload for frame in alone]
    (large,) = render.render_batch(key(people[0], 320, supersample=2), people[:1], ignore_progress)
    preview, large = read_image(together[0].payload), shrink(read_image(large.payload), edge=256)
    assert 10 * np.log10(255**2 / np.mean((large.astype(float) - preview) ** 2)) > 26


def test_a_learnt_genome_without_steps_is_enlarged_smoothly(people):
    (plain,) = render.render_batch(
        key(people[0], 200), [replace(people[0], finishing=())], ignore_progress
    )
    assert read_image(plain.payload).shape == (200, 200, 3)


def test_a_transparent_work_is_a_transparent_png_with_a_colour_of_its_figure(people):
    bare = replace(
        people[0], finishing=(*people[0].finishing, ("background", {"kind": "transparent"}))
    )
    (frame,) = render.render_batch(key(bare, 256), [bare], ignore_progress)
    picture = Image.open(io.BytesIO(frame.payload))
    assert picture.mode == "RGBA"
    assert picture.getextrema()[3] == (0, 255)


def test_finishing_serves_programs_too(genomes):
    inked = replace(genomes[0], finishing=(("duotone", {"dark": "#000000", "light": "#ffffff"}),))
    (frame,) = render.render_batch(key(inked), [inked], ignore_progress)
    assert np.ptp(read_image(frame.payload).astype(int), axis=2).max() <= 2


class Hungry:
    """A painter that has room for `most` pictures on a device that is not the CPU."""

    def __init__(self, most: int, loaded: list[str]) -> None:
        self._most, self._loaded = most, loaded
        self._is_on_card = not devices._is_offloaded
        loaded.append("card" if self._is_on_card else "CPU")

    def paint(self, genomes, *, size, supersample, yield_point):
        if self._is_on_card and len(genomes) > self._most:
            raise torch.OutOfMemoryError("too many")
        for genome in genomes:
            yield np.full((size, size, 3), int(genome.seed), np.uint8)


@pytest.mark.parametrize(("most", "loaded"), [(2, ["card", "card"]), (0, ["card"])])
def test_where_memory_is_short_a_batch_is_split_and_at_last_the_cpu_paints(
    more_checkpoints, monkeypatch, most: int, loaded: list[str]
):
    folder = more_checkpoints / "hungry"
    folder.mkdir()
    card = dict.fromkeys(card_fields, "hungry") | {"version": 1, "medium": "picture"}
    (folder / "card.json").write_text(json.dumps(card))
    checkpoints.catalogue(refresh=True)
    digest = checkpoints.find("hungry").digest
    seen: list[str] = []
    monkeypatch.setitem(render.PAINTERS, "hungry", lambda checkpoint: Hungry(most, seen))
    genomes = [Genome("hungry", digest, np.zeros(1), seed=seed) for seed in range(0, 80, 20)]
    frames = render.render_batch(key(genomes[0]), genomes, ignore_progress)
    assert [read_image(frame.payload)[0, 0, 0] for frame in frames] == [0, 20, 40, 60]
    assert seen[: len(loaded)] == loaded and ("CPU" in seen) == (most == 0)
    assert "hungry" not in render.nets.sizes() or most


def test_a_picture_that_fits_nowhere_is_refused_in_words(more_checkpoints, monkeypatch):
    folder = more_checkpoints / "huge"
    folder.mkdir()
    card = dict.fromkeys(card_fields, "huge") | {"version": 1, "medium": "picture"}
    (folder / "card.json").write_text(json.dumps(card))
    checkpoints.catalogue(refresh=True)

    class Huge:
        def paint(self, genomes, *, size, supersample, yield_point):
            raise torch.OutOfMemoryError("too large")

    monkeypatch.setitem(render.PAINTERS, "huge", lambda checkpoint: Huge())
    genome = Genome("huge", checkpoints.find("huge").digest, np.zeros(1))
    with pytest.raises(Refused, match="too little memory"):
        render.render_batch(key(genome), [genome], ignore_progress)


def test_a_sculpture_is_also_a_solid_and_a_pattern_is_none(genomes):
    with pytest.raises(Refused, match="“Patterns” has no 3D models"):
        render.render_batch(key(genomes[0], 0, media_type=STL), genomes[:1], ignore_progress)
    genome = Genome("sculptures", checkpoints.find("sculptures").digest, np.zeros(68, np.float32))
    if not solids.is_installed():
        with pytest.raises(Refused, match="scikit-image and trimesh are missing"):
            render.render_batch(key(genome, 0, media_type=STL), [genome], ignore_progress)
        return
    steps: list[float] = []
    (frame,) = render.render_batch(key(genome, 0, media_type=STL), [genome], steps.append)
    assert (frame.media_type, frame.width) == (STL, 0) and len(frame.payload) > 100_000
    assert steps == sorted(steps) and len(steps) > 10
