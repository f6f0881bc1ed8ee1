"""What stays in memory, and what makes room."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from generation.residency import Residency


def test_a_net_is_loaded_once():
    nets, loaded = Residency(), []
    for _ in range(3):
        assert nets.get("one", lambda: loaded.append(1) or "net", size=5) == "net"
    assert loaded == [1] and nets.sizes() == {"one": 5}


def test_the_net_used_longest_ago_makes_room():
    nets, freed = Residency(budget=10), []
    nets.free = lambda: freed.append(sorted(nets.sizes()))
    for name in ("a", "b"):
        nets.get(name, object, size=4)
    nets.get("a", lambda: "a", size=4)
    nets.get("c", lambda: "c", size=5)
    # Once after each loading, and once more when room was made.
    assert set(nets.sizes()) == {"a", "c"}
    assert freed == [["a"], ["a", "b"], ["a"], ["a", "c"]]


def test_a_net_larger_than_the_budget_is_loaded_alone():
    nets = Residency(budget=10)
    nets.get("small", lambda: 0, size=4)
    nets.get("huge", lambda: 1, size=40)
    assert set(nets.sizes()) == {"huge"}


def test_a_net_that_nobody_uses_is_unloaded():
    nets = Residency(keep_s=0)
    nets.get("one", lambda: 0, size=1)
    assert nets.release() and not nets.sizes() and not nets.release()
    nets.keep_s = 1000
    nets.get("one", lambda: 0, size=1)
    assert not nets.release() and nets.release(idle_s=0)


def test_a_net_that_cannot_be_loaded_leaves_nothing_behind():
    nets, told = Residency(), []

    @contextmanager
    def on_loading(name: str) -> Iterator[None]:
        told.append(f"{name} begins")
        try:
            yield
        finally:
            told.append(f"{name} ends")

    nets.on_loading = on_loading
    with pytest.raises(ZeroDivisionError):
        nets.get("broken", lambda: 1 / 0, size=1)
    assert not nets.sizes() and nets.loading() is None and told == ["broken begins", "broken ends"]


def test_what_is_being_loaded_is_told_with_its_seconds():
    nets, seen = Residency(), []
    nets.get("one", lambda: seen.append(nets.loading()), size=1)
    ((name, seconds),) = seen
    assert name == "one" and seconds >= 0 and nets.loading() is None


def test_a_net_is_shown_by_its_label_and_known_by_its_name():
    nets, seen = Residency(), []
    for version in ("garments 1", "garments 2"):
        net = nets.get(
            version,
            lambda version=version: seen.append(nets.loading()) or version,
            size=1,
            label="Garments",
        )
        assert net == version
    assert [name for name, _ in seen] == ["Garments", "Garments"] and set(nets.sizes()) == {
        "Garments"
    }
