"""The words of the site, one friendly paragraph each.

The keys are the anchors of the glossary's page; help texts link to them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gallery.types import Words


@dataclass(frozen=True)
class Term:
    """One word.

    key: its anchor; see: keys of related words; has_drawing: whether _glossary_drawing.html has a
    drawing for it.
    """

    key: str
    name: Words
    words: Words
    see: tuple[str, ...] = ()
    has_drawing: bool = False

    @property
    def related(self) -> list["Term"]:
        """The words of `see`."""
        known = terms()
        return [known[key] for key in self.see]


@dataclass(frozen=True)
class Chapter:
    """A few words that belong together."""

    key: str
    title: Words
    terms: tuple[Term, ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "making",
        gettext_lazy("Making"),
        (
            Term(
                "bench",
                gettext_lazy("Bench"),
                gettext_lazy(
                    "The place where you breed. Parents are on the left, their child grows in the"
                    " middle, its traits are on the right and twelve of its siblings below. Nothing"
                    " on the bench is stored until you publish it, so feel free to try anything."
                ),
                ("parent", "brood"),
            ),
            Term(
                "brood",
                gettext_lazy("Brood"),
                gettext_lazy(
                    "Twelve children of the same parents, each with a little luck of its own. Pick"
                    " the ones you like and breed on with them: after a few broods you are"
                    " somewhere nobody has been before. That is how roses and pigeons were bred,"
                    " only faster."
                ),
                ("surprise", "seedling"),
                True,
            ),
            Term(
                "seedling",
                gettext_lazy("Seedling"),
                gettext_lazy(
                    "A child that exists only on your bench. It becomes a work when you publish it."
                ),
                ("brood",),
            ),
            Term(
                "surprise",
                gettext_lazy("Surprise, or mutation"),
                gettext_lazy(
                    "A change that comes from chance and not from any parent. A little surprise"
                    " makes a child different, a lot makes it a stranger. A work's page shows it as"
                    " “new”: the part that nobody gave."
                ),
                ("share",),
            ),
            Term(
                "blend",
                gettext_lazy("Blend, or melt"),
                gettext_lazy(
                    "A way to have children: every trait of the child lies between those of its"
                    " parents. Halfway between a fox and a teapot there is something that is a"
                    " little of both."
                ),
                ("crossover", "latent"),
                True,
            ),
            Term(
                "crossover",
                gettext_lazy("Patchwork, or crossover"),
                gettext_lazy(
                    "The other way to have children: each part comes whole from one parent, the"
                    " form from this one, the colours from that one. Nature does it too: you have"
                    " somebody's eyes."
                ),
                ("blend", "genes"),
                True,
            ),
            Term(
                "graft",
                gettext_lazy("Graft"),
                gettext_lazy(
                    "A picture that a species painted over another one, of any species or your own"
                    " photo, following words. It has no genes of the picture below, but names it"
                    " as an ancestor, with the share that stays of it."
                ),
                ("genes", "blend"),
            ),
            Term(
                "finish",
                gettext_lazy("Finish"),
                gettext_lazy(
                    "What is done to a picture after it is painted: enlarging, colours, a style, a"
                    " background. The finish is part of the work and is passed on to children, but"
                    " you can switch it off at any time and the picture underneath is unharmed."
                ),
                ("genes",),
            ),
        ),
    ),
    Chapter(
        "inside",
        gettext_lazy("Inside a work"),
        (
            Term(
                "genes",
                gettext_lazy("Genes"),
                gettext_lazy(
                    "The numbers that describe a work completely, from a few hundred to more than a"
                    " thousand. The same genes give the same picture or tune on every machine,"
                    " today and in ten years; that is why a work can be printed at any size."
                ),
                ("genome", "species"),
                True,
            ),
            Term(
                "genome",
                gettext_lazy("Genome"),
                gettext_lazy(
                    "The genes together with the finish, and the name and exact version of the"
                    " species that reads them. Anyone who has a work's genome can draw it again and"
                    " compare."
                ),
                ("genes", "checkpoint"),
            ),
            Term(
                "seed",
                gettext_lazy("Founder"),
                gettext_lazy(
                    "A work without parents: its genes were drawn at random. Every family begins"
                    " with one."
                ),
                ("lineage",),
            ),
            Term(
                "latent",
                gettext_lazy("Latent space"),
                gettext_lazy(
                    "Imagine a huge map on which every possible picture of a species has its place,"
                    " with similar ones close together. Genes are the coordinates. Sliding between"
                    " two parents is a walk across that map, and every point along the way is a"
                    " picture."
                ),
                ("blend", "truncation"),
            ),
            Term(
                "truncation",
                gettext_lazy("Character, or truncation"),
                gettext_lazy(
                    "How close a child keeps to what is typical of its species. In the middle of"
                    " the map everything is calm and well made; far out it is odd, daring,"
                    " sometimes broken. Researchers call the number for it psi."
                ),
                ("latent",),
                True,
            ),
            Term(
                "noise",
                gettext_lazy("Noise"),
                gettext_lazy(
                    "Tiny random details that no gene describes, like the exact place of every"
                    " freckle. They are drawn from a number that belongs to the genome, so they"
                    " come out the same each time."
                ),
                ("genome",),
            ),
        ),
    ),
    Chapter(
        "nets",
        gettext_lazy("What paints and plays"),
        (
            Term(
                "species",
                gettext_lazy("Species"),
                gettext_lazy(
                    "The net or program that turns a work's genes into a picture or a tune."
                    " Creatures, Garments and Tunes are species. Only works of the same species can"
                    " have children together."
                ),
                ("net", "checkpoint"),
            ),
            Term(
                "net",
                gettext_lazy("Net"),
                gettext_lazy(
                    "A neural network: a long chain of simple sums whose numbers were not written"
                    " by a person but learnt by practice. Ours are small enough to run on an"
                    " ordinary computer without a graphics card."
                ),
                ("training", "species"),
            ),
            Term(
                "training",
                gettext_lazy("Training"),
                gettext_lazy(
                    "The practice. A net is shown many examples, draws them again, is told how far"
                    " off it was, and changes its numbers a little, some ten thousand times over."
                    " Afterwards the examples are put away and only the numbers stay."
                ),
                ("dataset", "net"),
            ),
            Term(
                "dataset",
                gettext_lazy("Training data"),
                gettext_lazy(
                    "The examples that a net practised on. Every species in this garden names them,"
                    " with their makers and their licence."
                ),
                ("training",),
            ),
            Term(
                "checkpoint",
                gettext_lazy("Checkpoint"),
                gettext_lazy(
                    "The numbers of a net as they were when its training ended, in a folder with a"
                    " card that says where they come from. A fingerprint protects them: a work"
                    " always knows which checkpoint made it."
                ),
                ("net", "genome"),
            ),
        ),
    ),
    Chapter(
        "family",
        gettext_lazy("Families and rights"),
        (
            Term(
                "parent",
                gettext_lazy("Parent and child"),
                gettext_lazy(
                    "A child is bred from one to four parents. Parents are works, and their makers"
                    " are credited with every child."
                ),
                ("lineage",),
            ),
            Term(
                "lineage",
                gettext_lazy("Lineage, or family"),
                gettext_lazy(
                    "All the parents of a work, their parents, and so on back to the first"
                    " founders; and all its children. Every work has a page that draws its family."
                ),
                ("share", "parent"),
                True,
            ),
            Term(
                "share",
                gettext_lazy("Share"),
                gettext_lazy(
                    "How much of a work came from whom. If you slide to the middle, each parent"
                    " gives half; its own parents had a part in that half, and so on. Together, the"
                    " shares always make a whole."
                ),
                ("lineage", "credit"),
                True,
            ),
            Term(
                "credit",
                gettext_lazy("Credit"),
                gettext_lazy(
                    "The names that belong to a work: who published it, and everybody whose works"
                    " it descends from, with their shares. They appear on its page and inside every"
                    " downloaded file."
                ),
                ("share",),
            ),
            Term(
                "licence",
                gettext_lazy("Licence"),
                gettext_lazy(
                    "What a maker allows others to do with a work. You choose it when you publish."
                    " Breeding passes licences on: a child may never allow more than its parents"
                    " did."
                ),
                ("credit",),
            ),
        ),
    ),
)


def terms() -> dict[str, Term]:
    """All words by their keys."""
    return {term.key: term for chapter in CHAPTERS for term in chapter.terms}
