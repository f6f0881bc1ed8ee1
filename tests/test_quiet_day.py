"""Nothing phones home: a day of the site leaves the home folder empty and looks up no name, and
writes nothing beside the code.

Two watchers look on: a hook inside of every Python process, and, where it is installed, strace,
which also sees what libraries in other languages do. Where the system allows it, the day passes
without a network.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import ROOT, environment_of, migrated_database

# Python runs this at the start of every process of the day.
HOOK = """
import os, sys

LOCAL = (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def watch(event, arguments):
    if event == "open":
        path, _, flags = arguments
        is_beside = isinstance(path, str) and os.path.abspath(path).startswith(os.environ["CODE"])
        if not is_beside or not flags & WRITING:
            return
        target = path
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        target = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        target = arguments[1][0]
    else:
        return
    if target not in LOCAL:
        with open(os.environ["CALLS"], "a") as calls:
            calls.write(f"{event} {target}\\n")

sys.addaudithook(watch)
"""
TO_THE_INTERNET = re.compile(r'sin6?_port=htons\((\d+)\).*inet_(?:addr|pton)\([^"]*"([^"]+)"\)')


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """A folder after a day: `home`, `calls` (by the hook) and, with strace, `trace`."""
    folder = tmp_path_factory.mktemp("day")
    for name in ("home", "data", "work", "hook"):
        (folder / name).mkdir()
    shutil.copy(migrated_database(shared), folder / "data")
    (folder / "hook" / "sitecustomize.py").write_text(HOOK)
    (folder / "calls").touch()
    environment = {
        name: value
        for name, value in environment_of(folder / "data").items()
        if not name.startswith(("XDG_", "ORT_")) and not name.lower().endswith("_proxy")
    } | {
        "HOME": str(folder / "home"),
        "CALLS": str(folder / "calls"),
        "CODE": f"{ROOT}{os.sep}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(folder / "hook"),
        "ARBORETUM_RUN_JOBS": "0",
    }
    command = [sys.executable, "-m", "tests.quiet_day", str(folder)]
    if is_possible("strace", "-f", "-o", os.devnull, "true"):
        trace = ["-e", "trace=connect,sendto,sendmsg", "-o", str(folder / "trace")]
        command = ["strace", "-f", "--seccomp-bpf", *trace, *command]
    if is_possible("unshare", "-rn", "true"):
        (folder / "offline").touch()
        command = ["unshare", "-rn", *command]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return folder


def is_possible(*command: str) -> bool:
    return shutil.which(command[0]) is not None and not subprocess.call(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
def test_a_day_leaves_the_home_folder_empty(day: Path):
    assert [path.relative_to(day / "home") for path in (day / "home").rglob("*")] == []


@pytest.mark.slow
def test_python_calls_nobody_on_a_day(day: Path):
    assert [line for line in read_events(day) if line.startswith("socket")] == []


@pytest.mark.slow
def test_a_day_writes_nothing_beside_the_code(day: Path):
    assert [line for line in read_events(day) if line.startswith("open")] == []


def read_events(day: Path) -> list[str]:
    return (day / "calls").read_text().splitlines()


@pytest.mark.slow
def test_no_library_calls_anybody_on_a_day(day: Path):
    if not (day / "trace").exists():
        pytest.skip("strace is not installed or not allowed here")
    called = TO_THE_INTERNET.findall((day / "trace").read_text(errors="replace"))
    assert {(port, host) for port, host in called if port == "53"} == set()
    assert {host for _, host in called} <= {"127.0.0.1", "::1"}


@pytest.mark.slow
def test_a_day_passes_without_a_network(day: Path):
    if not (day / "offline").exists():
        pytest.skip("network namespaces (unshare -rn) are not allowed here")
    assert (day / "work" / "runs" / "music-vae-mine").is_dir()


def test_whoever_imports_onnx_runtime_has_imported_the_studio_before():
    """The studio's package turns its telemetry off, which must come before the first import."""
    found = set()
    beside = (".venv", "node_modules", ".git")
    folders = [each for each in ROOT.iterdir() if each.is_dir() and each.name not in beside]
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        name, text = path.relative_to(ROOT), path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "onnxruntime" in text else ():
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if any(module.split(".")[0] == "onnxruntime" for module in modules):
                found.add(name.parts[0])
    assert "generation" in found
    for package in found - {"generation"}:
        # Django loads the apps of the site, and with them the studio, before any module of a room.
        opening = "gallery/apps.py" if package == "gallery" else f"{package}/__init__.py"
        text = (ROOT / opening).read_text(encoding="utf-8")
        assert re.search(r"^(import|from) generation\b", text, re.MULTILINE), package
    code = "import generation, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    environment = os.environ | {"ORT_DISABLE_TELEMETRY": "0"}
    told = subprocess.check_output(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, text=True
    )
    assert told == "1\n"
