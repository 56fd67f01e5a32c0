"""Sums of rounded figures: how far they may miss, and how to print them so that they add up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

_PLAUSIBLE = 3  # standard deviations of the sum of uniform rounding errors


class Gap(StrEnum):
    """What a difference between a total and its parts is."""

    EXACT = "exact"
    PLAUSIBLE = "rounding-plausible"
    POSSIBLE = "rounding-possible"
    REAL = "real"


def gap_kind(gap: Decimal, half_widths: Sequence[Decimal]) -> Gap:
    """What a gap is, between figures of which each may be off by its half width.

    Rounding can explain a gap up to the sum of the half widths, and does so as a rule up to three
    standard deviations: independent errors of width u have the variance u²/12.
    """
    if not gap:
        return Gap.EXACT
    if abs(gap) > sum(half_widths, Decimal(0)):
        return Gap.REAL
    variance = sum((half * half for half in half_widths), Decimal(0)) / 3
    return Gap.PLAUSIBLE if abs(gap) <= _PLAUSIBLE * variance.sqrt() else Gap.POSSIBLE


def is_rounded(total: Decimal, parts: Sequence[Decimal]) -> bool:
    """Whether the parts were rounded to whole units and their total was not."""
    whole = all(part == part.to_integral_value() for part in parts)
    gap = total - sum(parts, Decimal(0))
    return whole and total != total.to_integral_value() and abs(gap) <= Decimal(len(parts)) / 2


def printed(parts: Sequence[Decimal], decimals: int) -> tuple[list[Decimal], Decimal]:
    """Parts and their total rounded so that the printed parts make the printed total (舍位平衡).

    Each total is rounded on its own. What the rounded parts lack or have too much goes, a unit of
    the last decimal each, to those whose rounding took or gave most; of equal ones to the first.
    """
    unit = Decimal(1).scaleb(-decimals)
    total = sum(parts, Decimal(0)).quantize(unit, ROUND_HALF_UP)
    rounded = [part.quantize(unit, ROUND_HALF_UP) for part in parts]
    missing = int((total - sum(rounded, Decimal(0))) / unit)
    step = unit if missing > 0 else -unit
    lost = [
        (part - shown) * (1 if missing > 0 else -1)
        for part, shown in zip(parts, rounded, strict=True)
    ]
    order = sorted(range(len(parts)), key=lambda i: (-lost[i], i))
    for i in order[: abs(missing)]:
        rounded[i] += step
    return rounded, total
