"""Marks in an .xlsx, .xlsm or .xltx: only the parts that must change do."""

from schemas.answers import MARK
from warehouse.publish.marks.marking import CannotMark, Marking, comments_of
from warehouse.publish.marks.ooxml.cells import Cells
from warehouse.publish.marks.ooxml.comments import Comments
from warehouse.publish.marks.ooxml.package import Package
from warehouse.publish.marks.ooxml.review import Looks, ReviewPart
from warehouse.publish.marks.ooxml.styles import Styles, styles_of
from warehouse.publish.marks.ooxml.threads import Threads
from warehouse.publish.marks.ooxml.workbook import SheetPart, Workbook
from warehouse.publish.marks.reread import is_called

__all__ = ["marked", "was_marked"]


def was_marked(content: bytes, review: str) -> bool:
    """Whether a workbook has a review of that name, which is ours."""
    try:
        return _earlier(Workbook(Package(content)), review) is not None
    except CannotMark:
        return False


def marked(content: bytes, marking: Marking) -> bytes:
    """The workbook with the marks of an earlier night taken out and these put in.

    Raises CannotMark where it is no workbook of this kind, is damaged, encrypted, signed, shared
    or too large, or has a sheet of the review's name that is not ours.
    """
    workbook = Workbook(Package(content))
    if (earlier := _earlier(workbook, marking.review.name)) is not None:
        workbook.drop(earlier)
    workbook.deselect()
    styles = styles_of(workbook)
    sheets = [sheet for sheet in workbook.sheets if sheet.kind == "worksheet"]
    for sheet in sheets:
        _mark(workbook, sheet, marking, styles)
    names = frozenset(sheet.name for sheet in sheets)
    looks = Looks(styles, marking.font)
    review = ReviewPart(marking.review, looks, workbook.main, names)
    workbook.put_in_front(marking.review.name, review.xml(), review.filtered)
    return workbook.package.saved()


def _earlier(workbook: Workbook, review: str) -> SheetPart | None:
    """The review of an earlier night; the texts of its cells may be in a part of their own."""
    for sheet in workbook.sheets:
        if is_called(sheet.name, review):
            texts = filter(None, (sheet.part, workbook.related("sharedStrings")))
            if not any(MARK.encode() in workbook.package.read(part) for part in texts):
                raise CannotMark(f"it has a sheet of its own that is called {review}")
            return sheet
    return None


def _mark(workbook: Workbook, sheet: SheetPart, marking: Marking, styles: Styles) -> None:
    """Take the comments of an earlier night from a sheet, and put marks on its cells."""
    comments = Comments(workbook, sheet, marking.font)
    threads = Threads(workbook.package, workbook.related("person"), sheet.part)
    comments.clean()
    threads.clean()
    if sheet.name not in marking.sheets:
        return
    cells = Cells(workbook.package.edit(sheet.part))
    marks = marking.on(sheet.name, cells.merged)
    for place, mark in marks.items():
        cell = cells.at(place)
        if mark.severity is not None:
            cell.set("s", str(styles.coloured(int(cell.get("s", "0")), mark.severity)))
    if texts := comments_of(marks):
        comments.put(texts)
        threads.put(texts, marking.at)
