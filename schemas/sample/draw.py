"""Made-up choices that hang only on the place they are made for.

There is no generator whose state runs on: a place (period, form, county, line, column) always gives
the same choice, on every machine and whatever else is drawn before it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Place = tuple[str | int, ...]


_BITS = 64
MARKS = 2**_BITS
"""How many marks there are."""


def mark(place: Place) -> int:
    """A whole number from 0 up to but not including `MARKS`."""
    name = "\0".join(map(str, place))
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[: _BITS // 8], "big")


def whole(low: int, high: int, place: Place) -> int:
    """A whole number from `low` to `high`, both included. Raises ValueError when there is none."""
    if low > high:
        raise ValueError(f"there is no number between {low} and {high}")
    return low + (mark(place) * (high - low + 1) >> _BITS)


def one(items: Sequence[Item], place: Place) -> Item:
    """One of the items, each as likely as the others."""
    return items[whole(0, len(items) - 1, place)]


def weighted(items: Mapping[Item, int], place: Place) -> Item:
    """One of the items, each as likely as its weight says."""
    rest = whole(0, sum(items.values()) - 1, place)
    for item, weight in items.items():
        rest -= weight
        if rest < 0:
            return item
    raise AssertionError("the weights add up to their sum")


def shuffled(items: Sequence[Item], place: Place) -> list[Item]:
    """The items in another order."""
    return [items[i] for i in sorted(range(len(items)), key=lambda i: (mark((*place, i)), i))]
