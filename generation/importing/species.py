"""Makes a species of a network that was read: sliders, classes, a sheet of founders, a card.

Everything is written into a folder beside the others that begins with a dot, which no catalogue
reads, and is given its name when it is whole.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors.numpy import load_file, save_file

from generation.card import WEIGHTS, problem_of
from generation.checkpoints import Checkpoint, catalogue
from generation.devices import use_cores
from generation.digests import sha256_of
from generation.genespaces.stylegan import MAPPING, StyleGanSpace, stylegan_space
from generation.genespaces.stylegan_mapping import MappingNetwork
from generation.genome import Genome
from generation.importing.reader import read_in_child
from generation.importing.stylegan import edge_after
from generation.nets.stylegan import LIVE_EDGE, StyleGanNet, load
from generation.refusal import Refused
from generation.training.pictures.sheets import contact_sheet
from generation.training.pictures.sliders import Directions, measure, name_sliders
from generation.words import word
from generation.yielding import ignore_progress

PSI = 0.7  # The truncation of fresh works: the usual one of the papers.
DRAWN = 10_000  # So many w show the principal directions of a network.
LEAST_DRAWN = 100  # Of each class.
COMPONENTS = 4  # Directions that are tried in each group of layers.
PROBES = 8  # Works on which a direction is tried.
SHEET_ROWS, SHEET_COLUMNS = 3, 16
TILE = 128  # Pixels of a founder on the sheet, at most.
MIDDLE, FINE = 2, 4  # Blocks of StyleGAN2 from which features and colour begin: 16 and 64 px.
FINE_ENLARGING = 3  # In StyleGAN3, from so many times the edge of the waves on.
PAPERS = {
    "stylegan2": "Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, and"
    " Training Generative Adversarial Networks with Limited Data",
    "stylegan3": "Karras et al. 2021, Alias-Free Generative Adversarial Networks",
}
GROUPS = (
    ("shape", word("Shape")),
    ("features", word("Features")),
    ("colour", word("Colour and detail")),
)
DESCRIPTIONS = {
    "stylegan2": word("An imported network of the kind StyleGAN2."),
    "stylegan3": word("An imported network of the kind StyleGAN3."),
}

Report = Callable[[str], Any]
Paint = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Words:
    """What a person says about a species.

    use, works: what its licence allows, where `generation.card` does not know that. kinds: the
    names of its classes, or none.
    """

    key: str
    name: str
    licence: str
    credit: str
    description: str = ""
    data: str = ""
    use: str = ""
    works: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def to_card(self, architecture: str) -> dict[str, Any]:
        """The fields of the card that do not depend on what the file holds."""
        card: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "medium": "picture",
            "architecture": architecture,
            "version": 1,
            "licence": self.licence,
            "credit": self.credit,
            "description": self.description or DESCRIPTIONS[architecture],
            "data": self.data,
            "paper": PAPERS[architecture],
        }
        card |= {"use": self.use} if self.use else {}
        return card | ({"works": list(self.works)} if self.works else {})


def import_stylegan(file: Path, *, root: Path, words: Words, report: Report) -> Path:
    """Import a pickle as a species; returns its folder, `root`/key.

    Raises Refused, and leaves nothing behind, when the key is taken, when the words contradict each
    other, and for a file that is no sound network.
    """
    if problem := problem_of(words.to_card("stylegan2")):
        raise Refused(
            "The species “{key}” is unavailable: {problem}", key=words.key, problem=problem
        )
    target = root / words.key
    if words.key in catalogue(refresh=True) or target.exists():
        raise Refused(
            "There is a species “{key}” already. Give this one another key with --key.",
            key=words.key,
        )
    use_cores()
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".import-", dir=root))
    try:
        report(f"Reading {file}.")
        facts = read_in_child(file, folder)
        _make(folder, facts, file=file, words=words, report=report)
        folder.chmod(0o755)  # Temporary folders are open to their owner alone.
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def _make(
    folder: Path, facts: Mapping[str, Any], *, file: Path, words: Words, report: Report
) -> None:
    """Bring a folder with the tensors of a network to a whole checkpoint."""
    net = facts["net"]
    kinds = _kinds(net["c_dim"], words.kinds)
    mapping = load_file(folder / MAPPING)
    drawn, centres = draw(MappingNetwork(mapping))
    if len(kinds):
        mapping["centres"] = centres
    card: dict[str, Any] = {
        **words.to_card(facts["architecture"]),
        "imported_from": {"file": file.name, "sha256": sha256_of(file)},
        "size": net["resolution"],
        "kinds": kinds,
        "net": net,
        "sampling": {"psi": PSI},
        "gene_groups": gene_groups(facts["architecture"], net),
        "sliders": [],
    }
    _write(folder, card, mapping)
    space, painter = _open(folder, card)
    report("Painting founders for the sheet.")
    founders = _paint_all(painter, _founders(space))
    contact_sheet(founders, columns=SHEET_COLUMNS).save(folder / "samples.png", optimize=True)
    report("Measuring what the principal directions change.")
    sliders, directions = find_sliders(
        drawn,
        groups=card["gene_groups"],
        layers=net["num_ws"],
        paint=lambda genes: _paint_all(painter, genes),
        probes=_founders(space)[:PROBES],
        spread=measure(founders).std(1),
    )
    card["sliders"] = sliders
    _write(folder, card, mapping | directions)
    _open(folder, card)


def _open(folder: Path, card: Mapping[str, Any]) -> tuple[StyleGanSpace, StyleGanNet]:
    """The gene space and the net of a folder, read back as the site will read them."""
    checkpoint = Checkpoint(card["key"], folder, card, "")
    return stylegan_space(checkpoint), load(checkpoint)


def _write(folder: Path, card: dict[str, Any], mapping: Mapping[str, np.ndarray]) -> None:
    save_file(dict(mapping), folder / MAPPING)
    (folder / MAPPING).chmod(0o644)  # safetensors writes files that only their owner may read.
    card["files"] = {name: sha256_of(folder / name) for name in (WEIGHTS, MAPPING)}
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")


def _kinds(count: int, names: Sequence[str]) -> list[str]:
    """The names of the classes. Raises Refused when there are not as many names as classes."""
    if names and len(names) != count:
        raise Refused(
            "This network has {count} classes, and {names} names were given with --kinds.",
            count=count,
            names=len(names),
        )
    return list(names) or [f"class {number}" for number in range(1, count + 1)]


def draw(mapping: MappingNetwork) -> tuple[np.ndarray, np.ndarray]:
    """Random w of every class, [count, w_dim], and the centre of each class, [classes, w_dim]."""
    rng = np.random.default_rng(0)
    classes = max(1, mapping.classes)
    each = max(LEAST_DRAWN, DRAWN // classes)
    by_class = [
        mapping(rng.standard_normal((each, mapping.z_dim)), kind=kind) for kind in range(classes)
    ]
    return np.concatenate(by_class), np.stack([w.mean(0) for w in by_class])


def gene_groups(architecture: str, net: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which layers belong together: of 4 and 8 px, of 16 and 32 px, and the finer ones.

    StyleGAN3 has no such sizes; there the layers as small as the waves come first, and the fine
    ones begin where the signal is FINE_ENLARGING times as large. Empty groups are left out.
    """
    places: list[int] = []
    if architecture == "stylegan2":
        for layer in range(net["num_ws"]):
            block = (layer + 1) // 2
            places.append((block >= MIDDLE) + (block >= FINE))
    else:
        edge = first = net["waves"]["edge"]
        places.append(0)
        for layer in net["layers"]:
            edge = edge_after(edge, layer)
            places.append((edge > first) + (edge > FINE_ENLARGING * first))
    return [
        {"key": key, "label": label, "layers": [i for i, one in enumerate(places) if one == place]}
        for place, (key, label) in enumerate(GROUPS)
        if place in places
    ]


