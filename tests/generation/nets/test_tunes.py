import numpy as np
import pytest

from generation.checkpoints import SHIPPED, read_checkpoint
from generation.finishing.arrangement import INTRO_BARS
from generation.finishing.music import plausibility
from generation.genome import Genome
from generation.melodies.measures import melody_figures
from generation.melodies.tokens import DIATONIC
from generation.nets.tunes import best_continuation, load
from tests.generation.finishing.music_examples import make_section

CHECKPOINT = read_checkpoint(SHIPPED / "tunes")


@pytest.fixture(scope="module")
def tunes():
    return load(CHECKPOINT)


def make_genome(tunes, seed=0):
    return Genome(
        CHECKPOINT.key,
        CHECKPOINT.digest,
        tunes.space.sample(np.random.default_rng(seed)),
        seed=seed,
    )


def test_the_shipped_net_is_sound_and_says_what_it_was_made_of():
    assert CHECKPOINT.is_available, CHECKPOINT.problem
    card = CHECKPOINT.card
    assert card["free_running_accuracy"] >= 0.9 and card["teacher_forced_accuracy"] >= 0.93
    assert card["prior_diatonic"] >= 0.97 and card["copies_in_1000"] == 0
    assert (
        abs(card["prior_repeated"] - card["real_repeated"]) <= 0.05
        and card["interpolation_monotone_steps"] >= 0.93
    )
    assert "rules supply the chords, bass, drums and form" in card["description"]
    assert CHECKPOINT.weights.stat().st_size <= 10_000_000


def test_the_same_genome_gives_the_same_song_and_others_differ(tunes):
    assert tunes.song(make_genome(tunes, 1)) == tunes.song(make_genome(tunes, 1))
    assert tunes.song(make_genome(tunes, 1)) != tunes.song(make_genome(tunes, 2))


def test_fresh_tunes_are_presentable(tunes):
    phrases = tunes.net.write(tunes.space.latents.bank[:200])
    figures = melody_figures(phrases)
    assert figures["diatonic"] > 0.98 and 4 < figures["notes_per_bar"] < 9
    assert min(plausibility(phrase) for phrase in phrases) > -2
    assert len({phrase.tobytes() for phrase in phrases}) == 200


def test_a_melody_of_ones_own_is_heard_in_its_tune(tunes):
    tokens = make_section()
    genes = tunes.genes_of(tokens, home=9, bpm=100.0, style="chamber")
    song = tunes.song(Genome(CHECKPOINT.key, CHECKPOINT.digest, genes))
    assert song.bpm == pytest.approx(100) and song.key == -3 and song.style == "chamber"
    opening = [note.pitch + 3 for note in song.part("melody").notes[:8]]
    wanted = [60, 64, 67, 64, 65, 69, 67, 64]
    agreement = np.mean([(a - b) % 12 == 0 for a, b in zip(opening, wanted, strict=True)])
    assert agreement >= 0.75 and song.part("melody").notes[0].start == pytest.approx(
        4 * INTRO_BARS, abs=0.1
    )


def test_songs_keep_to_their_scale(tunes):
    for seed in range(5):
        song = tunes.song(make_genome(tunes, seed))
        pitches = np.array([note.pitch - song.key for note in song.part("melody").notes])
        assert np.isin(pitches % 12, DIATONIC).mean() > 0.9


def test_a_single_phrase_is_continued_the_same_way_every_time(tunes):
    phrase = make_section()[:32]
    first, again = (best_continuation(tunes.continuation, phrase) for _ in range(2))
    assert (
        np.array_equal(first, again)
        and not np.array_equal(first, phrase)
        and (first > 1).sum() >= 4
    )
    genes = tunes.genes_of(phrase, home=0, bpm=100.0, style="folk")
    assert not np.array_equal(tunes.space.read(genes).a, tunes.space.read(genes).b)


def test_the_continuation_foresees_more_than_that_notes_are_held():
    card = read_checkpoint(SHIPPED / "tunes" / "continuation").card
    assert card["next_token_accuracy"] > card["always_hold_accuracy"] + 0.1
