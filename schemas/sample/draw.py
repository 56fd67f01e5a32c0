"""Made-up choices that hang only on the place they are made for.

There is no generator whose state runs on: a place (period, form, county, line, column) always gives
the same choice, on every machine and whatever else is drawn before it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Item = TypeVar("Item")
Place = tuple[str | int, ...]


def fraction(place: Place) -> Fraction:
    """A number from 0 up to but not including 1."""
    name = "\0".join(str(part) for part in place)
    return Fraction(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"), 2**64)


def whole(low: int, high: int, place: Place) -> int:
    """A whole number from `low` to `high`, both included. Raises ValueError when there is none."""
    if low > high:
        raise ValueError(f"there is no number between {low} and {high}")
    return low + int(fraction(place) * (high - low + 1))


def one(items: Sequence[Item], place: Place) -> Item:
    """One of the items, each as likely as the others."""
    return items[whole(0, len(items) - 1, place)]


def weighted(items: Mapping[Item, int], place: Place) -> Item:
    """One of the items, each as likely as its weight says."""
    mark = int(fraction(place) * sum(items.values()))
    for item, weight in items.items():
        mark -= weight
        if mark < 0:
            return item
    raise ValueError("there is nothing to choose from")


def shuffled(items: Sequence[Item], place: Place) -> list[Item]:
    """The items in another order."""
    return [items[i] for i in sorted(range(len(items)), key=lambda i: (fraction((*place, i)), i))]
