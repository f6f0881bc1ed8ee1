"""The fair queue: order, fairness in render seconds, and no credit for absence."""

import itertools

import numpy as np
import pytest

from generation.engine.fair_queue import MAX_IDLE_ACCOUNTS, FairQueue, Request
from generation.genome import Genome

GENOME = Genome("squares", "", np.zeros(3))


@pytest.fixture
def queue() -> FairQueue:
    return FairQueue()


@pytest.fixture
def add(queue):
    numbers = itertools.count()

    def add(owner: str, key: str = "k") -> Request:
        request = Request(GENOME, key, owner, next(numbers), 0.0)
        queue.add(request)
        return request

    return add


def take_one(queue: FairQueue, *, cost_s: float = 1.0) -> Request:
    return queue.take(queue.peek().key, limit=1, cost_s=cost_s)[0]


def test_an_empty_queue_has_nothing_to_give(queue):
    assert queue.peek() is None
    assert queue.take("k", limit=8, cost_s=1) == []


def test_one_owners_requests_keep_their_order(queue, add):
    requests = [add("ann", key) for key in "aba"]
    assert [take_one(queue) for _ in range(3)] == requests


def test_a_batch_holds_only_its_key_and_its_limit(queue, add):
    requests = [add("ann", key) for key in "abaaa"]
    assert queue.take("a", limit=3, cost_s=1) == [requests[0], requests[2], requests[3]]
    assert len(queue) == 2
    assert queue.count(key="b") == 1


def test_many_requests_of_one_owner_do_not_delay_another(queue, add):
    for _ in range(500):
        add("bulk")
    for _ in range(40):
        take_one(queue)
    late = [add("ann"), add("ann")]
    served = [take_one(queue) for _ in range(4)]
    assert late[0] in served[:2]
    assert late[1] in served


def test_a_batch_is_shared_among_owners(queue, add):
    for owner, count in [("bulk", 20), ("ann", 3), ("bob", 20)]:
        for _ in range(count):
            add(owner)
    owners = [request.owner for request in queue.take("k", limit=8, cost_s=1)]
    assert {owner: owners.count(owner) for owner in set(owners)} == {"bulk": 3, "ann": 3, "bob": 2}


def test_fairness_counts_seconds_not_requests(queue, add):
    for _ in range(100):
        add("large", "4096")
        add("small", "128")
    counts = {"large": 0, "small": 0}
    for _ in range(44):
        request = queue.peek()
        queue.take(request.key, limit=1, cost_s=10 if request.owner == "large" else 1)
        counts[request.owner] += 1
    assert counts == {"large": 4, "small": 40}


def test_a_wrong_guess_of_the_cost_is_corrected(queue, add):
    for _ in range(10):
        add("ann")
        add("bob")
    first = take_one(queue, cost_s=0.1)
    queue.charge(first.owner, 4.9)
    assert [take_one(queue).owner for _ in range(4)] == ["bob"] * 4


def test_absence_earns_no_credit(queue, add):
    add("late")
    take_one(queue)
    for _ in range(100):
        add("busy")
    for _ in range(50):
        take_one(queue)
    for _ in range(20):
        add("late")
    owners = [take_one(queue).owner for _ in range(20)]
    assert 9 <= owners.count("late") <= 11


def test_cancelled_requests_leave_the_queue(queue, add):
    requests = [add("ann"), add("bob"), add("ann")]
    requests[0].future.cancel()
    requests[1].future.cancel()
    assert set(queue.remove_cancelled()) == {requests[0], requests[1]}
    assert len(queue) == 1
    assert take_one(queue) is requests[2]


def test_accounts_of_people_long_gone_are_forgotten(queue, add):
    for person in range(2000):
        add(f"visitor {person}")
        take_one(queue)
    assert len(queue._accounts) <= MAX_IDLE_ACCOUNTS + 2


def test_clearing_returns_everything(queue, add):
    requests = {add(owner, key) for owner in "ab" for key in "xy"}
    assert set(queue.clear()) == requests
    assert len(queue) == 0
    assert queue.peek() is None
