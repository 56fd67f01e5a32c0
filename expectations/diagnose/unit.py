"""Figures written in another unit: 元 for 万元, the percentage for the fraction.

A whole sheet or column in another unit shows against a reference (the period before, the other
counties, another form); single cells show in the edits that they break. The unity measure error of
T. de Waal, J. Pannekoek and S. Scholtus, Handbook of Statistical Data Editing and Imputation
(2011), chapter 2, with the factors of Chinese units.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.choice import Within, best_choices
from expectations.diagnose.edit import Edit, Record, violated
from schemas.consolidated.measures import PERCENT
from schemas.models import Unit
from schemas.text import normalise
from schemas.typed.amounts import power_of

FACTORS = (10, 100, 1_000, 10_000, 100_000_000)
"""A place shifted, percent and fraction, 千元, 万元 and 元, 亿元 and 元."""

_THOUSAND = 1_000

_NEAR = 0.3  # in powers of ten: within a factor of two
_MOST = 0.8  # of the figures of a record in the same other unit: then it is the whole of it


def unit_factor(value: Decimal, reference: Decimal) -> int | None:
    """How many times too large a value is, -n for n times too small, 1 where it is in its unit.

    None where it cannot be told: one of them is 0, signs differ, or it is far from every factor.
    """
    if not value or not reference or (value > 0) != (reference > 0):
        return None
    distance = math.log10(value / reference)
    powers = {1: 0.0}
    for factor in FACTORS:
        powers |= {factor: math.log10(factor), -factor: -math.log10(factor)}
    nearest = min(powers, key=lambda factor: abs(distance - powers[factor]))
    return nearest if abs(distance - powers[nearest]) <= _NEAR else None


def next_units(unit: str | None, units: Mapping[str, Unit]) -> tuple[int, ...]:
    """By how much a figure is too large when it is in a unit next to its own, the likeliest first.

    What should be in 万元 is ten thousand times too large in 元, and a thousand times where
    somebody counts in 千元; it is too small by as much in 亿元. A per cent is a hundred times too
    small as a fraction. None where the word of the unit has no magnitude.
    """
    if unit == PERCENT:
        return (-100,)
    power = 0 if unit is None else power_of(normalise(units[unit].label.zh))[0]
    larger = dict.fromkeys((10**power, _THOUSAND)) if power else {}
    return (*larger, *(-factor for factor in larger))


def units_of_columns(factors: Sequence[int]) -> tuple[int, ...]:
    """The same of a whole column: in 千元 it is ten times too large.

    A single figure that is ten times too large has a zero too many instead.
    """
    return (*factors, 10) if any(factor > 0 for factor in factors) else tuple(factors)


@dataclass(frozen=True)
class OtherUnit:
    """Values that are `factor` times too large (-n: n times too small); `of` were comparable."""

    factor: int
    names: tuple[str, ...]
    of: int
    whole: bool


def other_unit(record: Record, reference: Record) -> OtherUnit | None:
    """The unit that most of the comparable figures of a record are in, if it is another one."""
    factors = {
        name: factor
        for name, value in record.items()
        if value is not None
        and (then := reference.get(name)) is not None
        and (factor := unit_factor(value, then)) is not None
    }
    others = Counter(factor for factor in factors.values() if factor != 1)
    if not others:
        return None
    factor, count = others.most_common(1)[0]
    names = tuple(name for name, found in factors.items() if found == factor)
    return OtherUnit(factor, names, len(factors), whole=count >= _MOST * len(factors))


def scaled(value: Decimal, factor: int) -> Decimal:
    """A value brought into its unit."""
    return value / factor if factor > 0 else value * -factor


def too_large(edits: Sequence[Edit], record: Record, factor: int) -> list[frozenset[str]]:
    """The smallest sets of values that, `factor` times smaller, satisfy every edit.

    Values are compared as they would be printed in the larger unit, so each may be off by half of
    it. Several sets are equally good answers; none where nothing is violated or nothing helps.
    """
    names = [name for edit in edits for name in edit.terms]
    names = [name for name in dict.fromkeys(names) if record[name] is not None]
    known = [edit for edit in edits if all(record[name] is not None for name in edit.terms)]
    if not violated(known, record):
        return []
    limits = [_within(edit, names, record, factor) for edit in known]
    answers = best_choices([1.0] * len(names), limits)
    return [frozenset(names[i] for i in answer) for answer in answers if answer]


def _within(
    edit: Edit, names: Sequence[str], record: Mapping[str, Decimal | None], factor: int
) -> Within:
    """An edit over the choices: each value is v, or v less what is too much of it."""
    gap = edit.gap(record)
    assert gap is not None, edit.id
    room = max(edit.tolerance, Decimal(len(edit.terms)) / 2)
    row = [float(-edit.terms.get(name, 0) * _excess(record[name], factor)) for name in names]
    low = float(-room - gap) if edit.equal else -math.inf
    return Within(row, low, float(room - gap))


def _excess(value: Decimal | None, factor: int) -> Decimal:
    assert value is not None
    return value - scaled(value, factor)
