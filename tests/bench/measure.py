"""What a benchmark says: how long something takes, and how that compares with what it may take."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement; `value` should be at most `limit`, where there is one."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.limit is None or self.value <= self.limit


def fastest(repetitions: int, *works: Callable[[], object]) -> list[float]:
    """The shortest time of each of several works, in seconds, done by turns.

    What else the machine does makes a work slower and never faster.
    """
    best = [float("inf")] * len(works)
    for _ in range(repetitions):
        for number, work in enumerate(works):
            started = time.perf_counter()
            work()
            best[number] = min(best[number], time.perf_counter() - started)
    return best


def most_memory() -> float:
    """The most memory that this program has taken so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
