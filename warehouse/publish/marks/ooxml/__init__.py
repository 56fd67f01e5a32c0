"""Marks in an .xlsx, .xlsm or .xltx: only the parts that must change do."""

from warehouse.publish.marks.marking import CannotMark, Marking
from warehouse.publish.marks.ooxml.cells import Cells
from warehouse.publish.marks.ooxml.comments import Comments
from warehouse.publish.marks.ooxml.package import Package
from warehouse.publish.marks.ooxml.review import Looks, ReviewPart
from warehouse.publish.marks.ooxml.styles import Styles, styles_of
from warehouse.publish.marks.ooxml.workbook import SheetPart, Workbook

__all__ = ["marked", "was_marked"]


def was_marked(content: bytes, review: str) -> bool:
    """Whether a workbook has a sheet of that name."""
    try:
        return any(sheet.name == review for sheet in Workbook(Package(content)).sheets)
    except CannotMark:
        return False


def marked(content: bytes, marking: Marking) -> bytes:
    """The workbook with the marks of an earlier night taken out and these put in.

    Raises CannotMark where it is no workbook of this kind, is damaged, encrypted, signed, shared
    or too large.
    """
    workbook = Workbook(Package(content))
    for sheet in workbook.sheets:
        if sheet.name == marking.review.name:
            workbook.drop(sheet)
    workbook.deselect()
    styles = styles_of(workbook)
    sheets = [sheet for sheet in workbook.sheets if sheet.kind == "worksheet"]
    for sheet in sheets:
        comments = Comments(workbook, sheet, marking.font)
        comments.clean()
        if sheet.name in marking.sheets:
            _mark(workbook, sheet, marking, styles, comments)
    names = frozenset(sheet.name for sheet in sheets)
    looks = Looks(styles, marking.font)
    review = ReviewPart(marking.review, looks, workbook.main, names)
    workbook.put_in_front(marking.review.name, review.xml(), review.filtered)
    return workbook.package.saved()


def _mark(
    workbook: Workbook, sheet: SheetPart, marking: Marking, styles: Styles, comments: Comments
) -> None:
    """Colour the cells of a sheet and comment on them."""
    cells = Cells(workbook.package.edit(sheet.part))
    marks = marking.on(sheet.name, cells.merged)
    for place, mark in marks.items():
        cell = cells.at(place)
        if mark.severity is not None:
            cell.set("s", str(styles.coloured(int(cell.get("s", "0")), mark.severity)))
    if texts := {place: mark.comment for place, mark in marks.items() if mark.comment}:
        comments.put(texts)
