"""Pictures as people have them: damaged beside the pixels, deep, cut off, or made to do harm."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from generation.codecs.image import pi_heif, read_image
from generation.codecs.picture_files import MAX_SCANS, orientation_of, tidy
from generation.refusal import Refused

WIDTH, HEIGHT = 60, 40
RED, TEAL = (200, 60, 30), (30, 180, 160)


def two_colours() -> Image.Image:
    pixels = np.full((HEIGHT, WIDTH, 3), RED, np.uint8)
    pixels[:, WIDTH // 2 :] = TEAL
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(rows: list[bytes], *, depth: int, colour: int, width: int = 4, **chunks: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header)]
    parts += [chunk(name.encode(), body) for name, body in chunks.items()]
    parts.append(chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def with_chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG of two colours with one more chunk after its header."""
    data = saved(two_colours())
    return data[:33] + chunk(kind, body) + data[33:]


def with_segment(marker: int, body: bytes) -> bytes:
    """A JPEG of two colours with one more segment at its start."""
    data = saved(two_colours(), "JPEG", quality=95)
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", 2 + len(body)) + body + data[2:]


def webp(**changes: bytes) -> bytes:
    data = saved(two_colours(), "WEBP", lossless=True)
    return data[:4] + changes.get("length", data[4:8]) + data[8:] + changes.get("after", b"")


JPEG = saved(two_colours(), "JPEG", quality=95)
PNG = saved(two_colours())
WORKFLOW = PngImagePlugin.PngInfo()
WORKFLOW.add_text("workflow", "{" + "x" * 2_000_000 + "}")
WORKFLOW.add_itxt("prompt", "y" * 2_000_000, zip=True)
WORKFLOW.add_text("parameters", "z" * 2_000_000, zip=True)
UNHARMED = {
    "Exif that is text": with_chunk(b"eXIf", b"b'Exif\\x00\\x00'"),
    "Exif that was cut": with_chunk(b"eXIf", b"II*\0\x08\0\0\0\xff\xff\x12\x01"),
    "Exif of a JPEG that is text": with_segment(0xE1, b"Exif\0\0b'MM'"),
    "Exif that leads nowhere": with_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f"),
    "megabytes of text": saved(two_colours(), pnginfo=WORKFLOW),
    "a text that unpacks to half a gigabyte": with_chunk(
        b"zTXt", b"a\0\0" + zlib.compress(bytes(500_000_000), 1)
    ),
    "a profile that unpacks to as much": with_chunk(
        b"iCCP", b"a\0\0" + zlib.compress(bytes(500_000_000), 1)
    ),
    "a profile that is none": saved(two_colours(), "JPEG", icc_profile=b"none" * 99, quality=95),
    "a damaged text": PNG[:33] + b"\0\0\0\3tEXtabc????" + PNG[33:],
    "a wrong checksum": PNG[:29] + b"????" + PNG[33:],
    "no end": PNG[:-12],
    "no end of a JPEG": JPEG[:-2],
    "something after the end": PNG + bytes(999),
    "a film after the end": JPEG + b"\0\0\0\x18ftypmp42" + bytes(999),
    "a broken index of further pictures": with_segment(0xE2, b"MPF\0II*\0\xff\xff\xff\xff"),
    "a broken thumbnail": with_segment(0xED, b"Photoshop 3.0\08BIM\x04"),
    "a broken XMP packet": with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta"),
    "a WebP that says it is longer": webp(length=b"\xff\xff\xff\x7f"),
    "a WebP that says it is shorter": webp(length=b"\x10\0\0\0"),
    "a WebP with something after it": webp(after=b"something"),
}


@pytest.mark.parametrize("data", UNHARMED.values(), ids=UNHARMED)
def test_damage_beside_the_pixels_does_no_harm(data):
    read = read_image(data).astype(int)
    assert read.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(read - np.asarray(two_colours())).mean() < 3


@pytest.mark.parametrize("data", [PNG, JPEG], ids=["PNG", "JPEG"])
def test_of_a_picture_that_lacks_its_end_the_rest_is_read(data):
    noise = np.random.default_rng(0).integers(0, 255, (96, 96, 3)).astype(np.uint8)
    whole = saved(Image.fromarray(noise), "PNG" if data is PNG else "JPEG")
    read = read_image(whole[: int(0.9 * len(whole))]).astype(int)
    assert np.abs(read[:70] - read_image(whole)[:70]).max() == 0
    with pytest.raises(Refused, match="large part of this picture is missing"):
        read_image(whole[: int(0.5 * len(whole))])


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_rarer_formats_may_lack_their_end_as_well(kind):
    noise = np.random.default_rng(0).integers(0, 255, (96, 96, 3)).astype(np.uint8)
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    whole = saved(Image.fromarray(noise), kind, **options)
    middle = slice(30, 66)
    if kind != "TIFF":  # Its directory stands at the end.
        read = read_image(whole[: int(0.9 * len(whole))])
        assert (read[middle] == read_image(whole)[middle]).all()
    with pytest.raises(Refused):
        read_image(whole[: int(0.4 * len(whole))])


