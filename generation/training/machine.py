"""What every kind of training asks of the machine: a device and processor threads."""

import argparse
import os
from collections.abc import Mapping
from typing import Any

import torch

from generation.devices import forbid_tf32
from generation.refusal import Refused


def add_machine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--threads",
        type=int,
        default=1,
        help="CPU threads; a second one pays only on an idle machine",
    )


def prepare_machine(options: Mapping[str, Any]) -> torch.device:
    """Set this process up as the options say, and return its device. Raises Refused."""
    if options["threads"] < 1:
        raise Refused("--threads must be at least 1.")
    torch.set_num_threads(options["threads"])
    torch.set_flush_denormal(True)  # Tiny numbers would slow a CPU step down many times.
    forbid_tf32()
    return device_named(options["device"])


def device_named(name: str) -> torch.device:
    """Return a device that works; of several cards, that of this process. Raises Refused."""
    own = os.environ.get("LOCAL_RANK")  # torchrun counts the processes of a machine.
    try:
        device = torch.device(f"cuda:{own}" if own and name == "cuda" else name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise Refused("The device “{name}” is not there. Use --device cpu.", name=name) from error
    return device
