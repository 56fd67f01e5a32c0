"""How much of a workbook is read: more than any return has, less than a machine can bear."""

from schemas.errors import WorkbookError
from schemas.text import Text

MOST_UNPACKED = 300_000_000
"""Bytes of all parts of a package, or of all files of an archive, when unpacked."""

MOST_CELLS = 5_000_000
"""Cells of a workbook, each sheet counted from A1 to its last cell."""

MOST_SHEETS = 1_000

_TOO_LARGE = Text(zh="展开后过大", en="it is too large when unpacked")
_TOO_MANY_SHEETS = Text(zh="工作表多达{count}张", en="it has {count} sheets")
_TOO_FAR = Text(
    zh="工作表“{sheet}”的内容延伸到第{row}行、第{column}列",
    en="the sheet {sheet} reaches to row {row}, column {column}",
)


def too_large() -> WorkbookError:
    """What is said of a package or archive that unpacks to too much."""
    return WorkbookError("file-unreadable", _TOO_LARGE)


def require_sheets(count: int) -> None:
    """Raise WorkbookError where a workbook has more sheets than are read."""
    if count > MOST_SHEETS:
        raise WorkbookError("file-unreadable", _told(_TOO_MANY_SHEETS, count=count))


class Room:
    """The cells that a workbook may still have, sheet by sheet."""

    def __init__(self) -> None:
        self._left = MOST_CELLS

    def require(self, sheet: str, rows: int, columns: int) -> None:
        """Raise WorkbookError where the cells of a sheet would be too many."""
        if rows * columns > self._left:
            told = _told(_TOO_FAR, sheet=sheet, row=rows, column=columns)
            raise WorkbookError("file-unreadable", told)

    def take(self, sheet: str, rows: int, columns: int) -> None:
        """Take the cells of a sheet. Raises WorkbookError where they are too many."""
        self.require(sheet, rows, columns)
        self._left -= rows * columns


def _told(text: Text, **parameters: object) -> Text:
    return Text(zh=text.zh.format(**parameters), en=text.en.format(**parameters))
