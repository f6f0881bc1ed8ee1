"""From a run's snapshot to a checkpoint folder.

It holds the averaged generator in half precision, gene statistics, a card and a contact sheet.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor

from generation.card import KEY
from generation.checkpoints import read_checkpoint
from generation.data.pictures import open_labels, open_prepared, prepared_folder
from generation.data.sources import Report
from generation.gene_statistics import GeneStatistics, fit_statistics
from generation.nets.modules import channels_last
from generation.nets.style_vae import Encoder, Generator, StyleVaeConfig, from_bytes, load
from generation.refusal import Refused
from generation.training.pictures.learner import Examples, PictureSettings
from generation.training.pictures.sheets import (
    contact_sheet,
    encode_all,
    learning_strip,
    peak_signal_to_noise,
    pictures_seen,
    strip_sheets,
)
from generation.training.pictures.sliders import find_sliders, gene_groups
from generation.training.pictures.variety import vary
from generation.training.plan import Course
from generation.training.runs import Run, write_atomically

MAX_BYTES = 10_000_000
MAX_ENCODED = 20_000
ANCHORS = 4_000
SHEET_ROWS, SHEET_COLUMNS = 6, 16


def export(
    run: Run,
    *,
    snapshot: str,
    key: str,
    parent: Path,
    report: Report,
    overrides: Mapping[str, Any] | None = None,
    is_new_version: bool = False,
    replaces: bool = False,
) -> Path:
    """Write a run as the checkpoint folder of a species; returns it.

    It is `key` in `parent`, or, of a new version beside others, `key-VERSION`. What a person says
    about the species is read from `words.json` in the folder `key`; `overrides` replace what it
    says. Raises Refused when there is nothing sound to export, when it would be too large, and,
    unless it `replaces` them, when weights of the same version are there already.
    """
    target = parent / key
    words = {**read_words(target), **(overrides or {})}
    if is_new_version and (version := newest_version(parent, key)):
        # What was measured of another version, and how that was trained, is not true of this one.
        words |= {"figures": {}, "command": "", "version": version + 1}
        target = parent / f"{key}-{version + 1}"
    if not replaces:
        check_place(target, version=words.get("version", 1))
    state = run.load(name=snapshot)
    if state is None:
        raise Refused(
            "{folder} holds no {snapshot}. Train first: manage.py train gan --data NAME.",
            folder=run.folder,
            snapshot=snapshot,
        )
    settings, course = PictureSettings.of(run, run.settings()), Course.of(state)
    generator, encoder = nets_of(state, StyleVaeConfig(channels=settings.channels))
    pictures, data_card = open_prepared(settings.data)
    statistics, psnr = statistics_of(
        encoder,
        generator,
        Examples(pictures, seed=settings.seed, held_out=data_card.get("held_out")),
        settings=settings,
        sampling=words["sampling"],
    )
    groups = words.get("groups") or gene_groups(generator.config.n_genes)
    sliders, directions = find_sliders(generator, statistics, groups=groups)
    sliders = worded(sliders, words.get("sliders", {}))
    size = _write_weights(target, generator, {**statistics.to_tensors(), **directions})
    card = {
        **card_from(data_card, settings, words, course),
        "key": key,
        "net": generator.config.to_json(),
        "finishing": words["finishing"],
        "sampling": words["sampling"],
        "gene_groups": groups,
        **({"cloth": words["cloth"]} if "cloth" in words else {}),
        "sliders": sliders,
        "pictures_seen": state["seen"],
        "phase": course.phase,
        # The rows of learning.png: how many pictures the net had seen by then.
        "learning": [pictures_seen(sheet) for sheet in strip_sheets(run.sheets)],
        # What `evaluate` printed is copied into words.json by the person who ran it.
        "figures": {"held_out_psnr": round(psnr, 2), **words.get("figures", {})},
        "weights_sha256": hashlib.sha256((target / "weights.safetensors").read_bytes()).hexdigest(),
    }
    write_atomically(
        target / "card.json", (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode()
    )
    sample_sheet(target, statistics).save(target / "samples.png", optimize=True)
    strip = learning_strip(run.sheets, size=generator.config.size)
    if strip:
        strip.save(target / "learning.png", optimize=True)
    report(
        f"{target} holds the species: {size / 1e6:.2f} MB, held-out PSNR {psnr:.2f} dB. Look at"
        f" {target / 'samples.png'}."
    )
    return target


def worded(
    sliders: Sequence[Mapping[str, Any]], words: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the sliders with the words that a person gave them, by their keys.

    Raises Refused when two would have one name.
    """
    named = [{**slider, **words.get(slider["key"], {})} for slider in sliders]
    labels = [slider["label"] for slider in named]
    if twice := [label for label in labels if labels.count(label) > 1]:
        raise Refused(
            "Two sliders would be called “{label}”. Give them different names in words.json.",
            label=twice[0],
        )
    return named


