"""A sheet that is put together cell by cell, by the readers that are our own."""

from datetime import date

from schemas.dates import EPOCH
from schemas.formats.limits import Room, require_sheets
from schemas.grid import MergedRange, Place, RawCell, Sheet, peoples_words

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of a sheet of Excel


class Canvas:
    """A sheet that grows with what is put on it, within the room of its workbook.

    `row` and `column` are where the reader is, `pictures` is how many lie on the sheet, and the
    formulas of `linked` cells look into another workbook.
    """

    def __init__(self, name: str, room: Room, *, hidden: bool = False, epoch: date = EPOCH) -> None:
        self.name = name
        self.hidden = hidden
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = 0
        self.column = 0
        self.pictures = 0
        self.linked: set[Place] = set()
        self._room = room
        self._epoch = epoch
        self._rows: dict[int, dict[int, RawCell]] = {}
        self._height = 0
        self._width = 0
        self._merged: list[MergedRange] = []
        self._notes: dict[Place, str] = {}

    def require(self, rows: int, columns: int) -> None:
        """Raise WorkbookError where there is no room for that many rows and columns."""
        self._room.require(self.name, max(self._height, rows), max(self._width, columns))

    def put(self, row: int, column: int, value: RawCell) -> None:
        """Put a value at a place. Raises WorkbookError where the sheet would become too large."""
        if value == "":
            return
        self.require(row + 1, column + 1)
        self._height, self._width = max(self._height, row + 1), max(self._width, column + 1)
        self._rows.setdefault(row, {})[column] = value

    def merge(self, row: int, column: int, rows: int, columns: int) -> None:
        """Note that a cell covers several rows and columns, itself counted."""
        bottom = min(row + rows, _MOST_ROWS) - 1
        right = min(column + columns, _MOST_COLUMNS) - 1
        self._merged.append(((row, column), (bottom, right)))

    def note(self, row: int, column: int, author: str, text: str) -> None:
        """Note a person's comment on a cell."""
        if written := peoples_words(author, text):
            self._notes[row, column] = written

    def sheet(self) -> Sheet:
        """The sheet as it is now."""
        self._room.take(self.name, self._height, self._width)
        rows = [self._dense(self._rows.get(row, {})) for row in range(self._height)]
        return Sheet(
            name=self.name,
            hidden=self.hidden,
            rows=rows,
            merged=self._merged,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            notes=self._notes,
            epoch=self._epoch,
            linked=frozenset(self.linked),
            pictures=self.pictures,
        )

    def _dense(self, cells: dict[int, RawCell]) -> list[RawCell]:
        return [cells.get(column, "") for column in range(self._width)]


class Canvases:
    """The sheets of a workbook, each begun after the one before is done.

    `epoch` is the day from which it counts days.
    """

    def __init__(self) -> None:
        self.epoch = EPOCH
        self._room = Room()
        self._begun = 0
        self.current = Canvas("", self._room)

    def begin(self, name: str, *, hidden: bool = False) -> None:
        """Begin the next sheet. Raises WorkbookError where there are too many."""
        self._begun += 1
        require_sheets(self._begun)
        self.current = Canvas(name, self._room, hidden=hidden, epoch=self.epoch)
