"""Results that are begun before they are needed, and searches beside other work."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from hytki_match.matching.ahead import Ahead
from hytki_match.matching.retrieval import NearPassages, QuestionVectors


class Counting(FakeEncoder):
    """Counts what it begins, and fails as often as it is told to."""

    def __init__(self, failures=0):
        super().__init__()
        self.begun, self.failures = [], failures

    def begin_query(self, text):
        self.begun.append(text)
        if self.failures:
            self.failures -= 1
            failed = Future()
            failed.set_exception(MemoryError("no room"))
            return failed
        return super().begin_query(text)


def test_what_was_begun_is_worked_out_once():
    encoder = Counting()
    vectors = QuestionVectors(encoder)
    vectors.begin("unen mittaaminen")
    found = vectors.of("unen mittaaminen")
    assert np.array_equal(found, encoder.encode_queries(["unen mittaaminen"])[0])
    assert np.array_equal(found, vectors.of("unen mittaaminen"))
    assert encoder.begun == ["unen mittaaminen"]


def test_a_failure_is_raised_where_the_result_is_needed_and_not_remembered():
    vectors = QuestionVectors(Counting(failures=1))
    vectors.begin("uni")
    with pytest.raises(MemoryError, match="no room"):
        vectors.of("uni")
    assert vectors.of("uni").any()


def test_the_caller_goes_on_before_the_result_is_there():
    go_on = Event()
    with ThreadPoolExecutor(1) as threads:
        ahead = Ahead(lambda text: threads.submit(lambda: (go_on.wait(10), text.upper())), 1)
        ahead.begin("uni")
        go_on.set()
        assert ahead.result("uni") == (True, "UNI")


@pytest.mark.parametrize("is_exact", [True, False])
def test_passages_are_searched_once_beside_other_work_or_at_once(is_exact):
    searched = []

    def search(vector, depth, allowed):
        searched.append((depth, allowed))
        return vector[:depth], np.arange(depth)

    dense = SimpleNamespace(is_exact=is_exact, search=search)
    index = SimpleNamespace(dense=dense)
    near = NearPassages(index, QuestionVectors(FakeEncoder()))
    near.begin("uni", 3, near.everything)
    first, second = (near.of("uni", 3, near.everything) for _ in range(2))
    assert searched == [(3, None)]
    assert first is second
    assert first.numbers.tolist() == [0, 1, 2]
