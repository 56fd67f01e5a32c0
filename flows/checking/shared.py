"""Large values for tasks: pickled once for many child processes, or handed over as one piece."""

import pickle
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_KEPT = 4
"""So many values stay unpickled in a process: the scheme, and the periods that are published."""


@dataclass(frozen=True)
class Shared(Generic[T]):
    """A value as it is sent."""

    pickled: bytes

    @classmethod
    def of(cls, value: T) -> "Shared[T]":
        """What is to be sent of a value."""
        return cls(pickle.dumps(value))

    @property
    def value(self) -> T:
        """The value, the same object for all tasks of a process."""
        value: T = _unpickled(self.pickled)
        return value


class Whole(Generic[T]):
    """A large value for a task, which no engine takes apart to look for results to wait for."""

    def __init__(self, value: T) -> None:
        self.value = value


@lru_cache(maxsize=_KEPT)
def _unpickled(pickled: bytes) -> Any:
    return pickle.loads(pickled)  # noqa: S301 - our own parent pickled it
