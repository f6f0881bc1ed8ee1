"""Turns a run into a checkpoint folder: half-precision weights, the map of the latent space, a card
with measured figures.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor

from generation.data.music import read_data_set
from generation.finishing.latents import Latents, read_latents
from generation.finishing.music import plausibility
from generation.nets import music_rnn, music_vae
from generation.nets.music_rnn import MusicRnn
from generation.nets.music_vae import MusicVae
from generation.refusal import Refused
from generation.training.music.evaluation import all_figures, fit_map
from generation.training.music.rnn import MelodySettings, prediction_figures
from generation.training.music.vae import MusicSettings
from generation.training.runs import Run, write_atomically

LARGEST_BYTES = 10_000_000
BANK, TRIES, CHUNK = 768, 16, 256


def ship(run: Run, data_folder: Path, folder: Path, *, words: dict[str, Any]) -> dict[str, Any]:
    """Write weights.safetensors and card.json into `folder`; the figures are those of the very
    weights that were written.

    words: key, name, licence, credit, description and what else only people know. Returns the card.
    """
    state = run.load()
    if state is None:
        raise Refused(
            "{folder} holds no snapshot yet. Train for a few minutes first.", folder=run.folder
        )
    is_melody = "layers" in state["settings"]
    settings = (MelodySettings if is_melody else MusicSettings)(**state["settings"])
    net = (MusicRnn if is_melody else MusicVae)(settings.config())
    net.load_state_dict(state["ema"])
    net.eval().requires_grad_(False)
    data = read_data_set(data_folder)
    extra = {}
    if not is_melody:
        latents, _ = fit_map(net, data["train"])
        extra = replace(latents, bank=choose_bank(latents, net.write)).tensors()
    content = pack(net.state_dict(), extra)
    card = words | {
        "medium": "music",
        "architecture": "music-rnn" if is_melody else "music-vae",
        "config": net.config.to_json(),
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "data_set": data_folder.name,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "weights.safetensors", content)
    write_card(folder, card)
    if is_melody:
        figures = prediction_figures(music_rnn.load(folder), data["test"])
    else:
        latents = read_latents(folder / "weights.safetensors")
        _, figures = all_figures(music_vae.load(folder), data, latents=latents)
    report = json.loads((data_folder / "report.json").read_text(encoding="utf-8"))
    card |= figures | {
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "training": {
            "steps": state["steps"],
            "examples": state["steps"] * settings.batch,
            "settings": settings.to_json(),
        },
        "segments": {name: len(rows) for name, rows in data.items()},
        "data_report": report["counts"],
    }
    write_card(folder, card)
    return card


def choose_bank(latents: Latents, decode: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Phrases to begin with [BANK, z]: of every few draws the one whose melody is the most
    plausible.
    """
    draws = latents.sample(BANK * TRIES, rng=np.random.default_rng(5))
    groups = np.split(draws, BANK * TRIES // CHUNK)
    written = np.concatenate([decode(group) for group in groups])
    scores = np.array([plausibility(tokens) for tokens in written]).reshape(BANK, TRIES)
    return draws.reshape(BANK, TRIES, -1)[np.arange(BANK), scores.argmax(1)]


def pack(weights: dict[str, Tensor], extra: dict[str, np.ndarray]) -> bytes:
    """A safetensors file: the net in half precision, the rest as it is. Raises Refused beyond
    LARGEST_BYTES.
    """
    half = {name: tensor.half().contiguous() for name, tensor in weights.items()}
    content = save(half | {name: torch.from_numpy(array) for name, array in extra.items()})
    if len(content) > LARGEST_BYTES:
        raise Refused(
            "The weights take {n_content:,d} bytes; a shipped checkpoint has at most"
            " {largest_bytes:,d}.",
            n_content=len(content),
            largest_bytes=LARGEST_BYTES,
        )
    return content


def write_card(folder: Path, card: dict[str, Any]) -> None:
    write_atomically(
        folder / "card.json", (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
    )
