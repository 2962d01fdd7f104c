"""A check that remembers: the columns of a sheet repeat a few thousand cells."""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

MOST: Final = 5000
"""Cells remembered, so that a file of any length needs the same memory."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(dict[K, V], Generic[K, V]):
    """What `check` made of each cell it has passed, looked up as in a dict; a refused cell is checked again."""

    def __init__(self, check: Callable[[K], V]) -> None:
        super().__init__()
        self._check = check

    def __missing__(self, key: K) -> V:
        value = self._check(key)
        if len(self) < MOST:
            self[key] = value
        return value
