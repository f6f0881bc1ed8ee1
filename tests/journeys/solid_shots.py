"""Sculptures drawn by the browser's shader, for comparison with the server's pictures."""

import base64
from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Page

# Without a graphics card the browser draws with SwiftShader, when it is told that this is wanted.
SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

# The painter of the site itself, which stays for the next picture. On the page of a sculpture its
# files have other names than in the folder.
_DRAW = """
async ([numbers, edge]) => {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const module = loaded.find((name) => name.includes("solid-painter"));
  const source = document.querySelector("[data-shader]")?.dataset.shader;
  const { makePainter, RESTING } = await import(module ?? "/static/js/artworks/solid-painter.js");
  if (!window.painter) {
    const answer = await fetch(source ?? "/static/shaders/sculptures.frag.glsl");
    const shader = await answer.text();
    const fail = () => { throw new Error("The card stopped."); };
    window.painter = await makePainter(document.createElement("canvas"), shader, fail);
  }
  const { painter } = window;
  painter.resize(edge);
  await painter.draw(Float32Array.from(numbers), RESTING, edge, 0, edge);
  const bytes = new Uint8Array(4 * edge * edge);
  const { gl } = painter;
  gl.readPixels(0, 0, edge, edge, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
"""


def draw(page: Page, numbers: Sequence[float], edge: int) -> np.ndarray:
    """The picture that the page's browser draws of these numbers, uint8 [edge, edge, 3]."""
    data = base64.b64decode(page.evaluate(_DRAW, [list(numbers), edge]))
    rows = np.frombuffer(data, np.uint8).reshape(edge, edge, 4)
    return rows[::-1, :, :3]  # The lowest row comes first.


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The mean over pixels and channels, of 255."""
    return float(np.abs(one.astype(int) - other).mean())