def _founders(space: StyleGanSpace) -> np.ndarray:
    return np.stack(
        [space.sample(np.random.default_rng([0, i])) for i in range(SHEET_ROWS * SHEET_COLUMNS)]
    )


def _paint_all(painter: StyleGanNet, genes: np.ndarray) -> np.ndarray:
    """Small pictures of genes [count, genes], uint8 [count, edge, edge, 3]."""
    pictures = []
    for one in genes:
        picture = painter.render(
            Genome("", "", one), size=LIVE_EDGE, supersample=1, yield_point=ignore_progress
        )
        small = Image.fromarray(picture)
        small.thumbnail((TILE, TILE), Image.Resampling.BOX)
        pictures.append(np.asarray(small))
    return np.stack(pictures)


def find_sliders(
    drawn: np.ndarray,
    *,
    groups: Sequence[Mapping[str, Any]],
    layers: int,
    paint: Paint,
    probes: np.ndarray,
    spread: np.ndarray,
) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """The sliders of a network: for the card, with measured effects, and tensors `slider.KEY`.

    The principal directions of w are tried on the layers of each group, one standard deviation to
    either side; each keeps the name of the property that it moves most (Härkönen et al. 2020,
    "GANSpace"). drawn: w [count, w_dim]. probes: genes. spread: of each property over works.
    """
    _, lengths, axes = np.linalg.svd(drawn - drawn.mean(0), full_matrices=False)
    directions = (axes * (lengths / np.sqrt(len(drawn)))[:, None])[:COMPONENTS]
    found = []
    for group in groups:
        effects = np.stack(
            [_effect(direction, group["layers"], layers, paint, probes) for direction in directions]
        ) / np.maximum(spread, 1e-6)
        found.append(Directions(group["key"], directions, effects))
    return name_sliders(found)


def _effect(
    direction: np.ndarray, chosen: list[int], layers: int, paint: Paint, probes: np.ndarray
) -> np.ndarray:
    """The mean change of every property for one standard deviation."""
    step = np.zeros((layers, len(direction)), np.float32)
    step[chosen] = direction
    high, low = (measure(paint(probes + sign * step.reshape(-1))) for sign in (1, -1))
    return (high - low).mean(1) / 2
