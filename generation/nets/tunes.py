"""A music species ready to play: genome -> song, and a melody of one's own -> genes."""

from dataclasses import dataclass

import numpy as np

from generation.checkpoints import Checkpoint
from generation.finishing.latents import read_latents
from generation.finishing.music import compose
from generation.finishing.phrases import two_phrases
from generation.finishing.song import Song
from generation.genespaces.tunes import TunesSpace
from generation.genome import Genome
from generation.nets import music_vae
from generation.nets.music_vae import MusicVae


@dataclass(frozen=True)
class Tunes:
    """The net of a checkpoint with its gene space."""

    net: MusicVae
    space: TunesSpace

    def song(self, genome: Genome, *, title: str = "") -> Song:
        """The whole arranged song of a genome; the same genome always gives the same notes."""
        genes = self.space.read(genome.genes)
        return compose(genes, decode=self.net.write, scale=self.space.latents.scale, seed=genome.seed, title=title)

    def genes_of(self, tokens: np.ndarray, *, home: int, bpm: float, style: str) -> np.ndarray:
        """Genes of a melody in the home key (see data.melodies.home_tokens): its two phrases, its key and its tempo.

        Raises Refused where the melody is too short, or the style unknown.
        """
        a, b = self.net.read(np.stack(two_phrases(tokens)))
        key = (home + 6) % 12 - 6
        return self.space.write(a, b, style=style, key=key, bpm=bpm)


def load(checkpoint: Checkpoint) -> Tunes:
    """Load net and map of a music-vae checkpoint. Raises Refused where its files are damaged."""
    return Tunes(music_vae.load(checkpoint.folder), TunesSpace(read_latents(checkpoint.weights)))
