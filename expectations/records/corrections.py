"""Corrections worth trying on a filing: what each mechanism would change, the likeliest first."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from expectations.diagnose.cumulative import HORIZONS, Step, totals_for_steps
from expectations.diagnose.search import Changes, Test, suspects
from expectations.diagnose.shift import shifted, shifted_along
from expectations.diagnose.total import is_miscounted
from expectations.diagnose.typing_slip import as_typed, is_slip, slips
from expectations.diagnose.unit import scaled, units_of_columns
from expectations.records.names import TOTAL, column_of, filing_of, line_of, row_of, value_name
from expectations.records.sums import Sums
from schemas.findings import Mechanism
from schemas.language.expression import Binary, evaluate
from schemas.language.expression import names as names_in
from schemas.rules.formulas import rounded

Tried = tuple[Mechanism, Iterator[Changes]]
"""A mechanism and the corrections that it stands for."""

_FAR = Decimal(
    "0.5"
)  # of the largest figure: what is left of it in its own unit is next to nothing


def of_few_cells(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    """The mechanisms of one value or two, the likeliest first, each with its corrections."""
    names, one = _named(failed), _alone(sums, failed)
    yield Mechanism.UNIT, _units(sums, one, failed)
    yield Mechanism.SIGN, _signs(sums, one, failed)
    yield Mechanism.SWAP, _swaps(sums, names)
    yield Mechanism.CUMULATIVE, _horizons(sums, one, failed)
    yield Mechanism.TOTAL, _totals(sums, one)
    # What closes a gap is told before what only comes near enough, as stated decimals allow.
    yield Mechanism.TYPING, chain(_closing_slips(sums, one, failed), _slips(sums, one, failed))


def of_many_cells(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    """The mechanisms of whole lines and columns, the likeliest first, each with its corrections."""
    names = _named(failed)
    yield Mechanism.UNIT, _whole_units(sums, names, failed)
    if not _is_one_limit(failed) or _is_balanced(sums, names):
        yield Mechanism.SHIFT, _shifts(sums, names)
    if not _is_one_limit(failed):
        yield Mechanism.CUMULATIVE, _running_totals(sums, names)


def of_one_value(sums: Sums, failed: Sequence[Test]) -> Tried:
    """Any one value at all, whatever made it wrong."""
    return Mechanism.LOCATION, _solved(sums, _alone(sums, failed), failed)


def of_moved_lines(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    """Neighbours on a line one place off, as likely as two of them exchanged."""
    names = _named(failed)
    yield Mechanism.SHIFT, _shifts_along(sums, names)


def of_one_slip(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    """One slip of the hand that may break checks which share no value."""
    names = _named(failed)
    yield Mechanism.SWAP, _swaps(sums, names)
    yield Mechanism.UNIT, _whole_units(sums, names, failed)
    yield Mechanism.SHIFT, _shifts(sums, names)


def parts_of(sums: Sums, column: str) -> list[str]:
    """The values of a column's lines, without its total."""
    return [n for n in sums.record if column_of(n) == column and row_of(n) != TOTAL]


def _named(failed: Sequence[Test]) -> frozenset[str]:
    return frozenset().union(*(test.names for test in failed))


def _is_one_limit(failed: Sequence[Test]) -> bool:
    """Whether all that fails is one limit, to which many a column moved would keep."""
    return len(failed) == 1 and not failed[0].equal


def _is_balanced(sums: Sums, names: frozenset[str]) -> bool:
    """Whether an equation that holds says of some values too what they may be."""
    near = (test for test in sums.tests if test.equal and not test.names.isdisjoint(names))
    return any(test.holds(sums.record) for test in near)


def _alone(sums: Sums, failed: Sequence[Test]) -> list[str]:
    """The values of which one alone may be wrong, in their order."""
    alone = suspects(failed)
    return [name for name in sums.record if name in alone]


