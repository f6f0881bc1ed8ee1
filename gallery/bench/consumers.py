"""The socket of the breeding bench."""

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from gallery import studio
from gallery.bench import protocol
from gallery.bench.protocol import BroodRequest, FrameRequest, LooksRequest, ParentsRequest
from gallery.bench.state import Bench, build_bench
from gallery.core.client_address import address_of_scope
from gallery.core.rate_limits import ConnectionLimiter, TokenBucket
from gallery.i18n.languages import language_of_scope
from gallery.types import AnyUser
from generation.breeding import breed, brood
from generation.engine.frames import NOTES, Frame
from generation.genome import Genome
from generation.refusal import Refused
from generation.safety import Withheld

if TYPE_CHECKING:
    from asgiref.typing import WebSocketReceiveEvent

# Slower than this, breeding moves to a thread, so that other people's frames do not wait for it.
SLOW_BREEDING_S = 0.002
LOADING_TOLD_EVERY_S = 1.0
CLOSE_TRY_LATER = 1013  # Registered with IANA after RFC 6455: too much load, come back later.
logger = logging.getLogger(__name__)
visitors = ConnectionLimiter()


class BenchConsumer(AsyncWebsocketConsumer):
    """Live breeding: slider positions come in, frames (of a tune: its notes) go out.

    Channels awaits each handler before the next message, so `receive` only stores the request and a
    pump task does the work, one render at a time. A position that arrives while a frame is being
    rendered replaces the one that waits: a slow machine lowers the frame rate and never grows a
    queue.
    """

    # Frames go straight to the socket that asked; a channel layer would add a queue.
    channel_layer_alias = "none"

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle a message, without the detour through a thread that Channels makes before each.

        Channels closes stale database connections there, and `receive` uses none.
        """
        if message["type"] == "websocket.receive":
            await self.websocket_receive(cast("WebSocketReceiveEvent", message))
        else:
            await super().dispatch(message)

    async def connect(self) -> None:
        scope = cast("dict[str, Any]", self.scope)
        # Holds for this connection: for its task and for those that it starts.
        translation.activate(language_of_scope(scope))
        self.user: AnyUser = scope["user"]
        self.address = address_of_scope(scope)
        self.is_visitor = not self.user.is_authenticated
        self.owner = f"ip:{self.address}" if self.is_visitor else f"user:{self.user.pk}"
        self.bench = Bench()
        # Of the bench as it will be once `parents_request` is done; recipes are checked against it.
        self.parent_count = 0
        self.parents_request: ParentsRequest | None = None
        self.newest: FrameRequest | None = None
        # Of parents without a picture yet; a new brood does not replace them.
        self.portraits: list[FrameRequest] = []
        self.seedlings: list[FrameRequest] = []
        # Of the newest child alone: another recipe drops them.
        self.looks: list[FrameRequest] = []
        self.in_flight: tuple[FrameRequest, asyncio.Future[Frame]] | None = None
        self.breed_seconds = 0.0
        self.bucket = TokenBucket(settings.VISITOR_FRAMES_PER_MINUTE) if self.is_visitor else None
        self.wake = asyncio.Event()
        self.pump: asyncio.Task[None] | None = None
        self.has_slot = not self.is_visitor or visitors.enter(
            self.address, limit=settings.VISITOR_CONNECTIONS
        )
        await self.accept()
        if not self.has_slot:
            refused = Refused(
                "Too many benches are open from your network address. Close one, or log in.",
                retry_after=60,
            )
            await self.send_error(None, refused)
            await self.close(CLOSE_TRY_LATER)
            return
        self.pump = asyncio.create_task(self.run_pump())
        query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
        if references := [part for part in query.get("parents", [""])[0].split(",") if part]:
            await self.receive(json.dumps({"id": 0, "parents": {"roots": references}}))

    async def disconnect(self, code: int) -> None:
        if self.pump is not None:
            self.pump.cancel()
        if self.in_flight is not None:
            self.in_flight[1].cancel()
        if self.is_visitor and self.has_slot:
            self.has_slot = False
            visitors.leave(self.address)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Store the request and wake the pump. Never waits for a render."""
        if self.pump is None:
            return
        try:
            request = protocol.read(text_data, parents=self.parent_count)
        except Refused as refused:
            await self.send_error(protocol.read_id(text_data), refused)
            return
        if isinstance(request, ParentsRequest):
            self.parents_request, self.newest = request, None
            self.portraits, self.seedlings, self.looks = [], [], []
            self.parent_count = len(request.chosen)
        elif isinstance(request, BroodRequest):
            await self.begin_brood(request)
        elif isinstance(request, LooksRequest):
            self.add_looks(request)
        else:
            self.newest = request
            if any(look.recipe != request.recipe for look in self.looks):
                self.looks = []
        self.cancel_stale_render()
        self.wake.set()

    async def begin_brood(self, request: BroodRequest) -> None:
        """Replace what is left of the last brood by a new one.

        Its recipes go out at once, so that the page can refer to a child before its frame comes.
        """
        children = brood(request.recipe, parents=self.parent_count, count=request.count)
        self.seedlings = [
            FrameRequest(request.id + n, child, request.size, is_seedling=True)
            for n, child in enumerate(children)
        ]
        if self.in_flight is not None and self.in_flight[0].gives_way:
            # A cancelled portrait or look goes back into its own queue.
            self.in_flight[1].cancel()
        await self.send_json({"id": request.id, "brood": [child.to_json() for child in children]})

    def add_looks(self, request: LooksRequest) -> None:
        """Queue looks behind those of the same child that still wait."""
        waiting = [look for look in self.looks if look.recipe == request.recipe]
        self.looks = [one for one in waiting if one.look not in request.looks] + [
            FrameRequest(request.id + n, request.recipe, request.size, look=look)
            for n, look in enumerate(request.looks)
        ]

    def cancel_stale_render(self) -> None:
        """Cancel a render that the newest request should not wait for.

        That is a seedling, a look, a frame larger than the newest one, or a child of the old
        parents. A live frame of the same size goes on, or a steady drag would never show one.
        """
        if self.in_flight is None:
            return
        request, future = self.in_flight
        newest = self.newest
        if self.parents_request or (newest and (request.gives_way or request.size > newest.size)):
            future.cancel()

    async def run_pump(self) -> None:
        """Answer one request at a time.

        Parents go first, then the newest position, seedlings, and looks.
        """
        while True:
            await self.wake.wait()
            self.wake.clear()
            while self.parents_request or self.newest or self.waiting:
                try:
                    await self.answer_next()
                except Exception:
                    # The socket survives a failed answer; the request has left its queue already.
                    logger.exception("The bench could not answer.")

    @property
    def waiting(self) -> list[FrameRequest]:
        """The requests that the next one is taken from when nothing is newer."""
        return self.portraits or self.seedlings or self.looks

    async def answer_next(self) -> None:
        await self.wait_for_turn(self.parents_request or self.newest or self.waiting[0])
        if self.parents_request:
            parents_request, self.parents_request = self.parents_request, None
            await self.change_parents(parents_request)
        elif self.newest:
            request, self.newest = self.newest, None
            is_answered = await self.answer_frame(request)
            if not (is_answered or self.has_newer_request()):
                self.newest = request
        elif queue := self.waiting:
            request = queue.pop(0)
            if not await self.answer_frame(request):
                # Into its own brood's queue, even if a newer brood has taken over meanwhile.
                queue.insert(0, request)

    def has_newer_request(self) -> bool:
        """Whether a position or other parents arrived while a frame was being answered."""
        return self.newest is not None or self.parents_request is not None

    async def wait_for_turn(self, waiting: FrameRequest | ParentsRequest) -> None:
        """Hold a visitor who has spent this minute's frames.

        The position that is newest afterwards is still answered.
        """
        if self.bucket is None:
            return
        if isinstance(waiting, FrameRequest):
            cost = (waiting.size / protocol.DEFAULT_SIZE) ** 2
            cost = cost if waiting.look else max(1.0, cost)
        else:
            cost = 1.0 + len(waiting.pedigree.steps)
        delay = self.bucket.take(cost)
        if delay:
            await self.send_error(
                waiting.id,
                Refused(
                    "Visitors get a limited number of live pictures a minute. This one is coming"
                    " shortly; log in for more.",
                    retry_after=round(delay, 1),
                ),
            )
        while delay:
            await asyncio.sleep(delay)
            delay = self.bucket.take(cost)

    async def change_parents(self, request: ParentsRequest) -> None:
        try:
            build = database_sync_to_async(build_bench, thread_sensitive=False)
            bench, payload, portraits = await build(self.user, request, before=self.bench)
        except Refused as refused:
            if not self.parents_request:
                # Recipes that came meanwhile were meant for the refused parents.
                self.parent_count, self.newest = len(self.bench.genomes), None
                self.portraits, self.seedlings, self.looks = [], [], []
            await self.send_error(request.id, refused)
            return
        self.bench = bench
        await self.send_json({"id": request.id, **payload})
        if not self.parents_request:
            self.portraits = portraits

    async def answer_frame(self, request: FrameRequest) -> bool:
        """Breed, render and send one frame.

        False when the request must be repeated: it was cancelled, or the engine was full.
        """
        try:
            if self.bench.is_slow:
                raise Refused(
                    "This species paints too slowly to follow your hand. Develop a brood instead."
                )
            genome = await self.breed(request)
            render = studio.sketch if request.look else studio.preview
            future = asyncio.wrap_future(render(genome, size=request.size, owner=self.owner))
            self.in_flight = (request, future)
            self.cancel_stale_render()  # A request may have come while a thread was breeding.
            await self.wait_for(future)
            if future.cancelled():
                return False
            frame = future.result()
        except Refused as refused:
            await self.send_error(request.id, refused)
            if refused.retry_after:
                await asyncio.sleep(min(refused.retry_after, 2))
            return not refused.retry_after
        except Exception:  # The engine has logged what the net raised.
            failure = Refused(
                "This child could not be drawn. Move a slider, or choose other parents."
            )
            await self.send_error(request.id, failure)
            return True
        finally:
            self.in_flight = None
        await self.send_frame(request.id, frame)
        return True

    async def wait_for(self, future: asyncio.Future[Frame]) -> None:
        """Wait for a frame, and tell the page what is loaded meanwhile, if that takes long."""
        while not (await asyncio.wait({future}, timeout=LOADING_TOLD_EVERY_S))[0]:
            if loading := studio.loading():
                name, seconds = loading
                told = {"loading": translation.gettext(name), "seconds": round(seconds)}
                await self.send_json(told)

    async def send_frame(self, number: int, frame: Frame) -> None:
        """Send a picture as binary data behind its id, or the notes of a tune as JSON."""
        if frame.media_type == NOTES:
            # The payload is JSON already and goes in as it is.
            await self.send(text_data=f'{{"id":{number},"notes":{frame.payload.decode()}}}')
        else:
            await self.send(bytes_data=number.to_bytes(4, "big") + frame.payload)

    async def breed(self, request: FrameRequest) -> Genome:
        genomes, look = self.bench.genomes, request.look
        recipe = look.apply_to_recipe(request.recipe) if look else request.recipe
        started = time.perf_counter()
        if self.breed_seconds > SLOW_BREEDING_S:
            genome = await asyncio.to_thread(breed, genomes, recipe)
            return look.apply_to_genome(genome) if look else genome
        genome = breed(genomes, recipe)
        # A moving mean, because a single slow call may only mean that the core was busy.
        self.breed_seconds += 0.1 * (time.perf_counter() - started - self.breed_seconds)
        return look.apply_to_genome(genome) if look else genome

    async def send_error(self, number: int | None, refused: Refused) -> None:
        message: dict[str, Any] = {"id": number, "error": refused.sentence}
        if refused.retry_after:
            message["retry_after"] = refused.retry_after
        if isinstance(refused, Withheld):
            message["withheld"] = True
        await self.send_json(message)

    async def send_json(self, value: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(value, separators=(",", ":")))
