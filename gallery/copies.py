"""Copies of works to take home: the formats of each medium, every file with the words about its work inside."""

import hashlib
import json
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gallery.models import Artwork
from gallery.models.artwork import master_path
from gallery.provenance import describe
from generation.codecs.audio import FORMATS, encode_audio, read_sound
from generation.codecs.image import encode, read_image
from generation.codecs.midi import encode_midi
from generation.codecs.provenance import Provenance, embed
from generation.codecs.sound_tags import tags_of
from generation.finishing.song import Song

PICTURES = {"png": "image/png", "jpeg": "image/jpeg"}
SCORES = {"mid": "audio/midi", "json": "application/json"}
# Ending -> format. A file that ends in .ogg is Opus, which sounds better than Vorbis at this size and is as widely played.
SOUNDS = {"mp3": "mp3", "ogg": "opus", "flac": "flac", "wav": "wav"}
COPY = "copy-"
KEPT = ("mp3", "ogg")  # They take seconds to encode, so they are kept beside the work; `prune_media` clears them.


def kinds(artwork: Artwork) -> tuple[str, ...]:
    """What a work can be downloaded as, by the ending of the file."""
    return (*SOUNDS, *SCORES) if artwork.is_music else tuple(PICTURES)


def make_copy(artwork: Artwork, kind: str) -> tuple[bytes, str]:
    """The file and its media type; kind is one of `kinds`. Raises FileNotFoundError when the work's own file is gone."""
    words = describe(artwork)
    if kind in PICTURES:
        data = _read(artwork.master)
        return embed(encode(read_image(data), "image/jpeg") if kind == "jpeg" else data, words), PICTURES[kind]
    if kind in SCORES:
        return _score(artwork, kind, words), SCORES[kind]
    return _sound(artwork, kind, words), FORMATS[SOUNDS[kind]][2]


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
    """The master in another format. Its name tells what is in it, so that a work with a new title gets a new file."""
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


def kept_copies(artwork: Artwork) -> list[str]:
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
