"""Finishing pictures on one thread: live frames of learnt species, every step, and a print.

Also how near the small net of live frames comes to its teacher, which draws prints.
"""

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
import torch

from benchmarks.measuring import Row, cpu_ms, row, row_of_ms
from generation.breeding import sample
from generation.checkpoints import find
from generation.engine.frames import key_for
from generation.engine.render import render_batch
from generation.finishing import mockups, superres
from generation.finishing.picture import finish
from generation.finishing.style_vector import borrow_style
from generation.finishing.weights import carried_file
from generation.nets import style_vae
from generation.training.enlarging.learner import interpolated, psnr
from generation.training.enlarging.pictures import paint, teach
from generation.yielding import ignore_progress

SPECIES = "people"
LIVE_SPECIES = ("people", "things", "garments")
STYLE_GOAL_MS, UPSCALE_GOAL_MS, PRINT_GOAL_MS = 130, 150, 2000
# While a hand moves (40 frames a second), and once it rests. The small net alone, and its PSNR.
LIVE_GOALS_MS = {256: 25, 512: 150}
LIVE_NET_GOAL_MS, LIVE_NET_GOAL_DB = 8, 36
NEVER_LEARNT_FROM = 2_000_000  # The first seed of founders that the net was not shown.
STEP_GOAL_MS, MOCK_UP_GOAL_MS = 40, 60
STEPS = {
    "background": {},
    "colour": {"warmth": 0.5, "contrast": 0.5},
    "palette": {},
    "duotone": {},
    "detail": {"sharpness": 0.5, "clarity": 0.5, "grain": 0.5, "surface": "paper"},
    "pattern": {"seam": 0.5},
}


def rows(quick: bool) -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [
            *_measure(rounds=3 if quick else 9),
            *(_distance_row(key, count=8 if quick else 32) for key in LIVE_SPECIES),
        ]
    finally:
        torch.set_num_threads(threads)


def _measure(*, rounds: int) -> list[Row]:
    """Every work in every round, so that what else the machine does falls on all of them."""
    net, genome = style_vae.load(find(SPECIES).folder), sample(SPECIES, seed=11)
    genes = np.array(genome.genes)[None]
    small = net.decode(genes)[0]
    large = finish(small, genome.finishing, size=256)
    vector = borrow_style(large)
    upscaler, better = superres.load(superres.FAST), superres.load("anime")
    live = superres.load(superres.LIVE)
    works: dict[str, tuple[Callable[[], Any], float]] = {
        "x4 of 64 px, the net of live frames": (
            lambda: superres.enlarge(live, small),
            LIVE_NET_GOAL_MS,
        ),
        "x4 of 64 px, the fast net": (lambda: superres.enlarge(upscaler, small), UPSCALE_GOAL_MS),
        "x4 of 64 px, the better net, on request": (lambda: superres.enlarge(better, small), 1500),
        "x4 of 64 px, smooth": (lambda: finish(small, (), size=256), STEP_GOAL_MS),
        f"a print of {SPECIES}, 1024 px": (
            lambda: finish(net.decode(genes)[0], genome.finishing, size=1024),
            PRINT_GOAL_MS,
        ),
        "the style net, 256 px": (_style_net(large), STYLE_GOAL_MS),
        "a borrowed style, 256 px": (
            lambda: finish(large, (("borrowed-style", {"vector": vector}),), size=256),
            400,
        ),
    }
    for key in LIVE_SPECIES:
        for edge, goal in LIVE_GOALS_MS.items():
            works[f"a live frame of {key}, {edge} px"] = (_live_frame(key, edge), goal)
    for name, settings in STEPS.items():
        works[f"{name}, 256 px"] = (
            partial(finish, large, ((name, settings),), size=256),
            STEP_GOAL_MS,
        )
    middle = finish(small, genome.finishing, size=512)
    for thing in mockups.TEMPLATES:
        steps = (("mock-up", {"template": thing}),)
        works[f"mock-up {thing}, 512 px"] = (
            partial(finish, middle, steps, size=512),
            MOCK_UP_GOAL_MS,
        )
    times: dict[str, list[float]] = {name: [] for name in works}
    for round_number in range(-1, rounds):
        for name, (work, _) in works.items():
            spent = cpu_ms(work)
            if round_number >= 0:  # The first round loads and warms up.
                times[name].append(spent)
    return [
        row_of_ms(f"finishing: {name}", statistics.median(times[name]), goal=goal)
        for name, (_, goal) in works.items()
    ]


def _live_frame(key: str, edge: int) -> Callable[[], Any]:
    """One live frame as the engine renders it: net, finishing and JPEG."""
    genome = sample(key, seed=11)
    frame = key_for(genome, size=edge, media_type="image/jpeg", supersample=1)
    return lambda: render_batch(frame, [genome], ignore_progress)


def _distance_row(key: str, *, count: int) -> Row:
    """The PSNR of live frames to what the teacher makes of the same pictures."""
    small = paint(key, count=count, first_seed=NEVER_LEARNT_FROM)
    drawn = np.stack([superres.enlarge(superres.load(superres.LIVE), one) for one in small])
    wanted = teach(small)
    distance, plain = psnr(drawn, wanted), psnr(interpolated(small), wanted)
    return row(
        f"finishing: the net of live frames, {key}, to its teacher",
        f">= {LIVE_NET_GOAL_DB} dB",
        f"{distance:.1f} dB (bicubic {plain:.1f} dB)",
        distance >= LIVE_NET_GOAL_DB,
    )


def _style_net(pixels: np.ndarray) -> Callable[[], Any]:
    """The net alone on one thread; the site itself gives it all cores but one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(carried_file("multistyle26.onnx")), options, providers=["CPUExecutionProvider"]
    )
    planes = pixels.transpose(2, 0, 1)[None].astype(np.float32) / 255
    weights = np.eye(26, dtype=np.float32)[19]
    return lambda: session.run(None, {"image": planes, "style_weights": weights})
