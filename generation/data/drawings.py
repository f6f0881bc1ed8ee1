"""Drawings that tools make of what packages hold: portraits, and icon sets by several hands."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from generation.data.framing import MARGIN
from generation.data.sources import DOWNLOADS, Package, Report, fetch, run_client, run_tool, unpack
from generation.refusal import Refused

SCRIPTS = Path(__file__).parent
DRAWING_PACKAGES = (
    "@dicebear/core@9.4.3",
    "@dicebear/adventurer@9.4.3",
    "@dicebear/lorelei@9.4.3",
    "@resvg/resvg-js@2.6.2",
)

EMOJI = Package(
    "npm",
    "@lobehub/fluent-emoji-3d",
    "1.1.0",
    "lobehub-fluent-emoji-3d-1.1.0.tgz",
    "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
)


def iconify(name: str, version: str, sha256: str) -> Package:
    """An icon set of Iconify's: SVG bodies by name in one JSON file."""
    file = f"iconify-json-{name}-{version}.tgz"
    return Package("npm", f"@iconify-json/{name}", version, file, sha256)


NOTO = iconify("noto", "1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad")
# The hands that drew the same emoji, with the drawings on which resvg fails. OpenMoji is not among
# them: its share-alike licence would bind every work.
HANDS: dict[str, tuple[Package, frozenset[str]]] = {
    "noto": (NOTO, frozenset({"package"})),
    "noto-v1": (
        iconify(
            "noto-v1",
            "1.2.5",
            "2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37",
        ),
        frozenset({"ambulance", "bullet-train", "cocktail-glass", "hot-beverage", "lady-beetle"}),
    ),
    "twemoji": (
        iconify(
            "twemoji",
            "1.2.5",
            "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
        ),
        frozenset(),
    ),
    "emojione": (
        iconify(
            "emojione",
            "1.2.3",
            "26a14f44284407e8bcde91799388dca2bfd91dbcd55a97f425524a1c5b73610e",
        ),
        frozenset(),
    ),
    "fluent-emoji": (
        iconify(
            "fluent-emoji",
            "1.2.7",
            "8044210dbf11e016d4de85f15d01a243423bd832457e7e2491df1b751c0e272b",
        ),
        frozenset(),
    ),
    "fluent-emoji-flat": (
        iconify(
            "fluent-emoji-flat",
            "1.2.6",
            "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
        ),
        frozenset(),
    ),
}


def drawing_tools(*, report: Report) -> Path:
    """Return a folder in which the .mjs scripts find DiceBear and resvg.

    npm checks the packages' own digests.
    """
    folder = DOWNLOADS / "drawing"
    names = [package.rpartition("@")[0] for package in DRAWING_PACKAGES]
    if not all((folder / "node_modules" / name / "package.json").exists() for name in names):
        report("Installing the drawing tools with npm ...")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        command = ["npm", "install", "--loglevel=error", "--ignore-scripts", *DRAWING_PACKAGES]
        run_client(command, folder=folder, what="the drawing tools")
    # Node looks for packages beside the script, not in the current folder.
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder / script.name)
    return folder


def read_raw(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Read uint8 [count, *shape] from a headerless file.

    Raises Refused when its length does not fit.
    """
    values = np.fromfile(path, dtype=np.uint8)
    if values.size == 0 or values.size % np.prod(shape):
        raise Refused("{path} has a wrong length. Delete it and run this again.", path=path)
    return values.reshape(-1, *shape)


def fluent_pictures(*, report: Report) -> list[Path]:
    """Return the files of the Fluent 3D emoji, 256 px with alpha, named by their code points."""
    folder = unpack(fetch(EMOJI, report=report), DOWNLOADS / "fluent-emoji") / "package" / "assets"
    return sorted(folder.glob("*.webp"))


def icon_folder(package: Package, *, report: Report) -> Path:
    """Return the folder of an icon set: icons.json and what it says about them."""
    return unpack(fetch(package, report=report), DOWNLOADS / Path(package.file).stem) / "package"


def icon_names(folder: Path) -> list[str]:
    return sorted(json.loads((folder / "icons.json").read_text(encoding="utf-8"))["icons"])


def draw_icons(folder: Path, names: Sequence[str], *, size: int, report: Report) -> np.ndarray:
    """Draw icons of a set, uint8 [count, size, size, 4], colours multiplied by opacity.

    What was drawn once is kept.
    """
    tools = drawing_tools(report=report)
    listed = json.dumps(list(names)).encode()
    stem = f"{folder.parent.name}-{size}-{hashlib.blake2b(listed, digest_size=4).hexdigest()}"
    if not (tools / f"{stem}.rgba").exists():
        report(f"Drawing {len(names)} icons of {folder.parent.name} ...")
        (tools / f"{stem}.json").write_bytes(listed)
        icons = str((folder / "icons.json").resolve())
        command = ["node", "render_svg.mjs", icons, f"{stem}.json", str(size), str(MARGIN)]
        run_tool([*command, f"{stem}.rgba"], folder=tools, what=f"icons of {folder.parent.name}")
    return read_raw(tools / f"{stem}.rgba", (size, size, 4))
