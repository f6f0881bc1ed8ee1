"""From an uploaded melody to the genome of a tune that begins with it."""

from generation.checkpoints import find
from generation.genome import Genome
from generation.melodies.files import Melody
from generation.melodies.lines import home_tokens


def continue_melody(melody: Melody, *, generator: str, style: str) -> Genome:
    """The genome of a tune that begins with the melody. Loads the net of the species.

    Raises Refused where the melody is too short, the style unknown, or the species makes no music.
    """
    from generation.engine import render  # noqa: PLC0415

    digest = find(generator).digest
    composer = render.load_composer(generator, digest)
    tokens, home = home_tokens(melody.notes)
    genes = composer.genes_of(tokens, home=home, bpm=melody.bpm, style=style)
    return Genome(generator, digest, genes)
