"""What a rule that fails for many values of a key comes from, if one slip is all there is to it.

Then a column is in another unit, or stands a row or a column away from where it belongs. It has to
mend every failure; otherwise nothing is said, as many lines may be wrong for many reasons.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from expectations.diagnose.unit import next_units, scaled, units_of_columns
from expectations.keyed_figures import Keyed, by_key
from expectations.rule import Outcome
from expectations.screen import outcomes
from expectations.wording import on_sheet, plain
from schemas.filing import ROW, Filing, plain_column
from schemas.findings import Change, Diagnosis, Mechanism
from schemas.language import expression
from schemas.models import Form, Indicator
from schemas.rules.formulas import rounded
from schemas.rules.statement import Statement
from schemas.rules.wording import heading

_MOST_TIES = 4
_MOST_CHANGES = 10
_FAR = 10  # a limit that is missed by less was not missed by a unit


@dataclass(frozen=True)
class _Column:
    """A column of a filing of the same file that the rule compares."""

    filing: Filing
    form: Form
    indicator: Indicator

    def with_values(self, changed: Mapping[int, Decimal]) -> Filing:
        """The filing with other values in some lines, by their places in its frame."""
        name, whole = self.indicator.name, self.indicator.kind == "integer"
        column = self.filing.frame[name].copy()
        column.iloc[[*changed]] = [int(value) if whole else value for value in changed.values()]
        return replace(self.filing, frame=self.filing.frame.assign(**{name: column}))


_Correction = tuple[_Column, Mapping[int, Decimal]]
"""A column, and the values that some of its lines would have, by their places in the frame."""


def group_diagnoses(keyed: Keyed, statement: Statement, failed: pd.Index) -> tuple[Diagnosis, ...]:
    """What all failures of a rule come from, the likeliest first; `failed` are their keys."""
    tried = {
        Mechanism.UNIT: _other_units(keyed, statement, failed),
        Mechanism.SHIFT: _a_row_off(keyed, statement, failed),
    }
    for mechanism, corrections in tried.items():
        mending = [each for each in corrections if _mends(keyed, statement, failed, each)]
        if mending:
            of_each = (_diagnosis(keyed, mechanism, each, len(failed)) for each in mending)
            ties = [each.model_copy(update={"answers": len(mending)}) for each in of_each]
            return tuple(ties[:_MOST_TIES])
    if not _is_a_column_off(keyed, failed):
        return ()
    count = len(failed)
    return (Diagnosis(mechanism=Mechanism.SHIFT, changes=(), satisfied=count, failed=count),)


def _compared(keyed: Keyed, statement: Statement) -> Iterator[_Column]:
    """The columns whose values are compared."""
    for name in expression.names(statement.comparison):
        operand, filing = keyed.taken[name]
        column = operand.measure.indicator
        came = any(filing is each for each in keyed.in_file)
        if filing is not None and came and column is not None and column in filing.columns:
            yield _Column(filing, operand.form, operand.form[column])


def _other_units(keyed: Keyed, statement: Statement, failed: pd.Index) -> Iterator[_Correction]:
    """The lines of the failing keys in another unit of the column."""
    if not _is_far_off(keyed, statement, failed):
        return
    for column in _compared(keyed, statement):
        values = _values(column, np.flatnonzero(column.filing.frame[keyed.by].isin(failed)))
        units = next_units(column.indicator.unit, keyed.scheme.units)
        for factor in units_of_columns(units):
            changed = {line: scaled(value, factor) for line, value in values.items() if value}
            decimals = column.indicator.decimals
            if changed and all(value == rounded(value, decimals) for value in changed.values()):
                yield column, changed


def _a_row_off(keyed: Keyed, statement: Statement, failed: pd.Index) -> Iterator[_Correction]:
    """The lines from the first to the last failing one, moved along by one, in either direction."""
    for column in _compared(keyed, statement) if statement.comparison.comparator == "=" else ():
        frame = column.filing.frame
        lines = np.flatnonzero(frame[keyed.by].isin(failed))
        if not len(lines) or not frame[keyed.by].is_unique:
            continue
        run = range(int(lines[0]), int(lines[-1]) + 1)
        values = [*_values(column, run).values()]
        if len(values) == len(run):
            for moved in ([*values[1:], values[0]], [values[-1], *values[:-1]]):
                yield column, dict(zip(run, moved, strict=True))


def _mends(keyed: Keyed, statement: Statement, failed: pd.Index, correction: _Correction) -> bool:
    """Whether the rule holds for every failing key, and for all others that it would touch."""
    column, changed = correction
    corrected = column.with_values(changed)
    touched = corrected.frame[keyed.by].iloc[[*changed]]
    keys = keyed.figures.index.intersection(failed.union(pd.Index(touched.dropna().unique())))
    wanted = pd.MultiIndex.from_product([[0], keys])
    figures = {
        name: by_key(
            operand, [corrected if filing is column.filing else filing], keyed.by, wanted
        ).set_axis(keys)
        for name, (operand, filing) in keyed.taken.items()
    }
    return bool((outcomes(statement, pd.DataFrame(figures)) == Outcome.PASS).all())


def _is_far_off(keyed: Keyed, statement: Statement, failed: pd.Index) -> bool:
    """Whether the sides are so far apart that one may be in another unit: of an equation, any."""
    match statement.comparison:
        case expression.Comparison(_, "=", _):
            return True
        case expression.Comparison(expression.Name(left), _, expression.Name(right)):
            sides = keyed.figures.loc[failed, [left, right]].astype(float).abs()
            return bool((sides.max(axis=1) >= _FAR * sides.min(axis=1)).all())
    return False


def _is_a_column_off(keyed: Keyed, failed: pd.Index) -> bool:
    """Whether the keys stand in the column beside, in the judged form or in the other.

    What stands there is not told: beside the key of a household is a name.
    """
    other = keyed.other
    if other is None or keyed.by not in other.columns:
        return False
    mine, theirs = (set(each.frame[keyed.by].dropna()) for each in (keyed.filing, other))
    if not theirs.isdisjoint(failed):
        return False
    return any(
        beside and beside <= theirs for beside in _beside(keyed.filing, keyed.by, failed)
    ) or any(
        mine.issuperset(beside) and beside.issuperset(failed)
        for beside in _beside(other, keyed.by, theirs - mine)
    )


def _beside(filing: Filing, by: str, keys: Collection[object]) -> Iterator[set[str]]:
    """What stands to the left and to the right of some keys, in all lines that have them."""
    columns = sorted(
        filing.columns, key=lambda name: (len(filing.columns[name]), filing.columns[name])
    )
    at = columns.index(by)
    lines = filing.frame[filing.frame[by].isin(keys)]
    for name in (*columns[max(0, at - 1) : at], *columns[at + 1 : at + 2]):
        if lines[name].notna().all():
            yield set(map(str, lines[name]))


def _values(column: _Column, lines: Collection[int]) -> dict[int, Decimal]:
    """The numbers that stand in some lines, by their places in the frame; blanks are left out."""
    stated = plain_column(column.filing.frame.iloc[[*lines]], column.indicator)
    values = zip(lines, stated, strict=True)
    return {int(line): value for line, value in values if isinstance(value, Decimal)}


def _diagnosis(
    keyed: Keyed, mechanism: Mechanism, correction: _Correction, failed: int
) -> Diagnosis:
    column, changed = correction
    before = _values(column, [*changed])
    rows = column.filing.frame[ROW]
    cells = {
        line: column.filing.cell(column.indicator.name, int(rows.iloc[line])) for line in changed
    }
    first = [line for line in changed if changed[line] != before[line]]
    return Diagnosis(
        mechanism=mechanism,
        changes=tuple(
            Change(
                cell=cells[line],
                column=heading(column.form, column.indicator),
                stated=plain(before[line], column.indicator),
                proposed=plain(changed[line], column.indicator),
                place=None if column.filing is keyed.filing else on_sheet(cells[line].sheet),
            )
            for line in first[:_MOST_CHANGES]
        ),
        satisfied=failed,
        failed=failed,
        cells=len(first),
    )
