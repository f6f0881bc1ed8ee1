"""From a run's snapshot to a checkpoint folder.

It holds the averaged net in half precision, the map of the latent space, and a card with measured
figures.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
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
from generation.training.music.learner import Settings
from generation.training.music.metrics import all_figures, fit_map, prediction_figures
from generation.training.music.rnn import MusicRnnSettings
from generation.training.music.vae import MusicVaeSettings
from generation.training.runs import Run, write_atomically

MAX_BYTES = 10_000_000
BANK = 768  # Phrases to begin with that a species carries.
TRIES = 16  # Draws from which each of them is chosen.
CHUNK = 256


def export(run: Run, data_folder: Path, folder: Path, *, words: dict[str, Any]) -> dict[str, Any]:
    """Write weights.safetensors and card.json into `folder` and return the card.

    The figures are measured on the very weights that were written. words: key, name, licence,
    credit, description and what else only people know.
    """
    state = run.load()
    if state is None:
        raise Refused(
            "{folder} holds no snapshot yet. Train for a few minutes first.", folder=run.folder
        )
    settings, net = _averaged_net(state)
    data = read_data_set(data_folder)
    extra = {}
    if isinstance(net, MusicVae):
        latents, _ = fit_map(net, data["train"])
        extra = replace(latents, bank=choose_bank(latents, net.write)).tensors()
    content = pack(net.state_dict(), extra)
    card = words | {
        "medium": "music",
        "architecture": "music-vae" if isinstance(net, MusicVae) else "music-rnn",
        "config": net.config.to_json(),
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "data_set": data_folder.name,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "weights.safetensors", content)
    write_card(folder, card)
    if isinstance(net, MusicVae):
        latents = read_latents(folder / "weights.safetensors")
        _, figures = all_figures(music_vae.load(folder), data, latents=latents)
    else:
        figures = prediction_figures(music_rnn.load(folder), data["test"])
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


def _averaged_net(state: Mapping[str, Any]) -> tuple[Settings, MusicVae | MusicRnn]:
    """Make the averaged net of a snapshot; only the settings of the melody RNN have `layers`."""
    net: MusicVae | MusicRnn
    settings: MusicVaeSettings | MusicRnnSettings
    if "layers" in state["settings"]:
        settings = MusicRnnSettings(**state["settings"])
        net = MusicRnn(settings.config())
    else:
        settings = MusicVaeSettings(**state["settings"])
        net = MusicVae(settings.config())
    net.load_state_dict(state["ema"])
    return settings, net.eval().requires_grad_(False)


def choose_bank(latents: Latents, decode: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Choose phrases to begin with, [BANK, z].

    Of every few draws it takes the one whose melody is the most plausible.
    """
    draws = latents.sample(BANK * TRIES, rng=np.random.default_rng(5))
    groups = np.split(draws, BANK * TRIES // CHUNK)
    written = np.concatenate([decode(group) for group in groups])
    scores = np.array([plausibility(tokens) for tokens in written]).reshape(BANK, TRIES)
    return draws.reshape(BANK, TRIES, -1)[np.arange(BANK), scores.argmax(1)]


def pack(weights: dict[str, Tensor], extra: dict[str, np.ndarray]) -> bytes:
    """Return a safetensors file: the net in half precision, the rest as it is.

    Raises Refused beyond MAX_BYTES.
    """
    half = {name: tensor.half().contiguous() for name, tensor in weights.items()}
    content = save(half | {name: torch.from_numpy(array) for name, array in extra.items()})
    if len(content) > MAX_BYTES:
        raise Refused(
            "The weights take {n_content:,d} bytes; a shipped checkpoint has at most"
            " {largest_bytes:,d}.",
            n_content=len(content),
            largest_bytes=MAX_BYTES,
        )
    return content


def write_card(folder: Path, card: dict[str, Any]) -> None:
    write_atomically(
        folder / "card.json", (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
    )
