"""GLB and STL files: other programs read them, and they say whose work they are."""

import io
import json
import struct

import numpy as np
import pytest

from generation.codecs.provenance import Provenance
from generation.codecs.solids import GLB, STL, Solid, embed, encode_solid
from generation.refusal import Refused

WORDS = Provenance(
    title="Solid rain “雨”",
    creator="Ada Fern",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    credit="60 % Ada Fern, 40 % Ben",
    is_trained=False,
    may_train=False,
    tool="Arboretum, species Sculptures 1",
    identifier="ab" * 32,
)


@pytest.fixture
def tent() -> Solid:
    """A tetrahedron 100 mm high and wide, each corner of another colour."""
    corners = np.array([[0, 0, 0], [100, 0, 0], [0, 0, 60], [0, 100, 0]], np.float32)
    return Solid(
        vertices=corners,
        normals=np.full((4, 3), 3**-0.5, np.float32),
        colours=np.array([[0, 0, 0], [1, 0, 0], [0, 0.5, 0], [0, 0, 0.002]]),
        faces=np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]], np.int32),
        metal=0.25,
        roughness=0.5,
    )


def read_glb(data: bytes) -> tuple[dict, bytes]:
    magic, version, length, size = struct.unpack_from("<4sIII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    return json.loads(data[20 : 20 + size]), data[28 + size :]


@pytest.mark.parametrize("media_type", [GLB, STL])
def test_other_programs_read_the_same_closed_body(tent: Solid, media_type: str):
    trimesh = pytest.importorskip("trimesh")
    data = embed(encode_solid(tent, media_type), WORDS)
    kind = {GLB: "glb", STL: "stl"}[media_type]
    mesh = trimesh.load(io.BytesIO(data), file_type=kind, force="mesh")
    assert mesh.is_watertight and mesh.is_winding_consistent
    # A GLB is in metres with y upright, an STL in millimetres with z upright.
    extents, unit = ([100, 100, 60], 1e-3) if media_type == GLB else ([100, 60, 100], 1)
    assert mesh.extents == pytest.approx(np.array(extents) * unit)
    assert mesh.volume == pytest.approx(100 * 100 * 60 / 6 * unit**3)


def test_a_glb_holds_linear_colours_a_material_and_normals(tent: Solid):
    scene, binary = read_glb(encode_solid(tent, GLB))
    (primitive,) = scene["meshes"][0]["primitives"]
    accessor = scene["accessors"][primitive["attributes"]["COLOR_0"]]
    start = scene["bufferViews"][accessor["bufferView"]]["byteOffset"]
    colours = np.frombuffer(binary, "<u2", 16, start).reshape(4, 4)
    assert accessor["normalized"] and colours[:, 3].tolist() == [65535] * 4
    assert colours[:, :3] / 65535 == pytest.approx(tent.colours, abs=1e-5)
    assert {"POSITION", "NORMAL"} < primitive["attributes"].keys()
    material = scene["materials"][0]["pbrMetallicRoughness"]
    assert material == {"metallicFactor": 0.25, "roughnessFactor": 0.5}


def test_a_glb_says_whose_work_it_is_under_which_licence_and_that_a_program_made_it(tent: Solid):
    bare = encode_solid(tent, GLB)
    scene, binary = read_glb(embed(bare, WORDS))
    asset = scene["asset"]
    assert asset["copyright"] == "Ada Fern, CC BY 4.0" and asset["generator"] == WORDS.tool
    said = asset["extras"]
    assert (said["title"], said["credit"]) == (WORDS.title, WORDS.credit)
    assert said["source"].endswith("/algorithmicMedia") and said["may_train"] is False
    assert said["licence_url"] == WORDS.licence_url and "alt" not in said
    assert binary == read_glb(bare)[1]


def test_an_stl_begins_with_title_maker_and_licence_and_is_not_taken_for_text(tent: Solid):
    bare = encode_solid(tent, STL)
    data = embed(bare, WORDS)
    header = data[:80].rstrip(b"\0").decode()
    assert header == "“Solid rain “雨”” by Ada Fern, CC BY 4.0"
    assert not data.startswith(b"solid") and data[80:] == bare[80:]


def test_a_long_title_leaves_room_for_maker_and_licence(tent: Solid):
    words = Provenance(title="雨" * 100, creator="Ada Fern", licence="CC BY 4.0")
    data = embed(encode_solid(tent, STL), words)
    assert data[:80].rstrip(b"\0").decode().endswith("雨” by Ada Fern, CC BY 4.0")


@pytest.mark.parametrize("data", [b"", b"solid rain", bytes(200)])
def test_another_file_is_refused(data: bytes):
    with pytest.raises(Refused, match="neither GLB nor STL"):
        embed(data, WORDS)
