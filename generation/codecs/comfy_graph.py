"""What a graph of ComfyUI's nodes says about the picture that it paints.

A prompt graph maps the id of each node to its class ("class_type") and inputs; an input is a value,
or a link: the id of another node and the number of one of its outputs. A workflow is the graph as
the editor draws it, whose values stand in a list without names. Any program may add nodes, so links
are followed by the names of inputs rather than by the classes of nodes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_NODES = 5_000
MAX_HOPS = 10_000  # Links that are followed for one question.
MAX_TEXTS = 16
MAX_ENDS = 16  # Nodes that save a picture.
POSITIVE, NEGATIVE = "positive", "negative"
PICTURE = "picture"
Inputs = dict[str, Any]
Nodes = dict[str, tuple[str, Inputs]]  # Class and inputs by id.
Place = tuple[str, str]  # The id of a node and the name of one of its inputs.

_TEXT_INPUT = re.compile(
    r"(?!.*(encoder|format|mode|type|normal|delimiter))"
    r"(text|string|prompt|value|populated|wildcard|t5xxl|clip_[lg]$)"
)
_NO_TEXT = re.compile(r"model|clip|vae|image|pixels|mask|net$|latent|samples|size|token|delimiter")
_MODEL_INPUT = re.compile(r"model|guider|unet|lora|^any|^$")
_LATENT_INPUT = re.compile(r"latent|samples|image|pixels|^any|^$")
_VALUE_INPUT = re.compile(r"(value|int|float|number|seed|string|text|)\d*$")
_CHECKPOINT = ("ckpt_name", "unet_name", "model_name", "base_ckpt_name")
_SIDES = (("width", "height"), ("empty_latent_width", "empty_latent_height"))
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_ENDING = re.compile(r"\.(safetensors|sft|ckpt|pth?|bin|gguf)$", re.IGNORECASE)
# Names of the values that the editor lists without names, by class. "" is what it does with the
# seed after a run, which is no input.
_WIDGETS: dict[str, tuple[str, ...]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("add_noise", "noise_seed", "", "steps", "cfg", "sampler_name"),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "LoraLoader": ("lora_name", "strength_model"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "EmptyLatentImage": ("width", "height"),
    "EmptySD3LatentImage": ("width", "height"),
    "RandomNoise": ("noise_seed",),
    "BasicScheduler": ("scheduler", "steps"),
    "KSamplerSelect": ("sampler_name",),
    "FluxGuidance": ("guidance",),
    "CFGGuider": ("cfg",),
}
_OFF, _PASSED_BY = 2, 4  # Modes of a node in the editor.


@dataclass
class ComfyFacts:
    """What was found. loras: name and weight. settings: the model, and what `find_places` lists
    besides texts; of any type.
    """

    positive: list[str] = field(default_factory=list)
    negative: list[str] = field(default_factory=list)
    loras: list[tuple[Any, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def read_prompt_graph(data: Mapping[str, Any]) -> ComfyFacts | None:
    """What the graph that ran says; None where it has no sampler."""
    return _facts(read_nodes(data))


def read_nodes(data: Mapping[str, Any]) -> Nodes:
    """The nodes of a graph in the form that the API takes; what is no node is left out."""
    nodes: Nodes = {}
    for key, node in data.items():
        if len(nodes) < MAX_NODES and isinstance(node, dict) and isinstance(key, str):
            kind, inputs = node.get("class_type"), node.get("inputs")
            if isinstance(kind, str) and isinstance(inputs, dict):
                nodes[key] = kind, inputs
    return nodes


def read_workflow(data: Mapping[str, Any]) -> ComfyFacts | None:
    """What the graph of the editor says; None where it has no sampler."""
    sources: dict[Any, list[Any]] = {}
    for link in _list(data.get("links")):
        # Id, node and output where it begins, node and input where it ends, type.
        if isinstance(link, list) and len(link) >= 3 and isinstance(link[0], int):
            sources[link[0]] = link[1:3]
    nodes: Nodes = {}
    for node in _list(data.get("nodes"))[:MAX_NODES]:
        if isinstance(node, dict) and isinstance(node.get("type"), str):
            mode = node.get("mode")
            if mode == _OFF:
                continue
            inputs: Inputs = {} if mode == _PASSED_BY else _widgets(node)
            for entry in _list(node.get("inputs")):
                if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                    link_id = entry.get("link")
                    if isinstance(link_id, int) and link_id in sources:
                        inputs[entry["name"]] = sources[link_id]
            nodes[_key(node.get("id"))] = node["type"], inputs
    return _facts(nodes)


def _widgets(node: dict[str, Any]) -> Inputs:
    """The values of a node of the editor by their names, as far as the names are known."""
    values = node.get("widgets_values")
    if isinstance(values, dict):
        return {key: value for key, value in values.items() if isinstance(key, str)}
    names = list(_WIDGETS.get(node["type"], ())) or _widget_names(node) or ["value"]
    return {name: value for name, value in zip(names, _list(values), strict=False) if name}


def _widget_names(node: dict[str, Any]) -> list[str]:
    """The names that newer editors give beside the inputs."""
    names: list[str] = []
    for entry in _list(node.get("inputs")):
        if isinstance(entry, dict) and "widget" in entry and isinstance(entry.get("name"), str):
            names.append(entry["name"])
            if entry["name"] in ("seed", "noise_seed"):
                names.append("")
    return names


def find_places(nodes: Nodes) -> dict[str, list[Place]] | None:
    """Where a graph holds what determines its picture; None where it has no sampler.

    The texts of POSITIVE and NEGATIVE may stand in several places; seed, steps, guidance, distilled
    (guidance that the net takes as a number), sampler, width, height, PICTURE (the file that is
    painted over) and denoise (how much of it is noise, 0 to 1) in one at most.
    """
    sampler = _base_sampler(nodes)
    if sampler is None:
        return None
    inputs = nodes[sampler][1]
    guider = _target(nodes, inputs.get("guider"))
    guide = sampler if guider is None else guider
    words = POSITIVE if POSITIVE in nodes[guide][1] else "conditioning"
    positive, distilled = _words(nodes, (guide, words), POSITIVE)
    noise = next((name for name in ("noise_seed", "seed", "noise") if name in inputs), "")
    steps = "steps" if "steps" in inputs else "sigmas"
    names = "sampler_name" if "sampler_name" in inputs else "sampler"
    width, height = _size(nodes, sampler)
    found = {
        "seed": _trace(nodes, (sampler, noise), "seed", "noise_seed"),
        "steps": _trace(nodes, (sampler, steps), "steps"),
        "guidance": _trace(nodes, (guide, "cfg"), "cfg"),
        "distilled": distilled,
        "sampler": _trace(nodes, (sampler, names), "sampler_name"),
        "width": width,
        "height": height,
        PICTURE: _picture(nodes, sampler),
        "denoise": _denoise(nodes, sampler),
    }
    places = {name: [place] for name, place in found.items() if place is not None}
    return {POSITIVE: positive, NEGATIVE: _words(nodes, (guide, NEGATIVE), NEGATIVE)[0]} | places


def count_samplers(nodes: Nodes) -> int:
    """How many nodes of a graph paint in steps."""
    return sum(_is_sampler(*node) for node in nodes.values())


def value_at(nodes: Nodes, place: Place) -> Any:
    """What stands in a place; None where there is nothing."""
    return nodes[place[0]][1].get(place[1])


def _facts(nodes: Nodes) -> ComfyFacts | None:
    sampler, places = _base_sampler(nodes), find_places(nodes)
    if sampler is None or places is None:
        return None
    values = {name: [value_at(nodes, one) for one in found] for name, found in places.items()}
    # Nets with several text encoders are often given the same text for each.
    positive, negative = (list(dict.fromkeys(values.pop(key))) for key in (POSITIVE, NEGATIVE))
    model, loras = _model(nodes, sampler)
    settings = {name: found[0] for name, found in values.items()}
    return ComfyFacts(positive, negative, loras, settings | {"model": model})


def _is_sampler(kind: str, inputs: Inputs) -> bool:
    if "guider" in inputs:
        return True
    has_seed = any(name in inputs for name in ("seed", "noise_seed", "noise"))
    return POSITIVE in inputs and has_seed and ("model" in inputs or "sampler" in kind.casefold())


def _base_sampler(nodes: Nodes) -> str | None:
    """The sampler that begins with noise, before those that refine its picture.

    Of several pictures, the one that is saved first counts.
    """
    ends = [key for key, (kind, _) in nodes.items() if "save" in kind.casefold()] or list(nodes)
    first = None
    for end in ends[:MAX_ENDS]:
        first = next((key for key in _upstream(nodes, end, _any) if _is_sampler(*nodes[key])), None)
        if first is not None:
            break
    if first is None:
        return None
    base = first
    for key in _upstream(nodes, first, lambda name: bool(_LATENT_INPUT.search(name))):
        if _is_sampler(*nodes[key]):
            base = key
    return base


def _any(name: str) -> bool:
    return True


def _upstream(nodes: Nodes, start: str, follows: Callable[[str], bool]) -> Iterator[str]:
    """Ids of a node and of those that it depends on, the nearest first, each once."""
    seen, waiting = {start}, [start]
    for key in waiting:
        yield key
        for name, value in nodes[key][1].items():
            target = _target(nodes, value)
            if target is not None and target not in seen and follows(name.casefold()):
                seen.add(target)
                waiting.append(target)


def _target(nodes: Nodes, value: Any) -> str | None:
    """The id of the node that a link leads to; None for what is no link."""
    if isinstance(value, list) and len(value) == 2 and _key(value[0]) in nodes:
        return _key(value[0])
    return None


def _key(value: Any) -> str:
    """The id of a node, which is a number in the editor; empty for what is none."""
    return str(value) if isinstance(value, str | int) else ""


def _words(nodes: Nodes, start: Place, role: str) -> tuple[list[Place], Place | None]:
    """The texts that an input leads to, in their order, and the guidance on the way."""
    other = NEGATIVE if role == POSITIVE else POSITIVE
    texts: list[Place] = []
    guidance = None
    seen: set[str] = set()
    waiting = [start]
    for _ in range(MAX_HOPS):
        if not waiting or len(texts) >= MAX_TEXTS:
            break
        place = waiting.pop()
        value = value_at(nodes, place)
        if isinstance(value, str):
            if value.strip():
                texts.append(place)
            continue
        target = _target(nodes, value)
        if target is None or target in seen:
            continue
        seen.add(target)
        kind, inputs = nodes[target]
        if "zeroout" in kind.casefold():
            continue  # It makes nothing of its words.
        if guidance is None and isinstance(inputs.get("guidance"), int | float):
            guidance = target, "guidance"
        waiting += [(target, name) for name in reversed(list(_word_inputs(inputs, role, other)))]
    return texts, guidance


def _word_inputs(inputs: Inputs, role: str, other: str) -> Iterator[str]:
    """Of a node's inputs, the texts and the links that may lead to texts for this role."""
    names = {name: name.casefold() for name in inputs}
    own = [name for name, low in names.items() if role in low]
    for name in own or [name for name, low in names.items() if other not in low]:
        is_text = bool(_TEXT_INPUT.match(names[name])) or name in own
        if is_text or not (isinstance(inputs[name], str) or _NO_TEXT.search(names[name])):
            yield name