def newest_version(parent: Path, key: str) -> int:
    """Return the highest version of a species in a folder of checkpoints; 0 where it has none."""
    found = [0]
    for path in parent.glob("*/card.json"):
        checkpoint = read_checkpoint(path.parent)
        if checkpoint.key == key:
            found.append(checkpoint.version)
    return max(found)


def _write_weights(target: Path, generator: Generator, extra: Mapping[str, np.ndarray]) -> int:
    """Write the generator, in half precision, and other tensors; returns the size in bytes.

    Raises Refused when the file would be too large to ship.
    """
    tensors = {
        f"generator.{name}": value.half().contiguous().numpy()
        for name, value in generator.state_dict().items()
    }
    target.mkdir(parents=True, exist_ok=True)
    partial = target / "weights.safetensors.partial"
    save_file({**tensors, **extra}, partial)
    size = partial.stat().st_size
    if size > MAX_BYTES:
        partial.unlink()
        most = f"at most {MAX_BYTES / 1e6:.0f} MB ship"
        raise Refused(
            "The weights would take {size:.1f} MB; {most}. Train with fewer channels.",
            size=size / 1000000.0,
            most=most,
        )
    partial.chmod(0o644)  # safetensors writes files that only their owner may read.
    partial.replace(target / "weights.safetensors")
    return size


def read_words(folder: Path) -> dict[str, Any]:
    """Read what a person wrote about the species in words.json.

    That is its name, description, command, sampling and, if wanted, gene groups and slider labels.
    Without the file the species is named after its folder.
    """
    words: dict[str, Any] = {
        "name": folder.name.capitalize(),
        "description": f"Pictures of the data set {folder.name}.",
        "command": "",
        "sampling": {"neighbours": 8, "splits": [2]},
        # Merely enlarged, a picture of 32 px is a blur.
        "finishing": [["resolution", {"net": "animevideo"}]],
    }
    path = folder / "words.json"
    if not path.exists():
        return words
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Refused("{path} is no JSON: {error}.", path=path, error=error) from error
    if not isinstance(written, dict) or not isinstance(written.get("version", 1), int):
        raise Refused(
            "{path} must be a JSON object, and “version” in it a whole number.", path=path
        )
    return {**words, **written}


def key_of(run: str) -> str:
    """Return the key of the species that a run becomes, when nobody names one.

    Raises Refused where the run's name gives none.
    """
    key = re.sub(r"[^a-z0-9_]+", "-", run.lower()).strip("-_")
    return checked_key(key, of=run)


def checked_key(key: str, *, of: str) -> str:
    if not KEY.fullmatch(key):
        raise Refused(
            "“{name}” is no key of a species. Give it one in small letters with --key, such as"
            " “coins”.",
            name=of,
        )
    return key


def check_place(target: Path, *, version: int) -> None:
    """Raise Refused when this version of the species is there already.

    Works may have been bred from it.
    """
    try:
        there = json.loads((target / "card.json").read_text(encoding="utf-8")).get("version")
    except (OSError, ValueError, AttributeError):
        return
    if there == version:
        raise Refused(
            "{target} holds version {version} already, and works that were bred from it would be"
            " lost. Say --new-version to put another one beside it, or --replace.",
            target=target,
            version=version,
        )


