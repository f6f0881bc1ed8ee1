"""Short tunes for tests: a real engine whose composer writes two bars, and works that are such
tunes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from gallery import studio
from gallery.job_runner import run_next
from gallery.models import Artwork, State
from generation.breeding import sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import MUSIC_TYPES
from generation.engine.perform import perform
from generation.song import Chord, Note, Part, Song
from tests.factories import make_artwork, make_job, make_species


class Whistle:
    """Composes two seconds: a melody whose pitch is the genome's seed, and a bass."""

    def song(self, genome, *, title=""):
        pitch = 60 + genome.seed % 24
        melody = tuple(
            Note(beat, beat + 1.0, pitch + step, 90) for beat, step in enumerate((0, 2, 4, 0))
        )
        parts = (
            Part("melody", "Flute", 73, melody),
            Part("bass", "Double bass", 32, (Note(0.0, 4.0, 36, 80),)),
        )
        return Song(
            title, "folk", "major", 0, 120.0, 4.0, parts, (Chord(0.0, 4.0, "C"),), ((0.0, "A"),)
        )


def play_whistles(key, genomes, yield_point):
    assert key.media_type in MUSIC_TYPES
    return perform(Whistle(), key, genomes, yield_point)


@contextmanager
def whistling() -> Iterator[None]:
    """The engine of this process replaced by one that plays whistles: real sound, soon done."""
    studio.use_engine(LocalEngine(render_batch=play_whistles))
    try:
        yield
    finally:
        studio.use_engine(None)


def make_tune(author=None, *, seed: int = 1, **fields) -> Artwork:
    """A published tune; with `is_printed=False` it has no files and waits for its print."""
    is_printed = fields.pop("is_printed", True)
    species = make_species("tunes", medium="music", card={"weights_sha256": "0"})
    tune = make_artwork(
        author,
        genome=sample("tunes", seed=seed),
        species=species,
        width=0,
        height=0,
        **({"state": State.RENDERING, "published_at": None} | fields),
    )
    if not is_printed:
        return tune
    make_job(tune, owner=tune.author, payload={"purpose": "master"})
    with whistling():
        assert run_next()
    return Artwork.objects.get(pk=tune.pk)
