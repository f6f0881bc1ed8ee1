"""Downloads of works: the formats of each medium, with metadata about the work in every file."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext

from gallery.core.files import attachment
from gallery.lineage.replay import COPY
from gallery.models import Artwork
from gallery.models.artwork import master_path
from gallery.sharing.provenance import describe
from gallery.types import AnyUser
from generation.codecs.audio import FORMATS, encode_audio, read_sound
from generation.codecs.image import encode, read_image, shrink
from generation.codecs.midi import encode_midi
from generation.codecs.provenance import Provenance, embed
from generation.codecs.solids import GLB, STL
from generation.codecs.sound_tags import tags_of
from generation.genespaces import SOLID
from generation.song import Song

PICTURES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}
SIZES = (256, 512, 1024)  # Longer edges, in pixels, of the smaller copies of a picture.
PAGE_EDGE = 1024  # Longer edge of what a page shows of a picture with all rights reserved.
SCORES = {"mid": "audio/midi", "json": "application/json"}
# File extension -> format. A file named .ogg holds Opus, which sounds better than Vorbis at this
# size and plays as widely.
SOUNDS = {"mp3": "mp3", "ogg": "opus", "flac": "flac", "wav": "wav"}
SOLIDS = {"glb": GLB, "stl": STL}  # Made by a job; see gallery.artworks.printing.
FORMAT_NAMES = {"png": "PNG", "webp": "WebP", "jpeg": "JPEG"}
# These take seconds to encode, so they are saved beside the work; `prune_media` deletes them.
SAVED = ("mp3", "ogg")


def may_download(artwork: Artwork, user: AnyUser) -> bool:
    """Whether this person may download the work's files.

    Everybody may, unless the maker reserves all rights; then only the maker and moderators.
    """
    if not artwork.is_reserved:
        return True
    return user.is_authenticated and (artwork.author_id == user.pk or user.is_moderator)


def kinds(artwork: Artwork) -> tuple[str, ...]:
    """What a work can be downloaded as: file extensions, of smaller pictures after their edge.

    For example "png" (the whole picture) and "512.webp".
    """
    if artwork.is_music:
        return (*SOUNDS, *SCORES)
    sizes = [size for size in SIZES if size < max(artwork.width, artwork.height)]
    return (*PICTURES, *(f"{size}.{ending}" for size in sizes for ending in PICTURES))


def picture_sizes(artwork: Artwork) -> list[tuple[str, list[tuple[str, str]]]]:
    """The downloads of a picture for a menu: each size's label, with (kind, name) by format."""
    edge = max(artwork.width, artwork.height)
    rows = [(f"{artwork.width} × {artwork.height}", "")] if artwork.width else []
    for size in sorted((size for size in SIZES if size < edge), reverse=True):
        width, height = (
            max(1, round(side * size / edge)) for side in (artwork.width, artwork.height)
        )
        rows.append((f"{width} × {height}", f"{size}."))
    return [
        (label, [(f"{prefix}{ending}", FORMAT_NAMES[ending]) for ending in PICTURES])
        for label, prefix in rows
    ]


def has_solid(artwork: Artwork) -> bool:
    """Whether the work is a body, which can be turned and had as a 3D model."""
    return artwork.species.card.get("architecture") in SOLID


def disposition(artwork: Artwork, kind: str) -> str:
    """The Content-Disposition of a download, with its file name."""
    size, dot, ending = kind.rpartition(".")
    return attachment(
        artwork.title, fallback=artwork.slug, ending=f"{'-' if dot else ''}{size}.{ending}"
    )


def make_copy(artwork: Artwork, kind: str) -> tuple[bytes, str]:
    """The content of a download and its media type. kind: one of `kinds`.

    Raises FileNotFoundError when the work's own file is missing.
    """
    provenance = describe(artwork)
    size, _, ending = kind.rpartition(".")
    if ending in PICTURES:
        media_type = PICTURES[ending]
        return _picture(artwork, media_type, provenance, edge=int(size or 0)), media_type
    if kind in SCORES:
        return _score(artwork, kind, provenance), SCORES[kind]
    return _sound(artwork, kind, provenance), FORMATS[SOUNDS[kind]][2]


def _picture(artwork: Artwork, media_type: str, provenance: Provenance, *, edge: int) -> bytes:
    """The picture in another format, and with an edge in another size.

    The PNG of the whole picture is the master itself with metadata, not encoded again.
    """
    data = _read(artwork.master)
    if edge or media_type != "image/png":
        pixels = read_image(data, keeps_transparency=media_type != "image/jpeg")
        data = encode(shrink(pixels, edge=edge) if edge else pixels, media_type)
    return embed(data, provenance)


def page_picture(artwork: Artwork) -> FieldFile:
    """The picture as pages show it where the master is reserved: at most PAGE_EDGE pixels wide.

    It is made once and saved. Raises FileNotFoundError when there is no picture.
    """
    if artwork.is_music or not artwork.master:
        raise FileNotFoundError(gettext("There is no picture."))
    provenance = describe(artwork)
    digest = _digest([artwork.master.name, asdict(provenance)])
    name = master_path(artwork, f"{COPY}page-{digest}.webp")
    if not default_storage.exists(name):
        data = _picture(artwork, "image/webp", provenance, edge=PAGE_EDGE)
        name = default_storage.save(name, ContentFile(data))
    return FieldFile(artwork, artwork.master.field, name)


def _digest(value: Any) -> str:
    """16 hex digits of the SHA-256 of a value's JSON, for names of saved copies."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _read(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return file.read()


def _score(artwork: Artwork, kind: str, provenance: Provenance) -> bytes:
    notes, tags = json.loads(_read(artwork.notes)), tags_of(provenance)
    if kind == "mid":
        song = Song.from_json(notes, title=artwork.title)
        rights = f"{provenance.creator}, {tags.get('copyright', '')}"
        return encode_midi(song, rights=rights, comment=tags["comment"])
    return json.dumps({**tags, **notes}, ensure_ascii=False, indent=1).encode()


def _sound(artwork: Artwork, kind: str, provenance: Provenance) -> bytes:
    """The master in another format.

    The name of a saved copy holds a digest of its tags, so that a new title leads to a new file.
    """
    tags = tags_of(provenance)
    name = master_path(artwork, f"{COPY}{_digest([artwork.master.name, kind, tags])}.{kind}")
    if kind in SAVED:
        try:
            return _read_name(name)
        except FileNotFoundError:
            pass
    sound, rate = read_sound(_read(artwork.master))
    data = encode_audio(sound, rate=rate, kind=SOUNDS[kind], tags=tags)
    if kind in SAVED:
        default_storage.save(name, ContentFile(data))
    return data


def saved_copies(artwork: Artwork) -> list[str]:
    """Names in the media storage of the copies saved beside a work."""
    folder = master_path(artwork, "").rstrip("/")
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names if name.startswith(COPY)]


def _read_name(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        return file.read()
