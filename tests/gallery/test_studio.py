"""The studio of a site whose nets run in a worker process."""

import os
import subprocess
import sys
from pathlib import Path

USE_EVERYTHING = """
import django, sys
django.setup()
from gallery import studio
from gallery.upload.transcription import tune_of
from generation.breeding import sample
from generation.melodies.files import read_melody
from tests.generation.midi_examples import tune_midi

for species in ("patterns", "sculptures", "people", "creatures", "tunes"):
    genome = sample(species, seed=1)
    assert studio.preview(genome, size=64, owner="").result().payload
assert tune_of(read_melody(tune_midi()), generator="tunes", style="folk").genes.size
assert studio.render_artwork(sample("people", seed=2), size=64, owner="").result().accent
nets = studio.stats().residents.nets
print(sorted(nets), sorted(name for name in sys.modules if name.split(".")[0] == "torch")[:3])
studio.use_engine(None)
"""


def run(folder: Path, **variables: str) -> str:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "genart_site.settings",
        "ARBORETUM_DATA": str(folder),
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", USE_EVERYTHING], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_the_web_process_never_imports_torch(tmp_path: Path):
    shown = run(tmp_path, ARBORETUM_ENGINE="process")
    assert shown.endswith("[]")
    assert all(name in shown for name in ("Creatures", "Patterns", "People", "Sculptures", "Tunes"))


def test_a_thread_of_the_web_process_does_the_same(tmp_path: Path):
    shown = run(tmp_path, ARBORETUM_ENGINE="thread")
    assert "torch" in shown and "People" in shown
