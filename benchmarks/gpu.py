"""`python -m benchmarks.gpu`: what a graphics card does with every kind of net, in eight minutes.

No network and no data are needed: nets that are not shipped get random weights made on the spot. It
prints a table and writes the same as JSON. On a machine without a card everything runs small on the
CPU, and the table says so.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.__main__ import machine, print_table
from benchmarks.measuring import Row, row
from generation import devices
from generation.breeding import sample
from generation.codecs.image import read_image
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.engine.frames import NOTES, Priority, RenderKey
from generation.engine.worker_process import WorkerProcess
from generation.genespaces.diffusion import DiffusionSpace
from generation.genome import Genome
from generation.nets import stylegan2
from generation.nets.lite0 import Lite0
from generation.nets.style_vae import DEFAULT_CHANNELS
from generation.refusal import Refused
from generation.residency import nets
from generation.training.pictures.adversarial import adversarial_step
from generation.training.pictures.learner import Learner, PictureSettings
from generation.yielding import ignore_progress

BUDGET_S = 480
PICTURES = ("patterns", "sculptures", "people", "things", "garments", "creatures")
SIZES = (64, 256, 1024)
# The published full-size network: 512 channels, halved from 64 px on.
MAX_CHANNELS, CHANNEL_BASE = 512, 32_768
W_DIM = 512
TOLERANCE = 3  # Of 255: how far a card's picture may be from the CPU's.


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gpu", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--json", type=Path, default=Path("gpu.json"), help="file for the figures")
    options = parser.parse_args()
    devices.prepare()
    on_card = devices.device().type != "cpu"
    print(f"{devices.describe()}, {devices.memory() / 2**30:.1f} GiB, torch {torch.__version__}")
    if devices.problem():
        print(devices.problem())
    if not on_card:
        print("There is no graphics card here: everything runs small, on the CPU.")
    ends = time.monotonic() + BUDGET_S
    found: list[Row] = []
    for part in (
        company,
        difference,
        speed,
        stylegan,
        diffusion,
        training,
        unloading,
        killing,
    ):
        if time.monotonic() > ends:
            found.append(row(part.__name__, "runs", "left out: the eight minutes are over", False))
            continue
        if rows := list(_told(part, on_card)):
            print_table(rows)
            found += rows
    facts = machine() | {"device": devices.describe(), "device_bytes": devices.memory()}
    options.json.write_text(json.dumps({"machine": facts, "rows": found}, indent=1) + "\n")
    print(f"Written to {options.json}.")
    return 0 if all(each["ok"] for each in found) else 1


def _told(part: Callable[[bool], Iterator[Row]], on_card: bool) -> Iterator[Row]:
    """The rows of a part; a failure is a row too."""
    try:
        yield from part(on_card)
    except Exception as error:
        yield row(part.__name__, "runs", f"{type(error).__name__}: {error}"[:200], False)


def company(on_card: bool) -> Iterator[Row]:
    """A picture has the same bytes alone, in any batch, and in any place of it."""
    for species in PICTURES:
        genomes = [sample(species, seed=seed) for seed in range(8)]
        together = _frames(genomes, size=64)
        equal = all(
            _frames(genomes[part], size=64) == together[part]
            for part in (slice(3, 4), slice(2, 4), slice(3, 8), slice(0, 5))
        )
        yield row(f"{species}: bytes in company of 1, 2, 5, 8", "equal", str(equal), equal)


def difference(on_card: bool) -> Iterator[Row]:
    """How far the card's pictures are from the CPU's."""
    if not on_card:
        return
    for species in PICTURES:
        genomes = [sample(species, seed=seed) for seed in range(4)]
        card = _pixels(genomes)
        nets.release(idle_s=0)
        with devices.offloaded():
            cpu = _pixels(genomes)
        nets.release(idle_s=0)
        apart = np.abs(card.astype(int) - cpu.astype(int))
        yield row(
            f"{species}: card against CPU, of 255",
            f"<= {TOLERANCE} for 99.9 %",
            f"mean {apart.mean():.3f}, 99.9 % {np.quantile(apart, 0.999):.0f}, most {apart.max()}",
            np.quantile(apart, 0.999) <= TOLERANCE,
        )


def speed(on_card: bool) -> Iterator[Row]:
    """Live frames of one person a second, and prints a minute."""
    sizes = SIZES if on_card else SIZES[:2]
    for species in PICTURES:
        genomes = [sample(species, seed=seed) for seed in range(16)]
        rates = [f"{_rate(genomes, size=size):.1f} at {size} px" for size in sizes]
        yield row(f"{species}: live frames a second", "a figure", ", ".join(rates), True)
        seconds = _seconds(
            lambda some=genomes[0]: _frames([some], size=sizes[-1], media_type="image/png", fine=2)
        )
        yield row(
            f"{species}: prints a minute at {sizes[-1]} px", "a figure", f"{60 / seconds:.1f}", True
        )
    tunes = [sample("tunes", seed=seed) for seed in range(16)]
    yield row("tunes: notes a second", "a figure", f"{_rate(tunes, size=0):.1f}", True)


def stylegan(on_card: bool) -> Iterator[Row]:
    """Synthesis networks of the published sizes, with random weights."""
    for edge in (256, 1024) if on_card else (64,):
        net = _random_stylegan(edge)
        ws = torch.randn(1, 2 * len(net.blocks), W_DIM, device=devices.device())
        with torch.inference_mode():
            whole = _seconds(lambda net=net, ws=ws: net(ws).cpu(), times=3)
            live = _seconds(lambda net=net, ws=ws: net(ws, edge=256).cpu(), times=3)
        yield row(
            f"StyleGAN2 {edge} px: milliseconds a picture",
            "a figure",
            f"{1000 * whole:.1f}; live, up to 256 px: {1000 * live:.1f}",
            True,
        )


def diffusion(on_card: bool) -> Iterator[Row]:
    """SDXL with random weights at its own size; without a card, a small stand-in."""
    try:
        # Optional, and importing them takes half a minute.
        from benchmarks.random_sdxl import EDGE, SMALL_EDGE, random_sdxl  # noqa: PLC0415
    except ModuleNotFoundError:
        missing = "left out: the packages of requirements-diffusion.txt are not installed"
        yield row("SDXL: seconds a picture", "a figure", missing, True)
        return
    name = f"SDXL, {EDGE} px" if on_card else f"stand-in for SDXL, {SMALL_EDGE} px"
    genes = DiffusionSpace().sample(np.random.default_rng(1))
    genome = Genome("random", "", genes, prompts=(("a red fox", 1.0),))
    for steps in (1, 4):
        net = random_sdxl(steps=steps, is_small=not on_card)
        seconds = _seconds(partial(_paint_anything, net, genome), times=3)
        memory = f"; {_used() / 2**30:.1f} GiB held" if on_card else ""
        yield row(
            f"{name}, {steps} steps: seconds a picture", "a figure", f"{seconds:.2f}{memory}", True
        )
        del net
        devices.free()


def _paint_anything(net: Any, genome: Genome) -> None:
    with suppress(Refused):  # Random weights may give numbers that are no colours, as slowly.
        net.render(genome, size=0, supersample=1, yield_point=ignore_progress)


def training(on_card: bool) -> Iterator[Row]:
    """Steps a second of the adversarial phase, on random pictures."""
    size, batch = (64, 32) if on_card else (16, 4)
    pictures = np.random.default_rng(0).integers(0, 255, (2304, size, size, 3)).astype(np.uint8)
    settings = PictureSettings(data="", channels=DEFAULT_CHANNELS[size], batch=batch)
    learner = Learner(settings, pictures, Lite0(), device=devices.device())
    learner.fill_bank()
    # Reading a figure waits for the card.
    seconds = _seconds(
        lambda: float(adversarial_step(learner)["gradient"]), times=10 if on_card else 3
    )
    yield row(
        f"training at {size} px, batches of {batch}: steps a second",
        "a figure",
        f"{1 / seconds:.1f} ({batch / seconds:.0f} pictures)",
        True,
    )


def unloading(on_card: bool) -> Iterator[Row]:
    """What unloaded nets leave behind, and how long they take to come back."""
    nets.release(idle_s=0)
    baseline = _used()
    genomes = [sample(species, seed=1) for species in PICTURES]
    for genome in genomes:
        _frames([genome], size=256)
    loaded = _used()
    nets.release(idle_s=0)
    left = _used() - baseline
    seconds = _seconds(lambda: _frames(genomes[1:2], size=64), times=1, is_warm=False)
    yield row(
        "unloading: memory over the baseline",
        "<= 64 MiB",
        f"{left / 2**20:.0f} MiB of {(loaded - baseline) / 2**20:.0f}; reloaded in {seconds:.1f} s",
        left <= 64 * 2**20,
    )


def killing(on_card: bool) -> Iterator[Row]:
    """The worker is killed in the middle of a print; the print is asked for again."""
    nets.release(idle_s=0)
    engine = LocalEngine(worker=WorkerProcess())
    genome = sample("patterns", seed=1)
    size = 2048 if on_card else 512
    reported: list[float] = []

    def print_it() -> Any:
        return engine.submit(
            genome,
            size=size,
            media_type="image/png",
            supersample=2,
            priority=Priority.JOB,
            on_progress=reported.append,
        )

    try:
        expected = print_it().result()
        reported.clear()
        interrupted = print_it()
        while not reported:
            time.sleep(0.002)
        pid = engine.stats().worker_pid
        if pid:
            os.kill(pid, signal.SIGKILL)
        started = time.monotonic()
        try:
            frame = interrupted.result()
        except Refused as refused:
            is_patient = refused.retry_after is not None
            frame = print_it().result() if is_patient else None
        seconds = time.monotonic() - started
        same = frame is not None and frame.payload == expected.payload
        yield row(
            "worker killed in a print: it comes, with the same bytes",
            "yes",
            f"{same}, after {seconds:.1f} s",
            same,
        )
    finally:
        engine.close()


def _frames(
    genomes: list[Genome], *, size: int, media_type: str = "image/jpeg", fine: int = 1
) -> list[bytes]:
    first = genomes[0]
    media_type = NOTES if first.generator == "tunes" else media_type
    key = RenderKey(first.generator, first.digest, size, media_type, fine)
    return [frame.payload for frame in render.render_batch(key, genomes, ignore_progress)]


def _pixels(genomes: list[Genome]) -> np.ndarray:
    frames = _frames(genomes, size=256, media_type="image/png")
    return np.stack([read_image(frame) for frame in frames])


def _rate(genomes: list[Genome], *, size: int, seconds: float = 1.5) -> float:
    _frames(genomes[:1], size=size)
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        _frames([genomes[count % len(genomes)]], size=size)
        count += 1
    return count / (time.perf_counter() - started)


def _seconds(work: Callable[[], Any], *, times: int = 2, is_warm: bool = True) -> float:
    """The least seconds of several calls, after one that does not count."""
    if is_warm:
        work()
    spent = []
    for _ in range(times):
        _wait()
        started = time.perf_counter()
        work()
        _wait()
        spent.append(time.perf_counter() - started)
    return min(spent)


def _wait() -> None:
    if devices.device().type == "cuda":
        torch.cuda.synchronize()


def _used() -> int:
    """Bytes that this process holds on the card, or in memory where there is none."""
    if devices.device().type == "cuda":
        return torch.cuda.memory_reserved()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _random_stylegan(edge: int) -> stylegan2.Synthesis:
    widths = [min(MAX_CHANNELS, CHANNEL_BASE // (4 * 2**index)) for index in range(9)]
    config = {
        "resolution": edge,
        "architecture": "skip",
        "clamp": None,
        "widths": widths[: edge.bit_length() - 2],
        "channels": 3,
        "taps": 4,
        "w_dim": W_DIM,
        "num_ws": 2 * (edge.bit_length() - 2),
    }
    net = stylegan2.Synthesis(config)
    for parameter in net.parameters():
        nn.init.normal_(parameter, std=0.02)
    return net.eval().requires_grad_(False).to(devices.device())


if __name__ == "__main__":
    sys.exit(main())
