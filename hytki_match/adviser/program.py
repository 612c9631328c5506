"""A mixed-integer program in whole numbers, grown row by row and solved by HiGHS (scipy)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from hytki_match.errors import ConsortiumError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


_INFEASIBLE = 2
_OPTIMAL = 0


class Program:
    """Variables between 0 and 1, constraints, and objectives that become constraints in turn.

    Parameters
    ----------
    limit_s
        Seconds that all steps may take together.
    """

    def __init__(self, limit_s: float) -> None:
        self._deadline = time.monotonic() + limit_s
        self._whole: list[int] = []
        self._rows: list[tuple[Mapping[int, int], float, float]] = []
        self._values: NDArray[np.float64] = np.zeros(0)

    def binary(self) -> int:
        """Add a variable that is 0 or 1, and return its number."""
        self._whole.append(1)
        return len(self._whole) - 1

    def share(self) -> int:
        """Add a variable from 0 to 1 that the optimum makes whole by itself."""
        self._whole.append(0)
        return len(self._whole) - 1

    def require(
        self, row: Mapping[int, int], *, least: float = -np.inf, most: float = np.inf
    ) -> None:
        """Add a constraint on a sum of variables times whole numbers."""
        self._rows.append((dict(row), least, most))

    def maximize(self, objective: Mapping[int, int]) -> int | None:
        """Find the greatest value, hold it from now on, and return it; None if nothing fits.

        Raises
        ------
        ConsortiumError
            When the optimum is not proved in the time given.
        """
        values = self._solve(objective, self._rows)
        if values is None:
            return None
        self._values = values
        best = round(float(sum(values[n] * factor for n, factor in objective.items())))
        self.require(objective, least=best)
        return best

    def is_feasible(self, row: Mapping[int, int], most: float) -> bool:
        """Tell whether anything fits when one more constraint is added.

        Raises
        ------
        ConsortiumError
            When that is not known in the time given.
        """
        return self._solve({}, [*self._rows, (dict(row), -np.inf, most)]) is not None

    def is_set(self, number: int) -> bool:
        """Tell whether a variable is 1 in the last optimum."""
        return bool(self._values[number] > 0.5)

    def _solve(
        self, objective: Mapping[int, int], rows: list[tuple[Mapping[int, int], float, float]]
    ) -> NDArray[np.float64] | None:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise ConsortiumError("out of time")
        costs = np.zeros(len(self._whole))
        for number, factor in objective.items():
            costs[number] = -factor
        result = milp(
            costs,
            integrality=np.array(self._whole),
            bounds=Bounds(0, 1),
            constraints=self._matrix(rows),
            options={"mip_rel_gap": 0.0, "time_limit": left_s},
        )
        if result.status == _INFEASIBLE:
            return None
        if result.status != _OPTIMAL:
            raise ConsortiumError(str(result.message))
        return np.asarray(result.x, np.float64)

    def _matrix(self, rows: list[tuple[Mapping[int, int], float, float]]) -> LinearConstraint:
        ends = np.cumsum([0, *(len(row) for row, _, _ in rows)])
        columns = np.array([number for row, _, _ in rows for number in row], np.int32)
        data = np.array([factor for row, _, _ in rows for factor in row.values()], np.float64)
        matrix = csr_array((data, columns, ends), shape=(len(rows), len(self._whole)))
        least, most = (np.array([row[side] for row in rows], np.float64) for side in (1, 2))
        return LinearConstraint(matrix, least, most)
