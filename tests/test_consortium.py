"""The consortium is the one that trying every set would find; without proof, it says so."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from benchmarks.made_needs import each, every_strength, few_serve_many
from hytki_match.adviser.consortium import Instance, appraise, second_best, solve
from hytki_match.adviser.search import find_good


def brute_force(instance):
    """Try every set; None when no set meets the conditions."""
    sets = (
        frozenset(chosen)
        for size in range(min(instance.most, len(instance.partners)) + 1)
        for chosen in combinations(instance.partners, size)
    )
    fitting = [
        appraise(instance, chosen)
        for chosen in sets
        if instance.must <= chosen and not any(given <= chosen for given in instance.left_out)
    ]
    return min(fitting, key=lambda c: merit(instance, c), default=None)


def merit(instance, consortium):
    covered = sum(w for part, w in instance.weights.items() if part in consortium.served_by)
    strong = {part for p in consortium.partners for part in instance.able.get(p, ())}
    strongly = sum(instance.weights[part] for part in strong)
    return -strongly, -covered, len(consortium.partners), -consortium.points, consortium.partners


def random_instance(seed):
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    parts = [f"part{n}" for n in range(rng.randint(1, 7))]
    partners = [f"organisations/{n:02}" for n in range(rng.randint(1, 9))]
    # Few different strengths, so that ties are the rule and not the exception.
    levels = rng.choice([(500,), (400, 800), tuple(range(250, 1000, 50))])
    density = rng.choice([0.15, 0.3, 0.6])
    strengths = {
        p: {part: rng.choice(levels) for part in parts if rng.random() < density} for p in partners
    }
    pick = lambda share: frozenset(p for p in partners if rng.random() < share)  # noqa: E731
    must = pick(0.1)
    strong = None
    if rng.random() < 0.7:
        strong = {p: {part for part in strengths[p] if rng.random() < 0.5} for p in partners}
    return Instance(
        weights={part: rng.randint(1, 3) for part in parts},
        strengths=strengths,
        strong=strong,
        regions={p: {rng.choice("abc")} for p in partners},
        topics={p: set(rng.sample("uvwxyz", 2)) for p in partners},
        must=must,
        must_not=pick(0.1) - must,
        most=rng.randint(1, 5),
        region_points=rng.choice([0, 50]),
        topic_points=rng.choice([0, 10]),
        left_out=(pick(0.3) | {partners[0]},) if rng.random() < 0.2 else (),
    )


@pytest.mark.parametrize("block", range(10))
def test_the_consortium_is_what_trying_every_set_finds(block):
    for seed in range(50 * block, 50 * block + 50):
        instance = random_instance(seed)
        if not any(given <= instance.must for given in instance.left_out):
            assert solve(instance) == brute_force(instance), f"instance {seed}"


@pytest.mark.parametrize("most", [4, 6, 12])
@pytest.mark.parametrize("make", [few_serve_many, every_strength, each(3)])
def test_sixty_parts_and_four_hundred_partners_are_proved(make, most):
    # How fast is for benchmarks/consortium.py to say: no clock decides whether a test passes.
    found = solve(make(4, most), limit_s=300)
    assert found.is_proved and len(found.partners) <= most


def test_the_second_best_set_lacks_a_partner_of_the_best():
    instance = Instance(
        weights={"a": 1, "b": 1},
        strengths={"x": {"a": 900, "b": 900}, "y": {"a": 500}, "z": {"b": 400}},
    )
    best = solve(instance)
    assert best.partners == ("x",)
    assert second_best(instance, best).partners == ("y", "z")


def test_what_cannot_be_met_gives_no_set():
    both = frozenset({"x"})
    one = Instance(weights={"a": 1}, strengths={"x": {"a": 1}}, must=both, must_not=both)
    assert solve(one) is None
    many = Instance(weights={"a": 1}, strengths={}, must=frozenset("xyz"), most=2)
    assert solve(many) is None


def test_a_part_that_nobody_serves_stays_uncovered():
    found = solve(Instance(weights={"a": 1, "b": 2}, strengths={"x": {"a": 700}}))
    assert (found.partners, found.uncovered) == (("x",), ("b",))


def test_what_is_not_proved_in_time_is_a_good_set_that_says_so():
    instance = each(10)(1, 6)  # no proof comes in time
    found = solve(instance, limit_s=0.2)
    assert not found.is_proved
    assert found == solve(instance, limit_s=0.0)  # no clock decides which set is shown
    # Six steps that each take the partner that adds most: what anybody would find by hand.
    greedy, left = set(), set(instance.weights)
    for _ in range(6):
        best = max(
            instance.partners,
            key=lambda p: sum(instance.weights[q] for q in left & set(instance.strengths[p])),
        )
        greedy.add(best)
        left -= set(instance.strengths[best])
    assert merit(instance, found) < merit(instance, appraise(instance, greedy))


@pytest.mark.parametrize("block", range(2))
def test_a_set_without_proof_keeps_the_conditions_and_is_mostly_the_best(block):
    best = count = 0
    for seed in range(50 * block, 50 * block + 50):
        instance = random_instance(seed)
        chosen = find_good(instance)
        exact = brute_force(instance)
        assert (chosen is None) == (exact is None), f"instance {seed}"
        if exact is None:
            continue
        found = appraise(instance, chosen)
        assert instance.must <= chosen and not chosen & instance.must_not, f"instance {seed}"
        assert len(chosen) <= instance.most, f"instance {seed}"
        assert not any(given <= chosen for given in instance.left_out), f"instance {seed}"
        count += 1
        best += merit(instance, found)[:4] == merit(instance, exact)[:4]
    assert best >= 0.95 * count


def test_where_partners_are_few_a_fair_one_covers_what_the_strong_ones_leave():
    strengths = {"x": {"a": 900, "b": 500}, "y": {"b": 700}, "z": {"c": 400}}
    strong = {"x": {"a"}, "y": {"b"}, "z": {"c"}}
    weights = {"a": 1, "b": 1, "c": 1}
    enough = solve(Instance(weights, strengths, strong, most=3))
    assert enough.partners == ("x", "y", "z")
    few = solve(Instance(weights, strengths, strong, most=2))
    assert (few.partners, few.uncovered) == (("x", "z"), ())
    assert few.served_by["b"] == "x"
