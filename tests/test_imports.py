"""The import rules of the house, read from the source by `ast`; a breach names file, line and rule.

docs/architecture.md draws the rooms. A room is a folder, or a module that stands alone.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TORCH_FOLDERS = (
    "generation/nets/",
    "generation/training/",
    "generation/importing/",
    "generation/finishing/",
)
TORCH_FILES = ("generation/engine/render.py", "generation/devices.py")

# Bottom to top: a room may import only rooms named before it.
GALLERY = (
    "types",
    "models",
    "i18n",
    "studio",
    "core",
    "discovery",
    "notifications",
    "reports",
    "lineage",
    "jobs",
    "species",
    "help",
    "comments",
    "people",
    "collections",
    "search",
    "sharing",
    "artworks",
    "upload",
    "archive",
    "maintenance",
    "job_runner",
    "bench",
    "accounts",
    "moderation",
    "demo",
    "templatetags",
    "api",
    "admin",
    "management",
    "urls",
    "routing",
    "apps",
)
GENERATION = (
    "words",
    "refusal",
    "servers",
    "prompts",
    "locks",
    "yielding",
    "residency",
    "onnx_sessions",
    "safety",
    "allocator",
    "devices",
    "song",
    "codecs",
    "melodies",
    "data",
    "finishing",
    "digests",
    "genome",
    "card",
    "checkpoints",
    "adding",
    "gene_statistics",
    "genespaces",
    "breeding",
    "pedigree",
    "nets",
    "engine",
    "continuation",
    "training",
    "importing",
    "management",
    "apps",
)
# Inside a room: a module may import only kinds named before its own. Any other name is a `rest`.
KINDS = ("rest", "actions", "forms", "views", "urls")


def sources(package: str) -> Iterator[Path]:
    return (
        path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts
    )


@cache  # Most rules read every file.
def imports(source: str) -> list[tuple[int, str, bool]]:
    """Line, dotted module and whether the import stands inside a function, for every import."""
    found: list[tuple[int, str, bool]] = []

    def visit(node: ast.AST, is_inside: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend((node.lineno, alias.name, is_inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.extend(
                (node.lineno, f"{node.module}.{alias.name}", is_inside) for alias in node.names
            )
        is_inside = is_inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr):  # No import stands inside an expression.
                visit(child, is_inside)

    visit(ast.parse(source), False)
    return found


def is_under(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def breaches(package: str, is_forbidden: Callable[[str, str, bool], bool]) -> list[str]:
    found = []
    for path in sources(package):
        name = path.relative_to(ROOT).as_posix()
        for line, module, in_function in imports(path.read_text(encoding="utf-8")):
            if is_forbidden(name, module, in_function):
                found.append(f"{name}:{line} imports {module}")
    return found


def room_of(dotted: str) -> str:
    """The room of a module or of a name in it: "gallery.bench.views.show" is in "bench"."""
    return dotted.split(".")[1] if "." in dotted else ""


def kind_of(dotted: str) -> str:
    """What a module of a room is: "gallery.bench.views_borrow" is a view."""
    stem = (dotted.split(".") + ["", ""])[2]
    found = [kind for kind in KINDS if stem == kind or stem.startswith(f"{kind}_")]
    return found[0] if found else "rest"


def climbs(package: str, order: tuple[str, ...], name: str, source: str) -> list[str]:
    """Imports of one file that go up: to a room that stands later in the order, or inside its room
    from what is below views to views.
    """
    here = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    room, kind = room_of(here), kind_of(here)
    if not room or name == "gallery/types.py":  # It names what only type checkers look behind.
        return []
    if room not in order:
        return [f"{name}: the room {room} stands in no list of tests/test_imports.py"]
    found = []
    for line, module, _ in imports(source):
        if not is_under(module, package) or not room_of(module):
            continue
        other = room_of(module)
        if other not in order:
            found.append(f"{name}:{line} imports {module}, of a room that stands in no list")
        elif order.index(other) > order.index(room):
            found.append(f"{name}:{line} imports {module}: {other} stands above {room}")
        elif other == room and KINDS.index(kind_of(module)) > KINDS.index(kind):
            found.append(f"{name}:{line} imports {module}: {kind} may not know {kind_of(module)}")
    return found


@pytest.mark.parametrize(
    ("package", "order"), [("gallery", GALLERY), ("generation", GENERATION)], ids=["gallery", "gen"]
)
def test_rooms_know_only_the_rooms_below_them(package: str, order: tuple[str, ...]):
    found = [
        breach
        for path in sources(package)
        for breach in climbs(
            package, order, path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("gallery/core/audit.py", "from gallery.bench import protocol"),
        ("gallery/models/artwork.py", "import gallery.core.http"),
        ("gallery/people/actions.py", "from gallery.people.views import profile"),
        ("gallery/people/profiles.py", "from gallery.people.actions import set_follow"),
        ("gallery/people/forms.py", "from gallery.people import views"),
    ],
)
def test_one_forbidden_import_is_told_with_file_line_and_rule(name: str, line: str):
    source = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else ""
    assert climbs("gallery", GALLERY, name, source) == []
    (breach,) = climbs("gallery", GALLERY, name, f"{source}{line}\n")
    assert breach.startswith(f"{name}:{source.count(chr(10)) + 1} imports gallery.")
    assert "stands above" in breach or "may not know" in breach


def circles(package: str) -> list[list[str]]:
    """Groups of modules that import each other in a circle, by Tarjan's algorithm (1972)."""
    modules = {
        path.relative_to(ROOT)
        .as_posix()
        .removesuffix(".py")
        .removesuffix("/__init__")
        .replace("/", "."): path
        for path in sources(package)
    }
    edges: dict[str, set[str]] = {}
    for module, path in modules.items():
        named = {
            target for _, target, inside in imports(path.read_text(encoding="utf-8")) if not inside
        }
        edges[module] = {
            name if name in modules else name.rpartition(".")[0] for name in named
        } & set(modules) - {module}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in sorted(edges[module]):
            if other not in index:
                visit(other)
            if other in stack:
                low[module] = min(low[module], low[other])
        if low[module] == index[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(edges):
        if module not in index:
            visit(module)
    return found


@pytest.mark.parametrize("package", ["gallery", "generation"])
def test_no_modules_import_each_other_in_a_circle(package: str):
    # A package's own modules name it to reach each other; models are one room with one door.
    assert [group for group in circles(package) if "gallery.models" not in group] == []


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
    heavy = (
        "torch",
        "generation.nets",
        "generation.engine.render",
        "generation.training",
        "generation.importing",
    )
    for package in ("gallery", "genart_site"):
        assert breaches(package, lambda name, module, in_function: is_under(module, *heavy)) == []


def test_only_the_studio_door_imports_the_engine():
    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        is_engine = is_under(module, "generation.engine")
        words = is_under(module, "generation.engine.frames")  # What both sides of the door say.
        return name != "gallery/studio.py" and is_engine and not words

    assert breaches("gallery", is_forbidden) == []


def test_actions_take_no_request_and_know_no_pages():
    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        return kind_of(name.replace("/", ".").removesuffix(".py")) == "actions" and is_under(
            module, "django.http", "django.shortcuts"
        )

    assert breaches("gallery", is_forbidden) == []


def test_no_import_stands_inside_a_function_but_where_torch_is_put_off():
    allowed = {
        ("generation/engine/engine.py", "generation.engine.render"),
        ("generation/engine/engine.py", "generation.devices"),
        ("generation/engine/render.py", "generation.nets.diffusion"),
        ("generation/engine/render.py", "generation.genespaces.sculptures.solid"),
        ("generation/management/commands/import_diffusion.py", "generation.importing"),
        ("generation/training/lora/command.py", "generation.training.lora.loop"),
    }

    def is_forbidden(name: str, module: str, in_function: bool) -> bool:
        is_allowed = any(name == file and is_under(module, target) for file, target in allowed)
        return in_function and not is_allowed

    packages = ("generation", "gallery", "genart_site")
    assert [line for package in packages for line in breaches(package, is_forbidden)] == []


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


def test_the_root_of_the_website_stays_small():
    loose = sorted(path.name for path in (ROOT / "gallery").glob("*.py"))
    assert len(loose) <= 8, f"A module belongs in a room: {loose}"


@pytest.mark.slow
def test_the_web_process_starts_without_what_only_later_requests_need(tmp_path: Path):
    environment = os.environ | {"ARBORETUM_DATA": str(tmp_path), "ARBORETUM_RUN_JOBS": "0"}
    code = "import sys, genart_site.asgi; print(sys.modules.keys() & {'torch', 'scipy.signal'})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
