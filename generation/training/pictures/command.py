"""The options and the order of phases of `train gan`.

A picture net learns as an autoencoder first, then against a discriminator.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generation.data.pictures import open_prepared, prepared_folder
from generation.data.sources import lite0_weights
from generation.nets.lite0 import load_lite0
from generation.nets.style_vae import DEFAULT_CHANNELS
from generation.refusal import Refused
from generation.training.batches import workers_for
from generation.training.machine import add_machine_arguments, prepare_machine
from generation.training.pictures.learner import Learner, PictureSettings
from generation.training.pictures.loop import PHASES, Loop, Report
from generation.training.plan import Course, Forecast, Need, Plan, duration
from generation.training.runs import Run, deferred_stops
from generation.training.team import joined

AUTO = "auto"
HELP = "a picture net from a prepared data set"
# How the hours are divided when several phases are asked for.
PHASE_SHARES = {"autoencoding": 0.65, "adversarial": 0.35, "plain": 1.0}
DEFAULT_HOURS = 2.0
# Pictures of autoencoding after which the shipped species showed features, and how often each
# picture was seen at least.
ENOUGH, PASSES = 40_000, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    defaults = PictureSettings(data="")
    parser.add_argument(
        "--data", required=True, help="a prepared data set: its name under data/, or its folder"
    )
    parser.add_argument(
        "--run", help="name of the run folder under runs/ (default: the data set's name)"
    )
    parser.add_argument(
        "--phases", nargs="+", choices=PHASES, default=["autoencoding", "adversarial"]
    )
    parser.add_argument(
        "--hours",
        type=float,
        help="how long the run takes in all, shared out to the phases; a finished run goes on when"
        " it is given more (default 2, if --pictures is not given)",
    )
    parser.add_argument(
        "--pictures", type=int, help="instead of --hours: how many pictures each phase sees in all"
    )
    parser.add_argument("--size", type=int, help="edge in pixels; must be that of the prepared set")
    parser.add_argument(
        "--batch",
        type=batch_size,
        default=AUTO,
        metavar="N|auto",
        help=f"pictures that a step learns from (default: auto, which is {defaults.batch}, or what"
        " the run began with); what does not fit into memory at once is learnt from in parts, with"
        " the same result",
    )
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--adversarial-weight", type=float, default=defaults.adversarial_weight)
    parser.add_argument(
        "--focus",
        type=float,
        nargs=4,
        metavar=("LEFT", "TOP", "RIGHT", "BOTTOM"),
        help="the part of all pictures that counts most, such as the faces of portraits: its edges"
        " as shares of the picture's edge, from 0 to 1",
    )
    parser.add_argument(
        "--focus-weight",
        type=float,
        default=defaults.focus_weight,
        help="what a difference in the focus counts in addition (default: %(default)s)",
    )
    parser.add_argument("--flips", action="store_true", help="also learn from mirrored pictures")
    parser.add_argument(
        "--variety",
        action="store_true",
        help="vary colours and proportions too; for sets of a few thousand or fewer",
    )
    add_machine_arguments(parser)
    parser.add_argument("--workers", type=int, help="processes that load pictures (CPU: 0)")
    parser.add_argument("--seed", type=int, default=0)


def batch_size(text: str) -> int | None:
    """Read --batch: a number, or None for auto."""
    return None if text == AUTO else int(text)


def run(options: Mapping[str, Any], *, report: Report) -> None:
    """Start or resume the run that the options name."""
    device = prepare_machine(options)
    pictures, card = open_prepared(options["data"])
    asked = settings_from(options, size=pictures.shape[1])
    with joined() as team:
        folder = Run(Path("runs") / (options["run"] or Path(options["data"]).name), team)
        if not team.is_first:
            report = _say_nothing
            team.wait()
        # Fetched before the run's folder is made: without a network no run begins.
        weights = lite0_weights(report=report)
        with folder.locked():
            if team.is_first:
                team.wait()
            train(
                folder,
                pictures,
                asked,
                held_out=card.get("held_out"),
                weights=weights,
                device=device,
                options=options,
                report=report,
            )


def _say_nothing(text: str) -> None:
    """The report of a process that is not the first of its team."""


def train(
    folder: Run,
    pictures: np.ndarray,
    asked: PictureSettings,
    *,
    held_out: int | None,
    weights: Path,
    device: torch.device,
    options: Mapping[str, Any],
    report: Report,
) -> None:
    """Go through the phases; the folder is this process's alone."""
    settings = replace(settings_of(folder, asked), adversarial_weight=asked.adversarial_weight)
    for name, value in asdict(settings).items():
        is_asked = name != "batch" or options["batch"] is not None
        if name != "data" and is_asked and value != getattr(asked, name):
            report(
                f"This run keeps the {name} that it began with: {value}. For another one name a new"
                " run with --run."
            )
    workers = options["workers"]
    learner = Learner(
        settings,
        pictures,
        load_lite0(weights),
        device=device,
        team=folder.team,
        workers=workers_for(device) if workers is None else workers,
        held_out=held_out,
    )
    course = restore(learner, folder)
    if learner.seen:
        report(f"Going on after {learner.seen} pictures.")
    need, hours = need_of(len(learner.examples)), options["hours"] or DEFAULT_HOURS
    # A stop between two phases waits for the next one, which saves.
    with deferred_stops() as is_stop_requested:
        for phase in options["phases"]:
            plan = plan_of(phase, course, options)
            if plan.is_over:
                continue
            if phase == "adversarial" and course.phase != phase:
                learner.fill_bank()
            forecast = None if phase == "adversarial" else Forecast(plan, need, hours=hours)
            loop = Loop(learner, folder, plan=plan, report=report, forecast=forecast)
            if not loop.train(is_stop_requested):
                return
    spent = "" if options["pictures"] else f" in {duration(hours)}"
    more = "--pictures" if options["pictures"] else "--hours"
    report(
        f"Done: {learner.seen} pictures seen{spent}. Export it with: manage.py export_pictures"
        f" {folder.folder.name}. With more {more} the same command goes on from here."
    )


