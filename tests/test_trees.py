"""The learned ranker's trees: the sum that a plain walk gives, and that of the library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.matching.ranker import default_trees
from hytki_match.matching.trees import MAX_LEAVES, NO_TREES, Trees

FEATURES = ["a", "b", "c"]

numbers = st.floats(-5, 5, width=16)
grown = st.recursive(
    numbers,
    lambda below: st.fixed_dictionaries(
        {"feature": st.sampled_from(FEATURES), "at_most": numbers, "low": below, "high": below}
    ),
    max_leaves=MAX_LEAVES,
)


def leaves(tree):
    return leaves(tree["low"]) + leaves(tree["high"]) if isinstance(tree, dict) else 1


def walk(tree, row):
    while isinstance(tree, dict):
        side = "low" if row[FEATURES.index(tree["feature"])] <= tree["at_most"] else "high"
        tree = tree[side]
    return tree


@given(
    st.lists(grown.filter(lambda tree: leaves(tree) <= MAX_LEAVES), max_size=5),
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8),
)
def test_trees_give_what_walking_them_gives(trees, rows):
    found = Trees({"features": FEATURES, "trees": trees}).values(np.array(rows, float))
    expected = [sum(walk(tree, row) for tree in trees) for row in rows]
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_tree_too_large_for_its_bits_is_refused():
    tree = 0.0
    for number in range(MAX_LEAVES):
        tree = {"feature": "a", "at_most": float(number), "low": 1.0, "high": tree}
    with pytest.raises(ValueError, match="leaves"):
        Trees({"features": FEATURES, "trees": [tree]})


def test_a_feature_without_a_column_is_refused():
    tree = {"feature": "d", "at_most": 0.0, "low": 1.0, "high": 2.0}
    with pytest.raises(KeyError):
        Trees({"features": FEATURES, "trees": [tree]})


def test_no_trees_add_nothing():
    assert NO_TREES.values(np.ones((2, 0))).tolist() == [0, 0]


def test_the_trees_that_ship_do_not_see_what_people_limit():
    """What missing a kind, a region or a time costs is set with people in mind."""
    limits = ("kind", "region", "time", "name", "past")
    assert default_trees().features
    assert not [name for name in default_trees().features if name.startswith(limits)]


def test_what_is_grown_adds_up_to_what_the_library_says():
    pytest.importorskip("lightgbm", reason="only training needs lightgbm")
    from training.trees import Lesson, grow

    chance = np.random.default_rng(1)
    columns, lifted = chance.normal(size=(20000, 3)), chance.normal(size=20000)
    odds = 2 * lifted + 3 * np.sign(columns[:, 0] * columns[:, 1])
    targets = (chance.random(20000) < 1 / (1 + np.exp(-odds))).astype(float)
    trees = Trees(grow(FEATURES, [Lesson(columns, lifted, targets)]))
    added = trees.values(columns[:, [FEATURES.index(name) for name in trees.features]])
    # What a score lacks is found, and on the scale of the score.
    lacking = odds / 2 - lifted
    assert np.corrcoef(added, lacking)[0, 1] > 0.9
    assert not np.isin(FEATURES[2], trees.features) or np.abs(added).max() < 3
