"""A small server that speaks the APIs of ComfyUI and of a web UI over real sockets.

What it paints follows from what it is asked for, as a real one's does: a plain picture whose colour
is a digest of the words, seeds and numbers.
"""

import base64
import hashlib
import io
import json
import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from websockets.http11 import Request
from websockets.server import ServerProtocol

SOON_S = 20
MODELS = [
    {"title": "fox.safetensors [ab12]", "model_name": "fox", "filename": "/models/fox.safetensors"}
]
WORKFLOW = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 1, "steps": 9, "cfg": 6.0, "sampler_name": "euler", "scheduler": "normal",
            "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "fox.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a horse", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}},
}  # fmt: skip

OVER = WORKFLOW | {
    "3": {
        "class_type": "KSampler", "inputs": WORKFLOW["3"]["inputs"] | {"denoise": 0.6},
    },
    "5": {"class_type": "VAEEncode", "inputs": {"pixels": ["10", 0], "vae": ["4", 2]}},
    "10": {"class_type": "LoadImage", "inputs": {"image": "example.png"}},
}  # fmt: skip

Answer = tuple[int, dict[str, str], bytes]


def painted(facts: Any, width: int, height: int) -> bytes:
    """The PNG that these facts give."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).digest()
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), tuple(digest[:3])).save(buffer, "PNG")
    return buffer.getvalue()


class Studio:
    """What the server knows. calls: path and data of each request.

    go: pictures wait for it. trouble: answers in place of the server, if it returns something.
    progress: of a picture that waits. enlarges: how much larger pictures come than they were asked.
    has_socket, is_old: whether it has web sockets, and tells of one node in each message.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.go, self.has_begun, self.is_stopped = (threading.Event() for _ in range(3))
        self.go.set()
        self.trouble: Callable[[str], Answer | None] = lambda path: None
        self.progress, self.enlarges, self.login = 0.5, 1, ""
        self.model = "fox"
        self.has_socket, self.is_old = True, False
        self._files: dict[str, bytes] = {}
        self._done: dict[str, Any] = {}
        self._running: list[str] = []
        self.uploads: dict[str, bytes] = {}  # By the name with its folder.
        self.listeners: dict[str, queue.SimpleQueue[str | bytes | None]] = {}

    def asked(self, path: str) -> list[Any]:
        """The data of all requests for a path."""
        return [data for called, data in self.calls if called == path]

    def answer(self, method: str, target: str, data: Any) -> Answer:
        path = urlsplit(target).path
        self.calls.append((path, data))
        if answer := self.trouble(path):
            return answer
        if path == "/view":
            name = parse_qs(urlsplit(target).query)["filename"][0]
            return 200, {"Content-Type": "image/png"}, self._files[name]
        found = self._json(path, data)
        if found is None:
            return 404, {"Content-Type": "application/json"}, b'{"detail":"Not Found"}'
        status, said = found if isinstance(found, tuple) else (200, found)
        return status, {"Content-Type": "application/json"}, json.dumps(said).encode()

    def _json(self, path: str, data: Any) -> Any:
        match path:
            case "/sdapi/v1/txt2img" | "/sdapi/v1/img2img":
                return self._txt2img(data)
            case "/upload/image":
                return self._upload(data)
            case "/sdapi/v1/options":
                return {"sd_model_checkpoint": MODELS[0]["title"]}
            case "/sdapi/v1/sd-models":
                return MODELS
            case "/sdapi/v1/progress":
                return {"progress": self.progress, "eta_relative": 1.0, "state": {"job_count": 1}}
            case "/sdapi/v1/interrupt" | "/interrupt":
                self.is_stopped.set()
                self.go.set()
                return {}
            case "/prompt":
                return self._prompt(data["prompt"], data.get("client_id", ""))
            case "/queue":
                return {
                    "queue_running": [[1, one, {}, {}, []] for one in self._running],
                    "queue_pending": [],
                }
        if path.startswith("/history/"):
            prompt = path.rpartition("/")[2]
            if prompt in self._running and self.go.is_set():
                self._running.remove(prompt)
            return {} if prompt in self._running else {prompt: self._done[prompt]}
        return None

    def _txt2img(self, data: Any) -> Any:
        self.has_begun.set()
        self.go.wait(SOON_S)
        names = ("prompt", "negative_prompt", "seed", "subseed", "subseed_strength", "cfg_scale")
        facts = [data[name] for name in names]
        facts += [data[name] for name in ("init_images", "denoising_strength") if name in data]
        edge = self.enlarges * data["width"], self.enlarges * data["height"]
        picture = painted([facts, data["steps"]], *edge)
        info = json.dumps({"seed": data["seed"], "sd_model_name": self.model})
        return {"images": [base64.b64encode(picture).decode()], "parameters": data, "info": info}

    def _upload(self, form: Message) -> Any:
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in form.get_payload()
        }
        values = {name: part.get_payload(decode=True) for name, part in parts.items()}
        name = f"{values['subfolder'].decode()}/{parts['image'].get_filename()}"
        self.uploads[name] = values["image"]
        folder, _, file = name.rpartition("/")
        return {"name": file, "subfolder": folder, "type": "input"}

    def _prompt(self, graph: dict[str, Any], listener: str) -> Any:
        name = graph["4"]["inputs"]["ckpt_name"]
        if name != "fox.safetensors":
            said = {
                "message": "Value not in list",
                "details": f"ckpt_name: '{name}' not in ['fox']",
            }
            message = {"type": "prompt_outputs_failed_validation", "message": "Prompt failed"}
            return 400, {"error": message, "node_errors": {"4": {"errors": [said]}}}
        prompt = str(uuid.uuid4())
        begin = graph["5"]["inputs"]
        facts = [graph[key]["inputs"] for key in ("3", "6", "7")]
        size = begin
        if "pixels" in begin:
            picture = self.uploads.get(graph[begin["pixels"][0]]["inputs"]["image"])
            if picture is None:
                return 400, {"error": {"message": "Invalid image file"}, "node_errors": {}}
            size = dict(zip(("width", "height"), Image.open(io.BytesIO(picture)).size, strict=True))
            facts.append(hashlib.sha256(picture).hexdigest())
        file = f"{graph['9']['inputs']['filename_prefix']}_00001_.png"
        edge = self.enlarges * size["width"], self.enlarges * size["height"]
        self._files[file] = painted(facts, *edge)
        image = {"filename": file, "subfolder": "", "type": "output"}
        status = {"status_str": "success", "completed": True, "messages": []}
        self._done[prompt] = {"outputs": {"9": {"images": [image]}}, "status": status}
        self._running.append(prompt)
        self._tell(listener, prompt)
        self.has_begun.set()
        return {"prompt_id": prompt, "number": 1, "node_errors": {}}

    def _tell(self, listener: str, prompt: str) -> None:
        """What ComfyUI says over a web socket while a picture is painted."""
        told = self.listeners.get(listener)
        if told is None:
            return
        steps = {"value": 8 * self.progress, "max": 8}
        loaded = {"value": 1, "max": 1, "state": "finished"}
        nodes = {"4": loaded, "3": steps | {"state": "running"}}
        messages: list[Any] = [
            {"type": "execution_start", "data": {"prompt_id": prompt}},
            {
                "type": "progress_state",
                "data": {"prompt_id": "another", "nodes": {"3": loaded | {"value": 9, "max": 9}}},
            },
            b"\x00\x00\x00\x01\x00\x00\x00\x01 a preview",
        ]
        if self.is_old:
            messages.append(
                {"type": "progress", "data": steps | {"prompt_id": prompt, "node": "3"}}
            )
        else:
            messages.append(
                {"type": "progress_state", "data": {"prompt_id": prompt, "nodes": nodes}}
            )
        for message in messages:
            told.put(message if isinstance(message, bytes) else json.dumps(message))

    def fail_prompts(self, exception: str) -> None:
        """Let pictures of ComfyUI end with an error."""
        said = {"exception_type": exception, "exception_message": "It broke.", "node_type": "VAE"}
        status = {"status_str": "error", "messages": [["execution_error", said]]}

        def trouble(path: str) -> Answer | None:
            if not path.startswith("/history/"):
                return None
            data = {path.rpartition("/")[2]: {"outputs": {}, "status": status}}
            return 200, {}, json.dumps(data).encode()

        self.trouble = trouble


