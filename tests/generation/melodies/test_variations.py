import numpy as np
import pytest

from generation.melodies.measures import ATTRIBUTES, attributes
from generation.melodies.tokens import DIATONIC, FIRST_PITCH, tokens_of
from generation.melodies.variations import KINDS, fill, stretch, syncopate, transpose, vary

SCALE = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76]


def make_segments(count=40, seed=0):
    """Random tunes in C with notes of two, four or eight sixteenths."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        edges = np.cumsum([0, *rng.choice([2, 2, 4, 8], 16)])
        edges = [*edges[edges < 32].tolist(), 32]
        notes = [
            (start, end, int(rng.choice(SCALE)))
            for start, end in zip(edges, edges[1:], strict=False)
        ]
        rows.append(tokens_of(notes, steps=32))
    return np.stack(rows)


def mean_change(vary_one, attribute):
    segments = make_segments()
    varied = np.stack([vary_one(row) for row in segments])
    return (attributes(varied) - attributes(segments)).mean(0)[ATTRIBUTES.index(attribute)]


@pytest.mark.parametrize(
    ("function", "less", "more", "attribute", "least"),
    [
        (transpose, -4, 4, "height", 5),
        (stretch, -0.5, 0.5, "range", 4),
        (fill, -4, 4, "density", 1.5),
        (syncopate, -7, 5, "syncopation", 1.0),
    ],
)
def test_each_variation_moves_its_attribute_both_ways(function, less, more, attribute, least):
    high = mean_change(lambda row: function(row, more), attribute)
    low = mean_change(lambda row: function(row, less), attribute)
    assert high - low >= least and high > 0 >= low


@pytest.mark.parametrize("kind", KINDS)
def test_variations_stay_in_the_scale_and_repeat(kind):
    for index, row in enumerate(make_segments()):
        varied = vary(row, kind, rng=np.random.default_rng(index))
        pitches = varied[varied >= FIRST_PITCH] - FIRST_PITCH
        assert np.isin(pitches % 12, DIATONIC).all() and len(varied) == 32
        assert np.array_equal(varied, vary(row, kind, rng=np.random.default_rng(index)))


def test_putting_early_notes_back_undoes_syncopation():
    straight = tokens_of([(start, start + 4, 60 + start) for start in range(0, 32, 4)], steps=32)
    early = syncopate(straight, 4)
    assert not np.array_equal(early, straight)
    assert np.array_equal(syncopate(early, -7), straight)


def test_the_first_note_is_never_left_out():
    for row in make_segments():
        assert fill(row, -30)[0] == row[0]
