"""Comments on the cells of a sheet: ours, and ours below those of somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from struct import pack, unpack_from

from schemas.formats.biff_records import text_at
from schemas.grid import OWN_AUTHOR, Place
from warehouse.publish.marks.biff import escher, kinds
from warehouse.publish.marks.biff.boxes import Boxes
from warehouse.publish.marks.biff.cells import COLUMNS, ROWS, behind_cells
from warehouse.publish.marks.biff.drawing import Drawing, Sort
from warehouse.publish.marks.biff.drawing_group import DrawingGroup, UnusualError
from warehouse.publish.marks.biff.note_text import NoteText, new_text
from warehouse.publish.marks.biff.records import Record, SheetRecords
from warehouse.publish.marks.marking import (
    COMMENT_WIDTH,
    LONGEST_AUTHOR,
    comment_height,
    is_ours,
    with_our_author,
    with_ours,
    without_our_author,
    without_ours,
)

_SHARED_BY_NOBODY = pack("<2H22x", 0x0D, 0x16)
_LOOKS = (
    (0x80, 0),
    (0xBF, 0x80008),
    (0x158, 0),
    (0x181, 0x08000050),  # the colour that the system has for hints
    (0x183, 0x08000050),
    (0x1BF, 0x110010),
    (0x201, 0),
    (0x23F, 0x30003),
    (0x3BF, 0xA0002),  # hidden until the cell is pointed at
)
_BOX = Sort(202, escher.options(_LOOKS), 0x19, 0x4011, _SHARED_BY_NOBODY)
"""A box of text that belongs to a cell; it is locked, and is printed as the sheet says."""
_BEFORE_NOTES = (0xED, 0x866)
"""What may stand between a drawing and the comments: what is selected in it, and pictures."""


@dataclass(frozen=True)
class _Note:
    """A comment: its cell, and the object that has its text."""

    place: Place
    options: int
    object: int
    author: str

    @classmethod
    def read(cls, data: bytes) -> "_Note":
        row, column, options, number = unpack_from("<4H", data)
        return cls((row, column), options, number, text_at(data[8:], 2, None))

    @property
    def record(self) -> Record:
        """It as a record."""
        author = self.author[:LONGEST_AUTHOR].encode("utf-16-le")
        data = pack("<4HHB", *self.place, self.options, self.object, len(author) // 2, 1)
        return kinds.NOTE, data + author + b"\0"


def comment(
    sheet: SheetRecords, comments: Mapping[Place, str], group: DrawingGroup, font: int
) -> None:
    """Put comments on cells, below what others wrote there, and take out those of an earlier night.

    `font` is that of ours. A drawing that is built in a way that is not known is left as it is:
    what is to be said stands in the review alone.
    """
    notes = {n: _Note.read(data) for n, (kind, data) in sheet.own() if kind == kinds.NOTE}
    wanted = {p: text for p, text in comments.items() if p[0] < ROWS and p[1] < COLUMNS}
    if wanted or any(is_ours(note.author) for note in notes.values()):
        try:
            drawing = Drawing(sheet, behind_cells(sheet), group)
            texts = {n: NoteText(drawing.text_of(note.object)) for n, note in notes.items()}
            if any(number < drawing.end for number in notes):
                raise UnusualError
        except UnusualError:
            return
        _Comments(sheet, wanted, drawing, font).put(notes, texts)


@dataclass(frozen=True)
class _Comments:
    """Comments to be put on the cells of a sheet."""

    sheet: SheetRecords
    wanted: Mapping[Place, str]
    drawing: Drawing
    font: int

    def put(self, notes: Mapping[int, _Note], texts: Mapping[int, NoteText]) -> None:
        """Put them there."""
        boxes = Boxes(self.sheet)
        changed = {n: self._changed(note, texts[n], boxes) for n, note in notes.items()}
        self.drawing.remove(note.object for n, note in notes.items() if changed[n] is None)
        held = {note.place for note in notes.values()}
        added = [
            self._added(place, text, boxes).record
            for place, text in sorted(self.wanted.items())
            if place not in held
        ]
        new = {n: note.record for n, note in changed.items() if note and note != notes[n]}
        records, drawing = self.sheet.records, self.drawing
        last = max(notes, default=drawing.end - 1) + 1
        while records[last][0] in _BEFORE_NOTES:
            last += 1
        kept = (n for n in range(drawing.end, last) if changed.get(n, True))
        between = [new.get(n, records[n]) for n in kept]
        behind = [*between, *added, *records[last:]]
        self.sheet.records = [*records[: drawing.start], *drawing.records(), *behind]

    def _changed(self, note: _Note, text: NoteText, boxes: Boxes) -> _Note | None:
        """A comment that was there as it is to be now; None where it was ours alone."""
        author, written, ours = note.author, text.text, self.wanted.get(note.place, "")
        if is_ours(author):
            author, written = without_our_author(author), without_ours(written)
            if not written and not ours:
                return None
        elif not ours:
            return note
        text.write(with_ours(written, ours) if ours else written, written, self.font)
        if not ours:
            return replace(note, author=author)
        self.drawing.enlarge(note.object, _anchor(boxes, note.place, text.text))
        return replace(note, author=with_our_author(author) if written else OWN_AUTHOR)

    def _added(self, place: Place, text: str, boxes: Boxes) -> _Note:
        anchor, records = _anchor(boxes, place, text), new_text(text, self.font)
        return _Note(place, 0, self.drawing.add(_BOX, anchor, records), OWN_AUTHOR)


def _anchor(boxes: Boxes, place: Place, text: str) -> bytes:
    return boxes.anchor(place, COMMENT_WIDTH, comment_height(text))
