"""What a picture file says about itself: title, creator, licence, lineage, and that AI made it.

The words are an XMP packet (ISO 16684-1) inside the file, where search engines, agencies and image
tools read them.

- Made by AI: IPTC's Digital Source Type (IPTC Photo Metadata Standard 2023.2; the terms are those
  of cv.iptc.org/newscodes/digitalsourcetype), the machine-readable mark that article 50 of the EU's
  AI Act asks for.
- Licence: XMP Rights Management's WebStatement and Creative Commons' cc:license.
- Credits: IPTC's Credit Line.
- AI training: PLUS's Data Mining (IPTC Photo Metadata Standard 2023.1).
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from generation.codecs.containers import put_xmp, take_xmp
from generation.refusal import Refused

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED, UNTRAINED = "trainedAlgorithmicMedia", "algorithmicMedia"
# A photo, what somebody drew with tools that generate nothing, and a mix of such with AI.
CAPTURED, DRAWN, MIXED = (
    "digitalCapture",
    "digitalCreation",
    "compositeWithTrainedAlgorithmicMedia",
)
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "cc": "http://creativecommons.org/ns#",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
# Together these fit the 64 kB of a JPEG segment even when every character needs five bytes.
MAX_LENGTHS = {
    "title": 500,
    "creator": 200,
    "licence": 500,
    "licence_url": 500,
    "lineage": 4000,
    "credit": 2000,
    "alt": 2000,
}
OTHERWISE = 300
# may_train of a Provenance -> the term of PLUS's vocabulary.
DATA_MINING = {
    True: "http://ns.useplus.org/ldf/vocab/DMI-ALLOWED",
    False: "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
}
# XML 1.0 has no way to write these characters, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Provenance:
    """The words of one file. Empty ones are left out; long ones are cut with an ellipsis.

    - licence: in words ("CC BY 4.0"); licence_url: its address, empty when all rights are
      reserved.
    - lineage: who the parents are, in a sentence.
    - credit: the people of all generations whose work went into it, in a line.
    - alt: a description of the picture for people who cannot see it.
    - is_trained: the net learnt from examples; otherwise it is a program alone.
    - source: CAPTURED, DRAWN or MIXED for a picture that is not made by AI alone, else empty.
    - may_train: whether nets may be trained on it; None when nobody said.
    - tool: the site and its species; identifier: the SHA-256 of the genome.
    """

    title: str = ""
    creator: str = ""
    licence: str = ""
    licence_url: str = ""
    lineage: str = ""
    credit: str = ""
    alt: str = ""
    is_trained: bool = True
    source: str = ""
    may_train: bool | None = None
    tool: str = ""
    identifier: str = ""


def embed(data: bytes, provenance: Provenance) -> bytes:
    """The PNG, JPEG or WebP file with the provenance inside; its pixels do not change.

    Raises Refused when the file is none of these, or is damaged.
    """
    return put_xmp(data, packet(provenance))


def read(data: bytes) -> Provenance | None:
    """The provenance inside a file, whoever wrote it; None when it has none.

    Raises Refused when the file is damaged.
    """
    found = take_xmp(data)
    return None if found is None else _parse(found)


def packet(provenance: Provenance) -> bytes:
    """The XMP packet, in UTF-8."""
    words = {
        name: _writable(getattr(provenance, name), MAX_LENGTHS.get(name, OTHERWISE))
        for name in _TEXTS
    }
    lines = [_ELEMENTS[name](text) for name, text in words.items() if text]
    if words["licence"] or words["licence_url"]:
        lines.append("<xmpRights:Marked>True</xmpRights:Marked>")
    made = provenance.source or (TRAINED if provenance.is_trained else UNTRAINED)
    source = SOURCE_TYPES + made
    lines.append(f"<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>")
    if provenance.may_train is not None:
        lines.append(f"<plus:DataMining>{DATA_MINING[provenance.may_train]}</plus:DataMining>")
    names = "".join(
        f' xmlns:{prefix}="{space}"' for prefix, space in SPACES.items() if prefix != "rdf"
    )
    body = "\n".join(lines)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta'
        f' xmlns:x="adobe:ns:meta/">\n<rdf:RDF xmlns:rdf="{SPACES["rdf"]}">\n<rdf:Description'
        f' rdf:about=""{names}>\n{body}\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket'
        ' end="r"?>'
    ).encode()


def _alternatives(name: str) -> Callable[[str], str]:
    return lambda text: (
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></{name}>'
    )


def _plain(name: str) -> Callable[[str], str]:
    return lambda text: f"<{name}>{escape(text)}</{name}>"


def _licence_address(text: str) -> str:
    return (
        f"<xmpRights:WebStatement>{escape(text)}</xmpRights:WebStatement>\n<cc:license"
        f" rdf:resource={quoteattr(text)}/>"
    )


# How each text is written: as XMP's language alternatives, an ordered list, or plain text, as the
# standards require.
_ELEMENTS = {
    "title": _alternatives("dc:title"),
    "creator": lambda text: (
        f"<dc:creator><rdf:Seq><rdf:li>{escape(text)}</rdf:li></rdf:Seq></dc:creator>"
    ),
    "licence": _alternatives("dc:rights"),
    "licence_url": _licence_address,
    "lineage": _plain("dc:source"),
    "credit": _plain("photoshop:Credit"),
    "alt": _alternatives("Iptc4xmpCore:AltTextAccessibility"),
    "tool": _plain("xmp:CreatorTool"),
    "identifier": _plain("dc:identifier"),
}
_TEXTS = tuple(_ELEMENTS)
_READ = {
    "title": "dc:title/rdf:Alt/rdf:li",
    "creator": "dc:creator/rdf:Seq/rdf:li",
    "licence": "dc:rights/rdf:Alt/rdf:li",
    "licence_url": "xmpRights:WebStatement",
    "lineage": "dc:source",
    "credit": "photoshop:Credit",
    "alt": "Iptc4xmpCore:AltTextAccessibility/rdf:Alt/rdf:li",
    "tool": "xmp:CreatorTool",
    "identifier": "dc:identifier",
}


def _writable(text: str, longest: int) -> str:
    clean = _UNWRITABLE.sub("", text).strip()
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _parse(found: bytes) -> Provenance:
    try:
        root = defusedxml.ElementTree.fromstring(found.decode("utf-8"))
    except (ElementTree.ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as error:
        raise Refused("The file's description (XMP) is damaged.") from error
    words = {
        name: root.findtext(f".//rdf:Description/{path}", "", SPACES)
        for name, path in _READ.items()
    }
    source = root.findtext(".//rdf:Description/Iptc4xmpExt:DigitalSourceType", "", SPACES)
    mining = root.findtext(".//rdf:Description/plus:DataMining", "", SPACES)
    may_train = next((allowed for allowed, term in DATA_MINING.items() if term == mining), None)
    made = source.removeprefix(SOURCE_TYPES)
    return Provenance(
        **words,
        is_trained=made != UNTRAINED,
        source=made if made in (CAPTURED, DRAWN, MIXED) else "",
        may_train=may_train,
    )
