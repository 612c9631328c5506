"""A program in whole numbers, grown row by row and solved exactly by OR-Tools' CP-SAT."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from hytki_match.errors import ConsortiumError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Program:
    """Variables that are 0 or 1, constraints, and objectives that become constraints in turn.

    Parameters
    ----------
    limit_s
        Seconds that all steps may take together.
    """

    def __init__(self, limit_s: float) -> None:
        self._deadline = time.monotonic() + limit_s
        self._model = cp_model.CpModel()
        self._variables: list[cp_model.IntVar] = []
        self._values: list[bool] = []

    def binary(self) -> int:
        """Add a variable that is 0 or 1, and return its number."""
        self._variables.append(self._model.new_bool_var(""))
        return len(self._variables) - 1

    def any_of(self, numbers: Iterable[int]) -> int:
        """Add a variable that can be 1 only where one of others is 1, and return its number."""
        there = self.binary()
        others = [self._variables[number] for number in numbers]
        self._model.add_bool_or([*others, ~self._variables[there]])
        return there

    def fix(self, number: int, value: bool) -> None:
        """Hold a variable at 0 or 1."""
        self._model.add(self._variables[number] == int(value))

    def at_most(self, numbers: Iterable[int], most: int) -> None:
        """Let at most so many of some variables be 1."""
        self._model.add(sum(self._variables[number] for number in numbers) <= most)

    def maximize(self, objective: Mapping[int, int]) -> int | None:
        """Find the greatest value, hold it from now on, and return it; None if nothing fits.

        Raises
        ------
        ConsortiumError
            When the optimum is not proved in the time given.
        """
        worth = cp_model.LinearExpr.weighted_sum(
            [self._variables[number] for number in objective], list(objective.values())
        )
        self._model.maximize(worth)
        values = self._solve(self._model)
        if values is None:
            return None
        self._values = values
        best = sum(factor for number, factor in objective.items() if values[number])
        self._model.add(worth >= best)
        return best

    def has_other(self, numbers: Collection[int]) -> bool:
        """Tell whether anything else fits, in which not all of some variables are 1.

        Raises
        ------
        ConsortiumError
            When that is not known in the time given.
        """
        other = self._model.clone()
        indices = (self._variables[number].index for number in numbers)
        other.add_bool_or([~other.get_bool_var_from_proto_index(index) for index in indices])
        return self._solve(other) is not None

    def is_set(self, number: int) -> bool:
        """Tell whether a variable is 1 in the last optimum."""
        return self._values[number]

    def _solve(self, model: cp_model.CpModel) -> list[bool] | None:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise ConsortiumError("out of time")
        solver = _solver()
        solver.parameters.max_time_in_seconds = left_s
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise ConsortiumError(solver.status_name(status))
        return [solver.boolean_value(variable) for variable in self._variables]


def _solver() -> cp_model.CpSolver:
    """Return a solver for covering, whose linear relaxation is nearly whole by itself.

    So it has all of it from the start, no cuts, and branches where it is not whole. One worker: the
    proof needs no others, and other cores serve other advisers.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.add_lp_constraints_lazily = False
    solver.parameters.cut_level = 0
    solver.parameters.search_branching = cp_model.LP_SEARCH
    # Looking for what to simplify takes longer than it saves: half of the time and more.
    solver.parameters.cp_model_presolve = False
    return solver
