"""The figures by which shelves are ordered, as pure functions of numpy arrays over all works.

Love is a base-2 logarithm of the sum of 2^((time - EPOCH) / HALF_LIFE) over the likes of a work. As
time passes, all likes lose weight by the same factor, so the order of works stays correct and no
figure has to be recomputed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=14)
# The part of a child's love that its parents share; of a grandchild's, about half is left.
PASSED_ON = 0.7
STEPS = 40  # Generations over which love is passed up; after them, less than a millionth is left.
NOTHING = 0.0


def love_of(moments: Sequence[datetime]) -> float:
    """The love of a work that was liked at these times; never below 0, its value without likes."""
    if not moments:
        return NOTHING
    ages = np.array([(moment - EPOCH) / HALF_LIFE for moment in moments])
    return max(NOTHING, float(np.logaddexp2.reduce(ages)))


def loves_of(works: np.ndarray, days: np.ndarray, *, count: int) -> np.ndarray:
    """The love of each of `count` works [count].

    works [likes]: the index of the liked work, in [0, count). days [likes]: days since EPOCH.
    """
    ages = days / (HALF_LIFE / timedelta(days=1))
    top = ages.max(initial=0.0)
    sums = np.bincount(works, weights=np.exp2(ages - top), minlength=count)
    with np.errstate(divide="ignore"):
        return np.where(sums > 0, np.maximum(NOTHING, np.log2(sums) + top), NOTHING)


def stepping_of(
    love: np.ndarray, parents: np.ndarray, children: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """The love of all descendants of each work [works], on the scale of love; 0 for none.

    parents, children [edges]: indices of works; shares [edges]. Each parent gets its share times
    PASSED_ON of the child's own and inherited love. A cycle of edges, which only corrupt data could
    have, does no harm.
    """
    count, top = len(love), love.max(initial=0.0)
    own = np.where(love > NOTHING, np.exp2(love - top), 0.0)
    passed: np.ndarray = np.zeros(count)
    for _ in range(STEPS):
        before = passed
        passed = np.bincount(
            parents, weights=PASSED_ON * shares * (own + before)[children], minlength=count
        )
        if np.array_equal(before, passed):
            break
    # Less than 2^-60 of the most loved work counts as nothing.
    is_something = passed > 2.0**-60
    return np.where(
        is_something, np.maximum(1e-6, np.log2(np.where(is_something, passed, 1.0)) + top), NOTHING
    )


def rarity_of(depths: np.ndarray, parents: np.ndarray, children: np.ndarray) -> np.ndarray:
    """How rare the lineage of each work is [works]; 0 for works without parents.

    (1 + depth) / sqrt(size of the family), where a family is a connected component of the edges.
    Within a family the second rarest counts half, the third a third and so on, so that no family
    fills the shelf.
    """
    count = len(depths)
    ties = coo_matrix((np.ones(len(parents), np.int8), (parents, children)), shape=(count, count))
    _, family = connected_components(ties, directed=False)
    sizes = np.bincount(family, minlength=1)
    has_parents = np.bincount(children, minlength=count) > 0
    plain = np.where(has_parents, (1 + depths) / np.sqrt(sizes[family]), 0.0)
    return plain / (1 + ranks_within(family, plain))


def ranks_within(groups: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The rank (0, 1, ...) of each score within its group, the highest first; ties: the last."""
    order = np.lexsort((-np.arange(len(scores)), -scores, groups))
    sorted_groups = groups[order]
    begins = (
        np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
        if len(order)
        else np.array([], int)
    )
    ranks = np.empty(len(scores), int)
    ranks[order] = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)]))
    return ranks
