"""Cells of a sheet given other styles, and blank ones put in where there is none."""

from collections.abc import Iterable, Mapping, Sequence
from struct import error, pack, unpack_from

from schemas.findings import Severity
from schemas.grid import MergedRange, Place
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import Record, SheetRecords
from warehouse.publish.marks.biff.styles import PLAIN, Styles
from warehouse.publish.marks.marking import CannotMark

ROWS, COLUMNS = 65_536, 256
"""How many a sheet has."""
_STYLED_ROW, _STYLE_OF_ROW = 0x80, 0xFFF
_CELLS = frozenset((*kinds.CELLS, *kinds.RUNS))
_TABLE = frozenset((*_CELLS, *kinds.BESIDE_CELLS, kinds.ROW, kinds.DIMENSIONS))


def merged_areas(sheet: SheetRecords) -> tuple[MergedRange, ...]:
    """The merged areas of a sheet."""
    areas = []
    for _, (kind, data) in sheet.own():
        if kind == kinds.MERGED:
            for at in range(2, len(data) - 7, 8):
                top, bottom, left, right = unpack_from("<4H", data, at)
                areas.append(((top, left), (bottom, right)))
    return tuple(areas)


def behind_cells(sheet: SheetRecords) -> int:
    """The number of the record behind the last cell of a sheet. Raises CannotMark without any."""
    behind = 0
    for number, (kind, _) in sheet.own():
        if kind in _TABLE or (kind == kinds.CONTINUE and number == behind):
            behind = number + 1
    if not behind:
        raise CannotMark("a sheet does not say how large it is")
    return behind


def colour(sheet: SheetRecords, marks: Mapping[Place, Severity], styles: Styles) -> None:
    """Give marked cells the fill of their severity, and take it from those that are marked no more.

    Raises CannotMark where a cell has a style that is not there, or its record is cut off.
    """
    try:
        _restyle(sheet, marks, styles)
        _put_in(sheet, marks, styles)
    except error as damage:
        raise CannotMark("a cell is cut off") from damage


def _restyle(sheet: SheetRecords, marks: Mapping[Place, Severity], styles: Styles) -> None:
    rows = {row for row, _ in marks}
    for number, (kind, data) in sheet.own() if marks or styles.own else ():
        if kind in _CELLS and (styles.own or unpack_from("<H", data)[0] in rows):
            changed = data
            for place, at in _styles_at(kind, data):
                (style,) = unpack_from("<H", data, at)
                if (other := styles.marked(style, marks.get(place))) != style:
                    changed = changed[:at] + pack("<H", other) + changed[at + 2 :]
            if changed is not data:
                sheet.records[number] = (kind, changed)


def _styles_at(kind: int, data: bytes) -> Sequence[tuple[Place, int]]:
    """The cells of a record, and where in it the style of each stands."""
    row, column = unpack_from("<2H", data)
    if kind not in kinds.RUNS:
        return (((row, column), 4),)
    size = kinds.RUNS[kind]
    count = (len(data) - 6) // size
    return [((row, column + number), 4 + number * size) for number in range(count)]


def _put_in(sheet: SheetRecords, marks: Mapping[Place, Severity], styles: Styles) -> None:
    """Put in the marked cells that a sheet lacks, each before the first one behind it."""
    missing = _missing(sheet, marks)
    if not missing:
        return
    default, following = _Defaults(sheet), sorted(missing)
    blanks = [
        (kinds.BLANK, pack("<3H", *place, styles.marked(default.style(place), marks[place])))
        for place in following
    ]
    before: dict[int, list[Record]] = {}
    put = 0
    for number, (kind, data) in sheet.own():
        if kind in _CELLS:
            while put < len(blanks) and following[put] < unpack_from("<2H", data):
                before.setdefault(number, []).append(blanks[put])
                put += 1
    before.setdefault(behind_cells(sheet), []).extend(blanks[put:])
    records = enumerate(sheet.records)
    sheet.records = [r for number, record in records for r in (*before.get(number, ()), record)]
    _widen(sheet, missing)


def _missing(sheet: SheetRecords, marks: Iterable[Place]) -> set[Place]:
    missing = {place for place in marks if place[0] < ROWS and place[1] < COLUMNS}
    rows = {row for row, _ in missing}
    for _, (kind, data) in sheet.own() if missing else ():
        if kind in _CELLS and unpack_from("<H", data)[0] in rows:
            missing.difference_update(place for place, _ in _styles_at(kind, data))
    return missing


class _Defaults:
    """The styles that cells of a sheet have where there is no record of them."""

    def __init__(self, sheet: SheetRecords) -> None:
        self._rows: dict[int, int] = {}
        self._columns: dict[int, int] = {}
        for _, (kind, data) in sheet.own():
            if kind == kinds.ROW and data[12] & _STYLED_ROW:
                row, style = unpack_from("<H12xH", data)
                self._rows[row] = style & _STYLE_OF_ROW
            elif kind == kinds.COLUMNS:
                first, last, style = unpack_from("<2H2xH", data)
                self._columns |= dict.fromkeys(range(first, min(last + 1, COLUMNS)), style)

    def style(self, place: Place) -> int:
        """The style at a place."""
        row, column = place
        return self._rows.get(row, self._columns.get(column, PLAIN))


def _widen(sheet: SheetRecords, places: Iterable[Place]) -> None:
    """Let the extent of the sheet and of its rows hold some cells."""
    places = sorted(places)
    columns: dict[int, list[int]] = {}
    for row, column in places:
        columns.setdefault(row, []).append(column)
    for number, (kind, data) in sheet.own():
        if kind == kinds.ROW and (held := columns.get(unpack_from("<H", data)[0])):
            first, last = unpack_from("<2H", data, 2)
            wide = (min(held[0], first) if last else held[0]), max(held[-1] + 1, last)
            sheet.records[number] = (kind, data[:2] + pack("<2H", *wide) + data[6:])
        elif kind == kinds.DIMENSIONS:
            top, bottom, left, right = unpack_from("<2I2H", data)
            every = [column for _, column in places]
            top = min(places[0][0], top) if bottom else places[0][0]
            left = min(*every, left) if right else min(every)
            extent = top, max(places[-1][0] + 1, bottom), left, max(*every, right - 1) + 1
            sheet.records[number] = (kind, pack("<2I2H", *extent) + data[12:])
