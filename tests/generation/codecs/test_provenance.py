"""Provenance: what goes in comes out, pixels stay what they were, other readers agree, damage is
refused.
"""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generation.codecs.containers import JPEG_MAX_PACKET, media_type_of, put_xmp, take_xmp
from generation.codecs.image import encode, read_image
from generation.codecs.provenance import Provenance, embed, packet, read
from generation.refusal import Refused

TYPES = ("image/png", "image/jpeg", "image/webp")
FULL = Provenance(
    title='Fish & <Chips> "№ 1"',
    creator="Ānn O'Neil ]]>",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/?a=1&b='2'",
    lineage="Child of “Ash” (60 %) and “Elm” (40 %).",
    credit="62 % from @ann, 30 % from @ben, 8 % new",
    alt="A green spiral 🌀 on black.",
    is_trained=False,
    may_train=False,
    tool="Arboretum, Patterns 1",
    identifier="ab" * 32,
)


def picture(width: int = 33) -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (21, width, 3)).astype(np.uint8)


def pil_file(kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.new(mode, (31, 17), (9, 200, 3) if mode == "RGB" else (9, 200, 3, 90)).save(
        buffer, kind, **options
    )
    return buffer.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGBA").tobytes()


@pytest.mark.parametrize("media_type", TYPES)
def test_what_goes_in_comes_out_and_no_pixel_changes(media_type):
    plain = encode(picture(), media_type)
    marked = embed(plain, FULL)
    assert read(plain) is None
    assert read(marked) == FULL
    assert media_type_of(marked) == media_type
    assert np.array_equal(read_image(marked), read_image(plain))


@pytest.mark.parametrize("media_type", TYPES)
def test_embedding_again_replaces_and_is_deterministic(media_type):
    plain = encode(picture(), media_type)
    once = embed(plain, FULL)
    assert embed(embed(plain, Provenance(title="before")), FULL) == once


@pytest.mark.parametrize("media_type", TYPES)
def test_pillow_finds_the_same_packet(media_type):
    with Image.open(io.BytesIO(embed(encode(picture(), media_type), FULL))) as opened:
        opened.load()
        found = opened.info["xmp"]
    assert found == packet(FULL)


@pytest.mark.parametrize(
    ("may_train", "term"),
    [(True, "DMI-ALLOWED"), (False, "DMI-PROHIBITED-AIMLTRAINING"), (None, "")],
)
def test_whether_nets_may_learn_from_it_is_said_in_plus_terms(may_train, term):
    text = packet(Provenance(may_train=may_train)).decode()
    assert (
        f"<plus:DataMining>http://ns.useplus.org/ldf/vocab/{term}</plus:DataMining>" in text
    ) is (may_train is not None)
    assert (
        read(embed(encode(picture(), "image/png"), Provenance(may_train=may_train))).may_train
        is may_train
    )


@pytest.mark.parametrize(
    ("is_trained", "term"), [(True, "trainedAlgorithmicMedia"), (False, "algorithmicMedia")]
)
def test_the_mark_of_machine_made_media_is_iptcs(is_trained, term):
    text = packet(Provenance(is_trained=is_trained)).decode()
    address = f"http://cv.iptc.org/newscodes/digitalsourcetype/{term}"
    assert f"<Iptc4xmpExt:DigitalSourceType>{address}</Iptc4xmpExt:DigitalSourceType>" in text
    assert (
        read(embed(encode(picture(), "image/png"), Provenance(is_trained=is_trained))).is_trained
        is is_trained
    )


def test_the_licence_is_linked_for_machines():
    text = packet(
        Provenance(licence="CC0", licence_url="https://creativecommons.org/publicdomain/zero/1.0/")
    ).decode()
    assert '<cc:license rdf:resource="https://creativecommons.org/publicdomain/zero/1.0/"/>' in text
    assert (
        "<xmpRights:WebStatement>https://creativecommons.org/publicdomain/zero/1.0/</xmpRights:WebStatement>"
        in text
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_make_a_packet_that_reads_back(title, lineage):
    again = read(embed(_PLAIN, Provenance(title=title, lineage=lineage)))
    for given_text, found in [(title, again.title), (lineage, again.lineage)]:
        clean = "".join(
            letter
            for letter in given_text
            if letter in "\t\n\r" or " " <= letter < "\ufffe" or letter > "\uffff"
        )
        assert found == clean.strip().replace("\r\n", "\n").replace("\r", "\n")


_PLAIN = encode(picture(), "image/png")


def test_the_longest_words_of_the_costliest_letters_fit_a_jpeg():
    endless = "&" * 100_000
    words = dict.fromkeys(
        ("title", "creator", "licence", "licence_url", "lineage", "alt", "tool", "identifier"),
        endless,
    )
    assert len(packet(Provenance(**words))) <= JPEG_MAX_PACKET
    again = read(embed(encode(picture(), "image/jpeg"), Provenance(**words)))
    assert again.title == "&" * 499 + "…"


def test_a_packet_that_no_jpeg_can_hold_is_refused():
    with pytest.raises(Refused, match="too long"):
        put_xmp(encode(picture(), "image/jpeg"), b"x" * (JPEG_MAX_PACKET + 1))


def test_exif_stays_first_in_a_jpeg():
    exif = Image.Exif()
    exif[0x010E] = "a description"
    marked = embed(pil_file("JPEG", exif=exif, comment=b"hello"), FULL)
    assert (
        marked.index(b"Exif\0")
        < marked.index(b"http://ns.adobe.com/xap/1.0/\0")
        < marked.index(b"hello")
    )
    with Image.open(io.BytesIO(marked)) as opened:
        assert opened.getexif()[0x010E] == "a description"


EMPTY_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


@pytest.mark.parametrize(
    "options",
    [
        {"lossless": True},
        {"mode": "RGBA", "lossless": True},
        {"mode": "RGBA"},
        {"exif": EMPTY_EXIF},
    ],
)
def test_every_kind_of_webp_takes_a_packet(options):
    plain = pil_file("WEBP", **options)
    marked = embed(plain, FULL)
    assert read(marked) == FULL
    assert pixels(marked) == pixels(plain)
    assert int.from_bytes(marked[4:8], "little") == len(marked) - 8
    assert marked[12:16] == b"VP8X"
    assert bool(marked[20] & 0x04)  # The header says that there is XMP,
    assert bool(marked[20] & 0x10) == (
        options.get("mode") == "RGBA"
    )  # and that there is transparency where there is.


@pytest.mark.parametrize("media_type", TYPES)
def test_damaged_files_are_refused_or_answered_but_never_crash(media_type):
    whole = embed(encode(picture(), media_type), FULL)
    for cut in range(0, len(whole) - 1, max(1, len(whole) // 200)):
        for attempt in (lambda data: embed(data, FULL), read):
            try:
                attempt(whole[:cut])
            except Refused as refusal:
                assert refusal.sentence.endswith(".")


def test_what_is_no_picture_is_refused():
    with pytest.raises(Refused, match="not a PNG, JPEG or WebP"):
        embed(b"GIF89a", FULL)


@pytest.mark.parametrize(
    "foreign",
    [
        b"",
        b"<x",
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    ],
)
def test_a_hostile_packet_is_refused(foreign):
    with pytest.raises(Refused, match="description"):
        read(put_xmp(_PLAIN, foreign))


def test_a_packet_of_somebody_else_reads_as_far_as_it_goes():
    theirs = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>A'
        b" garden</dc:source></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    assert take_xmp(put_xmp(_PLAIN, theirs)) == theirs
    assert read(put_xmp(_PLAIN, theirs)) == Provenance(lineage="A garden")
