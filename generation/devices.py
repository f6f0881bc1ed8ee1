"""Where nets compute: ARBORETUM_DEVICE, and how much memory is there.

auto takes CUDA where there is one, else the CPU. A device that does not work is replaced by the
CPU, and `problem` says so.
"""

import gc
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from generation import allocator
from generation.residency import nets

AUTO = "auto"
NAMES = re.compile(r"auto|cpu|cuda(:\d{1,2})?|mps")
DEFAULT_SHARE = 0.8  # Of the device's memory, for nets.
KEEP_S = 600

logger = logging.getLogger(__name__)
_problem = ""
_is_offloaded = False


def device() -> torch.device:
    """The device that nets are to be loaded on now."""
    return torch.device("cpu") if _is_offloaded else _chosen()


@contextmanager
def offloaded() -> Iterator[None]:
    """Nets that are loaded inside this context compute on the CPU, which has more memory."""
    global _is_offloaded
    _is_offloaded = True
    try:
        yield
    finally:
        _is_offloaded = False


@cache
def _chosen() -> torch.device:
    global _problem
    wanted = os.environ.get("ARBORETUM_DEVICE", AUTO)
    if wanted == AUTO:
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        if not NAMES.fullmatch(wanted):
            raise ValueError("it must be auto, cpu, cuda, cuda:N or mps")
        chosen = torch.device(wanted)
        # A driver may be there and not work; the first product tells.
        (torch.ones(8, 8, device=chosen) @ torch.ones(8, 8, device=chosen)).cpu()
    # Each backend raises kinds of its own.
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        _problem = f"{wanted} does not work here, so nets run on the CPU: {reason}"
        logger.warning("%s", _problem)
        chosen = torch.device("cpu")
    forbid_tf32()
    return chosen


def forbid_tf32() -> None:
    """Let cards multiply float32 numbers as such.

    Rounding them to 10 bits would give other pictures than the CPU does.
    """
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False


def problem() -> str:
    """A sentence for operators when the wanted device could not be used, else empty."""
    device()
    return _problem


def describe() -> str:
    """The device in words for operators."""
    chosen = device()
    if chosen.type == "cuda":
        return f"{torch.cuda.get_device_name(chosen)} ({chosen})"
    if chosen.type == "mps":
        return "Apple GPU (mps)"
    return f"CPU, {torch.get_num_threads()} of {os.cpu_count()} cores"


def memory() -> int:
    """Bytes of memory that the device has."""
    chosen = device()
    if chosen.type == "cuda":
        return int(torch.cuda.mem_get_info(chosen)[1])
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def prepare() -> None:
    """Bind the nets of this process to its device, and to the cores that they may use.

    ARBORETUM_MEMORY_MB: what nets may take, else a share of the device's memory.
    ARBORETUM_KEEP_LOADED_SECONDS: how long a net stays that nobody uses.
    """
    use_cores()
    megabytes = os.environ.get("ARBORETUM_MEMORY_MB", "")
    nets.budget = float(megabytes) * 2**20 if megabytes else DEFAULT_SHARE * memory()
    nets.keep_s = float(os.environ.get("ARBORETUM_KEEP_LOADED_SECONDS", "") or KEEP_S)
    nets.free = free


def use_cores() -> None:
    """Let the nets of the calling thread use all cores but one, which is left for the website."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    torch.set_num_threads(max(1, cores - 1))


def free() -> None:
    """Give back the memory of what was unloaded, to the device and to the system."""
    gc.collect()
    if device().type == "cuda":
        torch.cuda.empty_cache()
    elif device().type == "mps":
        torch.mps.empty_cache()
    allocator.trim()
