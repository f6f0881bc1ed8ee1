import io
import zipfile

import numpy as np
import pytest
import soundfile

from generation.codecs.audio import FORMATS, encode_audio, encode_stems
from generation.refusal import Refused

RATE = 44_100


def make_sound(seconds=1.5, pitch=440.0, level=0.5):
    time = np.arange(int(RATE * seconds)) / RATE
    return np.stack([level * np.sin(2 * np.pi * pitch * time)] * 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_plays_back_the_same_tone(kind):
    sound, rate = soundfile.read(io.BytesIO(encode_audio(make_sound(), rate=RATE, kind=kind)))
    assert sound.shape[1] == 2 and len(sound) / rate == pytest.approx(1.5, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sound[:, 0]))
    assert spectrum.argmax() * rate / len(sound) == pytest.approx(440, abs=2)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.05)


def test_tags_are_written():
    packed = encode_audio(
        make_sound(), rate=RATE, kind="ogg", tags={"title": "Morning", "artist": "Ada"}
    )
    with soundfile.SoundFile(io.BytesIO(packed)) as file:
        assert file.title == "Morning" and file.artist == "Ada"


def test_long_songs_do_not_overflow_the_vorbis_encoder():
    packed = encode_audio(make_sound(60), rate=RATE, kind="ogg")
    assert soundfile.info(io.BytesIO(packed)).duration == pytest.approx(60, abs=0.1)


def test_sound_beyond_full_scale_is_clipped_not_wrapped():
    sound, _ = soundfile.read(
        io.BytesIO(encode_audio(make_sound(level=1.5), rate=RATE, kind="wav"))
    )
    assert np.abs(np.diff(sound[:, 0])).max() < 0.2


def test_an_unknown_format_is_refused():
    with pytest.raises(Refused, match="wav, flac"):
        encode_audio(make_sound(), rate=RATE, kind="aiff")


def test_stems_keep_their_balance_and_repeat_byte_for_byte():
    stems = {"melody": make_sound(level=2.0), "bass": make_sound(level=0.5, pitch=110)}
    packed = encode_stems(stems, rate=RATE)
    assert packed == encode_stems(stems, rate=RATE)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        levels = {
            name: np.abs(soundfile.read(io.BytesIO(archive.read(name)))[0]).max()
            for name in archive.namelist()
        }
    assert levels["melody.wav"] / levels["bass.wav"] == pytest.approx(4, rel=0.01)
