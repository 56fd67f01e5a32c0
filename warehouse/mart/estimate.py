"""What a missing figure may be: never in place of it, but beside it, and called an estimate.

A stock is taken to be what it was the period before. What comes about in time is taken to have
grown since last year as that of the counties which have reported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from schemas.consolidated.measures import Measure
from warehouse.consolidation.contents import ConsolidatedTable

Method = Literal["last_value", "growth_of_others", "with_estimates"]

Earlier = Mapping[tuple[str, str], Decimal]
"""Published figures of an earlier period, by county and measure."""


@dataclass(frozen=True)
class Estimate:
    """An estimate and how it was made; that of the municipality has its counties' in it."""

    value: Decimal
    method: Method


Estimates = Mapping[tuple[str, str], Estimate]
"""By county and measure."""


def estimates(table: ConsolidatedTable, before: Earlier, last_year: Earlier) -> Estimates:
    """What the missing figures of a form may be, as far as earlier ones tell.

    `before` and `last_year` are the figures of the form in the period before and in the same
    period of the year before. A form that the municipality files is not estimated.
    """
    if table.form.of_municipality:
        return {}
    return {
        (unit, measure.name): estimate
        for measure in table.measures
        for unit, estimate in _of_measure(table, measure, before, last_year)
    }


def _of_measure(
    table: ConsolidatedTable, measure: Measure, before: Earlier, last_year: Earlier
) -> Iterator[tuple[str, Estimate]]:
    if measure.aggregation != "sum" or measure.indicator is None:
        return
    nature = table.form[measure.indicator].nature
    missing = [row.unit.code for row in table.owing if not row.reported]
    if nature is None or not missing:
        return
    if nature == "stock":
        method: Method = "last_value"
        factor: Decimal | None = Decimal(1)
        known = before
    else:
        method, factor, known = "growth_of_others", _growth(table, measure, last_year), last_year
    if factor is None:
        return
    made = {
        unit: (known[unit, measure.name] * factor).quantize(
            Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP
        )
        for unit in missing
        if (unit, measure.name) in known
    }
    for unit, value in made.items():
        yield unit, Estimate(value, method)
    total = table.municipality.values[measure.name]
    if total is not None and len(made) == len(missing):
        whole = total + sum(made.values(), Decimal(0))
        yield table.municipality.unit.code, Estimate(whole, "with_estimates")


def _growth(table: ConsolidatedTable, measure: Measure, last_year: Earlier) -> Decimal | None:
    """By how much the figure of those who have reported grew; None where that cannot be told."""
    pairs = [
        (now, last_year[row.unit.code, measure.name])
        for row in table.reported
        if (now := row.values[measure.name]) is not None
        and (row.unit.code, measure.name) in last_year
    ]
    then = sum((was for _, was in pairs), Decimal(0))
    return sum((now for now, _ in pairs), Decimal(0)) / then if then > 0 else None
