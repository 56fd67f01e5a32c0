"""Rows and cells of a table. One element stands for many alike, and is parted where marks fall."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from itertools import accumulate, groupby, pairwise

from lxml import etree

from schemas.formats.markup import number_of
from schemas.grid import MergedRange, Place
from warehouse.publish.marks.opendocument.names import added, made, q

_ROW, _COLUMN = q("table:table-row"), q("table:table-column")
_OF_ROWS = [*map(q, ("table:table-rows", "table:table-header-rows", "table:table-row-group"))]
_OF_COLUMNS = [
    *map(q, ("table:table-columns", "table:table-header-columns", "table:table-column-group"))
]
_CELLS = (q("table:table-cell"), q("table:covered-table-cell"))
_ROWS_REPEATED, _COLUMNS_REPEATED = "table:number-rows-repeated", "table:number-columns-repeated"
_DEFAULT_STYLE = q("table:default-cell-style-name")


def merged(table: etree._Element) -> Iterator[MergedRange]:
    """The merged areas of a table."""
    for row, element in _placed(_below(table, _ROW, _OF_ROWS), _ROWS_REPEATED):
        for column, cell in _placed(element.iterchildren(*_CELLS), _COLUMNS_REPEATED):
            height = number_of(cell.get(q("table:number-rows-spanned")), 1)
            width = number_of(cell.get(q("table:number-columns-spanned")), 1)
            if height > 1 or width > 1:
                yield (row, column), (row + height - 1, column + width - 1)


def cells_at(
    table: etree._Element, places: Collection[Place]
) -> Iterator[tuple[Place, etree._Element, str]]:
    """The cells at some places in their order, each as an element that stands for it alone.

    With each comes the name of the style that it has unless it names one itself: that of its row,
    or else of its column; "" where there is none. A table that ends before a place is continued.
    """
    of_columns = _DefaultStyles(table)
    by_row = {
        row: [column for _, column in of_row]
        for row, of_row in groupby(sorted(places), key=lambda place: place[0])
    }
    for row, element in _parted_rows(table, list(by_row)):
        of_row = element.get(_DEFAULT_STYLE)
        for column, cell in _parted_cells(element, by_row[row]):
            yield (row, column), cell, of_row or of_columns.at(column)


class _DefaultStyles:
    """The styles that columns give to their cells."""

    def __init__(self, table: etree._Element) -> None:
        columns = list(_below(table, _COLUMN, _OF_COLUMNS))
        self._ends = [*accumulate(number_of(c.get(q(_COLUMNS_REPEATED)), 1) for c in columns)]
        self._names = [column.get(_DEFAULT_STYLE, "") for column in columns]

    def at(self, column: int) -> str:
        number = bisect_right(self._ends, column)
        return self._names[number] if number < len(self._names) else ""


def _parted_rows(
    table: etree._Element, wanted: Sequence[int]
) -> Iterator[tuple[int, etree._Element]]:
    rows = list(_below(table, _ROW, _OF_ROWS))
    end = sum(number_of(row.get(q(_ROWS_REPEATED)), 1) for row in rows)
    if wanted and wanted[-1] >= end:
        rest = made("table:table-row")
        added(rest, "table:table-cell")
        _repeat(rest, _ROWS_REPEATED, wanted[-1] + 1 - end)
        frame = [*table.iterchildren(_ROW, _COLUMN, *_OF_ROWS, *_OF_COLUMNS)]
        table.insert(table.index(frame[-1]) + 1 if frame else len(table), rest)
        rows.append(rest)
    return _parted(rows, _ROWS_REPEATED, wanted)


def _parted_cells(
    row: etree._Element, wanted: Sequence[int]
) -> Iterator[tuple[int, etree._Element]]:
    cells = list(row.iterchildren(*_CELLS))
    end = sum(number_of(cell.get(q(_COLUMNS_REPEATED)), 1) for cell in cells)
    if wanted[-1] >= end:
        rest = made("table:table-cell")
        _repeat(rest, _COLUMNS_REPEATED, wanted[-1] + 1 - end)
        row.append(rest)
        cells.append(rest)
    return _parted(cells, _COLUMNS_REPEATED, wanted)


def _parted(
    elements: Sequence[etree._Element], repeated: str, wanted: Sequence[int]
) -> Iterator[tuple[int, etree._Element]]:
    """The elements of the numbers that are wanted, in their order; each is parted from the rest."""
    begin = taken = 0
    for element in elements:
        end = begin + number_of(element.get(q(repeated)), 1)
        first = taken
        while taken < len(wanted) and wanted[taken] < end:
            taken += 1
        if taken > first:
            yield from _pieces(element, repeated, begin, end, wanted[first:taken])
        begin = end


def _pieces(
    element: etree._Element, repeated: str, begin: int, end: int, wanted: Sequence[int]
) -> Iterator[tuple[int, etree._Element]]:
    """Part an element that stands for the numbers from begin to end, and give those wanted."""
    starts = sorted({begin, *wanted, *(number + 1 for number in wanted)} - {end})
    pieces = [element, *_copies(element, len(starts) - 1)]
    for one, following in pairwise(pieces):
        one.addnext(following)
    for piece, (start, stop) in zip(pieces, pairwise([*starts, end]), strict=True):
        _repeat(piece, repeated, stop - start)
    those = set(wanted)
    yield from ((start, p) for start, p in zip(starts, pieces, strict=True) if start in those)


def _copies(element: etree._Element, count: int) -> Iterator[etree._Element]:
    """More of a row or cell, without the comment and the drawings that lie on its first cell."""
    if count:
        bare = deepcopy(element)
        for once in [*bare.iter(q("office:annotation"), f"{q('draw:')}*")]:
            if (cell := once.getparent()) is not None and cell.tag in _CELLS:
                cell.remove(once)
        yield from (deepcopy(bare) for _ in range(count))


def _repeat(element: etree._Element, repeated: str, times: int) -> None:
    if times > 1:
        element.set(q(repeated), str(times))
    elif q(repeated) in element.attrib:
        del element.attrib[q(repeated)]


def _below(table: etree._Element, name: str, groups: Sequence[str]) -> Iterator[etree._Element]:
    """The rows or columns of a table, in groups or not."""
    for child in table.iterchildren(name, *groups):
        if child.tag == name:
            yield child
        else:
            yield from _below(child, name, groups)


def _placed(
    elements: Iterator[etree._Element], repeated: str
) -> Iterator[tuple[int, etree._Element]]:
    """Elements with the number of the first row or column that each stands for."""
    begin = 0
    for element in elements:
        yield begin, element
        begin += number_of(element.get(q(repeated)), 1)
