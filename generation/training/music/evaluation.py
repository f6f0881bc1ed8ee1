"""What `evaluate` prints for a music species: the figures of its card, measured again.

A verdict in words follows.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from generation.checkpoints import Checkpoint
from generation.data.music import read_data_set
from generation.finishing.latents import read_latents
from generation.nets import music_rnn, music_vae
from generation.training.music.metrics import all_figures, prediction_figures
from generation.training.music.verdict import judge
from generation.training.verdict import report_verdict

QUICK_TRAIN, QUICK_TEST = 4_000, 200  # Segments that are looked at in a hurry.


def evaluate(
    checkpoint: Checkpoint,
    *,
    data: Path | None,
    report: Callable[[str], Any],
    is_quick: bool = False,
) -> dict[str, float]:
    """Measure, print and return the figures on test segments.

    data: the folder of the prepared data set; None for the one that the card names. is_quick: on
    some of the segments only.
    """
    torch.set_num_threads(1)
    segments = read_data_set(data or Path("data") / checkpoint.card["data_set"])
    if is_quick:
        most = {"train": QUICK_TRAIN, "test": QUICK_TEST}
        segments = {name: rows[: most.get(name)] for name, rows in segments.items()}
    if checkpoint.card["architecture"] == "music-rnn":
        figures = prediction_figures(music_rnn.load(checkpoint.folder), segments["test"])
    else:
        latents = read_latents(checkpoint.weights)
        _, figures = all_figures(music_vae.load(checkpoint.folder), segments, latents=latents)
    report(json.dumps(figures, indent=1))
    report_verdict(judge(figures), report=report)
    return figures
