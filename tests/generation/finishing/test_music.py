import numpy as np
import pytest

from generation.finishing.harmony import TONICS
from generation.finishing.music import (
    TuneGenes,
    compose,
    compose_sections,
    neighbours,
    plausibility,
)
from generation.finishing.styles import STYLES
from generation.melodies.tokens import DIATONIC, FIRST_PITCH, tokens_of
from generation.refusal import Refused

SIZE = 16
SCALE = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79])


def decode(z):
    """A very simple stand-in for a net: each of 16 numbers is the scale degree of one eighth."""
    rows = []
    for point in z:
        degrees = np.clip(np.round(4 + 2.5 * point), 0, len(SCALE) - 1).astype(int)
        rows.append(
            tokens_of(
                [(2 * i, 2 * i + 2, int(SCALE[degree])) for i, degree in enumerate(degrees)],
                steps=32,
            )
        )
    return np.stack(rows)


def make_genes(seed=0, **changes):
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, SIZE)).astype(np.float32)
    return TuneGenes(a, b, **changes)


def sections(genes, seed=1):
    return compose_sections(genes, decode=decode, scale=np.ones(SIZE), seed=seed)


def test_the_form_is_aaba_with_a_settled_second_ending():
    first, second, middle, last = sections(make_genes())
    assert all(len(section) == 64 for section in (first, second, middle, last))
    assert np.array_equal(first[:32], second[:32]) and np.array_equal(second, last)
    assert not np.array_equal(first[32:], second[32:]) and not np.array_equal(
        first[:32], middle[:32]
    )
    assert np.array_equal(first[:32], decode([make_genes().a])[0])


def test_the_tune_ends_on_its_tonic_held_for_half_a_bar():
    for seed in range(8):
        genes = make_genes(seed)
        song = compose(genes, decode=decode, scale=np.ones(SIZE), seed=seed)
        last = song.part("melody").notes[-1]
        assert last.pitch % 12 == TONICS[song.mode] and last.end - last.start > 4


def test_the_same_genes_and_seed_give_the_same_song():
    songs = [
        compose(make_genes(), decode=decode, scale=np.ones(SIZE), seed=seed) for seed in (3, 3, 4)
    ]
    assert songs[0] == songs[1] != songs[2]


@pytest.mark.parametrize(
    "change",
    [{"style": "synth"}, {"key": 4}, {"bpm": 90.0}, {"lead": 2}, {"sliders": {"density": 0.8}}],
)
def test_every_gene_is_heard(change):
    plain = compose(make_genes(), decode=decode, scale=np.ones(SIZE), seed=1)
    assert compose(make_genes(**change), decode=decode, scale=np.ones(SIZE), seed=1) != plain


def mean_pitch(song):
    return np.mean([note.pitch for note in song.part("melody").notes])


def test_the_height_slider_is_not_undone_by_the_register():
    heights = [
        mean_pitch(
            compose(
                make_genes(sliders={"height": amount}), decode=decode, scale=np.ones(SIZE), seed=1
            )
        )
        for amount in (-1.0, 0.0, 1.0)
    ]
    assert heights[1] - heights[0] > 4 and heights[2] - heights[1] > 4


def test_a_low_tune_is_moved_up_by_octaves():
    def growl(z):
        rows = decode(z)
        return np.where(rows >= FIRST_PITCH, rows - 24, rows)

    low = compose(make_genes(), decode=growl, scale=np.ones(SIZE), seed=1)
    assert 64 <= mean_pitch(low) <= 84


def test_answers_stay_near_their_phrase():
    z = np.random.default_rng(0).standard_normal(SIZE).astype(np.float32)
    near = neighbours(z, scale=np.ones(SIZE), rng=np.random.default_rng(1), count=200)
    cosine = near @ z / np.linalg.norm(near, axis=1) / np.linalg.norm(z)
    assert near.shape == (200, SIZE) and 0.8 < cosine.mean() < 0.97


def test_singable_lines_are_more_plausible_than_leaping_or_empty_ones():
    singable = tokens_of(
        [(4 * i, 4 * i + 4, p) for i, p in enumerate([60, 62, 64, 65, 67, 65, 64, 62])], steps=32
    )
    leaping = tokens_of(
        [(4 * i, 4 * i + 4, p) for i, p in enumerate([60, 80, 61, 78, 55, 82, 63, 90])], steps=32
    )
    drone = tokens_of([(4 * i, 4 * i + 4, 60) for i in range(8)], steps=32)
    empty = np.zeros(32, dtype=np.int64)
    assert (
        plausibility(singable) > plausibility(drone) > plausibility(leaping) > plausibility(empty)
    )


def test_genes_are_brought_into_their_ranges():
    genes = make_genes(key=14, bpm=999.0, lead=-1).checked()
    assert (genes.key, genes.bpm, genes.lead) == (2, 168.0, len(STYLES["folk"].leads) - 1)
    with pytest.raises(Refused):
        make_genes(style="polka").checked()


def test_a_net_that_writes_nothing_still_gives_a_song():
    def silent(z):
        rows = np.zeros((len(z), 32), dtype=np.int64)
        rows[:, 0] = 1
        return rows

    song = compose(make_genes(), decode=silent, scale=np.ones(SIZE), seed=0)
    assert song.part("chords").notes and song.part("melody") is None


def test_melodies_stay_in_the_scale_of_their_key():
    for section in sections(make_genes(5)):
        pitches = section[section >= FIRST_PITCH] - FIRST_PITCH
        assert np.isin(pitches % 12, DIATONIC).all()
