"""A music species ready to play: a genome becomes a song, and a melody becomes genes."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from generation.checkpoints import Checkpoint
from generation.finishing.latents import read_latents
from generation.finishing.music import compose, plausibility
from generation.finishing.phrases import answer_higher, two_phrases
from generation.genespaces.tunes import TunesSpace
from generation.genome import Genome
from generation.nets import music_rnn, music_vae
from generation.nets.music_rnn import MusicRnn
from generation.nets.music_vae import MusicVae, Writer
from generation.song import Song

CONTINUATION = "continuation"  # Subfolder of a checkpoint: the net that continues phrases.
ATTEMPTS = 12  # Continuations that are tried, of which the most plausible is taken.


@dataclass(frozen=True)
class Tunes:
    """The net of a checkpoint, its gene space, and the net that continues phrases, if any.

    writer: what writes the net's phrases.
    """

    net: MusicVae
    writer: Writer
    space: TunesSpace
    continuation: MusicRnn | None = None

    def song(self, genome: Genome, *, title: str = "") -> Song:
        """Compose the arranged song of a genome; the same genome always gives the same notes."""
        genes = self.space.read(genome.genes)
        return compose(
            genes,
            decode=self.writer.likeliest,
            scale=self.space.latents.scale,
            seed=genome.seed,
            title=title,
        )

    def genes_of(self, tokens: np.ndarray, *, home: int, bpm: float, style: str) -> np.ndarray:
        """Return the genes of a melody: its two phrases, its key and its tempo.

        tokens: the melody in the home key, as `generation.melodies.lines.home_tokens` returns it. A
        melody of a single phrase is continued. Raises Refused where it is too short, or the style
        unknown.
        """
        invent = (
            partial(best_continuation, self.continuation) if self.continuation else answer_higher
        )
        a, b = self.net.read(np.stack(two_phrases(tokens, invent=invent)))
        key = (home + 6) % 12 - 6
        return self.space.write(a, b, style=style, key=key, bpm=bpm)


def best_continuation(net: MusicRnn, phrase: np.ndarray) -> np.ndarray:
    """Return the most plausible of a few continuations, as long as the phrase.

    The same phrase always gets the same one.
    """
    written = net.continue_phrase(
        phrase, steps=len(phrase), temperature=0.8, seed=0, count=ATTEMPTS
    )
    return max(written, key=plausibility)


def load(checkpoint: Checkpoint) -> Tunes:
    """Load net and map of a music-vae checkpoint. Raises Refused where its files are damaged."""
    folder = checkpoint.folder / CONTINUATION
    continuation = music_rnn.load(folder) if folder.is_dir() else None
    net = music_vae.load(checkpoint.folder)
    return Tunes(
        net,
        Writer(net.decoder),
        TunesSpace(read_latents(checkpoint.weights)),
        continuation,
    )
