"""The columns of a consolidated table, compiled from a form.

A measure 汇总指标 has one value per county and period and one for the municipality: a sum of an
indicator over lines, a count of lines, or a ratio recomputed from sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from schemas import expression
from schemas.models import Form, Indicator, MeasureGroup, Scheme
from schemas.text import Text

Condition = tuple[str, str | Decimal]

TOTAL = Text(zh="合计", en="Total")


@dataclass(frozen=True)
class Measure:
    """One column of a form's consolidated table.

    `labels` is its header from the outermost group to the innermost; `where` limits the lines;
    `indicator` is None where lines are counted; `ratio` is set for a recomputed ratio.
    """

    name: str
    labels: tuple[Text, ...]
    unit: str | None
    decimals: int
    aggregation: Literal["sum", "count", "max", "county", "ratio"]
    indicator: str | None
    where: tuple[Condition, ...]
    ratio: expression.Ratio | None = None


def measures(form: Form, scheme: Scheme) -> tuple[Measure, ...]:
    """All columns of a form's consolidated table, in print order."""
    return tuple(
        _measure(form, name, prefix, labels, where)
        for group in form.consolidated
        for prefix, labels, where in _blocks(form, scheme, group)
        for name in group.measures
    )


def _blocks(
    form: Form, scheme: Scheme, group: MeasureGroup
) -> list[tuple[str, tuple[Text, ...], tuple[Condition, ...]]]:
    labels = () if group.label is None else (group.label,)
    where = tuple(group.where.items())
    if group.by is None:
        return [(group.prefix, labels, where)]
    blocks = [(group.prefix, (*labels, TOTAL), where)] if group.total else []
    for code in scheme.codes(form[group.by]).codes:
        prefix = f"{group.prefix}{code.code}_"
        blocks.append((prefix, (*labels, code.label), (*where, (group.by, code.code))))
    return blocks


def _measure(
    form: Form, name: str, prefix: str, labels: tuple[Text, ...], where: tuple[Condition, ...]
) -> Measure:
    if name == form.line.name:
        label = (*labels, form.line.label)
        return Measure(f"{prefix}{name}", label, form.line.unit, 0, "count", None, where)
    indicator = form[name]
    label = (*labels, *_indicator_labels(indicator))
    aggregation = indicator.aggregation
    assert aggregation != "none", f"{form.name}.{name} cannot be consolidated"
    ratio = None
    if aggregation == "ratio":
        assert indicator.formula is not None, f"{form.name}.{name} has no formula"
        ratio = expression.ratio(indicator.formula)
    return Measure(
        name=f"{prefix}{name}",
        labels=label,
        unit=indicator.unit,
        decimals=indicator.decimals,
        aggregation=aggregation,
        indicator=name,
        where=where,
        ratio=ratio,
    )


def _indicator_labels(indicator: Indicator) -> tuple[Text, ...]:
    return (indicator.label,) if indicator.group is None else (indicator.group, indicator.label)


def recompute(
    ratio: expression.Ratio, totals: Mapping[str, Decimal | None], decimals: int
) -> Decimal | None:
    """A ratio of totals in Python, exactly as the warehouse gives it."""

    def total(node: expression.Node) -> Fraction | None:
        added = Fraction(0)
        for name, coefficient in expression.linear(node).items():
            value = totals[name]
            if value is None:
                return None
            added += Fraction(coefficient) * Fraction(value)
        return added

    numerator, denominator = total(ratio.numerator), total(ratio.denominator)
    if numerator is None or not denominator:
        return None
    exact = numerator / denominator * Fraction(ratio.factor) * 10**decimals
    rounded = floor(abs(exact) + Fraction(1, 2))
    return Decimal(rounded if exact >= 0 else -rounded).scaleb(-decimals)
