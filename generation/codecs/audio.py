"""Sound to files: WAV, FLAC, Ogg Vorbis, Opus and MP3, all by libsndfile."""

import io
import zipfile
from collections.abc import Mapping

import numpy as np
import scipy
import soundfile

from generation.refusal import Refused

# Name of the format -> (container, coding, media type, file ending).
FORMATS = {
    "wav": ("WAV", "PCM_16", "audio/wav", "wav"),
    "flac": ("FLAC", "PCM_16", "audio/flac", "flac"),
    "ogg": ("OGG", "VORBIS", "audio/ogg", "ogg"),
    "opus": ("OGG", "OPUS", "audio/ogg; codecs=opus", "opus"),
    "mp3": ("MP3", "MPEG_LAYER_III", "audio/mpeg", "mp3"),
}
TAGS = ("title", "artist", "album", "comment", "copyright", "date", "genre", "license", "software")
OPUS_RATE = 48_000
# Frames per write: the Vorbis encoder overflows the stack when it gets a whole song at once.
BLOCK = 8_192


def encode_audio(
    sound: np.ndarray, *, rate: int, kind: str, tags: Mapping[str, str] | None = None
) -> bytes:
    """Sound [samples, channels] in -1..1 as a file of a kind in FORMATS.

    tags: texts by their name in TAGS.
    """
    if kind not in FORMATS:
        raise Refused(
            "Sound can be saved as {formats}, not as “{kind}”.",
            formats=", ".join(FORMATS),
            kind=kind[:20],
        )
    container, coding, _, _ = FORMATS[kind]
    if kind == "opus" and rate != OPUS_RATE:
        sound = scipy.signal.resample_poly(
            sound, OPUS_RATE // np.gcd(rate, OPUS_RATE), rate // np.gcd(rate, OPUS_RATE), axis=0
        )
        rate = OPUS_RATE
    packed = io.BytesIO()
    clipped = np.clip(sound, -1.0, 1.0).astype(np.float32)
    with soundfile.SoundFile(
        packed, "w", samplerate=rate, channels=clipped.shape[1], format=container, subtype=coding
    ) as file:
        for name in TAGS:
            if tags and tags.get(name):
                setattr(file, name, tags[name])
        for start in range(0, len(clipped), BLOCK):
            file.write(clipped[start : start + BLOCK])
    return packed.getvalue()


def read_sound(data: bytes) -> tuple[np.ndarray, int]:
    """A sound file of the site as float32 [samples, channels], and its rate.

    Raises Refused when it is damaged.
    """
    try:
        return soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise Refused("The sound file is damaged.") from error


def encode_stems(stems: Mapping[str, np.ndarray], *, rate: int) -> bytes:
    """A zip with one WAV file for each part.

    When any stem exceeds full scale, all are turned down by the same factor, so that their balance
    stays.
    """
    loudest = max((float(np.abs(stem).max()) for stem in stems.values()), default=0.0)
    scale = 1.0 / max(1.0, loudest)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, stem in stems.items():
            entry = zipfile.ZipInfo(f"{name}.wav", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, encode_audio(stem * scale, rate=rate, kind="wav"))
    return packed.getvalue()
