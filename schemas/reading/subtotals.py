"""Subtotals that a county put between its lines: never loaded, but compared with their lines.

Which lines one is of is not said. It agrees if it is the sum of those right above it, of those
right below it, or of those whose labels it names.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from schemas.filing import ROW
from schemas.findings import CellRef, Finding
from schemas.headings.headings import Headings
from schemas.layout import address
from schemas.models import Form, Indicator
from schemas.place import Place
from schemas.reading.rows import Rows
from schemas.text import normalise
from schemas.typed.cells import Terms, plain, type_cell
from schemas.workbook import Sheet

Line = Mapping[str, object]


def differing_subtotals(
    sheet: Sheet,
    form: Form,
    headings: Headings,
    rows: Rows,
    lines: Sequence[Line],
    terms: Mapping[str, Terms],
    place: Place,
) -> Iterator[Finding]:
    """The findings about subtotals that are the sum of no lines that they could be of."""
    summed = [
        indicator
        for indicator in form.indicators
        if indicator.name in form.totalled & headings.columns.keys()
        and indicator.aggregation == "sum"
    ]
    for row in rows.subtotals:
        groups = [group for group in _groups(row, sheet, rows, lines) if group]
        for indicator in summed:
            column = headings.columns[indicator.name]
            stated = type_cell(sheet.cell(row, column), indicator, terms[indicator.name]).value
            sums = [_sum(indicator, group) for group in groups]
            if not isinstance(stated, Decimal) or not groups or None in sums:
                continue
            reaches = [indicator.half_width * (len(group) + 1) for group in groups]
            pairs = zip(sums, reaches, strict=True)
            if not any(s is not None and abs(stated - s) <= reach for s, reach in pairs):
                cell = CellRef(sheet=sheet.name, address=address(row, column))
                told = {"observed": plain(stated), "expected": plain(sums[0] or Decimal(0))}
                yield place.value_finding("subtotal-differs", indicator, cell, {**told})


def _groups(row: int, sheet: Sheet, rows: Rows, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines right above, right below, and of the same label."""
    ends = sorted({*rows.subtotals, *rows.totals})
    above = max((end for end in ends if end < row), default=-1)
    below = min((end for end in ends if end > row), default=len(sheet.rows))
    yield [line for line in lines if above < _row(line) < row]
    yield [line for line in lines if row < _row(line) < below]
    said = [normalise(cell) for cell in sheet.rows[row] if isinstance(cell, str) and cell.strip()]
    label = next(iter(said), "").removesuffix("小计").removesuffix("合计")
    if label:
        yield [line for line in lines if label in _labels(sheet, _row(line))]


def _labels(sheet: Sheet, row: int) -> set[str]:
    return {normalise(cell) for cell in sheet.rows[row] if isinstance(cell, str)}


def _row(line: Line) -> int:
    return int(str(line[ROW])) - 1


def _sum(indicator: Indicator, lines: Sequence[Line]) -> Decimal | None:
    values = [line[indicator.name] for line in lines]
    return None if None in values else sum((Decimal(str(v)) for v in values), Decimal(0))
