"""CSV and TSV that were saved, or renamed, as a workbook."""

import csv
import io
from collections import Counter

from schemas.formats.canvas import Canvas
from schemas.formats.limits import Room
from schemas.formats.typed import as_typed
from schemas.grid import Sheet

_DELIMITERS = ("\t", ",", ";")
_LOOKED_AT = 50
SHEET = "Sheet1"


def delimiter_of(text: str) -> str | None:
    """What separates the cells of a text; None where it is no table.

    A table has at least two lines, and most of them are divided into the same number of cells.
    """
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        if counts.total() > 1 and counts.most_common(1)[0][1] * 2 > counts.total():
            return delimiter
    return None


def read_delimited(text: str, delimiter: str) -> tuple[Sheet, ...]:
    """The one sheet of a text, a line of it a row. Raises csv.Error where it is damaged."""
    canvas = Canvas(SHEET, Room())
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            canvas.put(row, column, as_typed(cell))
    return (canvas.sheet(),)
