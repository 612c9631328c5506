"""Boosted regression trees, read from a text: what they add to the score of each candidate.

Evaluated as in Lucchese et al., “QuickScorer: a fast algorithm to rank documents with additive
ensembles of regression trees” (2015): every node that a candidate fails rules out the leaves on its
left, as bits; the first leaf that is left of each tree is the candidate's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypedDict

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray


class Node(TypedDict):
    """A question to a candidate: ``low`` goes on where the feature is at most so high."""

    feature: str
    at_most: float
    low: Tree
    high: Tree


Tree: TypeAlias = "float | Node"
"""What is added, or a node on the way there."""


class Grove(TypedDict):
    """The text of ``trees.json``: the names of the features, and the trees."""

    features: list[str]
    trees: list[Tree]


MAX_LEAVES = 16
"""Leaves of a tree are the bits of a number; all numbers of so many bits are looked up."""

EVERY_LEAF = np.uint16(0xFFFF)
_EVERY = np.arange(1 << MAX_LEAVES)
FIRST_BIT = np.maximum(np.frexp(_EVERY & -_EVERY)[1] - 1, 0).astype(np.int8)
"""The place of the lowest bit of each number, as the exponent of what it is worth; 0 for none."""


class Trees:
    """A sum of regression trees over named features.

    Parameters
    ----------
    found
        As ``trees.json`` holds it.

    Raises
    ------
    ValueError
        When a tree has more than ``MAX_LEAVES`` leaves.
    KeyError
        When a tree asks for a feature that has no column.
    """

    def __init__(self, found: Grove) -> None:
        self.features: tuple[str, ...] = tuple(found["features"])
        columns = {name: number for number, name in enumerate(self.features)}
        nodes, starts = list[tuple[int, float, int]](), list[int]()
        self._leaves = np.zeros((len(found["trees"]), MAX_LEAVES))
        for number, tree in enumerate(found["trees"]):
            leaves = list[float]()
            starts.append(len(nodes))
            # A tree of one leaf has a node, too: one that nothing fails.
            grown = list(_grow(tree, columns, leaves)) or [(0, np.inf, -1)]
            if len(leaves) > MAX_LEAVES:
                raise ValueError(f"tree {number} has {len(leaves)} leaves, of {MAX_LEAVES} at most")
            nodes += grown
            self._leaves[number, : len(leaves)] = leaves
        self._columns = np.array([column for column, _, _ in nodes], np.intp)
        self._thresholds = np.array([threshold for _, threshold, _ in nodes])
        self._masks = np.array([mask & int(EVERY_LEAF) for _, _, mask in nodes], np.uint16)
        self._starts = np.array(starts, np.intp)

    def values(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum over all trees (candidates,) for features (candidates, columns)."""
        # A row for each node: a tree's nodes stand together, and so do the numbers of candidates.
        passed = features.T[self._columns] <= self._thresholds[:, None]
        masks = np.where(passed, EVERY_LEAF, self._masks[:, None])
        left = np.bitwise_and.reduceat(masks, self._starts, axis=0)
        reached = self._leaves[np.arange(len(self._starts))[:, None], FIRST_BIT[left]]
        found: NDArray[np.float64] = reached.sum(axis=0)
        return found


def _grow(
    tree: Tree, columns: Mapping[str, int], leaves: list[float]
) -> Iterator[tuple[int, float, int]]:
    """Give the nodes of a tree with the bits that are left where they fail; collect its leaves."""
    if not isinstance(tree, dict):
        leaves.append(tree)
        return
    first = len(leaves)
    yield from _grow(tree["low"], columns, leaves)
    yield columns[tree["feature"]], tree["at_most"], ~((1 << len(leaves)) - (1 << first))
    yield from _grow(tree["high"], columns, leaves)


NO_TREES = Trees({"features": [], "trees": []})
"""What is ranked by where nothing is to be mended."""
