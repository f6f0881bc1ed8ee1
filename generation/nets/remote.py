"""Species that another server paints: `generation.servers` says where, and the card which one.

A picture is asked for in a thread, so that the engine serves others meanwhile. A server is asked
for one picture at a time by this process: it would do one after the other anyway, and stopping one
must not stop another. What a server paints is its own affair, so such species are never exact.
"""

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import replace

import numpy as np

from generation.checkpoints import Checkpoint
from generation.codecs.image import encode, read_image
from generation.genespaces.remote import (
    COMFYUI,
    SEED,
    STRENGTH,
    VARIATION,
    WORKFLOW,
    RemoteSettings,
    RemoteSpace,
    read_settings,
    remote_space,
)
from generation.genome import Genome
from generation.nets.remote_apis import Api, ComfyUi, Order, WebUi
from generation.nets.remote_http import Client, late, rubbish
from generation.nets.remote_progress import Task
from generation.prompts import Prompts
from generation.refusal import Refused
from generation.servers import find_server
from generation.yielding import YieldPoint

MAX_EDGE = 4096
POLL_S = 0.02
# Signs and words that servers take for orders: nets to load, other texts to choose from, parts.
_SIGNS = re.compile(r"[<>{}|]")
_PARTS = re.compile(r"\b(AND|BREAK|ADDCOMM|ADDBASE|ADDCOL|ADDROW)\b")
_NAMES = re.compile(r"(embedding|wildcard|lora)\s*:", re.IGNORECASE)

PaintSource = Callable[[Genome, int, YieldPoint], np.ndarray]

_lock = threading.Lock()
_asked: dict[str, "Future[bytes]"] = {}  # By server, the picture that it paints for this process.


class RemoteNet:
    """A species behind an API. server: the name of what paints it.

    paint_source: paints a grafted genome, (genome, size, yield point) -> uint8 sRGB
    [size, size, 3].
    """

    def __init__(
        self,
        api: Api,
        *,
        server: str,
        space: RemoteSpace,
        settings: RemoteSettings,
        paint_source: PaintSource,
    ) -> None:
        self._api, self._server, self._space, self._settings = api, server, space, settings
        self._paint_source = paint_source

    def render(
        self, genome: Genome, *, size: int, supersample: int, yield_point: YieldPoint
    ) -> np.ndarray:
        """The picture of a genome, uint8 sRGB [edge, edge, 3], at the edge of the species.

        A live frame (supersample 1) may be smaller or have fewer steps, if the settings say so.
        Calls `yield_point` all the time; whatever that raises stops the server, too. Raises
        Refused, with `retry_after` where the server may answer later.
        """
        is_live = supersample == 1
        order = self._order(genome, is_live=is_live)
        if genome.grafts:
            order = self._over_pictures(order, genome, yield_point)
        pixels = self.paint(order, yield_point)
        edge = (is_live and self._settings.live_edge) or self._settings.edge
        if pixels.shape[:2] != (edge, edge):
            raise Refused(
                "The server “{name}” painted a picture of {width} × {height} pixels instead of"
                " {edge} × {edge}.",
                name=self._server,
                width=pixels.shape[1],
                height=pixels.shape[0],
                edge=edge,
            )
        return pixels

    def paint(self, order: Order, yield_point: YieldPoint) -> np.ndarray:
        """The picture of an order, uint8 sRGB [height, width, 3]."""
        task = Task()
        try:
            painting = None
            while painting is None:
                yield_point(0.0)
                painting = _take_turn(self._server, lambda: self._api.paint(order, task))
            while not wait([painting], POLL_S).done:
                if task.left_s <= 0:
                    raise late(self._server)
                yield_point(task.progress)
        except BaseException:
            task.is_cancelled.set()
            raise
        data = painting.result()
        try:
            return read_image(data, max_pixels=MAX_EDGE**2)
        except Refused as error:
            raise rubbish(self._server) from error

    def _over_pictures(self, order: Order, genome: Genome, yield_point: YieldPoint) -> Order:
        """The order to paint over the grafted pictures, several of them laid over each other."""
        weights = np.array([weight for _, weight in genome.grafts])
        pictures = [self._paint_source(one, order.size, yield_point) for one, _ in genome.grafts]
        mean = np.tensordot(weights / weights.sum(), np.stack(pictures), 1).round()
        kept = self._space.closeness(genome.genes) * float(weights.sum())
        return replace(
            order,
            picture=encode(mean.astype(np.uint8), "image/png"),
            denoise=round(1 - kept, 4),
        )

    def _order(self, genome: Genome, *, is_live: bool) -> Order:
        settings, genes = self._settings, genome.genes
        return Order(
            words=prompt_text(genome.prompts),
            negative=_joined(settings.negative, avoided_text(genome.avoided)),
            seed=int(genes[SEED]),
            variation=int(genes[VARIATION]),
            strength=round(float(np.clip(genes[STRENGTH], 0, 1)), 4),
            guidance=round(self._space.guidance(genes), 3),
            steps=(is_live and settings.live_steps) or settings.steps,
            size=(is_live and settings.live_size) or settings.size,
        )


def _take_turn(server: str, paint: Callable[[], bytes]) -> "Future[bytes] | None":
    """Let a server paint in a thread; None while it paints something else for this process."""
    with _lock:
        earlier = _asked.get(server)
        if earlier is not None and not earlier.done():
            wait_for = earlier
        else:
            _asked[server] = future = _in_thread(paint)
            return future
    wait([wait_for], POLL_S)
    return None


def _in_thread(function: Callable[[], bytes]) -> "Future[bytes]":
    """The result of a function that runs in a thread, which a process does not wait for."""
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        # Whoever waits must hear of anything.
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="remote", daemon=True).start()
    return future


def avoided_text(avoided: Prompts) -> str:
    """What a genome keeps away from, as one text. The weights sum to at most 1."""
    return _weighed(avoided, most=1.0)


def prompt_text(prompts: Prompts) -> str:
    """The words of a genome as one text: the heaviest prompt whole, others with their weight.

    "(words:0.5)" is how all these servers write that words count half. Words of people stay words:
    what a server takes for an order loses its sign.
    """
    return _weighed(prompts, most=max((weight for _, weight in prompts), default=1.0))


def _weighed(prompts: Prompts, *, most: float) -> str:
    parts = []
    for words, weight in prompts:
        share = round(weight / most, 2)
        if share > 0:
            parts.append(_literal(words) if share == 1 else f"({_literal(words)}:{share:g})")
    return _joined(*parts)


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _literal(words: str) -> str:
    plain = _SIGNS.sub(" ", words).replace("__", "_")
    plain = _NAMES.sub(r"\1 ", _PARTS.sub(lambda part: part[0].lower(), plain))
    plain = re.sub(r"([\\()\[\]])", r"\\\1", plain)
    return re.sub(r" +", " ", plain).strip()


def load(checkpoint: Checkpoint, *, paint_source: PaintSource) -> RemoteNet:
    """The species of a checkpoint. paint_source: see `RemoteNet`.

    Raises Refused where the operator has not named its server.
    """
    settings = read_settings(checkpoint)
    server = find_server(str(checkpoint.card.get("server", "")))
    client = Client(server)
    api: Api
    if settings.api == COMFYUI:
        workflow = json.loads(checkpoint.path(WORKFLOW).read_text(encoding="utf-8"))
        api = ComfyUi(client, settings, workflow=workflow)
    else:
        api = WebUi(client, settings)
    return RemoteNet(
        api,
        server=server.name,
        space=remote_space(checkpoint),
        settings=settings,
        paint_source=paint_source,
    )
