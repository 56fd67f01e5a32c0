"""Where on a sheet each form stands: several may be stacked or side by side, each under its title.

A form is told by its title or 表号; on a sheet without either by its headings, where they are
those of one form and of no other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from schemas.findings import CellRef
from schemas.heading_paths import first_row
from schemas.headings import find_headings
from schemas.layout import address
from schemas.models import Form, Scheme
from schemas.text import normalise
from schemas.workbook import RawCell, Sheet

HEAD_ROWS = 12
"""So many rows from the first that is filled may hold the title."""

_MOST_EXTRA = 20  # a title may say whose and of when it is
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
    sections = _sections(sheet, starts)
    standing = [
        start
        for start, section in zip(starts, sections, strict=True)
        if start is starts[0] or find_headings(section.sheet, section.form, scheme) is not None
    ]
    return sections if standing == starts else _sections(sheet, standing)


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
    read = set(found[0][1].columns.values())
    inside = [pair for pair in found if set(pair[1].columns.values()) < read]
    sure = found[0][1].share >= _SURE and len(inside) == len(found) - 1
    return sure, [form for form, _ in found]


def _starts(sheet: Sheet, titles: Titles) -> Iterator[_Start]:
    """The first row of each form, and the cell that tells it."""
    head = first_row(sheet) + HEAD_ROWS
    last: Form | None = None
    for row, cells in enumerate(sheet.rows):
        if last is None and row >= head:
            return
        if last is not None and len(cells) - cells.count("") > _MOST_BESIDE:
            continue
        for column, cell in enumerate(cells):
            form = titles.named(cell, alone=last is not None)
            if form is not None and form != last:
                last = form
                title = CellRef(sheet=sheet.name, address=address(row, column))
                yield _Start(row, column, form, title)


def _sections(sheet: Sheet, starts: Sequence[_Start]) -> list[Section]:
    if len(starts) < 2:
        return [Section(start.form, sheet, start.title) for start in starts]
    bands = [list(band) for _, band in groupby(starts, key=lambda start: start.row)]
    ends = [*(band[0].row for band in bands[1:]), len(sheet.rows)]
    begins = [0, *ends[:-1]]
    return [
        Section(start.form, _part(sheet, range(begin, end), columns), start.title)
        for band, begin, end in zip(bands, begins, ends, strict=True)
        for start, columns in zip(band, _beside(sheet, band, range(begin, end)), strict=True)
    ]


def _beside(sheet: Sheet, band: Sequence[_Start], rows: range) -> list[range]:
    """The columns of each of the forms that stand side by side on some rows.

    Between them are columns without anything, or else the title begins where its form does.
    """
    width = max(map(len, sheet.rows), default=0)
    filled = {c for r in rows for c, cell in enumerate(sheet.rows[r]) if cell != ""}
    ends = [
        next((c for c in range(right.column - 1, left.column, -1) if c not in filled), right.column)
        for left, right in pairwise(band)
    ]
    return [range(*ends) for ends in pairwise((0, *ends, width))]


def _part(sheet: Sheet, rows: range, columns: range) -> Sheet:
    """A sheet with some of its rows and columns only, where they are."""
    before = [""] * columns.start
    cells: list[list[RawCell]] = [[] for _ in sheet.rows[: rows.start]]
    cells += [
        [*before, *row[columns.start : columns.stop]] for row in sheet.rows[rows.start : rows.stop]
    ]
    merged = [area for area in sheet.merged if area[0][0] in rows and area[0][1] in columns]
    return replace(sheet, rows=cells, merged=merged)
