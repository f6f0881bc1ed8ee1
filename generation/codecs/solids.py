"""Solids as files: GLB in colour, STL for 3D printers, both with words about the work inside.

GLB is glTF 2.0 in one file (ISO/IEC 12113); its vertex colours are linear. An STL file is a list of
triangles and knows neither colours nor units; programs take its numbers for millimetres. The words
of a GLB stand in its `asset`, those of an STL in the 80 bytes that begin it.
"""

import importlib.util
import json
import struct
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from generation.codecs.provenance import SOURCE_TYPES, TRAINED, UNTRAINED, Provenance
from generation.refusal import Refused
from generation.words import word

GLB, STL = "model/gltf-binary", "model/stl"
PACKAGES = ("skimage", "lazy_loader", "trimesh")
MISSING = word(
    "3D models can't be made here: the packages scikit-image and trimesh are missing. The site's"
    " operator can install them (requirements-extras.txt)."
)
_MM = 0.001  # glTF measures in metres.
_MAGIC, _JSON, _BINARY = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT16, _UINT32 = 5126, 5123, 5125
_HEADER = 80  # Bytes at the start of an STL file.


@dataclass(frozen=True)
class Solid:
    """A closed surface of triangles, standing on height 0 around the upright axis y.

    vertices, normals: float32 [n, 3], millimetres and unit vectors. colours: [n, 3], linear sRGB, 0
    to 1. faces: [m, 3] indices, counter-clockwise as seen from outside. metal, roughness: 0 to 1,
    as physically based materials have them.
    """

    vertices: np.ndarray
    normals: np.ndarray
    colours: np.ndarray
    faces: np.ndarray
    metal: float
    roughness: float


def is_installed() -> bool:
    """Whether the packages are here that turn a formula into a closed surface."""
    return all(importlib.util.find_spec(name) for name in PACKAGES)


def encode_solid(solid: Solid, media_type: str) -> bytes:
    """The solid as a file of type GLB or STL, still without words."""
    return _encode_glb(solid) if media_type == GLB else _encode_stl(solid)


def _encode_stl(solid: Solid) -> bytes:
    """Binary STL, with z upright as printers have it."""
    x, y, z = solid.vertices.T
    corners = np.stack([x, -z, y], axis=1)[solid.faces]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing /= np.linalg.norm(facing, axis=1, keepdims=True) + 1e-30
    rows = np.zeros(len(corners), [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("", "<u2")])
    rows["normal"], rows["corners"] = facing, corners
    return bytes(_HEADER) + struct.pack("<I", len(rows)) + rows.tobytes()


def _encode_glb(solid: Solid) -> bytes:
    places = np.ascontiguousarray(solid.vertices * _MM, "<f4")
    # Sixteen bits, because eight would show steps in dark colours; a fourth number, because each
    # vertex has to begin at a multiple of four bytes.
    colours = np.full((len(places), 4), 65535, "<u2")
    colours[:, :3] = np.clip(solid.colours, 0, 1) * 65535 + 0.5
    arrays = {
        "POSITION": (places, _FLOAT, "VEC3"),
        "NORMAL": (np.ascontiguousarray(solid.normals, "<f4"), _FLOAT, "VEC3"),
        "COLOR_0": (colours, _UINT16, "VEC4"),
        "": (np.ascontiguousarray(solid.faces, "<u4").reshape(-1), _UINT32, "SCALAR"),
    }
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []
    start = 0
    for number, (name, (values, kind, shape)) in enumerate(arrays.items()):
        # 34962: for vertices, 34963: for faces.
        target = 34962 if name else 34963
        views.append(
            {"buffer": 0, "byteOffset": start, "byteLength": values.nbytes, "target": target}
        )
        start += values.nbytes
        accessor = {"bufferView": number, "componentType": kind, "count": len(values)}
        accessors.append(accessor | {"type": shape, "normalized": name == "COLOR_0"})
    accessors[0] |= {"min": places.min(axis=0).tolist(), "max": places.max(axis=0).tolist()}
    material = {"metallicFactor": solid.metal, "roughnessFactor": solid.roughness}
    attributes = {name: number for number, name in enumerate(arrays) if name}
    primitive = {"attributes": attributes, "indices": len(arrays) - 1, "material": 0}
    scene = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [primitive]}],
        "materials": [{"pbrMetallicRoughness": material}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": start}],
    }
    return _pack(scene, b"".join(values.tobytes() for values, _, _ in arrays.values()))


def _pack(scene: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(scene, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    return b"".join(
        [
            struct.pack("<III", _MAGIC, 2, 28 + len(text) + len(binary)),
            struct.pack("<II", len(text), _JSON) + text,
            struct.pack("<II", len(binary), _BINARY) + binary,
        ]
    )


def embed(data: bytes, provenance: Provenance) -> bytes:
    """The GLB or STL file of `encode_solid` with the provenance inside; its surface stays.

    In an STL there is room for title, maker and licence alone. Raises Refused for other files.
    """
    if data[:4] != struct.pack("<I", _MAGIC):
        if len(data) < _HEADER + 4 or len(data) != 84 + 50 * struct.unpack_from("<I", data, 80)[0]:
            raise Refused("This file is neither GLB nor STL.")
        return _header(provenance) + data[_HEADER:]
    length = struct.unpack_from("<I", data, 12)[0]
    scene = json.loads(data[20 : 20 + length])
    rights = ", ".join(text for text in (provenance.creator, provenance.licence) if text)
    made = provenance.source or (TRAINED if provenance.is_trained else UNTRAINED)
    extras = asdict(provenance) | {"source": SOURCE_TYPES + made}
    words = {"generator": provenance.tool, "copyright": rights}
    scene["asset"] |= {name: text for name, text in words.items() if text}
    scene["asset"]["extras"] = {
        name: each for name, each in extras.items() if each not in ("", None)
    }
    scene["nodes"][0]["name"] = provenance.title
    return _pack(scene, data[28 + length :])


def _header(provenance: Provenance) -> bytes:
    """The 80 bytes; a long title is cut before the maker and the licence are.

    They begin with a quotation mark: a file that begins with "solid" would be taken for text.
    """
    after = "".join(
        f"{word}{text}"
        for word, text in (("by ", provenance.creator), (", ", provenance.licence))
        if text
    )
    ending = f"” {after}".encode()[: _HEADER - 16]
    title = f"“{provenance.title}".encode()[: _HEADER - len(ending)]
    whole = title.decode(errors="ignore").encode() + ending.decode(errors="ignore").encode()
    return whole.ljust(_HEADER, b"\0")
