"""Which language somebody is spoken to in, on pages, sockets and emails, and refusals in it."""

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from gallery.bench.consumers import BenchConsumer
from gallery.i18n.languages import in_language_of, language_of_scope
from gallery.i18n.stored_sentences import translated
from gallery.models import User
from generation.refusal import Refused
from generation.words import word

CHINESE = [(b"accept-language", b"zh-CN,zh;q=0.9,en;q=0.5")]


@pytest.mark.parametrize(
    "scope, language",
    [
        ({"headers": CHINESE}, "zh-hans"),
        ({"headers": CHINESE, "cookies": {"django_language": "en"}}, "en"),
        ({"headers": CHINESE, "user": User(language="en")}, "en"),
        (
            {"headers": [], "user": User(language="xx"), "cookies": {"django_language": "zh-hans"}},
            "zh-hans",
        ),
        ({"headers": [(b"accept-language", b"\xff" * 3000)], "user": AnonymousUser()}, "en"),
        ({}, "en"),
    ],
)
def test_a_socket_speaks_as_its_page(scope: dict, language: str):
    assert language_of_scope(scope) == language


@pytest.mark.django_db(transaction=True)
async def test_the_bench_refuses_in_the_reader_s_language():
    client = WebsocketCommunicator(BenchConsumer.as_asgi(), "/ws/bench/", headers=CHINESE)
    client.scope |= {"user": AnonymousUser(), "client": ["10.0.0.9", 1234]}
    await client.connect()
    await client.send_to(text_data="{}")
    answer = await client.receive_json_from()
    await client.disconnect()
    assert answer["error"] == "消息必须恰好有 recipe、brood、looks 和 parents 四个键之一。"
    assert translation.get_language() == "en"


def test_a_refusal_fills_its_holes_after_translation_and_translates_marked_words():
    refused = Refused(
        "{label} must be a number from {low:g} to {high:g}.",
        label=word("The warmth"),
        low=-1,
        high=1,
    )
    assert refused.sentence == "The warmth must be a number from -1 to 1."
    with translation.override("zh-hans"):
        assert refused.sentence == "冷暖必须是 -1 到 1 的数。"


def test_words_that_nobody_translated_stay_and_nothing_stays_nothing():
    with translation.override("zh-hans"):
        assert translated("Creatures") == "生灵"
        assert translated("A word that no card has") == "A word that no card has"
        assert translated("") == ""


def test_letters_fall_back_to_english():
    with translation.override("zh-hans"), in_language_of(User(language="")):
        assert translation.get_language() == "en"
    with in_language_of(User(language="zh-hans")):
        assert translation.get_language() == "zh-hans"
