"""A fake renderer for tests: it paints plain squares, at once and without torch.

A genome's first three genes are its colour, so tests can tell whose frame they hold. Payloads are
real files.
"""

import io
from typing import Any

import numpy as np
from PIL import Image

from generation.engine.engine import LocalEngine
from generation.engine.frames import GENES, Frame, RenderKey
from generation.genome import Genome
from generation.yielding import YieldPoint

STRIPS = 4
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def colour(genome: Genome) -> tuple[int, int, int]:
    """The colour of a genome's square: its first three genes, from [-1, 1] to [0, 255]."""
    channels = np.zeros(3)
    channels[: min(3, genome.genes.size)] = genome.genes[:3]
    red, green, blue = (int(value) for value in np.clip((channels + 1) * 127.5, 0, 255).round())
    return red, green, blue


def render_squares(key: RenderKey, genomes: list[Genome], yield_point: YieldPoint) -> list[Frame]:
    """Paint one square for each genome, with four yield points each, like the strips of a net.

    Melodies are continued by the real net.
    """
    if key.media_type == GENES:
        from generation.engine import render  # noqa: PLC0415

        return render.render_batch(key, genomes, yield_point)
    frames = []
    for index, genome in enumerate(genomes):
        for strip in range(STRIPS):
            yield_point((index + strip / STRIPS) / len(genomes))
        red, green, blue = colour(genome)
        buffer = io.BytesIO()
        Image.new("RGB", (key.size, key.size), (red, green, blue)).save(
            buffer, _FORMATS[key.media_type]
        )
        is_live = key.media_type == "image/jpeg"
        accent = "" if is_live else f"#{red:02x}{green:02x}{blue:02x}"
        frames.append(Frame(buffer.getvalue(), key.media_type, key.size, key.size, 0.1, accent))
    return frames


def make_engine(**settings: Any) -> LocalEngine:
    """An engine that paints squares. Close it after use."""
    return LocalEngine(**({"render_batch": render_squares} | settings))