def plan_of(phase: str, course: Course, options: Mapping[str, Any]) -> Plan:
    """Plan a phase of the run: by numbers of pictures where they are asked for, else by time."""
    full_rate = PHASES[phase].learning_rate_share
    if options["pictures"]:
        return Plan(course, phase, examples=options["pictures"], full_rate=full_rate)
    hours = options["hours"] or DEFAULT_HOURS
    seconds = 3600 * hours * share_of(phase, options["phases"])
    return Plan(course, phase, seconds=seconds, full_rate=full_rate)


def need_of(count: int) -> Need:
    """What a net needs that learns from so many pictures: to see each at least a few times."""
    return Need(
        "pictures", max(ENOUGH, PASSES * count), "grey blobs", "colours and outlines, few features"
    )


def settings_of(folder: Run, asked: PictureSettings) -> PictureSettings:
    """Return the settings of a run: those it began with, or, if it is new, those asked for.

    Raises Refused when it learns from something else.
    """
    settings = PictureSettings.of(folder, folder.start(asked.to_json()))
    if prepared_folder(settings.data).resolve() != prepared_folder(asked.data).resolve():
        raise Refused(
            "The run {folder} learns from “{data}”, not from “{asked}”. Name another run with"
            " --run.",
            folder=folder.folder,
            data=settings.data,
            asked=asked.data,
        )
    if settings.channels != asked.channels:
        raise Refused(
            "The run {folder} began with pictures of another size than “{data}” holds now. Name"
            " another run with --run.",
            folder=folder.folder,
            data=asked.data,
        )
    return settings


def settings_from(options: Mapping[str, Any], *, size: int) -> PictureSettings:
    """Return the settings that the options ask for.

    Raises Refused for a size the net has no plan for, or one that is not the data's.
    """
    if size not in DEFAULT_CHANNELS:
        sizes = ", ".join(map(str, DEFAULT_CHANNELS))
        raise Refused(
            "Pictures of {size} px cannot be learnt; prepare them with --size {sizes}.",
            size=size,
            sizes=sizes,
        )
    if options["size"] not in (None, size):
        raise Refused(
            "The prepared pictures are {size} px; run prepare_data with --size {options} first.",
            size=size,
            options=options["size"],
        )
    batch = PictureSettings.batch if options["batch"] is None else options["batch"]
    if batch < 2 or not 0 < options["learning_rate"] < 1:
        raise Refused("--batch must be at least 2 and --learning-rate between 0 and 1.")
    check_amounts(options)
    focus = options["focus"]
    if focus is not None:
        left, top, right, bottom = focus
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise Refused(
                "--focus takes four numbers from 0 to 1: left, top, right and bottom edge, such as"
                " 0.3 0.4 0.8 0.8."
            )
    if not 0 <= options["focus_weight"] <= 100:
        raise Refused("--focus-weight must be between 0 and 100.")
    return PictureSettings(
        data=options["data"],
        channels=DEFAULT_CHANNELS[size],
        batch=batch,
        learning_rate=options["learning_rate"],
        adversarial_weight=options["adversarial_weight"],
        focus=None if focus is None else tuple(focus),
        focus_weight=options["focus_weight"],
        has_flips=options["flips"],
        has_variety=options["variety"],
        seed=options["seed"],
    )


def check_amounts(options: Mapping[str, Any]) -> None:
    """Raise Refused for impossible amounts.

    They are a training without length, and numbers that no random stream and no processor takes.
    """
    hours, pictures = options["hours"], options["pictures"]
    is_endless = hours is not None and not 0 < hours < 24 * 365
    if is_endless or (pictures is not None and pictures < 1):
        raise Refused("--hours and --pictures must be more than 0, and --hours less than a year.")
    if options["seed"] < 0 or (options["workers"] or 0) < 0:
        raise Refused("--seed and --workers must not be below 0.")


def restore(learner: Learner, folder: Run) -> Course:
    """Restore the learner from the run's snapshot, if there is one; returns the run's course."""
    state = folder.load()
    if state is None:
        return Course()
    try:
        learner.restore(state)
        return Course.of(state)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise Refused(
            "{path} is not the snapshot of such a net and cannot be resumed. Delete it to start"
            " this run again.",
            path=folder.snapshot,
        ) from error


def share_of(phase: str, phases: list[str]) -> float:
    return PHASE_SHARES[phase] / sum(PHASE_SHARES[name] for name in phases)
