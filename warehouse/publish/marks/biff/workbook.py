"""The marks put into an .xls or .et: the stream of the workbook is changed, all else is kept."""

from struct import error

from schemas.formats.ole import CompoundFile, DamagedError
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.cells import colour, merged_areas
from warehouse.publish.marks.biff.compound import replaced
from warehouse.publish.marks.biff.drawing import give_up
from warehouse.publish.marks.biff.drawing_group import DrawingGroup, UnusualError
from warehouse.publish.marks.biff.filtering import put_filter
from warehouse.publish.marks.biff.notes import comment
from warehouse.publish.marks.biff.order import put_in_front
from warehouse.publish.marks.biff.records import SheetRecords, Stream, parsed, written
from warehouse.publish.marks.biff.review_sheet import ReviewSheet
from warehouse.publish.marks.biff.strings import Texts, text_cells
from warehouse.publish.marks.biff.styles import PLAIN, Styles
from warehouse.publish.marks.marking import (
    COMMENT_POINTS,
    CannotMark,
    Marking,
    colours_of,
    comments_of,
)
from warehouse.publish.marks.reread import (
    called,
    has_review,
    is_called,
    read,
    refuse_other,
    require_same,
)
from warehouse.publish.marks.review_rows import ReviewRows
from warehouse.publish.marks.review_styles import review_styles
from warehouse.publish.sheets import INK

_WORKBOOK, _OLDER = "workbook", "book"
_REASONS = {
    "_signatures": "it is signed",
    "_xmlsignatures": "it is signed",
    "\x06dataspaces": "it is protected by rights",
    "revision log": "it is shared, and its changes are recorded",
    _OLDER: "it is older than Excel 97, or for older programs, too",
}
_WORKSHEET = 0


def marked(content: bytes, marking: Marking) -> bytes:
    """The workbook with the marks of an earlier night taken out and these put in.

    Raises CannotMark where it is not of Excel 97 to 2003 or .et, is damaged, encrypted, signed or
    shared, has a sheet of the review's name that is not ours, or would read otherwise with the
    marks.
    """
    before = read(content)
    refuse_other(before, marking.review.name)
    try:
        file = CompoundFile(content)
        name = _workbook_stream(file)
        stream = parsed(file.stream(name))
        _mark(stream, marking)
        copy = replaced(content, name, written(stream))
    except (DamagedError, IndexError, error) as damage:
        raise CannotMark(f"it is damaged: {damage}") from damage
    require_same(before, read(copy), marking.review.name)
    return copy


def was_marked(content: bytes, review: str) -> bool:
    """Whether it is a workbook that has a review of that name, which is ours."""
    return has_review(content, review)


def _workbook_stream(file: CompoundFile) -> str:
    """The name of the stream with the workbook. Raises CannotMark as `marked` does."""
    names = {name.casefold(): name for name in file.entries}
    for name, reason in _REASONS.items():
        if name in names:
            raise CannotMark(reason)
    if _WORKBOOK not in names:
        raise CannotMark("it is no workbook")
    return names[_WORKBOOK]


def _mark(stream: Stream, marking: Marking) -> None:
    if any(kind == kinds.FILE_PASS for kind, _ in stream.head):
        raise CannotMark("it is encrypted")
    styles, texts = Styles(stream), Texts(stream)
    drawings = _drawings(stream)
    font = styles.font(marking.font, COMMENT_POINTS, colour=INK)
    for sheet in stream.sheets:
        if _is_worksheet(sheet) and not is_called(sheet.name, marking.review.name):
            here = sheet.name in marking.sheets
            marks = marking.on(sheet.name, merged_areas(sheet)) if here else {}
            colour(sheet, colours_of(marks), styles)
            if drawings is not None:
                comment(sheet, comments_of(marks), drawings, font)
    _put_review(stream, marking, styles, texts, drawings)
    styles.finish()
    texts.finish()
    if drawings is not None:
        drawings.finish()


def _drawings(stream: Stream) -> DrawingGroup | None:
    """What all drawings have in common; None where it is built in a way that is not known."""
    try:
        return DrawingGroup(stream)
    except UnusualError:
        return None


def _put_review(
    stream: Stream,
    marking: Marking,
    styles: Styles,
    texts: Texts,
    drawings: DrawingGroup | None,
) -> None:
    """Put the review in front, instead of the one of an earlier night.

    It has a filter, unless nothing may be drawn in this workbook, as its arrows are.
    """
    names = [sheet.name for sheet in stream.sheets]
    earlier = called(names, marking.review.name)
    if earlier is not None:
        texts.dropped(text_cells(stream.sheets[earlier].records))
        if drawings is not None:
            give_up(stream.sheets[earlier], drawings)
    windows = sum(kind == kinds.WINDOW for kind, _ in stream.head)
    looks = review_styles(styles, marking.font, PLAIN)
    told = ReviewRows(marking.review, looks, frozenset(names))
    sheet = ReviewSheet(told, texts).made(windows)
    put_in_front(stream, sheet, instead_of=earlier)
    if drawings is not None:
        put_filter(stream, sheet, told.filtered, drawings)


def _is_worksheet(sheet: SheetRecords) -> bool:
    return sheet.entry[1] == _WORKSHEET
