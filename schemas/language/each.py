"""Doing the same for many, one after the other or several at a time: as `map` does it."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Each(Protocol):
    """What a task makes of each item, in their order.

    Tasks are functions of a module and items can be pickled, so that other processes may do them.
    """

    def __call__(self, task: Callable[[A], R], items: Iterable[A], /) -> Iterable[R]:
        """The results; raises what a task raises."""
        ...
