"""The servers that an operator names, and nothing else that could be one."""

import pytest

from generation.refusal import Refused
from generation.servers import Server, find_server, read_servers


def test_servers_are_read_with_their_parts():
    text = " attic=http://192.168.1.9:8188/ , cellar=https://me:se%20cret@cellar.example/sd/,"
    assert read_servers(text) == {
        "attic": Server("attic", False, "192.168.1.9", 8188),
        "cellar": Server("cellar", True, "cellar.example", 443, "/sd", "me:se cret"),
    }
    assert read_servers("six=http://[::1]:7860")["six"].host == "::1"
    assert read_servers("") == {}


@pytest.mark.parametrize(
    "text",
    [
        "http://attic:8188",
        "attic",
        "attic=",
        "attic=attic:8188",
        "attic=ftp://attic",
        "attic=file:///etc/passwd",
        "attic=http://",
        "attic=http://a b",
        "attic=http://attic:port",
        "attic=http://attic:99999",
        "attic=http://attic/?x=1",
        "attic=http://attic/#x",
        "attic=http://attic/a\r\nHost: b",
        "Attic=http://attic",
        "a=http://x,a=http://y",
        "attic=http://[::1",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        read_servers(text)


def test_a_name_that_nobody_gave_is_refused_without_telling_addresses(monkeypatch):
    monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", "attic=http://me:secret@attic")
    with pytest.raises(Refused, match="No server is called “cellar” here") as refused:
        find_server("cellar")
    assert "secret" not in refused.value.sentence
    monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", "secret")
    with pytest.raises(Refused, match="ARBORETUM_REMOTE_SERVERS cannot be read"):
        find_server("attic")
