"""A running total put where the figure of the step belongs.

After S. Scholtus (2008), section 4: in a chain of differences that are added up, each difference
was replaced by the total so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

HORIZONS = {"flow": 0, "cumulative": 1, "stock": 2}
"""How long a time figures are about, by their nature: a period, a year so far, all time."""


@dataclass(frozen=True)
class Step:
    """One difference of a chain: stated, and as its parts give it (plus and minus)."""

    name: str
    stated: Decimal
    plus: Decimal
    minus: Decimal


@dataclass(frozen=True)
class Corrected:
    """What a step is without the total so far; `swapped` where its parts are exchanged too."""

    name: str
    value: Decimal
    swapped: bool


def totals_for_steps(
    steps: Sequence[Step], total: Decimal, tolerance: Decimal = Decimal(2)
) -> list[Corrected]:
    """The steps at which the total so far is stated, with what belongs there.

    `total` is what all steps together should make. None where they do, or where a step is
    explained by neither.
    """
    if abs(sum((step.stated for step in steps), Decimal(0)) - total) <= tolerance:
        return []
    found = []
    for before, step in pairwise(steps):
        own = step.plus - step.minus
        if abs(step.stated - own) <= tolerance or not before.stated:
            continue
        answer = _corrected(before, step, own, tolerance)
        if answer is None:
            return []
        found.append(answer)
    return found


def _corrected(before: Step, step: Step, own: Decimal, tolerance: Decimal) -> Corrected | None:
    for swapped in (False, True):
        for sign in (1, -1):
            value = sign * step.stated - before.stated
            if abs(value - (-own if swapped else own)) <= tolerance:
                return Corrected(step.name, value, swapped)
    return None


class Series(StrEnum):
    """What a figure of a period and its running total probably hold."""

    TOTAL_AS_PERIOD = "total-as-period"
    PERIOD_AS_TOTAL = "period-as-total"
    EARLIER_REVISED = "earlier-revised"


def series_kind(
    before: Decimal, period: Decimal, total: Decimal, tolerance: Decimal
) -> Series | None:
    """What two stated figures of a period are, seen from the running total before it.

    None where they agree, and where nothing explains them. An EARLIER_REVISED total differs from
    it by what was corrected in earlier periods; that is a revision and no fault, and is the answer
    where nothing else is.
    """
    if abs(total - before - period) <= tolerance:
        return None
    if abs(total - period) <= tolerance:
        return Series.TOTAL_AS_PERIOD if period >= before > 0 else Series.PERIOD_AS_TOTAL
    return Series.EARLIER_REVISED if total >= period else None