def _units(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    for name in one if _is_far_off(sums, failed) else ():
        value = sums.record[name]
        for factor in sums.factors[column_of(name)] if value else ():
            assert value is not None
            yield {name: scaled(value, factor)}


def _is_far_off(sums: Sums, failed: Sequence[Test]) -> bool:
    """Whether a failure may be of another unit: a limit that is missed by a little is not."""
    for test in failed:
        gap = test.gap(sums.record)
        sizes = [abs(value) for name in test.names if (value := sums.record[name]) is not None]
        if test.equal or gap is None or abs(gap) >= _FAR * max(sizes, default=Decimal(0)):
            return True
    return False


def _whole_units(sums: Sums, names: frozenset[str], failed: Sequence[Test]) -> Iterator[Changes]:
    """Whole columns of amounts in another unit, then all columns of that unit on the sheet."""
    if not _is_far_off(sums, failed):
        return
    amounts: dict[tuple[str, str | None], list[str]] = {}
    for name, value in sums.record.items():
        if value and any(factor > 0 for factor in sums.factors[column_of(name)]):
            unit = filing_of(name), sums.indicators[name].unit
            amounts.setdefault(unit, []).append(name)
    for of_unit in amounts.values():
        columns = dict.fromkeys(column_of(name) for name in of_unit if name in names)
        chosen = [[n for n in of_unit if column_of(n) == column] for column in columns]
        for factor in units_of_columns(sums.factors[column_of(of_unit[0])]):
            for cells in (*chosen, of_unit):
                own = {n: scaled(value, factor) for n in cells if (value := sums.record[n])}
                # What has more decimals then than its column keeps was not written in that unit.
                if all(_fits_column(sums, name, value) for name, value in own.items()):
                    yield own


def _fits_column(sums: Sums, name: str, value: Decimal) -> bool:
    return value == rounded(value, sums.indicators[name].decimals)


def _signs(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    # A limit alone is satisfied by many a negative number, which says nothing.
    balanced = any(test.equal for test in failed)
    for name in one:
        value = sums.record[name]
        if value and (value < 0 or balanced):
            yield {name: -value}


def _swaps(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    for one, other in sums.pairs:
        first, second = sums.record[one], sums.record[other]
        if first is None or second is None or first == second or min(first, second) < 0:
            continue  # below zero would be as wrong in the one cell as in the other
        if one in names or other in names:
            yield {one: second, other: first}


def _horizons(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    """What belongs where the figure of another horizon was copied from the column beside."""
    for first, second in (pair for pair in sums.pairs if row_of(pair[0]) != TOTAL):
        for name, source in ((first, second), (second, first)):
            natures = (sums.indicators[name].nature, sums.indicators[source].nature)
            ranks = {HORIZONS.get(nature or "") for nature in natures}
            if name in one and sums.record[name] == sums.record[source] and len(ranks) == 2:
                yield from _closing(sums, name, failed)


def _totals(sums: Sums, one: Sequence[str]) -> Iterator[Changes]:
    summed = (name for name in one if sums.indicators[name].aggregation == "sum")
    for name in (name for name in summed if row_of(name) == TOTAL):
        lines = parts_of(sums, column_of(name))
        parts = [value for line in lines if (value := sums.record[line]) is not None]
        total = sums.record[name]
        room = sums.indicators[name].half_width * (len(parts) + 1)
        if total is not None and is_miscounted(total, parts, room):
            yield {name: sum(parts, Decimal(0))}


def _closing_slips(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    """Slips that leave nothing of a gap."""
    for name in one:
        value = sums.record[name]
        if value is None:
            continue
        for changes in _closing(sums, name, failed):
            if is_slip(as_typed(value), as_typed(changes[name])):
                yield changes


def _slips(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    """All slips; of values in sums that fail, those that leave next to nothing of the gaps."""
    ids = {test.id for test in failed}
    equations = [edit for edit in sums.edits if edit.equal and edit.id in ids]
    gaps = [(edit, gap) for edit in equations if (gap := edit.gap(sums.record)) is not None]
    for name in one:
        value = sums.record[name]
        if value is None:
            continue
        for slip in slips(as_typed(value)):
            left = ((edit, gap + edit.terms[name] * (slip - value)) for edit, gap in gaps)
            near = all(abs(gap) <= edit.tolerance for edit, gap in left)
            if near and _fits_column(sums, name, slip):
                yield {name: slip}


def _shifts_along(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    typed = [n for n in sums.record if sums.indicators[n].computed is None and row_of(n) != TOTAL]
    for line in dict.fromkeys(line_of(name) for name in typed if name in names):
        yield from shifted_along([name for name in typed if line_of(name) == line], sums.record)


def _shifts(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    yield from _shifts_along(sums, names)
    # Results, too, may have been pasted one row too low.
    lines = [name for name in sums.record if row_of(name) != TOTAL]
    for column in dict.fromkeys(column_of(name) for name in lines if name in names):
        yield from shifted([name for name in lines if column_of(name) == column], sums.record)


def _running_totals(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    """Differences that add up down a column, of which the later ones are the total so far."""
    for column in dict.fromkeys(column_of(name) for name in names):
        lines = parts_of(sums, column)
        total = sums.record.get(value_name(column, TOTAL))
        steps = [step for name in lines if (step := _step(sums, name)) is not None]
        if lines and total is not None and len(steps) == len(lines):
            room = sums.indicators[lines[0]].half_width * (len(lines) + 1)
            if found := totals_for_steps(steps, total, room):
                yield {each.name: each.value for each in found}


def _step(sums: Sums, name: str) -> Step | None:
    """A value whose column is a difference of others, with both of its sides."""
    formula, stated = sums.indicators[name].formula, sums.record[name]
    if stated is None or not isinstance(formula, Binary) or formula.operator != "-":
        return None
    cells = {n: v for n, v in sums.record.items() if line_of(n) == line_of(name)}
    line = {sums.indicators[n].name: value for n, value in cells.items()}
    if not line.keys() >= {*names_in(formula)}:
        return None  # the days between two dates
    plus, minus = (evaluate(side, line) for side in (formula.left, formula.right))
    if not isinstance(plus, Decimal) or not isinstance(minus, Decimal):
        return None
    return Step(name, stated, plus, minus)


def _solved(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    for name in one:
        yield from _closing(sums, name, failed)


def _closing(sums: Sums, name: str, failed: Sequence[Test]) -> Iterator[Changes]:
    """The values that close the gaps of failed tests, as precise as their column."""
    decimals = sums.indicators[name].decimals
    for test in failed:
        value = test.solved_for(name, sums.record)
        if value is not None:
            yield {name: rounded(value, decimals)}
