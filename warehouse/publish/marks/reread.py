"""A workbook read as returns are, before it is marked and after: no broken file leaves."""

from collections.abc import Mapping, Sequence

from schemas.answers import lists_findings
from schemas.errors import WorkbookError
from schemas.workbook import RawCell, Sheet, open_workbook
from warehouse.publish.marks.marking import CannotMark


def read(content: bytes) -> Sequence[Sheet]:
    """The sheets of a workbook. Raises CannotMark where they cannot be read."""
    try:
        return open_workbook(content, "").sheets
    except WorkbookError as unread:
        raise CannotMark(f"it cannot be read: {unread}") from unread


def is_called(sheet: str, name: str) -> bool:
    """Whether Excel takes two names of sheets for the same."""
    return sheet.casefold() == name.casefold()


def called(sheets: Sequence[str], name: str) -> int | None:
    """The number of the sheet of a name among those with some names; None without any."""
    return next((number for number, sheet in enumerate(sheets) if is_called(sheet, name)), None)


def refuse_other(sheets: Sequence[Sheet], review: str) -> None:
    """Raise CannotMark where a sheet of the review's name is not ours."""
    for sheet in sheets:
        if is_called(sheet.name, review) and not lists_findings(sheet):
            raise CannotMark(f"it has a sheet of its own that is called {sheet.name}")


def has_review(content: bytes, review: str) -> bool:
    """Whether it is a workbook that has a review of that name, which is ours."""
    try:
        sheets = read(content)
    except CannotMark:
        return False
    return any(is_called(sheet.name, review) and lists_findings(sheet) for sheet in sheets)


def require_same(before: Sequence[Sheet], after: Sequence[Sheet], review: str) -> None:
    """Raise CannotMark where a sheet other than the review reads otherwise than before."""
    were, are = (
        {sheet.name: _facts(sheet) for sheet in sheets if not is_called(sheet.name, review)}
        for sheets in (before, after)
    )
    if list(were.items()) != list(are.items()):
        raise CannotMark("with the marks a sheet reads otherwise")


def _facts(sheet: Sheet) -> tuple[Mapping[tuple[int, int], RawCell], object]:
    """What is read of a sheet: its cells that are not blank, and what is known of it."""
    cells = {
        (row, column): cell
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if cell != ""
    }
    known = (sheet.hidden, sheet.merged, sheet.hidden_rows, sheet.hidden_columns)
    return cells, (*known, sheet.linked, sheet.notes, sheet.epoch, sheet.pictures)
