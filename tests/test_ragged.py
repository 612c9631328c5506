"""Lists of different lengths in one array."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.index.ragged import entries_of


@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.data())
def test_entries_are_those_of_each_list_in_turn(lengths, data):
    starts = np.cumsum([0, *lengths])
    wanted = data.draw(st.lists(st.integers(0, len(lengths) - 1), max_size=10))
    entries, counts = entries_of(starts, np.array(wanted, np.int64))
    assert counts.tolist() == [lengths[number] for number in wanted]
    expected = [entry for n in wanted for entry in range(starts[n], starts[n + 1])]
    assert entries.tolist() == expected
