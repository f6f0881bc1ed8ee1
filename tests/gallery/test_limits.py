"""Allowances: a measure for everybody, counted together wherever somebody asks."""

from concurrent.futures import ThreadPoolExecutor

from gallery.limits import Allowance


def test_everybody_has_a_measure_of_their_own():
    allowance = Allowance("like", 2)
    assert [allowance.take("ada"), allowance.take("ada")] == [0, 0]
    assert 0 < allowance.take("ada") <= 30
    assert allowance.take("bo") == 0 and Allowance("comment", 2).take("ada") == 0


def test_whoever_shares_the_cache_counts_together_even_at_the_same_moment():
    here = Allowance("like", 5)

    def take(_: int) -> float:
        return Allowance("like", 5).take("ada")  # As another process would.

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(take, range(24)))
    assert waits.count(0) == 5 and here.left("ada") < 1


def test_what_an_address_is_called_matters_not():
    allowance = Allowance("report", 1)
    assert allowance.take("ip:2001:db8::1 %\n" * 40) == 0
    assert allowance.take("ip:2001:db8::1 %\n" * 40) > 0
