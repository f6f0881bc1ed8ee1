"""How a picture was painted, as other programs write it into their files.

- AUTOMATIC1111's web UI and its kin, SD.Next among them: a text of prompt, negative prompt and a
  line of settings ("parameters" of a PNG, Exif's user comment elsewhere).
- ComfyUI: the graph of nodes that ran ("prompt"), or as it stood in the editor ("workflow").
- InvokeAI: JSON ("invokeai_metadata", before version 3 "sd-metadata"), or the command line of its
  first versions ("Dream").

Whatever stands in a file is read without an exception, in time that its length bounds.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from generation.codecs.comfy_graph import ComfyFacts, read_prompt_graph, read_workflow
from generation.codecs.picture_texts import COMMENT, picture_texts
from generation.prompts import cut_words

A1111, SD_NEXT, COMFYUI, INVOKEAI = "AUTOMATIC1111", "SD.Next", "ComfyUI", "InvokeAI"
MAX_PROMPT = 100_000  # Characters that are looked at.
MAX_SETTINGS = 20_000
MAX_PARAMETERS = 2 * MAX_PROMPT + MAX_SETTINGS
MAX_LINES_AFTER = 20  # Of the settings; some programs write further lines.
MAX_LORAS = 32
# Of a text in JSON: brackets and commas, which are what its values cost in memory.
MAX_BRACKETS, MAX_COMMAS = 100_000, 500_000
MOST_STEPS, MOST_GUIDANCE, MOST_SIDE, MOST_LORA_WEIGHT = 10_000, 1_000.0, 65_535, 100.0
MOST_SEED = 2**64 - 1
# Settings that tell a line of settings from a line of a prompt.
KNOWN = ("Steps", "Sampler", "Seed", "Size", "CFG scale", "Model", "Model hash")
NEGATIVE = "Negative prompt:"
_SETTING = re.compile(r'\s*([^:,"]{1,60}):\s*("(?:\\.|[^"\\])*"|[^,]*)\s*(?:,|$)', re.DOTALL)
_TAG = re.compile(r"<(\w{1,20}):([^<>]{1,300})>")
_NUMBER = re.compile(r"[+-]?(\d{1,10}(\.\d{0,10})?|\.\d{1,10})")
# "(words:1.2)", and "(words)1.2" and "words++" of InvokeAI.
_WEIGHT = re.compile(r": ?[+-]?\d{0,10}\.?\d{0,10} ?(?=[)\]])|(?<=\))[+-]?\d{0,10}\.?\d{1,10}")
_PLUS = re.compile(r"(?<=[\w)])[+-]{1,20}(?=[ ,.)]|$)")
_BRACKETS = re.compile(r"(?<!\\)[()\[\]{}|]|\bBREAK\b")
_CHANGED = re.compile(r"\[([^\[\]:]{0,400}):([^\[\]:]{0,400}):[\d. ]{0,20}\]")
_COMMAS = re.compile(r" ?,(?: ?,)* ?")
_SPACES = re.compile(r"\s+")
_OPTION = re.compile(r"(?<!\S)-([sSWHCA])\s?(\S{1,40})")


@dataclass(frozen=True)
class PromptMetadata:
    """How one picture was painted; what its file does not say is empty or None.

    Words are clean, as `generation.prompts.clean_words` makes them, cut where they are too long,
    and without weights and LoRA tags. tool: the program. guidance: classifier-free, or that of a
    net which was distilled to take it as a number. loras: name and weight of each.
    """

    tool: str
    prompt: str = ""
    negative: str = ""
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    sampler: str = ""
    width: int | None = None
    height: int | None = None
    model: str = ""
    model_hash: str = ""
    loras: tuple[tuple[str, float], ...] = ()


def read_prompt_metadata(data: bytes) -> PromptMetadata | None:
    """How the picture in these bytes of a file was painted; None where the file does not say."""
    texts = picture_texts(data)
    for key, read in _READERS.items():
        found = read(texts[key]) if key in texts else None
        if found is not None:
            return found
    return None


def _made(
    tool: str, prompt: str, negative: str, *, loras: list[tuple[Any, Any]], **found: Any
) -> PromptMetadata:
    """The metadata of what was found, whatever its types are."""
    prompt, tagged = _without_tags(prompt)
    negative, _ = _without_tags(negative)
    named: dict[str, float] = {}
    for name, weight in tagged + loras:
        clean = cut_words(name) if isinstance(name, str) else ""
        amount = _number(weight, -MOST_LORA_WEIGHT, MOST_LORA_WEIGHT)
        if clean and amount is not None and len(named) < MAX_LORAS:
            named.setdefault(clean, amount)
    width, height = (_whole(found.get(side), 1, MOST_SIDE) for side in ("width", "height"))
    guidance = _number(found.get("guidance"), 0.0, MOST_GUIDANCE)
    distilled = _number(found.get("distilled"), 0.0, MOST_GUIDANCE)
    return PromptMetadata(
        tool=tool,
        prompt=plain_words(prompt),
        negative=plain_words(negative),
        seed=_whole(found.get("seed"), 0, MOST_SEED),
        steps=_whole(found.get("steps"), 1, MOST_STEPS),
        guidance=distilled if distilled is not None and (guidance or 0) <= 1 else guidance,
        sampler=_text(found.get("sampler")),
        width=width if height else None,
        height=height if width else None,
        model=_text(found.get("model")),
        model_hash=_text(found.get("model_hash")),
        loras=tuple(named.items()),
    )


def plain_words(prompt: str) -> str:
    """The words of a prompt without the signs that weigh, change or part them; may be empty."""
    words = _CHANGED.sub(r"\1, \2", _SPACES.sub(" ", prompt[:MAX_PROMPT]))
    words = _PLUS.sub("", _WEIGHT.sub("", words))
    words = re.sub(r"\\([()\[\]{}])", r"\1", _BRACKETS.sub(" ", words))
    words = _SPACES.sub(" ", words)
    return cut_words(_COMMAS.sub(", ", words).strip(", "))


def _without_tags(prompt: str) -> tuple[str, list[tuple[Any, Any]]]:
    """The prompt without its tags of extra nets, and name and weight of those that are LoRAs."""
    loras: list[tuple[Any, Any]] = []

    def note(tag: re.Match[str]) -> str:
        name, *weights = tag[2].split(":")
        if tag[1].casefold() in ("lora", "lyco"):
            numbers = [weight for weight in weights if _NUMBER.fullmatch(weight.strip())]
            loras.append((name, numbers[0] if numbers else 1.0))
        return " "

    return _TAG.sub(note, prompt[:MAX_PROMPT]), loras


def _text(value: Any) -> str:
    return cut_words(value[:MAX_PROMPT]) if isinstance(value, str) else ""


def _number(value: Any, least: float, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value[:40] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and least <= number <= most else None


def _whole(value: Any, least: int, most: int) -> int | None:
    """A seed has more digits than a float keeps."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,20}\s*", value, re.ASCII):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def _read_parameters(text: str) -> PromptMetadata | None:
    """The text of AUTOMATIC1111's web UI and its kin; None without a line of settings."""
    lines = text[:MAX_PARAMETERS].strip().split("\n")
    for number in range(len(lines) - 1, max(-1, len(lines) - MAX_LINES_AFTER), -1):
        settings = _settings(lines[number])
        if sum(key in settings for key in KNOWN) >= 2:
            break
    else:
        return None
    prompt, _, negative = "\n".join(lines[:number]).partition(NEGATIVE)
    width, _, height = settings.get("Size", "").partition("x")
    app, version = settings.get("App", ""), settings.get("Version", "")
    tool = SD_NEXT if app == SD_NEXT else COMFYUI if version == COMFYUI else A1111
    return _made(
        tool,
        prompt,
        negative,
        # SD.Next names them without their weights, which the tags in the words may hold.
        loras=[(name, 1.0) for name in settings.get("LoRA networks", "").split(",")],
        seed=settings.get("Seed"),
        steps=settings.get("Steps"),
        guidance=settings.get("CFG scale"),
        distilled=settings.get("Distilled CFG Scale"),
        sampler=settings.get("Sampler"),
        width=width,
        height=height,
        model=settings.get("Model"),
        model_hash=settings.get("Model hash"),
    )


