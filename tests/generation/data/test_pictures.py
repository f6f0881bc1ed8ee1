import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from generation.data.examples import Example, examples_in
from generation.data.picture_sets import prepare
from generation.data.pictures import (
    SetFacts,
    open_captions,
    open_labels,
    open_prepared,
    to_pixels,
    write_set,
)
from generation.refusal import Refused
from tests.generation.data.test_picture_cleaning import make_picture

FACTS = SetFacts("Blots", "a test", "CC0 1.0", "nobody", label_names=("a", "b"))


def silent(text):
    pass


def make_examples(count=100):
    return [Example(f"{i}", make_picture(i, size=16), label=i % 4 == 0) for i in range(count)]


def make_folder(path, count=80):
    (path / "below").mkdir(parents=True)
    for i in range(count):
        Image.fromarray(make_picture(i, size=40)).save(
            path / ("below" if i % 2 else "") / f"{i:03d}.png"
        )
    (path / "notes.txt").write_text("These are my pictures.")
    (path / "copy.png").write_bytes((path / "000.png").read_bytes())
    return path


def test_a_folder_with_rubbish_in_it_becomes_a_set(tmp_path):
    prepare(str(make_folder(tmp_path / "mine")), target=tmp_path / "out", size=32, report=silent)
    pictures, card = open_prepared(str(tmp_path / "out"))
    assert pictures.shape == (80, 32, 32, 3)
    assert isinstance(pictures, np.memmap)
    assert card["count"] == 80
    assert card["dropped"] == {"not a picture": 1, "nearly the same as another": 1}
    assert Image.open(tmp_path / "out" / "sheet.png").size == (16 * 32, 5 * 32)


def test_a_text_beside_a_picture_is_its_caption_in_a_folder_and_in_a_zip(tmp_path):
    folder = make_folder(tmp_path / "mine")
    (folder / "004.txt").write_text("A round  blot,\nnearly black.", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder))
    for source in (folder, tmp_path / "mine.zip"):
        prepare(str(source), target=tmp_path / "out", size=32, report=silent)
        pictures, card = open_prepared(str(tmp_path / "out"))
        captions = open_captions(tmp_path / "out")
        (place,) = np.flatnonzero(captions)
        assert captions[place] == "A round blot, nearly black."
        wanted = to_pixels(Example("", (folder / "004.png").read_bytes()), FACTS, size=32)
        assert np.array_equal(pictures[place], wanted.pixels)
        assert card["dropped"]["not a picture"] == 1  # notes.txt stands beside no picture.


def test_eight_large_pictures_are_a_set_for_loras(tmp_path):
    examples = [Example(str(i), make_picture(i, size=512)) for i in range(8)]
    write_set(examples, FACTS, target=tmp_path / "large", size=512, report=silent)
    assert open_prepared(str(tmp_path / "large"))[0].shape == (8, 512, 512, 3)
    assert open_captions(tmp_path / "large") == []
    assert Image.open(tmp_path / "large" / "sheet.png").size == (8 * 256, 256)


def test_a_zip_gives_the_same_pictures_as_its_folder(tmp_path):
    folder = make_folder(tmp_path / "mine")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder))
    for source, target in ((folder, "a"), (tmp_path / "mine.zip", "b")):
        prepare(str(source), target=tmp_path / target, size=32, report=silent)
    assert np.array_equal(
        open_prepared(str(tmp_path / "a"))[0], open_prepared(str(tmp_path / "b"))[0]
    )


def test_too_few_pictures_are_refused_and_nothing_is_left(tmp_path):
    folder = make_folder(tmp_path / "mine", count=1)
    with pytest.raises(Refused, match="Only 1 usable pictures were found .*at least 64"):
        prepare(str(folder), target=tmp_path / "out", size=32, report=silent)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_refused_set_leaves_an_earlier_one_alone(tmp_path):
    write_set(make_examples(), FACTS, target=tmp_path / "set", size=16, report=silent)
    with pytest.raises(Refused):
        write_set(make_examples(10), FACTS, target=tmp_path / "set", size=16, report=silent)
    assert len(open_prepared(str(tmp_path / "set"))[0]) == 100


