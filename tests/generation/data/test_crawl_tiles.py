import numpy as np
import pytest
from PIL import Image

from generation.data.apt_source import source_commands, source_entries
from generation.data.crawl_tiles import LAYERS, LEFT_OUT, characters, read_parts
from generation.refusal import Refused


def make_tiles(folder):
    """Every layer has two parts, each a square of its own colour at its own place."""
    rng = np.random.default_rng(0)
    for place, (layer, _) in enumerate(LAYERS):
        (folder / "player" / layer).mkdir(parents=True)
        for name in ("human_f", "elf_m") if layer == "base" else ("red", "blue"):
            picture = Image.new("RGBA", (32, 32))
            picture.paste(
                (*rng.integers(0, 256, 3).tolist(), 255), (2 * place, 4, 2 * place + 6, 28)
            )
            picture.save(folder / "player" / layer / f"{name}.png")
    return folder


def test_the_same_seed_composes_the_same_characters(tmp_path):
    tiles = make_tiles(tmp_path)
    first, again, other = (list(characters(tiles, 20, seed=seed)) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert len({picture.tobytes() for picture in first + other}) > 30
    assert first[0].shape == (32, 32, 3)


def test_every_character_has_a_body(tmp_path):
    tiles = make_tiles(tmp_path)
    bodies = {part.getpixel((2, 10))[:3] for part in read_parts(tiles)["base"]}
    # The body's left edge is covered by later layers at times; where it is not, it shows.
    shown = {tuple(picture[10, 2].tolist()) for picture in characters(tiles, 60)}
    assert bodies <= shown


def test_parts_of_another_size_or_of_film_characters_are_left_out(tmp_path):
    tiles = make_tiles(tmp_path)
    Image.new("RGBA", (64, 32)).save(tiles / "player" / "head" / "wide.png")
    Image.new("RGBA", (32, 32)).save(tiles / "player" / "head" / "gandalf.png")
    Image.new("RGBA", (32, 32)).save(tiles / "player" / "base" / "octopode1.png")
    parts = read_parts(tiles)
    assert len(parts["head"]) == len(parts["base"]) == 2


@pytest.mark.parametrize(
    "name, is_left_out",
    [
        ("demonblade", True),
        ("pj", True),
        ("leather_armour", False),
        ("samurai", False),
    ],
)
def test_names_are_matched_as_meant(name, is_left_out):
    assert bool(LEFT_OUT.search(name)) == is_left_out


def test_binary_entries_become_source_entries(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(
        "deb [signed-by=/k] mirror://x stable main\n# deb commented\n"
    )
    (tmp_path / "sources.list.d" / "a.sources").write_text("Types: deb\nURIs: mirror://x\n")
    (tmp_path / "sources.list.d" / "off.sources.disabled").write_text("Types: deb\n")
    assert source_entries(tmp_path) == {
        "sources.list": "deb-src [signed-by=/k] mirror://x stable main\n# deb commented\n",
        "a.sources": "Types: deb-src\nURIs: mirror://x\n",
    }


def test_a_machine_without_apt_is_told(tmp_path):
    with pytest.raises(Refused, match="Debian"):
        source_entries(tmp_path)


def test_only_the_archive_is_downloaded(tmp_path):
    update, source = source_commands("crawl", private=tmp_path / "apt")
    assert update[-1] == "update"
    assert source[-4:] == ["source", "--tar-only", "--download-only", "crawl"]
    assert f"Dir::State::lists={tmp_path / 'apt' / 'lists'}" in update
