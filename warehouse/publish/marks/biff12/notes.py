"""Where the comments of a sheet are kept: a part for what they say, a drawing for their boxes."""

from collections.abc import Mapping

from schemas.formats.biff12_records import joined, string_at
from schemas.grid import Place
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.comments import NO_COMMENTS, Comments
from warehouse.publish.marks.biff12.records import edited, spans_of, text
from warehouse.publish.marks.biff12.workbook import RELATIONS, Workbook
from warehouse.publish.marks.marking import COMMENT_WIDTH, comment_height
from warehouse.publish.marks.ooxml import vml
from warehouse.publish.marks.ooxml.workbook import SheetPart

_TYPE = "application/vnd.ms-excel.comments"


class Notes:
    """The comments on a sheet of a workbook, in whose `font` ours are written."""

    def __init__(self, workbook: Workbook, sheet: SheetPart, font: int) -> None:
        self._workbook, self._package, self._sheet = workbook, workbook.package, sheet
        self._font = font
        self._part = self._package.related(sheet.part, "comments")

    def clean(self) -> None:
        """Take ours out; what others wrote above stays, and is theirs alone again."""
        if self._part is None:
            return
        comments = Comments(self._package.read(self._part), self._font)
        if not comments.has_ours():
            return
        gone = comments.clean()
        self._package.write(self._part, comments.part())
        if gone and (drawing := self._drawing()) is not None:
            boxes = vml.without_boxes(self._package.read(drawing), gone)
            self._package.write(drawing, boxes)

    def put(self, texts: Mapping[Place, str]) -> None:
        """Put comments on cells, below those that are there."""
        part = self._part or self._new_part()
        comments = Comments(self._package.read(part), self._font)
        comments.put(texts)
        self._package.write(part, comments.part())
        said, drawing = comments.texts, self._drawing()
        boxed = texts if drawing is not None else said
        drawing = drawing or self._new_drawing()
        heights = {place: comment_height(said[place]) for place in boxed}
        boxes = vml.with_boxes(self._package.read(drawing), COMMENT_WIDTH, heights)
        self._package.write(drawing, boxes)

    def _new_part(self) -> str:
        part = self._package.free("xl/comments{}.bin")
        self._package.add(part, NO_COMMENTS, _TYPE)
        self._package.relate(self._sheet.part, f"{RELATIONS}/comments", part)
        return part

    def _drawing(self) -> str | None:
        """The drawing in which the boxes lie, with controls if the sheet has any."""
        parts = {each.id: each.target for each in self._package.relations(self._sheet.part)}
        sheet = self._package.read(self._sheet.part)
        for kind, _, begin, end in spans_of(sheet):
            if kind == kinds.DRAWING_OF_NOTES:
                return parts.get(string_at(sheet[begin:end], 0)[0])
        return None

    def _new_drawing(self) -> str:
        part = self._package.free("xl/drawings/vmlDrawing{}.vml")
        self._package.add(part, vml.NO_SHAPES, vml.CONTENT_TYPE)
        key = self._package.relate(self._sheet.part, f"{RELATIONS}/vmlDrawing", part)
        sheet = self._package.read(self._sheet.part)
        place = _place_of_drawing(sheet)
        told = joined([(kinds.DRAWING_OF_NOTES, text(key))])
        self._workbook.rewrite(self._sheet, edited(sheet, [(place, place, told)]))
        return part


def _place_of_drawing(sheet: bytes) -> int:
    """Where the reference to the drawing of comments stands in a sheet.

    That is behind the last record that may stand in front of it. What only some programs
    understand is enclosed by records of its own, and stands anywhere.
    """
    place = depth = 0
    for kind, _, _, end in spans_of(sheet):
        depth += kind in (kinds.FUTURE, kinds.ALTERNATIVE)
        if not depth and kind not in kinds.BEHIND_DRAWING:
            place = end
        depth -= kind in (kinds.FUTURE_END, kinds.ALTERNATIVE_END)
    return place