def nets_of(state: Mapping[str, Any], config: StyleVaeConfig) -> tuple[Generator, Encoder]:
    """Return the averaged nets of a snapshot, the generator rounded to half precision.

    That is how it will ship, so the statistics fit what is decoded.
    """
    generator, encoder = Generator(config), Encoder(config)
    generator.load_state_dict(
        {name: value.half().float() for name, value in state["ema_generator"].items()}
    )
    encoder.load_state_dict(state["ema_encoder"])
    if not all(value.isfinite().all() for value in generator.state_dict().values()):
        raise Refused(
            "The snapshot holds numbers that are not finite; export an earlier one with --snapshot."
        )
    return (
        channels_last(generator.eval().requires_grad_(False)),
        channels_last(encoder.eval().requires_grad_(False)),
    )


@torch.no_grad()
def statistics_of(
    encoder: Encoder,
    generator: Generator,
    examples: Examples,
    *,
    settings: PictureSettings,
    sampling: Mapping[str, Any],
) -> tuple[GeneStatistics, float]:
    """Fit gene statistics to the training pictures and measure the PSNR on held-out ones.

    At most MAX_ENCODED pictures are encoded.
    """
    some = np.linspace(0, len(examples) - 1, min(len(examples), MAX_ENCODED)).astype(np.int64)
    genes = encode_all(encoder, examples.pictures[some], to_tensor=from_bytes).flatten(1).numpy()
    labels = open_labels(prepared_folder(settings.data))[some]
    if settings.has_variety:
        varied = encode_varied(
            encoder,
            examples.pictures[some],
            times=max(1, ANCHORS // len(some) - 1),
            seed=settings.seed,
        )
        labels = np.tile(labels, len(varied) // len(genes) + 1)
        genes = np.concatenate([genes, varied])
    held_out = from_bytes(examples.held_out)
    psnr = peak_signal_to_noise(generator(encoder(held_out)[0]), held_out)
    return (
        fit_statistics(
            genes, labels, gene_size=generator.config.gene_size, anchors=ANCHORS, **sampling
        ),
        psnr,
    )


def encode_varied(encoder: Encoder, pictures: np.ndarray, *, times: int, seed: int) -> np.ndarray:
    """Encode the pictures in other colours and builds, as they were learnt.

    Returns float32 [times * count, genes].
    """
    rng = torch.Generator().manual_seed(seed)

    def varied(some: np.ndarray) -> Tensor:
        return vary(from_bytes(some), lambda *shape: torch.rand(shape, generator=rng))

    return np.concatenate(
        [encode_all(encoder, pictures, to_tensor=varied).flatten(1).numpy() for _ in range(times)]
    )


def card_from(
    data_card: Mapping[str, Any],
    settings: PictureSettings,
    words: Mapping[str, Any],
    course: Course,
) -> dict[str, Any]:
    labels = data_card["labels"]
    return {
        "name": words["name"],
        "medium": "picture",
        "architecture": "style-vae",
        "version": words.get("version", 1),
        "description": words["description"],
        "licence": data_card["licence"],
        "credit": data_card["credit"],
        "data": settings.data,
        "data_name": data_card["name"],
        "data_source": data_card["source"],
        "examples": data_card["count"],
        "data_notes": data_card["notes"],
        "size": data_card["size"],
        "kinds": labels if len(labels) > 1 else [],
        "command": words["command"] or command_of(settings, course),
        "trained_at": datetime.now(UTC).date().isoformat(),
    }


def command_of(settings: PictureSettings, course: Course) -> str:
    """Return the command that trains such a net again, for as long as it took here."""
    told = [f"manage.py train gan --data {settings.data}"]
    if phases := " ".join(course.seconds):
        told.append(f"--phases {phases} --hours {sum(course.seconds.values()) / 3600:.2g}")
    told += ["--flips"] * settings.has_flips + ["--variety"] * settings.has_variety
    if settings.focus is not None:
        told.append("--focus " + " ".join(f"{edge:g}" for edge in settings.focus))
    standard = PictureSettings(data="")
    for name in ("batch", "learning_rate", "adversarial_weight", "focus_weight"):
        if (value := getattr(settings, name)) != getattr(standard, name):
            told.append(f"--{name.replace('_', '-')} {value:g}")
    return " ".join(told)


def sample_sheet(folder: Path, statistics: GeneStatistics) -> Any:
    """Paint random works of the checkpoint as it was written, read back from disk."""
    genes = statistics.found(np.random.default_rng(0), SHEET_ROWS * SHEET_COLUMNS)
    return contact_sheet(load(folder).decode(genes), columns=SHEET_COLUMNS)
