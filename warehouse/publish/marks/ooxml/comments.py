"""The comments on a sheet: ours come below what others wrote, and go again."""

from collections.abc import Mapping

from lxml import etree

from schemas.formats.markup import text_of
from schemas.grid import OWN_AUTHOR, OWN_RULE, Place
from schemas.layout import address
from warehouse.publish.marks.marking import (
    COMMENT_WIDTH,
    CannotMark,
    comment_height,
    is_ours,
    with_our_author,
    with_ours,
    without_our_author,
)
from warehouse.publish.marks.ooxml import vml
from warehouse.publish.marks.ooxml.cells import place_of
from warehouse.publish.marks.ooxml.elements import Maker, remove
from warehouse.publish.marks.ooxml.review import PRESERVE, escaped
from warehouse.publish.marks.ooxml.workbook import SheetPart, Workbook

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_NO_COMMENTS = '<comments xmlns="{}"><authors/><commentList/></comments>'
_THREAD = "tc="
"""How the author begins of a comment that stands for a conversation."""
_BEHIND_DRAWING = {
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst", "AlternateContent"),
}
"""What may stand in a worksheet behind the reference to the drawing of its comments."""


class Comments:
    """The comments on a sheet of a workbook, in whose `font` ours are written."""

    def __init__(self, workbook: Workbook, sheet: SheetPart, font: str) -> None:
        self._workbook, self._sheet, self._font = workbook, sheet, font
        self._package = workbook.package
        self._make = Maker(workbook.main)
        self._space = self._make.space
        self._part = self._package.related(sheet.part, "comments")

    def clean(self) -> None:
        """Take ours out; what others wrote above stays, and is theirs alone again."""
        if self._part is None or not self._has_ours(self._part):
            return
        root = self._package.edit(self._part)
        authors = self._authors(root)
        gone: list[Place] = []
        for comment in list(root.iter(f"{self._space}comment")):
            author = authors[int(comment.get("authorId", "0"))]
            if author == OWN_AUTHOR and OWN_RULE not in text_of(comment):
                gone.append(place_of(comment.get("ref", "")))
                remove(comment)
                continue
            self._cut(comment)
            if is_ours(author):
                comment.set("authorId", self._author(root, without_our_author(author)))
        if gone and (drawing := self._drawing()) is not None:
            boxes = vml.without_boxes(self._package.read(drawing), frozenset(gone))
            self._package.write(drawing, boxes)

    def _has_ours(self, part: str) -> bool:
        """Whether there is anything of ours; in a conversation it has another author."""
        authors = self._authors(self._package.look(part))
        return any(map(is_ours, authors)) or OWN_RULE.encode() in self._package.read(part)

    def put(self, texts: Mapping[Place, str]) -> None:
        """Put comments on cells, below those that are there."""
        root = self._package.edit(self._part or self._new_part())
        comments = {
            place_of(each.get("ref", "")): each for each in root.iter(f"{self._space}comment")
        }
        for place, text in texts.items():
            if place not in comments:
                comments[place] = self._new(root, place)
            self._append(root, comments[place], text)
        drawing = self._drawing()
        boxed = texts if drawing is not None else comments
        drawing = drawing or self._new_drawing()
        heights = {place: comment_height(text_of(comments[place])) for place in boxed}
        boxes = vml.with_boxes(self._package.read(drawing), COMMENT_WIDTH, heights)
        self._package.write(drawing, boxes)

    def _append(self, root: etree._Element, comment: etree._Element, text: str) -> None:
        """Put a text below what a comment says, as a run of its own."""
        body = comment[0]
        if (plain := body.find(f"{self._space}t")) is not None:
            run = self._make("r")
            body.replace(plain, run)
            run.append(plain)
        written = text_of(body)
        below = with_ours(written, text).removeprefix(written)
        told = self._make.saying("t", escaped(below), **PRESERVE)
        look = self._make("rPr", self._make("sz", val="9"), self._make("rFont", val=self._font))
        runs = body.findall(f"{self._space}r")
        body.insert(body.index(runs[-1]) + 1 if runs else 0, self._make("r", look, told))
        author = self._authors(root)[int(comment.get("authorId", "0"))] if written else ""
        if not author.startswith(_THREAD):
            comment.set("authorId", self._author(root, with_our_author(author)))

    def _cut(self, comment: etree._Element) -> None:
        """Take ours from below what others wrote."""
        below = False
        for text in list(comment.iter(f"{self._space}t")):
            written, rule, _ = (text.text or "").partition(OWN_RULE)
            below = below or bool(rule)
            if not below:
                continue
            text.text = written.rstrip() if rule else ""
            run = text.getparent()
            if not text.text and run is not None and run.tag == f"{self._space}r":
                remove(run)

    def _new(self, root: etree._Element, place: Place) -> etree._Element:
        comment = self._make("comment", self._make("text"), ref=address(*place), authorId="0")
        self._list(root, "commentList").append(comment)
        return comment

    def _list(self, root: etree._Element, name: str) -> etree._Element:
        found = root.find(f"{self._space}{name}")
        if found is None:
            raise CannotMark("the comments of a sheet are damaged")
        return found

    def _authors(self, root: etree._Element) -> list[str]:
        return [each.text or "" for each in root.iterfind(f"{self._space}authors/*")]

    def _author(self, root: etree._Element, name: str) -> str:
        """The number of an author, who is added where he is new."""
        authors = self._authors(root)
        if name not in authors:
            self._list(root, "authors").append(self._make.saying("author", name))
        return str(authors.index(name) if name in authors else len(authors))

    def _new_part(self) -> str:
        part = self._package.free("xl/comments{}.xml")
        self._package.add(part, _NO_COMMENTS.format(self._workbook.main).encode(), _TYPE)
        self._package.relate(self._sheet.part, f"{self._workbook.relations}/comments", part)
        return part

    def _drawing(self) -> str | None:
        """The drawing in which the boxes lie, with controls if the sheet has any."""
        told = self._package.look(self._sheet.part).find(f"{self._space}legacyDrawing")
        key = None if told is None else told.get(f"{{{self._workbook.relations}}}id")
        found = (e.target for e in self._package.relations(self._sheet.part) if e.id == key)
        return next(found, None)

    def _new_drawing(self) -> str:
        part = self._package.free("xl/drawings/vmlDrawing{}.vml")
        self._package.add(part, vml.NO_SHAPES, vml.CONTENT_TYPE)
        kind = f"{self._workbook.relations}/vmlDrawing"
        key = self._package.relate(self._sheet.part, kind, part)
        sheet = self._package.edit(self._sheet.part)
        told = self._make("legacyDrawing", **{f"{{{self._workbook.relations}}}id": key})
        behind = (each for each in sheet if etree.QName(each).localname in _BEHIND_DRAWING)
        if (next_one := next(behind, None)) is not None:
            next_one.addprevious(told)
        else:
            sheet.append(told)
        return part
