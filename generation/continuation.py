"""From an uploaded melody to the genome of a tune that begins with it."""

import numpy as np

from generation.checkpoints import find
from generation.engine.engine import LocalEngine
from generation.engine.frames import Phrase
from generation.genome import Genome
from generation.melodies.files import Melody
from generation.melodies.lines import home_tokens


def continue_melody(
    melody: Melody, *, generator: str, style: str, engine: LocalEngine, owner: str = ""
) -> Genome:
    """The genome of a tune that begins with the melody, written by the net of the species.

    Raises Refused where the melody is too short, the style unknown, or the species makes no music.
    """
    digest = find(generator).digest
    tokens, home = home_tokens(melody.notes)
    phrase = Phrase(generator, digest, tokens, home, melody.bpm, style)
    frame = engine.submit(phrase, owner=owner).result()
    return Genome(generator, digest, np.frombuffer(frame.payload, dtype="<f4"))
