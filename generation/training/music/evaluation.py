"""What `evaluate` prints for a music species: the figures of its card, measured again."""

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


def evaluate(
    checkpoint: Checkpoint, *, data: Path | None, report: Callable[[str], Any]
) -> dict[str, float]:
    """Measure, print and return the figures on test segments.

    data: the folder of the prepared data set; None for the one that the card names.
    """
    torch.set_num_threads(1)
    segments = read_data_set(data or Path("data") / checkpoint.card["data_set"])
    if checkpoint.card["architecture"] == "music-rnn":
        figures = prediction_figures(music_rnn.load(checkpoint.folder), segments["test"])
    else:
        latents = read_latents(checkpoint.weights)
        _, figures = all_figures(music_vae.load(checkpoint.folder), segments, latents=latents)
    report(json.dumps(figures, indent=1))
    return figures
