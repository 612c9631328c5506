"""Arrays on disk: what is read is what was written, by as many threads as there are."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hytki_match.index.arrays import load_array, save_array


@pytest.mark.parametrize("mapped", [None, "r"])
def test_what_is_read_is_what_was_written(tmp_path, mapped):
    values = np.array([[1, 2], [3, 4]], np.int32)
    save_array(tmp_path / "x.npy", values)
    found = load_array(tmp_path / "x.npy", mapped)
    assert (found == values).all()
    assert found.dtype == values.dtype


def test_nothing_pickled_is_read():
    stream = io.BytesIO()
    np.save(stream, np.array([{}], object), allow_pickle=True)
    stream.seek(0)
    with pytest.raises(ValueError, match="allow_pickle"):
        load_array(stream)


def test_one_thread_at_a_time_reads_a_head(tmp_path, monkeypatch):
    save_array(tmp_path / "x.npy", np.arange(3))
    load, inside, most = np.load, [], []

    def slow(*arguments, **options):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        found = load(*arguments, **options)
        inside.pop()
        return found

    monkeypatch.setattr(np, "load", slow)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(load_array, [tmp_path / "x.npy"] * 8))
    assert all(values.tolist() == [0, 1, 2] for values in found)
    assert max(most) == 1
