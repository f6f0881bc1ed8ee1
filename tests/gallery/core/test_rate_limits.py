"""Rate limits: each caller has their own, and all processes that share a cache count together."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.cache.backends.filebased import FileBasedCache

from gallery.core.rate_limits import RateLimiter
from genart_site import caches


def test_every_caller_has_a_limit_of_their_own():
    rate_limiter = RateLimiter("like", 2)
    assert [rate_limiter.take("ada"), rate_limiter.take("ada")] == [0, 0]
    assert 0 < rate_limiter.take("ada") <= 30
    assert rate_limiter.take("bo") == 0 and RateLimiter("comment", 2).take("ada") == 0


def test_whoever_shares_the_cache_counts_together_even_at_the_same_moment():
    here = RateLimiter("like", 5)

    def take(_: int) -> float:
        return RateLimiter("like", 5).take("ada")  # As another process would.

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(take, range(24)))
    assert waits.count(0) == 5 and here.left("ada") < 1


def test_what_an_address_is_called_matters_not():
    rate_limiter = RateLimiter("report", 1)
    assert rate_limiter.take("ip:2001:db8::1 %\n" * 40) == 0
    assert rate_limiter.take("ip:2001:db8::1 %\n" * 40) > 0


class SharedFolder(caches.FallbackCache):
    """A cache that processes share, as Redis is one, and that can be made to fail."""

    shared_class = FileBasedCache


def test_a_process_counts_for_itself_while_the_shared_cache_cannot_be_reached(
    tmp_path: Path, monkeypatch
):
    folder = tmp_path / "shared"
    shared = SharedFolder(str(folder), {})
    assert shared.add("lock", 1) and not SharedFolder(str(folder), {}).add("lock", 1)
    alone = SharedFolder(str(tmp_path / "broken"), {})
    (tmp_path / "broken").rmdir()
    (tmp_path / "broken").touch()  # No folder any more, so nothing can be written into it.
    assert alone.add("lock", 1) and not alone.add("lock", 1) and alone.get("lock") == 1
    assert shared.get("other") is None, "For a while nobody asks the shared one."
    monkeypatch.setattr(SharedFolder, "_retry_at", 0.0)
    assert shared.get("lock") == 1 and not shared.add("lock", 1)
