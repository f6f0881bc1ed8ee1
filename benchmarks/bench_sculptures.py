"""The Sculptures renderer on one thread: CPU time, medians over founders in interleaved rounds.

Pictures are drawn as live previews are, prints as prints are (smaller steps, more rays at edges).
Also 3D models, and how far the browser's shader is from the server's pictures.
"""

import contextlib
import http.server
import statistics
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.bench_drag import chromium
from benchmarks.measuring import Row, cpu_ms, row, row_of_ms
from generation.breeding import sample
from generation.codecs.solids import STL, encode_solid
from generation.genespaces.sculptures.solid import solid_of
from generation.genespaces.sculptures.uniforms import uniforms_of
from generation.genome import Genome
from generation.nets.sculptures import SculpturesNet
from tests.journeys.solid_shots import SOFTWARE, difference, draw

ROOT = Path(__file__).resolve().parent.parent
NET = SculpturesNet()
GOALS_MS = {128: 40, 256: 200, 512: 600}
PRINT_GOALS_MS = {1024: 4000, 2048: 15000}
SAMPLE_GOAL_MS = 300
SOLID_GOAL_MS = 2000
SHADER_GOAL, SHADER_EDGE = 6.0, 128  # Mean difference of 255 in the worst picture; pixels.


def rows(quick: bool) -> list[Row]:
    genomes = [sample("sculptures", seed=seed) for seed in range(3 if quick else 12)]
    times: dict[int, list[float]] = {size: [] for size in (*GOALS_MS, *PRINT_GOALS_MS)}
    NET.render(genomes[0], size=min(GOALS_MS))
    for genome in genomes:
        for size in GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size)))
    for genome in genomes[: 1 if quick else 4]:
        for size in PRINT_GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size, supersample=2)))
    return [
        *(_row(f"{size} px, one thread", times[size], goal) for size, goal in GOALS_MS.items()),
        row_of_ms(
            "sculptures, 256 px, one thread, nine of ten within",
            statistics.quantiles(times[256], n=10)[-1],
            goal=GOALS_MS[256],
        ),
        *(_row(f"{size} px print", times[size], goal) for size, goal in PRINT_GOALS_MS.items()),
        _row("a fresh sample", _sampling(len(genomes)), SAMPLE_GOAL_MS),
        _row("a 3D model", [cpu_ms(partial(_solid, one)) for one in genomes], SOLID_GOAL_MS),
        _shader(3 if quick else 20),
    ]


def _solid(genome: Genome) -> None:
    encode_solid(solid_of(genome.genes), STL)


def _shader(count: int) -> Row:
    """The worst and the mean difference between the shader's pictures and the server's prints."""
    found = []
    with _browser() as page:
        for seed in range(count):
            genome = sample("sculptures", seed=seed)
            painted = NET.render(genome, size=SHADER_EDGE, supersample=2)
            found.append(difference(draw(page, uniforms_of(genome.genes), SHADER_EDGE), painted))
    return row(
        f"sculptures, shader against prints, {count} genomes, worst (mean)",
        f"< {SHADER_GOAL:g} of 255",
        f"{max(found):.2f} ({statistics.mean(found):.2f})",
        max(found) < SHADER_GOAL,
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the folder of static files, without a line for each."""

    def log_message(self, *arguments: object) -> None: ...


@contextlib.contextmanager
def _browser() -> Iterator[Page]:
    handler = partial(_Quiet, directory=str(ROOT))
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        chromium(["--no-sandbox", *SOFTWARE]) as browser,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/static/")
        yield page
        server.shutdown()


def _sampling(count: int) -> list[float]:
    def draw(seed: int) -> Genome:
        return sample("sculptures", seed=seed)

    return [cpu_ms(partial(draw, seed)) for seed in range(count)]


def _row(name: str, times: list[float], goal: float) -> Row:
    return row_of_ms(f"sculptures, {name}", statistics.median(times), goal=goal)
