"""Work that is begun before its result is needed, and done while something else is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

Asked = TypeVarTuple("Asked")
Found = TypeVar("Found")


class Ahead(Generic[*Asked, Found]):
    """The last results of a function, each worked out once, from when it was first asked for.

    Parameters
    ----------
    begin
        Begins to work out the result for its arguments, which must be hashable.
    remembered
        How many results are kept.
    """

    def __init__(self, begin: Callable[[*Asked], Future[Found]], remembered: int) -> None:
        self._begun = lru_cache(maxsize=remembered)(begin)

    def begin(self, *asked: *Asked) -> None:
        """Begin to work out what will be asked for."""
        self._begun(*asked)

    def result(self, *asked: *Asked) -> Found:
        """Return the result, waiting for it if need be; what it raises is not remembered."""
        future = self._begun(*asked)
        if future.exception():
            self._begun.cache_clear()
        return future.result()
