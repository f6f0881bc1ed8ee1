"""Several versions of a species beside each other, and damaged folders.

Their messages are tested, and that the other species still work.
"""

import hashlib
import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generation import checkpoints
from generation.breeding import breed, sample
from generation.engine.frames import RenderKey
from generation.engine.render import render_batch
from generation.genespaces import species
from generation.genome import Recipe
from generation.refusal import Refused


def copy(folder, name: str, *, key: str, of: str = "garments", change=None, **card):
    """A copy of a shipped checkpoint.

    change: what happens to its tensors; the card is made to fit the file.
    """
    target = shutil.copytree(checkpoints.SHIPPED / of, folder / name)
    card_data = json.loads((target / "card.json").read_text()) | {"key": key} | card
    if change:
        tensors = load_file(target / "weights.safetensors")
        change(tensors)
        save_file(tensors, target / "weights.safetensors")
        card_data["weights_sha256"] = hashlib.sha256(
            (target / "weights.safetensors").read_bytes()
        ).hexdigest()
    (target / "card.json").write_text(json.dumps(card_data))
    checkpoints.catalogue(refresh=True)
    return target


def paint(genome) -> bytes:
    key = RenderKey(genome.generator, genome.digest, 64, "image/jpeg", 1)
    return render_batch(key, [genome], lambda progress: None)[0].payload


def test_the_highest_version_is_used_and_an_older_one_still_paints_and_breeds(more_checkpoints):
    shipped = sample("garments", seed=3)
    before = paint(shipped)
    copy(more_checkpoints, "garments-next", key="garments", version=7)
    newer = sample("garments", seed=3)
    assert checkpoints.find("garments").version == 7 and newer.digest != shipped.digest
    assert [one.version for one in checkpoints.versions("garments")] == [7, 1]
    assert paint(shipped) == before and paint(newer) == before
    child = breed([shipped, shipped], Recipe("blend", (0.5, 0.5), mutation_rate=0.2, seed=1))
    assert child.digest == shipped.digest and paint(child)


def test_an_older_folder_changes_nothing_of_what_is_used(more_checkpoints):
    shipped = checkpoints.find("garments").digest
    copy(more_checkpoints, "garments-old", key="garments", version=0.5)
    copy(more_checkpoints, "same", key="garments")
    assert checkpoints.find("garments").digest == shipped
    assert checkpoints.find("garments").folder.parent == checkpoints.SHIPPED


def test_versions_do_not_mix(more_checkpoints):
    shipped = sample("garments", seed=3)
    copy(more_checkpoints, "garments-next", key="garments", version=7)
    with pytest.raises(Refused, match="different versions of their species"):
        breed([shipped, sample("garments", seed=4)], Recipe("blend", (0.5, 0.5)))


def test_a_version_that_is_gone_is_named(more_checkpoints):
    target = copy(more_checkpoints, "garments-next", key="garments", version=7)
    newer = sample("garments", seed=3)
    shutil.rmtree(target)
    checkpoints.catalogue(refresh=True)
    with pytest.raises(
        Refused, match="another version of the species “Garments”.*install that version"
    ):
        breed([newer], Recipe("blend", (1.0,)))


def test_a_broken_newer_version_leaves_the_older_one_in_use(more_checkpoints):
    target = copy(more_checkpoints, "garments-next", key="garments", version=7)
    (target / "weights.safetensors").write_bytes(b"torn")
    checkpoints.catalogue(refresh=True)
    assert checkpoints.find("garments").version == 1
    assert "damaged" in checkpoints.versions("garments")[1].problem


def spoil(name: str):
    def change(tensors):
        tensors[name] = np.full_like(tensors[name], np.nan)

    return change


def shorten(name: str):
    def change(tensors):
        tensors[name] = np.ascontiguousarray(tensors[name][..., :-1])

    return change


GENERATOR_WEIGHT = next(
    name
    for name in load_file(checkpoints.SHIPPED / "garments" / "weights.safetensors")
    if name.startswith("generator.") and name.endswith("weight")
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (spoil("gaussian.mean"), "“gaussian.mean” hold numbers that are not finite"),
        (spoil(GENERATOR_WEIGHT), "not finite"),
        (shorten("anchors"), "“anchors” have the shape"),
        (shorten("gaussian.factor"), "“gaussian.factor” have the shape"),
        (lambda tensors: tensors.pop("kinds"), "lacks 'kinds'"),
    ],
)
def test_unusable_tensors_are_told_and_the_others_work(more_checkpoints, change, sentence: str):
    copy(more_checkpoints, "rags", key="rags", change=change)
    with pytest.raises(Refused, match=sentence):
        species("rags")
    assert paint(sample("garments", seed=1))


def test_a_net_of_another_shape_is_refused_when_it_is_loaded(more_checkpoints):
    copy(more_checkpoints, "rags", key="rags", change=shorten(GENERATOR_WEIGHT))
    with pytest.raises(Refused, match="do not have the shapes that its card.json names"):
        paint(sample("rags", seed=1))
