"""Frames of imported StyleGAN2 networks: configuration f with random weights, one thread.

A frame that somebody waits for while a slider moves may be the sum of a skip network that stopped
at 256 px; the other side is the whole picture of the same network, as prints have it.
"""

import time
from statistics import median
from typing import Any

import torch

from benchmarks.measuring import Row, row
from generation.nets.stylegan import LIVE_EDGE
from generation.nets.stylegan2 import Synthesis

W_DIM = 512
BASE, WIDEST = 32_768, 512  # Channels at n px are BASE / n, at most WIDEST (configuration f).
EDGES = (64, 256, 512, 1024)
SLOWEST_S = 1.5


def rows(quick: bool) -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [one for edge in EDGES for one in _rows_of(edge, rounds=1 if quick else 5)]
    finally:
        torch.set_num_threads(threads)


def _rows_of(edge: int, *, rounds: int) -> list[Row]:
    net = _make_net(edge)
    ws = torch.randn(1, 2 * len(net.blocks), W_DIM, generator=torch.Generator().manual_seed(0))
    asked = {"whole": None} | ({"live": LIVE_EDGE} if edge > LIVE_EDGE else {})
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    with torch.inference_mode():
        net(ws)
        for _ in range(rounds):
            for name, stop in asked.items():
                # Processor time of this thread: other programs on the machine don't count.
                started = time.thread_time()
                net(ws, edge=stop)
                seconds[name].append(time.thread_time() - started)
    found: list[Row] = []
    for name, measured in seconds.items():
        took = median(measured)
        is_live = name == "live" or edge <= LIVE_EDGE
        found.append(
            row(
                f"StyleGAN2 config f, {edge} px, {name} frame",
                f"<= {SLOWEST_S} s" if is_live else "none",
                f"{1000 * took:.0f} ms",
                took <= SLOWEST_S or not is_live,
            )
        )
    return found


def _make_net(edge: int) -> Synthesis:
    widths = [min(WIDEST, BASE // (4 * 2**index)) for index in range(edge.bit_length() - 2)]
    config: dict[str, Any] = {"resolution": edge, "channels": 3, "architecture": "skip"}
    config |= {"widths": widths, "w_dim": W_DIM, "clamp": None, "taps": 4}
    net = Synthesis(config).eval().requires_grad_(False)
    torch.manual_seed(0)
    for value in net.parameters():
        torch.nn.init.normal_(value, std=0.05)
    return net
