"""What the native reader of workbooks does not tell of a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.dates import EPOCH
from schemas.grid import CellError, MergedRange, PerCent, Place, RawCell, Sheet, Shown


@dataclass(frozen=True)
class SheetFacts:
    """Cells whose formula has no value or looks into another workbook, that are shown as per cent
    or with a unit, what is hidden, what people noted on cells, from which day days are counted, and
    how many pictures lie on it.

    `rows` and `columns` say how far the filled cells reach where these may be too many.
    """

    rows: int = 0
    columns: int = 0
    errors: frozenset[Place] = frozenset()
    not_calculated: frozenset[Place] = frozenset()
    per_cent: frozenset[Place] = frozenset()
    shown: Mapping[Place, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[MergedRange] = ()
    linked: frozenset[Place] = frozenset()
    notes: Mapping[Place, str] = field(default_factory=dict)
    epoch: date = EPOCH
    pictures: int = 0


NOTHING_KNOWN = SheetFacts()


def completed(sheet: Sheet, facts: SheetFacts) -> Sheet:
    """A sheet as the native reader gives it, completed by its facts."""
    if facts is NOTHING_KNOWN:
        return sheet
    rows = [*sheet.rows]
    for places, value in (
        (facts.errors, CellError.ERROR),
        (facts.not_calculated, CellError.NOT_CALCULATED),
    ):
        for row, column in places:
            _put(rows, row, column, value)
    for place in (*facts.shown, *facts.per_cent):
        number = sheet.cell(*place)
        if isinstance(number, int | float) and not isinstance(number, bool):
            unit = facts.shown.get(place)
            _put(rows, *place, PerCent(number) if unit is None else Shown(number, unit))
    return replace(
        sheet,
        rows=rows,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        merged=sheet.merged or facts.merged,
        linked=facts.linked,
        notes=facts.notes,
        epoch=facts.epoch,
        pictures=facts.pictures,
    )


def _put(rows: list[Sequence[RawCell]], row: int, column: int, value: RawCell) -> None:
    """Put a value in the place of what the native reader saw, be it beyond its last cell."""
    while len(rows) <= row:
        rows.append([])
    cells = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
    cells[column] = value
    rows[row] = cells
