"""Values that stand one column or one row away from where they belong."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.diagnose.edit import Record
from expectations.diagnose.search import Changes

_LEAST = 3  # two neighbours one place off are two values exchanged
_MOST = 12


def shifted_along(names: Sequence[str], record: Record) -> Iterator[Changes]:
    """Runs of neighbours, each moved back by one place, the first behind the last, and forth."""
    for first in range(len(names)):
        for last in range(first + _LEAST, min(len(names), first + _MOST) + 1):
            yield from shifted(names[first:last], record)


def shifted(names: Sequence[str], record: Record) -> Iterator[Changes]:
    """All of these values moved back by one place, and forth."""
    values = [record[name] for name in names]
    numbers = [value for value in values if value is not None]
    if len(numbers) < max(len(names), _LEAST) or len(set(numbers)) == 1:
        return
    yield _different(names, [*numbers[1:], numbers[0]], record)
    yield _different(names, [numbers[-1], *numbers[:-1]], record)


def _different(names: Sequence[str], values: Sequence[Decimal], record: Record) -> Changes:
    pairs = zip(names, values, strict=True)
    return {name: value for name, value in pairs if value != record[name]}
