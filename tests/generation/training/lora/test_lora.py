"""LoRAs are trained on real pipelines with tiny random weights, and imported again."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from generation.breeding import breed, sample
from generation.checkpoints import catalogue, find
from generation.data.examples import Example
from generation.data.pictures import SetFacts, write_set
from generation.engine.frames import RenderKey
from generation.engine.render import render_batch
from generation.genome import Genome, Recipe
from generation.residency import nets
from generation.training.lora.command import LoraSettings
from generation.yielding import ignore_progress
from tests.generation.conftest import HAS_DIFFUSERS, KINDS
from tests.generation.training.pictures.picture_examples import make_pictures
from tests.generation.training.reads import counted_reads

CPU = torch.device("cpu")
TRAIN = ("train", "lora", "sd", "--data", "discs", "--words", "a disc", "--rank", "2")
RUN = Path("runs/sd-discs")
FAST = 3e-2  # A learning rate with which a few steps of tiny nets show.


@pytest.fixture
def discs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared set of discs, the even ones of which have captions, in the current folder."""
    monkeypatch.chdir(tmp_path)
    examples = [
        Example(str(i), picture, caption="" if i % 2 else f"disc {i}")
        for i, picture in enumerate(make_pictures(80, size=64))
    ]
    facts = SetFacts("Discs", "a test", "CC0 1.0", "nobody")
    write_set(examples, facts, target=tmp_path / "data/discs", size=64, report=lambda line: None)
    return tmp_path


@pytest.fixture
def loop(diffusion_species: Path) -> Any:
    """The module that trains; its libraries are optional. The tiny species are installed."""
    return importlib.import_module("generation.training.lora.loop")


def make_learner(loop: Any, kind: str, **changes: Any) -> Any:
    checkpoint = find(kind)
    settings = LoraSettings(
        kind, checkpoint.digest, "discs", 64, rank=2, batch=2, learning_rate=FAST, **changes
    )
    pipeline = loop.load(checkpoint, loop.read_settings(checkpoint), device=CPU)
    return loop.LoraLearner(settings, pipeline, make_pictures(3, size=64), ["red", "blue", "red"])


def distance(learner: Any) -> float:
    """The loss on all pictures at fixed noises and places."""
    noise = torch.randn(learner.latents.shape, generator=torch.Generator().manual_seed(0))
    place = torch.tensor([0.2, 0.5, 0.8])
    place = place if learner.flow else (place * 1_000).long()
    words = [learner.encoded[one] for one in learner.words]
    with torch.no_grad():
        return float(learner.loss(learner.latents, noise, place=place, words=words))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_learns_without_reading_back_from_its_device(loop, kind):
    learner = make_learner(loop, kind)
    before = distance(learner)
    learner.step()
    with counted_reads() as reads:
        learner.step()
    assert reads == []
    for _ in range(13):
        learner.step()
    assert distance(learner) < 0.99 * before


def test_a_net_in_bfloat16_learns_a_lora_in_float32(loop):
    learner = make_learner(loop, "sd")
    learner.has_bfloat16 = True
    before = distance(learner)
    for _ in range(8):
        figures = learner.step()
    assert {one.dtype for one in learner.parameters()} == {torch.float32}
    assert figures["loss"].dtype == torch.float32
    assert distance(learner) < before


@pytest.mark.parametrize("says", ["epsilon", "v_prediction", "sample"])
def test_the_right_answer_gives_the_picture_back(loop, says):
    learner = make_learner(loop, "sd")
    learner.pipeline.scheduler.register_to_config(prediction_type=says)
    latents, noise = torch.randn(2, 3, 4, 8, 8)
    place = torch.tensor([100, 500, 900])
    noisy, time, answer = learner.question(latents, noise, place)
    kept = learner.kept[place][:, None, None, None]
    pictures = {
        "epsilon": (noisy - (1 - kept).sqrt() * answer) / kept.sqrt(),
        "v_prediction": kept.sqrt() * noisy - (1 - kept).sqrt() * answer,
        "sample": answer,
    }
    assert torch.equal(time, place)
    assert torch.allclose(pictures[says], latents, atol=1e-4)


def test_the_way_from_noise_to_picture_is_straight_and_bent_as_the_sampler_bends_it(loop):
    learner = make_learner(loop, "sd3")
    learner.pipeline.scheduler.register_to_config(shift=3.0)
    latents, noise = torch.randn(2, 1, 4, 8, 8)
    noisy, time, answer = learner.question(latents, noise, torch.tensor([0.5]))
    assert time.tolist() == [750.0]
    assert torch.allclose(noisy - 0.75 * answer, latents, atol=1e-5)


def picture(genome: Genome) -> bytes:
    key = RenderKey(genome.generator, genome.digest, 64, "image/png", 2)
    return render_batch(key, [genome], ignore_progress)[0].payload


