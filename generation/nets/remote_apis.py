"""How pictures are asked for: the API of ComfyUI, and that of AUTOMATIC1111's web UI and SD.Next.

Each `paint` runs in a thread of its own and ends soon after its task is cancelled: it then tells
the server to stop. Sources: ComfyUI's server.py (/prompt, /history, /view, /queue, /interrupt, /ws)
and comfy_execution/progress.py, and the schema that web UIs serve at /docs (/sdapi/v1).
"""

import base64
import binascii
import contextlib
import copy
import hashlib
import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import numpy as np

from generation.codecs.comfy_graph import (
    NEGATIVE,
    PICTURE,
    POSITIVE,
    bare_name,
    count_samplers,
    read_nodes,
)
from generation.codecs.image import encode
from generation.genespaces.remote import RemoteSettings
from generation.nets.remote_http import RETRY_S, Client, late, rubbish
from generation.nets.remote_progress import POLL_S, Progress, Task
from generation.refusal import Refused

FIRST_POLL_S, LAST_POLL_S = 0.02, 0.5  # How often a picture is asked for, at first and later.
STOPPING_S = 10.0  # How long a server that was told to stop may take to do so.
MAX_PICTURE = 64_000_000  # Bytes of an answer.
GREY = np.uint8(128)
PROMPT, NEGATIVE_PROMPT = "%prompt%", "%negative%"
# What stands in a workflow where a number of an order belongs.
NUMBERS = {
    "seed": "%seed%",
    "steps": "%steps%",
    "guidance": "%guidance%",
    "width": "%width%",
    "height": "%height%",
    "variation": "%variation_seed%",
    "strength": "%variation_strength%",
    "denoise": "%denoise%",
}
PICTURE_MARK = "%picture%"
FOLDER = "arboretum"  # Of a ComfyUI's input folder, where pictures to paint over are put.


@dataclass(frozen=True)
class Order:
    """What a server is asked for. variation: the second seed, strength: how much of it, 0 to 1.

    picture: a PNG file to paint over; empty for none. denoise: how much noise it is put under, 0 to
    1, which is nothing but noise.
    """

    words: str
    negative: str
    seed: int
    variation: int
    strength: float
    guidance: float
    steps: int
    size: int
    picture: bytes = b""
    denoise: float = 1.0


class Api(Protocol):
    def paint(self, order: Order, task: Task) -> bytes:
        """The file of a picture. Raises Refused."""


class WebUi:
    """AUTOMATIC1111's web UI, or SD.Next."""

    def __init__(self, client: Client, settings: RemoteSettings) -> None:
        self._client, self._settings = client, settings

    def paint(self, order: Order, task: Task) -> bytes:
        is_over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(task, is_over), daemon=True)
        watch.start()
        try:
            answer = self._client.post_json(
                "/sdapi/v1/img2img" if order.picture else "/sdapi/v1/txt2img",
                self._payload(order),
                limit_s=task.left_s + STOPPING_S,
                most=MAX_PICTURE,
            )
        finally:
            is_over.set()
        images = answer.get("images") if isinstance(answer, dict) else None
        if not (isinstance(images, list) and images and isinstance(images[0], str)):
            raise rubbish(self._client.name)
        self._check_model(answer.get("info"))
        try:
            # Some write what a page would show: data:image/png;base64,...
            return base64.b64decode(images[0].rpartition(",")[2], validate=True)
        except binascii.Error as error:
            raise rubbish(self._client.name) from error

    def _payload(self, order: Order) -> dict[str, Any]:
        payload = {
            "prompt": order.words,
            "negative_prompt": order.negative,
            "seed": order.seed,
            "subseed": order.variation,
            "subseed_strength": order.strength,
            "steps": order.steps,
            "cfg_scale": order.guidance,
            "width": order.size,
            "height": order.size,
            "batch_size": 1,
            "n_iter": 1,
            "send_images": True,
            "save_images": False,
        }
        if order.picture:
            payload |= {
                "init_images": [base64.b64encode(order.picture).decode()],
                "denoising_strength": order.denoise,
            }
        if self._settings.sampler:
            payload["sampler_name"] = self._settings.sampler
        if self._settings.model:
            # Going back to another model after each picture would take longer than the picture.
            payload |= {
                "override_settings": {"sd_model_checkpoint": self._settings.model},
                "override_settings_restore_afterwards": False,
            }
        return payload

    def _check_model(self, info: Any) -> None:
        """A web UI that lacks a model paints with the one that it has, and says so only here."""
        try:
            said = json.loads(info) if isinstance(info, str) else {}
        except (ValueError, RecursionError):
            return
        name = said.get("sd_model_name") if isinstance(said, dict) else None
        wanted = self._settings.model_name
        if wanted and isinstance(name, str) and name and bare_name(name) != bare_name(wanted):
            raise Refused(
                "The server “{name}” lacks the model “{model}” and painted with “{other}” instead.",
                name=self._client.name,
                model=wanted,
                other=name[:80],
            )

    def _watch(self, task: Task, is_over: threading.Event) -> None:
        """Follow the progress, and stop the server when the task is cancelled."""
        while not is_over.wait(POLL_S):
            try:
                if task.is_cancelled.is_set():
                    self._client.post_json("/sdapi/v1/interrupt", {})
                else:
                    said = self._client.get_json("/sdapi/v1/progress?skip_current_image=true")
                    done = said.get("progress") if isinstance(said, dict) else None
                    if isinstance(done, int | float) and 0 <= done <= 1:
                        task.progress = max(task.progress, float(done))
            except Refused:
                continue  # The request for the picture itself tells what is wrong.


