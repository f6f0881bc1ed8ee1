"""Dragging the blend's slider in Chromium: new frames a second on the screen, for each species.

Server, browser and this process share the machine, as at home. Rounds are interleaved; the same
is measured beside ten busy processes. A slider "is dragged" by a script that moves it at every
screen refresh. Also printed is what a frame costs: the processor time of the page (Chromium's
renderer and GPU processes) and of the studio (the server and its worker).
"""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.live_server import SPECIES, Server
from benchmarks.measuring import Row, row

BUSY = 10
PATIENCE_MS = 180_000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOURED = "try { localStorage.setItem('arboretum.tour', 'seen'); } catch {}"
DRAG = """
(seconds) => new Promise((resolve) => {
  const range = document.getElementById("bench-pair-range");
  const canvas = document.getElementById("bench-canvas");
  const started = performance.now();
  let frames = 0;
  let seen = canvas.dataset.frame;
  function move(now) {
    if (canvas.dataset.frame !== seen) frames += 1;
    seen = canvas.dataset.frame;
    if (now - started > 1000 * seconds) {
      range.dispatchEvent(new Event("change", { bubbles: true }));
      return resolve(frames / ((now - started) / 1000));
    }
    range.value = String(0.5 + 0.45 * Math.sin((now - started) / 700));
    range.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(move);
  }
  requestAnimationFrame(move);
})
"""
# The brood has grown, the sharp pictures at rest are there, and nothing has come for two seconds.
SETTLED = """
() => {
  const { frame } = document.getElementById("bench-canvas").dataset;
  const grown = document.querySelectorAll(".bench-seedling[data-state=grown]").length;
  const now = performance.now();
  const seen = `${frame} ${grown}`;
  if (window.seenFrame !== seen) Object.assign(window, { seenFrame: seen, seenAt: now });
  return frame && grown >= 12 && now - window.seenAt > 2000;
}
"""


@dataclass
class Drag:
    """Frames a second, and processor milliseconds a frame of the page and of the studio."""

    frames: float
    page_ms: float
    studio_ms: float


def rows(quick: bool) -> list[Row]:
    seconds, rounds = (3.0, 1) if quick else (5.0, 3)
    quiet: dict[str, list[Drag]] = {key: [] for key in SPECIES}
    busy: dict[str, list[Drag]] = {key: [] for key in SPECIES}
    with Server() as server, chromium() as browser:
        pages = {key: open_bench(browser, server, key) for key in SPECIES}
        for _ in range(rounds):
            for key, page in pages.items():
                quiet[key].append(drag(page, server, seconds))
            for key, page in pages.items():
                busy[key].append(drag_beside_others(page, server, 2 * seconds))
    found = [_frames_row(key, quiet[key], busy[key]) for key in SPECIES]
    shares = [
        t.frames / max(p.frames, 0.01) for t, p in zip(busy["tunes"], busy["people"], strict=True)
    ]
    share = statistics.median(shares)
    found.append(
        row(
            f"drag, tunes over people beside {BUSY} busy processes",
            ">= 0.5x",
            f"{share:.2f}x",
            share >= 0.5,
        )
    )
    return found


def _frames_row(key: str, quiet: list[Drag], busy: list[Drag]) -> Row:
    calm, beside = (statistics.median(one.frames for one in drags) for drags in (quiet, busy))
    page, studio = (
        statistics.median(getattr(one, name) for one in quiet) for name in ("page_ms", "studio_ms")
    )
    return row(
        f"drag in Chromium, {key}: frames a second; cost of the page over the studio",
        ">= 20; <= 1x",
        f"{calm:.1f} ({beside:.1f} beside {BUSY} busy processes); {page:.0f} over {studio:.0f} ms",
        calm >= 20 and page <= studio,
    )


@contextmanager
def chromium(arguments: Sequence[str] = ARGUMENTS) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        raise FileNotFoundError("No Chromium was found; name it: CHROMIUM=/path/to/chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(arguments))
        try:
            yield browser
        finally:
            browser.close()


def open_bench(browser: Browser, server: Server, key: str) -> Page:
    """The bench with two founders of a species."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(TOURED)
    page.goto(f"http://127.0.0.1:{server.port}/bench/?parents=seed:{key}:1,seed:{key}:2")
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the bench is at rest, so that no page pays for what another one left over."""
    page.bring_to_front()
    page.wait_for_function(SETTLED, polling=200, timeout=PATIENCE_MS)


def drag_beside_others(page: Page, server: Server, seconds: float) -> Drag:
    """`drag` while BUSY processes use all the time they get."""
    settle(page)
    with busy_processes(BUSY):
        found = _dragged(page, server, seconds)
    settle(page)
    return found


def drag(page: Page, server: Server, seconds: float) -> Drag:
    """Drag from rest, and wait for rest again, so that the next page pays for nothing of it."""
    settle(page)
    found = _dragged(page, server, seconds)
    settle(page)
    return found


def _dragged(page: Page, server: Server, seconds: float) -> Drag:
    before = _cpu_s(page), _studio_s(server)
    frames = page.evaluate(DRAG, seconds)
    after = _cpu_s(page), _studio_s(server)
    count = max(1.0, frames * seconds)
    page_ms, studio_ms = (
        1000 * (late - early) / count for early, late in zip(before, after, strict=True)
    )
    return Drag(frames, page_ms, studio_ms)


def _cpu_s(page: Page) -> float:
    """Processor seconds of all processes of the browser that draw."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return sum(one["cpuTime"] for one in processes if one["type"] != "browser")


def _studio_s(server: Server) -> float:
    """Processor seconds of the server and of its worker."""
    worker = server.worker_pid()
    return _seconds_of(server.process.pid) + (_seconds_of(worker) if worker else 0.0)


def _seconds_of(pid: int) -> float:
    """Processor seconds of a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Processes that use all the time they get."""
    command = [sys.executable, "-c", "while True: pass"]
    processes = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
