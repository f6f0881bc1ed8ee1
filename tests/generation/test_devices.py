"""Which device nets compute on, each case in a process of its own, as the choice is made once."""

import subprocess
import sys

import pytest

SHOW = (
    "from generation import devices; from generation.residency import nets; devices.prepare();"
    "print(devices.device(), nets.budget / 2**20, nets.keep_s, devices.problem(), sep='|')"
)


def shown(**variables: str) -> list[str]:
    environment = {"PATH": "", "CUDA_VISIBLE_DEVICES": ""} | {
        f"ARBORETUM_{name}": value for name, value in variables.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip().split("|")


def test_without_a_graphics_card_nets_run_on_the_cpu_with_four_fifths_of_the_memory():
    device, budget, keep_s, problem = shown()
    assert device == "cpu" and float(budget) > 100 and keep_s == "600.0" and not problem


def test_budget_and_patience_follow_the_settings():
    _, budget, keep_s, _ = shown(MEMORY_MB="300", KEEP_LOADED_SECONDS="7")
    assert float(budget) == 300 and float(keep_s) == 7


@pytest.mark.parametrize("wanted", ["cuda", "cuda:3", "mps", "toaster"])
def test_a_device_that_does_not_work_is_replaced_by_the_cpu_and_the_reason_told(wanted: str):
    device, _, _, problem = shown(DEVICE=wanted)
    assert device == "cpu" and problem.startswith(f"{wanted} does not work here")