class ComfyUi:
    """ComfyUI. workflow: a graph in the form of its API; the settings name places in it."""

    def __init__(
        self, client: Client, settings: RemoteSettings, *, workflow: Mapping[str, Any]
    ) -> None:
        self._client, self._settings, self._workflow = client, settings, workflow

    def paint(self, order: Order, task: Task) -> bytes:
        listener = uuid.uuid4().hex
        with contextlib.closing(Progress(self._client, listener, task)) as progress:
            return self._paint(order, task, listener, progress)

    def _paint(self, order: Order, task: Task, listener: str, progress: Progress) -> bytes:
        graph = self.graph(order)
        self._put_picture(graph, order)
        asked = {"prompt": graph, "client_id": listener}
        answer = self._client.post_json("/prompt", asked)
        prompt = answer.get("prompt_id") if isinstance(answer, dict) else None
        if not isinstance(prompt, str) or not prompt.replace("-", "").isalnum():
            raise rubbish(self._client.name)
        try:
            pause_s = FIRST_POLL_S
            samplers = count_samplers(read_nodes(graph))
            while not progress.wait(pause_s, prompt=prompt, samplers=samplers):
                pause_s = min(LAST_POLL_S, 1.5 * pause_s)
                told = self._client.get_json(f"/history/{prompt}")
                entry = told.get(prompt) if isinstance(told, dict) else None
                if isinstance(entry, dict):
                    return self._fetch(entry)
        except Refused:
            self._stop(prompt)
            raise
        self._stop(prompt)
        raise late(self._client.name)

    def graph(self, order: Order) -> dict[str, Any]:
        """The workflow with the values of an order in their places."""
        graph: dict[str, Any] = copy.deepcopy(dict(self._workflow))
        texts = ((POSITIVE, PROMPT, order.words), (NEGATIVE, NEGATIVE_PROMPT, order.negative))
        for role, mark, words in texts:
            for node, name in self._settings.places.get(role, ()):
                inputs = graph[node]["inputs"]
                if mark in str(inputs[name]):
                    inputs[name] = inputs[name].replace(mark, words)
                else:
                    inputs[name] = words
        sides = {"width": order.size, "height": order.size}
        for key in NUMBERS:
            for node, name in self._settings.places.get(key, ()):
                graph[node]["inputs"][name] = sides.get(key, getattr(order, key, None))
        for node in graph.values():
            # A server that finds everything as it was paints nothing, and tells of no picture.
            if isinstance(node, dict) and "filename_prefix" in node.get("inputs", {}):
                node["inputs"]["filename_prefix"] = f"arboretum-{uuid.uuid4().hex[:12]}"
        return graph

    def _put_picture(self, graph: Mapping[str, Any], order: Order) -> None:
        """Upload the picture that is painted over, and name it in the graph.

        A workflow that paints over a picture needs one: a plain grey one where there is none, which
        order.denoise lets nothing stay of.
        """
        places = self._settings.places.get(PICTURE, ())
        if not places:
            return
        file = order.picture or encode(np.full((order.size, order.size, 3), GREY), "image/png")
        # The same picture has the same name, so it lies there once.
        name = f"{hashlib.sha256(file).hexdigest()[:32]}.png"
        said = self._client.post_file(
            "/upload/image", "image", name, file, subfolder=FOLDER, overwrite="true"
        )
        stored = said.get("name") if isinstance(said, dict) else None
        if not isinstance(stored, str):
            raise rubbish(self._client.name)
        folder = said.get("subfolder")
        for node, key in places:
            graph[node]["inputs"][key] = f"{folder}/{stored}" if folder else stored

    def _fetch(self, entry: Mapping[str, Any]) -> bytes:
        """The picture of a prompt that has ended. Raises Refused for one that failed."""
        status = entry.get("status")
        self._check(status if isinstance(status, dict) else {})
        outputs = entry.get("outputs")
        pictures = [
            picture
            for output in (outputs.values() if isinstance(outputs, dict) else ())
            if isinstance(output, dict) and isinstance(output.get("images"), list)
            for picture in output["images"]
            if isinstance(picture, dict) and isinstance(picture.get("filename"), str)
        ]
        # Those that are kept go before those that are only shown.
        pictures.sort(key=lambda picture: picture.get("type") != "output")
        if not pictures:
            raise self._client.failed("it ended without a picture")
        names = ("filename", "subfolder", "type")
        query = urlencode({name: str(pictures[0].get(name, "")) for name in names})
        return self._client.get(f"/view?{query}", most=MAX_PICTURE)

    def _check(self, status: Mapping[str, Any]) -> None:
        messages = status.get("messages")
        for message in messages if isinstance(messages, list) else ():
            if not (isinstance(message, list) and len(message) == 2):
                continue
            kind, said = message
            said = said if isinstance(said, dict) else {}
            if kind == "execution_interrupted":
                raise Refused(
                    "Somebody stopped this picture at the server “{name}”. It is tried again.",
                    name=self._client.name,
                    retry_after=RETRY_S,
                )
            if kind == "execution_error":
                reason = f"{said.get('exception_message')} ({said.get('node_type')})"
                if "OutOfMemory" in str(said.get("exception_type")):
                    raise self._client.out_of_memory()
                raise self._client.failed(reason)
        if status.get("status_str") == "error":
            raise self._client.failed("it ended with an error")

    def _stop(self, prompt: str) -> None:
        """Take a prompt out of the server's line, or stop it if it is the one that runs."""
        try:
            self._client.post_json("/queue", {"delete": [prompt]})
            queue = self._client.get_json("/queue")
            running = queue.get("queue_running") if isinstance(queue, dict) else None
            for entry in running if isinstance(running, list) else ():
                if isinstance(entry, list) and prompt in entry[:2]:
                    self._client.post_json("/interrupt", {"prompt_id": prompt})
        except Refused:
            return  # It cannot be told.
