"""What stands near the lines of a form and is not read, or is read and not seen: all is told."""

from collections.abc import Iterator, Sequence

from schemas.findings import CellRef, Finding
from schemas.headings.headings import Headings
from schemas.layout import address, column_letter
from schemas.place import Place
from schemas.reading.below import Below
from schemas.reading.rows import Rows
from schemas.text import Text

_HIDDEN_ROWS = Text(zh="第{}行", en="rows {}")
_HIDDEN_COLUMNS = Text(zh="{}列", en="columns {}")


def left_out(below: Below, headings: Headings, rows: Rows, place: Place) -> Iterator[Finding]:
    """The findings about subtotals, rows below the form, columns without heading, hidden cells."""
    sheet = below.sheet

    def refs(places: Sequence[tuple[int, int]]) -> list[CellRef]:
        return [CellRef(sheet=sheet.name, address=address(*each)) for each in places]

    read = headings.read
    first = min(read)
    repeated = sorted(rows.subtotals + rows.parts)
    for code, found in (("line-subtotal", repeated), ("line-beyond", rows.beyond)):
        if found:
            cells = refs([(row, first) for row in found])
            yield place.finding(code, cells, rows=_numbers(found))
    stray = _stray_columns(below, rows.lines, read | headings.told)
    if stray:
        cells = refs([(row, column) for column, row in sorted(stray.items())])
        yield place.finding("column-unheaded", cells, columns=_letters(sorted(stray)))
    lines = [row for row in rows.lines if row in sheet.hidden_rows]
    if lines:
        cells = refs([(row, first) for row in lines])
        yield place.finding("cells-hidden", cells, what=_of(_HIDDEN_ROWS, _numbers(lines)))
    columns = sorted(read & sheet.hidden_columns)
    if columns:
        cells = refs([(headings.top, column) for column in columns])
        yield place.finding("cells-hidden", cells, what=_of(_HIDDEN_COLUMNS, _letters(columns)))


def _stray_columns(below: Below, lines: Sequence[int], known: frozenset[int]) -> dict[int, int]:
    """The columns that are filled without a heading, each with its first filled row."""
    others = (column for column in range(len(below.columns)) if column not in known)
    found = ((column, _first_filled(below, lines, column)) for column in others)
    return {column: row for column, row in found if row is not None}


def _first_filled(below: Below, lines: Sequence[int], column: int) -> int | None:
    cells, blanks = below.column(column), below.blanks(column)
    return next((row for row in lines if cells[row - below.first] not in blanks), None)


def _numbers(rows: Sequence[int]) -> str:
    return "、".join(str(row + 1) for row in rows)


def _letters(columns: Sequence[int]) -> str:
    return "、".join(map(column_letter, columns))


def _of(words: Text, what: str) -> Text:
    return Text(zh=words.zh.format(what), en=words.en.format(what))
