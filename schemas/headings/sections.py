"""Where on a sheet each form stands: several may be stacked or side by side, each under its title.

A form is told by its title or 表号; on a sheet without either by its headings, where they are
those of one form and of no other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schemas.findings import CellRef
from schemas.grid import column_number
from schemas.headings.heading_paths import first_row
from schemas.headings.headings import Headings, find_headings
from schemas.layout import address
from schemas.models import Form, Scheme
from schemas.text import normalise
from schemas.workbook import RawCell, Sheet

HEAD_ROWS = 12
"""So many rows from the first that is filled may hold the title."""

_MOST_EXTRA = 20  # a title may say whose and of when it is
_ONE_HEAD = 3  # rows of a head in which a form left of others is named again, by its 表号
_MOST_BESIDE = 5  # cells that are filled on the row of a title
_QUOTE = "《"
_SURE, _LIKELY = 0.8, 0.5  # the share of a form's headings that tell it without a title
_LEAST_COLUMNS = 3


@dataclass(frozen=True)
class Section:
    """The part of a sheet that one form stands on, with its cells where they are.

    `title` is the cell that tells the form.
    """

    form: Form
    sheet: Sheet
    title: CellRef


@dataclass(frozen=True)
class _Start:
    row: int
    column: int
    form: Form
    title: CellRef


class Titles:
    """The names by which the forms of a scheme are told on a sheet."""

    def __init__(self, scheme: Scheme) -> None:
        self._forms = {name: form for form in scheme.forms for name in form.names}
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def named(self, cell: RawCell, *, alone: bool) -> Form | None:
        """The form that a cell names; with `alone` only if it says little more."""
        text = normalise(cell) if isinstance(cell, str) else ""
        found = self._pattern.search(text)
        if found is None or text[: found.start()].endswith(_QUOTE):
            return None
        if alone and len(text) > len(found[0]) + _MOST_EXTRA:
            return None
        return self._forms[found[0]]


def find_sections(sheet: Sheet, titles: Titles, scheme: Scheme) -> list[Section]:
    """The forms on a sheet that are told by their titles, from the top down.

    What names a form further down and has no headings of it below is a remark.
    """
    starts = list(_starts(sheet, titles))
    top = first_row(sheet) + HEAD_ROWS
    sections = _sections(sheet, starts)
    standing = [
        start
        for start, section in zip(starts, sections, strict=True)
        if (start is starts[0] and start.row < top)
        or find_headings(section.sheet, section.form, scheme) is not None
    ]
    return sections if standing == starts else _sections(sheet, standing)


def rows_above(sheet: Sheet, sections: Sequence[Section]) -> Sheet | None:
    """What stands above the first title of a form, if that is more than a head."""
    rows = min((each.title.row for each in sections), default=0) - 1
    above = range(first_row(sheet), rows)
    return _part(sheet, above, range(max(map(len, sheet.rows)))) if len(above) > 1 else None


def parted_left(sheet: Sheet, sections: Sequence[Section]) -> tuple[Sheet, Sheet] | None:
    """What stands left of the one title of a sheet, and the rest, if an empty column parts them."""
    if len(sections) != 1:
        return None
    title = column_number(sections[0].title.column)
    rows, width = range(len(sheet.rows)), max(map(len, sheet.rows))
    gap = _gap(sheet, rows, 0, title)
    if gap is None:
        return None
    return _part(sheet, rows, range(gap)), _part(sheet, rows, range(gap, width))


def guessed_forms(sheet: Sheet, scheme: Scheme) -> tuple[bool, list[Form]]:
    """The forms whose headings stand on a sheet without a title, and whether they tell one form.

    They do where nearly all headings of one form are there, and of no other in other columns.
    """
    found = [
        (form, headings)
        for form in scheme.forms
        if (headings := find_headings(sheet, form, scheme)) is not None
        and len(headings.columns) >= _LEAST_COLUMNS
        and headings.share >= _LIKELY
    ]
    found.sort(key=lambda pair: len(pair[1].columns), reverse=True)
    if not found:
        return False, []
    best = found[0][1]
    inside = [each for _, each in found[1:] if _is_inside(each, best)]
    sure = best.share >= _SURE and len(inside) == len(found) - 1
    return sure, [form for form, _ in found]


def _is_inside(one: Headings, other: Headings) -> bool:
    """Whether headings are some of other ones, on the same rows."""
    columns = set(one.columns.values()) < set(other.columns.values())
    return columns and other.top <= one.top < other.body


def _starts(sheet: Sheet, titles: Titles) -> Iterator[_Start]:
    """The first row of each form, and the cell that tells it."""
    top = head = first_row(sheet) + HEAD_ROWS
    last: Form | None = None
    begun = 0
    named: dict[str, int] = {}
    for row, cells in enumerate(sheet.rows):
        # Beside the head of a form that of another may stand, further down only below.
        if row >= head and len(cells) - cells.count("") > _MOST_BESIDE:
            continue
        for column, cell in enumerate(cells):
            form = titles.named(cell, alone=last is not None or row >= top)
            if form is None:
                continue
            again = row - named.get(form.name, -HEAD_ROWS) <= _ONE_HEAD and column < begun
            named[form.name] = row
            if form != last and not again:
                last, head, begun = form, row + HEAD_ROWS, column
                title = CellRef(sheet=sheet.name, address=address(row, column))
                yield _Start(row, column, form, title)


def _sections(sheet: Sheet, starts: Sequence[_Start]) -> list[Section]:
    if len(starts) < 2:
        return [Section(start.form, sheet, start.title) for start in starts]
    bands = list(_bands(sheet, starts))
    ends = [*(band[0].row for band in bands[1:]), len(sheet.rows)]
    begins = [0, *ends[:-1]]
    return [
        Section(start.form, _part(sheet, range(begin, end), columns), start.title)
        for band, begin, end in zip(bands, begins, ends, strict=True)
        for start, columns in _beside(sheet, band, range(begin, end))
    ]


def _bands(sheet: Sheet, starts: Sequence[_Start]) -> Iterator[list[_Start]]:
    """The forms that stand side by side, from the top down; most stand alone."""
    band = [starts[0]]
    for start in starts[1:]:
        rows = range(band[0].row, len(sheet.rows))
        gaps = (_gap(sheet, rows, *sorted((other.column, start.column))) for other in band)
        near = start.row < band[0].row + HEAD_ROWS
        if start.row == band[0].row or (near and all(gap is not None for gap in gaps)):
            band.append(start)
        else:
            yield band
            band = [start]
    yield band


def _beside(sheet: Sheet, band: list[_Start], rows: range) -> Iterator[tuple[_Start, range]]:
    """The columns of each of the forms that stand side by side on some rows.

    Between them is a column without anything, or else a form begins where its title does.
    """
    band = sorted(band, key=lambda start: start.column)
    ends = [
        right.column if (gap := _gap(sheet, rows, left.column, right.column)) is None else gap
        for left, right in pairwise(band)
    ]
    width = max(map(len, sheet.rows), default=0)
    yield from zip(band, (range(*each) for each in pairwise((0, *ends, width))), strict=True)


def _gap(sheet: Sheet, rows: range, left: int, right: int) -> int | None:
    """The last column without anything between two columns."""
    between = range(right - 1, left, -1)
    return next((c for c in between if all(sheet.cell(row, c) == "" for row in rows)), None)


def _part(sheet: Sheet, rows: range, columns: range) -> Sheet:
    """A sheet with some of its rows and columns only, where they are."""
    before = [""] * columns.start
    cells: list[list[RawCell]] = [[] for _ in sheet.rows[: rows.start]]
    cells += [
        [*before, *row[columns.start : columns.stop]] for row in sheet.rows[rows.start : rows.stop]
    ]
    merged = [area for area in sheet.merged if area[0][0] in rows and area[0][1] in columns]
    return replace(sheet, rows=cells, merged=merged)
