"""Gene spaces: how the genes of each kind of species are sampled, bred and edited.

`species(key)` joins a checkpoint with the gene space that fits it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from generation.checkpoints import Checkpoint, find
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, GeneSpace
from generation.genespaces.brushwork.space import BrushworkSpace
from generation.genespaces.cloth.space import ClothedSpace
from generation.genespaces.diffusion import DiffusionSpace, diffusion_space
from generation.genespaces.flames.space import FlamesSpace
from generation.genespaces.glass.space import GlassSpace
from generation.genespaces.latent import LatentSpace, latent_space
from generation.genespaces.patterns.space import PatternsSpace
from generation.genespaces.pictures import PictureSpace
from generation.genespaces.remote import RemoteSpace, remote_space
from generation.genespaces.sculptures.space import SculpturesSpace
from generation.genespaces.stylegan import stylegan_space
from generation.genespaces.tunes import tunes_space
from generation.refusal import Refused

__all__ = [
    "GeneChoice",
    "GeneGroup",
    "GeneSlider",
    "GeneSpace",
    "Species",
    "learnt_space",
    "species",
]


@dataclass(frozen=True)
class Species:
    """A checkpoint and its gene space: all that breeding needs to know."""

    key: str
    digest: str
    checkpoint: Checkpoint
    space: GeneSpace

    @property
    def takes_words(self) -> bool:
        """Whether its works are painted from words, which their genomes hold as prompts."""
        return self.checkpoint.card["architecture"] in WORDED

    @property
    def can_avoid(self) -> bool:
        """Whether its works can also be told what to keep away from."""
        return isinstance(self.space, DiffusionSpace | RemoteSpace) and self.space.can_avoid

    @property
    def can_be_grafted_onto(self) -> bool:
        """Whether its works can be painted over other pictures."""
        return isinstance(self.space, DiffusionSpace | RemoteSpace) and self.space.can_graft


def learnt_space(checkpoint: Checkpoint) -> LatentSpace | ClothedSpace:
    """The gene space of a learnt net, with cloth where the card asks for it.

    Raises Refused as `latent_space` does.
    """
    form, dyes = latent_space(checkpoint), checkpoint.card.get("cloth")
    return form if dyes is None else ClothedSpace(form, dyes=dyes)


# Architecture named on the card -> a function from the checkpoint to its gene space.
SPACES: dict[str, Callable[[Checkpoint], GeneSpace]] = {
    "patterns": lambda checkpoint: PatternsSpace(),
    "flames": lambda checkpoint: FlamesSpace(),
    "sculptures": lambda checkpoint: SculpturesSpace(),
    "brushwork": lambda checkpoint: BrushworkSpace(),
    "glass": lambda checkpoint: GlassSpace(),
    "style-vae": learnt_space,
    "music-vae": tunes_space,
    "stylegan2": stylegan_space,
    "stylegan3": stylegan_space,
    "diffusion": diffusion_space,
    "remote": remote_space,
    "picture": lambda checkpoint: PictureSpace(),
}
WORDED = frozenset({"diffusion", "remote"})  # Architectures that paint from words.
SOLID = frozenset({"sculptures"})  # Those whose works are bodies that can be seen from all sides.

_lock = threading.Lock()
# By key and digest: a replaced checkpoint is read anew.
_species: dict[tuple[str, str], Species] = {}


def species(key: str, *, digest: str = "") -> Species:
    """The species with that key, ready to breed: the version with that digest, or else the highest.

    Raises Refused when it is not installed or unavailable.
    """
    checkpoint = find(key, digest=digest)
    with _lock:
        found = _species.get((key, checkpoint.digest))
        if found is None:
            architecture = checkpoint.card["architecture"]
            if architecture not in SPACES:
                raise Refused(
                    "The species “{key}” needs the architecture “{architecture}”, which this"
                    " version lacks.",
                    key=key[:40],
                    architecture=architecture,
                )
            found = Species(key, checkpoint.digest, checkpoint, SPACES[architecture](checkpoint))
            _species[key, checkpoint.digest] = found
        return found