def _settings(line: str) -> dict[str, str]:
    """The settings of a line such as 'Steps: 20, Lora hashes: "a: 1, b: 2"'; the first of each."""
    line, at = line[:MAX_SETTINGS], 0
    settings: dict[str, str] = {}
    while at < len(line):
        found = _SETTING.match(line, at)
        if found:
            value = found[2].strip()
            quoted = value if len(value) < 2 or value[0] != '"' else value[1:-1]
            settings.setdefault(found[1].strip(), quoted)
            at = found.end()
        else:
            comma = line.find(",", at)
            at = comma + 1 if comma >= 0 else len(line)
    return settings


def _json(text: str) -> dict[str, Any] | None:
    """The object in a text of JSON; None for anything else, and for what costs too much."""
    if text.count("[") + text.count("{") > MAX_BRACKETS or text.count(",") > MAX_COMMAS:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_invoke(text: str) -> PromptMetadata | None:
    """InvokeAI's metadata from version 3 on."""
    data = _json(text)
    if data is None or not ("positive_prompt" in data or "seed" in data):
        return None
    model = _object(data.get("model"))
    listed = data.get("loras")
    loras = []
    for item in listed[:MAX_LORAS] if isinstance(listed, list) else ():
        lora = _object(item)
        # Version 3 called it lora and its name model_name.
        named = _object(lora.get("model")) or _object(lora.get("lora"))
        loras.append((named.get("name", named.get("model_name")), lora.get("weight")))
    return _made(
        INVOKEAI,
        _string(data.get("positive_prompt")),
        _string(data.get("negative_prompt")),
        loras=loras,
        seed=data.get("seed"),
        steps=data.get("steps"),
        guidance=data.get("cfg_scale"),
        distilled=data.get("guidance"),
        sampler=data.get("scheduler"),
        width=data.get("width"),
        height=data.get("height"),
        model=model.get("name", model.get("model_name")),
        model_hash=model.get("hash"),
    )


