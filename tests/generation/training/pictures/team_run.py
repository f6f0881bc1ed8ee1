"""One process of a run of several, as torchrun starts it: trains a tiny net in a folder.

Arguments: the folder, the phase, how many pictures, and the number of the process that dies.
"""

import os
import sys
from pathlib import Path

import torch

from generation.refusal import Refused
from generation.training.pictures.command import restore
from generation.training.pictures.loop import Loop
from generation.training.plan import Plan
from generation.training.runs import Run, deferred_stops
from generation.training.team import joined
from tests.generation.training.pictures.picture_examples import gradients_of, make_learner


def main(folder: Path, phase: str, pictures: int, dying: int) -> None:
    with joined() as team:
        run = Run(folder, team)
        with run.locked():
            learner = make_learner(team=team)
            run.start(learner.settings.to_json())
            plan = Plan(restore(learner, run), phase, examples=pictures)
            if dying == team.rank:
                learner.generator.register_forward_pre_hook(
                    lambda net, inputs: learner.steps < 1 or os._exit(1)
                )
            with deferred_stops() as is_stop_requested:
                Loop(learner, run, plan=plan, report=print).train(is_stop_requested)
            torch.save(gradients_of(learner), folder / f"{phase}-{team.rank}-of-{team.size}.pt")


def threads_of_the_group() -> list[str]:
    """The names of threads that still work for a group of processes; Linux alone tells them."""
    names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    return [name for name in names if "gloo" in name]


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    except Refused as refusal:
        sys.exit(refusal.sentence)
    if left := threads_of_the_group():
        sys.exit(f"These threads may abort the process: {left}")
