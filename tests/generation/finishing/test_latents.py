import numpy as np
import pytest
from safetensors.numpy import save_file

from generation.finishing.latents import fit_latents, read_latents, readout_r2, slerp
from generation.refusal import Refused


def make_codes(count=4_000, size=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, size)) @ rng.standard_normal(
        (size, size)
    ) + rng.standard_normal(size)


def make_latents():
    return fit_latents(make_codes())


def test_samples_are_distributed_like_the_codes():
    latents, codes = make_latents(), make_codes()
    drawn = latents.sample(20_000, rng=np.random.default_rng(1))
    assert np.allclose(drawn.mean(0), codes.mean(0), atol=0.15)
    assert np.allclose(np.cov(drawn.T), np.cov(codes.T), rtol=0.2, atol=0.2)
    assert np.allclose(latents.scale, codes.std(0), rtol=0.02)


def test_whitening_there_and_back():
    latents = make_latents()
    z = latents.sample(5, rng=np.random.default_rng(2))
    assert np.allclose(latents.unwhiten(latents.whiten(z)), z, atol=1e-4)
    assert latents.whiten(make_codes()).std(0) == pytest.approx(np.ones(6), rel=0.05)


def test_a_blend_with_one_whole_weight_is_that_parent():
    points = make_latents().sample(3, rng=np.random.default_rng(3))
    assert np.array_equal(make_latents().blend(points, np.array([0.0, 1.0, 0.0])), points[1])


def test_blends_of_two_move_evenly_from_one_parent_to_the_other():
    latents = make_latents()
    a, b = latents.sample(2, rng=np.random.default_rng(4))
    path = np.stack(
        [
            latents.whiten(latents.blend(np.stack([a, b]), np.array([1 - t, t])))
            for t in np.linspace(0, 1, 9)
        ]
    )
    start, end = latents.whiten(a), latents.whiten(b)
    assert (np.diff(np.linalg.norm(path - start, axis=1)) > 0).all()
    assert np.allclose(path[0], start, atol=1e-3) and np.allclose(path[-1], end, atol=1e-3)
    between = sorted([np.linalg.norm(start), np.linalg.norm(end)])
    assert all(
        between[0] - 1e-3 <= length <= between[1] + 1e-3 for length in np.linalg.norm(path, axis=1)
    )


def test_slerp_of_the_same_direction_is_straight():
    a = np.array([1.0, 0.0])
    assert np.allclose(slerp(a, 3 * a, 0.5), [2.0, 0.0]) and np.allclose(
        slerp(a, 0 * a, 0.5), [0.5, 0.0]
    )


def test_mutation_grows_with_its_rate():
    latents = make_latents()
    z = latents.sample(1, rng=np.random.default_rng(5))[0]

    def distance(rate, seed):
        mutated = latents.mutate(z, rate, rng=np.random.default_rng(seed))
        return np.linalg.norm(latents.whiten(mutated) - latents.whiten(z))

    moved = [np.mean([distance(rate, seed) for seed in range(50)]) for rate in (0.0, 0.1, 0.3, 1.0)]
    assert moved[0] == 0 and moved == sorted(moved) and moved[1] > 0.5


def test_a_read_out_finds_what_is_linear_and_nothing_else():
    codes = make_codes()
    noise = np.random.default_rng(7).standard_normal(len(codes))
    r2 = readout_r2(codes, np.stack([codes @ np.arange(6), noise], axis=1))
    assert r2[0] > 0.98 and abs(r2[1]) < 0.05


def test_the_map_is_read_as_it_was_written(tmp_path):
    latents = make_latents()
    save_file(
        latents.tensors() | {"net.weight": np.zeros(3, dtype=np.float32)},
        tmp_path / "weights.safetensors",
    )
    again = read_latents(tmp_path / "weights.safetensors")
    assert np.array_equal(again.root, latents.root) and np.array_equal(again.mean, latents.mean)


@pytest.mark.parametrize("content", [b"", b"rubbish"])
def test_a_file_without_map_is_refused(tmp_path, content):
    (tmp_path / "weights.safetensors").write_bytes(content)
    with pytest.raises(Refused, match="no map"):
        read_latents(tmp_path / "weights.safetensors")
    save_file({"net.weight": np.zeros(3, dtype=np.float32)}, tmp_path / "other.safetensors")
    with pytest.raises(Refused, match="no map"):
        read_latents(tmp_path / "other.safetensors")
