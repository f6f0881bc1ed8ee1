"""Copies of works to take home: the formats of each medium, every file with the words about its
work inside.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.utils.text import slugify
from django.utils.translation import gettext

from gallery.lineage.replay import COPY
from gallery.models import Artwork, Licence
from gallery.models.artwork import master_path
from gallery.sharing.provenance import describe
from generation.codecs.audio import FORMATS, encode_audio, read_sound
from generation.codecs.image import encode, read_image, shrink
from generation.codecs.midi import encode_midi
from generation.codecs.provenance import Provenance, embed
from generation.codecs.sound_tags import tags_of
from generation.song import Song

PICTURES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}
SIZES = (
    256,
    512,
    1024,
)  # Edges in pixels of the smaller copies of a picture; a copy of the whole has no number.
PAGE_EDGE = 1024  # As large as a page shows a picture whose maker reserves all rights.
SCORES = {"mid": "audio/midi", "json": "application/json"}
# Ending -> format. A file that ends in .ogg is Opus, which sounds better than Vorbis at this size
# and is as widely played.
SOUNDS = {"mp3": "mp3", "ogg": "opus", "flac": "flac", "wav": "wav"}
FORMAT_NAMES = {"png": "PNG", "webp": "WebP", "jpeg": "JPEG"}
KEPT = (
    "mp3",
    "ogg",
)  # They take seconds to encode, so they are kept beside the work; `prune_media` clears them.


def is_reserved(artwork: Artwork) -> bool:
    """Whether the maker keeps the files to themselves."""
    return artwork.licence == Licence.RESERVED


def may_download(artwork: Artwork, user) -> bool:
    """Whether this person may take the work's files home: everybody, unless its maker reserves all
    rights.
    """
    if not is_reserved(artwork):
        return True
    return user.is_authenticated and (artwork.author_id == user.pk or user.is_moderator)


def kinds(artwork: Artwork) -> tuple[str, ...]:
    """What a work can be downloaded as: the ending of the file, before it the edge of a smaller
    picture (`512.webp`).
    """
    if artwork.is_music:
        return (*SOUNDS, *SCORES)
    sizes = [size for size in SIZES if size < max(artwork.width, artwork.height)]
    return (*PICTURES, *(f"{size}.{ending}" for size in sizes for ending in PICTURES))


def picture_sizes(artwork: Artwork) -> list[tuple[str, list[tuple[str, str]]]]:
    """The downloads of a picture for a menu: each size in words, with the kind and the name of each
    format.
    """
    edge = max(artwork.width, artwork.height)
    rows = [(f"{artwork.width} × {artwork.height}", "")] if artwork.width else []
    for size in sorted((size for size in SIZES if size < edge), reverse=True):
        width, height = (
            max(1, round(side * size / edge)) for side in (artwork.width, artwork.height)
        )
        rows.append((f"{width} × {height}", f"{size}."))
    return [
        (words, [(f"{prefix}{ending}", FORMAT_NAMES[ending]) for ending in PICTURES])
        for words, prefix in rows
    ]


def file_name(artwork: Artwork, kind: str) -> str:
    """What a downloaded copy is called."""
    size, dot, ending = kind.rpartition(".")
    return f"{slugify(artwork.title) or artwork.slug}{'-' if dot else ''}{size}.{ending}"


def make_copy(artwork: Artwork, kind: str) -> tuple[bytes, str]:
    """The file and its media type; kind is one of `kinds`. Raises FileNotFoundError when the work's
    own file is gone.
    """
    words = describe(artwork)
    size, _, ending = kind.rpartition(".")
    if ending in PICTURES:
        return (
            _picture(artwork, PICTURES[ending], edge=int(size or 0), words=words),
            PICTURES[ending],
        )
    if kind in SCORES:
        return _score(artwork, kind, words), SCORES[kind]
    return _sound(artwork, kind, words), FORMATS[SOUNDS[kind]][2]


def _picture(artwork: Artwork, media_type: str, *, edge: int, words: Provenance) -> bytes:
    """The picture in another format or (with an edge) size; the PNG of the whole keeps the master's
    bytes of pixels.
    """
    data = _read(artwork.master)
    if edge or media_type != "image/png":
        pixels = read_image(data, keeps_transparency=media_type != "image/jpeg")
        data = encode(shrink(pixels, edge=edge) if edge else pixels, media_type)
    return embed(data, words)


def page_picture(artwork: Artwork) -> FieldFile:
    """The picture as a page shows it, at most PAGE_EDGE wide: made once and kept. For works whose
    master is not given out.

    Raises FileNotFoundError when there is no picture.
    """
    if artwork.is_music or not artwork.master:
        raise FileNotFoundError(gettext("There is no picture."))
    words = describe(artwork)
    told = json.dumps([artwork.master.name, asdict(words)], sort_keys=True)
    name = master_path(artwork, f"{COPY}page-{hashlib.sha256(told.encode()).hexdigest()[:16]}.webp")
    if not default_storage.exists(name):
        name = default_storage.save(
            name, ContentFile(_picture(artwork, "image/webp", edge=PAGE_EDGE, words=words))
        )
    return FieldFile(artwork, artwork.master.field, name)


def _read(stored: Any) -> bytes:
    with stored.open("rb") as file:
        return file.read()


def _score(artwork: Artwork, kind: str, words: Provenance) -> bytes:
    notes, tags = json.loads(_read(artwork.notes)), tags_of(words)
    if kind == "mid":
        song = Song.from_json(notes, title=artwork.title)
        rights = f"{words.creator}, {tags.get('copyright', '')}"
        return encode_midi(song, rights=rights, comment=tags["comment"])
    return json.dumps({**tags, **notes}, ensure_ascii=False, indent=1).encode()


def _sound(artwork: Artwork, kind: str, words: Provenance) -> bytes:
    """The master in another format. Its name tells what is in it, so that a work with a new title
    gets a new file.
    """
    tags = tags_of(words)
    told = json.dumps([artwork.master.name, kind, tags], sort_keys=True)
    name = master_path(artwork, f"{COPY}{hashlib.sha256(told.encode()).hexdigest()[:16]}.{kind}")
    if kind in KEPT:
        try:
            return _read_name(name)
        except FileNotFoundError:
            pass
    sound, rate = read_sound(_read(artwork.master))
    data = encode_audio(sound, rate=rate, kind=SOUNDS[kind], tags=tags)
    if kind in KEPT:
        default_storage.save(name, ContentFile(data))
    return data


def saved_copies(artwork: Artwork) -> list[str]:
    """Names in the media storage of the copies that are kept of a work."""
    folder = master_path(artwork, "").rstrip("/")
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names if name.startswith(COPY)]


def _read_name(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        return file.read()
