"""The marks put into an .xlsb: only the parts that must change do."""

from collections.abc import Set
from struct import error

from warehouse.publish.marks.biff12.cells import PLAIN, merged_areas, restyled
from warehouse.publish.marks.biff12.notes import Notes
from warehouse.publish.marks.biff12.review_sheet import ReviewSheet
from warehouse.publish.marks.biff12.strings import Texts
from warehouse.publish.marks.biff12.styles import Styles
from warehouse.publish.marks.biff12.workbook import Workbook
from warehouse.publish.marks.marking import (
    COMMENT_POINTS,
    CannotMark,
    Marking,
    colours_of,
    comments_of,
)
from warehouse.publish.marks.ooxml.package import Package
from warehouse.publish.marks.ooxml.threads import Threads
from warehouse.publish.marks.ooxml.workbook import SheetPart
from warehouse.publish.marks.reread import has_review, is_called, read, refuse_other, require_same
from warehouse.publish.marks.review_rows import ReviewRows
from warehouse.publish.marks.review_styles import review_styles
from warehouse.publish.sheets import INK


def marked(content: bytes, marking: Marking) -> bytes:
    """The workbook with the marks of an earlier night taken out and these put in.

    Raises CannotMark where it is no workbook of this kind, is damaged, encrypted, signed or shared,
    lacks styles or has too many, has a sheet of the review's name that is not ours, or would read
    otherwise with the marks.
    """
    before = read(content)
    refuse_other(before, marking.review.name)
    try:
        copy = _marked(Workbook(Package(content)), marking)
    except (IndexError, UnicodeDecodeError, error) as damage:
        raise CannotMark(f"it is damaged: {damage}") from damage
    require_same(before, read(copy), marking.review.name)
    return copy


def was_marked(content: bytes, review: str) -> bool:
    """Whether it is a workbook that has a review of that name, which is ours."""
    return has_review(content, review)


def _marked(workbook: Workbook, marking: Marking) -> bytes:
    package, name = workbook.package, marking.review.name
    looks = workbook.related("styles")
    if looks is None:
        raise CannotMark("it has no styles")
    styles = Styles(package.read(looks))
    font = styles.font(marking.font, COMMENT_POINTS, colour=INK)
    workbook.deselect()
    sheets = [s for s in workbook.sheets if s.kind == "worksheet" and not is_called(s.name, name)]
    for sheet in sheets:
        _mark(workbook, sheet, marking, styles, font)
    _put_review(workbook, marking, styles, frozenset(sheet.name for sheet in sheets))
    package.write(looks, styles.part())
    return package.saved()


def _put_review(workbook: Workbook, marking: Marking, styles: Styles, names: Set[str]) -> None:
    """Put the review in front, instead of the one of an earlier night."""
    package, listed = workbook.package, workbook.texts()
    texts = Texts(package.read(listed))
    for sheet in workbook.sheets:
        if is_called(sheet.name, marking.review.name):
            texts.dropped(package.read(sheet.part))
    told = ReviewRows(marking.review, review_styles(styles, marking.font, PLAIN), names)
    review = ReviewSheet(told, texts)
    workbook.put_in_front(marking.review.name, review.part(), told.filtered)
    package.write(listed, texts.part())


def _mark(
    workbook: Workbook, sheet: SheetPart, marking: Marking, styles: Styles, font: int
) -> None:
    """Take the comments of an earlier night from a sheet, and put marks on its cells."""
    notes = Notes(workbook, sheet, font)
    threads = Threads(workbook.package, workbook.related("person"), sheet.part)
    notes.clean()
    threads.clean()
    if sheet.name not in marking.sheets:
        return
    part = workbook.package.read(sheet.part)
    marks = marking.on(sheet.name, merged_areas(part))
    if colours := colours_of(marks):
        other = restyled(part, colours, lambda style, at: styles.coloured(style, colours[at]))
        workbook.rewrite(sheet, other)
    if texts := comments_of(marks):
        notes.put(texts)
        threads.put(texts, marking.at)
