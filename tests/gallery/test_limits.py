"""Allowances: a measure for everybody, and a memory that does not grow."""

from gallery.limits import Allowance


def test_everybody_has_a_measure_of_their_own():
    allowance = Allowance(2)
    assert [allowance.take("ada"), allowance.take("ada")] == [0, 0]
    assert 0 < allowance.take("ada") <= 30
    assert allowance.take("bo") == 0


def test_names_that_were_not_seen_for_longest_are_forgotten():
    allowance = Allowance(1, names=2)
    assert allowance.take("ada") == 0 and allowance.take("bo") == 0
    assert allowance.take("ada") > 0  # Ada was seen last now.
    assert allowance.take("cy") == 0
    assert allowance.take("ada") > 0 and allowance.take("bo") == 0
