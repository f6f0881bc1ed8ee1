"""Tells by its first bytes what kind of file somebody brought, to say so where it can't be read."""

from generation.words import Word, word

HEIC = word("a HEIC picture")
SVG = word("an SVG drawing")
PICTURES = (
    word("a PNG picture"),
    word("a JPEG picture"),
    word("a GIF picture"),
    word("a WebP picture"),
    word("an AVIF picture"),
    word("a TIFF picture"),
    word("a BMP picture"),
)
_PNG, _JPEG, _GIF, _WEBP, _AVIF, _TIFF, _BMP = PICTURES
# Those that only training reads, and those that nothing here reads.
RARE_PICTURES = (word("a JPEG 2000 picture"), word("a QOI picture"), word("an icon file"))
_JPEG_2000, _QOI, _ICON = RARE_PICTURES
OTHER_PICTURES = (HEIC, word("a JPEG XL picture"), word("a Photoshop file"), word("a GIMP file"))
_, _JPEG_XL, _PHOTOSHOP, _GIMP = OTHER_PICTURES
SOUNDS = (
    word("a WAV recording"),
    word("a FLAC recording"),
    word("an Ogg recording"),
    word("an MP3 recording"),
)
_WAV, _FLAC, _OGG, _MP3 = SOUNDS
# The bytes at a place -> the name of the kind. The first that fits counts.
SIGNATURES: tuple[tuple[int, bytes, Word], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", _PNG),
    (0, b"\xff\xd8\xff", _JPEG),
    (0, b"GIF8", _GIF),
    (8, b"WEBP", _WEBP),
    (4, b"ftypavi", _AVIF),
    (4, b"ftyphei", HEIC),
    (4, b"ftyphev", HEIC),
    (4, b"ftypmif1", HEIC),
    (4, b"ftypmsf1", HEIC),
    (0, b"\xff\x0a", _JPEG_XL),
    (4, b"JXL \r\n", _JPEG_XL),
    (4, b"jP  \r\n", _JPEG_2000),
    (0, b"\0\0\1\0", _ICON),
    (0, b"qoif", _QOI),
    (0, b"8BPS", _PHOTOSHOP),
    (0, b"gimp xcf", _GIMP),
    (0, b"II*\0", _TIFF),
    (0, b"MM\0*", _TIFF),
    (0, b"BM", _BMP),
    (0, b"%PDF", word("a PDF document")),
    (0, b"%!PS", word("a PostScript document")),
    (4, b"ftypM4A", word("an M4A recording")),
    (4, b"ftypM4B", word("an M4A recording")),
    (4, b"ftyp3g", word("a video")),
    (4, b"ftyp", word("an MP4 or M4A file")),
    (0, b"\xff\xf1", word("an AAC recording")),
    (0, b"\xff\xf9", word("an AAC recording")),
    (0, b"ADIF", word("an AAC recording")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", word("a WMA recording")),
    (0, b"#!AMR", word("an AMR recording")),
    (0, b"\x1a\x45\xdf\xa3", word("a WebM or Matroska file")),
    (0, b"wvpk", word("a WavPack recording")),
    (0, b"MAC ", word("a Monkey's Audio recording")),
    (0, b"\x0b\x77", word("an AC-3 recording")),
    (28, b"Speex", word("a Speex recording")),
    (0, b"RIFF", _WAV),
    (0, b"fLaC", _FLAC),
    (0, b"OggS", _OGG),
    (0, b"ID3", _MP3),
    (0, b"MThd", word("a MIDI file")),
    (0, b"PK\x03\x04", word("a ZIP archive")),
    (0, b"\x1f\x8b", word("a gzip archive")),
    (0, b"7z\xbc\xaf", word("a 7-Zip archive")),
    (0, b"Rar!", word("an RAR archive")),
)
TEXT_SEARCHED = 2_000  # Bytes in which a text says what it is.


def name_of(data: bytes) -> Word | None:
    """What people call this kind of file, with its article; None for an unknown one."""
    for at, signature, name in SIGNATURES:
        if data.startswith(signature, at):
            return name
    start = data[:TEXT_SEARCHED].lower()
    if b"<svg" in start:
        return SVG
    if b"<score-partwise" in start or b"<score-timewise" in start:
        return word("a MusicXML score")
    if start.lstrip().startswith((b"<!doctype html", b"<html")):
        return word("a web page")
    return None
