"""Frames of species for adults that are not shown, on the bench."""

import io
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from PIL import Image

from gallery import studio
from gallery.bench.consumers import BenchConsumer
from generation.breeding import sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import RenderKey
from generation.engine.render import render_batch
from generation.yielding import ignore_progress
from tests.adult_species import KEY, add_adult_species, install_scorer
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_withheld_frame_is_told_in_words_and_the_next_one_comes(
    more_checkpoints: Path, tmp_path, monkeypatch, settings
):
    install_scorer(tmp_path / "packages", monkeypatch)
    digest = add_adult_species(more_checkpoints).digest
    founders = [sample(KEY, seed=seed) for seed in range(6)]
    frames = render_batch(RenderKey(KEY, digest, 64, "image/png", 1), founders, ignore_progress)
    order = sorted(range(6), key=lambda seed: frames[seed].unsafe_score)
    dark, bright = order[0], order[-1]
    settings.UNSAFE_SCORE = (frames[dark].unsafe_score + frames[bright].unsafe_score) / 2
    studio.use_engine(LocalEngine())
    client = WebsocketCommunicator(
        BenchConsumer.as_asgi(), f"/ws/bench/?parents=seed:{KEY}:{dark},seed:{KEY}:{bright}"
    )
    user = await sync_to_async(make_user)(sees_adult_works=True)
    client.scope |= {"user": user, "client": ["10.0.0.1", 1]}
    try:
        await client.connect()
        assert "parents" in await client.receive_json_from(timeout=60)
        assert isinstance(await client.receive_from(timeout=60), bytes)  # The dark one's portrait.
        refusal = await client.receive_json_from(timeout=60)
        assert refusal["withheld"] and "not shown" in refusal["error"]
        assert "retry_after" not in refusal
        await client.send_json_to({"id": 11, "recipe": {"weights": [0, 1]}, "size": 64})
        refusal = await client.receive_json_from(timeout=60)
        assert refusal["id"] == 11 and refusal["withheld"]
        await client.send_json_to({"id": 12, "recipe": {"weights": [1, 0]}, "size": 64})
        data = await client.receive_from(timeout=60)
        assert data[:4] == (12).to_bytes(4, "big")
        assert Image.open(io.BytesIO(data[4:])).size == (64, 64)
    finally:
        await client.disconnect()
        await sync_to_async(studio.use_engine)(None)
