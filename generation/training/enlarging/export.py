"""From a run of the live net to the folder that finishing reads: half-precision weights, a card."""

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors.torch import save

from generation.checkpoints import find
from generation.finishing.superres import LIVE_CARD, LIVE_WEIGHTS, read_live
from generation.refusal import Refused
from generation.training.enlarging.learner import (
    LiveNetSettings,
    distances,
    interpolated,
    psnr,
)
from generation.training.enlarging.pictures import lessons
from generation.training.loop import Report
from generation.training.runs import Run, write_atomically

MAX_BYTES = 1_000_000


def export(run: Run, folder: Path, *, report: Report) -> dict[str, Any]:
    """Write the averaged net into `folder` and return its card.

    The figures are measured on the very weights that were written. Raises Refused where the run
    holds no such net, and beyond MAX_BYTES.
    """
    state = run.load()
    if state is None:
        raise Refused(
            "{folder} holds no snapshot yet. Train for a few minutes first.", folder=run.folder
        )
    settings = LiveNetSettings.from_json(state["settings"])
    net = settings.make_net()
    net.load_state_dict(state["ema"])
    content = save({name: value.half().contiguous() for name, value in net.state_dict().items()})
    if len(content) > MAX_BYTES:
        raise Refused(
            "The weights take {n_content:,d} bytes; a shipped checkpoint has at most"
            " {largest_bytes:,d}.",
            n_content=len(content),
            largest_bytes=MAX_BYTES,
        )
    cards = [find(key).card for key in settings.species]
    card = {
        "name": "Enlarging live frames",
        "version": 1,
        "architecture": "live-net",
        "net": settings.sizes(),
        "licence": "BSD-3-Clause",
        "credit": "Arboretum contributors, after Real-ESRGAN (animevideo v3) by Xintao Wang,"
        " Liangbin Xie, Chao Dong and Ying Shan (BSD 3-Clause)",
        "description": "Enlarges live frames of learnt species four times. It learnt to do what"
        " Real-ESRGAN's net does, which prints have.",
        "data": [f"{one['name']} ({one['licence']})" for one in cards],
        "weights_sha256": hashlib.sha256(content).hexdigest(),
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "training": {"steps": state["steps"], "settings": settings.to_json()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / LIVE_WEIGHTS, content)
    _write_card(folder, card)
    held_out = lessons(
        run.folder / "pictures",
        list(settings.species),
        count=settings.count,
        is_held_out=True,
        report=report,
    )
    card["psnr_to_teacher"] = distances(read_live(folder), held_out)
    card["psnr_of_bicubic"] = {
        lesson.name: round(psnr(interpolated(lesson.small), lesson.large), 2) for lesson in held_out
    }
    _write_card(folder, card)
    return card


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    write_atomically(
        folder / LIVE_CARD, (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode()
    )