def test_a_stopped_run_goes_on_exactly_and_its_lora_can_be_imported_and_turned_off(
    discs, loop, importing, tiny_pipelines, monkeypatch
):
    fast = ("--learning-rate", str(FAST), "--batch", "2")
    call_command(*TRAIN, *fast, "--steps", "4", "--run", "straight")
    call_command(*TRAIN, *fast, "--steps", "2")
    call_command(*TRAIN, *fast, "--steps", "4")
    one, other = (
        torch.load(run / "snapshot.pt", weights_only=True)["lora"]
        for run in (RUN, Path("runs/straight"))
    )
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert sorted(path.name for path in (RUN / "sheets").iterdir()) == [
        f"00000{steps}.png" for steps in (0, 2, 4)
    ]
    assert json.loads((RUN / "log.jsonl").read_text().splitlines()[-1])["loss"] > 0
    with pytest.raises(CommandError, match="began with another species, set, words or numbers"):
        call_command(*TRAIN, *fast, "--seed", "1")

    for name, files in (("plain", ()), ("drawn", (RUN / "sd-discs.safetensors",))):
        loras = tuple(importing.LoraSource(file, "Ann", "CC0-1.0") for file in files)
        wish = importing.Wish(tiny_pipelines / "sd", name, "CC0-1.0", "us", 2, loras=loras)
        importing.import_diffusion(wish, root=discs / "species")
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(discs / "species"))
    catalogue(refresh=True)
    drawn = sample("drawn", seed=1, words="a disc")
    without = breed([drawn], Recipe(weights=(1.0,), edits={"lora-sd-discs": -1.0}))
    assert picture(drawn) != picture(without)
    assert picture(without) == picture(sample("plain", seed=1, words="a disc"))
    nets.release(idle_s=0)


def test_every_picture_is_learnt_with_its_own_caption(discs, loop):
    command = importlib.import_module("generation.training.lora.command")
    settings = LoraSettings("sd", "", "discs", 64)
    lesson = command.lesson_from(settings)
    known = {picture.tobytes(): i for i, picture in enumerate(make_pictures(80, size=64))}
    for pixels, words in zip(lesson.pictures, lesson.words, strict=True):
        number = known[np.asarray(pixels).tobytes()]
        assert words == ("" if number % 2 else f"disc {number}")
    assert len(set(lesson.words)) > 20


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({2: "patterns"}, "“patterns” paints without words.*These can: .*sdxl"),
        ({2: "nothing"}, "nothing"),
        ({2: "pixart"}, "cannot be trained on pipelines of the kind PixArtAlphaPipeline"),
        ({4: "empty"}, "“empty” is not a prepared data set"),
        ({4: "small"}, "“small” are too small: 16 px, and this species paints 64 px"),
        ({6: ""}, "Nothing says what the pictures of “plain” show. Give --words"),
        ({8: "0"}, "--rank must be from 1"),
    ],
)
def test_what_cannot_be_learnt_is_refused_in_a_sentence(discs, loop, changes, sentence):
    (discs / "empty").mkdir()
    facts = SetFacts("Discs", "a test", "CC0 1.0", "nobody")
    for name, size in (("small", 16), ("plain", 64)):
        examples = [Example(str(i), one) for i, one in enumerate(make_pictures(80, size=size))]
        target = discs / "data" / name
        write_set(examples, facts, target=target, size=size, report=lambda line: None)
    words = list(TRAIN)
    for place, value in changes.items():
        words[place] = value
        if not value:
            words[4] = "plain"
    with pytest.raises(CommandError, match=sentence):
        call_command(*words)
    assert not (discs / "runs").exists()


@pytest.mark.skipif(HAS_DIFFUSERS, reason="The packages are installed.")
def test_missing_packages_are_told(discs, monkeypatch):
    card = {"key": "dreams", "name": "Dreams", "medium": "picture", "architecture": "diffusion"}
    card |= {"version": 1, "licence": "CC0-1.0", "credit": "us", "description": "A test."}
    folder = discs / "species/dreams"
    folder.mkdir(parents=True)
    settings = {"pipeline": "StableDiffusionPipeline", "steps": 2, "size": 64, "guidance": 1.0}
    (folder / "settings.json").write_text(json.dumps(settings))
    digests = importlib.import_module("generation.digests")
    card["files"] = {"settings.json": digests.sha256_of(folder / "settings.json")}
    (folder / "card.json").write_text(json.dumps(card))
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(discs / "species"))
    catalogue(refresh=True)
    try:
        with pytest.raises(CommandError, match="pip install -r requirements-diffusion.txt"):
            call_command("train", "lora", "dreams", *TRAIN[3:])
    finally:
        monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
        catalogue(refresh=True)
