"""The import rules of the design (who may know whom), read from the source by `ast`; every breach
names file and line.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TORCH_FOLDERS = ("generation/nets/", "generation/training/", "generation/finishing/")
TORCH_FILES = ("generation/render.py",)


def sources(package: str) -> Iterator[Path]:
    return (
        path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts
    )


def imports(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, dotted module and whether the import stands inside a function, for every import of a
    file.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, id(node) in inside
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}", id(node) in inside


def is_under(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def breaches(package: str, is_forbidden) -> list[str]:
    found = []
    for path in sources(package):
        name = path.relative_to(ROOT).as_posix()
        for line, module, in_function in imports(path):
            if is_forbidden(name, module, in_function):
                found.append(f"{name}:{line} imports {module}")
    return found


def test_the_studio_knows_nothing_of_the_website():
    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        if name == "generation/apps.py" or name.startswith("generation/management/"):
            return is_under(module, "gallery", "genart_site")
        return is_under(module, "django", "channels", "gallery", "genart_site")

    assert breaches("generation", is_forbidden) == []


def test_torch_stays_in_nets_training_and_render():
    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        may = (
            name.startswith(TORCH_FOLDERS)
            or name in TORCH_FILES
            or name.startswith("generation/management/")
        )
        return not may and is_under(module, "torch", "generation.nets", "generation.training")

    assert breaches("generation", is_forbidden) == []


def test_the_website_never_imports_torch_or_what_imports_it():
    heavy = ("torch", "generation.nets", "generation.render", "generation.training")
    assert breaches("gallery", lambda name, module, in_function: is_under(module, *heavy)) == []
    assert breaches("genart_site", lambda name, module, in_function: is_under(module, *heavy)) == []


def test_only_the_studio_door_imports_the_engine():
    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        return name != "gallery/studio.py" and is_under(
            module, "generation.engine", "generation.cluster"
        )

    assert breaches("gallery", is_forbidden) == []


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        (
            "gallery/models",
            ("gallery.actions", "gallery.views", "gallery.forms", "gallery.consumers"),
        ),
        ("gallery/actions", ("gallery.views", "gallery.forms", "gallery.consumers", "django.http")),
    ],
)
def test_the_website_looks_downwards_only(folder: str, forbidden: tuple[str, ...]):
    assert breaches(folder, lambda name, module, in_function: is_under(module, *forbidden)) == []


def test_no_import_stands_inside_a_function_but_where_torch_is_put_off():
    allowed = {
        ("generation/engine.py", "generation.render"),
        ("generation/upload.py", "generation.render"),
    }

    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        return in_function and not any(
            name == file and is_under(module, target) for file, target in allowed
        )

    found = [
        line
        for package in ("generation", "gallery", "genart_site")
        for line in breaches(package, is_forbidden)
    ]
    assert found == []


def test_there_are_no_signals_and_no_junk_drawers():
    signals = ("django.db.models.signals", "django.dispatch")
    assert breaches("gallery", lambda name, module, in_function: is_under(module, *signals)) == []
    drawers = [
        path
        for package in ("generation", "gallery")
        for path in sources(package)
        if path.stem in ("utils", "helpers")
    ]
    assert drawers == []


@pytest.mark.slow
def test_the_web_process_starts_without_torch(tmp_path: Path):
    environment = os.environ | {"ARBORETUM_DATA": str(tmp_path), "ARBORETUM_RUN_JOBS": "0"}
    code = "import sys, genart_site.asgi; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