def _trace(nodes: Nodes, start: Place, *names: str) -> Place | None:
    """Where the value stands that an input holds or leads to, under one of the names if it can.

    None where it leads to nothing.
    """
    seen: set[str] = set()
    place = start
    while (target := _target(nodes, value_at(nodes, place))) is not None and target not in seen:
        seen.add(target)
        inputs = nodes[target][1]
        named = [name for name in names if name in inputs]
        plain = [name for name in inputs if _VALUE_INPUT.match(name.casefold())]
        links = [name for name, value in inputs.items() if _target(nodes, value) is not None]
        place = target, next(iter(named or plain or links), "")
    value = value_at(nodes, place)
    return None if value is None or isinstance(value, list) else place


def _size(nodes: Nodes, sampler: str) -> tuple[Place | None, Place | None]:
    for key in _upstream(nodes, sampler, lambda name: bool(_LATENT_INPUT.search(name))):
        inputs = nodes[key][1]
        for width, height in _SIDES:
            if width in inputs and height in inputs:
                return _trace(nodes, (key, width), width), _trace(nodes, (key, height), height)
    return None, None


def _picture(nodes: Nodes, sampler: str) -> Place | None:
    """Where the picture is named that a sampler begins with."""
    for key in _upstream(nodes, sampler, lambda name: bool(_LATENT_INPUT.search(name))):
        kind, inputs = nodes[key]
        if "loadimage" in kind.casefold() and isinstance(inputs.get("image"), str):
            return key, "image"
    return None


