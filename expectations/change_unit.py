"""Figures that changed like amounts in another unit, alone or with all of their unit."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from expectations.diagnose.unit import (
    next_units,
    other_unit,
    scaled,
    unit_factor,
    units_of_columns,
)
from expectations.known import Known
from expectations.relation_case import MOST_CELLS, Taken
from expectations.wording import plain
from schemas.consolidated.change import Series, series_of
from schemas.filing import ROW, Filing, records
from schemas.findings import Change, Diagnosis, Mechanism
from schemas.models import Form, Scheme
from schemas.period import Period


def in_other_unit(
    known: Known, scheme: Scheme, series: Series, now: Taken, usual: Decimal
) -> tuple[Diagnosis, ...]:
    """Another unit, where a figure lies a unit's factor from what is usual.

    A count has no other unit, but may have a zero too many. Where most figures of its unit on
    the sheet changed by the same factor, it is all of them.
    """
    filing, value = now.filing, now.value
    factor = unit_factor(value, usual)
    units = units_of_columns(next_units(series.measure.unit, scheme.units))
    zero_too_many = not units and factor == 10 and not value % 10
    if filing is None or not (factor in units or zero_too_many):
        return ()
    assert factor is not None, series.now
    form = scheme.form(filing.form)
    columns = _alike(known, series_of(form, scheme), series, filing)
    changes = [change for each in columns for change in _scaled(form, each, filing, factor)]
    diagnosis = Diagnosis(
        mechanism=Mechanism.TYPING if zero_too_many else Mechanism.UNIT,
        changes=tuple(changes[:MOST_CELLS]),
        satisfied=1,
        failed=1,
    )
    return (diagnosis,)


def _alike(known: Known, every: Sequence[Series], series: Series, filing: Filing) -> list[Series]:
    """The columns of the unit of one that changed like it, if most did; or that one alone."""
    of_unit = {each.now: each for each in every if each.measure.unit == series.measure.unit}
    county, period = filing.county, Period.parse(filing.period)
    now = {name: known.taken(name, county, period) for name in of_unit}
    before = {name: known.taken(each.before, county, period) for name, each in of_unit.items()}
    found = other_unit(_values(now), _values(before))
    if found is None or not found.whole or series.now not in found.names:
        return [series]
    return [of_unit[name] for name in found.names]


def _values(taken: Mapping[str, Taken | None]) -> dict[str, Decimal]:
    """The figures that are known."""
    known = {name: each.figure.value for name, each in taken.items() if each is not None}
    return {name: value for name, value in known.items() if value is not None}


def _scaled(form: Form, series: Series, filing: Filing, factor: int) -> Iterator[Change]:
    """The cells of a column in its unit, those of written totals first."""
    assert series.measure.indicator is not None
    indicator = form[series.measure.indicator]
    if indicator.name not in filing.columns:
        return
    totals = [(t.cell, t.value) for t in filing.totals if t.indicator == indicator.name]
    stated = [
        (filing.cell(indicator.name, int(str(line[ROW]))), value)
        for line in records(filing.frame, form, provenance=True)
        if isinstance(value := line[indicator.name], Decimal)
    ]
    for cell, value in (*totals, *stated):
        if value:
            yield Change(
                cell=cell,
                column=series.label,
                stated=plain(value, indicator),
                proposed=plain(scaled(value, factor), indicator),
            )
