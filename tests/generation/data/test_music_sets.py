import importlib.util
import json

import numpy as np
import pytest

from generation.codecs.audio import encode_audio
from generation.codecs.midi import encode_midi
from generation.data.music import Counts, read_data_set
from generation.data.music_sets import is_music, melodies_of_folder, prepare
from generation.finishing.audio import render_audio
from generation.finishing.soundfont import RATE
from generation.melodies.tokens import notes_of
from generation.refusal import Refused
from generation.song import Note, Part, Song

SCALE = [60, 62, 64, 65, 67, 69, 71, 72]


def make_folder(folder, *, files=12):
    """ABC books and MIDI files with random tunes of eight bars, and one broken file."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    for number in range(files):
        bars = "|".join("".join(rng.choice(list("CDEFGABc"), 8)) for _ in range(8))
        (folder / f"book{number}.abc").write_text(
            f"X:1\nT:Tune {number}\nM:4/4\nL:1/8\nK:C\n{bars}|\n", encoding="utf-8"
        )
        notes = tuple(Note(i / 2, i / 2 + 0.45, int(rng.choice(SCALE)) + 2, 80) for i in range(64))
        song = Song("", "folk", "major", 2, 100.0, 32.0, (Part("melody", "Flute", 73, notes),))
        (folder / f"played{number}.mid").write_bytes(encode_midi(song))
    (folder / "broken.mid").write_bytes(b"hello")
    return folder


def test_a_folder_of_abc_and_midi_becomes_a_data_set_with_a_report(tmp_path):
    lines = []
    prepare(
        str(make_folder(tmp_path / "mine")), target=tmp_path / "out", size=2, report=lines.append
    )
    data = read_data_set(tmp_path / "out")
    assert data["train"].shape[1] == 32 and len(data["train"]) > 80
    counts = json.loads((tmp_path / "out" / "report.json").read_text())["counts"]
    assert counts["files read"] == 25
    assert sum(count for what, count in counts.items() if "not a readable MIDI file" in what) == 1
    assert any("segments of 2 bars for train" in line for line in lines)


def test_melodies_of_midi_files_are_moved_to_the_home_key(tmp_path):
    prepare(str(make_folder(tmp_path / "mine")), target=tmp_path / "out", size=2, report=[].append)
    segments = np.concatenate(list(read_data_set(tmp_path / "out").values()))
    pitches = segments[segments > 1] - 2
    assert np.isin(pitches % 12, [0, 2, 4, 5, 7, 9, 11]).mean() > 0.9


def test_links_are_followed_contents_decide_and_what_is_left_out_is_counted(tmp_path):
    folder, blobs = make_folder(tmp_path / "mine", files=1), tmp_path / "blobs"
    blobs.mkdir()
    (folder / "played0.mid").rename(blobs / "4f1c")
    (folder / "linked.mp3").symlink_to(blobs / "4f1c")  # MIDI by its content.
    (folder / "gone.mid").symlink_to(blobs / "gone")
    (folder / "cover.jpg").write_bytes(b"a picture")
    (folder / "broken.mid").unlink()
    counts = Counts()
    heard = list(melodies_of_folder(folder, counts=counts))
    assert [melody.source for melody in heard] == ["book0.abc", "linked.mp3"]
    skipped = {what: count for what, count in counts.items() if what.startswith("files skipped")}
    assert skipped == {
        "files skipped: of another kind (.jpg)": 1,
        "files skipped: a link that leads nowhere": 1,
    }


def test_only_folders_with_tunes_are_music(tmp_path):
    assert is_music(make_folder(tmp_path / "mine"))
    assert not is_music(tmp_path / "nowhere")
    (tmp_path / "pictures").mkdir()
    assert not is_music(tmp_path / "pictures")


def test_what_is_no_music_is_refused(tmp_path):
    with pytest.raises(Refused, match="tunes, tunes-4"):
        prepare(str(tmp_path / "nowhere"), target=tmp_path / "out", size=None, report=[].append)


@pytest.mark.skipif(
    importlib.util.find_spec("basic_pitch") is None, reason="basic-pitch is not installed"
)
def test_recordings_are_heard_and_those_without_a_tune_are_counted(tmp_path):
    folder = make_folder(tmp_path / "mine")
    pitches = [60, 64, 67, 64, 65, 69, 67, 64, 62, 65, 67, 71, 72, 67, 64, 60] * 2
    notes = tuple(Note(i / 2, i / 2 + 0.47, pitch, 90) for i, pitch in enumerate(pitches))
    sound, _ = render_audio(
        Song("", "folk", "major", 0, 112.0, 16.0, (Part("melody", "Piano", 0, notes),))
    )
    (folder / "played.wav").write_bytes(encode_audio(sound, rate=RATE, kind="wav"))
    (folder / "silence.wav").write_bytes(
        encode_audio(np.zeros((RATE, 2), np.float32), rate=RATE, kind="wav")
    )
    counts = Counts()
    heard = [
        melody
        for melody in melodies_of_folder(folder, counts=counts)
        if melody.source == "played.wav"
    ]
    assert [pitch for _, _, pitch in notes_of(heard[0].tokens)][:16] == pitches[:16]
    assert sum(count for what, count in counts.items() if what.startswith("files skipped")) == 2
