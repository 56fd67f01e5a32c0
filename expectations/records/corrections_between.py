"""Corrections worth trying where forms disagree: what each mechanism would change in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.cumulative import Series, series_kind
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import Changes, Test, suspects
from expectations.diagnose.unit import scaled
from expectations.records.corrections import Tried
from expectations.records.joined import Joined
from expectations.records.names import TOTAL, column_of, filing_of, line_of, row_of
from expectations.records.spanning import Spanning, figure_name
from expectations.relation_case import Taken
from schemas.findings import Mechanism
from schemas.language.expression import Binary, Comparison, Name
from schemas.rules.formulas import rounded

_POWERS = (10, 100, 1_000, 10_000)
"""By how much figures of two forms differ when one of them is in another unit."""

_LEAST = Decimal(10)  # any cell may hold the same digit as the one beside it


def of_forms(county: Joined, failed: Sequence[Test]) -> Iterator[Tried]:
    """The mechanisms that show between forms, the likeliest first, each with its corrections."""
    between = [test for test in failed if test.id in county.between]
    yield Mechanism.UNIT, _other_units(county, between)
    yield Mechanism.CUMULATIVE, _running_totals(county, between)
    yield Mechanism.SHIFT, _neighbours(county, failed)


def revisions(county: Joined, failed: Sequence[Test]) -> Iterator[Proposal]:
    """That a running total contains what was corrected in earlier periods, which is no fault."""
    for test in failed if len(failed) == 1 and failed[0].id in county.between else ():
        found = _series(county.between[test.id])
        if found is None or found.kind is not Series.EARLIER_REVISED:
            continue
        if (figure := figure_name(found.before)) in county.figures:
            changes = {figure: found.total - found.period}
            yield Proposal(Mechanism.REVISION, changes, (test.id,), left=())


def _other_units(county: Joined, between: Sequence[Test]) -> Iterator[Changes]:
    """Every figure of a rule that is no limit, whole and cell by cell, in other units."""
    for test in between:
        figures = county.between[test.id].parts.values() if test.equal else ()
        for cells in figures:
            for chosen in dict.fromkeys((cells, *((cell,) for cell in cells))):
                for power in _POWERS:
                    yield from _scaled(county, chosen, power)
                    yield from _scaled(county, chosen, -power)


def _scaled(county: Joined, cells: Sequence[str], factor: int) -> Iterator[Changes]:
    sums = county.sums
    changes = {cell: scaled(value, factor) for cell in cells if (value := sums.record[cell])}
    fitting = (v == rounded(v, sums.indicators[cell].decimals) for cell, v in changes.items())
    if changes and all(fitting):
        yield changes


def _running_totals(county: Joined, between: Sequence[Test]) -> Iterator[Changes]:
    """A running total where the figure of the period belongs, and the other way round."""
    for test in between:
        found = _series(county.between[test.id])
        if found is None or len(found.period_cells) != 1 or len(found.total_cells) != 1:
            continue
        if found.kind is Series.TOTAL_AS_PERIOD:
            yield {found.period_cells[0]: found.total - found.before.value}
        elif found.kind is Series.PERIOD_AS_TOTAL:
            yield {found.total_cells[0]: found.before.value + found.period}


def _neighbours(county: Joined, failed: Sequence[Test]) -> Iterator[Changes]:
    """What stands in the cell beside, above or below, where one cell is a row or column off."""
    sums = county.sums
    typed = [
        name
        for name, value in sums.record.items()
        if value is not None and sums.indicators[name].computed is None and row_of(name) != TOTAL
    ]
    for name in (name for name in typed if name in suspects(failed)):
        for key in (line_of, column_of):
            along = [n for n in typed if filing_of(n) == filing_of(name) and key(n) == key(name)]
            at = along.index(name)
            for other in (*along[max(0, at - 1) : at], *along[at + 1 : at + 2]):
                value = sums.record[other]
                if value is not None and value != sums.record[name] and abs(value) >= _LEAST:
                    yield {name: value}


@dataclass(frozen=True)
class _InTime:
    """A running total, the one of the period before it, and what the period added."""

    total: Decimal
    before: Taken
    period: Decimal
    total_cells: tuple[str, ...]
    period_cells: tuple[str, ...]
    kind: Series | None


def _series(rule: Spanning) -> _InTime | None:
    """A rule that says that a running total is the one before it and the figure of the period."""
    match rule.case.relation.comparison:
        case Comparison(Name(total), "=", Binary("+", Name(one), Name(other))):
            pass
        case _:
            return None
    taken, parts = rule.case.taken, rule.parts
    earlier = {name: _is_earlier(taken[name], taken[total]) for name in (one, other)}
    if [*earlier.values()].count(True) != 1:
        return None
    before, period = (one, other) if earlier[one] else (other, one)
    reach = sum((taken[name].figure.reach for name in (total, one, other)), Decimal(0))
    kind = series_kind(taken[before].value, taken[period].value, taken[total].value, reach)
    return _InTime(
        total=taken[total].value,
        before=taken[before],
        period=taken[period].value,
        total_cells=parts.get(total, ()),
        period_cells=parts.get(period, ()),
        kind=kind,
    )


def _is_earlier(one: Taken, other: Taken) -> bool:
    """Whether a figure is another one of an earlier time."""
    same = one.operand.form.name == other.operand.form.name
    named = one.operand.measure.name == other.operand.measure.name
    return same and named and one.source.period != other.source.period