class _Handler(BaseHTTPRequestHandler):
    studio: Studio

    def do_GET(self) -> None:
        if self.path.startswith("/ws?") and self.studio.has_socket:
            self._talk(parse_qs(urlsplit(self.path).query)["clientId"][0])
        else:
            self._answer(None)

    def _talk(self, listener: str) -> None:
        """Speak over a web socket until the other side hangs up."""
        protocol = ServerProtocol()
        raw = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        protocol.receive_data(f"{self.requestline}\r\n{raw}\r\n".encode())
        (request,) = protocol.events_received()
        assert isinstance(request, Request)
        protocol.send_response(protocol.accept(request))
        told = self.studio.listeners[listener] = queue.SimpleQueue()
        threading.Thread(target=self._hear, args=(protocol, told), daemon=True).start()
        message: str | bytes | None = json.dumps({"type": "status", "data": {"sid": listener}})
        while message is not None:
            if isinstance(message, bytes):
                protocol.send_binary(message)
            else:
                protocol.send_text(message.encode())
            self._send(protocol)
            message = told.get()
        self.close_connection = True

    def _hear(
        self, protocol: ServerProtocol, told: "queue.SimpleQueue[str | bytes | None]"
    ) -> None:
        try:
            while data := self.connection.recv(4096):
                protocol.receive_data(data)
                self._send(protocol)
                if protocol.close_expected():
                    break
        except OSError:
            pass
        told.put(None)

    def _send(self, protocol: ServerProtocol) -> None:
        try:
            for data in protocol.data_to_send():
                self.connection.sendall(data)
        except OSError:
            return  # Whoever listened has hung up.

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            self._answer(message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body))
        else:
            self._answer(json.loads(body) if body else None)

    def _answer(self, data: Any) -> None:
        if self.studio.login and self.headers.get("Authorization") != self.studio.login:
            status, headers, body = 401, {}, b""
        else:
            status, headers, body = self.studio.answer(self.command, self.path, data)
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # Whoever asked has hung up.

    def log_message(self, format: str, *values: Any) -> None:
        pass


@contextmanager
def serve() -> Iterator[tuple[Studio, str]]:
    """A running server, and its address."""
    studio = Studio()
    handler = type("Handler", (_Handler,), {"studio": studio})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield studio, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        studio.go.set()
        server.shutdown()
        thread.join()
        server.server_close()
