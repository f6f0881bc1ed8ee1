"""Turns a run into a checkpoint folder: half-precision weights, the map of the latent space, a card with measured figures."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from generation.data.music import read_data_set
from generation.finishing.latents import read_latents
from generation.nets.music_vae import MusicVae, load
from generation.refusal import Refused
from generation.training.music import MusicSettings
from generation.training.music_evaluation import all_figures, fit_map
from generation.training.runs import Run, write_atomically

LARGEST_BYTES = 10_000_000


def net_of_run(run: Run) -> tuple[MusicVae, MusicSettings, int]:
    """The averaged net of a run's snapshot, its settings and its steps. Raises Refused where there is none."""
    state = run.load()
    if state is None:
        raise Refused(f"{run.folder} holds no snapshot yet. Train for a few minutes first.")
    settings = MusicSettings(**state["settings"])
    net = MusicVae(settings.config())
    net.load_state_dict(state["ema"])
    return net.eval().requires_grad_(False), settings, state["steps"]


def ship(run: Run, data_folder: Path, folder: Path, *, card: dict[str, Any]) -> dict[str, Any]:
    """Write weights.safetensors and card.json into `folder`; the figures are those of the very weights that were written.

    card: key, name, licence, credit, description and what else only people know.
    """
    net, settings, steps = net_of_run(run)
    data = read_data_set(data_folder)
    latents, _ = fit_map(net, data["train"])
    half = {name: tensor.half().contiguous() for name, tensor in net.state_dict().items()}
    content = save(half | {name: torch.from_numpy(array) for name, array in latents.tensors().items()})
    if len(content) > LARGEST_BYTES:
        raise Refused(f"The weights take {len(content):,d} bytes; a shipped checkpoint has at most {LARGEST_BYTES:,d}.")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "weights.safetensors", content)
    fixed = card | {
        "medium": "music", "architecture": "music_vae", "config": net.config.to_json(),
        "weights_sha256": hashlib.sha256(content).hexdigest(),
    }
    _write_card(folder, fixed)
    shipped = load(folder)
    _, figures = all_figures(shipped, data, latents=read_latents(folder / "weights.safetensors"))
    report = json.loads((data_folder / "report.json").read_text(encoding="utf-8"))
    whole = fixed | figures | {
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "training": {"steps": steps, "examples": steps * settings.batch, "settings": settings.to_json()},
        "segments": {name: int(len(rows)) for name, rows in data.items()}, "data_report": report["counts"],
    }
    _write_card(folder, whole)
    return whole


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    plain = json.dumps(card, indent=2, ensure_ascii=False, default=_plain)
    write_atomically(folder / "card.json", (plain + "\n").encode())


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value)} has no place on a card")
