"""The loop that trains a LoRA in a run folder.

It takes steps, logs, paints samples, writes snapshots and the LoRA, and stops in good order.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generation.checkpoints import Checkpoint
from generation.data.sources import Report
from generation.genespaces.diffusion import DiffusionSettings, read_settings
from generation.nets.embeddings import encode_words
from generation.nets.pipelines import KINDS, load_pipeline
from generation.refusal import Refused
from generation.training.lora.command import Lesson, LoraSettings
from generation.training.lora.learner import LoraLearner
from generation.training.pictures.sheets import contact_sheet
from generation.training.runs import Clock, Run, deferred_stops, progress_line

LOG_SECONDS = 30
SAVE_SECONDS = 300
SAMPLES = 4  # Pictures of a sheet.


def train(
    run: Run,
    checkpoint: Checkpoint,
    settings: LoraSettings,
    lesson: Lesson,
    *,
    steps: int,
    device: torch.device,
    report: Report,
) -> None:
    """Train up to so many steps in all; Ctrl-C saves and stops.

    Raises Refused for a kind of pipelines that nothing is trained on here.
    """
    species = read_settings(checkpoint)
    if not KINDS[species.pipeline].can_learn:
        raise Refused(
            "LoRAs cannot be trained on pipelines of the kind {kind}; on these they can: {kinds}.",
            kind=species.pipeline,
            kinds=", ".join(name for name, kind in KINDS.items() if kind.can_learn),
        )
    with run.locked():
        settings = _settings_of(run, settings)
        report("Loading the species and encoding the pictures.")
        pipeline = load(checkpoint, species, device=device)
        samples = Samples(pipeline, lesson.words, species)
        learner = LoraLearner(settings, pipeline, lesson.pictures, lesson.words)
        # All words are encoded now.
        for name in [name for name in pipeline.components if name.startswith("text_encoder")]:
            setattr(pipeline, name, None)
        _restore(learner, run)
        if _steps_taken(learner, run, samples, steps=steps, report=report):
            report(
                f"Done: {learner.steps} steps. The LoRA is {lora_file(run)}. Import it with the"
                f" folder of its net: manage.py import_diffusion FOLDER ... --lora"
                f" {lora_file(run)}:YOU:LICENCE"
            )


def lora_file(run: Run) -> Path:
    return run.folder / f"{run.folder.name}.safetensors"


def load(checkpoint: Checkpoint, species: DiffusionSettings, *, device: torch.device) -> Any:
    """The species' pipeline without its LoRAs, in bfloat16 on cards that can, else float32."""
    has_bfloat16 = device.type == "cuda" and torch.cuda.is_bf16_supported()
    single = species.single_file
    pipeline = load_pipeline(
        species,
        root=checkpoint.path(single) if single else checkpoint.path("model_index.json").parent,
        config=checkpoint.folder / "config",
        dtype=torch.bfloat16 if has_bfloat16 else torch.float32,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device)


class Samples:
    """Pictures that are painted again and again, from the same words and seeds."""

    def __init__(self, pipeline: Any, words: list[str], species: DiffusionSettings) -> None:
        self.pipeline, self.species = pipeline, species
        known = list(dict.fromkeys(words))
        with torch.no_grad():
            self.encoded = [
                encode_words(pipeline, known[i % len(known)], is_guided=species.guidance > 1)
                for i in range(SAMPLES)
            ]

    @torch.no_grad()
    def paint(self) -> np.ndarray:
        """The pictures as the net paints them now, uint8 [SAMPLES, size, size, 3]."""
        painted = [
            self.pipeline(
                **encoded,
                num_inference_steps=self.species.steps,
                guidance_scale=self.species.guidance,
                height=self.species.size,
                width=self.species.size,
                generator=torch.Generator("cpu").manual_seed(seed),
                output_type="np",
            ).images[0]
            for seed, encoded in enumerate(self.encoded)
        ]
        return (np.stack(painted).clip(0, 1) * 255).round().astype(np.uint8)


def _settings_of(run: Run, asked: LoraSettings) -> LoraSettings:
    """The settings that the run began with. Raises Refused when it learns something else."""
    stored = run.start({"kind": "lora"} | asdict(asked))
    try:
        if stored.pop("kind") != "lora":
            raise KeyError
        settings = LoraSettings(**stored)
    except (KeyError, TypeError) as error:
        raise Refused(
            "{run_folder} holds a run of another kind of net. Name another folder with --run.",
            run_folder=run.folder,
        ) from error
    if settings != asked:
        raise Refused(
            "The run {folder} began with another species, set, words or numbers. Give the same"
            " ones, or name another run with --run.",
            folder=run.folder,
        )
    return settings


def _restore(learner: LoraLearner, run: Run) -> None:
    state = run.load()
    if state is None:
        return
    try:
        learner.restore(state)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise Refused(
            "{path} is not the snapshot of such a net and cannot be resumed. Delete it to start"
            " this run again.",
            path=run.snapshot,
        ) from error


def _steps_taken(
    learner: LoraLearner, run: Run, samples: Samples, *, steps: int, report: Report
) -> bool:
    """Take the steps that are left; returns whether none is."""
    clock, since_log = Clock(), 0
    next_log, next_save = float(LOG_SECONDS), float(SAVE_SECONDS)
    with deferred_stops() as is_stop_requested:
        if not learner.steps:
            _save(learner, run, samples)  # The first sheet shows what the net paints by itself.
        while learner.steps < steps and not is_stop_requested():
            run.record(learner.step())
            since_log += 1
            if clock.elapsed >= next_log:
                rate, since_log = clock.tick(since_log), 0
                next_log = clock.elapsed + LOG_SECONDS
                line = run.log({"steps": learner.steps, "rate": round(rate, 2)})
                report(progress_line(line, seconds_left=(steps - learner.steps) / rate))
            if clock.elapsed >= next_save:
                _save(learner, run, samples)
                next_save = clock.elapsed + SAVE_SECONDS
        _save(learner, run, samples)
        if is_stop_requested():
            report(f"Stopped. The same command goes on from {run.snapshot}.")
        return learner.steps >= steps


def _save(learner: LoraLearner, run: Run, samples: Samples) -> None:
    """Write the log, the snapshot and the LoRA, and paint a sheet."""
    run.log({"steps": learner.steps})
    run.save(learner.state())
    partial = run.folder / f"partial-{lora_file(run).name}"
    learner.write(partial)
    partial.replace(lora_file(run))
    with learner.precision():  # The LoRA is float32, and the net may be bfloat16.
        painted = samples.paint()
    contact_sheet(painted, columns=SAMPLES).save(run.sheets / f"{learner.steps:06d}.png")