@pytest.mark.parametrize(
    "source, sentence",
    [
        ("nowhere", "neither a folder, nor a ZIP file, nor one of the known sets: people, "),
        ("text.zip", "neither a folder nor a whole ZIP file.*Fetch it again, or unpack it"),
    ],
)
def test_an_unknown_source_is_refused(tmp_path, monkeypatch, source, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.zip").write_text("I am no archive.")
    with pytest.raises(Refused, match=sentence):
        prepare(source, target=tmp_path / "out", size=None, report=silent)


def test_a_size_the_nets_have_no_plan_for_is_refused(tmp_path):
    with pytest.raises(Refused, match="16, 32, 64, 128"):
        prepare(
            str(make_folder(tmp_path / "mine")), target=tmp_path / "out", size=100, report=silent
        )


def test_a_set_of_known_size_that_came_short_is_refused(tmp_path):
    facts = SetFacts("Blots", "a test", "CC0 1.0", "nobody", expected=120)
    with pytest.raises(Refused, match="Blots has 100 pictures instead of 120"):
        write_set(make_examples(100), facts, target=tmp_path / "out", size=16, report=silent)


def test_labels_follow_their_pictures(tmp_path):
    examples = make_examples()
    write_set(examples, FACTS, target=tmp_path / "set", size=16, report=silent)
    pictures, _ = open_prepared(str(tmp_path / "set"))
    label_of = {example.content.tobytes(): example.label for example in examples}
    assert open_labels(tmp_path / "set").tolist() == [
        label_of[picture.tobytes()] for picture in pictures
    ]


def test_a_family_is_held_out_whole_or_not_at_all(tmp_path):
    examples = [replace(one, family=str(i % 25)) for i, one in enumerate(make_examples(100))]
    card = write_set(examples, FACTS, target=tmp_path / "set", size=16, report=silent)
    pictures, _ = open_prepared(str(tmp_path / "set"))
    family_of = {example.content.tobytes(): example.family for example in examples}
    families = [family_of[picture.tobytes()] for picture in pictures]
    learnt = len(pictures) - card["held_out"]
    assert card["held_out"] >= 4
    assert not set(families[:learnt]) & set(families[learnt:])


def test_something_else_is_not_a_prepared_set(tmp_path):
    with pytest.raises(Refused, match="manage.py prepare_data nothing"):
        open_prepared(str(tmp_path / "nothing"))
    np.save(tmp_path / "pictures.npy", np.zeros((100, 8, 8, 3), np.float32))
    (tmp_path / "card.json").write_text(json.dumps({}))
    with pytest.raises(Refused, match="float32"):
        open_prepared(str(tmp_path))


def make_zip(path, count=80):
    folder = make_folder(path.with_suffix(""), count)
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, file.relative_to(folder))
    return path


def test_what_is_damaged_in_a_zip_is_counted_and_the_rest_is_taken(tmp_path):
    path = make_zip(tmp_path / "mine.zip")
    content = bytearray(path.read_bytes())
    for info in zipfile.ZipFile(path).infolist()[:3]:
        place = info.header_offset + 30 + len(info.filename)
        content[place + 20 : place + 40] = bytes(20)
    path.write_bytes(content)
    prepare(str(path), target=tmp_path / "out", size=16, report=silent)
    card = open_prepared(str(tmp_path / "out"))[1]
    assert (card["count"], card["dropped"]["damaged in the ZIP file"]) == (78, 3)


def test_a_zip_that_announces_too_much_is_not_unpacked(tmp_path):
    path = make_zip(tmp_path / "mine.zip")
    with (
        zipfile.ZipFile(path, "a", compression=zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.png", "w") as bomb,
    ):
        for _ in range(65):
            bomb.write(bytes(1_000_000))
    assert [example.problem for example in examples_in(path) if example.name == "bomb.png"] == [
        "more than 64 MB"
    ]


def test_a_zip_with_a_password_is_refused(tmp_path):
    path = make_zip(tmp_path / "mine.zip", count=1)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= (
        1  # The flag of the first file in the table of contents.
    )
    path.write_bytes(content)
    with pytest.raises(Refused, match="locked by a password. Unpack it yourself"):
        prepare(str(path), target=tmp_path / "out", size=16, report=silent)


def test_names_in_a_zip_that_lead_elsewhere_lead_nowhere(tmp_path):
    folder = make_folder(tmp_path / "mine")
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        for path in folder.rglob("*.png"):
            archive.write(path, f"../../outside/{path.name}")
    prepare(str(tmp_path / "slip.zip"), target=tmp_path / "in" / "out", size=16, report=silent)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "mine", "slip.zip"]


def test_the_owner_says_licence_and_credit(tmp_path):
    folder = make_folder(tmp_path / "mine")
    prepare(
        str(folder),
        target=tmp_path / "out",
        size=16,
        report=silent,
        licence="CC BY 4.0",
        credit="Ida",
    )
    card = open_prepared(str(tmp_path / "out"))[1]
    assert (card["licence"], card["credit"], card["name"]) == ("CC BY 4.0", "Ida", "mine")


def test_a_folder_of_drawings_is_told_what_to_do(tmp_path):
    for i in range(3):
        (tmp_path / f"{i}.svg").write_text(
            '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
        )
    with pytest.raises(Refused, match="3 drawn as SVG, to be saved as PNG first"):
        prepare(str(tmp_path), target=tmp_path / "out", size=16, report=silent)


def test_links_to_files_are_followed_and_what_is_left_out_is_counted(tmp_path):
    """As in a cache of Hugging Face, whose names are links to files named by their digests."""
    mine, blobs = tmp_path / "mine", tmp_path / "blobs"
    mine.mkdir(), blobs.mkdir()
    rng = np.random.default_rng(0)
    for number in range(70):
        small = Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        small.resize((32, 32)).save(blobs / f"{number:02d}", "PNG")
        (mine / f"{number:02d}.png").symlink_to(blobs / f"{number:02d}")
    (mine / "again.png").symlink_to(blobs / "00")
    (mine / "gone.png").symlink_to(blobs / "gone")
    (mine / "round").symlink_to(mine, target_is_directory=True)
    (mine / "notes.txt").write_text("a note")
    said = []
    card = prepare_and_open(mine, target=tmp_path / "out", report=said.append)
    assert card["count"] == 70
    left_out = {
        "the same file once more": 1,
        "a link that leads nowhere": 1,
        "a link to a folder": 1,
        "not a picture": 1,
    }
    assert card["dropped"] == left_out
    assert all(any(reason in line and " 1 " in line for line in said) for reason in left_out)


def prepare_and_open(folder, *, target, report):
    prepare(str(folder), target=target, size=16, report=report)
    return open_prepared(str(target))[1]
