"""Cells of a sheet given other styles, and blank ones put in where there is none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import dropwhile, takewhile
from struct import pack, unpack_from

from schemas.formats.biff12_cells import FOLLOWING, MERGED, PLACED, merged_area
from schemas.formats.biff12_records import joined
from schemas.grid import MergedRange, Place
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.records import Edit, edited, spans_of

ROWS, COLUMNS = 1_048_576, 16_384
"""How many a sheet has."""
PLAIN = 0
"""The style of cells that have none of their own."""

Restyle = Callable[[int, Place], int]
"""The style that the cell at a place gets, by the one that it has."""

_STYLE_BITS = 0xFFFFFF  # the byte behind it says whether a pronunciation is shown
_STYLED_ROW = 0x40
_SEGMENT = 10  # bits: the columns of a row are told for each 1,024 of them
_USUAL_HEIGHT = 300  # twips
_CELLS = (*PLACED, *FOLLOWING, *kinds.BESIDE_CELLS)
_FRONT = frozenset((kinds.CELLS, kinds.ROW, *_CELLS, kinds.FUTURE_END))
"""Behind which a cell may be put: what newer programs know of a cell follows it."""


def merged_areas(part: bytes) -> list[MergedRange]:
    """The merged areas of a sheet."""
    spans = spans_of(part)
    return [merged_area(part[begin:end]) for kind, _, begin, end in spans if kind == MERGED]


def restyled(part: bytes, places: Iterable[Place], restyle: Restyle) -> bytes:
    """A sheet whose cells at some places have other styles; those that are missing are put in.

    Raises CannotMark where a record is cut off.
    """
    inside = sorted(place for place in places if place[0] < ROWS and place[1] < COLUMNS)
    return edited(part, _Pass(part, inside, restyle).edits()) if inside else part


class _Head:
    """What a sheet says in front of its cells: how far they reach, how rows and columns are."""

    def __init__(self) -> None:
        self.height = _USUAL_HEIGHT
        self._extent: tuple[int, int, tuple[int, ...]] | None = None
        self._columns: list[tuple[int, int, int]] = []

    def look(self, part: bytes, kind: int, begin: int, end: int) -> None:
        """Take note of a record."""
        if kind == kinds.EXTENT:
            self._extent = begin, end, unpack_from("<4I", part, begin)
        elif kind == kinds.USUAL_SIZE:
            (self.height,) = unpack_from("<6xH", part, begin)
        elif kind == kinds.COLUMN:
            self._columns.append(unpack_from("<2I4xI", part, begin))

    def style(self, column: int) -> int:
        """The style of the cells of a column that are missing."""
        found = (style for first, last, style in self._columns if first <= column <= last)
        return next(found, PLAIN)

    def widened(self, places: Sequence[Place]) -> Iterator[Edit]:
        """Let the sheet reach as far as some cells, given row by row."""
        if places and self._extent is not None:
            begin, end, (top, bottom, left, right) = self._extent
            rows = min(top, places[0][0]), max(bottom, places[-1][0])
            columns = [column for _, column in places]
            yield begin, end, pack("<4I", *rows, min(left, *columns), max(right, *columns))


class _Pass:
    """One pass over the cells of a sheet, along the places that are to be restyled."""

    def __init__(self, part: bytes, places: list[Place], restyle: Restyle) -> None:
        self._part, self._restyle = part, restyle
        self._wanted = places[::-1]  # the next one stands last
        self._edits: list[Edit] = []
        self._head = _Head()
        self._behind = 0  # the last row or cell
        self._row = self._column = -1
        self._header: tuple[int, int, int] | None = None
        self._put: list[Place] = []

    def edits(self) -> list[Edit]:
        """What is to be changed."""
        within = False
        for kind, start, begin, end in spans_of(self._part):
            if kind == kinds.CELLS_END:
                break
            within = within or kind == kinds.CELLS
            if not within:
                self._head.look(self._part, kind, begin, end)
            elif kind == kinds.ROW:
                self._begin_row(start, begin, end)
            elif kind in PLACED:
                (self._column,) = unpack_from("<I", self._part, begin)
                self._cell(begin + 4)
            elif kind in FOLLOWING:
                self._column += 1
                self._cell(begin)
            if within and kind in _FRONT:
                self._behind = end
        self._put_before(ROWS, 0)
        self._end_row()
        self._edits += self._head.widened(self._put)
        return self._edits

    def _begin_row(self, start: int, begin: int, end: int) -> None:
        (row,) = unpack_from("<I", self._part, begin)
        self._put_before(row, 0)
        self._end_row()
        self._row, self._column, self._header = row, -1, (start, begin, end)

    def _end_row(self) -> None:
        """Let the row at hand say that it has what was put into it."""
        put = dropwhile(lambda place: place[0] > self._row, reversed(self._put))
        added = _columns(self._row, put)
        if self._header is not None and added:
            start, begin, end = self._header
            row = _widened(self._part[begin:end], added)
            self._edits.append((start, end, joined([(kinds.ROW, row)])))

    def _cell(self, at: int) -> None:
        """A cell whose style stands there."""
        place = self._row, self._column
        self._put_before(*place)
        if self._wanted and self._wanted[-1] == place:
            self._wanted.pop()
            (style,) = unpack_from("<I", self._part, at)
            other = self._restyle(style & _STYLE_BITS, place)
            self._edits.append((at, at + 4, pack("<I", other | style & ~_STYLE_BITS)))

    def _put_before(self, row: int, column: int) -> None:
        """Put in the wanted cells in front of a place, behind the last cell that was there."""
        while self._wanted and self._wanted[-1] < (row, column):
            place = self._wanted.pop()
            records = [(kinds.BLANK, pack("<2I", place[1], self._style(place)))]
            if place[0] not in (self._row, self._put[-1][0] if self._put else -1):
                columns = (place[1], *_columns(place[0], reversed(self._wanted)))
                records.insert(0, (kinds.ROW, _new_row(place[0], self._head.height, columns)))
            self._put.append(place)
            self._edits.append((self._behind, self._behind, joined(records)))

    def _style(self, place: Place) -> int:
        """The style of a cell that is missing: as its row has it, or its column."""
        row, column = place
        style = self._head.style(column)
        if self._header is not None and row == self._row:
            of_row, flags = unpack_from("<4xI3xB", self._part, self._header[1])
            style = of_row if flags & _STYLED_ROW else style
        return self._restyle(style, place)


def _columns(row: int, places: Iterable[Place]) -> list[int]:
    """The columns of some places up to the first that is in another row."""
    return [column for _, column in takewhile(lambda place: place[0] == row, places)]


def _new_row(row: int, height: int, columns: Iterable[int]) -> bytes:
    return _widened(pack("<2IH3BI", row, PLAIN, height, 0, 0, 0, 0), columns)


def _widened(row: bytes, columns: Iterable[int]) -> bytes:
    """A row that says to have cells in some more columns."""
    reach: dict[int, tuple[int, int]] = {}
    stated = [unpack_from("<2I", row, at) for at in range(17, len(row) - 7, 8)]
    for first, last in (*stated, *((column, column) for column in columns)):
        low, high = reach.get(first >> _SEGMENT, (first, last))
        reach[first >> _SEGMENT] = min(low, first), max(high, last)
    told = b"".join(pack("<2I", *reach[segment]) for segment in sorted(reach))
    return row[:13] + pack("<I", len(reach)) + told