def test_rows_behind_damaged_ones_are_left_empty():
    noise = np.random.default_rng(0).integers(0, 255, (96, 96, 3)).astype(np.uint8)
    data = bytearray(saved(Image.fromarray(noise)))
    data[int(0.9 * len(data))] ^= 0xFF
    assert (read_image(bytes(data))[:70] == noise[:70]).all()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_every_format_is_turned_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    read = read_image(saved(two_colours(), kind, exif=exif, quality=95)).astype(int)
    assert read.shape == (WIDTH, HEIGHT, 3)
    assert np.abs(read[5, 20] - RED).max() < 12 and np.abs(read[-5, 20] - TEAL).max() < 12


@pytest.mark.parametrize("value", range(10))
def test_only_eight_orientations_exist(value):
    exif = Image.Exif()
    exif[0x0112] = value
    assert orientation_of(exif.tobytes()) == (value if 1 <= value <= 8 else 1)


def wide_profile() -> bytes:
    """An RGB profile whose red and green lie far outside of sRGB's: those two are swapped."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        if data[at : at + 4] in (b"rXYZ", b"gXYZ"):
            data[at : at + 1] = b"g" if data[at : at + 1] == b"r" else b"r"
        if data[at : at + 4] == b"desc":
            place = int.from_bytes(data[at + 4 : at + 8], "big")
            data[place + 28 : place + 36] = "Wide".encode("utf-16-be")
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_converted_by_the_profile(kind, mode):
    if (kind, mode) == ("JPEG", "RGBA"):
        return
    data = saved(two_colours().convert(mode), kind, icc_profile=wide_profile(), quality=95)
    read = read_image(data).astype(int)
    # Red and green changed places.
    assert np.abs(read[20, 10] - (60, 200, 30)).max() < 14
    assert np.abs(read[20, 50] - (180, 30, 160)).max() < 14


def test_a_profile_of_another_kind_of_colours_is_not_used():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert tuple(read_image(saved(two_colours(), icc_profile=lab))[0, 0]) == RED


def words(*values: int) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


KEYED = {
    "8 bits of colour": png(
        [bytes([9, 8, 7, 1, 2, 3] * 2)] * 4, depth=8, colour=2, tRNS=words(9, 8, 7)
    ),
    "16 bits of colour": png(
        [words(*[9 * 257, 8 * 257, 7 * 257, 257, 514, 771] * 2)] * 4,
        depth=16,
        colour=2,
        tRNS=words(9 * 257, 8 * 257, 7 * 257),
    ),
    "8 bits of grey": png([b"\x09\x01" * 2] * 4, depth=8, colour=0, tRNS=words(9)),
    "16 bits of grey": png([words(9000, 1) * 2] * 4, depth=16, colour=0, tRNS=words(9000)),
    "4 bits of grey": png([b"\x91" * 2] * 4, depth=4, colour=0, tRNS=words(9)),
    "2 bits of grey": png([b"\x99"] * 4, depth=2, colour=0, tRNS=words(2)),
    "1 bit of grey": png([b"\xa0"] * 4, depth=1, colour=0, tRNS=words(1)),
    "a palette": png(
        [b"\0\1" * 2] * 4, depth=8, colour=3, PLTE=bytes([9, 8, 7, 1, 2, 3]), tRNS=b"\0"
    ),
}


@pytest.mark.parametrize("data", KEYED.values(), ids=KEYED)
def test_a_transparent_colour_stays_transparent(data):
    read = read_image(data, keeps_transparency=True)
    assert read[..., 3].tolist() == [[0, 255, 0, 255]] * 4
    assert (read_image(data)[:, 0] == 255).all()


def test_a_transparent_colour_that_was_cut_off_is_left_out():
    data = png([bytes(12)] * 4, depth=8, colour=2, tRNS=b"\0")
    assert read_image(data, keeps_transparency=True).shape == (4, 4, 3)


def test_deep_pixels_keep_their_brightness():
    colour = png([words(*[200 * 257, 257, 0] * 4)] * 4, depth=16, colour=2)
    assert tuple(read_image(colour)[0, 0]) == (200, 1, 0)
    ramp = (np.arange(64, dtype=np.float32).reshape(8, 8) - 20) / 7
    read = read_image(saved(Image.fromarray(ramp), "TIFF"))[..., 0]
    assert (read[0, 0], read[-1, -1]) == (0, 255) and (np.diff(read.reshape(-1)) > 0).all()
    ramp[0, 0], ramp[0, 1] = np.nan, np.inf
    assert read_image(saved(Image.fromarray(ramp), "TIFF"))[0, :2, 0].tolist() == [0, 255]
    large = np.array([[0, 10**6]], np.int32)
    assert read_image(saved(Image.fromarray(large), "TIFF"))[0, :, 0].tolist() == [0, 255]


def test_printers_colours_are_read_as_they_look():
    read = read_image(saved(two_colours().convert("CMYK"), "JPEG", quality=95)).astype(int)
    assert np.abs(read - np.asarray(two_colours())).mean() < 4


def test_of_an_animation_the_first_frame_is_read():
    frames = [Image.new("RGB", (20, 20), (value, 0, 0)) for value in range(0, 250, 5)]
    for kind in ("GIF", "WEBP", "PNG", "AVIF", "TIFF"):
        data = saved(frames[10], kind, save_all=True, append_images=frames[11:])
        assert np.abs(read_image(data)[0, 0].astype(int) - (50, 0, 0)).max() < 8
        assert kind in ("AVIF", "TIFF") or len(tidy(data).data) < len(data) / 4


def jpeg_of_scans(count: int) -> bytes:
    data = saved(two_colours(), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scan * (count - data.count(b"\xff\xda")) + b"\xff\xd9"


def test_a_jpeg_of_too_many_scans_is_refused_before_it_is_decoded():
    assert read_image(jpeg_of_scans(MAX_SCANS)).shape == (HEIGHT, WIDTH, 3)
    with pytest.raises(Refused, match="more than 64 scans"):
        read_image(jpeg_of_scans(MAX_SCANS + 1))
    # Scans of a thumbnail are none of the picture.
    thumbnail = with_segment(0xE1, b"Exif\0\0" + b"\xff\xda\0\2" * 99)
    assert read_image(thumbnail).shape == (HEIGHT, WIDTH, 3)


def tiff(*entries: tuple[int, int, int, int], after: bytes = b"") -> bytes:
    """A grey TIFF of 64 x 64 whose pixels begin at byte 8, with further tags."""
    plain = ((256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1))
    tags = sorted({entry[0]: entry for entry in (*plain, (273, 4, 1, 8), *entries)}.values())
    head = b"II*\0" + struct.pack("<I", 8 + 4096) + bytes(4096) + struct.pack("<H", len(tags))
    return head + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4) + after


BUSY = {
    "tags that all point to the same megabyte": tiff(
        *((1000 + i, 1, 1_000_000, 8) for i in range(5000)), after=bytes(1_000_000)
    ),
    "a million strips": tiff((273, 4, 1_000_000, 8), after=bytes(4_000_000)),
    "a million comments": JPEG[:2] + b"\xff\xfe\0\2" * 1_000_000 + JPEG[2:],
    "a million stray markers": JPEG[:2] + b"\xff\x01" * 1_000_000 + JPEG[2:],
    "a million empty chunks": PNG[:33] + chunk(b"IDAT", b"") * 1_000_000 + PNG[33:],
    "a million extensions": b"GIF89a\1\0\1\0\0\0\0" + b"\x21\xfe\1c\0" * 1_000_000 + b";",
    "run lengths of a BMP": b"BM" + bytes(28) + b"\1" + bytes(2_000_000),
}


@pytest.mark.parametrize("data", BUSY.values(), ids=BUSY)
def test_what_is_made_to_keep_a_decoder_busy_is_refused(data):
    with pytest.raises(Refused):
        read_image(data)


def test_a_plain_tiff_is_none_of_these():
    assert read_image(tiff()).shape == (64, 64, 3)


@pytest.mark.skipif(pi_heif is None, reason="pi-heif is not installed")
def test_a_heic_that_is_damaged_is_refused():
    with pytest.raises(Refused, match="not a readable"):
        read_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))


@pytest.mark.skipif(pi_heif is not None, reason="pi-heif is installed")
def test_a_heic_is_refused_by_its_name_where_it_cannot_be_read():
    with pytest.raises(Refused, match="This is a HEIC picture"):
        read_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
