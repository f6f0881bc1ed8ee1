"""The sockets: the breeding bench, and the progress of a job."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from gallery import studio
from gallery.bench import protocol
from gallery.bench.protocol import BroodAsk, FrameAsk, ParentsAsk
from gallery.bench.state import Bench, lay_out
from gallery.core.rate_limits import ConnectionLimiter, TokenBucket
from gallery.i18n.languages import language_of_scope
from generation.breeding import breed, brood
from generation.engine.frames import NOTES, Frame
from generation.genome import Genome
from generation.refusal import Refused

# Slower than this, breeding moves to a thread, so that other people's frames do not wait for it.
SLOW_BREEDING_S = 0.002
CLOSE_TRY_LATER = 1013  # Registered with IANA after RFC 6455: too much load, come back later.
logger = logging.getLogger(__name__)
visitors = ConnectionLimiter()


class BenchConsumer(AsyncWebsocketConsumer):
    """Live breeding: positions of the sliders in, frames (of a tune: its notes) out.

    Channels awaits each handler before the next message, so `receive` only stores what was asked; a
    pump task does the work, one render at a time. A position that comes while a frame is being
    rendered replaces the one that waits: a slow machine lowers the frame rate and never grows a
    queue.
    """

    # Frames go straight to the socket that asked; a layer would be one more queue to wait on.
    channel_layer_alias = "none"

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels visits a thread before every message, to close stale database connections;
        `receive` needs none.
        """
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def connect(self) -> None:
        translation.activate(
            language_of_scope(self.scope)
        )  # For this connection: its task and those that it starts.
        self.user = self.scope["user"]
        self.address = client_address(self.scope)
        self.is_visitor = not self.user.is_authenticated
        self.owner = f"ip:{self.address}" if self.is_visitor else f"user:{self.user.pk}"
        self.bench = Bench()
        # Of the bench as it will be once `asked_parents` is done; recipes are read against it.
        self.parent_count = 0
        self.asked_parents: ParentsAsk | None = None
        self.newest: FrameAsk | None = None
        self.portraits: list[
            FrameAsk
        ] = []  # Of parents without a picture yet; a new brood does not replace them.
        self.seedlings: list[FrameAsk] = []
        self.in_flight: tuple[FrameAsk, asyncio.Future] | None = None
        self.breed_seconds = 0.0
        self.bucket = TokenBucket(settings.VISITOR_FRAMES_PER_MINUTE) if self.is_visitor else None
        self.wake = asyncio.Event()
        self.pump: asyncio.Task | None = None
        self.is_inside = not self.is_visitor or visitors.enter(
            self.address, limit=settings.VISITOR_CONNECTIONS
        )
        await self.accept()
        if not self.is_inside:
            refused = Refused(
                "Too many benches are open from your network address. Close one, or log in.",
                retry_after=60,
            )
            await self.send_error(None, refused)
            await self.close(CLOSE_TRY_LATER)
            return
        self.pump = asyncio.create_task(self.run_pump())
        query = parse_qs(self.scope.get("query_string", b"").decode("ascii", "replace"))
        if references := [part for part in query.get("parents", [""])[0].split(",") if part]:
            await self.receive(json.dumps({"id": 0, "parents": {"roots": references}}))

    async def disconnect(self, code: int) -> None:
        if self.pump is not None:
            self.pump.cancel()
        if self.in_flight is not None:
            self.in_flight[1].cancel()
        if self.is_visitor and self.is_inside:
            self.is_inside = False
            visitors.leave(self.address)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Store what is asked and wake the pump. Never waits for a render."""
        if self.pump is None:
            return
        try:
            asked = protocol.read(text_data, parents=self.parent_count)
        except Refused as refused:
            await self.send_error(protocol.id_of(text_data), refused)
            return
        if isinstance(asked, ParentsAsk):
            self.asked_parents, self.newest, self.portraits, self.seedlings = asked, None, [], []
            self.parent_count = len(asked.chosen)
        elif isinstance(asked, BroodAsk):
            await self.begin_brood(asked)
        else:
            self.newest = asked
        self.make_way()
        self.wake.set()

    async def begin_brood(self, asked: BroodAsk) -> None:
        """A new brood replaces what is left of the older one. Its recipes go out at once, so a
        child can be named.
        """
        children = brood(asked.recipe, parents=self.parent_count, count=asked.count)
        self.seedlings = [
            FrameAsk(asked.id + n, child, asked.size, is_seedling=True)
            for n, child in enumerate(children)
        ]
        if self.in_flight is not None and self.in_flight[0].is_seedling:
            self.in_flight[1].cancel()  # A portrait among them goes back into its own line.
        await self.send_json({"id": asked.id, "brood": [child.to_json() for child in children]})

    def make_way(self) -> None:
        """Cancel a render that the newest wish should not wait for: a seedling, a larger rest
        frame, old parents' child.

        A live frame of the same size goes on, or a steady drag would never show one.
        """
        if self.in_flight is None:
            return
        asked, future = self.in_flight
        newest = self.newest
        if self.asked_parents or (newest and (asked.is_seedling or asked.size > newest.size)):
            future.cancel()

    async def run_pump(self) -> None:
        """Answer one thing after the other: other parents first, then the newest position, then the
        seedlings.
        """
        while True:
            await self.wake.wait()
            self.wake.clear()
            while self.asked_parents or self.newest or self.portraits or self.seedlings:
                try:
                    await self.answer_next()
                except Exception:
                    # The socket outlives any single answer; what was asked has been taken off the
                    # list already.
                    logger.exception("The bench could not answer.")

    async def answer_next(self) -> None:
        await self.wait_for_turn(
            self.asked_parents or self.newest or (self.portraits or self.seedlings)[0]
        )
        if self.asked_parents:
            asked, self.asked_parents = self.asked_parents, None
            await self.change_parents(asked)
        elif self.newest:
            asked, self.newest = self.newest, None
            is_over = await self.answer_frame(asked)
            if not is_over and not self.newest and not self.asked_parents:
                self.newest = asked
        elif line := self.portraits or self.seedlings:
            asked = line.pop(0)
            if not await self.answer_frame(asked):
                line.insert(
                    0, asked
                )  # Into its own brood's line, even if a newer brood has taken over meanwhile.

    async def wait_for_turn(self, waiting: FrameAsk | ParentsAsk) -> None:
        """Hold a visitor who spent a minute's frames. The position that is newest afterwards is
        still answered.
        """
        if self.bucket is None:
            return
        is_frame = isinstance(waiting, FrameAsk)
        cost = (
            max(1.0, (waiting.size / protocol.DEFAULT_SIZE) ** 2)
            if is_frame
            else 1 + len(waiting.pedigree.steps)
        )
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

    async def change_parents(self, asked: ParentsAsk) -> None:
        try:
            fetch = database_sync_to_async(lay_out, thread_sensitive=False)
            bench, told, portraits = await fetch(self.user, asked, before=self.bench)
        except Refused as refused:
            if (
                not self.asked_parents
            ):  # Recipes that came meanwhile were meant for the refused parents.
                self.parent_count, self.newest, self.portraits, self.seedlings = (
                    len(self.bench.genomes),
                    None,
                    [],
                    [],
                )
            await self.send_error(asked.id, refused)
            return
        self.bench = bench
        await self.send_json({"id": asked.id, **told})
        if not self.asked_parents:
            self.portraits = portraits

    async def answer_frame(self, asked: FrameAsk) -> bool:
        """Breed, render, send. False when it must be asked again: cancelled to make way, or the
        engine was full.
        """
        try:
            genome = await self.breed(asked)
            future = asyncio.wrap_future(studio.preview(genome, size=asked.size, owner=self.owner))
            self.in_flight = (asked, future)
            self.make_way()  # Something may have come while a thread was breeding.
            await asyncio.wait({future})
            if future.cancelled():
                return False
            frame = future.result()
        except Refused as refused:
            await self.send_error(asked.id, refused)
            if refused.retry_after:
                await asyncio.sleep(min(refused.retry_after, 2))
            return not refused.retry_after
        except Exception:  # The engine has logged what the net raised.
            refused = Refused(
                "This child could not be drawn. Move a slider, or choose other parents."
            )
            await self.send_error(asked.id, refused)
            return True
        finally:
            self.in_flight = None
        await self.send_frame(asked.id, frame)
        return True

    async def send_frame(self, number: int, frame: Frame) -> None:
        """A picture travels as binary behind its id; the notes of a tune as JSON, into which they
        are put as they are.
        """
        if frame.media_type == NOTES:
            await self.send(text_data=f'{{"id":{number},"notes":{frame.payload.decode()}}}')
        else:
            await self.send(bytes_data=number.to_bytes(4, "big") + frame.payload)

    async def breed(self, asked: FrameAsk) -> Genome:
        genomes = self.bench.genomes
        started = time.perf_counter()
        if self.breed_seconds > SLOW_BREEDING_S:
            return await asyncio.to_thread(breed, genomes, asked.recipe)
        genome = breed(genomes, asked.recipe)
        # A moving mean: a single slow call is somebody else's time on the core.
        self.breed_seconds += 0.1 * (time.perf_counter() - started - self.breed_seconds)
        return genome

    async def send_error(self, number: int | None, refused: Refused) -> None:
        told: dict[str, Any] = {"id": number, "error": refused.sentence}
        if refused.retry_after:
            told["retry_after"] = refused.retry_after
        await self.send_json(told)

    async def send_json(self, value: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(value, separators=(",", ":")))


def client_address(scope: dict[str, Any]) -> str:
    """The address to count a visitor by; behind a trusted proxy, the one that the proxy added
    last.
    """
    if settings.SECURE_PROXY_SSL_HEADER:
        headers = dict(scope.get("headers", []))
        forwarded = (
            headers.get(b"x-forwarded-for", b"").decode("ascii", "replace").split(",")[-1].strip()
        )
        if forwarded:
            return forwarded[:64]
    client = scope.get("client") or ("unknown",)
    return str(client[0])
