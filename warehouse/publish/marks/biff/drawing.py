"""What is drawn on a sheet: its shapes, and the objects that they belong to."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from struct import error, pack, pack_into, unpack_from

from warehouse.publish.marks.biff import escher, kinds
from warehouse.publish.marks.biff.drawing_group import DrawingGroup, UnusualError
from warehouse.publish.marks.biff.flow import Flow
from warehouse.publish.marks.biff.records import Record, SheetRecords

_PATRIARCH, _WITH_ANCHOR = 0x5, 0xA00
_LENGTH = 4  # where in the head of a part its length stands
_FAR_CORNER = 10  # where in an anchor the corner at the right and below stands


@dataclass(frozen=True)
class Sort:
    """A sort of things drawn: its shape with how that looks, and its object with what that has."""

    shape: int
    looks: bytes
    object: int
    options: int
    more: bytes


@dataclass(frozen=True)
class Shape:
    """A shape that an object belongs to: its range of bytes, and the records that stand there."""

    start: int
    end: int
    records: tuple[list[Record], ...]


class Drawing:
    """The drawing of a sheet, a new one where there is none.

    `start` and `end` are where its records stand or are to stand. Raises UnusualError where it is
    not built as drawings usually are.
    """

    def __init__(self, sheet: SheetRecords, behind_cells: int, group: DrawingGroup) -> None:
        self._group, self._flow = group, Flow()
        first = sheet.first(kinds.DRAWING)
        self.start = self.end = behind_cells if first is None else first
        try:
            if first is None:
                self._flow.data += self._frame()
            else:
                self.end = self._flow.read(sheet.records, first)
            if any(n >= self.end and record[0] == kinds.DRAWING for n, record in sheet.own()):
                raise UnusualError
            self._take_apart()
            self.shapes = dict(self._found())
            self._highest = max(self._numbers(), default=0)
        except error as damage:
            raise UnusualError from damage

    def _frame(self) -> bytes:
        """A drawing with nothing but the frame that all shapes are in."""
        number = self._group.new_drawing()
        shape = self._group.new_shape(number)
        frame = escher.container(
            escher.SHAPE,
            escher.atom(escher.FRAME, bytes(16), version=1),
            escher.atom(escher.SHAPE_ID, pack("<2I", shape, _PATRIARCH), version=2),
        )
        count = escher.atom(escher.SHAPE_COUNT, pack("<2I", 1, shape), instance=number)
        return escher.container(escher.DRAWING, count, escher.container(escher.SHAPES, frame))

    def _take_apart(self) -> None:
        data = self._flow.data
        whole = next(escher.parts(data, 0, len(data)), None)
        if whole is None or (whole.kind, whole.end) != (escher.DRAWING, len(data)):
            raise UnusualError
        parts = {part.kind: part for part in escher.parts(data, whole.inside, whole.end)}
        if escher.SHAPE_COUNT not in parts or escher.SHAPES not in parts:
            raise UnusualError
        self._count, self._all = parts[escher.SHAPE_COUNT], parts[escher.SHAPES].start
        self._number = unpack_from("<H", data, self._count.start)[0] >> 4

    def _numbers(self) -> Iterator[int]:
        """The numbers of all objects, of those in groups, too."""
        for _, records in self._flow.stops:
            yield from (
                unpack_from("<H", data, 6)[0] for kind, data in records if kind == kinds.OBJECT
            )

    def _end(self) -> int:
        """Where the shapes end."""
        start = self._all
        return start + escher.HEAD + int(unpack_from("<I", self._flow.data, start + _LENGTH)[0])

    def _found(self) -> list[tuple[int, Shape]]:
        """The shapes with objects, by the numbers of these."""
        found = []
        for part in escher.parts(self._flow.data, self._all + escher.HEAD, self._end()):
            records = tuple(self._flow.within(part.start, part.end))
            if records and records[0][0][0] == kinds.OBJECT:
                number = unpack_from("<H", records[0][0][1], 6)[0]
                found.append((number, Shape(part.start, part.end, records)))
        return found

    def text_of(self, number: int) -> list[Record]:
        """The records of the text of an object, to be changed in place. Raises UnusualError."""
        for records in self.shapes[number].records if number in self.shapes else ():
            if records[0][0] == kinds.OBJECT_TEXT:
                return records
        raise UnusualError

    def enlarge(self, number: int, anchor: bytes) -> None:
        """Let a shape reach as far to the right and down as another anchor does."""
        shape, data = self.shapes[number], self._flow.data
        for part in escher.parts(data, shape.start + escher.HEAD, shape.end):
            if part.kind == escher.ANCHOR and part.end - part.inside == len(anchor):
                place = part.inside + _FAR_CORNER
                old, new = unpack_from("<4H", data, place), unpack_from("<4H", anchor, _FAR_CORNER)
                right, down = max(old[:2], new[:2]), max(old[2:], new[2:])
                pack_into("<4H", data, place, *right, *down)

    def remove(self, numbers: Iterable[int]) -> None:
        """Take objects out, with their shapes."""
        gone = sorted((self.shapes[number] for number in numbers), key=lambda shape: -shape.start)
        for shape in gone:  # the last one first, as those behind it move
            self._resize(-self._flow.cut(shape.start, shape.end), -1, None)
            self._group.dropped()
        self.shapes = dict(self._found())

    def add(self, sort: Sort, anchor: bytes, text: list[Record]) -> int:
        """Add a shape with its object, the number of which it is; without a text it has no box."""
        shape = self._group.new_shape(self._number)
        self._highest += 1
        inside = (
            escher.atom(
                escher.SHAPE_ID, pack("<2I", shape, _WITH_ANCHOR), version=2, instance=sort.shape
            ),
            sort.looks,
            escher.atom(escher.ANCHOR, anchor),
            escher.atom(escher.OBJECT, b""),
        )
        box = escher.atom(escher.TEXT_BOX, b"") if text else b""
        first = escher.container(escher.SHAPE, *inside, box).removesuffix(box)
        record = pack("<5H12x", 0x15, 0x12, sort.object, self._highest, sort.options)
        pieces = [(first, [(kinds.OBJECT, record + sort.more + bytes(4))])]
        pieces += [(box, text)] if text else []
        self._resize(self._flow.put(self._end(), pieces), 1, shape)
        return self._highest

    def _resize(self, length: int, shapes: int, last: int | None) -> None:
        """Count bytes and shapes that came or went; `last` is the number of the newest shape."""
        data = self._flow.data
        for start in (0, self._all):
            (before,) = unpack_from("<I", data, start + _LENGTH)
            pack_into("<I", data, start + _LENGTH, before + length)
        count, newest = unpack_from("<2I", data, self._count.inside)
        newest = newest if last is None else max(newest, last)
        pack_into("<2I", data, self._count.inside, count + shapes, newest)

    def give_up(self) -> None:
        """Give back its number and those of its shapes."""
        (shapes,) = unpack_from("<I", self._flow.data, self._count.inside)
        self._group.given_up(self._number, shapes)

    def records(self) -> list[Record]:
        """The drawing as records, to stand from `start` to `end`."""
        return list(self._flow.records())


def give_up(sheet: SheetRecords, group: DrawingGroup) -> None:
    """Give back the numbers of what is drawn on a sheet that is to be no more.

    Those of a drawing that is not built as usual stay taken, which does no harm.
    """
    if sheet.first(kinds.DRAWING) is not None:
        with suppress(UnusualError):
            Drawing(sheet, 0, group).give_up()
