"""Lists of different lengths in one array, read for many of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def entries_of(
    starts: NDArray[np.int64], numbers: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the entries of some lists stand, list after list, and how many each list has.

    Parameters
    ----------
    starts
        The entries of list n are ``starts[n]`` to before ``starts[n + 1]``.
    numbers
        Of the lists.
    """
    ends = starts[numbers + 1]
    counts = ends - starts[numbers]
    entries = np.repeat(ends - np.cumsum(counts), counts)
    return entries + np.arange(len(entries)), counts
