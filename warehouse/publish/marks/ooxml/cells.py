"""The cells of a worksheet, of which blank ones may be missing."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from schemas.grid import MergedRange, Place, column_number
from schemas.layout import address
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.ooxml.elements import Maker

_TRUE = ("1", "true")


class Cells:
    """The cells of a worksheet. Raises CannotMark where they are not in their order."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._make = Maker(etree.QName(root).namespace or "")
        self._space = self._make.space
        data = root.find(f"{self._space}sheetData")
        if data is None:
            raise CannotMark("a sheet has no cells")
        self._data = data
        self._rows = list(data.iterchildren(f"{self._space}row"))
        self._numbers = _ascending(_row_numbers(self._rows))
        self._row = -1
        self._cells: list[etree._Element] = []
        self._columns: list[int] = []

    @property
    def merged(self) -> list[MergedRange]:
        """The merged areas."""
        found = self._root.iterfind(f"{self._space}mergeCells/{self._space}mergeCell")
        return [_area(each.get("ref", "")) for each in found]

    def at(self, place: Place) -> etree._Element:
        """The cell at a place, put there where it is missing: best asked row by row."""
        row, column = place
        if row != self._row:
            self._row = row
            self._cells = list(self._row_at(row).iterchildren(f"{self._space}c"))
            self._columns = _ascending(_column_numbers(self._cells))
        before = bisect_left(self._columns, column)
        if before == len(self._columns) or self._columns[before] != column:
            self._put(before, row, column)
        return self._cells[before]

    def _row_at(self, row: int) -> etree._Element:
        before = bisect_left(self._numbers, row)
        if before == len(self._numbers) or self._numbers[before] != row:
            element = self._make("row", r=str(row + 1))
            _insert(element, before, self._rows, self._data)
            self._numbers.insert(before, row)
        return self._rows[before]

    def _put(self, before: int, row: int, column: int) -> None:
        """Put a blank cell into the row at hand, looking like its row or column."""
        parent = self._row_at(row)
        parent.attrib.pop("spans", "")  # from where to where it has cells, if that is told
        cell = self._make("c", r=address(row, column), s=self._format_of(parent, column))
        _insert(cell, before, self._cells, parent)
        self._columns.insert(before, column)

    def _format_of(self, row: etree._Element, column: int) -> str:
        if row.get("customFormat") in _TRUE:
            return row.get("s", "0")
        for columns in self._root.iterfind(f"{self._space}cols/{self._space}col"):
            if int(columns.get("min", "0")) <= column + 1 <= int(columns.get("max", "0")):
                return columns.get("style", "0")
        return "0"


def _insert(
    element: etree._Element, before: int, among: list[etree._Element], parent: etree._Element
) -> None:
    """Put an element before one of some, or at the end of their parent."""
    if before < len(among):
        among[before].addprevious(element)
    else:
        parent.append(element)
    among.insert(before, element)


def place_of(reference: str) -> Place:
    """The place of a cell by its address. Raises ValueError where it is none."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters)


def _area(reference: str) -> MergedRange:
    first, _, last = reference.partition(":")
    return place_of(first), place_of(last or first)


def _row_numbers(rows: list[etree._Element]) -> Iterator[int]:
    """The rows from 0; one that does not say which it is follows the one before."""
    number = -1
    for row in rows:
        told = row.get("r")
        number = number + 1 if told is None else int(told) - 1
        yield number


def _column_numbers(cells: list[etree._Element]) -> Iterator[int]:
    """The columns from 0; a cell that does not say its place follows the one before."""
    number = -1
    for cell in cells:
        told = cell.get("r")
        number = number + 1 if told is None else place_of(told)[1]
        yield number


def _ascending(numbers: Iterator[int]) -> list[int]:
    found = list(numbers)
    if any(one >= other for one, other in pairwise(found)):
        raise CannotMark("the rows or cells of a sheet are not in their order")
    return found
