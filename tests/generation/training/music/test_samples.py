import pytest
import soundfile

from generation.codecs.midi import decode_midi
from generation.melodies.tokens import notes_of
from generation.training.music.samples import BPM, PAUSE_STEPS, write_samples
from tests.generation.training.music.music_examples import make_segments


def test_samples_can_be_heard_one_after_another(tmp_path):
    rows = make_segments(3)
    write_samples(rows, tmp_path / "sheet")
    read = decode_midi((tmp_path / "sheet" / "samples.mid").read_bytes())
    assert [note.pitch for note in read.notes] == [
        pitch for row in rows for _, _, pitch in notes_of(row.tolist())
    ]
    seconds = 3 * (32 + PAUSE_STEPS) / 4 * 60 / BPM
    assert soundfile.info(tmp_path / "sheet" / "samples.ogg").duration == pytest.approx(
        seconds + 1.5, abs=0.2
    )