def _read_old_invoke(text: str) -> PromptMetadata | None:
    """InvokeAI's metadata of version 2; its negative prompt stands in square brackets."""
    data = _json(text) or {}
    image = _object(data.get("image"))
    prompts = image.get("prompt")
    if isinstance(prompts, list):
        words = [_object(item).get("prompt") for item in prompts[:MAX_LORAS]]
        prompts = ", ".join(part for part in words if isinstance(part, str))
    if not isinstance(prompts, str):
        return None
    prompt, negative = _part_old(prompts)
    return _made(
        INVOKEAI,
        prompt,
        negative,
        loras=[],
        seed=image.get("seed"),
        steps=image.get("steps"),
        guidance=image.get("cfg_scale"),
        sampler=image.get("sampler"),
        width=image.get("width"),
        height=image.get("height"),
        model=data.get("model_weights"),
        model_hash=data.get("model_hash"),
    )


def _read_dream(text: str) -> PromptMetadata | None:
    """The command line that InvokeAI's first versions wrote: "words" -s 50 -S 123 -W 512 ..."""
    text = text[:MAX_PROMPT].strip()
    words, quote, options = text.rpartition('"')
    if not (quote and words.startswith('"')):
        return None
    named = dict(_OPTION.findall(options))
    prompt, negative = _part_old(words[1:])
    return _made(
        INVOKEAI,
        prompt,
        negative,
        loras=[],
        seed=named.get("S"),
        steps=named.get("s"),
        guidance=named.get("C"),
        sampler=named.get("A"),
        width=named.get("W"),
        height=named.get("H"),
    )


def _part_old(words: str) -> tuple[str, str]:
    """Words, and those in square brackets, which old versions of InvokeAI keep away from."""
    words = words[:MAX_PROMPT]
    negative = ", ".join(re.findall(r"\[([^\[\]]*)\]", words))
    return re.sub(r"\[[^\[\]]*\]", " ", words), negative


def _read_comfy(
    read: Callable[[Mapping[str, Any]], ComfyFacts | None],
) -> Callable[[str], PromptMetadata | None]:
    def read_text(text: str) -> PromptMetadata | None:
        data = _json(text)
        facts = read(data) if data else None
        if facts is None:
            return None
        prompt, negative = ", ".join(facts.positive), ", ".join(facts.negative)
        return _made(COMFYUI, prompt, negative, loras=facts.loras, **facts.settings)

    return read_text


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


# The first that a file has and that can be read counts.
_READERS: dict[str, Callable[[str], PromptMetadata | None]] = {
    "invokeai_metadata": _read_invoke,
    "parameters": _read_parameters,
    COMMENT: _read_parameters,
    "prompt": _read_comfy(read_prompt_graph),
    "workflow": _read_comfy(read_workflow),
    "sd-metadata": _read_old_invoke,
    "Dream": _read_dream,
    "dream": _read_dream,
}
