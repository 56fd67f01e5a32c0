"""The columns of a consolidated table, compiled from a form.

A measure 汇总指标 has one value per county and period and one for the municipality: a sum of an
indicator over lines, a count of lines, or a ratio recomputed from sums.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from schemas.language.expression import Name, Node
from schemas.language.linear import Ratio, linear, ratio_of
from schemas.models import Code, Form, Indicator, MeasureGroup, Scheme
from schemas.text import Text

Condition = tuple[str, str | Decimal]

TOTAL = Text(zh="合计", en="Total")

PERCENT = "percent"
"""The unit of a share; every scheme with shares has it in units.yaml."""

PART, WHOLE = "part", "whole"
"""The two counts of lines that a share is the ratio of."""


@dataclass(frozen=True)
class Measure:
    """One column of a form's consolidated table.

    `labels` is its header from the outermost group to the innermost; `where` limits the lines;
    `indicator` is None where lines are counted; `ratio` is set for a recomputed ratio. A
    `share` is the ratio of the lines that satisfy it too, its part, to all of them, its whole.
    A distinct count is of the different values of its indicator, over all counties as over one.
    A rank is the place of a county by the figure that `ranked_by` names.
    """

    name: str
    labels: tuple[Text, ...]
    unit: str | None
    decimals: int
    aggregation: Literal[
        "sum", "count", "distinct", "max", "min", "county", "ratio", "share", "rank"
    ]
    indicator: str | None
    where: tuple[Condition, ...]
    ratio: Ratio | None = None
    share: tuple[Condition, ...] | None = None
    ranked_by: str | None = None

    @property
    def of_counties_only(self) -> bool:
        """Whether the municipality has no such figure."""
        return self.aggregation in ("county", "rank")


def measures(form: Form, scheme: Scheme) -> tuple[Measure, ...]:
    """All columns of a form's consolidated table, in print order."""
    return tuple(
        measure
        for group in form.consolidated
        for block in _blocks(form, scheme, group)
        for measure in _of_block(form, group, block)
    )


@dataclass(frozen=True)
class _Block:
    """The columns of a group over the lines of one code, or of all of them."""

    prefix: str
    labels: tuple[Text, ...]
    where: tuple[Condition, ...]
    by: str | None = None
    code: Code | None = None


def _blocks(form: Form, scheme: Scheme, group: MeasureGroup) -> list[_Block]:
    labels = () if group.label is None else (group.label,)
    where = tuple(group.where.items())
    if group.by is None:
        return [_Block(group.prefix, labels, where)]
    blocks = [_Block(group.prefix, (*labels, TOTAL), where)] if group.total else []
    for code in scheme.codes(form[group.by]).codes:
        prefix = f"{group.prefix}{code.code}_"
        within = (*where, (group.by, code.code))
        blocks.append(_Block(prefix, (*labels, code.label), within, group.by, code))
    return blocks


def _of_block(form: Form, group: MeasureGroup, block: _Block) -> Iterator[Measure]:
    for name in group.measures:
        yield _measure(form, name, block)
    for share in group.shares:
        yield Measure(
            name=f"{block.prefix}{share.name}",
            labels=(*block.labels, share.label),
            unit=PERCENT,
            decimals=2,
            aggregation="share",
            indicator=None,
            where=block.where,
            ratio=Ratio(Name(PART), Name(WHOLE), Decimal(100)),
            share=tuple(share.where.items()),
        )
    for each in group.distinct:
        yield Measure(
            name=f"{block.prefix}{each.name}",
            labels=(*block.labels, each.label),
            unit=each.unit,
            decimals=0,
            aggregation="distinct",
            indicator=each.of,
            where=block.where,
        )
    for rank in group.ranks:
        yield Measure(
            name=f"{block.prefix}{rank.name}",
            labels=(*block.labels, rank.label),
            unit=None,
            decimals=0,
            aggregation="rank",
            indicator=rank.of,
            where=block.where,
            ranked_by=f"{block.prefix}{rank.of}",
        )


def _measure(form: Form, name: str, block: _Block) -> Measure:
    if name == form.line.name:
        label = (*block.labels, form.line.label)
        unit = form.line.unit
        return Measure(f"{block.prefix}{name}", label, unit, 0, "count", None, block.where)
    indicator = form[name]
    label = (*block.labels, *_indicator_labels(indicator))
    aggregation = indicator.aggregation
    assert aggregation != "none", f"{form.name}.{name} cannot be consolidated"
    ratio = None
    if aggregation == "ratio":
        assert indicator.formula is not None, f"{form.name}.{name} has no formula"
        ratio = ratio_of(indicator.formula)
    own = block.code if block.by == indicator.unit_from else None
    return Measure(
        name=f"{block.prefix}{name}",
        labels=label,
        unit=own.unit if own else indicator.unit,
        decimals=own.decimals if own and own.unit else indicator.decimals,
        aggregation=aggregation,
        indicator=name,
        where=block.where,
        ratio=ratio,
    )


def _indicator_labels(indicator: Indicator) -> tuple[Text, ...]:
    return (indicator.label,) if indicator.group is None else (indicator.group, indicator.label)


def recompute(ratio: Ratio, totals: Mapping[str, Decimal | None], decimals: int) -> Decimal | None:
    """A ratio of totals in Python, exactly as the warehouse gives it."""

    def total(node: Node) -> Fraction | None:
        added = Fraction(0)
        for name, coefficient in linear(node).items():
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
