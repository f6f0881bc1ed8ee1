"""The figures of a music VAE on segments it never saw. Each function returns plain numbers, ready for a log line or a card."""

import math

import numpy as np
import torch
from torch import Tensor

from generation.data.tunes import FIRST_PITCH
from generation.nets.music_vae import MusicVae, kl_divergence, token_before

CHUNK = 256


def reconstruction_figures(net: MusicVae, segments: np.ndarray) -> dict[str, float]:
    """How exactly segments come back from the mean of their codes.

    teacher_forced_accuracy: tokens right when every token before is the true one; free_running_accuracy: when the net goes on
    from what it wrote itself; exact: segments without a single mistake; onset_recall: notes at their place in their pitch.
    """
    totals = np.zeros(6)
    for start in range(0, len(segments), CHUNK):
        tokens = torch.from_numpy(segments[start : start + CHUNK])
        with torch.no_grad():
            mean, log_variance = net.encoder(tokens)
            scores = net.decoder.logits(*net.decoder.plans(mean), token_before(tokens))
        written = net.decode(mean)
        is_onset = tokens >= FIRST_PITCH
        totals += np.array([
            _share(scores.argmax(2) == tokens) * len(tokens),
            _share(written == tokens) * len(tokens),
            float((written == tokens).all(1).sum()),
            float((written == tokens)[is_onset].sum()),
            float(is_onset.sum()),
            float(kl_divergence(mean, log_variance)) / math.log(2) * len(tokens),
        ])
    count = len(segments)
    return {
        "teacher_forced_accuracy": round(totals[0] / count, 4),
        "free_running_accuracy": round(totals[1] / count, 4),
        "exact": round(totals[2] / count, 4),
        "onset_recall": round(totals[3] / totals[4], 4),
        "kl_bits": round(totals[5] / count, 2),
    }


def _share(is_right: Tensor) -> float:
    return float(is_right.float().mean())
