"""The figures of music nets on segments they never saw.

Each function returns plain numbers, ready for a log line or a card.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.finishing.expression import express
from generation.finishing.latents import Latents, fit_latents, readout_r2
from generation.melodies.measures import ATTRIBUTES, attributes, copies, melody_figures
from generation.melodies.tokens import FIRST_PITCH, HOLD, VOCABULARY, outline
from generation.nets.music_rnn import MusicRnn
from generation.nets.music_vae import MusicVae, kl_divergence, token_before

CHUNK = 256
NOVEL = 0.28  # 9 of 32 tokens.


def reconstruction_figures(net: MusicVae, segments: np.ndarray) -> dict[str, float]:
    """Measure how exactly segments come back from the mean of their codes.

    teacher_forced_accuracy: tokens right when every token before is the true one;
    free_running_accuracy: when the net goes on from what it wrote itself; exact: segments without a
    single mistake; onset_recall: notes at their place in their pitch.
    """
    totals = np.zeros(6)
    for start in range(0, len(segments), CHUNK):
        tokens = torch.from_numpy(segments[start : start + CHUNK])
        with torch.no_grad():
            mean, log_variance = net.encoder(tokens)
            scores = net.decoder.logits(*net.decoder.plans(mean), token_before(tokens))
        written = net.decode(mean)
        is_onset = tokens >= FIRST_PITCH
        totals += np.array(
            [
                _share(scores.argmax(2) == tokens) * len(tokens),
                _share(written == tokens) * len(tokens),
                float((written == tokens).all(1).sum()),
                float((written == tokens)[is_onset].sum()),
                float(is_onset.sum()),
                float(kl_divergence(mean, log_variance)) / math.log(2) * len(tokens),
            ]
        )
    count = len(segments)
    return {
        "teacher_forced_accuracy": round(totals[0] / count, 4),
        "free_running_accuracy": round(totals[1] / count, 4),
        "exact_phrases": round(totals[2] / count, 4),
        "onset_recall": round(totals[3] / totals[4], 4),
        "kl_bits": round(totals[5] / count, 2),
    }


def _share(is_right: Tensor) -> float:
    return float(is_right.float().mean())


def novelty_figures(net: MusicVae, train: np.ndarray, test: np.ndarray) -> dict[str, float]:
    """Measure the accuracy on the test segments that are furthest from training.

    Distances are up to transposition, because variants of a tune go by many titles. novel_share:
    test segments whose nearest training segment differs in at least NOVEL of its tokens.
    """
    known, asked = (
        np.array([outline(row.tolist()) for row in rows], dtype=np.int16) for rows in (train, test)
    )
    nearest = np.array([(known != row).sum(1).min() for row in asked])
    is_novel = nearest >= NOVEL * test.shape[1]
    if not is_novel.any():
        return {"novel_share": 0.0}
    written = decode_all(net, encode_all(net, test[is_novel]))
    return {
        "novel_share": round(float(is_novel.mean()), 4),
        "novel_free_running_accuracy": round(float((written == test[is_novel]).mean()), 4),
    }


def encode_all(net: MusicVae, segments: np.ndarray) -> np.ndarray:
    """Return the codes of many segments, float32 [count, z]."""
    parts = [
        net.encode(torch.from_numpy(segments[start : start + CHUNK]))
        for start in range(0, len(segments), CHUNK)
    ]
    return torch.cat(parts).numpy()


def decode_all(net: MusicVae, z: np.ndarray) -> np.ndarray:
    """Return the likeliest melodies of many z, int64 [count, steps]."""
    parts = [
        net.decode(torch.from_numpy(z[start : start + CHUNK])) for start in range(0, len(z), CHUNK)
    ]
    return torch.cat(parts).numpy()


def prior_figures(
    net: MusicVae, latents: Latents, *, train: np.ndarray, test: np.ndarray, count: int = 1_000
) -> dict[str, float]:
    """Compare fresh melodies from the fitted Gaussian with real ones.

    Measured are notes in the scale, repeated notes, density, and copies of training segments.
    """
    written = decode_all(net, latents.sample(count, rng=np.random.default_rng(0)))
    made, real = melody_figures(written), melody_figures(test)
    return {
        "prior_diatonic": made["diatonic"],
        "real_diatonic": real["diatonic"],
        "prior_repeated": made["repeated"],
        "real_repeated": real["repeated"],
        "prior_notes_per_bar": made["notes_per_bar"],
        "real_notes_per_bar": real["notes_per_bar"],
        "copies_in_1000": round(copies(written, train) * 1_000 / count),
    }


def interpolation_figures(
    net: MusicVae, latents: Latents, segments: np.ndarray, *, pairs: int = 400
) -> dict[str, float]:
    """Measure blends between pairs of unseen segments in ten steps.

    monotone_steps: share of steps that do not come nearer to the first parent again (tokens that
    differ from its own decoding); half_way: how different the middle is from the first parent;
    ends: how different the parents are.
    """
    rng = np.random.default_rng(1)
    codes = encode_all(net, segments[rng.permutation(len(segments))[: 2 * pairs]])
    pairs = len(codes) // 2
    shares = np.linspace(0, 1, 11)
    points = np.stack(
        [
            latents.blend(np.stack([codes[2 * i], codes[2 * i + 1]]), np.array([1 - share, share]))
            for i in range(pairs)
            for share in shares
        ]
    )
    written = decode_all(net, points).reshape(pairs, len(shares), -1)
    distance = (written != written[:, :1]).mean(2)
    return {
        "interpolation_monotone_steps": round(float((np.diff(distance, axis=1) >= 0).mean()), 4),
        "interpolation_half_way": round(float(distance[:, 5].mean()), 4),
        "interpolation_ends": round(float(distance[:, -1].mean()), 4),
    }


def mutation_figures(net: MusicVae, latents: Latents, segments: np.ndarray) -> dict[str, float]:
    """Measure the share of tokens that change under mutation, by its rate."""
    codes = encode_all(net, segments[:200])
    plain = decode_all(net, codes)
    figures = {}
    for rate in (0.08, 0.2, 0.4, 0.8):
        rng = np.random.default_rng(2)
        mutated = decode_all(net, np.stack([latents.mutate(z, rate, rng=rng) for z in codes]))
        figures[f"mutation_{rate:g}_changes"] = round(float((mutated != plain).mean()), 4)
    return figures


def slider_figures(net: MusicVae, latents: Latents, segments: np.ndarray) -> dict[str, float]:
    """Measure what the sliders do to 200 fresh phrases, in standard deviations of real segments.

    _reach: mean change from end to end; _monotone: share of the ten steps between in which the mean
    does not fall; _leak: the largest mean change of another attribute.
    """
    phrases = decode_all(net, latents.sample(200, rng=np.random.default_rng(4)))
    measured = attributes(segments).std(0)
    spread = np.where(measured > 0, measured, 1.0)
    figures = {}
    for index, name in enumerate(ATTRIBUTES):
        moved = [
            np.stack([express(phrase, {name: amount}) for phrase in phrases])
            for amount in np.linspace(-1, 1, 11)
        ]
        means = np.stack([attributes(rows).mean(0) for rows in moved]) / spread
        change = means[-1] - means[0]
        figures[f"slider_{name}_reach"] = round(float(change[index]), 2)
        figures[f"slider_{name}_monotone"] = round(float((np.diff(means[:, index]) >= 0).mean()), 2)
        figures[f"slider_{name}_leak"] = round(float(np.abs(np.delete(change, index)).max()), 2)
    return figures


def prediction_figures(net: MusicRnn, segments: np.ndarray) -> dict[str, float]:
    """How well the melody RNN foresees the next token of segments it never saw.

    next_token_accuracy: tokens foreseen; always_hold_accuracy: what always answering "hold" would
    reach; next_note_accuracy: notes foreseen; bits_per_token: cross entropy.
    """
    right = held = notes_right = notes = 0
    nats = 0.0
    for start in range(0, len(segments), CHUNK):
        tokens = torch.from_numpy(segments[start : start + CHUNK])
        with torch.no_grad():
            scores, _ = net(token_before(tokens))
        is_right, is_note = scores.argmax(2) == tokens, tokens >= FIRST_PITCH
        right += int(is_right.sum())
        held += int((tokens == HOLD).sum())
        notes_right += int(is_right[is_note].sum())
        notes += int(is_note.sum())
        nats += float(
            F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1), reduction="sum")
        )
    return {
        "next_token_accuracy": round(right / segments.size, 4),
        "always_hold_accuracy": round(held / segments.size, 4),
        "next_note_accuracy": round(notes_right / notes, 4),
        "bits_per_token": round(nats / segments.size / math.log(2), 4),
    }


def fit_map(net: MusicVae, segments: np.ndarray) -> tuple[Latents, dict[str, float]]:
    """Fit the map of the latent space to training segments; returns it and its read-outs' R2."""
    order = np.random.default_rng(3).permutation(len(segments))
    codes = encode_all(net, segments[order])
    explained = readout_r2(codes, attributes(segments[order]))
    figures = {
        f"readout_{name}_r2": round(float(r2), 4)
        for name, r2 in zip(ATTRIBUTES, explained, strict=True)
    }
    return fit_latents(codes), figures


def all_figures(
    net: MusicVae, data: dict[str, np.ndarray], *, latents: Latents | None = None
) -> tuple[Latents, dict[str, float]]:
    """Measure every figure of a card, with the given map or a freshly fitted one.

    They are measured on test segments, which neither training nor its supervision ever saw.
    """
    fitted, figures = fit_map(net, data["train"])
    latents = latents or fitted
    return latents, {
        **reconstruction_figures(net, data["test"]),
        **novelty_figures(net, data["train"], data["test"]),
        **figures,
        **prior_figures(net, latents, train=data["train"], test=data["test"]),
        **interpolation_figures(net, latents, data["test"]),
        **mutation_figures(net, latents, data["test"]),
        **slider_figures(net, latents, data["test"]),
    }