def _denoise(nodes: Nodes, sampler: str) -> Place | None:
    """Where it stands how much noise a sampler begins with: with itself, or with its levels."""
    for key in (sampler, _target(nodes, nodes[sampler][1].get("sigmas"))):
        if key is not None and "denoise" in nodes[key][1]:
            return _trace(nodes, (key, "denoise"), "denoise")
    return None


def _model(nodes: Nodes, sampler: str) -> tuple[Any, list[tuple[Any, Any]]]:
    """The name of the model that a sampler uses, and the LoRAs on the way, the last one first."""
    loras: list[tuple[Any, Any]] = []
    model = None
    for key in _upstream(nodes, sampler, lambda name: bool(_MODEL_INPUT.search(name))):
        inputs = nodes[key][1]
        loras += _loras(inputs)
        named = (inputs.get(name) for name in _CHECKPOINT)
        model = model or next((bare_name(name) for name in named if isinstance(name, str)), None)
    return model, loras


def _loras(inputs: Inputs) -> Iterator[tuple[Any, Any]]:
    for name, value in inputs.items():
        if isinstance(value, dict):  # Of a node that holds many, each with a switch.
            if value.get("on", True) and isinstance(value.get("lora"), str):
                yield bare_name(value["lora"]), value.get("strength", 1.0)
        elif isinstance(value, str) and value != "None" and name.startswith("lora_name"):
            number = name.removeprefix("lora_name")
            weights = [f"{stem}{number}" for stem in ("strength_model", "model_str", "lora_wt")]
            yield bare_name(value), next((inputs[key] for key in weights if key in inputs), 1.0)


def bare_name(name: str) -> str:
    """The name of a file without its folders and its ending."""
    return _ENDING.sub("", _FOLDERS.sub("", name[:1_000]))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
