"""Divide a whole number into whole parts that add up to it exactly.

The method of the largest remainder (Hamilton's): every part first gets the whole number below its
share, and what is left goes, one each, to the parts whose shares were cut most. With limits, a part
whose share lies outside them gets the limit and the others divide the rest.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

Weight = int | Decimal | Fraction


def apportion(
    total: int,
    weights: Sequence[Weight],
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int | None] | None = None,
) -> list[int]:
    """Whole parts of `total` in proportion to `weights`, none below 0, in the order of `weights`.

    Part i lies between `at_least[i]` and `at_most[i]`; None there is no limit. Of two parts with
    the same limits the one with the larger weight is never the smaller; among equals the first
    comes first. A weight of 0 gets no more than its least. Raises ValueError when a weight is
    negative or no parts within the limits add up to `total`.
    """
    exact = [Fraction(weight) for weight in weights]
    lows = list(at_least or [0] * len(exact))
    highs = list(at_most or [None] * len(exact))
    _require_possible(total, exact, lows, highs)
    shares = _shares(total, exact, lows, highs)
    parts = [floor(share) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - shares[i])
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _require_possible(
    total: int, weights: list[Fraction], lows: list[int], highs: list[int | None]
) -> None:
    if any(weight < 0 for weight in weights) or any(low < 0 for low in lows):
        raise ValueError("a weight or a least part is negative")
    if any(high is not None and low > high for low, high in zip(lows, highs, strict=True)):
        raise ValueError("a part's least is above its most")
    tops = [high if weight else low for weight, low, high in zip(weights, lows, highs, strict=True)]
    most = None if None in tops else sum(top for top in tops if top is not None)
    if total < sum(lows) or (most is not None and total > most):
        bound = "any number" if most is None else most
        raise ValueError(f"{total} cannot be divided: the limits allow {sum(lows)} to {bound}")


def _shares(
    total: int, weights: list[Fraction], lows: list[int], highs: list[int | None]
) -> list[Fraction]:
    """The exact share of each part: proportional where the limits leave it free.

    Shares outside their limits are fixed at them, the side that is further out in sum first: the
    other side may come back within its limits once the rest is divided anew.
    """
    fixed: dict[int, Fraction] = {}
    while True:
        free = [i for i in range(len(weights)) if i not in fixed]
        rest = total - sum(fixed.values(), Fraction(0))
        whole = sum((weights[i] for i in free), Fraction(0))
        share = {i: rest * weights[i] / whole if whole else Fraction(0) for i in free}
        below = {i: lows[i] - share[i] for i in free if share[i] < lows[i]}
        tops = {i: high for i in free if (high := highs[i]) is not None}
        above = {i: share[i] - top for i, top in tops.items() if share[i] > top}
        if not below and not above:
            return [fixed.get(i, share.get(i, Fraction(0))) for i in range(len(weights))]
        deficit, excess = sum(below.values()), sum(above.values())
        if deficit >= excess:
            fixed |= {i: Fraction(lows[i]) for i in below}
        if excess >= deficit:
            fixed |= {i: Fraction(tops[i]) for i in above}
