"""Making a species of what another server paints: checked there, described by a card, painted once.

Nothing is left behind when something is wrong.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generation.adding import unfinished
from generation.checkpoints import Checkpoint, read_checkpoint
from generation.codecs.comfy_graph import (
    NEGATIVE,
    PICTURE,
    POSITIVE,
    Nodes,
    Place,
    find_places,
    read_nodes,
    value_at,
)
from generation.digests import sha256_of
from generation.engine.render import paint_source
from generation.genespaces.diffusion import concept
from generation.genespaces.remote import COMFYUI, WEBUI, WORKFLOW, RemoteSettings
from generation.genespaces.settings_file import SETTINGS
from generation.nets.remote import load
from generation.nets.remote_apis import NEGATIVE_PROMPT, NUMBERS, PICTURE_MARK, PROMPT, Order
from generation.nets.remote_http import Client, rubbish
from generation.refusal import Refused
from generation.servers import find_server
from generation.training.pictures.export import key_of
from generation.training.pictures.sheets import contact_sheet
from generation.yielding import ignore_progress

TILE, SAMPLES = 128, 4
STEP, MAX_SIZE, MAX_STEPS, MAX_GUIDANCE = 8, 2048, 150, 30.0
MAX_WORKFLOW = 2_000_000  # Bytes.
USUAL_STEPS, USUAL_SIZE, USUAL_GUIDANCE = 20, 512, 7.0
TOLERANCE = 255  # What a server paints is its own affair.


@dataclass(frozen=True)
class Wish:
    """What is to become a species. server: its name. workflow: of ComfyUI; None for a web UI.

    What is None is as the workflow has it, or as web UIs usually do. model: empty for the one that
    a web UI has loaded now. live_steps, live_size: 0 for those of every picture.
    """

    server: str
    name: str
    licence: str
    credit: str
    workflow: Path | None = None
    description: str = ""
    steps: int | None = None
    size: int | None = None
    guidance: float | None = None
    negative: str = ""
    sampler: str = ""
    model: str = ""
    live_steps: int = 0
    live_size: int = 0


def import_remote(
    wish: Wish, *, root: Path, report: Callable[[str], object] = lambda line: None
) -> Checkpoint:
    """Make the species, a folder in `root`. Raises Refused for anything that is wrong with it."""
    key = key_of(wish.name)
    if (root / key).exists():
        raise Refused("There is a species “{key}” already. Choose another name.", key=key)
    client = Client(find_server(wish.server))
    with unfinished(root) as folder:
        if wish.workflow is None:
            settings = _web_ui_settings(wish, client)
        else:
            workflow = _read_workflow(wish.workflow)
            (folder / WORKFLOW).write_text(json.dumps(workflow, indent=1, ensure_ascii=False))
            settings = _comfy_settings(wish, read_nodes(workflow))
        _check_numbers(settings)
        report(f"Painting {SAMPLES} samples.")
        net = load(_write(folder, key, wish, settings), paint_source=paint_source)
        pictures = [net.paint(_order(settings, seed), ignore_progress) for seed in range(SAMPLES)]
        # Only pictures tell how large they are at the end of a workflow.
        settings = replace(settings, edge=_edge(pictures[0]))
        if settings.live_size:
            small = replace(_order(settings, 0), size=settings.live_size)
            live_edge = _edge(net.paint(small, ignore_progress))
            settings = replace(settings, live_edge=live_edge)
        _write(folder, key, wish, settings)
        tiles = [np.asarray(Image.fromarray(one).resize((TILE, TILE))) for one in pictures]
        contact_sheet(np.stack(tiles), columns=SAMPLES).save(folder / "samples.png")
        folder.rename(root / key)
    return read_checkpoint(root / key)


def _read_workflow(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise Refused("There is no “{source}”.", source=str(path))
    if path.stat().st_size > MAX_WORKFLOW:
        raise Refused("The workflow is too large; {most} MB is the most.", most=2)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused("“{file}” is no JSON.", file=path.name) from error
    if not isinstance(data, dict) or len(read_nodes(data)) < max(1, len(data)):
        raise Refused(
            "“{file}” is no workflow in the form of the API. Save it in ComfyUI with the menu entry"
            " “Export (API)”.",
            file=path.name,
        )
    return data


def _comfy_settings(wish: Wish, nodes: Nodes) -> RemoteSettings:
    places = _marked(nodes)
    found = find_places(nodes) or {}
    for name, own in found.items():
        places.setdefault(name, own)
    if not (places.get(PICTURE) and places.get("denoise")):
        # A picture that cannot be put under more or less noise stays what the workflow says.
        for name in (PICTURE, "denoise"):
            places.pop(name, None)
    # A net that takes its guidance as a number has its own guidance off.
    cfg = _number_at(nodes, places.get("guidance"))
    if places.get("distilled") and (cfg is None or cfg <= 1):
        places["guidance"] = places["distilled"]
    places.pop("distilled", None)
    _check_places(nodes, places)
    if wish.sampler or wish.model:
        raise Refused("A workflow names its own model and sampler; leave both out.")
    if wish.negative and not places.get(NEGATIVE):
        raise _no_place(NEGATIVE)
    wanted = {"steps": wish.steps, "guidance": wish.guidance, "width": wish.size}
    values = {
        name: _number_at(nodes, places.get(name)) if value is None else value
        for name, value in wanted.items()
    }
    height = values["width"] if wish.size else _number_at(nodes, places.get("height"))
    if height != values["width"]:
        raise Refused("Pictures here are square. Choose one with --size.")
    for name, value in (*wanted.items(), ("steps", wish.live_steps), ("width", wish.live_size)):
        # What is painted over a picture has its size.
        if value and not (places.get(name) or (name == "width" and places.get(PICTURE))):
            raise _no_place(name)
    own = [value_at(nodes, place) for place in places.get(NEGATIVE, ())][:1]
    negative = wish.negative or next((str(one) for one in own if NEGATIVE_PROMPT not in one), "")
    has_variation = bool(places.get("variation")) and bool(places.get("strength"))
    return RemoteSettings(
        api=COMFYUI,
        steps=int(USUAL_STEPS if values["steps"] is None else values["steps"]),
        size=int(USUAL_SIZE if values["width"] is None else values["width"]),
        edge=1,
        # Below 1, some workflows ask for less than what the net paints by itself.
        guidance=max(1.0, float(values["guidance"] or 1.0)),
        negative=negative,
        live_steps=wish.live_steps,
        live_size=wish.live_size,
        has_variation=has_variation,
        places={
            name: places[name]
            for name in (POSITIVE, NEGATIVE, PICTURE, *NUMBERS)
            if places.get(name)
        },
    )


def _marked(nodes: Nodes) -> dict[str, list[Place]]:
    """The places that somebody marked with %prompt% and the like."""
    marks = {POSITIVE: PROMPT, NEGATIVE: NEGATIVE_PROMPT, PICTURE: PICTURE_MARK} | NUMBERS
    found: dict[str, list[Place]] = {}
    for key, (_, inputs) in nodes.items():
        for name, value in inputs.items():
            for role, mark in marks.items():
                is_text = role in (POSITIVE, NEGATIVE)
                if isinstance(value, str) and (mark in value if is_text else mark == value):
                    found.setdefault(role, []).append((key, name))
    return found


def _check_places(nodes: Nodes, places: Mapping[str, list[Place]]) -> None:
    for name, mark in ((POSITIVE, PROMPT), ("seed", NUMBERS["seed"])):
        if not places.get(name):
            raise Refused(
                "Nobody can tell where this workflow takes its {what}. Write {mark} there.",
                what=mark.strip("%"),
                mark=mark,
            )
    for role, mark in ((POSITIVE, PROMPT), (NEGATIVE, NEGATIVE_PROMPT)):
        texts = [str(value_at(nodes, place)) for place in places.get(role, ())]
        if len(set(texts)) > 1 and not all(mark in text for text in texts):
            raise Refused(
                "This workflow has several texts. Write {mark} where the words go.", mark=mark
            )


def _no_place(what: str) -> Refused:
    return Refused(
        "Nobody can tell where this workflow takes its {what}. Write {mark} there.",
        what=what,
        mark=NUMBERS.get(what, f"%{what}%"),
    )


def _number_at(nodes: Nodes, places: list[Place] | None) -> float | None:
    value = value_at(nodes, places[0]) if places else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 1e9 else None


def _web_ui_settings(wish: Wish, client: Client) -> RemoteSettings:
    wanted = wish.model
    if not wanted:
        options = client.get_json("/sdapi/v1/options")
        wanted = str(options.get("sd_model_checkpoint") if isinstance(options, dict) else "")
    models = client.get_json("/sdapi/v1/sd-models")
    if not isinstance(models, list):
        raise rubbish(client.name)
    titles: dict[str, str] = {
        str(one.get("title")): str(one.get("model_name")) for one in models if isinstance(one, dict)
    }
    title = next((title for title, name in titles.items() if wanted in (title, name)), None)
    if title is None:
        raise Refused(
            "The server “{name}” lacks the model “{model}”; it has {models}.",
            name=client.name,
            model=wanted[:80],
            models=", ".join(titles.values())[:300] or "-",
        )
    return RemoteSettings(
        api=WEBUI,
        steps=USUAL_STEPS if wish.steps is None else wish.steps,
        size=USUAL_SIZE if wish.size is None else wish.size,
        edge=1,
        guidance=USUAL_GUIDANCE if wish.guidance is None else wish.guidance,
        negative=wish.negative,
        sampler=wish.sampler,
        model=title,
        model_name=titles[title],
        live_steps=wish.live_steps,
        live_size=wish.live_size,
    )


def _check_numbers(settings: RemoteSettings) -> None:
    for steps in (settings.steps, settings.live_steps or 1):
        if not 1 <= steps <= MAX_STEPS:
            raise Refused("The steps must be from 1 to {most}.", most=MAX_STEPS)
    for size in (settings.size, settings.live_size or STEP):
        if not STEP <= size <= MAX_SIZE or size % STEP:
            raise Refused(
                "The size must be a multiple of {step}, at most {most}.", step=STEP, most=MAX_SIZE
            )
    if not 1 <= settings.guidance <= MAX_GUIDANCE:
        raise Refused("The guidance must be from 1 (none) to 30.")


def _write(folder: Path, key: str, wish: Wish, settings: RemoteSettings) -> Checkpoint:
    """Write settings and card, and read them as the site will."""
    (folder / SETTINGS).write_text(json.dumps(asdict(settings), indent=1, ensure_ascii=False))
    names = [name for name in (SETTINGS, WORKFLOW) if (folder / name).is_file()]
    card = {
        "key": key,
        "name": wish.name[:80],
        "medium": "picture",
        "architecture": "remote",
        "version": 1,
        "description": wish.description or "Paints from words.",
        "licence": wish.licence,
        "credit": wish.credit,
        "server": wish.server,
        "size": settings.edge,
        "steps": settings.steps,
        "exact": False,
        "tolerance": TOLERANCE,
        "largest_batch": 1,
        "finishing": [],
        "files": {name: sha256_of(folder / name) for name in names},
    }
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False))
    checkpoint = read_checkpoint(folder)
    if checkpoint.problem:
        raise Refused("The model was not added. {problem}", problem=checkpoint.problem)
    return checkpoint


def _edge(pixels: np.ndarray) -> int:
    height, width = pixels.shape[:2]
    if width != height:
        raise Refused(
            "The server painted {width} × {height} pixels. Pictures here are square.",
            width=width,
            height=height,
        )
    return width


def _order(settings: RemoteSettings, seed: int) -> Order:
    """What a founder with this seed is painted from."""
    return Order(
        words=concept(seed),
        negative=settings.negative,
        seed=seed,
        variation=0,
        strength=0.0,
        guidance=settings.guidance,
        steps=settings.steps,
        size=settings.size,
    )
